//! What leaves the log: segments that nobody needs any more, and frames that must go.

use std::ops::Range;

use confee_domain::StreamId;

use super::disk::remove_if_there;
use super::failed;
use super::log_file::segment_path;
use super::reader::open_scan;
use super::record::{frame_place, kind};
use super::recover::Segment;
use super::spool::Spool;
use super::state::hold;
use super::whole_file::WholeFile;
use super::wire::{self, HEADER_BYTES, Header, Position};
use crate::error::Result;

impl Spool {
    /// Deletes the segments that end at or before a place and returns how many; with the end of
    /// the log, all audio. What was received, dropped and told to badges stays known.
    ///
    /// # Errors
    /// As [`Spool::sync`]; nothing that is still needed is deleted.
    pub fn release(&mut self, before: Position) -> Result<usize> {
        self.check_usable()?;
        if before >= self.end() && self.segments.last().is_some_and(|s| s.records > 0) {
            self.rotate()?;
        }
        let current = self.log.number();
        let done = self.segments.iter().take_while(|s| s.number != current && s.ends_by(before));
        let done = done.count();
        if done == 0 {
            return Ok(0);
        }
        for segment in self.segments.iter().take(done) {
            let known = |stream: &StreamId| self.knowledge.streams.contains_key(stream);
            for (stream, ranges) in segment.held.iter().filter(|(stream, _)| known(stream)) {
                hold(&mut self.released, *stream, ranges);
            }
        }
        for carried in self.knowledge.carried(&self.released) {
            self.write(carried.kind(), carried.length(), |out| carried.put(out))?;
        }
        self.sync()?;
        self.delete(done)?;
        Ok(done)
    }

    /// Deletes the first segments, the oldest first.
    fn delete(&mut self, count: usize) -> Result<()> {
        let io = |e| failed(&e);
        for _ in 0..count {
            let Some(oldest) = self.segments.first() else { break };
            let path = segment_path(&self.folder, oldest.number);
            remove_if_there(&*self.disk, &path).map_err(io)?;
            self.segments.remove(0);
        }
        self.disk.sync_dir(&self.folder).map_err(io)
    }

    /// Forgets a stream of which the badge has nothing left, so that what is known does not grow
    /// for ever. Until the segments with its frames are released, opening the log brings it back.
    pub fn forget(&mut self, stream: StreamId) {
        self.knowledge.streams.remove(&stream);
        self.released.remove(&stream);
    }

    /// Overwrites the sound of frames and returns of how many: what erasing a conversation means
    /// for the part of it that was not released yet. Places stay as they are, and the frames stay
    /// known as received, so that no badge is asked for them.
    ///
    /// # Errors
    /// As [`Spool::sync`]; call again.
    pub fn erase(&mut self, stream: StreamId, seqs: &Range<u32>) -> Result<u64> {
        self.check_usable()?;
        if self.segments.last().is_some_and(|s| s.holds(stream, seqs)) {
            self.rotate()?;
        }
        let current = self.log.number();
        let hit = self.segments.iter().filter(|s| s.number != current && s.holds(stream, seqs));
        hit.map(|segment| self.rewrite(segment, stream, seqs)).sum()
    }

    fn rewrite(&self, segment: &Segment, stream: StreamId, seqs: &Range<u32>) -> Result<u64> {
        let io = |e| failed(&e);
        let path = segment_path(&self.folder, segment.number);
        let (mut scan, header) = open_scan(&*self.disk, &path, segment.number)?;
        let bytes = scan.file_bytes().map_err(io)?;
        let mut out = WholeFile::create(&*self.disk, &path).map_err(io)?;
        match header {
            Header::Ours => {
                let head = scan.head(HEADER_BYTES).map_err(io)?;
                out.buffer().extend_from_slice(&head);
            }
            _ => wire::put_header(out.buffer(), segment.number, self.disk.now_ms()),
        }
        let mut erased = 0;
        while let Some(found) = scan.next(bytes).map_err(io)? {
            out.pad_to(found.start.offset).map_err(io)?;
            let payload = scan.payload(&found);
            let place = frame_place(payload).filter(|_| found.kind == kind::FRAME);
            if place.is_some_and(|(s, seq)| s == stream && seqs.contains(&seq)) {
                erased += 1;
                wire::put(out.buffer(), found.start, kind::ERASED, |out| blank(out, payload));
            } else {
                wire::put(out.buffer(), found.start, found.kind, |o| o.extend_from_slice(payload));
            }
            out.spill().map_err(io)?;
        }
        // Damaged bytes may be sound, too.
        out.pad_to(bytes).map_err(io)?;
        out.finish().map_err(io)?;
        Ok(erased)
    }
}

/// Stream and number of a frame, and zeros in place of the rest.
fn blank(out: &mut Vec<u8>, payload: &[u8]) {
    let end = out.len() + payload.len();
    out.extend_from_slice(payload.get(..12).unwrap_or(payload));
    out.resize(end, 0);
}

impl Segment {
    fn ends_by(&self, place: Position) -> bool {
        place >= Position { segment: self.number, offset: self.bytes }
    }

    fn holds(&self, stream: StreamId, seqs: &Range<u32>) -> bool {
        let held = self.held.get(&stream).map_or(&[][..], |held| held.ranges());
        held.iter().any(|r| r.start < seqs.end && seqs.start < r.end)
    }
}
