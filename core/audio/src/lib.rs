//! From a badge's coded frames to PCM that a recogniser can use, and an honest word on how good it
//! is. Pure computation: samples in, samples and numbers out; no IO, no clock, no threads.
//!
//! All PCM is 16 kHz `f32` in -1.0..=1.0 unless a docstring says otherwise.

pub mod array;
pub mod decode;
pub mod file;
pub mod quality;
pub mod speaker;
pub mod voice;
