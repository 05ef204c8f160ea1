//! Consent, erasure and what is handed out.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod common;

use std::fs;
use std::path::Path;

use common::{KINDS, approved, drafted_as, op_id, ops, send, step, talk};
use confee_domain::{
    Consent, ConsentEvent, ConsentMethod, ConsentState, OpState, Problem, ReviewAction, Stage, Tier,
};
use confee_store::{AuditAction, LeadFilter, Options, Store, StoreError};

fn bytes_hold(dir: &Path, needle: &str) -> bool {
    fs::read_dir(dir).unwrap().any(|file| {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        bytes.windows(needle.len()).any(|w| w == needle.as_bytes())
    })
}

fn withdrawn() -> Consent {
    let granted = Consent::default().apply(ConsentEvent::Grant, ConsentMethod::Spoken, 5).unwrap();
    granted.apply(ConsentEvent::Withdraw, ConsentMethod::Written, 6).unwrap()
}

#[test]
fn erasing_leaves_no_word_in_the_files() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Options::default()).unwrap();
    let secret = "zyxsecretword";
    let store_one = |i: i64| {
        let id = format!("t{i}");
        let text = format!("{secret}{i:03}! ").repeat(1 + (i as usize * 37) % 90);
        store.add_conversation(&talk(&id, i, &text), 1).unwrap();
        let name = format!("{secret}{i:03}!");
        let lead = common::lead(&talk(&id, i, &text), &name, &name, Tier::Hot);
        let review = confee_domain::Review::captured().draft(lead).unwrap();
        store.save_review(&id, &review, 0, AuditAction::Drafted, 2).unwrap();
        let mut ops = ops(&id, 1);
        for op in &mut ops {
            op.payload = serde_json::json!({ "note": text });
        }
        let review = step(review, &ReviewAction::Approve);
        store.save_approval(&id, &review, 1, &ops, 3).unwrap();
        let mut failed = store.begin_op(&op_id(&id, "company")).unwrap();
        failed.state = OpState::NeedsFix;
        failed.cursor = Some(name.clone());
        failed.problem = Some(Problem {
            code: "bad".into(),
            sentence: "Mend it.".into(),
            field: None,
            crm_property: None,
            our_value: Some(name),
            correlation_id: None,
        });
        store.record_op(&failed, 4).unwrap();
    };
    (0..80).for_each(store_one);
    for i in (0..80).step_by(2) {
        store.erase(&format!("t{i}"), 9).unwrap();
    }
    let left: Vec<_> =
        (0..80).filter(|i| bytes_hold(dir.path(), &format!("{secret}{i:03}!"))).collect();
    assert_eq!(left, (1..80).step_by(2).collect::<Vec<_>>());
    store.check_integrity().unwrap();
    store.compact().unwrap();
    assert_eq!(store.transcript("t1").unwrap().segments().len(), 2);
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
