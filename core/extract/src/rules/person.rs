use std::ops::Range;

use super::cues::{ASKS_WHO, INTRODUCE};
use super::runs::{person_at, person_before};
use crate::lexicon::{is_common, is_first_name};
use crate::normalize::title::TitleOwner;
use crate::similar::{same_name, sounds_like};
use crate::tagger::{Owner, Polarity, Span, Tag};
use crate::talk::{Role, Talk, Turn};

/// Names of persons, each with whose it is.
pub(super) fn tag(talk: &Talk<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    for turn in &talk.turns {
        for (range, score) in candidates(talk, turn) {
            let whose = (owner(talk, turn, &range), Polarity::Stated);
            spans.push(Span::over(Tag::Name, turn, &range, whose, score));
        }
    }
    spans
}

fn candidates(talk: &Talk<'_>, turn: &Turn) -> Vec<(Range<usize>, u16)> {
    let mut found = introduced(talk, turn);
    found.extend(before_title(talk, turn));
    if asked_who(talk, turn) {
        found.extend(answered(talk, turn));
    }
    found.extend(listed(talk, turn));
    found
}

/// "I'm Ada Byron", "my name is ada".
fn introduced(talk: &Talk<'_>, turn: &Turn) -> Vec<(Range<usize>, u16)> {
    let weak = ["it's", "this is", "here is"];
    turn.all_of(INTRODUCE)
        .into_iter()
        .filter_map(|cue| {
            let range = person_at(turn, cue.end, talk.cased)?;
            let known = is_first_name(&turn.tokens[range.start].norm);
            let said = turn.tokens[cue.start].norm.as_str();
            let vague = weak.iter().any(|w| w.starts_with(said));
            match (known, range.len() > 1) {
                (true, true) => Some((range, 900)),
                (true, false) => Some((range, if vague { 500 } else { 720 })),
                (false, true) if !vague || talk.cased => Some((range, 780)),
                (false, false) if talk.cased && !vague => Some((range, 620)),
                _ => None,
            }
        })
        .collect()
}

/// "Joost Verhoeven, operations director".
fn before_title(talk: &Talk<'_>, turn: &Turn) -> Vec<(Range<usize>, u16)> {
    talk.titles(turn.index)
        .iter()
        .filter(|t| !matches!(t.owner, TitleOwner::Other | TitleOwner::Former))
        .filter_map(|t| {
            let range = person_before(turn, turn.token_at(t.start), talk.cased)?;
            let known = is_first_name(&turn.tokens[range.start].norm);
            let score = if known { 930 } else { 800 };
            (known || range.len() > 1).then_some((range, score))
        })
        .collect()
}

fn asked_who(talk: &Talk<'_>, turn: &Turn) -> bool {
    talk.question_before(turn.index).is_some_and(|q| q.says(ASKS_WHO))
}

/// The first name-like run of the answer to "and you are?".
fn answered(talk: &Talk<'_>, turn: &Turn) -> Option<(Range<usize>, u16)> {
    (0..turn.tokens.len().min(12)).find_map(|at| {
        let range = person_at(turn, at, talk.cased)?;
        let known = is_first_name(&turn.tokens[range.start].norm);
        let range = if talk.cased { range } else { first_two(&range, known) };
        (known || range.len() > 1).then_some((range, if known { 880 } else { 700 }))
    })
}

/// Without capitals the firm may follow the name directly: "ingunn solbaken granlia borettslag".
fn first_two(range: &Range<usize>, known: bool) -> Range<usize> {
    if known { range.start..range.end.min(range.start + 2) } else { range.clone() }
}

/// A full name on its own between marks: "Chukwuemeka Obi, I'm the", "Ada Byron, Acme Ltd."
///
/// Names of every language look alike here, so the score is low; what is said around it (a title,
/// letters spelled, an address that fits) lifts it later.
fn listed(talk: &Talk<'_>, turn: &Turn) -> Vec<(Range<usize>, u16)> {
    let mut found = Vec::new();
    for clause in turn.clauses() {
        let start = clause.start
            + usize::from(
                turn.tokens[clause.start].is(&["yes", "yeah", "sure", "hi", "hello", "oh"]),
            );
        let Some(range) = person_at(turn, start, talk.cased) else { continue };
        let tokens = &turn.tokens[range.clone()];
        let known = is_first_name(&tokens[0].norm);
        let whole = range.end >= clause.end;
        let named_oddly = tokens.iter().any(|t| !is_common(&t.norm));
        match (known, whole, range.len() > 1) {
            (true, true, true) => found.push((range, if talk.cased { 760 } else { 640 })),
            (false, true, true) if talk.cased && named_oddly => found.push((range, 460)),
            (true, false, true) if talk.cased => found.push((range, 520)),
            (true, true, false) if talk.cased => found.push((range, 420)),
            (_, false, true) if !talk.cased => found.extend(unpunctuated(turn, range, known)),
            _ => {}
        }
    }
    found
}

/// Without marks a name ends at a title, at "i'm", at spelled letters, or where the firm begins.
fn unpunctuated(turn: &Turn, range: Range<usize>, known: bool) -> Option<(Range<usize>, u16)> {
    let next = turn.tokens.get(range.end);
    let ends =
        next.is_some_and(|t| t.is(&["i'm", "i", "from", "at"]) || t.norm.chars().count() == 1);
    let opens = range.start <= 1;
    match (known, ends, opens) {
        (true, true, true) => Some((range, 740)),
        (false, true, true) => Some((range, 560)),
        (true, false, true) => Some((first_two(&range, true), 520)),
        _ => None,
    }
}

fn owner(talk: &Talk<'_>, turn: &Turn, range: &Range<usize>) -> Owner {
    let words: Vec<&str> = turn.tokens[range.clone()].iter().map(|t| t.norm.as_str()).collect();
    let rep = talk.transcript.rep().name.as_deref().unwrap_or_default();
    let first = rep.split_whitespace().next().unwrap_or_default();
    let reps = same_name(&words.join(" "), rep)
        || (words.len() == 1 && !first.is_empty() && sounds_like(words[0], first));
    let introduced_other = range.start > 0
        && turn.tokens[range.start - 1].is(&[
            "my",
            "his",
            "her",
            "boss",
            "colleague",
            "brother",
            "and",
            "ask",
            "with",
        ]);
    if reps {
        Owner::Rep
    } else if turn.role == Role::Rep || introduced_other {
        Owner::Third
    } else {
        Owner::Prospect
    }
}
