use std::ops::Range;

use super::cues::{ASKS_FIRM, ASKS_WHO};
use super::runs::company_at;
use crate::lexicon::{is_company_noun, is_first_name};
use crate::normalize::title::{self, TitleOwner};
use crate::similar::{fold, same_name};
use crate::tagger::{Owner, Polarity, Span, Tag};
use crate::talk::{Role, Talk, Turn};

const WORKS_FOR: &[&str] = &[
    "i work for",
    "i work at",
    "i'm with",
    "i am with",
    "we're from",
    "we are from",
    "i'm from",
    "i am from",
    "i come from",
    "i'm at",
    "i am at",
    "i represent",
    "on behalf of",
    "i'm here for",
    "here for",
    "employed at",
    "the company is",
    "our company is",
    "company's called",
    "company is called",
    "the firm is",
    "firm is called",
    "we're called",
    "we are called",
    "i own",
    "my own company",
    "my company",
    "i study at",
];

/// Legal forms and the like cut off, letters folded: equal for two spellings of one firm.
pub(crate) fn employer_key(name: &str) -> String {
    const LEGAL: [&str; 18] = [
        "gmbh", "ag", "inc", "ltd", "llc", "plc", "bv", "nv", "sa", "sas", "srl", "spa", "ab",
        "as", "oy", "kg", "co", "corp",
    ];
    name.split_whitespace().map(fold).filter(|w| !LEGAL.contains(&w.as_str())).collect()
}

/// Employers, each with whose it is. `names` are the persons found before.
pub(super) fn tag(talk: &Talk<'_>, names: &[Span]) -> Vec<Span> {
    let mut spans = Vec::new();
    for turn in &talk.turns {
        for (range, score) in candidates(talk, turn, names) {
            let chars = turn.chars(&range);
            spans.push(Span {
                tag: Tag::Company,
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

fn candidates(talk: &Talk<'_>, turn: &Turn, names: &[Span]) -> Vec<(Range<usize>, u16)> {
    let mut found = after_title(talk, turn);
    found.extend(works_for(talk, turn));
    found.extend(beside_name(talk, turn, names));
    let asked = talk.question_before(turn.index);
    if asked.is_some_and(|q| q.says(ASKS_FIRM)) {
        found.extend(first_firm(talk, turn).map(|r| (r, 760)));
    }
    found
}

/// "operations director at Meerkade Logistics", "CTO, Acme".
fn after_title(talk: &Talk<'_>, turn: &Turn) -> Vec<(Range<usize>, u16)> {
    title::find(talk.text(turn.index))
        .into_iter()
        .filter(|t| !matches!(t.owner, TitleOwner::Other | TitleOwner::Former))
        .filter_map(|t| {
            let after = turn.tokens.partition_point(|tok| tok.end <= t.end);
            let joint = turn.tokens.get(after)?;
            let preposition = joint.is(&["at", "for", "with", "of", "from"]);
            let over = joint.is(&["here", "over", "out", "down"])
                && turn.tokens.get(after + 1).is_some_and(|n| n.is(&["at", "in"]));
            let (from, score) = match () {
                () if preposition => (after + 1, 920),
                () if over => (after + 2, 880),
                () if joint.is_mark(',') => (after + 1, 800),
                () if !talk.cased => (after, 500),
                () => return None,
            };
            company_at(turn, from, talk.cased).map(|r| (r, score))
        })
        .collect()
}

/// "I work for Acme", "we're from Acme".
fn works_for(talk: &Talk<'_>, turn: &Turn) -> Vec<(Range<usize>, u16)> {
    turn.all_of(WORKS_FOR)
        .into_iter()
        .filter_map(|cue| {
            let at =
                cue.end + usize::from(turn.tokens.get(cue.end).is_some_and(|t| t.is_mark(',')));
            let range = company_at(turn, at, talk.cased)?;
            let place =
                turn.tokens[cue.end - 1].is(&["from", "at"]) && range.len() == 1 && !talk.cased;
            Some((range, if place { 480 } else { 780 }))
        })
        .collect()
}

/// "Ada Byron, Acme Foods", "Acme Foods, twenty stores. Ada Byron", "ada byron acme foods".
fn beside_name(talk: &Talk<'_>, turn: &Turn, names: &[Span]) -> Vec<(Range<usize>, u16)> {
    let mut found = Vec::new();
    for name in names.iter().filter(|n| n.turn == turn.index && n.score >= 600) {
        let mut after = turn.tokens.partition_point(|t| t.end <= name.end);
        let direct = after;
        while turn.tokens.get(after).is_some_and(|t| {
            t.is_mark(',') || t.is_mark('.') || t.is(&["from", "with", "at", "of", "uh", "um"])
        }) {
            after += 1;
        }
        let separated = after > direct;
        if let Some(range) =
            company_at(turn, after, talk.cased).filter(|r| separated || named_firm(turn, r))
        {
            let sure = named_firm(turn, &range);
            found.push((range, if sure { 820 } else { 560 }));
        }
    }
    let introduces = names.iter().any(|n| n.turn == turn.index && n.score >= 700);
    let asked = talk.question_before(turn.index).is_some_and(|q| q.says(ASKS_WHO));
    if introduces || asked {
        found.extend(first_firm(talk, turn).filter(|r| named_firm(turn, r)).map(|r| (r, 740)));
    }
    found
}

fn named_firm(turn: &Turn, range: &Range<usize>) -> bool {
    let words = &turn.tokens[range.clone()];
    words.len() > 1
        && words
            .iter()
            .any(|t| is_company_noun(&t.norm) || t.is(&["city", "town", "grupo", "pastificio"]))
}

/// The first run at a clause's start that looks like a firm and not like a person.
fn first_firm(talk: &Talk<'_>, turn: &Turn) -> Option<Range<usize>> {
    turn.clauses().into_iter().find_map(|clause| {
        let skip = turn.tokens[clause.start]
            .is(&["yes", "yeah", "oh", "from", "at", "with", "just", "it's", "well"]);
        let range = company_at(turn, clause.start + usize::from(skip), talk.cased)?;
        let person = range.len() <= 3 && is_first_name(&turn.tokens[range.start].norm);
        (range.end <= clause.end && (!person || named_firm(turn, &range))).then_some(range)
    })
}

fn owner(talk: &Talk<'_>, turn: &Turn, range: &Range<usize>) -> Owner {
    let text =
        turn.tokens[range.clone()].iter().map(|t| t.norm.as_str()).collect::<Vec<_>>().join(" ");
    let rep = talk.transcript.rep();
    let reps = rep
        .company
        .as_deref()
        .is_some_and(|c| same_name(&text, c) || employer_key(&text).contains(&employer_key(c)));
    if reps {
        Owner::Rep
    } else if turn.role == Role::Rep {
        Owner::Third
    } else {
        Owner::Prospect
    }
}
