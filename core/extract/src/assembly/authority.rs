use confee_domain::{Authority, Field};

use super::calibration::AUTHORITY;
use super::settle::{Candidate, settle};
use crate::normalize::authority::{self, AuthoritySpan};
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
pub(super) fn assemble(talk: &Talk<'_>) -> Option<Field<Authority>> {
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
    settle(talk, candidates, 500, AUTHORITY, |a, b| a == b)
}

fn candidate(turn: usize, span: &AuthoritySpan, bonus: u16) -> Candidate<Authority> {
    Candidate {
        value: span.authority,
        turn,
        start: span.start,
        end: span.end,
        score: (span.weight + bonus).min(950),
        lost: None,
    }
}
