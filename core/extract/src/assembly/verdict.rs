use confee_domain::{Confidence, Lead, Verdict};

use super::is_empty;
use crate::tagger::{Span, Tag};
use crate::talk::Talk;

/// Before anything is known.
pub(super) fn unknown() -> Verdict {
    Verdict { value: true, confidence: Confidence::permille(500) }
}

/// Decides whether the talk is a lead; what a non-lead "wants" is dropped unless it is sure.
pub(super) fn settle(talk: &Talk<'_>, spans: &[Span], lead: &mut Lead) {
    let against = against(spans);
    let in_favour = in_favour(lead);
    let value = in_favour >= against;
    let margin = in_favour.abs_diff(against).min(1500);
    let short = if talk.turns.len() < 4 { 100 } else { 0 };
    let sure = 550 + u16::try_from(margin).unwrap_or(0) / 4 - short;
    lead.is_lead = Verdict { value, confidence: Confidence::permille(sure.min(970)) };
    if !value {
        let keep = Confidence::permille(840);
        lead.budget = lead.budget.take().filter(|f| f.confidence() >= keep);
        lead.timeline = lead.timeline.take().filter(|f| f.confidence() >= keep);
        lead.next_step = lead.next_step.take().filter(|f| f.confidence() >= keep);
    }
}

/// The two most telling signs, and half of the rest.
fn against(spans: &[Span]) -> u32 {
    let mut signs: Vec<u32> =
        spans.iter().filter(|s| s.tag == Tag::NotALead).map(|s| u32::from(s.score)).collect();
    signs.sort_unstable_by(|a, b| b.cmp(a));
    let rest: u32 = signs.iter().skip(2).sum();
    signs.iter().take(2).sum::<u32>() + rest / 2
}

fn in_favour(lead: &Lead) -> u32 {
    let weight = |c: Option<Confidence>, points: u32| {
        c.map_or(0, |c| u32::from(c.as_permille()) * points / 1000)
    };
    let contact = if is_empty(&lead.contact) { 0 } else { 150 };
    let pains = u32::try_from(lead.pains.len()).unwrap_or(4).min(4) * 220;
    let rivals = u32::try_from(lead.competitors.len()).unwrap_or(3).min(3) * 260;
    450 + contact
        + pains
        + rivals
        + weight(lead.budget.as_ref().map(confee_domain::Field::confidence), 500)
        + weight(lead.timeline.as_ref().map(confee_domain::Field::confidence), 450)
        + weight(lead.authority.as_ref().map(confee_domain::Field::confidence), 300)
        + weight(lead.next_step.as_ref().map(confee_domain::Field::confidence), 450)
}
