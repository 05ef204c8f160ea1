//! Audio badges over BLE: wire formats, connection, custody of audio. State machines without IO:
//! events of a radio and the time go in, commands for the radio and frames come out. Radios stand
//! behind [`Link`].

#[cfg(feature = "btleplug")]
mod btle;
mod client;
mod clock;
pub mod confee;
mod event;
mod gatt;
mod link;
mod merge;
pub mod omi;
mod received;
mod session;
#[cfg(feature = "simulated")]
pub mod simulated;
mod text;
mod wire;

#[cfg(feature = "btleplug")]
pub use btle::{BtleError, BtleLink, BtleTimeouts};
pub use client::{
    BadgeClient, Checkpoint, ClientConfig, KnownBadge, Now, ReconnectPolicy, Timeouts,
};
pub use clock::{ClockPair, wall_clock};
pub use confee_domain::{BadgeIdentity, DialectName, FoundBadge};
pub use event::{Backlog, BadgeEvent, Counters, Diagnostics};
pub use link::{AdapterState, Link, LinkCommand, LinkEvent, LinkFault, LinkSink};
pub use merge::{MergePolicy, Merged, Merger};
pub use received::Received;
pub use session::Intake;

#[cfg(feature = "uniffi")]
mod ffi;
#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!();
