//! sync

mod connector;
#[cfg(feature = "http")]
mod driver;
mod hubspot;
mod journal;
mod machine;
mod memory;
mod policy;
mod probe;
mod request;
mod retry;
mod secret;
mod webhook;

pub use connector::{Connector, PrepareError, Recovery, Verdict};
#[cfg(feature = "http")]
pub use driver::{Clock, DriverError, HttpDriver, Report};
pub use hubspot::{API_VERSION, HubSpot, HubSpotConfig, HubSpotError};
pub use journal::{Journal, JournalError};
pub use machine::{Outbox, Outcome, STUCK_AFTER_MS, stuck_since};
pub use memory::MemoryJournal;
pub use policy::{Network, SyncPolicy};
pub use probe::{CrashPoint, NoProbe, Probe};
pub use request::{Method, PreparedRequest, Request, Response, Ticket, TransportError};
pub use secret::{Secret, StaticTokens, TokenError, TokenProvider};
pub use webhook::{WEBHOOK_SCHEMA_VERSION, Webhook, WebhookConfig, WebhookError};
