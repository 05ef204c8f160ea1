//! Files that cannot be used, or can no longer be written.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod common;

use std::fs;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::Path;

use common::{drafted, talk};
use confee_store::{DB_FILE, LeadFilter, Options, Store, StoreError, schema_version};
use rusqlite::Connection;

fn open(dir: &Path) -> Result<Store, StoreError> {
    Store::open(dir, Options::default())
}

#[test]
fn a_file_from_the_future_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drafted(&open(dir.path()).unwrap(), "t1", 0);
    let path = dir.path().join(DB_FILE);
    let db = Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", schema_version() + 1).unwrap();
    drop(db);
    let before = fs::read(&path).unwrap();
    let error = open(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::FromTheFuture { .. }));
    assert!(error.to_string().contains("update the app"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn the_second_opener_is_refused_until_the_first_closes() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path()).unwrap();
    assert!(matches!(open(dir.path()), Err(StoreError::Locked)));
    drop(first);
    open(dir.path()).unwrap();
}

#[test]
fn a_full_disk_is_named_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options { max_pages: Some(80), ..Options::default() };
    let store = Store::open(dir.path(), options).unwrap();
    let text = "word ".repeat(600);
    let ids: Vec<_> = (0..200).map(|i| format!("t{i}")).collect();
    let full = ids.iter().position(|id| match store.add_conversation(&talk(id, 0, &text), 1) {
        Ok(()) => false,
        Err(StoreError::DiskFull) => true,
        Err(e) => panic!("{e}"),
    });
    let stored = full.expect("80 pages do not hold 200 talks");
    assert!(stored > 5);
    drop(store);
    let store = open(dir.path()).unwrap();
    assert_eq!(store.counts().unwrap().captured, stored as u64);
    assert!(matches!(store.transcript(&ids[stored]), Err(StoreError::NotFound { .. })));
    store.check_integrity().unwrap();
    store.add_conversation(&talk(&ids[stored], 0, &text), 1).unwrap();
}

/// Root may write anywhere, so there the folder is one that no one may write.
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let bound = fs::write(dir.path().join("probe"), "").is_err();
    if bound {
        assert!(matches!(open(dir.path()), Err(StoreError::ReadOnly)));
    } else {
        let error = open(Path::new("/proc/1/confee")).unwrap_err();
        assert!(matches!(error, StoreError::ReadOnly | StoreError::CannotOpen { .. }), "{error}");
    }
}

#[test]
fn a_file_that_is_no_database_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(DB_FILE);
    fs::write(&path, "not a database at all ".repeat(300)).unwrap();
    let before = fs::read(&path).unwrap();
    let error = open(dir.path()).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt));
    assert!(error.to_string().contains(DB_FILE), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn one_damaged_page_spoils_some_talks_and_not_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    for i in 0..60 {
        store.add_conversation(&talk(&format!("t{i}"), i, &"word ".repeat(400)), 1).unwrap();
    }
    drop(store);
    let path = dir.path().join(DB_FILE);
    let page = page_of_the_middle_segment(&path);
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.write_all_at(&[0xA5; 4096], (page - 1) * 4096).unwrap();
    let size = file.metadata().unwrap().len();

    let store = open(dir.path()).unwrap();
    let (good, bad): (Vec<_>, Vec<_>) =
        (0..60).map(|i| store.transcript(&format!("t{i}"))).partition(Result::is_ok);
    assert!(!bad.is_empty() && good.len() > 30, "{} of 60 readable", good.len());
    assert!(bad.iter().all(|b| matches!(b, Err(StoreError::Corrupt))), "{:?}", bad[0]);
    assert_eq!(store.leads(&LeadFilter { limit: 100, ..LeadFilter::default() }).unwrap().len(), 60);
    assert!(matches!(store.check_integrity(), Err(StoreError::Corrupt)));
    drop(store);
    assert_eq!(fs::metadata(&path).unwrap().len(), size);
}

/// A leaf of the segments' table, found by its page type and its text.
fn page_of_the_middle_segment(path: &Path) -> u64 {
    const TABLE_LEAF: u8 = 0x0D;
    let bytes = fs::read(path).unwrap();
    let leaves: Vec<_> = bytes
        .chunks(4096)
        .zip(1_u64..)
        .filter(|(page, _)| page[0] == TABLE_LEAF && page.windows(10).any(|w| w == b"word word "))
        .map(|(_, number)| number)
        .collect();
    leaves[leaves.len() / 2]
}

#[test]
fn a_backup_holds_everything() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    let review = drafted(&store, "t1", 0);
    let copy = dir.path().join("copy");
    fs::create_dir(&copy).unwrap();
    store.backup_to(&copy.join(DB_FILE)).unwrap();
    assert!(store.backup_to(&copy.join(DB_FILE)).is_err());
    let copy = open(&copy).unwrap();
    assert_eq!(copy.review("t1").unwrap().review, review);
    copy.check_integrity().unwrap();
}

#[test]
fn a_tampered_audit_log_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).unwrap();
    drafted(&store, "t1", 0);
    drafted(&store, "t2", 1);
    assert_eq!(store.verify_audit_chain().unwrap().entries, 4);
    let db = Connection::open(dir.path().join(DB_FILE)).unwrap();
    assert!(db.execute("UPDATE audit SET at_ms = 9", []).is_err());
    assert!(db.execute("DELETE FROM audit", []).is_err());
    store.verify_audit_chain().unwrap();
    db.execute_batch("DROP TRIGGER audit_keeps_rows; DROP TRIGGER audit_keeps_words;").unwrap();
    for (change, back, seq) in [
        ("UPDATE audit SET action = 'opened' WHERE seq = 2", "drafted", 2),
        ("DELETE FROM audit WHERE seq = 4", "", 4),
        ("DELETE FROM audit WHERE seq = 1", "", 1),
    ] {
        db.execute(change, []).unwrap();
        let found = store.verify_audit_chain();
        assert!(matches!(found, Err(StoreError::AuditBroken { seq: s }) if s == seq), "{found:?}");
        if !back.is_empty() {
            db.execute("UPDATE audit SET action = ?1 WHERE seq = ?2", (back, seq)).unwrap();
        }
    }
}
