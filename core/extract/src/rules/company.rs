use std::ops::Range;

use super::cues::{ASKS_FIRM, ASKS_RIVAL, ASKS_WHO};
use super::runs::company_at;
use crate::lexicon::{is_common, is_company_noun, is_first_name};
use crate::normalize::title::TitleOwner;
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
            let person = names.iter().any(|n| {
                n.turn == turn.index && n.start < chars.end && chars.start < n.end && n.score >= 600
            });
            if person && !named_firm(turn, &range) {
                continue;
            }
            let whose = (owner(talk, turn, &range), Polarity::Stated);
            spans.push(Span::over(Tag::Company, turn, &range, whose, score));
        }
    }
    spans
}

fn asked_before(talk: &Talk<'_>, turn: &Turn, phrases: &[&str]) -> bool {
    talk.question_before(turn.index).is_some_and(|q| q.says(phrases))
}

fn candidates(talk: &Talk<'_>, turn: &Turn, names: &[Span]) -> Vec<(Range<usize>, u16)> {
    let mut found = after_title(talk, turn);
    found.extend(works_for(talk, turn));
    found.extend(beside_name(talk, turn, names));
    if talk.cased {
        let rivals = asked_before(talk, turn, ASKS_RIVAL);
        found.extend(on_its_own(turn).into_iter().filter(|_| !rivals));
    } else {
        found.extend(opening(turn, names));
    }
    if asked_before(talk, turn, ASKS_FIRM) {
        found.extend(first_firm(talk, turn).map(|r| (r, 760)));
    }
    found
}

/// "operations director at Meerkade Logistics", "CTO, Acme".
fn after_title(talk: &Talk<'_>, turn: &Turn) -> Vec<(Range<usize>, u16)> {
    talk.titles(turn.index)
        .iter()
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
                () if !talk.cased => (after, 580),
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

/// "Havsund Yard, between Alesund and nothing", "The hotel is Rustaveli Heights.": a capitalised run
/// that fills a clause. Low, lifted later by an address that fits.
fn on_its_own(turn: &Turn) -> Vec<(Range<usize>, u16)> {
    turn.clauses()
        .into_iter()
        .filter_map(|clause| {
            let is = (clause.start..clause.end.min(clause.start + 4))
                .find(|i| turn.tokens[*i].is(&["is", "it's", "we're", "in", "at", "from"]))
                .filter(|i| {
                    turn.tokens[clause.start]
                        .is(&["the", "it's", "we're", "at", "from", "our", "and", "here"])
                        || *i == clause.start
                });
            let range = company_at(turn, is.map_or(clause.start, |i| i + 1), true)?;
            let whole = range.end >= clause.end;
            let place = turn
                .tokens
                .get(range.end)
                .is_some_and(|t| t.is(&["in", "from", "near", "here", "over"]));
            let sure = named_firm(turn, &range);
            let person = is_first_name(&turn.tokens[range.start].norm) && !sure;
            let long = range.len() > 1;
            match (whole || place, sure, long) {
                _ if person => None,
                (true, true, _) => Some((range, 640)),
                (true, false, true) => Some((range, 560)),
                (true, false, false) if is.is_some() => Some((range, 360)),
                _ => None,
            }
        })
        .collect()
}

/// Without capitals: a run at the turn's start, or right behind a name, that ends in a company noun
/// or stands before "in" or "near".
fn opening(turn: &Turn, names: &[Span]) -> Vec<(Range<usize>, u16)> {
    const FILLERS: [&str; 16] = [
        "yes", "yeah", "uh", "um", "no", "oh", "we're", "from", "it's", "at", "so", "well", "the",
        "morning", "hi", "hello",
    ];
    let mut starts =
        vec![(0..turn.tokens.len()).find(|i| !turn.tokens[*i].is(&FILLERS)).unwrap_or(0)];
    let behind = names.iter().filter(|n| n.turn == turn.index);
    starts.extend(behind.map(|n| turn.tokens.partition_point(|t| t.end <= n.end)));
    starts
        .into_iter()
        .filter_map(|start| {
            let stutter = turn.tokens.get(start).map(|t| &t.norm)
                == turn.tokens.get(start + 1).map(|t| &t.norm);
            let range = company_at(turn, start + usize::from(stutter), false)?;
            let place = turn.tokens.get(range.end).is_some_and(|t| t.is(&["in", "near"]));
            let person = is_first_name(&turn.tokens[range.start].norm);
            let odd = turn.tokens[range.clone()].iter().any(|t| !is_common(&t.norm));
            let verbs = turn.tokens[range.clone()].iter().any(|t| {
                t.is(&["want", "need", "have", "see", "know", "think", "like", "get", "mean"])
            });
            match (named_firm(turn, &range), place) {
                _ if person || verbs || !odd => None,
                (true, _) => Some((range, 600)),
                (false, true) => Some((range.clone(), if range.len() > 1 { 560 } else { 460 })),
                _ => None,
            }
        })
        .collect()
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
