use confee_domain::{Alternative, Field, Lost};

use super::calibration::{Knots, calibrated};
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
    /// Thousandths.
    pub(super) score: u16,
    /// Why it cannot stand, if so.
    pub(super) lost: Option<Lost>,
}

/// The best candidate that may stand and reaches the threshold; the others become alternatives.
///
/// The same value said again makes it surer by a fifth of what is missing. Of equally good ones
/// the later stands.
pub(super) fn settle<T: Clone>(
    talk: &Talk<'_>,
    candidates: Vec<Candidate<T>>,
    threshold: u16,
    knots: Knots,
    same: impl Fn(&T, &T) -> bool,
) -> Option<Field<T>> {
    let merged = merge(candidates, &same);
    let (best, _) = merged
        .iter()
        .enumerate()
        .filter(|(_, c)| c.lost.is_none() && c.score >= threshold)
        .max_by_key(|(i, c)| (c.score, *i))?;
    let winner = &merged[best];
    let quote = talk.quote(winner.turn, winner.start, winner.end)?;
    let field = Field::new(winner.value.clone(), calibrated(winner.score, knots), quote);
    let others = merged.iter().enumerate().filter(|(i, _)| *i != best).map(|(_, c)| c);
    Some(field.with_alternatives(alternatives(talk, winner, others, knots, &same)))
}

/// What else was said: each value once, and of the merely unlikely ones only the better.
fn alternatives<'a, T: Clone + 'a>(
    talk: &Talk<'_>,
    winner: &Candidate<T>,
    others: impl Iterator<Item = &'a Candidate<T>>,
    knots: Knots,
    same: &impl Fn(&T, &T) -> bool,
) -> Vec<Alternative<T>> {
    let mut kept: Vec<Alternative<T>> = Vec::new();
    for c in others.filter(|c| !same(&c.value, &winner.value)) {
        let reason = c.lost.unwrap_or(Lost::LessLikely);
        let worth = reason != Lost::LessLikely || c.score >= WORTH_SHOWING;
        let known = kept.iter().any(|k| same(&k.value, &c.value));
        if let Some(quote) = talk.quote(c.turn, c.start, c.end).filter(|_| worth && !known) {
            let confidence = calibrated(c.score, knots);
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
            same(&m.value, &c.value) && m.lost.is_none() && c.lost.is_none() && m.turn != c.turn
        });
        match twin {
            Some(m) => {
                let best = m.score.max(c.score);
                if c.score > m.score {
                    *m = c;
                }
                m.score = best + (1000 - best.min(1000)) / 5;
            }
            None => merged.push(c),
        }
    }
    merged
}
