use confee_domain::{Confidence, Lead, Verdict};

use super::heard::Heard;
use super::is_empty;
use crate::tagger::{Span, Tag};

/// Before anything is known.
pub(super) fn unknown() -> Verdict {
    Verdict { value: true, confidence: Confidence::permille(500) }
}

/// Decides whether the talk is a lead; what a non-lead "wants" is dropped unless it is sure.
pub(super) fn settle(heard: &Heard<'_>, lead: &mut Lead) {
    lead.is_lead = match heard.reading.and_then(|reading| reading.lead) {
        Some(sure) => learned(sure),
        None => by_rules(heard, lead),
    };
    if !lead.is_lead.value {
        let keep = Confidence::permille(840);
        lead.budget = lead.budget.take().filter(|f| f.confidence() >= keep);
        lead.timeline = lead.timeline.take().filter(|f| f.confidence() >= keep);
        lead.next_step = lead.next_step.take().filter(|f| f.confidence() >= keep);
    }
}

fn learned(lead: u16) -> Verdict {
    let value = lead >= 500;
    let sure = if value { lead } else { 1000 - lead.min(1000) };
    Verdict { value, confidence: Confidence::permille(sure.min(990)) }
}

fn by_rules(heard: &Heard<'_>, lead: &Lead) -> Verdict {
    let against = against(heard.rules);
    let in_favour = in_favour(lead);
    let margin = in_favour.abs_diff(against).min(1500);
    let short = if heard.talk.turns.len() < 4 { 100 } else { 0 };
    let sure = 550 + u16::try_from(margin).unwrap_or(0) / 4 - short;
    let confidence = Confidence::permille(sure.min(970));
    Verdict { value: in_favour >= against, confidence }
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
