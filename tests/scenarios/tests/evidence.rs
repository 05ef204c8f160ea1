//! Drafts are the same every time, and every value stands on words that are really there.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::path::Path;
use std::thread;

use confee_domain::{EvidenceSpan, Lead, LeadCard, Review, ScoreRules, Transcript};
use confee_extract::Extractor;
use confee_scenarios::talks;

const TIMES: usize = 3;

/// Every recorded talk of the repository, and some of the scenarios'.
fn all() -> Vec<Transcript> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let story = std::fs::read_to_string(root.join("core/cli/src/demo/story.json")).unwrap();
    let mut out = vec![serde_json::from_str(&story).unwrap()];
    let folder = std::fs::read_dir(root.join("tests/fixtures/conversations"));
    let mut paths: Vec<_> = folder.into_iter().flatten().map(|f| f.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "json"));
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let talk = serde_json::from_str(&text);
        out.push(talk.unwrap_or_else(|e| panic!("{}: {e}", path.display())));
    }
    out.extend((0..talks::DIFFERENT).step_by(97).map(talks::talk));
    out
}

fn drafts(talks: &[Transcript]) -> Vec<Lead> {
    let extractor = Extractor::with_rules().unwrap();
    talks.iter().map(|talk| extractor.extract(talk)).collect()
}

#[test]
fn drafts_are_the_same_on_every_thread_and_every_time() {
    let talks = all();
    let first = drafts(&talks);
    let same = || (0..TIMES).all(|_| drafts(&talks) == first);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(same)).collect();
        assert!(threads.into_iter().all(|t| t.join().unwrap()));
    });
}

#[test]
fn every_value_stands_on_words_of_the_talk() {
    let rules = ScoreRules::shipped().unwrap();
    let mut values = 0;
    for talk in all() {
        let lead = drafts(std::slice::from_ref(&talk)).remove(0);
        let review = Review::captured().draft(lead).unwrap();
        for field in LeadCard::new(&review, &talk, &rules).fields {
            assert_eq!(words(&talk, &field.evidence), field.quote, "{} {:?}", talk.id(), field.key);
            values += 1;
        }
        lost_values_too(&talk, &review);
    }
    assert!(values > 50, "{values}");
}

/// Every span anywhere in the draft's JSON, those of values that lost included.
fn lost_values_too(talk: &Transcript, review: &Review) {
    let mut open = vec![serde_json::to_value(review.lead().unwrap()).unwrap()];
    while let Some(value) = open.pop() {
        let (text, spans) = (value.get("text"), value.get("evidence"));
        if let (Some(text), Some(spans)) = (text.and_then(|t| t.as_str()), spans) {
            let spans: Vec<EvidenceSpan> = serde_json::from_value(spans.clone()).unwrap();
            assert_eq!(words(talk, &spans), text, "{}", talk.id());
        }
        match value {
            serde_json::Value::Array(list) => open.extend(list),
            serde_json::Value::Object(map) => open.extend(map.into_iter().map(|(_, v)| v)),
            _ => {}
        }
    }
}

/// The words of spans, joined as a quote is. Panics where a span leaves its segment or its times.
fn words(talk: &Transcript, spans: &[EvidenceSpan]) -> String {
    assert!(!spans.is_empty(), "{}: a value without evidence", talk.id());
    let text = |span: &EvidenceSpan| {
        let segment = &talk.segments()[span.segment as usize];
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(start < end && end <= segment.text.chars().count(), "{}: {span:?}", talk.id());
        assert!(segment.start_ms <= span.start_ms && span.end_ms <= segment.end_ms, "{span:?}");
        segment.text.chars().skip(start).take(end - start).collect::<String>()
    };
    spans.iter().map(text).collect::<Vec<_>>().join(" … ")
}
