//! The radio over btleplug, with its real Linux side, against the fake daemon.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests are tests")]

mod badge;
mod client;
mod faults;
mod links;
mod program;
mod rig;
mod values;
