use std::path::PathBuf;
use std::sync::Arc;

use confee_sync::{HubSpotConfig, NoProbe, Probe, SyncPolicy, TokenProvider, WebhookConfig};

use crate::capture::CaptureConfig;
use crate::clock::{Clock, SystemClock};
use crate::speech::SpeechConfig;

/// How an engine is opened.
#[derive(Clone)]
pub struct Config {
    /// Folder of the database; made where it is missing. One engine at a time.
    pub data_dir: PathBuf,
    /// ISO 4217 code for amounts said without a currency: the event's or the device's.
    pub default_currency: Option<String>,
    /// What networks the user allows.
    pub policy: SyncPolicy,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How conversations are cut from a badge's audio.
    pub capture: CaptureConfig,
    /// How speech is turned into text.
    pub speech: SpeechConfig,
    /// Drives the jitter of retries.
    pub seed: u64,
    /// Called at the places where a process may die; for the kill test.
    pub probe: Arc<dyn Probe>,
}

impl Config {
    /// The usual engine over a folder.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            default_currency: None,
            policy: SyncPolicy::default(),
            clock: Arc::new(SystemClock),
            capture: CaptureConfig::default(),
            speech: SpeechConfig::default(),
            seed: fastrand::u64(..),
            probe: Arc::new(NoProbe),
        }
    }
}

/// One CRM or webhook, with where its credentials come from.
#[derive(Clone)]
pub struct Connection {
    /// What it is.
    pub kind: ConnectionKind,
    /// Hands out its credentials; they are never stored by the engine.
    pub tokens: Arc<dyn TokenProvider>,
}

/// What a connection leads to.
#[derive(Clone)]
pub enum ConnectionKind {
    /// A HubSpot account.
    HubSpot(HubSpotConfig),
    /// An endpoint of the customer's own, Make or Zapier.
    Webhook(WebhookConfig),
}
