//! Made-up talks, drafts and ops for the tests.
#![allow(dead_code, clippy::unwrap_used, reason = "every test file uses its own part")]

use chrono::{DateTime, FixedOffset, TimeDelta};
use confee_domain::{
    Confidence, ConnectorId, Contact, Effect, Field, Lead, Op, OpId, OpState, Rep, Review,
    ReviewAction, SCHEMA_VERSION, Score, Segment, Speaker, Tier, Transcript, Verdict,
};
use confee_store::{AuditAction, Store};
use serde_json::json;

/// The kinds of one lead's ops, each with the kinds it waits for.
pub(crate) const KINDS: &[(&str, &[&str])] = &[
    ("company", &[]),
    ("contact", &["company"]),
    ("deal", &["company", "contact"]),
    ("note", &["contact", "deal"]),
    ("task", &["contact"]),
];

pub(crate) fn crm() -> ConnectorId {
    ConnectorId("hubspot".into())
}

pub(crate) fn started_at() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-03-18T10:12:00.250+01:00").unwrap()
}

/// A talk `minute` minutes into the day.
pub(crate) fn talk(id: &str, minute: i64, text: &str) -> Transcript {
    let at = started_at() + TimeDelta::minutes(minute);
    let rep = Rep { name: Some("Rae Rep".into()), company: None };
    let first = Segment {
        start_ms: 0,
        end_ms: 900,
        speaker: Some(Speaker::Rep),
        text: "Hi".into(),
        words: vec![],
    };
    let second =
        Segment { start_ms: 900, end_ms: 4000, speaker: None, text: text.into(), words: vec![] };
    Transcript::new(id.into(), at, rep, vec![first, second]).unwrap()
}

pub(crate) fn lead(talk: &Transcript, name: &str, company: &str, tier: Tier) -> Lead {
    let quote = || talk.quote(0, 0, 2).unwrap();
    let field = |v: &str| Some(Field::new(v.to_owned(), Confidence::permille(800), quote()));
    Lead {
        schema: SCHEMA_VERSION,
        id: talk.id().into(),
        is_lead: Verdict { value: true, confidence: Confidence::permille(900) },
        contact: Contact { name: field(name), company: field(company), ..Contact::default() },
        budget: None,
        timeline: None,
        authority: None,
        pains: vec![],
        competitors: vec![],
        next_step: None,
        score: Score { points: 40, tier, known: Confidence::permille(300), terms: vec![] },
    }
}

/// Stores a talk with a draft of Ada at Acme; its review is at revision 1.
pub(crate) fn drafted(store: &Store, id: &str, minute: i64) -> Review {
    drafted_as(store, id, minute, "Ada Byron", "Acme", Tier::Warm)
}

pub(crate) fn drafted_as(
    store: &Store,
    id: &str,
    minute: i64,
    name: &str,
    company: &str,
    tier: Tier,
) -> Review {
    let talk = talk(id, minute, "we lose time");
    store.add_conversation(&talk, 1).unwrap();
    let review = Review::captured().draft(lead(&talk, name, company, tier)).unwrap();
    store.save_review(id, &review, 0, AuditAction::Drafted, 2).unwrap();
    review
}

pub(crate) fn step(review: Review, action: &ReviewAction) -> Review {
    review.apply(action, 7).unwrap().0
}

/// Stores, drafts and approves a lead with one op of each of [`KINDS`]; revision 2, version 1.
pub(crate) fn approved(store: &Store, id: &str, minute: i64) -> Review {
    let review = step(drafted(store, id, minute), &ReviewAction::Approve);
    store.save_approval(id, &review, 1, &ops(id, 1), 3).unwrap();
    review
}

/// Takes an approval back and approves again, as version 2; the review is at revision 4 then.
pub(crate) fn approved_again(store: &Store, id: &str, review: Review) -> Review {
    let review = reopened(store, id, review);
    let review = step(review, &ReviewAction::Approve);
    store.save_approval(id, &review, 3, &ops(id, 2), 5).unwrap();
    review
}

pub(crate) fn reopened(store: &Store, id: &str, review: Review) -> Review {
    let (review, effect) = review.apply(&ReviewAction::Reopen, 4).unwrap();
    assert_eq!(effect, Some(Effect::CancelUnsent));
    store.cancel_unsent(id, &review, 2, 4).unwrap();
    review
}

pub(crate) fn op(lead_id: &str, kind: &str, depends_on: &[&str], version: u32) -> Op {
    Op {
        id: op_id(lead_id, kind),
        lead_id: lead_id.into(),
        connector: crm(),
        kind: kind.into(),
        depends_on: depends_on.iter().map(|k| op_id(lead_id, k)).collect(),
        idem_key: format!("badge:{lead_id}:{kind}"),
        payload: json!({"kind": kind, "version": version}),
        version,
        state: OpState::Pending,
        attempt: 0,
        next_at_ms: 0,
        failing_since_ms: None,
        remote_id: None,
        cursor: None,
        problem: None,
    }
}

pub(crate) fn op_id(lead_id: &str, kind: &str) -> OpId {
    OpId::new(&crm(), lead_id, kind)
}

pub(crate) fn ops(lead_id: &str, version: u32) -> Vec<Op> {
    KINDS.iter().map(|(kind, above)| op(lead_id, kind, above, version)).collect()
}

/// Begins an op and reports a state for it.
pub(crate) fn send(store: &Store, lead_id: &str, kind: &str, outcome: OpState) -> Op {
    let mut op = store.begin_op(&op_id(lead_id, kind)).unwrap();
    op.state = outcome;
    if outcome == OpState::Done {
        op.remote_id = Some(format!("remote-{kind}"));
    }
    store.record_op(&op, 100).unwrap()
}

pub(crate) fn state(store: &Store, lead_id: &str, kind: &str) -> OpState {
    store.op(&op_id(lead_id, kind)).unwrap().state
}

pub(crate) fn due(store: &Store, now_ms: i64) -> Vec<String> {
    let due = store.due_ops(&crm(), now_ms, 100).unwrap();
    due.into_iter().map(|o| format!("{}/{}", o.lead_id, o.kind)).collect()
}
