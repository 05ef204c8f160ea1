//! Simulated radio and badges on a virtual clock, for tests and the demo. The badges are models of
//! firmware: [`ConfeeBadge`] follows `docs/badge-protocol.md` to the letter, [`OmiBadge`]
//! behaves as Omi devices were seen to.
//!
//! A badge is shared between the radio that carries it and the test that looks at it
//! ([`shared`]); let its lock go before the radio moves on.

mod air;
mod confee;
mod connection;
mod ledger;
mod mischief;
mod omi;
mod oscillator;
mod peripheral;
mod plan;
mod radio;
mod ring;
mod source;

pub use confee::{ConfeeBadge, ConfeeConfig, Happening};
pub use ledger::{Ledger, Numbers};
pub use mischief::Mischief;
pub use omi::{OmiBadge, OmiConfig};
pub use peripheral::{Characteristic, Peripheral, Shared, shared};
pub use plan::{AirPlan, LinkDrop};
pub use radio::{Radio, Traffic};
pub use source::{FrameSource, LabelledFrames, LoopingFrames};
