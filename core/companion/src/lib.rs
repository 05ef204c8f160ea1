//! The engine: wires extraction, store and sync, and owns the runtime they run on.
//!
//! Open a [`Companion`] over a folder, add conversations, observe the drafts, review them, tell
//! it about the network, and approved leads reach the connected CRMs. Every call may be made from
//! any thread and any async executor; work runs on the engine's own runtime. Call
//! [`Companion::shutdown`] before the process lets go of it.

mod capture;
mod capture_calls;
mod clock;
mod config;
mod desk;
mod engine;
mod error;
mod events;
mod journal;
mod mono;
mod parse;
pub mod speech;
mod speech_calls;
mod sync_calls;
mod syncer;

pub use capture::{CaptureConfig, Reading, Recogniser, RecordingAudio, started_at};
pub use clock::{Clock, SystemClock};
pub use config::{Config, Connection, ConnectionKind};
pub use engine::Companion;
pub use error::{CompanionError, Result};
pub use events::Subscription;
pub use syncer::{SyncOutcome, SyncRun};

/// Decoding, voice activity, quality, two microphones.
pub use confee_audio as audio;
/// The badge: links, the protocol's client, who a badge is.
pub use confee_badge as badge;
/// The grammars that turn words into values, for tools that need no engine.
pub use confee_extract::normalize;
pub use confee_extract::{Extractor, Sources};
/// Model files: reading, writing, converting.
pub use confee_models as models;
/// Engines, transcribing, filters.
pub use confee_speech as recognition;
pub use confee_sync::{
    CrashPoint, HubSpotConfig, Network, NoProbe, Probe, Secret, StaticTokens, SyncPolicy,
    TokenError, TokenProvider, WebhookConfig,
};
pub use confee_tagger::LearnedTagger;
