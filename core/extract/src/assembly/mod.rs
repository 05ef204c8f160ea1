//! Which candidate stands: corrections, ownership and polarity resolved over the whole talk.

mod authority;
mod budget;
mod calibration;
mod contact;
mod lists;
mod next_step;
mod settle;
mod timeline;
mod verdict;

use confee_domain::{Confidence, Contact, Lead, SCHEMA_VERSION, Score, ScoreRules, Tier};

use crate::tagger::Span;
use crate::talk::Talk;

/// The lead of a talk from the tagger's spans and the grammars' values.
pub(crate) fn assemble(
    talk: &Talk<'_>,
    spans: &[Span],
    currency: Option<&str>,
    rules: &ScoreRules,
) -> Lead {
    let contact = contact::assemble(talk, spans);
    let (competitors, pains) =
        (lists::competitors(talk, spans, &contact), lists::pains(talk, spans));
    let mut lead = Lead {
        schema: SCHEMA_VERSION,
        id: talk.transcript.id().to_owned(),
        is_lead: verdict::unknown(),
        contact,
        budget: budget::assemble(talk, currency),
        timeline: timeline::assemble(talk),
        authority: authority::assemble(talk),
        pains,
        competitors,
        next_step: next_step::assemble(talk, spans),
        score: empty_score(),
    };
    verdict::settle(talk, spans, &mut lead);
    lead.heard_in(talk.transcript);
    lead.score = rules.score(&lead, talk.transcript.day());
    lead
}

fn empty_score() -> Score {
    Score { points: 0, tier: Tier::Cold, known: Confidence::permille(0), terms: Vec::new() }
}

/// Whether there is nothing in the contact at all.
fn is_empty(contact: &Contact) -> bool {
    [&contact.name, &contact.title, &contact.company, &contact.email, &contact.phone]
        .iter()
        .all(|f| f.is_none())
}
