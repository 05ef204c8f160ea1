//! The engine for Swift, Kotlin and Python. Thin: every method delegates in a line or two, and all
//! plain data comes from `confee-domain`.

mod connections;
mod conversation;
mod engine;
mod error;
mod logging;

pub use connections::{HubSpotAccount, TokenSource, TokenUnavailable, WebhookTarget};
pub use conversation::Conversation;
pub use engine::{
    ConfeeEngine, EngineConfig, EventObserver, EventSubscription, SyncReport, SyncTask,
};
pub use error::ConfeeError;
pub use logging::{LogSink, init_logging};

uniffi::setup_scaffolding!();
