//! Rot, garbage and files of other versions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use confee_domain::StreamId;
use confee_store::{Appended, Position, Record, Spool, StoreError, TalkAudio};
use proptest::prelude::*;

use crate::fault_disk::{Cut, FaultDisk};
use crate::support::{FOLDER, append_all, frame, open, read_all, small, try_open};

fn segment(number: u32) -> PathBuf {
    Path::new(FOLDER).join(format!("{number:010}.log"))
}

/// A log of two segments and what is in it.
fn written() -> (FaultDisk, Vec<Record<'static>>) {
    let disk = FaultDisk::default();
    let (mut spool, _) = open(&disk);
    let records: Vec<_> = (0..8).map(|seq| frame(1, seq)).collect();
    append_all(&mut spool, &records);
    spool.sync().unwrap();
    assert!(disk.has(&segment(2)) && !disk.has(&segment(3)));
    (disk, records)
}

#[test]
fn a_rotten_byte_costs_one_frame_and_the_badge_is_asked_for_it() {
    let (clean, records) = written();
    for number in [1, 2] {
        let bytes = clean.bytes(&segment(number));
        for (at, flip) in (0..bytes.len()).flat_map(|at| [(at, 1), (at, 0x80), (at, 0xFF)]) {
            let disk = clean.after(Cut::Power);
            let mut rotten = bytes.clone();
            rotten[at] ^= flip;
            disk.put(&segment(number), &rotten);
            let (mut spool, recovered) = open(&disk);
            let mut reader = spool.reader(Position::START);
            let there = read_all(&mut reader);
            let lost: Vec<_> = records.iter().filter(|r| !there.contains(r)).collect();
            assert_eq!(lost.len(), usize::from(at >= 32), "{number} {at}");
            assert!(records.iter().filter(|r| there.contains(r)).eq(there.iter()));
            let noticed = recovered.damage.stretches + u64::from(recovered.torn_bytes > 0);
            assert_eq!(noticed, u64::from(at >= 32));
            if let Some(Record::Frame(f)) = lost.first() {
                assert!(!spool.received(f.stream).unwrap().contains(f.seq));
                let again = spool.append(&frame(1, f.seq)).unwrap();
                assert!(matches!(again, Appended::Written { .. }));
            }
            append_all(&mut spool, &[frame(1, 100)]);
            spool.sync().unwrap();
            assert_eq!(read_all(&mut reader).last(), Some(&frame(1, 100)));
        }
    }
}

#[test]
fn a_newer_file_is_refused_by_name_and_stays() {
    let (disk, _) = written();
    let mut bytes = disk.bytes(&segment(2));
    bytes[8] = 2;
    let sum = crc32fast::hash(&bytes[..28]);
    bytes[28..32].copy_from_slice(&sum.to_le_bytes());
    disk.put(&segment(2), &bytes);
    let error = try_open(&disk).unwrap_err();
    assert!(matches!(&error, StoreError::AudioFromTheFuture { file, found: 2, known: 1 }
        if file == "0000000002.log"));
    assert_eq!(disk.bytes(&segment(2)), bytes);
    let talks = Path::new("audio/talks");
    disk.put(&talks.join("a.log"), &bytes);
    let talks = TalkAudio::new(talks, Arc::new(disk.clone())).unwrap();
    assert!(matches!(talks.open("a").unwrap_err(), StoreError::AudioFromTheFuture { .. }));
}

#[test]
fn a_record_inside_the_sound_of_another_is_not_taken_for_one() {
    let (disk, _) = written();
    let bytes = disk.bytes(&segment(1));
    let inner = bytes[32..32 + 24 + 20].to_vec();
    let disk = FaultDisk::default();
    let (mut spool, _) = open(&disk);
    let Record::Frame(outer) = frame(1, 7) else { unreachable!() };
    spool.append(&Record::Frame(confee_domain::AudioFrame { payload: &inner, ..outer })).unwrap();
    spool.sync().unwrap();
    let mut rotten = disk.bytes(&segment(1));
    rotten[34] ^= 0x40;
    disk.put(&segment(1), &rotten);
    let (spool, recovered) = open(&disk);
    assert_eq!((recovered.records, recovered.torn_bytes), (0, rotten.len() as u64 - 32));
    assert!(spool.received(StreamId(1)).is_none());
}

/// Opens a log with a file of someone else's bytes, reads it and goes on with it.
fn survives(bytes: &[u8]) {
    let disk = FaultDisk::default();
    disk.put(&segment(3), bytes);
    disk.put(Path::new("audio/talks/a.log"), bytes);
    let talks = TalkAudio::new(Path::new("audio/talks"), Arc::new(disk.clone())).unwrap();
    if let Ok(mut talk) = talks.open("a") {
        while talk.next().unwrap().is_some() {}
    }
    let opened = Spool::open(Path::new(FOLDER), small(), Arc::new(disk.clone()));
    let Ok((mut spool, recovered)) = opened else {
        assert!(matches!(opened.unwrap_err(), StoreError::AudioFromTheFuture { .. }));
        return;
    };
    assert!(recovered.records <= bytes.len() as u64 / 7);
    let mut reader = spool.reader(Position::START);
    let mut count = 0;
    while reader.next().unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, recovered.records);
    append_all(&mut spool, &[frame(77, 1)]);
    spool.sync().unwrap();
    assert_eq!(read_all(&mut reader), [frame(77, 1)]);
    let (_, again) = open(&disk.after(Cut::Power));
    assert_eq!(again.records, recovered.records + 1);
}

proptest! {
    #[test]
    fn any_bytes_can_be_opened(
        header in any::<bool>(),
        bytes in prop::collection::vec(any::<u8>(), 0..6_000),
    ) {
        let head = written().0.bytes(&segment(1));
        let mut file = if header { head[..32].to_vec() } else { Vec::new() };
        file.extend(bytes);
        survives(&file);
    }

    #[test]
    fn a_log_that_was_cut_and_glued_can_be_opened(
        cuts in prop::collection::vec((0..500_usize, 0..500_usize, any::<u8>()), 1..8),
    ) {
        let mut bytes = written().0.bytes(&segment(1));
        for (from, to, new) in cuts {
            let (from, to) = (from.min(bytes.len()), to.min(bytes.len()));
            let piece = bytes[from.min(to)..from.max(to)].to_vec();
            bytes.truncate(from.max(to));
            bytes.push(new);
            bytes.extend(piece);
        }
        survives(&bytes);
    }
}

#[test]
fn numbers_that_are_used_up_are_an_error() {
    let disk = FaultDisk::default();
    disk.put(&segment(u32::MAX), b"not a log");
    assert!(matches!(try_open(&disk).unwrap_err(), StoreError::BadAudio { .. }));
}

#[test]
fn only_files_of_ours_are_segments() {
    let (disk, records) = written();
    disk.put(&segment(7), b"");
    for name in ["99999999999.log", "+000000001.log", "0000000001.txt", "notes"] {
        disk.put(&Path::new(FOLDER).join(name), &disk.bytes(&segment(1)));
    }
    let (mut spool, recovered) = open(&disk);
    assert_eq!((recovered.records, recovered.damage.stretches), (8, 0));
    append_all(&mut spool, &[frame(1, 9)]);
    spool.sync().unwrap();
    assert!(disk.bytes(&segment(7)).len() > 32);
    let (spool, _) = open(&disk.after(Cut::Power));
    let expected: Vec<_> = records.into_iter().chain([frame(1, 9)]).collect();
    assert_eq!(read_all(&mut spool.reader(Position::START)), expected);
}
