//! Downloads from a server on this machine that misbehaves.
#![allow(clippy::unwrap_used, reason = "test code")]

mod faults;
mod server;
mod wheels;
mod world;
