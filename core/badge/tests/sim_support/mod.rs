//! Shared by the tests on the simulated badge.
#![allow(dead_code)]

pub mod phone;
pub mod script;
pub mod world;
