//! Coded frames to PCM: decoding, error correction, concealment, resampling.
//!
//! [`Timeline`] turns the frames of one stream into PCM without holes; [`Decoder`] is what it
//! decodes with; [`Resampler`] changes rates of sound that does not come from a badge.

mod conceal;
mod decoder;
mod error;
mod gap;
mod opus;
mod pcm;
mod pcm16;
mod resample;
mod timeline;

pub use decoder::Decoder;
pub use error::DecodeError;
pub use pcm::{Origin, Pcm};
pub use resample::{ResampleError, Resampler};
pub use timeline::{Chunk, Counts, Timeline};
