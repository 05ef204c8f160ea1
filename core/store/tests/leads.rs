//! Talks, reviews and the list.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod common;

use common::{approved, drafted, drafted_as, lead, op, op_id, ops, send, step, talk};
use confee_domain::{FieldKey, FieldValue, OpState, Review, ReviewAction, Stage, Tier};
use confee_store::{AuditAction, LeadFilter, Store, StoreError};

fn ids(store: &Store, filter: LeadFilter) -> Vec<String> {
    store.leads(&filter).unwrap().into_iter().map(|r| r.id).collect()
}

#[test]
fn a_talk_comes_back_whole() {
    let store = Store::in_memory().unwrap();
    let talk = talk("t1", 0, "Jiří says hello");
    store.add_conversation(&talk, 1).unwrap();
    let back = store.transcript("t1").unwrap();
    assert_eq!(back, talk);
    assert_eq!(back.captured_at().offset(), talk.captured_at().offset());
    let review = store.review("t1").unwrap();
    assert_eq!((review.review, review.revision), (Review::captured(), 0));
    assert!(matches!(store.transcript("t2"), Err(StoreError::NotFound { .. })));
}

#[test]
fn the_same_talk_twice_is_stored_once() {
    let store = Store::in_memory().unwrap();
    store.add_conversation(&talk("t1", 0, "hello"), 1).unwrap();
    store.add_conversation(&talk("t1", 0, "hello"), 2).unwrap();
    assert_eq!(store.audit("t1").unwrap().len(), 1);
    let other = store.add_conversation(&talk("t1", 0, "other words"), 3);
    assert!(matches!(other, Err(StoreError::Duplicate { .. })));
    assert_eq!(store.transcript("t1").unwrap().segments()[1].text, "hello");
}

#[test]
fn the_second_of_two_writers_is_told() {
    let store = Store::in_memory().unwrap();
    let review = drafted(&store, "t1", 0);
    let opened = step(review, &ReviewAction::Open);
    assert_eq!(store.save_review("t1", &opened, 1, AuditAction::Opened, 5).unwrap(), 2);
    let late = store.save_review("t1", &opened, 1, AuditAction::Opened, 6);
    assert!(matches!(late, Err(StoreError::Conflict { expected: 1, found: 2 })));
    assert_eq!(store.audit("t1").unwrap().len(), 3);
}

#[test]
fn an_approval_is_stored_with_its_ops_or_not_at_all() {
    let store = Store::in_memory().unwrap();
    let review = drafted(&store, "t1", 0);
    let before = store.export("t1", 3).unwrap();
    let approved = step(review.clone(), &ReviewAction::Approve);
    let orphan = op("t1", "note", &["nothing"], 1);
    let foreign = op("t2", "note", &[], 1);
    let (a, b) = (op("t1", "a", &["b"], 1), op("t1", "b", &["a"], 1));
    for bad in [vec![orphan], vec![foreign], vec![a, b]] {
        let ops: Vec<_> = ops("t1", 1).into_iter().chain(bad).collect();
        let refused = store.save_approval("t1", &approved, 1, &ops, 4);
        assert!(matches!(refused, Err(StoreError::InvalidApproval { .. })), "{refused:?}");
    }
    let refused = store.save_approval("t1", &review, 1, &ops("t1", 1), 4);
    assert!(matches!(refused, Err(StoreError::InvalidApproval { .. })));
    assert_eq!(store.review("t1").unwrap().revision, 1);
    let after = store.export("t1", 3).unwrap();
    assert_eq!((&after["review"], &after["ops"]), (&before["review"], &before["ops"]));
    assert_eq!(store.save_approval("t1", &approved, 1, &ops("t1", 1), 5).unwrap(), 2);
    assert_eq!(store.ops_of("t1").unwrap(), ops("t1", 1));
}

#[test]
fn the_list_is_newest_first_and_pages_without_gaps() {
    let store = Store::in_memory().unwrap();
    for i in 0..25 {
        drafted(&store, &format!("t{i:02}"), i / 3);
    }
    let all = ids(&store, LeadFilter::default());
    let mut sorted = all.clone();
    sorted.sort_by_key(|id| std::cmp::Reverse((id[1..].parse::<i64>().unwrap() / 3, id.clone())));
    assert_eq!((all.len(), &all), (25, &sorted));
    let mut paged = Vec::new();
    let mut filter = LeadFilter { limit: 4, ..LeadFilter::default() };
    loop {
        let rows = store.leads(&filter).unwrap();
        let Some(last) = rows.last() else { break };
        filter.before = Some(last.cursor());
        paged.extend(rows.into_iter().map(|r| r.id));
    }
    assert_eq!(paged, all);
}

#[test]
fn filters_narrow_the_list() {
    let store = Store::in_memory().unwrap();
    drafted_as(&store, "t1", 1, "Žofie Nová", "Acme", Tier::Hot);
    drafted_as(&store, "t2", 2, "Ben", "ÖKO Werk", Tier::Cold);
    approved(&store, "t3", 3);
    store.add_conversation(&talk("t4", 4, "no draft"), 1).unwrap();
    let text = |t: &str| LeadFilter { text: Some(t.into()), ..LeadFilter::default() };
    assert_eq!(ids(&store, text("žofie")), ["t1"]);
    assert_eq!(ids(&store, text(" öko w")), ["t2"]);
    assert_eq!(ids(&store, text("ACME")), ["t3", "t1"]);
    assert_eq!(ids(&store, text("%")), [""; 0]);
    let stages = vec![Stage::Captured, Stage::Approved];
    assert_eq!(ids(&store, LeadFilter { stages, ..LeadFilter::default() }), ["t4", "t3"]);
    let tiers = vec![Tier::Hot, Tier::Cold];
    assert_eq!(ids(&store, LeadFilter { tiers, ..LeadFilter::default() }), ["t2", "t1"]);
    let trouble = LeadFilter { with_problem: true, ..LeadFilter::default() };
    assert_eq!(ids(&store, trouble.clone()), [""; 0]);
    send(&store, "t3", "company", OpState::NeedsFix);
    assert_eq!(ids(&store, trouble), ["t3"]);
    let counts = store.counts().unwrap();
    assert_eq!((counts.captured, counts.drafted, counts.approved), (1, 2, 1));
    assert_eq!((counts.with_problem, counts.erased), (1, 0));
}

#[test]
fn a_row_shows_the_edits_and_the_way_of_the_ops() {
    let store = Store::in_memory().unwrap();
    let review = drafted(&store, "t1", 0);
    let value = Some(FieldValue::Text("Acme Ltd".into()));
    let review = step(review, &ReviewAction::Edit { key: FieldKey::Company, value });
    store.save_review("t1", &review, 1, AuditAction::Edited, 5).unwrap();
    let review = step(review, &ReviewAction::Approve);
    store.save_approval("t1", &review, 2, &ops("t1", 1), 6).unwrap();
    send(&store, "t1", "company", OpState::Done);
    send(&store, "t1", "contact", OpState::Dead);
    let row = store.leads(&LeadFilter::default()).unwrap().remove(0);
    assert_eq!(row.company.as_deref(), Some("Acme Ltd"));
    assert_eq!((row.stage, row.version, row.revision), (Stage::Approved, 1, 3));
    assert_eq!((row.ops, row.ops_done, row.ops_failed), (5, 1, 1));
    assert_eq!((row.points, row.tier, row.is_lead), (Some(40), Some(Tier::Warm), Some(true)));
    let problem = store.problems().unwrap().remove(0);
    assert_eq!((problem.op, problem.company), (op_id("t1", "contact"), row.company));
}

#[test]
fn a_better_draft_replaces_the_first() {
    let store = Store::in_memory().unwrap();
    let review = drafted(&store, "t1", 0);
    let talk = store.transcript("t1").unwrap();
    let review = review.draft(lead(&talk, "Ada King", "Acme", Tier::Hot)).unwrap();
    assert_eq!(store.save_review("t1", &review, 1, AuditAction::Drafted, 5).unwrap(), 2);
    assert_eq!(store.review("t1").unwrap().review, review);
}

#[test]
fn settings_are_kept_and_removed() {
    let store = Store::in_memory().unwrap();
    store.set_setting("wifi_only", Some("true")).unwrap();
    store.set_setting("wifi_only", Some("false")).unwrap();
    assert_eq!(store.setting("wifi_only").unwrap().as_deref(), Some("false"));
    store.set_setting("wifi_only", None).unwrap();
    assert_eq!(store.setting("wifi_only").unwrap(), None);
}
