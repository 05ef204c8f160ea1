//! Which candidate stands: corrections, ownership and polarity resolved over the whole talk.

mod authority;
mod budget;
mod calibration;
mod contact;
mod heard;
mod lists;
mod next_step;
mod settle;
mod timeline;
mod verdict;

use confee_domain::{Confidence, Contact, Lead, SCHEMA_VERSION, Score, ScoreRules, Tier};

use self::heard::Heard;
use crate::tagger::{Reading, Span};
use crate::talk::Talk;

/// The lead of a talk from the spans of rules and model and the grammars' values.
pub(crate) fn assemble(
    talk: &Talk<'_>,
    (spans, reading): (&[Span], Option<&Reading>),
    currency: Option<&str>,
    rules: &ScoreRules,
) -> Lead {
    let heard = Heard { talk, rules: spans, reading };
    let contact = contact::assemble(&heard);
    let (competitors, pains) = (lists::competitors(&heard, &contact), lists::pains(&heard));
    let mut lead = Lead {
        schema: SCHEMA_VERSION,
        id: talk.transcript.id().to_owned(),
        is_lead: verdict::unknown(),
        contact,
        budget: budget::assemble(&heard, currency),
        timeline: timeline::assemble(&heard),
        authority: authority::assemble(&heard),
        pains,
        competitors,
        next_step: next_step::assemble(&heard),
        score: empty_score(),
    };
    verdict::settle(&heard, &mut lead);
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
