use confee_domain::{Authority, Field};

use super::calibration::AUTHORITY;
use super::heard::Heard;
use super::settle::{Candidate, settle};
use crate::normalize::authority::{self, AuthoritySpan};
use crate::tagger::{Span, Tag};
use crate::talk::{Role, Talk};

/// Words of questions about who decides.
const ASKS_WHO_DECIDES: &[&str] = &[
    "decide",
    "decides",
    "decided",
    "decision",
    "sign",
    "signs",
    "signed",
    "sine",
    "signing",
    "approve",
    "approves",
    "approval",
    "who",
    "whose",
    "your call",
    "up to you",
    "say yes",
    "the final",
    "last word",
    "permission",
    "authority",
    "committee",
    "board",
    "boss",
    "picks",
    "pick",
    "choose",
    "chooses",
    "buys",
    "alone",
    "yourself",
    "by yourself",
    "go through",
    "involved",
    "with you",
    "on your own",
    "need anybody",
    "need anyone",
    "okay from",
    "somebody else",
];

/// What the visitor may decide, from statements and from answers to the rep's question.
pub(super) fn assemble(heard: &Heard<'_>) -> Option<Field<Authority>> {
    let mut candidates = by_rules(heard.talk);
    for candidate in &mut candidates {
        candidate.model = heard.reading.map(|_| of_talk(heard, candidate.value) / 2);
    }
    candidates.extend(heard.model().iter().filter_map(|s| match s.tag {
        Tag::Authority(value) => Some(by_model(heard, s, value)),
        _ => None,
    }));
    settle(heard.talk, candidates, &AUTHORITY, |a, b| a == b)
}

/// How likely the model thinks it of the whole talk, in thousandths.
fn of_talk(heard: &Heard<'_>, value: Authority) -> u16 {
    let place = match value {
        Authority::DecisionMaker => 0,
        Authority::Shared => 1,
        Authority::Influencer => 2,
        Authority::None => 3,
    };
    heard.reading.and_then(|reading| reading.authority).map_or(0, |shares| shares[place])
}

/// Words that tell, as far as the whole talk bears them out.
fn by_model(heard: &Heard<'_>, span: &Span, value: Authority) -> Candidate<Authority> {
    let model = Some(u16::midpoint(span.score, of_talk(heard, value)));
    let Span { turn, start, end, .. } = *span;
    Candidate { value, turn, start, end, score: 0, model, lost: None }
}

fn by_rules(talk: &Talk<'_>) -> Vec<Candidate<Authority>> {
    let mut candidates = Vec::new();
    for turn in talk.by(Role::Prospect) {
        let text = talk.text(turn.index);
        let asked = talk.question_before(turn.index).filter(|q| q.says(ASKS_WHO_DECIDES));
        let answered = asked.and_then(|q| authority::from_answer(talk.text(q.index), text));
        let bonus = if answered.is_some() { 120 } else { 0 };
        for span in authority::find(text) {
            candidates.push(candidate(turn.index, &span, bonus));
        }
        if let Some(span) = answered {
            candidates.push(candidate(turn.index, &span, 0));
        }
    }
    candidates
}

fn candidate(turn: usize, span: &AuthoritySpan, bonus: u16) -> Candidate<Authority> {
    Candidate {
        value: span.authority,
        turn,
        start: span.start,
        end: span.end,
        score: (span.weight + bonus).min(950),
        model: None,
        lost: None,
    }
}
