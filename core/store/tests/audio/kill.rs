//! A process that is killed at any moment loses no audio that it said is safe.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use confee_domain::StreamId;
use confee_store::{Position, RealDisk, Record, Spool, SpoolOptions};

use crate::support::{frame, read_all};

const FOLDER: &str = "CONFEE_AUDIO_KILL_FOLDER";
const ROUNDS: u64 = 20;

fn open(folder: &Path) -> Spool {
    let options = SpoolOptions { segment_bytes: 20_000, ..SpoolOptions::default() };
    Spool::open(folder, options, Arc::new(RealDisk)).unwrap().0
}

/// The child's part: appends, syncs, and says up to which frame all is safe. Now and then it
/// releases all but the last segments.
///
/// A test only in name; without the folder it does nothing.
#[test]
fn child() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let mut spool = open(Path::new(&folder));
    let stream = StreamId(1);
    let mut seq = spool.received(stream).map_or(0, |r| r.first_missing(0));
    let mut last = spool.durable();
    loop {
        for _ in 0..23 {
            spool.append(&frame(1, seq)).unwrap();
            seq += 1;
        }
        let safe = spool.sync().unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "ack {seq}").unwrap();
        out.flush().unwrap();
        if seq % 1_000 < 23 {
            spool.release(std::mem::replace(&mut last, safe)).unwrap();
        }
    }
}

fn spawn(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills the child some time after so many words; returns the number in the last one.
fn run_and_kill(folder: &Path, words: u32, wait: Duration) -> u32 {
    let mut child = spawn(folder);
    let out = BufReader::new(child.stdout.take().unwrap());
    let (said, heard) = mpsc::channel();
    let reader = thread::spawn(move || {
        let mut last = 0;
        for line in out.lines().map_while(Result::ok) {
            // A last word may be cut off, too.
            if let Some((_, word)) = line.split_once("ack ")
                && let Ok(seq) = word.parse::<u32>()
            {
                last = last.max(seq);
                let _ = said.send(());
            }
        }
        last
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
fn what_was_said_to_be_safe_survives_kill_nine() {
    let dir = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(11);
    for round in 0..ROUNDS {
        let (words, wait) = (random.u32(1..60), Duration::from_micros(random.u64(0..4_000)));
        let safe = run_and_kill(dir.path(), words, wait);
        let spool = open(dir.path());
        let received = spool.received(StreamId(1)).unwrap();
        assert_eq!(received.ranges().len(), 1, "round {round}");
        assert!(received.first_missing(0) >= safe, "round {round}");
        let mut reader = spool.reader(Position::START);
        let seqs: Vec<u32> = read_all(&mut reader)
            .iter()
            .map(|r| match r {
                Record::Frame(f) => f.seq,
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(seqs.windows(2).all(|w| w[0] + 1 == w[1]), "round {round}");
        assert_eq!(seqs.last().map(|s| s + 1), Some(received.first_missing(0)));
        assert_eq!(reader.damage().stretches, 0);
    }
    assert!(open(dir.path()).received(StreamId(1)).unwrap().len() > 5_000);
}
