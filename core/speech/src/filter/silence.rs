use std::ops::Range;

use super::{Doubts, Facts, Reason};
use crate::{Heard, HeardWord};

/// Below this nobody can be heard, in dBFS: under the noise of any microphone.
const INAUDIBLE: f32 = -80.0;
/// OpenAI's rule: nobody spoke if this is likelier and the text is less likely than that.
const NO_SPEECH: f32 = 0.6;
const UNLIKELY: f32 = -1.0;
/// Nobody says a word in less, in milliseconds.
const SCARCE: u32 = 60;
/// How far from speech a word may lie: times of words and of voice activity are both uncertain.
const NEAR: u32 = 300;
const FAR: u32 = 1000;
/// A word as sure as this is only doubted where no speech was found, if some is not far.
const SURE: f32 = 0.6;

/// Words where nobody spoke.
pub(super) fn find(heard: &Heard, facts: &Facts, doubts: &mut Doubts) {
    let all = 0..heard.words.len();
    let inaudible = facts.loudness_dbfs.is_some_and(|level| level < INAUDIBLE);
    let unlikely = heard.no_speech > NO_SPEECH && heard.mean_log_probability < UNLIKELY;
    if inaudible || unlikely {
        return doubts.remove(all, Reason::Silence);
    }
    let Some(speech) = facts.speech_within(&(0..u32::MAX)) else { return };
    // The engine's own opinion counts for nothing here: with a prompt Whisper is sure of what it
    // invents, `no_speech` near 0.
    if speech < SCARCE {
        return doubts.remove(all, Reason::Silence);
    }
    for (at, word) in heard.words.iter().enumerate() {
        if near_speech(word, facts, NEAR) {
            continue;
        }
        if word.probability >= SURE && near_speech(word, facts, FAR) {
            doubts.doubt(at..at + 1, Reason::Silence);
        } else {
            doubts.remove(at..at + 1, Reason::Silence);
        }
    }
}

fn near_speech(word: &HeardWord, facts: &Facts, margin: u32) -> bool {
    let end = word.end_ms.max(word.start_ms.saturating_add(1)).saturating_add(margin);
    let span: Range<u32> = word.start_ms.saturating_sub(margin)..end;
    facts.speech_within(&span).is_none_or(|speech| speech > 0)
}
