use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use confee_domain::{SeqRanges, StreamId};

use super::disk::{Disk, remove_unfinished};
use super::failed;
use super::log_file::{LogFile, segment_numbers, segment_path};
use super::reader::Reader;
use super::record::Record;
use super::recover::{Last, Recovered, Recovery, Segment};
use super::state::{Held, Knowledge, StreamState};
use super::wire::{OVERHEAD, Position};
use crate::error::{Result, StoreError};

/// Upper bound of [`SpoolOptions::segment_bytes`].
const MAX_SEGMENT: u32 = 1 << 30;

/// How much the log may take.
#[derive(Debug, Clone)]
pub struct SpoolOptions {
    /// When a segment file is full; whole segments are deleted.
    pub segment_bytes: u32,
    /// Bytes that the log may take in all. The default is about two weeks of talks.
    pub max_bytes: u64,
    /// Bytes of the disk that stay free for others.
    pub min_free_bytes: u64,
}

impl Default for SpoolOptions {
    fn default() -> Self {
        Self { segment_bytes: 1 << 20, max_bytes: 1 << 30, min_free_bytes: 64 << 20 }
    }
}

/// Whether there is space for more audio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// There is.
    Enough,
    /// There is, but the wearer should be told.
    Low,
    /// There is none: nothing is taken, so the badge keeps its copy.
    Full,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It is in the log, and safe once [`Spool::durable`] has reached its end.
    Written {
        /// Where it begins.
        start: Position,
        /// Where it ends.
        end: Position,
    },
    /// The frame was there already; nothing was written.
    Duplicate,
}

/// The append-only log of everything that badges send. One process and one owner at a time: the
/// lock of the open [`crate::Store`] of the same data folder stands for both.
///
/// Calls block; call from a blocking thread.
pub struct Spool {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) folder: PathBuf,
    options: SpoolOptions,
    pub(super) log: LogFile,
    /// Ascending; the last is the one that is written.
    pub(super) segments: Vec<Segment>,
    pub(super) knowledge: Knowledge,
    /// Frames of deleted segments.
    pub(super) released: Held,
    durable: Arc<AtomicU64>,
    admission: Admission,
}

impl Spool {
    /// Opens, or makes, the log in a folder. A torn end is cut off, unfinished files are removed;
    /// everything else stays. Reads the whole log.
    ///
    /// # Errors
    /// [`StoreError::AudioFromTheFuture`], [`StoreError::AudioIo`], [`StoreError::ReadOnly`],
    /// [`StoreError::DiskFull`].
    pub fn open(
        folder: &Path,
        options: SpoolOptions,
        disk: Arc<dyn Disk>,
    ) -> Result<(Self, Recovered)> {
        let io = |e| failed(&e);
        disk.create_folder(folder).map_err(io)?;
        let mut recovery = Recovery::default();
        for number in segment_numbers(&*disk, folder).map_err(io)? {
            recovery.segment(&*disk, folder, number)?;
        }
        remove_unfinished(&*disk, folder).map_err(io)?;
        let log = open_log(&*disk, folder, &mut recovery)?;
        let Recovery { knowledge, released, segments, mut found, .. } = recovery;
        found.streams = knowledge.streams.clone();
        found.custody = knowledge.custody.clone();
        found.end = log.end();
        let options =
            SpoolOptions { segment_bytes: options.segment_bytes.min(MAX_SEGMENT), ..options };
        let durable = Arc::new(AtomicU64::new(log.synced().to_u64()));
        let folder = folder.to_owned();
        let admission = Admission::Enough;
        let mut spool =
            Self { disk, folder, options, log, segments, knowledge, released, durable, admission };
        spool.admission = spool.room();
        Ok((spool, found))
    }

    /// Appends a record. It is durable, and seen by readers, after the next [`Spool::sync`].
    ///
    /// # Errors
    /// In every case the record was not taken. [`StoreError::DiskFull`] also while [`Spool::room`]
    /// is [`Admission::Full`]; [`StoreError::BadAudio`]; [`StoreError::AudioUnsafe`].
    pub fn append(&mut self, record: &Record<'_>) -> Result<Appended> {
        self.check_usable()?;
        record.check()?;
        if let Record::Frame(f) = record
            && self.knowledge.has_frame(f.stream, f.seq)
        {
            return Ok(Appended::Duplicate);
        }
        if self.admission == Admission::Full {
            self.admission = self.room();
        }
        if self.admission == Admission::Full {
            return Err(StoreError::DiskFull);
        }
        let (start, end) = self.write(record.kind(), record.length(), |out| record.put(out))?;
        self.knowledge.note(record);
        if let Some(segment) = self.segments.last_mut() {
            segment.records += 1;
            if let Record::Frame(f) = record {
                segment.held.entry(f.stream).or_default().insert(f.seq);
            }
        }
        Ok(Appended::Written { start, end })
    }

    /// Makes everything that was appended durable and returns its end. About once a second bounds
    /// what a crash makes the badge send again.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`]: what was appended is kept in memory, call again.
    /// [`StoreError::AudioUnsafe`]: open the log again, it says what was received.
    pub fn sync(&mut self) -> Result<Position> {
        self.check_usable()?;
        let synced = self.log.sync(&*self.disk, &self.folder);
        synced.map_err(|e| self.write_failed(&e))?;
        self.admission = self.room();
        self.durable.store(self.log.synced().to_u64(), Ordering::Release);
        Ok(self.durable())
    }

    /// Everything before this place is on the disk.
    #[must_use]
    pub fn durable(&self) -> Position {
        Position::from_u64(self.durable.load(Ordering::Acquire))
    }

    /// The end of the log, durable or not.
    #[must_use]
    pub fn end(&self) -> Position {
        self.log.end()
    }

    /// The frames of a stream that were appended, durable or not.
    #[must_use]
    pub fn received(&self, stream: StreamId) -> Option<&SeqRanges> {
        self.stream(stream).map(|s| &s.received)
    }

    /// What is known of a stream.
    #[must_use]
    pub fn stream(&self, stream: StreamId) -> Option<&StreamState> {
        self.knowledge.streams.get(&stream)
    }

    /// The last [`Record::Custody`] of a ring.
    #[must_use]
    pub fn custody(&self, ring: u64) -> Option<u64> {
        self.knowledge.custody.get(&ring).copied()
    }

    /// Badge and clock anchors of a stream as records, wherever in the log, or before it, they
    /// were: what goes to the front of a conversation's file.
    #[must_use]
    pub fn preface(&self, stream: StreamId) -> Vec<Record<'static>> {
        self.stream(stream).map_or_else(Vec::new, |s| s.preface(stream))
    }

    /// A reader of everything at or after a place. A place behind the end is of another log, which
    /// was here before; then it reads from the start: twice is better than never.
    #[must_use]
    pub fn reader(&self, from: Position) -> Reader {
        let from = if from > self.end() { Position::START } else { from };
        let (disk, durable) = (Arc::clone(&self.disk), Arc::clone(&self.durable));
        Reader::of_log(disk, self.folder.clone(), durable, from)
    }

    /// Whether there is space. Asks the disk; where that does not answer, only
    /// [`SpoolOptions::max_bytes`] counts.
    #[must_use]
    pub fn room(&self) -> Admission {
        let used = self.used_bytes();
        let free = self.disk.free_bytes(&self.folder).unwrap_or(u64::MAX);
        let SpoolOptions { max_bytes, min_free_bytes, .. } = self.options;
        if free < min_free_bytes || used >= max_bytes {
            Admission::Full
        } else if free / 4 < min_free_bytes || used >= max_bytes / 8 * 7 {
            Admission::Low
        } else {
            Admission::Enough
        }
    }

    /// Bytes that the log takes.
    #[must_use]
    pub fn used_bytes(&self) -> u64 {
        let closed = self.segments.iter().filter(|s| s.number != self.log.number());
        closed.map(|s| u64::from(s.bytes)).sum::<u64>() + u64::from(self.log.end().offset)
    }

    pub(super) fn check_usable(&self) -> Result<()> {
        if self.log.is_broken() { Err(StoreError::AudioUnsafe) } else { Ok(()) }
    }

    /// Writes without asking for space, into a new segment where the current one is full.
    pub(super) fn write(
        &mut self,
        kind: u8,
        payload_bytes: usize,
        fill: impl FnOnce(&mut Vec<u8>),
    ) -> Result<(Position, Position)> {
        let bytes = payload_bytes + OVERHEAD;
        if !self.log.has_room_for(bytes, self.options.segment_bytes) {
            self.rotate()?;
        }
        if self.log.buffer_is_full(bytes) {
            let flushed = self.log.flush();
            flushed.map_err(|e| self.write_failed(&e))?;
            self.admission = self.room();
        }
        Ok(self.log.put(kind, fill))
    }

    /// Closes the current segment and begins the next one.
    pub(super) fn rotate(&mut self) -> Result<()> {
        self.sync()?;
        let next = next_number(&self.segments)?;
        let log = LogFile::create(&*self.disk, &self.folder, next).map_err(|e| failed(&e))?;
        if let Some(closed) = self.segments.last_mut() {
            closed.bytes = self.log.end().offset;
        }
        self.segments.push(Segment { number: next, ..Segment::default() });
        self.log = log;
        Ok(())
    }

    fn write_failed(&self, error: &std::io::Error) -> StoreError {
        if self.log.is_broken() { StoreError::AudioUnsafe } else { failed(error) }
    }
}

impl fmt::Debug for Spool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (end, durable) = (self.end(), self.durable());
        f.debug_struct("Spool")
            .field("end", &end)
            .field("durable", &durable)
            .finish_non_exhaustive()
    }
}

fn next_number(segments: &[Segment]) -> Result<u32> {
    let last = segments.last().map_or(0, |s| s.number);
    last.checked_add(1).ok_or(StoreError::BadAudio { reason: "the audio log is used up" })
}

/// Goes on with the last segment where that is whole. Otherwise it begins a new one, and makes its
/// name durable: a bookmark behind damaged records must not point into the middle of later ones.
fn open_log(disk: &dyn Disk, folder: &Path, recovery: &mut Recovery) -> Result<LogFile> {
    let io = |e| failed(&e);
    let last = recovery.segments.last().map(|s| (s.number, s.bytes));
    let reopen = |number| disk.open_append(&segment_path(folder, number)).map_err(io);
    match (recovery.last, last) {
        (Last::Whole, Some((number, bytes))) => {
            let mut file = reopen(number)?;
            // A killed process may have left it to the system alone.
            file.sync().map_err(io)?;
            disk.sync_dir(folder).map_err(io)?;
            Ok(LogFile::resume(file, number, bytes))
        }
        (Last::Empty, Some((number, _))) => {
            disk.sync_dir(folder).map_err(io)?;
            Ok(LogFile::begin(reopen(number)?, number, disk.now_ms()))
        }
        (shape, _) => {
            let number = next_number(&recovery.segments)?;
            let mut log = LogFile::create(disk, folder, number).map_err(io)?;
            log.name(disk, folder).map_err(io)?;
            if let (Last::Torn(end), Some(torn)) = (shape, recovery.segments.last_mut()) {
                let mut file = reopen(torn.number)?;
                file.truncate(u64::from(end)).map_err(io)?;
                file.sync().map_err(io)?;
                torn.bytes = end;
            }
            recovery.segments.push(Segment { number, ..Segment::default() });
            Ok(log)
        }
    }
}
