use confee_domain::{Alternative, Confidence, Field, Lost};

use super::calibration::Scale;
use super::heard::Source;
use crate::talk::Talk;

/// Alternatives kept beside a value.
const MAX_ALTERNATIVES: usize = 5;
/// Unlikely values below this score are noise on a phone's screen.
const WORTH_SHOWING: u16 = 400;

/// A value that was said somewhere.
#[derive(Debug, Clone)]
pub(super) struct Candidate<T> {
    pub(super) value: T,
    pub(super) turn: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    /// How sure the rules are, in thousandths.
    pub(super) score: u16,
    /// How sure the model is, in thousandths; unset where there is none.
    pub(super) model: Option<u16>,
    /// Why it cannot stand, if so.
    pub(super) lost: Option<Lost>,
}

impl<T> Candidate<T> {
    /// With a score by one of both.
    pub(super) fn by(mut self, source: Source, learned: bool) -> Self {
        if learned {
            self.model = Some(if source == Source::Model { self.score } else { 0 });
        }
        if source == Source::Model {
            self.score = 0;
        }
        self
    }

    /// Takes in another mention of the same value; the words of the surer one stay.
    fn take_in(&mut self, other: Self) {
        let again = |a: u16, b: u16| match (a.max(b), a.min(b)) {
            (best, 0) => best,
            (best, _) => best + (1000 - best.min(1000)) / 5,
        };
        let same_words =
            self.turn == other.turn && self.start < other.end && other.start < self.end;
        let score =
            if same_words { self.score.max(other.score) } else { again(self.score, other.score) };
        let model = self.model.zip(other.model).map(|(a, b)| again(a, b));
        if (other.model, other.score) > (self.model, self.score) {
            *self = other;
        }
        (self.score, self.model) = (score, model.or(self.model));
    }

    /// Both scores in one.
    pub(super) fn joint(&self, scale: &Scale) -> u16 {
        scale.score(self.score, self.model)
    }
}

/// The best candidate that may stand and reaches the threshold; the others become alternatives.
///
/// The same value said again makes it surer by a fifth of what is missing. Of equally good ones
/// the later stands.
pub(super) fn settle<T: Clone>(
    talk: &Talk<'_>,
    candidates: Vec<Candidate<T>>,
    scale: &Scale,
    same: impl Fn(&T, &T) -> bool,
) -> Option<Field<T>> {
    let merged = merge(candidates, &same);
    let (best, _) = merged
        .iter()
        .enumerate()
        .filter(|(_, c)| c.lost.is_none() && c.joint(scale) >= scale.threshold(c.model.is_some()))
        .max_by_key(|(i, c)| (c.joint(scale), *i))?;
    let winner = &merged[best];
    let quote = talk.quote(winner.turn, winner.start, winner.end)?;
    let field = Field::new(winner.value.clone(), sureness(winner, scale), quote);
    let others = merged.iter().enumerate().filter(|(i, _)| *i != best).map(|(_, c)| c);
    Some(field.with_alternatives(alternatives(talk, winner, others, scale, &same)))
}

fn sureness<T>(candidate: &Candidate<T>, scale: &Scale) -> Confidence {
    scale.confidence(candidate.joint(scale), candidate.model.is_some())
}

/// What else was said: each value once, and of the merely unlikely ones only the better.
fn alternatives<'a, T: Clone + 'a>(
    talk: &Talk<'_>,
    winner: &Candidate<T>,
    others: impl Iterator<Item = &'a Candidate<T>>,
    scale: &Scale,
    same: &impl Fn(&T, &T) -> bool,
) -> Vec<Alternative<T>> {
    let mut kept: Vec<Alternative<T>> = Vec::new();
    for c in others.filter(|c| !same(&c.value, &winner.value)) {
        let reason = c.lost.unwrap_or(Lost::LessLikely);
        let worth = reason != Lost::LessLikely || c.joint(scale) >= WORTH_SHOWING;
        let known = kept.iter().any(|k| same(&k.value, &c.value));
        if let Some(quote) = talk.quote(c.turn, c.start, c.end).filter(|_| worth && !known) {
            let confidence = sureness(c, scale);
            kept.push(Alternative { value: c.value.clone(), confidence, quote, reason });
        }
    }
    kept.truncate(MAX_ALTERNATIVES);
    kept
}

fn merge<T: Clone>(
    candidates: Vec<Candidate<T>>,
    same: &impl Fn(&T, &T) -> bool,
) -> Vec<Candidate<T>> {
    let mut merged: Vec<Candidate<T>> = Vec::new();
    for c in candidates {
        let twin = merged.iter_mut().find(|m| {
            let elsewhere = m.turn != c.turn || c.model.is_some();
            same(&m.value, &c.value) && m.lost.is_none() && c.lost.is_none() && elsewhere
        });
        match twin {
            Some(m) => m.take_in(c),
            None => merged.push(c),
        }
    }
    merged
}
