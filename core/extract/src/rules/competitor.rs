use std::ops::Range;

use confee_domain::Relation;

use super::company::employer_key;
use super::cues::{
    ASKS_BEFORE, ASKS_NOW, ASKS_OTHERS, ASKS_RIVAL, COURTS, LOOKS, STAYS, USED, USES,
};
use crate::lexicon::{is_common, is_company_noun, is_first_name, is_stop};
use crate::similar::same_name;
use crate::tagger::{Owner, Polarity, Span, Tag};
use crate::talk::{Role, Talk, Turn};
use crate::text::Kind;

/// Rivals in the visitor's words; the rep's own firm, the visitor's firm and persons are left out.
pub(super) fn tag(talk: &Talk<'_>, known: &[Span]) -> Vec<Span> {
    let taken: Vec<String> =
        known.iter().filter(|s| s.owner != Owner::Third).map(|s| talk.said(s)).collect();
    let mut spans = Vec::new();
    for turn in talk.by(Role::Prospect) {
        for (range, relation, score) in candidates(talk, turn) {
            let polarity = if stays(turn, &range) { Polarity::Negated } else { Polarity::Stated };
            let whose = (Owner::Prospect, polarity);
            let span = Span::over(Tag::Competitor(relation), turn, &range, whose, score);
            let name = talk.said(&span);
            if !taken.iter().any(|t| same_name(t, &name)) && !is_reps(talk, &name) {
                spans.push(span);
            }
        }
    }
    spans
}

fn is_reps(talk: &Talk<'_>, name: &str) -> bool {
    let rep = talk.transcript.rep();
    let company = rep.company.as_deref().unwrap_or_default();
    (!company.is_empty() && employer_key(name).contains(&employer_key(company)))
        || [company, rep.name.as_deref().unwrap_or_default()]
            .iter()
            .any(|r| !r.is_empty() && same_name(r, name))
}

fn candidates(talk: &Talk<'_>, turn: &Turn) -> Vec<(Range<usize>, Relation, u16)> {
    let mut found = Vec::new();
    for (cues, relation, score) in [
        (USED, Relation::Past, 740),
        (USES, Relation::Current, 680),
        (LOOKS, Relation::Evaluating, 720),
    ] {
        for cue in turn.all_of(cues) {
            if let Some(range) = product_after(talk, turn, cue.end) {
                found.push((range, relation_of(turn, &cue, relation), score));
            }
        }
    }
    for cue in turn.all_of(COURTS) {
        if let Some(range) = product_before(talk, turn, cue.start) {
            found.push((range, Relation::Evaluating, 740));
        }
    }
    found.extend(answers(talk, turn));
    found
}

/// "We had X until last year" and "we have X ... before" are past, whatever the verb.
fn relation_of(turn: &Turn, cue: &Range<usize>, relation: Relation) -> Relation {
    let sentence = turn.sentence_of(cue.start);
    let words = &turn.tokens[sentence];
    let past = words.iter().any(|t| t.is(&["until", "before", "previously", "formerly", "ago"]));
    if past && relation == Relation::Current { Relation::Past } else { relation }
}

/// A product's name at most three words behind a cue ("on our Ilapak", "looking at a Bosch").
fn product_after(talk: &Talk<'_>, turn: &Turn, from: usize) -> Option<Range<usize>> {
    (from..turn.tokens.len().min(from + 4))
        .take_while(|i| *i == from || turn.tokens[*i - 1].kind == Kind::Word)
        .take_while(|i| !turn.tokens[*i].ends_sentence())
        .find_map(|i| product_at(talk, turn, i))
}

fn product_before(talk: &Talk<'_>, turn: &Turn, before: usize) -> Option<Range<usize>> {
    let end = before
        - usize::from(
            before > 0 && turn.tokens[before - 1].is(&["they", "already", "also", "yes"]),
        );
    (end.saturating_sub(3)..end).find_map(|i| product_at(talk, turn, i).filter(|r| r.end == end))
}

/// One to three words that are no ordinary English and no person's given name.
fn product_at(talk: &Talk<'_>, turn: &Turn, at: usize) -> Option<Range<usize>> {
    let tokens = &turn.tokens;
    let first = tokens.get(at).filter(|t| t.kind == Kind::Word)?;
    let opens_sentence = at == 0 || tokens[at - 1].ends_sentence();
    let named = if talk.cased {
        first.is_capitalised()
            && !is_stop(&first.norm)
            && (!is_common(&first.norm)
                || (!opens_sentence && first.text.chars().count() > 1 && !is_calendar(&first.norm)))
    } else {
        !is_common(&first.norm) && !is_stop(&first.norm)
    };
    if !named || is_calendar(&first.norm) || is_first_name(&first.norm) && !talk.cased {
        return None;
    }
    let mut end = at + 1;
    while end < tokens.len() && end - at < 5 {
        let t = &tokens[end];
        let glued_part = t.glued
            && (t.is_mark('-')
                || t.is_mark('.')
                    && tokens.get(end + 1).is_some_and(|n| n.glued && n.kind == Kind::Word)
                || tokens[end - 1].is_mark('-')
                || t.kind == Kind::Number);
        let more = t.kind == Kind::Word
            && if talk.cased {
                t.is_capitalised() && !is_stop(&t.norm)
            } else {
                !is_common(&t.norm) && !is_stop(&t.norm)
            };
        if !(glued_part || more) {
            break;
        }
        end += 1;
    }
    while end > at && tokens[end - 1].kind == Kind::Mark {
        end -= 1;
    }
    Some(at..end)
}

fn is_calendar(word: &str) -> bool {
    const WORDS: [&str; 25] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "english",
        "german",
        "christmas",
        "easter",
        "europe",
        "excel",
    ];
    WORDS.contains(&word)
}

/// The name that an answer begins with, where the question asks what is in use, who else is looked
/// at, or what came before: "Gantner. It's from when we had six clubs", "a Milli-Q, shared".
fn answers(talk: &Talk<'_>, turn: &Turn) -> Option<(Range<usize>, Relation, u16)> {
    let question = talk.question_before(turn.index)?;
    let (relation, score) = asked_relation(question)?;
    let opening = turn.sentences().first()?.clone();
    const LEADS: [&str; 24] = [
        "a", "an", "the", "with", "we", "have", "use", "it's", "still", "old", "an", "uh", "um",
        "oh", "well", "just", "yes", "yeah", "no", "only", "mostly", "both", "on", "by",
    ];
    let start = opening
        .clone()
        .find(|i| !turn.tokens[*i].is(&LEADS) && turn.tokens[*i].kind == Kind::Word)?;
    let range = product_at(talk, turn, start).or_else(|| {
        let near = (start..opening.end.min(start + 7)).find_map(|i| product_at(talk, turn, i));
        near.filter(|_| score >= 780)
    })?;
    let at_start = range.start == start;
    let person = is_first_name(&turn.tokens[range.start].norm);
    let firm = turn.tokens[range.clone()].iter().any(|t| is_company_noun(&t.norm));
    let score = score - if firm { 100 } else { 0 } - if at_start { 0 } else { 60 };
    (!person).then_some((range, relation, score))
}

/// What a question asks for, and how clearly.
fn asked_relation(question: &Turn) -> Option<(Relation, u16)> {
    let asks = question.says(&[
        "what", "which", "who", "who's", "what's", "how", "do you", "have you", "did you",
        "are you", "is there", "payroll", "and",
    ]);
    if question.says(ASKS_OTHERS) {
        return Some((Relation::Evaluating, 780));
    }
    if question.says(ASKS_BEFORE) {
        return Some((Relation::Past, 760));
    }
    if question.says(ASKS_RIVAL) {
        return Some((Relation::Current, 780));
    }
    (asks && question.is_question() && question.says(ASKS_NOW)).then_some((Relation::Current, 700))
}

/// Whether the clause says that the thing stays and is only to be connected with.
fn stays(turn: &Turn, range: &Range<usize>) -> bool {
    let sentence = turn.sentence_of(range.start);
    STAYS.iter().any(|p| turn.find_from(p, sentence.start).is_some_and(|r| r.end <= sentence.end))
}
