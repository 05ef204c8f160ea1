use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::SpeechError;

/// Turns up to 30 s of sound into words. Lives on one thread; keeps nothing between calls but its
/// model and buffers.
pub trait Engine: Send {
    /// What it is.
    fn facts(&self) -> EngineFacts;

    /// Hears 10 ms to 30 s of 16 kHz sound. Shorter sound gives no words. Samples that are not
    /// finite count as 0, those beyond full scale as full scale.
    ///
    /// # Errors
    /// More than [`WINDOW`](crate::WINDOW) samples, an unknown language, stopped, or the engine
    /// failed.
    fn hear(&mut self, pcm: &[f32], ask: &Ask, stop: &Stop) -> Result<Heard, SpeechError>;
}

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EngineKind {
    /// whisper.cpp.
    WhisperCpp,
    /// Whisper in candle.
    Candle,
    /// The recogniser of the phone's system.
    Host,
}

/// What an engine is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineFacts {
    /// Which one.
    pub kind: EngineKind,
    /// Whether it knows English only.
    pub english_only: bool,
}

/// How sound is to be heard.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ask {
    /// ISO 639-1 code of the language; unset lets a multilingual model find out.
    pub language: Option<String>,
    /// Names and products that may occur, as a sentence or list; cut to what the model takes (at
    /// most 224 tokens), from the end.
    pub prompt: String,
    /// Whether words get times; without, all have the sound's. For previews.
    pub without_times: bool,
}

/// What was heard.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heard {
    /// The words in order.
    pub words: Vec<HeardWord>,
    /// How likely it is that nobody spoke, 0 to 1.
    pub no_speech: f32,
    /// Mean natural logarithm of the tokens' probabilities; 0 without words.
    pub mean_log_probability: f32,
    /// Tokens that the text took.
    pub tokens: usize,
    /// At which temperature it was decoded; above 0 the first try was rejected.
    pub temperature: f32,
    /// ISO 639-1 code of the language it was heard as.
    pub language: String,
    /// Up to where the text goes, in milliseconds from the first sample, where the engine says that
    /// it ended before the sound did.
    pub until_ms: Option<u32>,
}

/// A word with its punctuation.
#[derive(Debug, Clone, PartialEq)]
pub struct HeardWord {
    /// The word, without space around it.
    pub text: String,
    /// Whether a space stands before it (not in Chinese or Japanese).
    pub spaced: bool,
    /// Start in milliseconds from the first sample.
    pub start_ms: u32,
    /// End, not before the start.
    pub end_ms: u32,
    /// The least probability of its tokens, 0 to 1.
    pub probability: f32,
}

/// Stops an engine that is hearing, from another thread. Clones stop the same.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    own: Arc<AtomicBool>,
    parent: Option<Arc<AtomicBool>>,
}

impl Stop {
    /// Asks the engine to end soon.
    pub fn stop(&self) {
        self.own.store(true, Ordering::Relaxed);
    }

    /// One that is stopped with this one, and can be stopped alone. Not for a child's child: that
    /// one would not hear of its grandparent.
    #[must_use]
    pub(crate) fn child(&self) -> Self {
        Self { own: Arc::default(), parent: Some(Arc::clone(&self.own)) }
    }

    /// Whether it was asked.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        let set = |flag: &Arc<AtomicBool>| flag.load(Ordering::Relaxed);
        set(&self.own) || self.parent.as_ref().is_some_and(set)
    }
}
