//! A database of every released format, as it was written then, opens today.
//!
//! With every new migration, the one before it goes into `RELEASED` and its format gets a file:
//! `cargo test -p confee-store --test upgrade -- --ignored`, once, and committed.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{drafted, op, op_id, talk};
use confee_domain::{ConsentState, OpState, ReviewAction};
use confee_store::{DB_FILE, LeadFilter, Options, Store, schema_version};
use rusqlite::Connection;

fn fixture(version: i64) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures/databases")
        .join(format!("v{version}.db"))
}

fn schema(path: &Path) -> Vec<String> {
    let db = Connection::open(path).unwrap();
    let sql =
        "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master ORDER BY 1";
    let mut stmt = db.prepare(sql).unwrap();
    let rows = stmt.query_map([], |r| r.get::<_, String>(0)).unwrap();
    rows.map(|r| r.unwrap().split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_first_format_opens_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(DB_FILE);
    fs::copy(fixture(1), &path).unwrap();
    let store = Store::open(dir.path(), Options::default()).unwrap();
    assert_eq!(store.transcript("t1").unwrap(), talk("t1", 0, "we lose time"));
    let row = store.leads(&LeadFilter::default()).unwrap().remove(0);
    assert_eq!((row.name.as_deref(), row.consent), (Some("Ada Byron"), ConsentState::None));
    let mut op = store.op(&op_id("t1", "contact")).unwrap();
    assert_eq!((op.state, op.depends_on.len()), (OpState::Pending, 1));
    assert_eq!(store.verify_audit_chain().unwrap().entries, 3);
    op = store.begin_op(&op_id("t1", "company")).unwrap();
    op.state = OpState::Done;
    store.record_op(&op, 9).unwrap();
    let review = store.review("t1").unwrap();
    let reopened = common::step(review.review, &ReviewAction::Reopen);
    store.cancel_unsent("t1", &reopened, review.revision, 10).unwrap();
    assert_eq!(store.verify_audit_chain().unwrap().entries, 5);
    store.check_integrity().unwrap();
}

/// Guards against editing a released migration: the file was made by it as it was.
#[test]
fn upgraded_is_fresh() {
    let fresh = tempfile::tempdir().unwrap();
    drop(Store::open(fresh.path(), Options::default()).unwrap());
    for version in 1..schema_version() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(DB_FILE);
        fs::copy(fixture(version), &path).unwrap();
        assert_ne!(schema(&path), schema(&fresh.path().join(DB_FILE)));
        drop(Store::open(dir.path(), Options::default()).unwrap());
        assert_eq!(schema(&path), schema(&fresh.path().join(DB_FILE)), "from version {version}");
    }
}

/// The steps that were released, in order.
const RELEASED: [&str; 3] = [
    include_str!("../migrations/0001_base.sql"),
    include_str!("../migrations/0002_consent_and_indexes.sql"),
    include_str!("../migrations/0003_audio.sql"),
];

/// Writes `v1.db`, `v2.db`, ...: one approved lead with two ops in each released format, with
/// small pages. Files that are there stay as they are.
///
/// The rows are made by today's code and copied column by column, as far as the format had them.
#[test]
#[ignore = "writes the committed fixtures"]
fn write_the_older_formats() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Options::default()).unwrap();
    let review = common::step(drafted(&store, "t1", 0), &ReviewAction::Approve);
    let ops = [op("t1", "company", &[], 1), op("t1", "contact", &["company"], 1)];
    store.save_approval("t1", &review, 1, &ops, 3).unwrap();
    drop(store);
    for version in (1..schema_version()).filter(|v| !fixture(*v).exists()) {
        write_format(version, &dir.path().join(DB_FILE));
    }
}

fn write_format(version: i64, source: &Path) {
    let path = fixture(version);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let db = Connection::open(&path).unwrap();
    db.execute_batch("PRAGMA page_size = 512").unwrap();
    for sql in &RELEASED[..usize::try_from(version).unwrap()] {
        db.execute_batch(sql).unwrap();
    }
    db.execute("ATTACH ?1 AS src", [source.to_str().unwrap()]).unwrap();
    for table in ["leads", "reviews", "segments", "ops", "op_parents", "audit"] {
        let sql = "SELECT group_concat(name) FROM pragma_table_info(?1, 'main')";
        let columns: String = db.query_row(sql, [table], |r| r.get(0)).unwrap();
        let copy =
            format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM src.{table}");
        db.execute(&copy, []).unwrap();
    }
    db.execute_batch(&format!("DETACH src; PRAGMA user_version = {version}; VACUUM")).unwrap();
}
