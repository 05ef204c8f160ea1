//! Model files: what they hold, where they come from, whether they can be trusted. Nothing of a
//! file reaches an engine before it was checked here.

pub mod ggml;
pub mod import;
