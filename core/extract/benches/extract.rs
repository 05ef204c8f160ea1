//! Speed of the rule extraction, and of the time and money grammars beside the `duckling` crate on
//! the same phrases. `cargo xtask bench` runs it; figures stand in docs/performance.md.

use chrono::{DateTime, NaiveDate};
use confee_domain::{Segment, Transcript};
use confee_extract::Extractor;
use confee_extract::normalize::{money, time};
use duckling::{DimensionKind, parse_en};

fn main() {
    divan::main();
}

const STORY: &str = include_str!("../../cli/src/demo/story.json");

/// The demo's talk told again until it has about 900 words: five minutes.
fn five_minutes() -> Transcript {
    let story: Transcript = serde_json::from_str(STORY).expect("the demo's story is valid");
    let words = |s: &Segment| s.text.split_whitespace().count();
    let mut segments: Vec<Segment> = Vec::new();
    for (i, segment) in story.segments().iter().cycle().enumerate() {
        if segments.iter().map(words).sum::<usize>() >= 900 {
            break;
        }
        let start_ms = i as u64 * 4000;
        segments.push(Segment { start_ms, end_ms: start_ms + 3900, ..segment.clone() });
    }
    let at = DateTime::parse_from_rfc3339("2026-03-18T10:12:00+01:00").expect("a time");
    Transcript::new("bench".into(), at, story.rep().clone(), segments).expect("a talk")
}

#[divan::bench]
fn five_minute_talk(bencher: divan::Bencher) {
    let extractor = Extractor::with_rules().expect("the shipped rules");
    let talk = five_minutes();
    bencher.bench(|| extractor.extract(divan::black_box(&talk)));
}

const TIMES: [&str; 6] = [
    "by the end of Q2",
    "in two to three months",
    "next Tuesday at nine",
    "not before October",
    "March 15th 2027",
    "as soon as possible",
];

const AMOUNTS: [&str; 6] = [
    "fifty to sixty thousand euros",
    "up to 40k",
    "€50,000",
    "a hundred and twenty thousand dollars a year",
    "low six figures",
    "one point four million kroner",
];

#[divan::bench(args = TIMES)]
fn time_ours(phrase: &str) -> usize {
    let day = NaiveDate::from_ymd_opt(2026, 3, 18).expect("a day");
    time::find(phrase, &time::Context { day }).len()
}

#[divan::bench(args = TIMES)]
fn time_duckling(phrase: &str) -> usize {
    parse_en(phrase, &[DimensionKind::Time]).len()
}

#[divan::bench(args = AMOUNTS)]
fn money_ours(phrase: &str) -> usize {
    money::find(phrase, &money::Context { default_currency: None }).len()
}

#[divan::bench(args = AMOUNTS)]
fn money_duckling(phrase: &str) -> usize {
    parse_en(phrase, &[DimensionKind::AmountOfMoney]).len()
}
