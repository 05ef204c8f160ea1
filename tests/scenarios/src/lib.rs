//! What scenarios across crates share: talks, an engine with a sandbox CRM and a clock that is
//! moved by hand, and the check that everything arrived exactly once.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

pub mod crm;
pub mod memory;
pub mod rig;
pub mod talks;

pub use rig::{HandClock, Rig};
