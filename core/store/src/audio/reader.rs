use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::disk::Disk;
use super::failed;
use super::log_file::{segment_numbers, segment_path};
use super::record::Record;
use super::scan::{Found, Scan};
use super::wire::{self, HEADER_BYTES, Header, Position};
use crate::error::{Result, StoreError};

/// Bytes that are not records where records should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Damage {
    /// Stretches of such bytes.
    pub stretches: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Damage {
    pub(super) fn add(&mut self, bytes: u32) {
        self.stretches += u64::from(bytes > 0);
        self.bytes += u64::from(bytes);
    }

    pub(super) fn since(self, before: Self) -> Self {
        let stretches = self.stretches - before.stretches;
        Self { stretches, bytes: self.bytes - before.bytes }
    }
}

/// Reads records in the order in which they were appended. Its memory is one window of 64 KiB.
///
/// One over the log sees what is durable: its bookmark holds after any crash. At the end it gives
/// none and may be asked again later, from any thread. Segments that are deleted before they were
/// read are passed over.
pub struct Reader {
    disk: Arc<dyn Disk>,
    source: Source,
    scan: Option<Scan>,
    /// The length of the open file, once it does not grow any more.
    whole: Option<u32>,
    at: Position,
    damage: Damage,
}

enum Source {
    Log { folder: PathBuf, durable: Arc<AtomicU64> },
    Talk,
}

impl Reader {
    pub(super) fn of_log(
        disk: Arc<dyn Disk>,
        folder: PathBuf,
        durable: Arc<AtomicU64>,
        from: Position,
    ) -> Self {
        let source = Source::Log { folder, durable };
        Self { disk, source, scan: None, whole: None, at: from, damage: Damage::default() }
    }

    pub(super) fn of_talk(disk: Arc<dyn Disk>, path: &Path) -> Result<Self> {
        let (scan, _) = open_scan(&*disk, path, 0)?;
        let (at, damage) = (scan.at(), Damage::default());
        Ok(Self { disk, source: Source::Talk, scan: Some(scan), whole: None, at, damage })
    }

    /// The next record; none at the end.
    ///
    /// # Errors
    /// [`StoreError::AudioIo`]; the call may be repeated.
    #[expect(clippy::should_implement_trait, reason = "the record borrows from the reader")]
    pub fn next(&mut self) -> Result<Option<Record<'_>>> {
        Ok(self.next_with_end()?.map(|(record, _)| record))
    }

    pub(super) fn next_with_end(&mut self) -> Result<Option<(Record<'_>, Position)>> {
        let Some(found) = self.advance()? else { return Ok(None) };
        let record = self.scan.as_ref().map(|s| Record::read(found.kind, s.payload(&found)));
        Ok(record.flatten().map(|record| (record, found.end)))
    }

    /// The place after the last record that was read: where a later reader goes on.
    #[must_use]
    pub fn position(&self) -> Position {
        self.at
    }

    /// What could not be read so far.
    #[must_use]
    pub fn damage(&self) -> Damage {
        self.damage
    }

    /// How far a reader of the log can read now; unset for a conversation.
    pub(super) fn durable(&self) -> Option<Position> {
        match &self.source {
            Source::Log { durable, .. } => {
                Some(Position::from_u64(durable.load(Ordering::Acquire)))
            }
            Source::Talk => None,
        }
    }

    fn advance(&mut self) -> Result<Option<Found>> {
        loop {
            if self.scan.is_none() && !self.open_segment()? {
                return Ok(None);
            }
            let Some(limit) = self.limit()? else { return Ok(None) };
            let Some(scan) = self.scan.as_mut() else { return Ok(None) };
            if let Some(found) = scan.next(limit).map_err(|e| failed(&e))? {
                self.damage.add(found.skipped);
                self.at = found.end;
                if Record::is_known(found.kind, scan.payload(&found)) {
                    return Ok(Some(found));
                }
                continue;
            }
            self.damage.add(scan.skip_rest());
            self.at = scan.at();
            if self.whole.is_none() || matches!(self.source, Source::Talk) {
                return Ok(None);
            }
            (self.scan, self.whole) = (None, None);
            self.at = Position { segment: self.at.segment.saturating_add(1), offset: 0 };
        }
    }

    /// How far the open file can be read.
    fn limit(&mut self) -> Result<Option<u32>> {
        if self.whole.is_some() {
            return Ok(self.whole);
        }
        let grows = self.durable().filter(|end| end.segment <= self.at.segment);
        if let Some(end) = grows {
            return Ok((end.segment == self.at.segment).then_some(end.offset));
        }
        let Some(scan) = &self.scan else { return Ok(None) };
        self.whole = Some(scan.file_bytes().map_err(|e| failed(&e))?);
        Ok(self.whole)
    }

    /// Opens the segment at the current place or the first one after it; false where there is
    /// none yet.
    fn open_segment(&mut self) -> Result<bool> {
        let Source::Log { folder, durable } = &self.source else { return Ok(false) };
        let last = Position::from_u64(durable.load(Ordering::Acquire)).segment;
        let numbers = segment_numbers(&*self.disk, folder).map_err(|e| failed(&e))?;
        for number in numbers.into_iter().filter(|n| (self.at.segment..=last).contains(n)) {
            let mut at = Position { segment: number, offset: HEADER_BYTES };
            if number == self.at.segment {
                at.offset = at.offset.max(self.at.offset);
            }
            let path = segment_path(folder, number);
            match open_file(&*self.disk, &path, at) {
                Ok(Some((scan, _))) => {
                    (self.scan, self.at) = (Some(scan), at);
                    return Ok(true);
                }
                // Deleted since it was listed.
                Ok(None) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let damage = &self.damage;
        f.debug_struct("Reader")
            .field("at", &self.at)
            .field("damage", damage)
            .finish_non_exhaustive()
    }
}

/// Opens a file at its first record and reads its header.
pub(super) fn open_scan(disk: &dyn Disk, path: &Path, number: u32) -> Result<(Scan, Header)> {
    let at = Position { segment: number, offset: HEADER_BYTES };
    let opened = open_file(disk, path, at)?;
    opened.ok_or(StoreError::AudioIo { kind: io::ErrorKind::NotFound })
}

fn open_file(disk: &dyn Disk, path: &Path, at: Position) -> Result<Option<(Scan, Header)>> {
    let file = match disk.open_read(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(failed(&e)),
    };
    let mut scan = Scan::new(file, at);
    let header = wire::read_header(&scan.head(HEADER_BYTES).map_err(|e| failed(&e))?);
    if let Header::Newer(found) = header {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        return Err(StoreError::AudioFromTheFuture { file, found, known: wire::VERSION });
    }
    Ok(Some((scan, header)))
}
