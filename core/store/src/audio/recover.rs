use std::collections::BTreeMap;
use std::path::Path;

use confee_domain::{Mark, StreamId};

use super::disk::Disk;
use super::failed;
use super::log_file::segment_path;
use super::reader::{Damage, open_scan};
use super::record::{Record, frame_place, kind};
use super::scan::{Found, Scan};
use super::state::{Held, Knowledge, StreamState, hold, read_received};
use super::wire::{Header, Position};
use crate::error::Result;

/// What was found when the log was opened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recovered {
    /// Records in the log.
    pub records: u64,
    /// Bytes after the last record of the last segment: an append that a crash cut off.
    pub torn_bytes: u64,
    /// Bytes elsewhere that are not records: damaged storage. Frames in them are not in
    /// [`StreamState::received`].
    pub damage: Damage,
    /// Records that only a newer version of the app understands.
    pub unknown: u64,
    /// What is known of every stream.
    pub streams: BTreeMap<StreamId, StreamState>,
    /// The last [`Record::Custody`] of every ring.
    pub custody: BTreeMap<u64, u64>,
    /// The marks in the log, each with the place of its record.
    pub marks: Vec<(Position, Mark)>,
    /// The end of the log.
    pub end: Position,
}

/// A file of the log.
#[derive(Debug, Default)]
pub(super) struct Segment {
    pub(super) number: u32,
    pub(super) bytes: u32,
    /// Records for readers.
    pub(super) records: u64,
    /// Frames in it, erased ones included.
    pub(super) held: Held,
}

/// What reading all segments gives.
#[derive(Default)]
pub(super) struct Recovery {
    pub(super) knowledge: Knowledge,
    /// Frames of deleted segments.
    pub(super) released: Held,
    pub(super) segments: Vec<Segment>,
    pub(super) found: Recovered,
    pub(super) last: Last,
}

/// In what shape the last segment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Last {
    /// There is none, or its header is damaged: leave it alone.
    #[default]
    Closed,
    /// It has not even a header.
    Empty,
    /// It ends with a record.
    Whole,
    /// Its last record ends here, more bytes follow.
    Torn(u32),
}

impl Recovery {
    pub(super) fn segment(&mut self, disk: &dyn Disk, folder: &Path, number: u32) -> Result<()> {
        // What looked like a torn end was not the end.
        self.found.damage.add(std::mem::take(&mut self.found.torn_bytes) as u32);
        let (mut scan, header) = open_scan(disk, &segment_path(folder, number), number)?;
        let bytes = scan.file_bytes().map_err(|e| failed(&e))?;
        let mut segment = Segment { number, bytes, ..Segment::default() };
        while let Some(found) = scan.next(bytes).map_err(|e| failed(&e))? {
            self.found.damage.add(found.skipped);
            self.record(&scan, &found, &mut segment);
        }
        let torn = bytes.saturating_sub(scan.at().offset);
        self.found.torn_bytes = u64::from(torn);
        self.last = match (header, torn) {
            _ if bytes == 0 => Last::Empty,
            (Header::Ours, 0) => Last::Whole,
            (Header::Ours, _) => Last::Torn(scan.at().offset),
            _ => Last::Closed,
        };
        self.segments.push(segment);
        Ok(())
    }

    fn record(&mut self, scan: &Scan, found: &Found, segment: &mut Segment) {
        let payload = scan.payload(found);
        let (carried, code) = (found.kind & kind::CARRIED != 0, found.kind & !kind::CARRIED);
        let known = match code {
            kind::RECEIVED => self.received(payload),
            kind::ERASED => frame_place(payload).map(|place| self.frame(place, segment)),
            _ => Record::read(code, payload).map(|record| {
                self.knowledge.note(&record);
                match &record {
                    _ if carried => return,
                    Record::Frame(f) => self.frame((f.stream, f.seq), segment),
                    Record::Mark(mark) => self.found.marks.push((found.start, *mark)),
                    _ => {}
                }
                segment.records += 1;
                self.found.records += 1;
            }),
        };
        self.found.unknown += u64::from(known.is_none());
    }

    fn received(&mut self, payload: &[u8]) -> Option<()> {
        let (stream, ranges) = read_received(payload)?;
        hold(&mut self.released, stream, &ranges);
        let known = &mut self.knowledge.stream(stream).received;
        ranges.ranges().iter().for_each(|r| known.insert_range(r.clone()));
        Some(())
    }

    fn frame(&mut self, (stream, seq): (StreamId, u32), segment: &mut Segment) {
        self.knowledge.stream(stream).received.insert(seq);
        segment.held.entry(stream).or_default().insert(seq);
    }
}
