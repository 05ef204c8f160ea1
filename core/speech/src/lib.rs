//! From sound to words, on the device. An [`Engine`] turns up to 30 s of sound into words; what is
//! around it cuts a talk into utterances, keeps invented text out and says how sure each word is.
//!
//! All sound is 16 kHz `f32` in -1.0..=1.0, one channel.

pub mod candle;
mod confidence;
mod engine;
mod error;
pub mod filter;
pub mod host;
mod measure;
pub mod mel;
pub mod policy;
mod prompt;
pub mod stream;
pub mod vocabulary;
#[cfg(feature = "whisper-cpp")]
pub mod whisper_cpp;
mod words;

pub use confidence::{WordSigns, word_confidence};
pub use engine::{Ask, Engine, EngineFacts, EngineKind, Heard, HeardWord, Stop};
pub use error::SpeechError;
pub use measure::Measured;
pub use prompt::{PromptBook, estimate_tokens};

/// Samples a second.
pub const RATE: usize = 16_000;
/// Samples that an engine takes at a time: 30 s.
pub const WINDOW: usize = 30 * RATE;
