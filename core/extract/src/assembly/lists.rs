use confee_domain::{Competitor, Confidence, Contact, Field};

use super::calibration::{COMPETITOR, PAIN, Scale};
use super::heard::{Heard, Source};
use crate::rules::{employer_key, present};
use crate::similar::same_name;
use crate::tagger::{Polarity, Span, Tag};

const MAX_PAINS: usize = 4;
const MAX_COMPETITORS: usize = 6;

/// A span with the scores of both who may have proposed it.
struct Found {
    span: Span,
    rules: u16,
    model: Option<u16>,
}

impl Found {
    fn score(&self, scale: &Scale) -> u16 {
        scale.score(self.rules, self.model)
    }

    fn sureness(&self, scale: &Scale, more: u16) -> Option<Confidence> {
        let learned = self.model.is_some();
        let score = (self.score(scale) + more).min(if learned { 1000 } else { 900 });
        (score >= scale.threshold(learned)).then(|| scale.confidence(score, learned))
    }
}

/// The surest pains, in the order in which they were said.
pub(super) fn pains(heard: &Heard<'_>) -> Vec<Field<String>> {
    let mut found: Vec<Found> = Vec::new();
    for next in proposed(heard, |tag| tag == Tag::Pain) {
        let overlaps = |f: &&mut Found| {
            let (a, b) = (&f.span, &next.span);
            a.turn == b.turn && a.start < b.end && b.start < a.end
        };
        match found.iter_mut().find(overlaps).filter(|_| next.model.is_some()) {
            Some(known) => known.rules = known.rules.max(next.rules),
            None => found.push(next),
        }
    }
    found.retain(|f| f.sureness(&PAIN, 0).is_some());
    found.sort_by_key(|f| (std::cmp::Reverse(f.score(&PAIN)), f.span.turn, f.span.start));
    found.truncate(MAX_PAINS);
    found.sort_by_key(|f| (f.span.turn, f.span.start));
    let field = |f: Found| {
        let quote = heard.talk.quote(f.span.turn, f.span.start, f.span.end)?;
        Some(Field::new(heard.talk.said(&f.span), f.sureness(&PAIN, 0)?, quote))
    };
    found.into_iter().filter_map(field).collect()
}

/// One entry a rival, with the relation of its surest mention.
pub(super) fn competitors(heard: &Heard<'_>, contact: &Contact) -> Vec<Field<Competitor>> {
    let own = contact.company.as_ref().map(|f| employer_key(f.value())).unwrap_or_default();
    let mut groups: Vec<(String, Vec<Found>)> = Vec::new();
    for found in proposed(heard, |tag| matches!(tag, Tag::Competitor(_))) {
        let name = present(&heard.talk.said(&found.span), heard.talk.cased);
        if !own.is_empty() && employer_key(&name) == own {
            continue;
        }
        match groups.iter_mut().find(|(n, _)| same_name(n, &name)) {
            Some((_, mentions)) => mentions.push(found),
            None => groups.push((name, vec![found])),
        }
    }
    let kept =
        groups.into_iter().filter(|(_, m)| m.iter().all(|f| f.span.polarity != Polarity::Negated));
    kept.filter_map(|(name, mentions)| rival(heard, name, &mentions))
        .take(MAX_COMPETITORS)
        .collect()
}

fn rival(heard: &Heard<'_>, name: String, mentions: &[Found]) -> Option<Field<Competitor>> {
    let best =
        mentions.iter().max_by_key(|f| (f.score(&COMPETITOR), std::cmp::Reverse(f.span.turn)))?;
    let Tag::Competitor(relation) = best.span.tag else { return None };
    let again = u16::try_from(mentions.len() - 1).unwrap_or(0).min(2) * 50;
    let quote = heard.talk.quote(best.span.turn, best.span.start, best.span.end)?;
    let confidence = best.sureness(&COMPETITOR, again)?;
    Some(Field::new(Competitor { name, relation }, confidence, quote))
}

fn proposed(heard: &Heard<'_>, wanted: impl Fn(Tag) -> bool) -> Vec<Found> {
    let learned = heard.reading.is_some();
    let found = heard.spans(wanted).into_iter().map(|(span, source)| {
        let by = |asked: Source| if source == asked { span.score } else { 0 };
        Found { rules: by(Source::Rules), model: learned.then(|| by(Source::Model)), span }
    });
    found.collect()
}
