//! The outbox against a model in memory, over random histories.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{KINDS, drafted, op, op_id, ops};
use confee_domain::{Op, OpState as S, Review, ReviewAction};
use confee_store::{Store, StoreError};
use proptest::prelude::*;

const LEAD: &str = "t1";

#[derive(Debug, Clone)]
enum Step {
    Approve,
    Reopen,
    Begin(usize),
    Report(usize, S),
    Retry(usize),
    Restart,
    Erase,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let kind = || 0..KINDS.len();
    let outcome = prop_oneof![
        4 => Just(S::Done),
        1 => Just(S::RetryWait),
        1 => Just(S::Unknown),
        1 => Just(S::NeedsFix),
        1 => Just(S::Dead),
        1 => Just(S::Pending),
    ];
    let step = prop_oneof![
        10 => Just(Step::Approve),
        5 => Just(Step::Reopen),
        30 => kind().prop_map(Step::Begin),
        30 => (kind(), outcome).prop_map(|(k, s)| Step::Report(k, s)),
        8 => kind().prop_map(Step::Retry),
        5 => Just(Step::Restart),
        1 => Just(Step::Erase),
    ];
    prop::collection::vec(step, 1..60)
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    state: S,
    version: u32,
    sent: Option<u32>,
    withdrawn: bool,
}

/// What the rules of the outbox say, in the simplest form.
#[derive(Default)]
struct Model {
    rows: BTreeMap<&'static str, Row>,
    /// Ops that the engine holds, by kind.
    held: BTreeMap<&'static str, Op>,
}

impl Model {
    fn approve(&mut self, version: u32) {
        for (kind, _) in KINDS {
            let row = self.rows.entry(kind).or_insert(Row {
                state: S::Pending,
                version,
                sent: None,
                withdrawn: false,
            });
            (row.version, row.withdrawn) = (version, false);
            if !matches!(row.state, S::Sending | S::Unknown) {
                row.state = S::Pending;
            }
        }
    }

    fn reopen(&mut self) {
        for row in self.rows.values_mut() {
            match row.state {
                S::Pending | S::RetryWait | S::NeedsFix | S::BlockedParent => {
                    row.state = S::Cancelled;
                }
                S::Sending | S::Unknown => row.withdrawn = true,
                S::Done | S::Dead | S::Cancelled => {}
            }
        }
    }

    fn ready(&self, kind: &str) -> bool {
        let above = KINDS.iter().find(|(k, _)| *k == kind).unwrap().1;
        above.iter().all(|k| self.rows[k].state == S::Done)
            && self.rows.values().all(|r| r.state != S::Sending)
    }

    fn begin(&mut self, kind: &'static str) -> bool {
        let ready = self.rows.contains_key(kind) && self.ready(kind);
        let Some(row) = self.rows.get_mut(kind) else { return false };
        if !ready || !matches!(row.state, S::Pending | S::RetryWait | S::Unknown) {
            return false;
        }
        let sent = if row.state == S::Unknown { row.sent } else { None };
        (row.state, row.sent) = (S::Sending, Some(sent.unwrap_or(row.version)));
        true
    }

    fn report(&mut self, kind: &'static str, state: S, version: u32) {
        let row = self.rows.get_mut(kind).unwrap();
        let final_word = matches!(state, S::Done | S::NeedsFix | S::Dead | S::Pending);
        row.state = if row.state == S::Cancelled {
            S::Cancelled
        } else if version < row.version && final_word {
            S::Pending
        } else if row.withdrawn && !matches!(state, S::Done | S::Unknown) {
            S::Cancelled
        } else {
            state
        };
        row.sent = if row.state == S::Unknown { row.sent } else { None };
        self.block();
    }

    fn block(&mut self) {
        let mut below = BTreeSet::new();
        for (kind, above) in KINDS {
            let bad = |k: &&str| {
                below.contains(*k) || matches!(self.rows[*k].state, S::NeedsFix | S::Dead)
            };
            if above.iter().any(bad) {
                below.insert(*kind);
            }
        }
        for (kind, row) in &mut self.rows {
            match row.state {
                S::Pending | S::RetryWait if below.contains(kind) => row.state = S::BlockedParent,
                S::BlockedParent if !below.contains(kind) => row.state = S::Pending,
                _ => {}
            }
        }
    }

    fn retry(&mut self, kind: &'static str) -> bool {
        let Some(row) = self.rows.get_mut(kind) else { return false };
        match row.state {
            S::NeedsFix | S::Dead | S::RetryWait | S::Pending => row.state = S::Pending,
            S::Unknown => {}
            _ => return false,
        }
        self.block();
        true
    }
}

struct World {
    store: Store,
    model: Model,
    review: Review,
    revision: u64,
    erased: bool,
}

impl World {
    fn take(&mut self, step: &Step) {
        match *step {
            Step::Approve | Step::Reopen if self.erased => {}
            Step::Approve => self.approve(),
            Step::Reopen => self.reopen(),
            Step::Begin(k) => self.begin(KINDS[k].0),
            Step::Report(k, state) => self.report(KINDS[k].0, state),
            Step::Retry(k) => {
                let done = self.store.retry_op(&op_id(LEAD, KINDS[k].0), 9);
                assert_eq!(done.is_ok(), self.model.retry(KINDS[k].0), "{done:?}");
            }
            Step::Restart => self.restart(),
            Step::Erase => self.erase(),
        }
    }

    fn approve(&mut self) {
        let Ok((review, _)) = self.review.clone().apply(&ReviewAction::Approve, 7) else { return };
        let ops = ops(LEAD, review.version());
        self.revision = self.store.save_approval(LEAD, &review, self.revision, &ops, 7).unwrap();
        self.model.approve(review.version());
        self.review = review;
    }

    fn reopen(&mut self) {
        let Ok((review, _)) = self.review.clone().apply(&ReviewAction::Reopen, 7) else { return };
        self.revision = self.store.cancel_unsent(LEAD, &review, self.revision, 7).unwrap();
        self.model.reopen();
        self.review = review;
    }

    fn begin(&mut self, kind: &'static str) {
        let begun = self.store.begin_op(&op_id(LEAD, kind));
        assert_eq!(begun.is_ok(), self.model.begin(kind), "{begun:?}");
        if let Ok(op) = begun {
            assert_eq!(Some(op.version), self.model.rows[kind].sent);
            self.model.held.insert(kind, op);
        }
    }

    fn report(&mut self, kind: &'static str, state: S) {
        let Some(mut op) = self.model.held.remove(kind) else { return };
        op.state = state;
        op.remote_id = Some(format!("r{}", op.version));
        let stored = self.store.record_op(&op, 8).unwrap();
        self.model.report(kind, state, op.version);
        assert_eq!(stored.remote_id, op.remote_id);
    }

    fn restart(&mut self) {
        self.model.held.clear();
        let sending = |r: &&mut Row| r.state == S::Sending;
        let n = self.model.rows.values_mut().filter(sending).map(|r| r.state = S::Unknown).count();
        assert_eq!(self.store.recover().unwrap(), n);
    }

    fn erase(&mut self) {
        self.store.erase(LEAD, 9).unwrap();
        self.erased = true;
        for row in self.model.rows.values_mut().filter(|r| r.state != S::Done) {
            row.state = S::Cancelled;
        }
    }

    fn agree(&self) {
        let stored = self.store.ops_of(LEAD).unwrap();
        assert_eq!(stored.len(), self.model.rows.len());
        for op in &stored {
            assert_eq!(op.state, self.model.rows[op.kind.as_str()].state, "{}", op.id);
        }
        let due = self.store.due_ops(&common::crm(), i64::MAX, 9).unwrap();
        let sendable = |(kind, row): (&&str, &Row)| {
            matches!(row.state, S::Pending | S::RetryWait | S::Unknown) && self.model.ready(kind)
        };
        assert_eq!(due.len(), usize::from(self.model.rows.iter().any(sendable)));
        assert_eq!(self.store.next_wake_ms(None).unwrap().is_some(), !due.is_empty());
        assert!(
            due.iter().all(|op| sendable((&op.kind.as_str(), &self.model.rows[op.kind.as_str()])))
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_does_what_the_model_says(steps in steps()) {
        let store = Store::in_memory().unwrap();
        let review = drafted(&store, LEAD, 0);
        let model = Model::default();
        let mut world = World { store, model, review, revision: 1, erased: false };
        for step in &steps {
            world.take(step);
            world.agree();
        }
        world.store.verify_audit_chain().unwrap();
    }
}

#[test]
fn an_op_that_is_not_there_cannot_begin() {
    let store = Store::in_memory().unwrap();
    let missing = store.begin_op(&op(LEAD, "company", &[], 1).id);
    assert!(matches!(missing, Err(StoreError::NotFound { .. })));
}
