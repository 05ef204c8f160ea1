//! From encoded sound to tokens: greedy first, with rising temperature when the text is rejected.
//! Thresholds and order are those of whisper.cpp's `whisper_full`.

use confee_kernels::simd;

use super::decoder::{Decoder, Sound, Text};
use super::rules::{Rules, Written, best, draw};
use crate::vocabulary::Special;
use crate::{SpeechError, Stop};

/// Tokens written at most.
const MOST_TOKENS: usize = 220;
/// A text of the last tokens below this entropy repeats itself.
const LEAST_ENTROPY: f64 = 2.4;
/// A mean logarithm of probabilities below this is guessing.
const LEAST_LOG_PROBABILITY: f32 = -1.0;
/// Above this nobody spoke.
const NO_SPEECH: f32 = 0.6;
/// Frames of a window.
const WINDOW: usize = 3000;
/// From this temperature on the text before does not count.
const NO_HISTORY: f32 = 0.5;
/// Frames at the end that are not worth a look.
pub(super) const LEAST_FRAMES: usize = 10;

/// A token with its probability.
#[derive(Clone, Copy)]
pub(super) struct Token {
    pub(super) id: u32,
    pub(super) log_probability: f32,
}

/// What was written for a window.
#[derive(Default)]
pub(super) struct Transcript {
    pub(super) tokens: Vec<Token>,
    /// Attention of the alignment heads when each token was written, first those of the prompt's
    /// last token.
    pub(super) looks: Vec<Vec<f32>>,
    pub(super) mean_log_probability: f32,
    pub(super) no_speech: f32,
    pub(super) temperature: f32,
    failed: bool,
}

impl Transcript {
    /// Whether it is to be thrown away: nobody spoke.
    pub(super) fn is_silence(&self) -> bool {
        self.no_speech > NO_SPEECH && self.mean_log_probability < LEAST_LOG_PROBABILITY
    }

    fn is_rejected(&self) -> bool {
        let guessing = self.mean_log_probability < LEAST_LOG_PROBABILITY;
        self.failed || (guessing && self.no_speech < NO_SPEECH)
    }

    fn ids(&self) -> Vec<u32> {
        self.tokens.iter().map(|token| token.id).collect()
    }
}

/// What writing needs.
pub(super) struct Writer<'a> {
    pub(super) decoder: &'a Decoder,
    pub(super) rules: &'a Rules,
    pub(super) special: Special,
    pub(super) sound: &'a Sound,
    pub(super) stop: &'a Stop,
    /// Whether looks are kept.
    pub(super) looks: bool,
    /// Frames from the window's start to the sound's end.
    pub(super) frames: usize,
}

/// How a text goes on.
enum Next {
    On,
    Done,
}

impl Writer<'_> {
    /// Writes with rising temperature until a text is accepted.
    pub(super) fn write(
        &self,
        text: &mut Text,
        history: &[u32],
        task: &[u32],
    ) -> Result<Transcript, SpeechError> {
        let mut random = fastrand::Rng::with_seed(0);
        let mut transcript = Transcript::default();
        for step in 0..=5_u8 {
            let temperature = f32::from(step) * 0.2;
            let history = if temperature < NO_HISTORY { history } else { &[] };
            transcript = self.attempt(text, history, task, temperature, &mut random)?;
            if !transcript.is_rejected() {
                break;
            }
        }
        Ok(transcript)
    }

    fn attempt(
        &self,
        text: &mut Text,
        history: &[u32],
        task: &[u32],
        temperature: f32,
        random: &mut fastrand::Rng,
    ) -> Result<Transcript, SpeechError> {
        text.clear();
        let (mut logits, no_speech) = self.start(text, history, task)?;
        let mut transcript = Transcript { no_speech, temperature, ..Transcript::default() };
        let mut ids = Vec::new();
        let mut progress = Progress { time: None, accepted: 0 };
        for step in 0..MOST_TOKENS {
            if self.looks {
                transcript.looks.push(text.alignment.clone());
            }
            let token = self.choose(&mut logits, &ids, progress.time, temperature, random);
            transcript.tokens.push(token);
            ids.push(token.id);
            match self.judge(&mut progress, token.id, step) {
                Some(Next::On) => {}
                Some(Next::Done) => break,
                None => {
                    transcript.failed = true;
                    break;
                }
            }
            if step + 1 < MOST_TOKENS {
                [logits, _] = self.decoder.write(self.sound, text, &[token.id], None, self.stop)?;
            }
        }
        finish(&mut transcript, progress.accepted);
        Ok(transcript)
    }

    /// Writes the prompt; gives the logits after it and how likely it is that nobody speaks.
    fn start(
        &self,
        text: &mut Text,
        history: &[u32],
        task: &[u32],
    ) -> Result<(Vec<f32>, f32), SpeechError> {
        let mut prompt = Vec::with_capacity(history.len() + task.len() + 1);
        if !history.is_empty() {
            prompt.push(self.special.previous);
            prompt.extend_from_slice(history);
        }
        let start = prompt.len();
        prompt.extend_from_slice(task);
        let also = (task.len() > 1).then_some(start);
        let [logits, first] = self.decoder.write(self.sound, text, &prompt, also, self.stop)?;
        let first = if also.is_some() { &first } else { &logits };
        let no_speech = first.get(self.special.no_speech as usize).copied();
        let no_speech = no_speech.map_or(0.0, |logit| (logit - simd::log_sum_exp(first)).exp());
        Ok((logits, no_speech))
    }

    fn choose(
        &self,
        logits: &mut [f32],
        ids: &[u32],
        time: Option<u32>,
        temperature: f32,
        random: &mut fastrand::Rng,
    ) -> Token {
        if temperature > 0.0 {
            logits.iter_mut().for_each(|logit| *logit /= temperature);
        }
        let total = self.rules.apply(logits, Written { tokens: ids, time });
        let id = if temperature > 0.0 { draw(logits, random) } else { best(logits) };
        let logit = logits.get(id as usize).copied().unwrap_or(f32::NEG_INFINITY);
        Token { id, log_probability: (logit - total).clamp(-100.0, 0.0) }
    }

    /// Whether the text goes on after this token; none if it has failed.
    fn judge(&self, progress: &mut Progress, id: u32, step: usize) -> Option<Next> {
        let first = self.special.first_timestamp;
        if id > first {
            let time = id - first;
            if progress.time.is_some_and(|last| last > time) && progress.accepted < step {
                return None;
            }
            *progress = Progress { time: Some(time), accepted: step + 1 };
        }
        let heard = progress.time.map_or(WINDOW, |time| 2 * time as usize);
        let at_end = heard + LEAST_FRAMES >= self.frames;
        if id == self.special.end || (progress.time.is_some() && at_end) {
            if progress.accepted == 0 && !at_end {
                return None;
            }
            // The window is all there is: text after the last time counts too.
            progress.accepted = step + 1;
            return Some(Next::Done);
        }
        let stuck = progress.accepted == 0 || heard < WINDOW / 2;
        if step == MOST_TOKENS - 1 && stuck { None } else { Some(Next::On) }
    }
}

/// How far a text has come.
struct Progress {
    /// The last time in it, in 20 ms.
    time: Option<u32>,
    /// Tokens up to that time.
    accepted: usize,
}

/// Cuts a text to what counts, works out its figures and finds repetition.
fn finish(transcript: &mut Transcript, accepted: usize) {
    if transcript.failed {
        transcript.mean_log_probability = f32::NEG_INFINITY;
    }
    transcript.tokens.truncate(accepted);
    let count = transcript.tokens.len();
    if count == 0 {
        transcript.mean_log_probability = f32::NEG_INFINITY;
        return;
    }
    let sum: f32 = transcript.tokens.iter().map(|token| token.log_probability).sum();
    transcript.mean_log_probability = sum / count as f32;
    if count > 32 && entropy(&transcript.ids()[count - 32..]) < LEAST_ENTROPY {
        transcript.failed = true;
    }
}

/// Entropy of tokens in natural units.
fn entropy(ids: &[u32]) -> f64 {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    let share = |run: &[u32]| run.len() as f64 / ids.len() as f64;
    sorted.chunk_by(|a, b| a == b).map(share).map(|p| -p * p.ln()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_of_all_different_and_of_a_loop() {
        let different: Vec<u32> = (0..32).collect();
        assert!((entropy(&different) - 32_f64.ln()).abs() < 1e-9);
        let looped: Vec<u32> = (0..32).map(|i| i % 4).collect();
        assert!((entropy(&looped) - 4_f64.ln()).abs() < 1e-9);
        assert_eq!(entropy(&[]), 0.0);
    }

    #[test]
    fn a_loop_is_rejected() {
        let token = |id| Token { id, log_probability: -0.1 };
        let mut transcript = Transcript {
            tokens: (0..100).map(|i| token(i % 4)).collect(),
            ..Transcript::default()
        };
        finish(&mut transcript, 100);
        assert!(transcript.is_rejected());
    }

    #[test]
    fn a_guess_is_rejected_unless_nobody_speaks() {
        let guess = |no_speech| Transcript {
            mean_log_probability: -1.5,
            no_speech,
            ..Transcript::default()
        };
        assert!(guess(0.1).is_rejected() && !guess(0.1).is_silence());
        assert!(!guess(0.9).is_rejected() && guess(0.9).is_silence());
    }
}
