//! A talk as it comes, in: sound of any length with its voice activity; out: finished utterances,
//! word by word, in the time of the stream. One thread runs the engine; memory does not grow with
//! the talk. How it works, with figures and bounds: `docs/speech-streaming.md`.

mod agreement;
mod cutter;
mod held;
mod policy;
mod rest;
mod segments;
mod session;
mod settle;
mod shared;

use std::ops::Range;

use confee_domain::{AudioFacts, Confidence, LossCause, Quality};

use crate::prompt::PromptBook;
use crate::{Heard, SpeechError, Stop};

pub use policy::UtterancePolicy;
pub use segments::into_segments;
pub use session::{Ended, Session};

/// Turns a talk into words while it comes.
pub trait Transcriber: Send {
    /// Takes the next sound. Waits while two utterances wait for the engine: the caller has the
    /// sound and loses nothing.
    ///
    /// # Errors
    /// [`SpeechError::Stopped`] after [`Stop::stop`]; the engine's error once it has failed twice
    /// on the same sound.
    fn push(&mut self, sound: Sound<'_>) -> Result<(), SpeechError>;

    /// The newest preview of the running utterance that was not read yet. Never to be stored.
    fn preview(&mut self) -> Option<Preview>;

    /// The utterances that were finished since the last call, in order.
    fn spoken(&mut self) -> Vec<Spoken>;

    /// Hears what is left and gives the utterances that were not read yet. On an error those are
    /// gone: read [`Self::spoken`] before.
    ///
    /// # Errors
    /// As [`Self::push`].
    fn finish(self: Box<Self>) -> Result<Vec<Spoken>, SpeechError>;

    /// What stops it from any thread, also in the middle of an utterance.
    fn stop(&self) -> Stop;
}

/// The next stretch of sound with what is known of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sound<'a> {
    /// 16 kHz, -1 to 1, any length. Missing stretches are filled with sound or silence of their
    /// own length.
    pub pcm: &'a [f32],
    /// Decisions on voice, in order, that became known; they may come up to half a second after
    /// their sound. Sound without a decision counts as speech.
    pub voice: &'a [Voice],
    /// Why this stretch has no sound of its own; unset where it has.
    pub missing: Option<LossCause>,
    /// How good the sound is here; unset where it was not measured.
    pub quality: Option<&'a Quality>,
}

/// Whether there is speech from a moment until the next decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Voice {
    /// Milliseconds of the stream.
    pub start_ms: u64,
    /// Whether speech is on, hangover included.
    pub speech: bool,
    /// Probability of speech, 0 to 1, without hysteresis: finds the pauses within speech.
    pub probability: f32,
}

/// An utterance as it was heard.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    /// Start of its sound in milliseconds of the stream.
    pub start_ms: u64,
    /// End of its sound.
    pub end_ms: u64,
    /// Its words in order of their start.
    pub words: Vec<SpokenWord>,
    /// ISO 639-1 code of the language it was heard as.
    pub language: String,
    /// Words that were taken out: invented, repeated, or without any sound behind them.
    pub removed: usize,
}

/// A word with its punctuation.
#[derive(Debug, Clone, PartialEq)]
pub struct SpokenWord {
    /// The word, without space around it.
    pub text: String,
    /// Whether a space stands before it.
    pub spaced: bool,
    /// Start in milliseconds of the stream.
    pub start_ms: u64,
    /// End, not before the start.
    pub end_ms: u64,
    /// How sure we are of it.
    pub confidence: Confidence,
}

/// What the running utterance may say. Changes with every second; only for the eye.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// Words that two runs heard alike; they stay until the utterance ends.
    pub confirmed: String,
    /// Words that only the last run heard.
    pub tentative: String,
}

/// What is known of an utterance's sound.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UtteranceFacts {
    /// Start in milliseconds of the stream.
    pub start_ms: u64,
    /// End.
    pub end_ms: u64,
    /// Milliseconds with a voice, hangover and missing sound left out.
    pub voice_ms: u64,
    /// Where there is a voice, in milliseconds from the utterance's first sample, ascending.
    pub voice: Vec<Range<u32>>,
    /// Level of the whole in dB relative to full scale, -100 to 0.
    pub loudness_dbfs: f32,
    /// What was missing around it, in milliseconds of the stream, and the worst quality within.
    pub audio: AudioFacts,
}

/// Takes invented words out of what was heard, lowers the probability of doubtful ones, and says
/// how many it took.
pub type Check = Box<dyn FnMut(&mut Heard, &UtteranceFacts) -> usize + Send>;

/// How a talk is transcribed.
#[derive(Default)]
pub struct TranscriberConfig {
    /// Time of the first sample in milliseconds of the stream.
    pub start_ms: u64,
    /// ISO 639-1 code; unset lets a multilingual model find out.
    pub language: Option<String>,
    /// Names that may occur.
    pub prompt: PromptBook,
    /// Whether there is a preview. It hears the running utterance again every second.
    pub preview: bool,
    /// How the talk is cut.
    pub cut: UtterancePolicy,
    /// What is done with every utterance before it counts.
    pub check: Option<Check>,
}
