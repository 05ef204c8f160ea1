//! Audio badges over BLE: wire formats, connection, custody of audio. State machines without IO:
//! events of a radio and the time go in, commands for the radio and frames come out. Radios stand
//! behind [`Link`].

#[cfg(feature = "btleplug")]
mod btle;
mod event;
mod link;
mod received;
mod session;

#[cfg(feature = "btleplug")]
pub use btle::{BtleError, BtleLink, Timeouts};
pub use event::{
    Backlog, BadgeEvent, BadgeIdentity, Counters, Diagnostics, DialectName, FoundBadge,
};
pub use link::{AdapterState, Link, LinkCommand, LinkEvent, LinkFault, LinkSink};
pub use received::Received;
pub use session::Intake;
