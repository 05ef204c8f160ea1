use std::io;
use std::ops::Range;

use super::disk::DiskFile;
use super::wire::{self, MAX_RECORD, Position};

/// Bytes read at once; memory of a reader.
const WINDOW: usize = 64 * 1024;

/// Finds the records of one file. Where bytes are not a record it looks for the next one, byte by
/// byte.
pub(super) struct Scan {
    file: Box<dyn DiskFile>,
    /// Where the next record is expected.
    at: Position,
    window: Vec<u8>,
    /// Offset of the window's first byte.
    window_at: u32,
    /// Since where there was no record.
    lost_since: Option<u32>,
}

/// A record that a [`Scan`] found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) kind: u8,
    pub(super) start: Position,
    pub(super) end: Position,
    /// Bytes before it that were not a record.
    pub(super) skipped: u32,
    payload: Range<usize>,
}

impl Scan {
    pub(super) fn new(file: Box<dyn DiskFile>, at: Position) -> Self {
        Self {
            file,
            at,
            window: Vec::with_capacity(WINDOW),
            window_at: at.offset,
            lost_since: None,
        }
    }

    /// The place after the last record that was found.
    pub(super) fn at(&self) -> Position {
        Position { offset: self.lost_since.unwrap_or(self.at.offset), ..self.at }
    }

    /// Bytes in the file, as far as a place in it can be named.
    pub(super) fn file_bytes(&self) -> io::Result<u32> {
        Ok(u32::try_from(self.file.length()?).unwrap_or(u32::MAX))
    }

    /// The first bytes of the file, at most `count`.
    pub(super) fn head(&mut self, count: u32) -> io::Result<Vec<u8>> {
        let mut head = vec![0; count as usize];
        let read = self.file.read_at(0, &mut head)?;
        head.truncate(read);
        Ok(head)
    }

    /// The next record that ends at or before `limit`.
    pub(super) fn next(&mut self, limit: u32) -> io::Result<Option<Found>> {
        while self.at.offset < limit {
            self.fill(limit)?;
            let start = self.at;
            let from = (start.offset - self.window_at) as usize;
            let bytes = self.window.get(from..).unwrap_or_default();
            let in_limit = bytes.get(..(limit - start.offset) as usize).unwrap_or(bytes);
            let Some((kind, payload)) = wire::parse(in_limit, start) else {
                self.lost_since.get_or_insert(start.offset);
                self.at.offset += 1;
                continue;
            };
            let payload = from + 3..from + 3 + payload.len();
            self.at.offset += (payload.len() + wire::OVERHEAD) as u32;
            let skipped = self.lost_since.take().map_or(0, |since| start.offset - since);
            return Ok(Some(Found { kind, start, end: self.at, skipped, payload }));
        }
        Ok(None)
    }

    /// What a record says; only until the next call of [`Scan::next`].
    pub(super) fn payload(&self, found: &Found) -> &[u8] {
        self.window.get(found.payload.clone()).unwrap_or_default()
    }

    /// Gives up on the bytes after the last record; returns how many they were.
    pub(super) fn skip_rest(&mut self) -> u32 {
        self.lost_since.take().map_or(0, |since| self.at.offset - since)
    }

    /// Has the longest record at the current place in the window, as far as the limit allows.
    fn fill(&mut self, limit: u32) -> io::Result<()> {
        let wanted = (limit - self.at.offset).min(MAX_RECORD as u32);
        let window_end = self.window_at + self.window.len() as u32;
        if self.at.offset + wanted <= window_end {
            return Ok(());
        }
        self.window_at = self.at.offset;
        self.window.resize(((limit - self.at.offset) as usize).min(WINDOW), 0);
        let read = self.file.read_at(u64::from(self.at.offset), &mut self.window)?;
        self.window.truncate(read);
        Ok(())
    }
}
