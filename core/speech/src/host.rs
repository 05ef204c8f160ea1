//! The recogniser of the phone's system, behind the same door as Whisper.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::words::{TimedToken, is_unspaced, words};
use crate::{Ask, Engine, EngineFacts, EngineKind, Heard, RATE, SpeechError, Stop, WINDOW};

/// How often it is looked whether somebody wants to stop.
const LOOK: Duration = Duration::from_millis(20);
/// More words than anybody says in 30 s are cut off.
const MOST_WORDS: usize = 400;
/// Longest word in characters.
const LONGEST_WORD: usize = 100;
/// Phrases to listen for; systems take about a hundred.
const MOST_PHRASES: usize = 100;

/// What an app puts in front of the recogniser of its system. It recognises on the device.
pub trait HostRecogniser: Send + Sync {
    /// Words of up to 30 s of 16 kHz sound in -1.0..=1.0. Blocks until done or cancelled.
    /// `language` is an ISO 639-1 code; `phrases` may occur.
    ///
    /// # Errors
    /// A sentence for the app's own log; it is not passed on.
    fn recognise(
        &self,
        pcm: Vec<f32>,
        language: Option<String>,
        phrases: Vec<String>,
    ) -> Result<Vec<HostWord>, String>;

    /// Ends the recognition that is running, from another thread.
    fn cancel(&self);

    /// Codes of the languages it knows on the device, such as `en` or `en-US`.
    fn languages(&self) -> Vec<String>;
}

/// A word of the system's recogniser.
#[derive(Debug, Clone, PartialEq)]
pub struct HostWord {
    /// The word with its punctuation.
    pub text: String,
    /// Start in milliseconds from the first sample.
    pub start_ms: u32,
    /// End.
    pub end_ms: u32,
    /// 0 to 1.
    pub confidence: f32,
}

/// An [`Engine`] over the system's recogniser. Its answers are put right before they are passed on.
pub struct HostEngine {
    host: Arc<dyn HostRecogniser>,
}

impl HostEngine {
    /// Over what the app gave.
    #[must_use]
    pub fn new(host: Arc<dyn HostRecogniser>) -> Self {
        Self { host }
    }

    fn check_language(&self, ask: &Ask) -> Result<(), SpeechError> {
        let Some(wanted) = ask.language.as_deref() else { return Ok(()) };
        let known = self.host.languages();
        if known.is_empty() || known.iter().any(|code| primary(code) == primary(wanted)) {
            return Ok(());
        }
        Err(SpeechError::Unfit("does not know this language"))
    }

    fn recognise(
        &self,
        pcm: Vec<f32>,
        ask: &Ask,
        stop: &Stop,
    ) -> Result<Vec<HostWord>, SpeechError> {
        let done = AtomicBool::new(false);
        let (host, done_flag) = (&self.host, &done);
        let answer = thread::scope(|scope| {
            let watcher = scope.spawn(move || {
                while !done_flag.load(Ordering::Acquire) {
                    if stop.is_stopped() {
                        host.cancel();
                        return;
                    }
                    thread::park_timeout(LOOK);
                }
            });
            let answer = host.recognise(pcm, ask.language.clone(), phrases(&ask.prompt));
            done.store(true, Ordering::Release);
            watcher.thread().unpark();
            answer
        });
        if stop.is_stopped() {
            return Err(SpeechError::Stopped);
        }
        answer.map_err(|_| SpeechError::Engine("that of the phone's system".into()))
    }
}

impl Engine for HostEngine {
    fn facts(&self) -> EngineFacts {
        let languages = self.host.languages();
        let english_only =
            !languages.is_empty() && languages.iter().all(|code| primary(code) == "en");
        EngineFacts { kind: EngineKind::Host, english_only }
    }

    fn hear(&mut self, pcm: &[f32], ask: &Ask, stop: &Stop) -> Result<Heard, SpeechError> {
        if pcm.len() > WINDOW {
            return Err(SpeechError::TooLong { samples: pcm.len() });
        }
        self.check_language(ask)?;
        if stop.is_stopped() {
            return Err(SpeechError::Stopped);
        }
        let language = ask.language.clone().unwrap_or_default();
        if pcm.len() < RATE / 100 {
            return Ok(Heard { no_speech: 1.0, language, ..Heard::default() });
        }
        let sound: Vec<f32> =
            pcm.iter().map(|s| if s.is_finite() { s.clamp(-1.0, 1.0) } else { 0.0 }).collect();
        let answer = self.recognise(sound, ask, stop)?;
        let length_ms = u32::try_from(pcm.len() * 1000 / RATE).unwrap_or(u32::MAX);
        Ok(heard(answer, ask, length_ms, language))
    }
}

fn heard(answer: Vec<HostWord>, ask: &Ask, length_ms: u32, language: String) -> Heard {
    let mut words = words(&tokens(&answer, length_ms));
    words.truncate(MOST_WORDS);
    if ask.without_times {
        words.iter_mut().for_each(|word| (word.start_ms, word.end_ms) = (0, length_ms));
    }
    let sum: f32 = words.iter().map(|word| word.probability.max(0.01).ln()).sum();
    Heard {
        no_speech: if words.is_empty() { 1.0 } else { 0.0 },
        mean_log_probability: if words.is_empty() { 0.0 } else { sum / words.len() as f32 },
        tokens: words.len(),
        temperature: 0.0,
        words,
        language,
        until_ms: None,
    }
}

fn tokens(answer: &[HostWord], length_ms: u32) -> Vec<TimedToken> {
    let mut before: Option<char> = None;
    let mut tokens = Vec::new();
    for word in answer.iter().take(MOST_WORDS) {
        let text: String = word.text.trim().chars().take(LONGEST_WORD).collect();
        let joined = text
            .chars()
            .next()
            .zip(before)
            .is_some_and(|(next, last)| is_unspaced(last) && is_unspaced(next));
        before = text.chars().last().or(before);
        let start_ms = word.start_ms.min(length_ms);
        tokens.push(TimedToken {
            bytes: if joined { text } else { format!(" {text}") }.into_bytes(),
            start_ms,
            end_ms: word.end_ms.clamp(start_ms, length_ms),
            probability: word.confidence,
        });
    }
    tokens
}

/// The names of a prompt, be it a list or a sentence with one.
fn phrases(prompt: &str) -> Vec<String> {
    let list = prompt.split_once(": ").map_or(prompt, |(_, list)| list);
    let parts = list.split([',', ';', '\n']).map(|part| part.trim().trim_end_matches('.'));
    parts.filter(|part| !part.is_empty()).take(MOST_PHRASES).map(str::to_owned).collect()
}

fn primary(code: &str) -> String {
    code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
