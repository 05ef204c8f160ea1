use confee_domain::{Competitor, Contact, Field, Relation};

use super::calibration::{COMPETITOR, PAIN, calibrated};
use crate::rules::{employer_key, present};
use crate::similar::same_name;
use crate::tagger::{Polarity, Span, Tag};
use crate::talk::Talk;

const MAX_PAINS: usize = 4;
const MAX_COMPETITORS: usize = 6;
const PAIN_THRESHOLD: u16 = 500;
const COMPETITOR_THRESHOLD: u16 = 600;

/// The surest pains, in the order in which they were said.
pub(super) fn pains(talk: &Talk<'_>, spans: &[Span]) -> Vec<Field<String>> {
    let mut found: Vec<&Span> =
        spans.iter().filter(|s| s.tag == Tag::Pain && s.score >= PAIN_THRESHOLD).collect();
    found.sort_by_key(|s| (std::cmp::Reverse(s.score), s.turn, s.start));
    found.truncate(MAX_PAINS);
    found.sort_by_key(|s| (s.turn, s.start));
    found
        .into_iter()
        .filter_map(|s| {
            let quote = talk.quote(s.turn, s.start, s.end)?;
            Some(Field::new(talk.said(s), calibrated(s.score, PAIN), quote))
        })
        .collect()
}

/// One entry a rival, with the relation of its surest mention.
pub(super) fn competitors(
    talk: &Talk<'_>,
    spans: &[Span],
    contact: &Contact,
) -> Vec<Field<Competitor>> {
    let own = contact.company.as_ref().map(|f| employer_key(f.value())).unwrap_or_default();
    let mut groups: Vec<(String, Vec<(&Span, Relation)>)> = Vec::new();
    for span in spans {
        let Tag::Competitor(relation) = span.tag else { continue };
        let name = present(&talk.said(span), talk.cased);
        if !own.is_empty() && employer_key(&name) == own {
            continue;
        }
        match groups.iter_mut().find(|(n, _)| same_name(n, &name)) {
            Some((_, mentions)) => mentions.push((span, relation)),
            None => groups.push((name, vec![(span, relation)])),
        }
    }
    let kept =
        groups.into_iter().filter(|(_, m)| m.iter().all(|(s, _)| s.polarity != Polarity::Negated));
    kept.filter_map(|(name, mentions)| {
        let (best, relation) =
            mentions.iter().max_by_key(|(s, _)| (s.score, std::cmp::Reverse(s.turn)))?;
        let again = u16::try_from(mentions.len() - 1).unwrap_or(0).min(2) * 50;
        let score = (best.score + again).min(900);
        let quote = talk.quote(best.turn, best.start, best.end)?;
        let value = Competitor { name, relation: *relation };
        (score >= COMPETITOR_THRESHOLD)
            .then(|| Field::new(value, calibrated(score, COMPETITOR), quote))
    })
    .take(MAX_COMPETITORS)
    .collect()
}
