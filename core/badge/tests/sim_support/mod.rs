//! Shared by the tests on the simulated badge.
#![allow(dead_code)]

pub mod script;
