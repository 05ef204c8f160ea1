//! The file format that whisper.cpp reads: header, mel filters, vocabulary, tensors.
//!
//! All numbers are little-endian. Source: whisper.cpp, `whisper_model_load` and
//! `models/convert-pt-to-ggml.py`.

mod contents;
mod error;
pub(crate) mod floats;
mod mel;
mod quantize;
mod random;
mod read;
pub(crate) mod reader;
mod requantize;
mod shape;
mod slots;
mod tensor;
mod verify;
mod write;

pub use contents::Contents;
pub use error::{GgmlError, WriteError};
pub use random::{random_model, write_random};
pub use read::WhisperFile;
pub use requantize::requantize;
pub use shape::{MelFilters, WhisperShape};
pub use slots::Slot;
pub use tensor::{Tensor, TensorKind};
pub(crate) use write::length;
pub use write::{Head, Weights, write};
