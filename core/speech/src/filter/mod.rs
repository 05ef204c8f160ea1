//! Takes out of what was heard the text that Whisper is known to invent: in silence, in loops, from
//! the subtitles it was trained on. Works the same for every engine.

mod description;
mod echo;
mod fast;
mod loops;
mod phrases;
mod silence;

use std::ops::Range;

use crate::{Heard, HeardWord, RATE};

/// A doubted word is at most this sure.
const DOUBTED: f32 = 0.3;

/// What is known about the sound besides its words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Its length in milliseconds.
    pub length_ms: u32,
    /// Where voice activity was found, in milliseconds from the first sample, in order; unset if
    /// nobody looked.
    pub speech: Option<Vec<Range<u32>>>,
    /// Level of the whole in decibels to full scale, at most 0; unset if not measured.
    pub loudness_dbfs: Option<f32>,
}

impl Facts {
    /// Of 16 kHz sound.
    #[must_use]
    pub fn of(pcm: &[f32], speech: Option<Vec<Range<u32>>>) -> Self {
        let finite = pcm.iter().filter(|sample| sample.is_finite());
        let power = finite.map(|s| f64::from(*s) * f64::from(*s)).sum::<f64>();
        let mean = power / pcm.len().max(1) as f64;
        let loudness_dbfs = Some((10.0 * mean.max(1e-12).log10()).min(0.0) as f32);
        let length_ms = u32::try_from(pcm.len() * 1000 / RATE).unwrap_or(u32::MAX);
        Self { length_ms, speech, loudness_dbfs }
    }

    /// Milliseconds of speech within a span; unset if nobody looked.
    fn speech_within(&self, span: &Range<u32>) -> Option<u32> {
        let within =
            |part: &Range<u32>| part.end.min(span.end).saturating_sub(part.start.max(span.start));
        Some(self.speech.as_ref()?.iter().map(within).fold(0, u32::saturating_add))
    }
}

/// Why words are not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nobody spoke there.
    Silence,
    /// The same again and again.
    Loop,
    /// A phrase from subtitles, without speech that would bear it out.
    StockPhrase,
    /// Faster than anybody speaks.
    TooFast,
    /// A description of a sound, such as `[Music]`.
    Description,
}

/// Words that are not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Why.
    pub reason: Reason,
    /// Which, as they were numbered before the filter.
    pub words: Range<usize>,
    /// Whether they were taken out; the others were made unsure.
    pub removed: bool,
}

/// What a filter says about a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Doubt {
    reason: Reason,
    removed: bool,
}

/// The doubts about each word; the first to take a word out is kept.
struct Doubts(Vec<Option<Doubt>>);

impl Doubts {
    fn remove(&mut self, words: Range<usize>, reason: Reason) {
        self.mark(words, Doubt { reason, removed: true });
    }

    fn doubt(&mut self, words: Range<usize>, reason: Reason) {
        self.mark(words, Doubt { reason, removed: false });
    }

    fn mark(&mut self, words: Range<usize>, doubt: Doubt) {
        for slot in self.0.get_mut(words).unwrap_or_default() {
            if slot.is_none_or(|known| doubt.removed && !known.removed) {
                *slot = Some(doubt);
            }
        }
    }

    /// Positions of the words that are still in.
    fn left(&self) -> Vec<usize> {
        let stays = |at: &usize| !self.0.get(*at).copied().flatten().is_some_and(|d| d.removed);
        (0..self.0.len()).filter(stays).collect()
    }
}

/// Takes invented words out of `heard` and makes doubtful ones unsure; says which and why, in
/// order.
pub fn check(heard: &mut Heard, facts: &Facts) -> Vec<Finding> {
    let mut doubts = Doubts(vec![None; heard.words.len()]);
    description::find(&heard.words, &mut doubts);
    loops::find(&heard.words, &mut doubts);
    echo::find(&heard.words, &mut doubts);
    silence::find(heard, facts, &mut doubts);
    phrases::find(heard, facts, &mut doubts);
    fast::find(&heard.words, facts, &mut doubts);
    let findings = findings(&doubts.0);
    apply(heard, &doubts.0);
    findings
}

fn findings(doubts: &[Option<Doubt>]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for (at, doubt) in doubts.iter().enumerate().filter_map(|(at, d)| Some((at, (*d)?))) {
        let same = |last: &&mut Finding| {
            last.words.end == at && (last.reason, last.removed) == (doubt.reason, doubt.removed)
        };
        match findings.last_mut().filter(same) {
            Some(last) => last.words.end = at + 1,
            None => findings.push(Finding {
                reason: doubt.reason,
                words: at..at + 1,
                removed: doubt.removed,
            }),
        }
    }
    findings
}

fn apply(heard: &mut Heard, doubts: &[Option<Doubt>]) {
    let words = std::mem::take(&mut heard.words);
    for (mut word, doubt) in words.into_iter().zip(doubts) {
        if doubt.is_some_and(|doubt| doubt.removed) {
            continue;
        }
        if doubt.is_some() {
            word.probability = word.probability.min(DOUBTED);
        }
        heard.words.push(word);
    }
}

/// A word as it is compared: small letters and digits.
fn plain(word: &HeardWord) -> String {
    let letters = word.text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
