use std::ops::Range;

use super::cues::{ASKS_WHO, INTRODUCE};
use super::runs::{person_at, person_before};
use crate::lexicon::{is_company_noun, is_first_name};
use crate::normalize::title::{self, TitleOwner};
use crate::similar::{same_name, sounds_like};
use crate::tagger::{Owner, Polarity, Span, Tag};
use crate::talk::{Role, Talk, Turn};

/// Names of persons, each with whose it is.
pub(super) fn tag(talk: &Talk<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    for turn in &talk.turns {
        for (range, score) in candidates(talk, turn) {
            let chars = turn.chars(&range);
            spans.push(Span {
                tag: Tag::Name,
                turn: turn.index,
                start: chars.start,
                end: chars.end,
                owner: owner(talk, turn, &range),
                polarity: Polarity::Stated,
                score,
            });
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
    title::find(talk.text(turn.index))
        .into_iter()
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
fn listed(talk: &Talk<'_>, turn: &Turn) -> Vec<(Range<usize>, u16)> {
    turn.clauses()
        .into_iter()
        .filter_map(|clause| {
            let start = clause.start
                + usize::from(
                    turn.tokens[clause.start].is(&["yes", "yeah", "sure", "hi", "hello", "oh"]),
                );
            let range = person_at(turn, start, talk.cased).filter(|r| r.end <= clause.end)?;
            let whole = range.end == clause.end;
            let known = is_first_name(&turn.tokens[range.start].norm);
            let firm = turn.tokens[range.clone()].iter().any(|t| is_company_noun(&t.norm));
            match (known, whole, range.len() > 1) {
                _ if firm => None,
                (true, true, true) => Some((range, if talk.cased { 760 } else { 600 })),
                (true, false, true) if talk.cased => Some((range, 520)),
                _ => None,
            }
        })
        .collect()
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
