//! Brings approved leads into CRMs and to webhooks, exactly once, over bad networks and process
//! deaths.
//!
//! A [`Connector`] turns an approved lead into ops, one for each remote effect: a company, a
//! contact, a deal, a note, a task, each link between them, or a webhook event. The [`Journal`]
//! keeps the ops. The [`Outbox`] is a sans-IO state machine over both: it hands out
//! [`PreparedRequest`]s and takes [`Response`]s or [`TransportError`]s, with the time and the
//! network given by the caller. Whoever has a socket may send a request, even from a file by the
//! system, and hand the answer in later, in another process. The HTTP driver (feature `http`) is
//! one such sender.
//!
//! # States
//!
//! `pending` → `sending` → `done`, or
//!
//! - `retry_wait`: certainly not applied, tried again later, without end while it may pass by
//!   itself; [`stuck_since`] tells after a day of it.
//! - `unknown`: it may have been applied. `sending` becomes `unknown` at start. What the remote
//!   applies once anyway is sent again; all else is read back first, then done or sent again.
//! - `needs_fix`: a person has to mend something; the problem says what in plain words.
//! - `blocked_parent`: a parent needs a fix; free again when the parent is.
//!
//! # Rules
//!
//! - `sending` is stored before a byte leaves. An outcome counts once, for the attempt on its
//!   [`Ticket`]; late and doubled ones are ignored.
//! - Each op has a key made of the lead's id and its kind, the same for ever. HubSpot stores it in
//!   a unique property and upserts by it; webhooks carry it as `webhook-id`.
//! - Within a connection, a lead has one request under way, parents before children. Leads do not
//!   wait for each other.
//! - Backoff is exponential from 2 s to 15 min with full jitter; a longer wait that the server asks
//!   for wins. A date is read against the server's own clock.
//! - Five failures in a row of a connection open its breaker; then one probe at a time. A daily
//!   limit opens it at once, until the account's midnight.
//! - A refused sign-in pauses the connection and touches no lead;
//!   [`Outbox::credentials_changed`] lets it go on.
//! - An edit while its older version is under way is sent afterwards: an answer to version n never
//!   marks n + 1 as done.
//! - People and firms that the CRM knows already are adopted; only their empty properties are
//!   filled.
//! - Wi-Fi only by default, asked before every request; the system's data saver is heeded.
//! - Credentials come from a [`TokenProvider`], never from the journal. `Debug` of anything here
//!   shows neither credentials nor addresses nor the lead's data.

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
