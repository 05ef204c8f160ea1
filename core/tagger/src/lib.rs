//! A small encoder that labels a talk: who is who, which money, which time, what hurts, what comes
//! next. Made by `models/training`; read here with candle, in any number of threads with the same
//! result.

mod decode;
mod error;
mod file;
mod labels;
mod network;
mod tagger;
mod tokens;
mod windows;

pub use error::TaggerError;
pub use tagger::LearnedTagger;
