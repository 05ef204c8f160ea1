//! Downloads from a server on this machine that misbehaves.

mod faults;
mod server;
mod wheels;
mod world;
