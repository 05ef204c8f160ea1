//! What the log promises while nothing fails.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use confee_domain::{AudioFrame, MarkKind, StreamId};
use confee_store::{
    Admission, Appended, ClockAnchor, MAX_FRAME_BYTES, Position, RealDisk, Record, Spool,
    SpoolOptions, StoreError,
};

use crate::fault_disk::{Cut, FaultDisk};
use crate::support::{FOLDER, anchor, append_all, frame, mark, open, read_all};

#[test]
fn a_reader_sees_what_is_durable_and_follows() {
    let disk = FaultDisk::default();
    let (mut spool, _) = open(&disk);
    let mut reader = spool.reader(Position::START);
    append_all(&mut spool, &[frame(1, 0)]);
    assert_eq!(read_all(&mut reader), []);
    spool.sync().unwrap();
    assert_eq!(read_all(&mut reader), [frame(1, 0)]);
    let more: Vec<_> = (1..30).map(|seq| frame(1, seq)).collect();
    append_all(&mut spool, &more[..20]);
    spool.sync().unwrap();
    append_all(&mut spool, &more[20..]);
    spool.sync().unwrap();
    assert_eq!(read_all(&mut reader), more);
    assert_eq!(reader.position(), spool.durable());
    let bookmark = Position::from_u64(reader.position().to_u64());
    append_all(&mut spool, &[mark(1, 30, MarkKind::Lead)]);
    spool.sync().unwrap();
    assert_eq!(read_all(&mut spool.reader(bookmark)), [mark(1, 30, MarkKind::Lead)]);
    assert_eq!(read_all(&mut spool.reader(spool.end())), []);
    let of_another_log = Position::from_u64(u64::MAX);
    assert_eq!(read_all(&mut spool.reader(of_another_log)).len(), 31);
}

#[test]
fn a_reader_in_another_thread_reads_everything_once() {
    let dir = tempfile::tempdir().unwrap();
    let options = SpoolOptions { segment_bytes: 4_000, ..SpoolOptions::default() };
    let (mut spool, _) = Spool::open(dir.path(), options, Arc::new(RealDisk)).unwrap();
    let mut reader = spool.reader(Position::START);
    let written = Arc::new(AtomicBool::new(false));
    let all_written = Arc::clone(&written);
    let reading = std::thread::spawn(move || {
        let mut all = Vec::new();
        loop {
            let was_last = all_written.load(Ordering::Acquire);
            all.extend(read_all(&mut reader));
            if was_last {
                break;
            }
            std::thread::yield_now();
        }
        assert_eq!(reader.damage().stretches, 0);
        all
    });
    let records: Vec<_> = (0..2_000).map(|seq| frame(1, seq)).collect();
    for chunk in records.chunks(37) {
        append_all(&mut spool, chunk);
        spool.sync().unwrap();
    }
    written.store(true, Ordering::Release);
    assert_eq!(reading.join().unwrap(), records);
    drop(spool);
    let (_, recovered) =
        Spool::open(dir.path(), SpoolOptions::default(), Arc::new(RealDisk)).unwrap();
    let received = &recovered.streams[&StreamId(1)].received;
    assert_eq!((received.len(), received.first_missing(0)), (2_000, 2_000));
}

#[test]
fn a_frame_is_stored_once_also_after_its_segment_is_gone() {
    let disk = FaultDisk::default();
    let (mut spool, _) = open(&disk);
    let frames: Vec<_> = (0..60).step_by(2).map(|seq| frame(3, seq)).collect();
    append_all(&mut spool, &frames);
    assert_eq!(spool.append(&frames[4]).unwrap(), Appended::Duplicate);
    assert!(spool.release(spool.end()).unwrap() > 3);
    assert_eq!(spool.used_bytes(), disk.used());
    assert_eq!(spool.release(spool.end()).unwrap(), 0);
    for _ in 0..2 {
        let (mut later, recovered) = open(&disk.after(Cut::Power));
        assert_eq!((recovered.records, recovered.streams[&StreamId(3)].received.len()), (0, 30));
        assert_eq!(later.append(&frames[29]).unwrap(), Appended::Duplicate);
        assert!(matches!(later.append(&frame(3, 1)).unwrap(), Appended::Written { .. }));
    }
    spool.forget(StreamId(3));
    append_all(&mut spool, &[frame(4, 0)]);
    spool.release(spool.end()).unwrap();
    let (later, _) = open(&disk.after(Cut::Power));
    assert!(later.stream(StreamId(3)).is_none() && later.stream(StreamId(4)).is_some());
}

#[test]
fn more_gaps_than_fit_into_one_record_are_carried() {
    let disk = FaultDisk::default();
    let (mut spool, _) = open(&disk);
    let frames: Vec<_> = (0..3_000).step_by(2).map(|seq| frame(3, seq)).collect();
    append_all(&mut spool, &frames);
    spool.release(spool.end()).unwrap();
    let (later, _) = open(&disk.after(Cut::Power));
    assert_eq!(later.received(StreamId(3)), spool.received(StreamId(3)));
    assert_eq!(later.received(StreamId(3)).unwrap().ranges().len(), 1_500);
}

#[test]
fn what_is_known_of_a_stream_outlives_its_segments() {
    let disk = FaultDisk::default();
    let (mut spool, _) = open(&disk);
    let info = Record::StreamInfo { stream: StreamId(1), badge: *b"12345678" };
    let dropped = Record::Dropped { stream: StreamId(1), range: 4..9 };
    let anchors = [anchor(1, 500), anchor(1, 100), anchor(1, 900), anchor(1, 700)];
    append_all(&mut spool, &[info.clone(), dropped]);
    append_all(&mut spool, &anchors);
    append_all(&mut spool, &[1, 2].map(|n| Record::Custody { ring: 5, advanced_to: n }));
    spool.release(spool.end()).unwrap();
    append_all(&mut spool, &[anchor(1, 800), mark(1, 3, MarkKind::Stop)]);
    spool.sync().unwrap();
    let (later, recovered) = open(&disk.after(Cut::Power));
    let stream = later.stream(StreamId(1)).unwrap();
    let at =
        |badge_ms| Some(ClockAnchor { badge_ms, unix_ms: 1_780_000_000_000 + i64::from(badge_ms) });
    assert_eq!((stream.first_anchor, stream.last_anchor), (at(100), at(900)));
    assert_eq!(stream.dropped.ranges(), std::slice::from_ref(&(4..9)));
    assert_eq!(later.preface(StreamId(1)), [info, anchor(1, 100), anchor(1, 900)]);
    assert_eq!((later.custody(5), later.custody(6)), (Some(2), None));
    assert_eq!(recovered.custody.get(&5), Some(&2));
    assert_eq!(recovered.marks.len(), 1);
    let mut reader = later.reader(recovered.marks[0].0);
    assert_eq!(read_all(&mut reader), [mark(1, 3, MarkKind::Stop)]);
}

#[test]
fn without_space_nothing_is_taken_and_releasing_makes_some() {
    let disk = FaultDisk::default();
    let options = SpoolOptions { segment_bytes: 300, max_bytes: 2_000, min_free_bytes: 1_000 };
    let (mut spool, _) = Spool::open(Path::new(FOLDER), options, Arc::new(disk.clone())).unwrap();
    assert_eq!(spool.room(), Admission::Enough);
    for (free, room) in [(3_999, Admission::Low), (999, Admission::Full)] {
        disk.plan(|p| p.free = Some(free));
        assert_eq!(spool.room(), room);
    }
    spool.sync().unwrap();
    assert!(matches!(spool.append(&frame(1, 0)).unwrap_err(), StoreError::DiskFull));
    assert!(spool.received(StreamId(1)).is_none());
    disk.plan(|p| p.free = None);
    let mut seq = 0;
    let error = loop {
        match spool.append(&frame(1, seq)) {
            Ok(_) => seq += 1,
            Err(error) => break error,
        }
        spool.sync().unwrap();
    };
    assert!(matches!(error, StoreError::DiskFull));
    assert!((2_000..2_200).contains(&disk.used()), "{}", disk.used());
    spool.release(spool.end()).unwrap();
    assert!(matches!(spool.append(&frame(1, seq)).unwrap(), Appended::Written { .. }));
    assert_eq!(spool.received(StreamId(1)).unwrap().len(), u64::from(seq) + 1);
}

#[test]
fn erased_frames_are_not_on_the_disk_and_not_asked_for() {
    let disk = FaultDisk::default();
    let (mut spool, _) = open(&disk);
    let frames: Vec<_> = (0..20).map(|seq| frame(1, seq)).collect();
    append_all(&mut spool, &frames);
    append_all(&mut spool, &[frame(2, 5)]);
    spool.sync().unwrap();
    let sound = |record: &Record<'_>| match record {
        Record::Frame(f) => f.payload.to_vec(),
        _ => unreachable!(),
    };
    let found = |record| {
        let sound = sound(record);
        let segments = (1..20).map(|n| Path::new(FOLDER).join(format!("{n:010}.log")));
        let mut files = segments.filter(|p| disk.has(p)).map(|p| disk.bytes(&p));
        files.any(|bytes| bytes.windows(sound.len()).any(|w| w == sound))
    };
    let mut reader = spool.reader(Position::START);
    assert!(found(&frames[7]));
    assert_eq!(spool.erase(StreamId(1), &(5..20)).unwrap(), 15);
    assert!(!frames[5..].iter().any(found) && frames[..5].iter().all(found));
    assert_eq!(spool.erase(StreamId(1), &(5..20)).unwrap(), 0);
    let left: Vec<_> = (0..5).map(|seq| frame(1, seq)).chain([frame(2, 5)]).collect();
    assert_eq!(read_all(&mut reader), left);
    let (mut later, recovered) = open(&disk.after(Cut::Power));
    assert_eq!((recovered.records, recovered.damage.stretches), (6, 0));
    assert_eq!(later.append(&frame(1, 9)).unwrap(), Appended::Duplicate);
}

#[test]
fn records_that_do_not_fit_are_refused() {
    let (mut spool, _) = open(&FaultDisk::default());
    let sound = vec![7; MAX_FRAME_BYTES + 1];
    let Record::Frame(frame) = frame(1, 1) else { unreachable!() };
    for bad in [AudioFrame { payload: &sound, ..frame }, AudioFrame { seq: u32::MAX, ..frame }] {
        let error = spool.append(&Record::Frame(bad)).unwrap_err();
        assert!(matches!(error, StoreError::BadAudio { .. }));
    }
    let longest = AudioFrame { payload: &sound[1..], ..frame };
    spool.append(&Record::Frame(longest)).unwrap();
    spool.sync().unwrap();
    let mut reader = spool.reader(Position::START);
    assert_eq!(reader.next().unwrap(), Some(Record::Frame(longest)));
    let printed = format!("{:?} {spool:?} {reader:?}", Record::Frame(longest));
    assert!(!printed.contains("7, 7") && printed.contains("bytes: 4079"), "{printed}");
}
