//! One file for each conversation.

use std::path::Path;
use std::sync::Arc;

use confee_domain::{MarkKind, StreamId};
use confee_store::{Position, Record, Spool, StoreError, TalkAudio, TalkPart, Within};

use crate::fault_disk::{Cut, FaultDisk};
use crate::support::{anchor, append_all, frame, mark, open, read_all};

const FOLDER: &str = "audio/talks";

fn talks(disk: &FaultDisk) -> TalkAudio {
    TalkAudio::new(Path::new(FOLDER), Arc::new(disk.clone())).unwrap()
}

/// A log in which two conversations and late frames of the first are mixed.
fn mixed(disk: &FaultDisk) -> (Spool, Vec<Record<'static>>) {
    let (mut spool, _) = open(disk);
    let mut all = vec![Record::StreamInfo { stream: StreamId(1), badge: [8; 8] }, anchor(1, 0)];
    all.extend((0..20).filter(|s| s % 3 > 0).map(|seq| frame(1, seq)));
    all.push(mark(1, 12, MarkKind::Lead));
    all.extend((0..9).map(|seq| frame(2, seq)));
    all.push(Record::Custody { ring: 1, advanced_to: 7 });
    all.extend((0..20).filter(|s| s % 3 == 0).map(|seq| frame(1, seq)));
    all.push(Record::Dropped { stream: StreamId(1), range: 20..30 });
    append_all(&mut spool, &all);
    spool.sync().unwrap();
    (spool, all)
}

fn part(stream: u64, within: Within) -> TalkPart {
    TalkPart { stream: StreamId(stream), within }
}

#[test]
fn a_conversation_gets_its_own_records_and_no_others() {
    let disk = FaultDisk::default();
    let (mut spool, all) = mixed(&disk);
    let talks = talks(&disk);
    let until = spool.durable();
    let parts = [part(1, Within::Seqs(10..25))];
    let sealed = talks.seal("a", &mut spool.reader(Position::START), until, &parts, &[]).unwrap();
    let wanted = |r: &&Record<'_>| match r {
        Record::Frame(f) => f.stream.0 == 1 && f.seq >= 10,
        Record::Custody { .. } => false,
        _ => true,
    };
    let expected: Vec<_> = all.iter().filter(wanted).cloned().collect();
    assert_eq!(read_all(&mut talks.open("a").unwrap()), expected);
    assert_eq!((sealed.records, sealed.frames), (expected.len() as u64, 10));
    assert_eq!(sealed.bytes, disk.bytes(&Path::new(FOLDER).join("a.log")).len() as u64);

    let by_time = [part(2, Within::CapturedMs(40..100))];
    talks.seal("b", &mut spool.reader(Position::START), until, &by_time, &[]).unwrap();
    assert_eq!(read_all(&mut talks.open("b").unwrap()), [frame(2, 2), frame(2, 3), frame(2, 4)]);

    talks.seal("all", &mut spool.reader(Position::START), until, &[], &[]).unwrap();
    let no_custody = all.iter().filter(|r| !matches!(r, Record::Custody { .. })).count();
    assert_eq!(read_all(&mut talks.open("all").unwrap()).len(), no_custody);

    spool.release(spool.end()).unwrap();
    append_all(&mut spool, &[frame(1, 40)]);
    let until = spool.sync().unwrap();
    let preface = spool.preface(StreamId(1));
    let parts = [part(1, Within::Seqs(40..41))];
    talks.seal("c", &mut spool.reader(Position::START), until, &parts, &preface).unwrap();
    let expected = [all[0].clone(), anchor(1, 0), frame(1, 40)];
    assert_eq!(read_all(&mut talks.open("c").unwrap()), expected);
}

#[test]
fn a_conversation_ends_where_it_was_said_to() {
    let disk = FaultDisk::default();
    let (mut spool, all) = mixed(&disk);
    let talks = talks(&disk);
    let mut reader = spool.reader(Position::START);
    for _ in 0..6 {
        reader.next().unwrap();
    }
    let until = reader.position();
    talks.seal("a", &mut spool.reader(Position::START), until, &[], &[]).unwrap();
    assert_eq!(read_all(&mut talks.open("a").unwrap()), all[..6]);
    append_all(&mut spool, &[frame(1, 99)]);
    let error = talks.seal("b", &mut reader, spool.end(), &[], &[]).unwrap_err();
    assert!(matches!(error, StoreError::BadAudio { .. }));
    assert_eq!(talks.list().unwrap(), ["a"]);
}

#[test]
fn a_crash_while_sealing_leaves_the_old_file_or_the_new_one() {
    let base = FaultDisk::default();
    let (spool, all) = mixed(&base);
    let parts = [part(2, Within::Seqs(0..9))];
    let until = spool.durable();
    talks(&base).seal("a", &mut spool.reader(Position::START), until, &parts, &[]).unwrap();
    let (mut old, mut new) = (0, 0);
    for die_at in 1..6 {
        for last_bytes in [0, 1, 300] {
            for cut in [Cut::Process, Cut::Power, Cut::Mixed(die_at)] {
                let disk = base.after(Cut::Power);
                let (spool, _) = open(&disk);
                let before = disk.changes();
                disk.plan(|p| (p.die_at, p.last_bytes) = (Some(before + die_at), last_bytes));
                let until = spool.durable();
                let mut reader = spool.reader(Position::START);
                let sealed = talks(&disk).seal("a", &mut reader, until, &[], &[]);
                let disk = disk.after(cut);
                let talks = talks(&disk);
                let there = read_all(&mut talks.open("a").unwrap());
                assert!([9, all.len() - 1].contains(&there.len()));
                assert!(sealed.is_err() || there.len() > 9);
                *if there.len() == 9 { &mut old } else { &mut new } += 1;
                assert_eq!(talks.list().unwrap(), ["a"]);
                assert!(!disk.has(&Path::new(FOLDER).join("a.log.tmp")));
            }
        }
    }
    assert!(old >= 10 && new >= 10, "{old} {new}");
}

#[test]
fn a_full_disk_leaves_the_old_file_and_no_rest() {
    let disk = FaultDisk::default();
    let (spool, _) = mixed(&disk);
    let talks = talks(&disk);
    let until = spool.durable();
    let seal =
        |parts: &[TalkPart]| talks.seal("a", &mut spool.reader(Position::START), until, parts, &[]);
    seal(&[part(2, Within::Seqs(0..9))]).unwrap();
    let used = disk.used();
    disk.plan(|p| p.capacity = Some(used + 100));
    assert!(matches!(seal(&[]).unwrap_err(), StoreError::DiskFull));
    assert_eq!(read_all(&mut talks.open("a").unwrap()).len(), 9);
    assert_eq!(disk.used(), used);
}

#[test]
fn erased_is_erased_after_a_power_cut_too() {
    let disk = FaultDisk::default();
    let (spool, _) = mixed(&disk);
    let talks_then = talks(&disk);
    let until = spool.durable();
    for id in ["a", "b.2", "c_3", "d-4"] {
        talks_then.seal(id, &mut spool.reader(Position::START), until, &[], &[]).unwrap();
    }
    assert!(talks_then.erase("a").unwrap());
    assert!(!talks_then.erase("a").unwrap());
    let now = talks(&disk.after(Cut::Power));
    assert_eq!(now.list().unwrap(), ["b.2", "c_3", "d-4"]);
    assert!(matches!(now.open("a").unwrap_err(), StoreError::NotFound { .. }));
    assert_eq!(talks_then.erase_all_but(&["c_3", "unknown"]).unwrap(), 2);
    assert_eq!(talks(&disk.after(Cut::Power)).list().unwrap(), ["c_3"]);
}

#[test]
fn an_id_that_is_no_file_name_reaches_no_file() {
    let disk = FaultDisk::default();
    let (spool, _) = mixed(&disk);
    let talks = talks(&disk);
    let long = "x".repeat(121);
    for id in ["", ".", "..", "../spool/0000000001", "a/b", "a\\b", "a\0", ".a", "ä", "a b", &long]
    {
        let mut reader = spool.reader(Position::START);
        let errors = [
            talks.open(id).map(drop).unwrap_err(),
            talks.erase(id).map(drop).unwrap_err(),
            talks.seal(id, &mut reader, spool.durable(), &[], &[]).map(drop).unwrap_err(),
        ];
        assert!(errors.iter().all(|e| matches!(e, StoreError::BadTalkId)), "{id}");
    }
    assert_eq!(talks.list().unwrap(), [""; 0]);
}
