//! What scenarios across crates share: talks, an engine with a sandbox CRM and a clock that is
//! moved by hand, the check that everything arrived exactly once, and a booth with a simulated badge.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

pub mod booth;
pub mod crm;
pub mod memory;
pub mod phone;
pub mod rig;
pub mod story;
pub mod talks;

pub use rig::{HandClock, Rig};
