//! Simulated radio and badges on a virtual clock, for tests and the demo. The badges are models of
//! firmware: [`ConfeeBadge`] follows `docs/badge-protocol.md` to the letter.

mod air;
mod connection;
mod peripheral;
mod plan;
mod radio;

pub use peripheral::{Characteristic, Peripheral, Shared, shared};
pub use plan::{AirPlan, LinkDrop};
pub use radio::{Radio, Traffic};
