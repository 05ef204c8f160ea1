//! The store at ten thousand leads, in a file.
//!
//! `cargo bench -p confee-store`; with `--profile dev` as an upper bound without a release build.

#![allow(clippy::unwrap_used, reason = "a bench has nobody to report to")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::cell::Cell;
use std::sync::OnceLock;

use common::{approved, crm, drafted_as, op, step};
use confee_domain::{ConnectorId, Op, OpState, Review, ReviewAction, Stage, Tier};
use confee_store::{LeadFilter, Options, Store};
use divan::Bencher;
use tempfile::TempDir;

const LEADS: i64 = 10_000;
const QUEUED: i64 = 1_000;
const OPS: usize = 13;

fn main() {
    divan::main();
}

fn in_file() -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Options::default()).unwrap();
    (dir, store)
}

fn full() -> &'static Store {
    static FULL: OnceLock<(TempDir, Store)> = OnceLock::new();
    let (_, store) = FULL.get_or_init(|| {
        let (dir, store) = in_file();
        for i in 0..LEADS {
            let (id, name) = (format!("lead-{i:05}"), format!("Visitor {i}"));
            match i % 20 {
                0 => drop(approved(&store, &id, i)),
                n => {
                    let tier = if n < 4 { Tier::Hot } else { Tier::Cold };
                    drafted_as(&store, &id, i, &name, &format!("Company {}", i % 500), tier);
                }
            }
        }
        (dir, store)
    });
    store
}

/// Thirteen ops as one lead has them: a company, a contact, and eleven that wait for both.
fn thirteen(id: &str) -> Vec<Op> {
    let mut ops = vec![op(id, "company", &[], 1), op(id, "contact", &["company"], 1)];
    for i in 2..OPS {
        ops.push(op(id, &format!("note-{i}"), &["company", "contact"], 1));
    }
    ops
}

fn approve(store: &Store, id: &str, review: &Review) {
    store.save_approval(id, review, 1, &thirteen(id), 3).unwrap();
}

fn queued(in_backoff: bool) -> (TempDir, Store) {
    let (dir, store) = in_file();
    for i in 0..QUEUED {
        let id = format!("lead-{i:05}");
        let review = drafted_as(&store, &id, i, "Ada", "Acme", Tier::Hot);
        approve(&store, &id, &step(review, &ReviewAction::Approve));
        if in_backoff {
            let mut op = store.begin_op(&common::op_id(&id, "company")).unwrap();
            (op.state, op.next_at_ms) = (OpState::RetryWait, 1_000);
            store.record_op(&op, 10).unwrap();
        }
    }
    (dir, store)
}

#[divan::bench]
fn list_newest_50(bencher: Bencher<'_, '_>) {
    let store = full();
    bencher.bench(|| store.leads(&LeadFilter::default()).unwrap());
}

#[divan::bench(args = ["common", "rare", "nobody"])]
fn list_newest_50_filtered(bencher: Bencher<'_, '_>, text: &str) {
    let store = full();
    let mut filter = LeadFilter { tiers: vec![Tier::Hot], ..LeadFilter::default() };
    match text {
        "common" => filter.stages = vec![Stage::Drafted, Stage::InReview],
        "rare" => filter.text = Some("company 123".into()),
        _ => filter.text = Some("nobody has this name".into()),
    }
    bencher.bench(|| store.leads(&filter).unwrap());
}

#[divan::bench(sample_count = 30)]
fn approve_with_13_ops(bencher: Bencher<'_, '_>) {
    let (_dir, store) = in_file();
    let next = Cell::new(0);
    bencher
        .with_inputs(|| {
            let i = next.replace(next.get() + 1);
            let id = format!("lead-{i}");
            let review = drafted_as(&store, &id, i, "Ada", "Acme", Tier::Hot);
            (id, step(review, &ReviewAction::Approve))
        })
        .bench_local_values(|(id, review)| approve(&store, &id, &review));
}

#[divan::bench(args = [false, true])]
fn due_ops_of_13000(bencher: Bencher<'_, '_>, in_backoff: bool) {
    let (_dir, store) = queued(in_backoff);
    let crm: ConnectorId = crm();
    bencher.bench(|| store.due_ops(&crm, 100, 4).unwrap());
}

#[divan::bench(args = [false, true])]
fn next_wake_of_13000(bencher: Bencher<'_, '_>, in_backoff: bool) {
    let (_dir, store) = queued(in_backoff);
    bencher.bench(|| store.next_wake_ms(None).unwrap());
}
