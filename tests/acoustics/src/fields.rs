//! What the extractor still makes of a recogniser's text: filled fields against the gold lead.

use confee_domain::{Segment, Transcript};
use confee_evaluation::{Gold, Scores, Tally};
use confee_extract::Extractor;
use serde_json::Value;

use crate::words::{Step, Word, align, normal};

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

/// Extracts the lead of a talk, nothing where nothing was heard, and compares it with gold. Without
/// a gold lead nothing is counted.
#[must_use]
pub fn score(extractor: &Extractor, talk: Option<&Transcript>, gold: &Value) -> Scores {
    let Ok(gold) = serde_json::from_value::<Gold>(gold.clone()) else { return Scores::default() };
    match talk {
        Some(talk) => confee_evaluation::score(&extractor.extract(talk), talk.rep(), &gold),
        None => nothing(&gold),
    }
}

/// What an empty lead misses.
fn nothing(gold: &Gold) -> Scores {
    let contact = &gold.contact;
    let fields = [
        ("name", usize::from(contact.name.is_some())),
        ("title", usize::from(contact.title.is_some())),
        ("company", usize::from(contact.company.is_some())),
        ("email", usize::from(contact.email.is_some())),
        ("phone", usize::from(contact.phone.is_some())),
        ("budget", usize::from(gold.budget.is_some())),
        ("timeline", usize::from(gold.timeline.is_some())),
        ("authority", usize::from(gold.authority.is_some())),
        ("next_step", usize::from(gold.next_step.is_some())),
        ("pains", gold.pains.len()),
        ("competitors", gold.competitors.len()),
    ];
    let missed = |missed| Tally { missed, ..Tally::default() };
    let fields = fields.into_iter().map(|(field, n)| (field, missed(n))).collect();
    Scores { fields, talks: 1, ..Scores::default() }
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
            "is_lead": true,
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
        assert_eq!(all.total(), Tally { right: 4, empty: 7, ..Tally::default() }, "{all:?}");
        let heard = attribute(
            &talk(),
            "and you are owen hartnell is there a budget we have a budget \
            of 16,000 euros",
        );
        let some = score(&extractor, heard.as_ref(), &gold());
        assert_eq!(some.fields["name"].right, 1, "{some:?}");
        assert_eq!(some.fields["budget"].wrong, 1);
        assert_eq!(some.fields["company"].missed, 1);
        let none = score(&extractor, None, &gold());
        assert_eq!(none.total(), Tally { missed: 4, ..Tally::default() });
        assert!(none.total().f1().abs() < 1e-9 && (all.total().f1() - 1.0).abs() < 1e-9);
        assert_eq!(score(&extractor, None, &Value::Null).total(), Tally::default());
    }
}
