//! The way of an op.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod common;

use common::{
    approved, approved_again, crm, drafted, due, op_id, ops, reopened, send, state, step,
};
use confee_domain::{AuthState, Breaker, ConnectorState, OpState as S, Problem, ReviewAction};
use confee_store::{Store, StoreError};

fn all(store: &Store, id: &str) -> Vec<S> {
    store.ops_of(id).unwrap().into_iter().map(|o| o.state).collect()
}

#[test]
fn parents_go_first_and_the_oldest_lead_leads() {
    let store = Store::in_memory().unwrap();
    approved(&store, "new", 9);
    approved(&store, "old", 1);
    assert_eq!(due(&store, 10), ["old/company", "new/company"]);
    send(&store, "old", "company", S::Done);
    assert_eq!(due(&store, 10), ["old/contact", "new/company"]);
    store.begin_op(&op_id("old", "contact")).unwrap();
    assert_eq!(due(&store, 10), ["new/company"]);
    let early = store.begin_op(&op_id("new", "deal"));
    assert!(matches!(early, Err(StoreError::OpMustWait { .. })));
    let twice = store.begin_op(&op_id("old", "contact"));
    assert!(matches!(twice, Err(StoreError::WrongOpState { state: S::Sending, .. })));
}

#[test]
fn a_child_sees_its_parents_remote_ids() {
    let store = Store::in_memory().unwrap();
    approved(&store, "t1", 0);
    send(&store, "t1", "company", S::Done);
    send(&store, "t1", "contact", S::Done);
    let deal = store.begin_op(&op_id("t1", "deal")).unwrap();
    let ids: Vec<_> = store.parents(&deal).unwrap().into_iter().map(|p| p.remote_id).collect();
    assert_eq!(ids, [Some("remote-company".into()), Some("remote-contact".into())]);
    assert_eq!(deal.attempt, 1);
}

#[test]
fn an_op_that_waits_wakes_in_time() {
    let store = Store::in_memory().unwrap();
    approved(&store, "t1", 0);
    assert_eq!(store.next_wake_ms(None).unwrap(), Some(0));
    let mut op = store.begin_op(&op_id("t1", "company")).unwrap();
    assert_eq!(store.next_wake_ms(None).unwrap(), None);
    (op.state, op.next_at_ms, op.failing_since_ms) = (S::RetryWait, 500, Some(90));
    store.record_op(&op, 100).unwrap();
    assert_eq!(store.next_wake_ms(Some(&crm())).unwrap(), Some(500));
    assert_eq!((due(&store, 499).len(), due(&store, 500).len()), (0, 1));
    assert_eq!(store.failing_since(91).unwrap().len(), 1);
    assert_eq!(store.failing_since(90).unwrap().len(), 0);
    store.retry_op(&op.id, 200).unwrap();
    assert_eq!(due(&store, 200), ["t1/company"]);
}

#[test]
fn a_failed_parent_blocks_all_below_until_it_is_mended() {
    let store = Store::in_memory().unwrap();
    approved(&store, "t1", 0);
    send(&store, "t1", "company", S::Done);
    let mut op = store.begin_op(&op_id("t1", "contact")).unwrap();
    op.state = S::NeedsFix;
    op.problem = Some(Problem {
        code: "invalid_email".into(),
        sentence: "Check the address.".into(),
        field: None,
        crm_property: None,
        our_value: None,
        correlation_id: None,
    });
    store.record_op(&op, 100).unwrap();
    let blocked = S::BlockedParent;
    assert_eq!(all(&store, "t1"), [S::Done, S::NeedsFix, blocked, blocked, blocked]);
    assert_eq!(store.problems().unwrap()[0].problem, op.problem);
    let child = store.retry_op(&op_id("t1", "note"), 120);
    assert!(matches!(child, Err(StoreError::WrongOpState { .. })));
    let mended = store.retry_op(&op.id, 120).unwrap();
    assert_eq!((mended.state, mended.attempt, mended.problem), (S::Pending, 0, None));
    assert_eq!(all(&store, "t1")[2..], [S::Pending; 3]);
    let counts = store.outbox_counts().unwrap()[&crm()];
    assert_eq!((counts.done, counts.pending, counts.open()), (1, 4, 4));
}

#[test]
fn approving_again_updates_what_is_there() {
    let store = Store::in_memory().unwrap();
    let review = approved(&store, "t1", 0);
    send(&store, "t1", "company", S::Done);
    send(&store, "t1", "contact", S::NeedsFix);
    approved_again(&store, "t1", review);
    assert_eq!(all(&store, "t1"), [S::Pending; 5]);
    let company = store.op(&op_id("t1", "company")).unwrap();
    assert_eq!((company.version, company.remote_id.as_deref()), (2, Some("remote-company")));
    assert_eq!(company.payload["version"], 2);
    let contact = store.op(&op_id("t1", "contact")).unwrap();
    assert_eq!((contact.attempt, contact.problem), (0, None));
}

#[test]
fn an_answer_to_an_old_version_does_not_settle_the_new_one() {
    let store = Store::in_memory().unwrap();
    let review = approved(&store, "t1", 0);
    let mut sent = store.begin_op(&op_id("t1", "company")).unwrap();
    approved_again(&store, "t1", review);
    assert_eq!(state(&store, "t1", "company"), S::Sending);
    (sent.state, sent.remote_id) = (S::Done, Some("r7".into()));
    let stored = store.record_op(&sent, 200).unwrap();
    assert_eq!((stored.state, stored.version, stored.attempt), (S::Pending, 2, 0));
    assert_eq!(stored.remote_id.as_deref(), Some("r7"));
    assert_eq!(send(&store, "t1", "company", S::Done).state, S::Done);
}

#[test]
fn an_unknown_old_version_is_followed_by_the_new_one() {
    let store = Store::in_memory().unwrap();
    let review = approved(&store, "t1", 0);
    store.begin_op(&op_id("t1", "company")).unwrap();
    assert_eq!(store.recover().unwrap(), 1);
    approved_again(&store, "t1", review);
    let mut asked = store.begin_op(&op_id("t1", "company")).unwrap();
    assert_eq!((asked.version, asked.attempt), (1, 2));
    asked.state = S::Done;
    assert_eq!(store.record_op(&asked, 200).unwrap().state, S::Pending);
    let next = store.begin_op(&op_id("t1", "company")).unwrap();
    assert_eq!((next.version, &next.payload["version"]), (2, &2.into()));
}

#[test]
fn taking_back_cancels_what_has_not_left() {
    let store = Store::in_memory().unwrap();
    let review = approved(&store, "t1", 0);
    send(&store, "t1", "company", S::Done);
    let mut sent = store.begin_op(&op_id("t1", "contact")).unwrap();
    reopened(&store, "t1", review);
    let c = S::Cancelled;
    assert_eq!(all(&store, "t1"), [S::Done, S::Sending, c, c, c]);
    assert_eq!(due(&store, 999), [""; 0]);
    sent.state = S::RetryWait;
    assert_eq!(store.record_op(&sent, 200).unwrap().state, c);
    assert!(store.retry_op(&sent.id, 300).is_err());
}

#[test]
fn a_restart_finds_what_was_sending() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), confee_store::Options::default()).unwrap();
    approved(&store, "t1", 0);
    store.begin_op(&op_id("t1", "company")).unwrap();
    drop(store);
    let store = Store::open(dir.path(), confee_store::Options::default()).unwrap();
    assert_eq!((store.recover().unwrap(), store.recover().unwrap()), (1, 0));
    assert_eq!(due(&store, 0), ["t1/company"]);
    assert_eq!(state(&store, "t1", "company"), S::Unknown);
}

#[test]
fn a_step_of_several_requests_keeps_its_place() {
    let store = Store::in_memory().unwrap();
    approved(&store, "t1", 0);
    let mut op = store.begin_op(&op_id("t1", "company")).unwrap();
    op.cursor = Some("made, not linked".into());
    assert_eq!(store.record_op(&op, 100).unwrap(), op);
    store.recover().unwrap();
    assert_eq!(store.begin_op(&op.id).unwrap().cursor, op.cursor);
}

#[test]
fn connections_are_remembered() {
    let store = Store::in_memory().unwrap();
    let review = step(drafted(&store, "t1", 0), &ReviewAction::Approve);
    assert_eq!(store.connector_state(&crm()).unwrap(), ConnectorState::fresh(crm()));
    let mut state = ConnectorState::fresh(confee_domain::ConnectorId("make".into()));
    (state.breaker, state.auth) = (Breaker::Open { until_ms: 9 }, AuthState::Lost);
    store.save_connector_state(&state).unwrap();
    assert_eq!(store.connector_state(&state.id).unwrap(), state);
    store.save_approval("t1", &review, 1, &ops("t1", 1), 3).unwrap();
    assert_eq!(store.known_connectors().unwrap(), [crm(), state.id]);
}
