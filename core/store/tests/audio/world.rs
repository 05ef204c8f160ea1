//! What must be true of the log, beside the log.

use std::collections::BTreeSet;

use confee_domain::{MarkKind, SeqRanges, StreamId};
use confee_store::{Appended, Position, Reader, Record, Spool, StoreError};

use crate::fault_disk::{Cut, FaultDisk};
use crate::support::{anchor, frame, mark, open, read_all};

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Frame(u64, u32),
    /// A mark, an anchor, a custody record or another small one.
    Other(u8),
    Sync,
    /// Readers read what is there.
    Read,
    /// Everything before the readers' place, or everything.
    Release {
        all: bool,
    },
    Erase(u64, std::ops::Range<u32>),
    Cut(Cut),
    /// Bytes that can still be written, or no bound.
    Space(Option<u64>),
    FailingSync,
}

struct Entry {
    record: Record<'static>,
    end: Position,
    synced: bool,
    /// Released or erased, or about to be when something failed: it may be read or not.
    may_go: bool,
    /// Erased: must not be read.
    erased: bool,
}

/// The log, a reader that follows it, and what both must hold.
pub(crate) struct World {
    pub(crate) disk: FaultDisk,
    spool: Spool,
    entries: Vec<Entry>,
    follower: Reader,
    seen: Vec<Record<'static>>,
    counter: u32,
    pub(crate) failures: u32,
}

impl World {
    pub(crate) fn new(disk: FaultDisk) -> Option<Self> {
        let (spool, _) = crate::support::try_open(&disk).ok()?;
        let follower = spool.reader(Position::START);
        let (entries, seen) = (Vec::new(), Vec::new());
        Some(Self { disk, spool, entries, follower, seen, counter: 0, failures: 0 })
    }

    /// Does a step; a failure of the disk is part of it.
    pub(crate) fn step(&mut self, step: &Step) {
        let done = match step {
            Step::Frame(stream, seq) => self.append(frame(*stream, *seq)),
            Step::Other(which) => {
                let record = self.other(*which);
                self.append(record)
            }
            Step::Sync => self.sync(),
            Step::Read => self.read(),
            Step::Release { all } => self.release(*all),
            Step::Erase(stream, seqs) => self.erase(*stream, seqs),
            Step::Cut(cut) => {
                self.restart(*cut);
                Ok(())
            }
            Step::Space(space) => {
                let used = self.disk.used();
                self.disk.plan(|p| p.capacity = space.map(|s| used + s));
                Ok(())
            }
            Step::FailingSync => {
                self.disk.plan(|p| p.sync_fails = true);
                let done = self.sync();
                self.disk.plan(|p| p.sync_fails = false);
                done
            }
        };
        if let Err(error) = done {
            self.failures += 1;
            if matches!(error, StoreError::AudioUnsafe) {
                self.restart(Cut::Process);
            }
        }
    }

    fn other(&mut self, which: u8) -> Record<'static> {
        self.counter += 1;
        let (n, stream) = (self.counter, u64::from(which % 2));
        match which % 6 {
            0 | 1 => mark(stream, n, MarkKind::Lead),
            2 => anchor(stream, n),
            3 => Record::Custody { ring: 9, advanced_to: u64::from(n) },
            4 => {
                let badge = u64::from(n).to_le_bytes();
                Record::StreamInfo { stream: StreamId(stream), badge }
            }
            _ => Record::Dropped { stream: StreamId(stream), range: 10_000 + n..10_001 + n },
        }
    }

    fn append(&mut self, record: Record<'static>) -> Result<(), StoreError> {
        let is_there = self.entries.iter().any(|e| is_frame(&record) && e.record == record);
        match self.spool.append(&record)? {
            Appended::Duplicate => assert!(is_there, "{record:?}"),
            Appended::Written { end, .. } => {
                assert!(!is_there, "{record:?}");
                let (synced, may_go, erased) = (false, false, false);
                self.entries.push(Entry { record, end, synced, may_go, erased });
            }
        }
        self.note_durable();
        Ok(())
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        let end = self.spool.sync()?;
        assert_eq!((end, self.spool.durable()), (self.spool.end(), end));
        self.note_durable();
        assert!(self.entries.iter().all(|e| e.synced));
        Ok(())
    }

    fn note_durable(&mut self) {
        let durable = self.spool.durable();
        self.entries.iter_mut().filter(|e| e.end <= durable).for_each(|e| e.synced = true);
    }

    fn read(&mut self) -> Result<(), StoreError> {
        let news = read_all(&mut self.follower);
        self.check_news(&news);
        self.seen.extend(news);
        assert_eq!(self.follower.damage().stretches, 0);
        Ok(())
    }

    /// What the follower reads are the synced records that it has not seen, in order.
    fn check_news(&self, news: &[Record<'static>]) {
        let mut expected = self.entries.iter().filter(|e| e.synced);
        for record in news {
            assert!(!self.seen.contains(record), "read twice: {record:?}");
            assert!(expected.any(|e| e.record == *record), "not in order: {record:?}");
        }
        let must = self.entries.iter().filter(|e| e.synced && !e.may_go);
        for entry in must.filter(|e| !self.seen.contains(&e.record)) {
            assert!(news.contains(&entry.record), "not read: {:?}", entry.record);
        }
    }

    fn release(&mut self, all: bool) -> Result<(), StoreError> {
        let before = if all { self.spool.end() } else { self.follower.position() };
        let going = self.entries.iter_mut().filter(|e| e.end <= before);
        going.for_each(|e| e.may_go = true);
        let done = self.spool.release(before);
        self.note_durable();
        done?;
        if all {
            assert_eq!(read_all(&mut self.spool.reader(Position::START)), []);
        }
        Ok(())
    }

    fn erase(&mut self, stream: u64, seqs: &std::ops::Range<u32>) -> Result<(), StoreError> {
        let hit = |e: &&mut Entry| match &e.record {
            Record::Frame(f) => f.stream.0 == stream && seqs.contains(&f.seq),
            _ => false,
        };
        self.entries.iter_mut().filter(hit).for_each(|e| e.may_go = true);
        let done = self.spool.erase(StreamId(stream), seqs);
        self.note_durable();
        done?;
        self.entries.iter_mut().filter(hit).for_each(|e| e.erased = true);
        Ok(())
    }

    /// A cut, and the app starts again.
    pub(crate) fn restart(&mut self, cut: Cut) {
        self.disk = self.disk.after(cut);
        let (spool, recovered) = open(&self.disk);
        self.spool = spool;
        let there = read_all(&mut self.spool.reader(Position::START));
        assert_eq!(recovered.records, there.len() as u64);
        assert_eq!(recovered.end, self.spool.end());
        self.check_order(&there);
        self.check_knowledge(&there);
        self.entries.retain(|e| e.synced || there.contains(&e.record));
        self.entries.iter_mut().for_each(|e| e.synced = true);
        self.follower = self.spool.reader(self.follower.position());
        self.read().unwrap();
    }

    /// Everything synced is there once and in order, nothing is invented.
    fn check_order(&self, there: &[Record<'static>]) {
        let mut rest = there.iter().peekable();
        for entry in &self.entries {
            let is_there = rest.next_if(|r| **r == entry.record).is_some();
            assert!(is_there || !entry.synced || entry.may_go, "lost: {:?}", entry.record);
            assert!(!(is_there && entry.erased), "not erased: {:?}", entry.record);
        }
        assert_eq!(rest.next(), None, "invented, doubled or out of order");
    }

    /// What is known of frames is what was read, and what was released or erased.
    fn check_knowledge(&self, there: &[Record<'static>]) {
        let mut known = BTreeSet::new();
        for entry in &self.entries {
            let Record::Frame(f) = &entry.record else { continue };
            let knows = self.spool.received(f.stream).is_some_and(|r| r.contains(f.seq));
            let is_there = there.contains(&entry.record);
            if is_there || entry.synced {
                assert!(knows, "asked for again: {f:?}");
            }
            if !is_there && !entry.may_go {
                assert!(!knows, "never asked for again: {f:?}");
            }
            known.extend(knows.then_some((f.stream.0, f.seq)));
        }
        let count: u64 =
            (0..2).filter_map(|s| self.spool.received(StreamId(s))).map(SeqRanges::len).sum();
        assert_eq!(known.len() as u64, count);
        let custody = |synced: bool| {
            let entries = self.entries.iter().filter(|e| e.synced || !synced);
            let places = entries.filter_map(|e| match e.record {
                Record::Custody { advanced_to, .. } => Some(advanced_to),
                _ => None,
            });
            places.max()
        };
        assert!(self.spool.custody(9) >= custody(true) && self.spool.custody(9) <= custody(false));
    }
}

fn is_frame(record: &Record<'_>) -> bool {
    matches!(record, Record::Frame(_))
}
