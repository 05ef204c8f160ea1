//! What the extractor still makes of a recogniser's text: filled fields against the gold lead, by
//! the rules of `tests/evaluation/score.py` in short.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use chrono::NaiveDate;
use confee_domain::{Segment, Transcript};
use confee_extract::Extractor;
use serde_json::Value;

use crate::words::{Step, Word, align, normal};

const SCALARS: [&str; 9] =
    ["name", "title", "company", "email", "phone", "budget", "timeline", "authority", "next_step"];
const LEGAL: [&str; 13] = [
    "gmbh", "ag", "inc", "ltd", "llc", "plc", "bv", "ab", "kg", "co", "corp", "limited", "company",
];
const ARTICLES: [&str; 6] = ["the", "a", "an", "our", "of", "for"];

/// Outcomes of a field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Filled as in the gold lead.
    pub correct: usize,
    /// Filled otherwise.
    pub wrong: usize,
    /// Empty, though gold has a value.
    pub missed: usize,
    /// Filled, though gold has none.
    pub invented: usize,
}

impl Counts {
    /// Harmonic mean of precision and recall; 0 where nothing is right.
    #[must_use]
    pub fn f1(&self) -> f64 {
        let filled = self.correct + self.wrong + self.invented;
        let there = self.correct + self.wrong + self.missed;
        2.0 * self.correct as f64 / (filled + there).max(1) as f64
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.correct += other.correct;
        self.wrong += other.wrong;
        self.missed += other.missed;
        self.invented += other.invented;
    }
}

/// Outcomes by field; pains and competitors count each entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scores(pub BTreeMap<&'static str, Counts>);

impl Scores {
    /// All fields together.
    #[must_use]
    pub fn total(&self) -> Counts {
        self.0.values().fold(Counts::default(), |mut sum, counts| {
            sum += *counts;
            sum
        })
    }
}

impl AddAssign for Scores {
    fn add_assign(&mut self, other: Self) {
        for (field, counts) in other.0 {
            *self.0.entry(field).or_default() += counts;
        }
    }
}

/// A recogniser's text cut into the turns of the talk: every word goes to the turn of the word that
/// it stands for, so speakers are known as well as they can be. None where nothing was heard.
#[must_use]
pub fn attribute(talk: &Transcript, heard: &str) -> Option<Transcript> {
    let mut reference: Vec<(usize, Word)> = Vec::new();
    for (turn, segment) in talk.segments().iter().enumerate() {
        reference.extend(normal(&segment.text).into_iter().map(|w| (turn, w)));
    }
    let said: Vec<&str> = reference.iter().map(|(_, w)| w.text.as_str()).collect();
    let words = normal(heard);
    let texts: Vec<&str> = words.iter().map(|w| w.text.as_str()).collect();
    let surface: Vec<&str> = heard.split_whitespace().collect();
    let mut turn_of = vec![None; surface.len()];
    for step in align(&said, &texts) {
        if let Step::Same(r, h) | Step::Substituted(r, h) = step {
            turn_of[words[h].source].get_or_insert(reference[r].0);
        }
    }
    // The words' places are those of the talk's own text.
    let empty = |s: &Segment| Segment { text: String::new(), words: Vec::new(), ..s.clone() };
    let mut segments: Vec<Segment> = talk.segments().iter().map(empty).collect();
    let mut turn = 0;
    for (word, known) in surface.iter().zip(turn_of) {
        turn = known.unwrap_or(turn).max(turn);
        let text = &mut segments.get_mut(turn)?.text;
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    segments.retain(|s| !s.text.is_empty());
    Transcript::new(talk.id().into(), talk.captured_at(), talk.rep().clone(), segments).ok()
}

/// Extracts the lead of a talk, none where nothing was heard, and compares it. Without a gold lead
/// nothing is counted.
#[must_use]
pub fn score(extractor: &Extractor, talk: Option<&Transcript>, gold: &Value) -> Scores {
    let lead = talk.map(|t| serde_json::to_value(extractor.extract(t)).unwrap_or_default());
    let lead = lead.unwrap_or_default();
    let mut scores = Scores::default();
    if gold.is_null() {
        return scores;
    }
    for field in SCALARS {
        let place = |v: &Value| {
            if field_of_contact(field) { v["contact"][field].clone() } else { v[field].clone() }
        };
        let (found, wanted) = (place(&lead)["value"].clone(), place(gold));
        let counts = scores.0.entry(field).or_default();
        match (found.is_null(), wanted.is_null()) {
            (false, false) if same(field, &found, &wanted) => counts.correct += 1,
            (false, false) => counts.wrong += 1,
            (false, true) => counts.invented += 1,
            (true, false) => counts.missed += 1,
            (true, true) => {}
        }
    }
    for field in ["pains", "competitors"] {
        scores.0.insert(field, list(field, &lead[field], &gold[field]));
    }
    scores
}

fn field_of_contact(field: &str) -> bool {
    matches!(field, "name" | "title" | "company" | "email" | "phone")
}

fn list(field: &str, found: &Value, wanted: &Value) -> Counts {
    let mut left: Vec<&Value> = wanted.as_array().into_iter().flatten().collect();
    let mut counts = Counts::default();
    for entry in found.as_array().into_iter().flatten() {
        let value = &entry["value"];
        let hit = left.iter().position(|gold| match field {
            "pains" => same_pain(text(value), text(gold)),
            _ => same_company(text(&value["name"]), text(&gold["name"])),
        });
        match hit {
            Some(at) => {
                left.remove(at);
                counts.correct += 1;
            }
            None => counts.invented += 1,
        }
    }
    counts.missed = left.len();
    counts
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn same(field: &str, found: &Value, wanted: &Value) -> bool {
    match field {
        "name" => tokens(text(found), &[]).concat() == tokens(text(wanted), &[]).concat(),
        "company" => same_company(text(found), text(wanted)),
        "title" => overlap(text(found), text(wanted)).0 >= 0.8,
        "email" => text(found).eq_ignore_ascii_case(text(wanted)),
        "phone" => same_phone(text(found), text(wanted)),
        "budget" => same_budget(found, wanted),
        "timeline" => same_window(found, wanted, 7),
        "authority" => found == wanted,
        _ => {
            let (due, gold) = (&found["due"], &wanted["due"]);
            let dates = if due.is_null() || gold.is_null() {
                due == gold
            } else {
                same_window(due, gold, 1)
            };
            found["kind"] == wanted["kind"] && dates
        }
    }
}

/// Words of a name without accents, case and `without`.
fn tokens(value: &str, without: &[&str]) -> Vec<String> {
    let words = normal(value).into_iter().map(|w| w.text);
    words.filter(|w| !without.contains(&w.as_str())).collect()
}

fn same_company(found: &str, wanted: &str) -> bool {
    let name = |value| {
        let short = tokens(value, &LEGAL).concat();
        if short.is_empty() { tokens(value, &[]).concat() } else { short }
    };
    name(found) == name(wanted)
}

fn same_phone(found: &str, wanted: &str) -> bool {
    let digits = |v: &str| {
        let all: String = v.chars().filter(char::is_ascii_digit).collect();
        all.trim_start_matches('0').to_owned()
    };
    let (a, b) = (digits(found), digits(wanted));
    a == b || a.len().min(b.len()) >= 7 && (a.ends_with(&b) || b.ends_with(&a))
}

fn same_budget(found: &Value, wanted: &Value) -> bool {
    let bound = |key: &str| match (found[key].as_f64(), wanted[key].as_f64()) {
        (None, None) => true,
        (Some(a), Some(b)) => (a - b).abs() <= 0.01 * b.abs().max(1.0),
        _ => false,
    };
    let no_amount = wanted["min"].is_null() && wanted["max"].is_null();
    let currency = &wanted["currency"];
    found["status"] == wanted["status"]
        && bound("min")
        && bound("max")
        && (currency.is_null() || no_amount || found["currency"] == *currency)
}

fn same_window(found: &Value, wanted: &Value, near_days: i64) -> bool {
    let day = |v: &Value, key: &str| text(&v[key]).parse::<NaiveDate>().ok();
    let (Some(from), Some(to)) = (day(found, "start"), day(found, "end")) else { return false };
    let (Some(start), Some(end)) = (day(wanted, "start"), day(wanted, "end")) else { return false };
    let common = (to.min(end) - from.max(start)).num_days() + 1;
    let whole = (to.max(end) - from.min(start)).num_days() + 1;
    let ends = ((to - end).num_days().abs(), (from - start).num_days().abs());
    2 * common >= whole || ends.0 <= near_days && ends.1 <= 2 * near_days
}

/// F1 of the words and the share of the wanted ones, articles left out.
fn overlap(found: &str, wanted: &str) -> (f64, f64) {
    let found = tokens(found, &ARTICLES);
    let mut left = tokens(wanted, &ARTICLES);
    let all = left.len();
    for word in &found {
        if let Some(at) = left.iter().position(|w| w == word) {
            left.swap_remove(at);
        }
    }
    let common = (all - left.len()) as f64;
    (2.0 * common / (found.len() + all).max(1) as f64, common / all.max(1) as f64)
}

fn same_pain(found: &str, wanted: &str) -> bool {
    let (f1, share) = overlap(found, wanted);
    let short = tokens(found, &ARTICLES).len() <= 4 * tokens(wanted, &ARTICLES).len();
    f1 >= 0.5 || share >= 0.6 && short
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn talk() -> Transcript {
        serde_json::from_value(json!({
            "id": "t", "captured_at": "2026-11-18T14:20:00+01:00",
            "rep": {"name": "Mira Kohl", "company": "Kaltwerk"},
            "segments": [
                {"start_ms": 0, "end_ms": 900, "speaker": "rep", "text": "And you are?"},
                {"start_ms": 1000, "end_ms": 4000, "speaker": "prospect",
                 "text": "I'm Owen Hartnell, head of operations at Fenland Farms."},
                {"start_ms": 4100, "end_ms": 5000, "speaker": "rep", "text": "Is there a budget?"},
                {"start_ms": 5100, "end_ms": 9000, "speaker": "prospect",
                 "text": "We have a budget of sixty thousand euros."}
            ]
        }))
        .unwrap()
    }

    fn gold() -> Value {
        json!({
            "contact": {"name": "Owen Hartnell", "title": "head of operations",
                "company": "Fenland Farms", "email": null, "phone": null},
            "budget": {"status": "available", "min": 60000, "max": 60000, "currency": "EUR"},
            "timeline": null, "authority": null, "pains": [], "competitors": [], "next_step": null
        })
    }

    #[test]
    fn words_go_to_the_turn_they_were_said_in() {
        let talk = talk();
        let heard = "and you are Im Owen Hartnol had of operations at Fenland Farms. Is the budget \
            um we have a budget of 60,000 euros";
        let got = attribute(&talk, heard).unwrap();
        let texts: Vec<&str> = got.segments().iter().map(|s| s.text.as_str()).collect();
        assert_eq!(texts.len(), 4);
        assert_eq!(texts[0], "and you are");
        assert!(texts[1].starts_with("Im Owen") && texts[1].ends_with("Farms."));
        assert!(texts[3].ends_with("60,000 euros") && texts[3].starts_with("we"));
        assert_eq!(got.segments()[3].speaker, talk.segments()[3].speaker);
        assert!(attribute(&talk, "").is_none());
        assert!(attribute(&talk, "nothing of the kind at all was said here").is_some());
    }

    #[test]
    fn fields_are_compared_with_the_gold_lead() {
        let extractor = Extractor::with_rules().unwrap();
        let all = score(&extractor, Some(&talk()), &gold());
        assert_eq!(all.total(), Counts { correct: 4, ..Counts::default() }, "{all:?}");
        let heard = attribute(
            &talk(),
            "and you are owen hartnell is there a budget we have a budget \
            of 16,000 euros",
        );
        let some = score(&extractor, heard.as_ref(), &gold());
        assert_eq!(some.0["name"].correct, 1, "{some:?}");
        assert_eq!(some.0["budget"].wrong, 1);
        assert_eq!(some.0["company"].missed, 1);
        let none = score(&extractor, None, &gold());
        assert_eq!(none.total(), Counts { missed: 4, ..Counts::default() });
        assert!(none.total().f1().abs() < 1e-9 && (all.total().f1() - 1.0).abs() < 1e-9);
        assert_eq!(score(&extractor, None, &Value::Null).total(), Counts::default());
    }

    #[test]
    fn values_compare_as_people_would() {
        let rows = [
            ("company", json!("Acme Ltd"), json!("ACME"), true),
            ("company", json!("Acme"), json!("Acne"), false),
            ("phone", json!("+447700900318"), json!("07700900318"), true),
            ("phone", json!("7700900318"), json!("7700900319"), false),
            (
                "timeline",
                json!({"start": "2026-11-18", "end": "2027-04-30"}),
                json!({"start": "2026-11-18", "end": "2027-04-25"}),
                true,
            ),
            (
                "timeline",
                json!({"start": "2026-11-18", "end": "2026-12-01"}),
                json!({"start": "2027-03-01", "end": "2027-04-25"}),
                false,
            ),
            (
                "next_step",
                json!({"kind": "demo", "due": null}),
                json!({"kind": "demo", "due": null}),
                true,
            ),
            (
                "next_step",
                json!({"kind": "demo", "due": null}),
                json!({"kind": "call", "due": null}),
                false,
            ),
        ];
        for (field, found, wanted, expected) in rows {
            assert_eq!(same(field, &found, &wanted), expected, "{field} {found} {wanted}");
        }
        assert!(same_pain(
            "the compressor trips every hot afternoon",
            "compressor trips every afternoon"
        ));
        assert!(!same_pain("it is fine", "compressor trips every afternoon"));
    }
}
