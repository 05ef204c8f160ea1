//! Model files: what they hold, where they come from, whether they can be trusted. Nothing of a
//! file reaches an engine before it was checked here.

pub mod download;
mod error;
pub mod ggml;
mod hash;
pub mod import;
pub mod library;
pub mod manifest;
pub mod recommend;

pub use error::ModelError;
pub use library::{Installed, Library};
pub use manifest::{Manifest, ModelEntry};
