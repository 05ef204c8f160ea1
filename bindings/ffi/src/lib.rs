//! The engine for Swift, Kotlin and Python. Thin: every method delegates in a line or two, and all
//! plain data comes from `confee-domain`.

mod capture;
mod connections;
mod conversation;
mod engine;
mod error;
mod logging;
mod radio;
mod speech;

pub use connections::{HubSpotAccount, TokenSource, TokenUnavailable, WebhookTarget};
pub use conversation::Conversation;
pub use engine::{
    ConfeeEngine, EngineConfig, EventObserver, EventSubscription, SyncReport, SyncTask,
};
pub use error::ConfeeError;
pub use logging::{LogSink, init_logging};
pub use radio::{BadgeRadio, RadioEvents, fault_of_android_gatt, fault_of_core_bluetooth};
pub use speech::{
    PhoneState, RecognisedWord, RecogniserError, SpeechEngine, SpeechRecogniser, SpeechSettings,
};

uniffi::setup_scaffolding!();
