use super::{Doubts, Reason, plain};
use crate::HeardWord;

/// Words of the phrases that are looked for.
const WORDS: std::ops::RangeInclusive<usize> = 4..=20;
/// Milliseconds a word that nobody speaks in.
const HURRIED_MS: usize = 80;

/// A phrase that comes twice in a row, once without time of its own: written twice, said once.
/// A prompt leads Whisper to do so.
pub(super) fn find(words: &[HeardWord], doubts: &mut Doubts) {
    let left = doubts.left();
    let plain: Vec<String> = left.iter().filter_map(|at| words.get(*at)).map(plain).collect();
    let mut at = 0;
    while at < left.len() {
        let Some((unit, copy)) = WORDS.clone().find_map(|unit| {
            let twice = plain.get(at..at + 2 * unit)?;
            let same = twice[..unit] == twice[unit..];
            let (first, second) = left.get(at..at + 2 * unit)?.split_at(unit);
            let copies = same.then_some([second, first])?;
            Some((unit, copies.into_iter().find(|copy| is_hurried(words, copy))?))
        }) else {
            at += 1;
            continue;
        };
        copy.iter().for_each(|at| doubts.remove(*at..at + 1, Reason::Loop));
        at += 2 * unit;
    }
}

fn is_hurried(words: &[HeardWord], copy: &[usize]) -> bool {
    let word = |at: Option<&usize>| at.and_then(|at| words.get(*at));
    let (first, last) = (word(copy.first()), word(copy.last()));
    let span = first.zip(last).map(|(first, last)| last.end_ms.saturating_sub(first.start_ms));
    span.is_some_and(|ms| (ms as usize) < copy.len() * HURRIED_MS)
}
