//! Downloads from a server on this machine that misbehaves.
#![allow(clippy::unwrap_used)]

mod faults;
mod server;
mod wheels;
mod world;
