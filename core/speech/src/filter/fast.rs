use super::{Doubts, Facts, Reason};
use crate::HeardWord;

/// Words in [`SPAN`] that are more than anybody says: 8 a second.
const MOST: usize = 16;
const SPAN: u32 = 2000;
/// Words that any sound may hold, however short: what an alignment makes too short is not doubted.
const SPARE: usize = 4;

/// Words that come faster than anybody speaks. A script without spaces has about a word a
/// character, so it may have twice as many.
pub(super) fn find(words: &[HeardWord], facts: &Facts, doubts: &mut Doubts) {
    let left = doubts.left();
    let unspaced = words.iter().filter(|word| !word.spaced).count() * 2 > words.len();
    let factor = if unspaced { 2 } else { 1 };
    let most = MOST * factor;
    let possible = facts.length_ms as usize * most / SPAN as usize + SPARE * factor;
    if facts.length_ms > 0 && left.len() > possible {
        left.iter().for_each(|at| doubts.doubt(*at..at + 1, Reason::TooFast));
        return;
    }
    for group in left.windows(most + 1) {
        let span = group.first().zip(group.last()).and_then(|(first, last)| {
            Some(words.get(*last)?.end_ms.saturating_sub(words.get(*first)?.start_ms))
        });
        if span.is_some_and(|span| span < SPAN) {
            group.iter().for_each(|at| doubts.doubt(*at..at + 1, Reason::TooFast));
        }
    }
}
