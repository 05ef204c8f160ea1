//! What cues and word lists propose: no model, no state.

mod company;
mod competitor;
mod cues;
mod intent;
mod next_step;
mod pain;
mod person;
mod runs;
mod step_cues;

pub(crate) use company::employer_key;
pub(crate) use next_step::is_scheduling;
pub(crate) use runs::present;

use crate::tagger::Span;
use crate::talk::Talk;

/// Spans by cues such as "I'm", "we use", "takes us four weeks".
pub(crate) fn tag(talk: &Talk<'_>) -> Vec<Span> {
    let mut spans = person::tag(talk);
    spans.extend(company::tag(talk, &spans));
    let known = spans.clone();
    spans.extend(competitor::tag(talk, &known));
    spans.extend(pain::tag(talk));
    spans.extend(next_step::tag(talk));
    spans.extend(intent::tag(talk));
    spans
}
