//! Stand-ins for the world, over real HTTP on loopback: a fake HubSpot portal that keeps state and
//! refuses what HubSpot refuses, a webhook receiver, and a script of faults.
//!
//! The portal follows HubSpot's public documentation of API version `2026-09` and answers seen
//! from live accounts. Where neither says what happens, the doc comment of the setting says so.
//!
//! ```no_run
//! # async fn demo() -> Result<(), confee_sandbox::SandboxError> {
//! use confee_sandbox::{Fault, FaultPlan, Matcher, Sandbox, SandboxConfig, When};
//!
//! let sandbox = Sandbox::start(SandboxConfig::default()).await?;
//! let create = Matcher::new("POST", "/contacts");
//! sandbox.set_faults(FaultPlan::one(create, When::Next(1), Fault::DropAfterApply));
//! // ... let the client under test talk to sandbox.hubspot_url() ...
//! assert!(sandbox.state().portal.duplicates.is_empty());
//! sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! For tests in other languages the same is there over HTTP, without a token:
//!
//! | Request | Body | Answer |
//! |---|---|---|
//! | `GET /_sandbox/state` | | [`PortalState`] |
//! | `POST /_sandbox/faults` | [`FaultPlan`] | 204 |
//! | `DELETE /_sandbox/faults` | | 204 |
//! | `POST /_sandbox/rules` | [`AdminRule`] | 204, or 422 where it changes nothing |
//! | `POST /_sandbox/webhooks/{name}` | [`WebhookAnswer`] | 204 |
//! | `DELETE /_sandbox/webhooks/{name}` | | 204 |
//! | `POST /_sandbox/reset` | | 204 |

pub mod config;
pub mod errors;
pub mod faults;
pub mod portal;
mod routes;
mod sandbox;
mod server;
pub mod webhook;
mod world;

pub use config::{Clock, ManualClock, SandboxConfig};
pub use faults::{Fault, FaultPlan, FaultRule, Matcher, RandomFaults, RetryAfter, When};
pub use portal::associations::Link;
pub use portal::limits::RateLimits;
pub use portal::rules::AdminRule;
pub use portal::snapshot::{Duplicate, PortalContent, StoredObject};
pub use portal::{ObjectType, PortalSettings};
pub use sandbox::{BlockingSandbox, Sandbox, SandboxError};
pub use webhook::{Delivery, Signature, WebhookAnswer, WebhookEvent, WebhookState};
pub use world::{PortalState, RequestRecord, RequestTotals};
