use std::ops::Range;

use confee_domain::StepKind;

use super::step_cues::{AGREES, KINDS, OPENERS, REFUSES, SETTLES};
use crate::tagger::{Owner, Polarity, Span, Tag};
use crate::talk::{Role, Talk, Turn};

/// How far the answer to a proposal may be.
const ANSWER_WITHIN: usize = 3;

/// Things to be done next, with whether both agreed.
pub(super) fn tag(talk: &Talk<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    for turn in &talk.turns {
        let mut seen: Vec<Range<usize>> = Vec::new();
        for sentence in turn.sentences() {
            for (range, kind, weight) in proposals(turn, sentence) {
                if seen.iter().any(|s| s.start < range.end && range.start < s.end) {
                    continue;
                }
                let polarity = outcome(talk, turn, &range);
                let base = match polarity {
                    Polarity::Stated => 460,
                    Polarity::Besides | Polarity::Open => 180,
                    Polarity::Negated => 100,
                };
                let owner = if turn.role == Role::Rep { Owner::Rep } else { Owner::Prospect };
                let (tag, score) = (Tag::NextStep(kind), base + weight);
                spans.push(Span::over(tag, turn, &range, (owner, polarity), score));
                seen.push(range);
            }
        }
    }
    spans
}

/// The most telling kind in a sentence that proposes something.
fn proposals(turn: &Turn, sentence: &Range<usize>) -> Vec<(Range<usize>, StepKind, u16)> {
    let within = |p: &str| turn.find_from(p, sentence.start).filter(|r| r.end <= sentence.end);
    let best = KINDS
        .iter()
        .filter_map(|(phrase, kind, weight)| within(phrase).map(|r| (r, *kind, *weight)))
        .max_by_key(|(r, _, weight)| (*weight, usize::MAX - r.start));
    let Some((hit, kind, weight)) = best else { return Vec::new() };
    let opener = OPENERS
        .iter()
        .filter_map(|p| within(p))
        .filter(|r| r.start <= hit.start)
        .max_by_key(|r| r.start);
    let Some(opener) = opener else { return Vec::new() };
    if tells_of_past(turn, sentence) || hit.start - opener.start > 25 {
        return Vec::new();
    }
    let start = opener.start.max(hit.start.saturating_sub(12));
    vec![(start..sentence.end.min(hit.end + 8), kind, weight)]
}

fn tells_of_past(turn: &Turn, sentence: &Range<usize>) -> bool {
    const PAST: [&str; 14] = [
        "did a",
        "they came",
        "last week",
        "last year",
        "last month",
        "yesterday",
        "told us",
        "told me",
        "had a",
        "was at",
        "did you have",
        "sent us",
        "years ago",
        "showed us",
    ];
    PAST.iter().any(|p| turn.find_from(p, sentence.start).is_some_and(|r| r.end <= sentence.end))
}

/// Whether both agreed: the visitor's own request that the rep takes up, or the rep's proposal
/// that the visitor accepts, in words or by settling when and where.
fn outcome(talk: &Talk<'_>, turn: &Turn, range: &Range<usize>) -> Polarity {
    let by_visitor = turn.role == Role::Prospect;
    if by_visitor && withheld(turn, range) {
        return Polarity::Negated;
    }
    let later = || talk.turns.get(turn.index + 1..).unwrap_or_default().iter();
    for answer in later().take(ANSWER_WITHIN).filter(|t| t.role != turn.role).take(1) {
        if refuses(answer) {
            return Polarity::Negated;
        }
        if opens_with(answer, AGREES) {
            return Polarity::Stated;
        }
    }
    let settled = later().take(ANSWER_WITHIN + 1).any(|t| t.says(SETTLES));
    let taken_up = by_visitor && later().next().is_some();
    if taken_up || settled { Polarity::Stated } else { Polarity::Open }
}

/// "Don't call me", "if that fails, call me": a request that is none.
fn withheld(turn: &Turn, range: &Range<usize>) -> bool {
    let sentence = turn.sentence_of(range.start);
    let before = &turn.tokens[sentence.start..range.start.max(sentence.start)];
    let inside = &turn.tokens[range.start..range.end.min(range.start + 3)];
    let near = &before[before.len().saturating_sub(4)..];
    near.iter().chain(inside).any(|t| t.is(&["don't", "never", "not"]))
        || before.iter().take(3).any(|t| t.norm == "if")
}

fn refuses(turn: &Turn) -> bool {
    let opening = turn.tokens.len().min(14);
    REFUSES.iter().any(|p| turn.find(p).is_some_and(|r| r.start < opening))
        || turn.tokens.first().is_some_and(|t| t.norm == "no")
            && turn.tokens.iter().take(8).any(|t| t.is(&["don't", "not", "can't", "need"]))
}

fn opens_with(turn: &Turn, phrases: &[&str]) -> bool {
    phrases.iter().any(|p| turn.find(p).is_some_and(|r| r.start < 8))
}

/// Whether a turn talks about when and how to meet, not about when to buy.
pub(crate) fn is_scheduling(turn: &Turn) -> bool {
    const WORDS: &[&str] = &[
        "call you",
        "call me",
        "send you",
        "send me",
        "see you",
        "i fly",
        "show you",
        "come to",
        "come by",
        "meeting",
        "meet",
        "demo",
        "visit",
        "tuesdays",
        "at my desk",
        "o'clock",
        "in the morning",
        "in the afternoon",
        "the invite",
        "a call",
        "the call",
        "i'm free",
        "i'm here",
        "we're here",
        "booth",
        "the fair",
        "the show",
        "jury duty",
        "on holiday",
        "i have it",
        "you have it",
        "i'll send",
        "survey",
        "i'm back",
        "next door",
        "coffee",
        "proposal",
        "quote",
        "offer",
        "sample",
        "samples",
        "trial",
        "pilot",
        "ring me",
        "introduce",
        "hall",
    ];
    turn.says(WORDS)
}
