//! The audio log on a disk that fails, on a real one, and under kill.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod crash;
mod damage;
mod fault_disk;
mod kill;
mod spool;
mod support;
mod talks;
mod world;
