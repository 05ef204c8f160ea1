//! Consent, erasure and what is handed out.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use common::{KINDS, approved, drafted_as, op_id, ops, send, step, talk};
use confee_domain::{
    Consent, ConsentEvent, ConsentMethod, ConsentState, OpState, Problem, Review, ReviewAction,
    Stage, Tier,
};
use confee_store::{AuditAction, DB_FILE, LeadFilter, Options, Store, StoreError};
use rusqlite::Connection;

const SECRET: &str = "zyxsecretword";

/// The numbers that follow the secret anywhere in the files.
fn secrets_in(dir: &Path) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for file in fs::read_dir(dir).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        for (at, _) in bytes.iter().enumerate().filter(|(_, b)| **b == b'z') {
            if let Some(number) = bytes[at..].strip_prefix(SECRET.as_bytes()) {
                found.extend(std::str::from_utf8(&number[..3]).unwrap().parse::<usize>());
            }
        }
    }
    found
}

/// A lead whose transcript, fields, payloads, cursor and problem all hold its secret.
fn store_secret(store: &Store, id: &str, minute: i64, secret: &str, words: usize) {
    let text = format!("{secret} ").repeat(words);
    let talk = talk(id, minute, &text);
    store.add_conversation(&talk, 1).unwrap();
    let lead = common::lead(&talk, secret, secret, Tier::Hot);
    let review = Review::captured().draft(lead).unwrap();
    store.save_review(id, &review, 0, AuditAction::Drafted, 2).unwrap();
    let mut ops = ops(id, 1);
    for op in &mut ops {
        op.payload = serde_json::json!({ "note": text });
    }
    let review = step(review, &ReviewAction::Approve);
    store.save_approval(id, &review, 1, &ops, 3).unwrap();
    let mut failed = store.begin_op(&op_id(id, "company")).unwrap();
    (failed.state, failed.cursor) = (OpState::NeedsFix, Some(secret.into()));
    failed.problem = Some(Problem {
        code: "bad".into(),
        sentence: "Mend it.".into(),
        field: None,
        crm_property: None,
        our_value: Some(secret.into()),
        correlation_id: None,
    });
    store.record_op(&failed, 4).unwrap();
}

fn withdrawn() -> Consent {
    let granted = Consent::default().apply(ConsentEvent::Grant, ConsentMethod::Spoken, 5).unwrap();
    granted.apply(ConsentEvent::Withdraw, ConsentMethod::Written, 6).unwrap()
}

/// Random order of storing and erasing, so that SQLite moves rows from page to page.
#[test]
fn erasing_leaves_no_word_in_the_files() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Options::default()).unwrap();
    let mut random = fastrand::Rng::with_seed(3);
    let mut alive = Vec::new();
    for number in 0..120 {
        let id = format!("{:08x}-{number}", random.u32(..));
        let secret = format!("{SECRET}{number:03}!");
        store_secret(&store, &id, random.i64(0..10_000), &secret, random.usize(1..30));
        alive.push((number, id));
        if random.u8(0..100) < 50 {
            let (_, id) = alive.swap_remove(random.usize(0..alive.len()));
            store.erase(&id, 9).unwrap();
        }
    }
    let expected: BTreeSet<_> = alive.iter().map(|(number, _)| *number).collect();
    assert!(expected.len() > 30 && expected.len() < 90);
    assert_eq!(secrets_in(dir.path()), expected);
    store.check_integrity().unwrap();
    assert_eq!(store.transcript(&alive[0].1).unwrap().segments().len(), 2);
}

#[test]
fn an_erasure_that_was_cut_short_is_finished_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Options::default()).unwrap();
    store_secret(&store, "t1", 0, &format!("{SECRET}001!"), 20);
    store.compact().unwrap();
    let other = Connection::open(dir.path().join(DB_FILE)).unwrap();
    other.execute_batch("BEGIN").unwrap();
    let seen: i64 = other.query_row("SELECT COUNT(*) FROM leads", [], |r| r.get(0)).unwrap();
    assert_eq!(seen, 1);
    let options = Options { busy_timeout: Duration::ZERO, ..Options::default() };
    drop(store);
    let store = Store::open(dir.path(), options.clone()).unwrap();
    assert!(matches!(store.erase("t1", 9), Err(StoreError::Busy)));
    assert!(matches!(store.review("t1"), Err(StoreError::Erased { .. })));
    drop(store);
    assert!(!secrets_in(dir.path()).is_empty());
    drop(other);
    let store = Store::open(dir.path(), options).unwrap();
    assert!(secrets_in(dir.path()).is_empty());
    store.erase("t1", 10).unwrap();
}

#[test]
fn a_tombstone_stays() {
    let store = Store::in_memory().unwrap();
    approved(&store, "t1", 0);
    send(&store, "t1", "company", OpState::Done);
    let mut sent = store.begin_op(&op_id("t1", "contact")).unwrap();
    store.set_consent("t1", withdrawn(), 6).unwrap();
    assert_eq!(store.due_erasures().unwrap(), ["t1"]);
    store.erase("t1", 9).unwrap();
    store.erase("t1", 10).unwrap();
    assert!(store.due_erasures().unwrap().is_empty());
    assert!(matches!(store.review("t1"), Err(StoreError::Erased { .. })));
    assert!(matches!(store.transcript("t1"), Err(StoreError::Erased { .. })));
    let again = store.add_conversation(&talk("t1", 0, "we lose time"), 11);
    assert!(matches!(again, Err(StoreError::Erased { .. })));
    assert_eq!(store.consent("t1").unwrap(), withdrawn());
    assert!(store.leads(&LeadFilter::default()).unwrap().is_empty());
    assert_eq!(store.counts().unwrap().erased, 1);

    (sent.state, sent.remote_id) = (OpState::Done, Some("r9".into()));
    store.record_op(&sent, 12).unwrap();
    let ops = store.ops_of("t1").unwrap();
    let states: Vec<_> = ops.iter().map(|o| o.state).collect();
    assert_eq!(states[0], OpState::Done);
    assert_eq!(states[1..], [OpState::Cancelled; KINDS.len() - 1]);
    assert!(ops.iter().all(|o| o.payload.is_null()));
    assert_eq!(ops[0].remote_id.as_deref(), Some("remote-company"));
    assert_eq!(ops[1].remote_id.as_deref(), Some("r9"));
    let actions: Vec<_> = store.audit("t1").unwrap().into_iter().map(|a| a.action).collect();
    assert_eq!(actions.iter().filter(|a| **a == AuditAction::Erased).count(), 1);
    store.verify_audit_chain().unwrap();
}

#[test]
fn an_export_has_everything_and_leaves_an_entry() {
    let store = Store::in_memory().unwrap();
    let review = drafted_as(&store, "t1", 0, "Ada Byron", "Acme", Tier::Warm);
    let out = store.export("t1", 8).unwrap();
    assert_eq!(out["transcript"], serde_json::json!(talk("t1", 0, "we lose time")));
    assert_eq!(out["review"], serde_json::json!(review));
    assert_eq!(out["consent"]["state"], serde_json::json!(ConsentState::None));
    assert_eq!(out["audit"][2]["action"], "exported");
    assert_eq!(review.stage(), Stage::Drafted);
    assert!(matches!(store.export("t2", 8), Err(StoreError::NotFound { .. })));
}
