//! A process that is killed at any moment loses nothing that it was told is stored.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod common;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use common::{KINDS, crm, drafted, ops, step};
use confee_domain::{OpState, ReviewAction, Stage};
use confee_store::{Options, Store};

const FOLDER: &str = "CONFEE_STORE_KILL_FOLDER";
const FIRST: &str = "CONFEE_STORE_KILL_FIRST";
const ROUNDS: u64 = 20;

/// The child's part: stores, approves and sends, and says what is stored once it is.
///
/// A test only in name; without the folder it does nothing.
#[test]
fn child() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let first: u64 = std::env::var(FIRST).unwrap().parse().unwrap();
    let store = Store::open(Path::new(&folder), Options::default()).unwrap();
    store.recover().unwrap();
    for i in first.. {
        let id = format!("t{i}");
        let review = drafted(&store, &id, i64::try_from(i).unwrap());
        say(&format!("drafted {id}"));
        let review = step(review, &ReviewAction::Approve);
        store.save_approval(&id, &review, 1, &ops(&id, 1), 3).unwrap();
        say(&format!("approved {id}"));
        for mut op in store.due_ops(&crm(), 0, 2).unwrap() {
            op = store.begin_op(&op.id).unwrap();
            say(&format!("began {}", op.id));
            (op.state, op.remote_id) = (OpState::Done, Some("r".into()));
            store.record_op(&op, 5).unwrap();
            say(&format!("done {}", op.id));
        }
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "ack {line}").unwrap();
    out.flush().unwrap();
}

fn spawn(folder: &Path, first: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(FOLDER, folder)
        .env(FIRST, first.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills the child some time after so many words, and returns all that it said. Counting words
/// and not only time lets a slow machine get as far as a quick one.
fn run_and_kill(folder: &Path, first: u64, words: u32, wait: Duration) -> Vec<String> {
    let mut child = spawn(folder, first);
    let out = BufReader::new(child.stdout.take().unwrap());
    let (first_word, heard) = std::sync::mpsc::channel();
    let reader = thread::spawn(move || {
        let mut said = Vec::new();
        for line in out.lines().map_while(Result::ok) {
            if let Some(at) = line.find("ack ") {
                said.push(line[at + 4..].to_owned());
                let _ = first_word.send(());
            }
        }
        said
    });
    for _ in 0..words {
        heard.recv().expect("the child stores something");
    }
    thread::sleep(wait);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

#[test]
fn what_was_acknowledged_survives_kill_nine() {
    let dir = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(7);
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    for round in 0..ROUNDS {
        let (words, wait) = (random.u32(1..40), Duration::from_micros(random.u64(0..5_000)));
        for line in run_and_kill(dir.path(), round * 10_000, words, wait) {
            let (what, id) = line.split_once(' ').unwrap();
            said.insert(id.to_owned(), what.to_owned());
        }
        let store = Store::open(dir.path(), Options::default()).unwrap();
        said.iter().for_each(|(id, what)| must_hold(&store, id, what));
        approvals_have_their_ops(&store, round);
        store.check_integrity().unwrap();
        store.verify_audit_chain().unwrap();
    }
    assert!(said.values().filter(|w| *w == "done").count() >= 10, "the child got nowhere");
}

/// What a process said about a lead, or an op, the last time.
fn must_hold(store: &Store, id: &str, what: &str) {
    let op = || store.op(&confee_domain::OpId(id.to_owned())).unwrap();
    match what {
        "drafted" => assert!(store.review(id).unwrap().review.lead().is_some(), "{id}"),
        "approved" => {
            assert_eq!(store.review(id).unwrap().review.stage(), Stage::Approved, "{id}");
        }
        "began" => assert!(op().attempt > 0 || op().state == OpState::Done, "{id}"),
        "done" => assert_eq!(op().state, OpState::Done, "{id}"),
        other => panic!("{other}"),
    }
}

fn approvals_have_their_ops(store: &Store, round: u64) {
    for i in 0.. {
        let id = format!("t{}", round * 10_000 + i);
        let Ok(stored) = store.review(&id) else { break };
        let expected = if stored.review.stage() == Stage::Approved { KINDS.len() } else { 0 };
        assert_eq!(store.ops_of(&id).unwrap().len(), expected, "{id}");
    }
}
