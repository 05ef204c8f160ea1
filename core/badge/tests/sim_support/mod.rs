//! Shared by the tests on the simulated badge.
// Each test crate uses a part of it; clippy takes helpers of tests for code.
#![allow(dead_code, unreachable_pub)]
#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::single_range_in_vec_init)]

pub mod phone;
pub mod script;
pub mod world;
