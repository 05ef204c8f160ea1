//! The sandbox as its users meet it: the portal directly, and everything else over HTTP.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod common;
mod faults;
mod http;
mod portal_batch;
mod portal_objects;
mod portal_search;
mod portal_values;
mod server;
mod webhooks;
