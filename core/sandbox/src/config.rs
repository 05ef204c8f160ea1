//! How a sandbox is set up, and its clock.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::SystemTime;

use chrono::{DateTime, Utc};

use crate::faults::FaultPlan;
use crate::portal::PortalSettings;
use crate::portal::limits::RateLimits;

/// Where the sandbox takes the time from.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that a test moves.
    Manual(ManualClock),
}

impl Clock {
    /// The time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => SystemTime::now().into(),
            Self::Manual(clock) => clock.now(),
        }
    }
}

/// A clock that stands still until it is moved; clones share it.
#[derive(Debug, Clone, Default)]
pub struct ManualClock {
    millis: Arc<AtomicI64>,
}

impl ManualClock {
    /// A clock that shows `start`.
    #[must_use]
    pub fn new(start: DateTime<Utc>) -> Self {
        Self { millis: Arc::new(AtomicI64::new(start.timestamp_millis())) }
    }

    /// The time it shows.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.millis.load(Ordering::SeqCst)).unwrap_or_default()
    }

    /// Moves it forward.
    pub fn advance_ms(&self, by: i64) {
        self.millis.fetch_add(by, Ordering::SeqCst);
    }
}

/// How a sandbox is set up.
#[derive(Clone)]
pub struct SandboxConfig {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The bearer token the portal knows.
    pub token: String,
    /// How the portal behaves.
    pub portal: PortalSettings,
    /// Request limits.
    pub limits: RateLimits,
    /// Names of `hasUniqueValue` text properties that every object type has from the start.
    pub unique_properties: Vec<String>,
    /// Standard Webhooks secret (`whsec_...`) that deliveries are checked against.
    pub webhook_secret: Option<String>,
    /// Deliveries kept per receiver; older ones are forgotten, counters are not.
    pub webhook_deliveries_max: usize,
    /// Requests kept in the log; older ones are forgotten, counters are not.
    pub request_log_max: usize,
    /// What goes wrong.
    pub faults: FaultPlan,
    /// Where the time comes from.
    pub clock: Clock,
}

/// Shows neither token nor secret.
impl fmt::Debug for SandboxConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxConfig")
            .field("port", &self.port)
            .field("portal", &self.portal)
            .field("limits", &self.limits)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            port: 0,
            token: "sandbox-token".into(),
            portal: PortalSettings::default(),
            limits: RateLimits::default(),
            unique_properties: Vec::new(),
            webhook_secret: None,
            webhook_deliveries_max: 20_000,
            request_log_max: 1_000,
            faults: FaultPlan::default(),
            clock: Clock::System,
        }
    }
}
