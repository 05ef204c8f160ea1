use confee_domain::{Alternative, Confidence, Field, Lost};

use crate::talk::Talk;

/// Alternatives kept beside a value.
const MAX_ALTERNATIVES: usize = 5;

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
    let alternatives = merged
        .iter()
        .enumerate()
        .filter(|(i, c)| *i != best && !same(&c.value, &winner.value))
        .filter_map(|(_, c)| {
            Some(Alternative {
                value: c.value.clone(),
                confidence: Confidence::permille(c.score),
                quote: talk.quote(c.turn, c.start, c.end)?,
                reason: c.lost.unwrap_or(Lost::LessLikely),
            })
        })
        .take(MAX_ALTERNATIVES)
        .collect();
    let field = Field::new(winner.value.clone(), Confidence::permille(winner.score), quote);
    Some(field.with_alternatives(alternatives))
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
