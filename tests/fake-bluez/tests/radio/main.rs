//! The radio over btleplug, with its real Linux side, against the fake daemon.

#![cfg(target_os = "linux")]

mod badge;
mod client;
mod faults;
mod links;
mod rig;
mod values;
