//! Phone numbers as they are said: digit by digit, in groups, doubled, corrected.
//!
//! The number keeps the digits as spoken, with `+` where a plus or a country code was said.
//! An extension stands apart, so that the number still compares by its last digits.

mod digits;
mod judge;
mod lexicon;
mod run;
#[cfg(test)]
mod tests;

pub(crate) use digits::group_at;

use crate::text::{Token, tokenize};
use judge::Judged;
use run::run_at;

/// A phone number in running talk.
#[derive(Debug, Clone, PartialEq)]
pub struct PhoneSpan {
    /// First character, in Unicode scalar values.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// `+` and digits, or digits only.
    pub number: String,
    /// Digits of the extension, where one was said.
    pub extension: Option<String>,
    /// Part of it, or the number before it, was taken back.
    pub corrected: bool,
    /// Whether talk of a phone stands near.
    pub cued: bool,
    /// How sure the reading is, in thousandths.
    pub score: u16,
}

/// Every phone number in one segment, in order.
#[must_use]
pub fn find(text: &str) -> Vec<PhoneSpan> {
    let tokens = tokenize(text);
    let mut found: Vec<PhoneSpan> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(run) = run_at(&tokens, at) else {
            at += 1;
            continue;
        };
        at = run.next.max(at + 1);
        for judged in judge::judge(&tokens, &run) {
            at = at.max(judged.next);
            let replaces = found.last().is_some_and(|f| taken_back(&tokens, f, judged.first));
            found.push(span(&tokens, judged, replaces));
        }
    }
    found
}

fn span(tokens: &[Token], judged: Judged, replaces: bool) -> PhoneSpan {
    PhoneSpan {
        start: tokens[judged.first].start,
        end: tokens[judged.next - 1].end,
        number: judged.number,
        extension: judged.extension,
        corrected: judged.corrected || replaces,
        cued: judged.cued,
        score: judged.score,
    }
}

/// Whether the words between a number and the next take the first one back.
fn taken_back(tokens: &[Token], before: &PhoneSpan, first: usize) -> bool {
    let between = tokens[..first].iter().rev().take_while(|t| t.start >= before.end).take(20);
    let words: Vec<&Token> = between.collect();
    let better = ["sorry", "wait", "wrong", "instead", "better", "rather", "scratch", "actually"];
    let ends_no = words.iter().any(|t| t.is(&["no", "not", "old", "use"]));
    words.iter().any(|t| t.is(&better)) || ends_no
}

/// The phone number of a phrase or sentence; the last one where an earlier one was taken back.
#[must_use]
pub fn normalize(text: &str) -> Option<String> {
    let spans = find(text);
    let last_corrected = spans.iter().rposition(|s| s.corrected);
    let from = last_corrected.unwrap_or(0);
    let best = spans[from.min(spans.len())..].iter().rev().max_by_key(|s| s.score)?;
    Some(best.number.clone())
}
