//! The file format that whisper.cpp reads: header, mel filters, vocabulary, tensors.
//!
//! All numbers are little-endian. Source: whisper.cpp, `whisper_model_load` and
//! `models/convert-pt-to-ggml.py`.

mod error;
mod read;
mod shape;
mod tensor;

pub use error::GgmlError;
pub use read::WhisperFile;
pub use shape::{MelFilters, WhisperShape};
pub use tensor::{Tensor, TensorKind};
