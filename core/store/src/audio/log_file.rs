use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Disk, DiskFile};
use super::wire::{self, HEADER_BYTES, Position};

/// Bytes kept in memory before they are given to the system.
pub(super) const BUFFER: usize = 16 * 1024;

/// The segment that is being written.
pub(super) struct LogFile {
    file: Box<dyn DiskFile>,
    number: u32,
    /// Bytes given to the system.
    written: u32,
    /// Bytes on the disk.
    synced: u32,
    buffer: Vec<u8>,
    /// Whether the folder was synced since the file was made.
    named: bool,
    /// Whether it is unknown what the file holds.
    broken: bool,
}

impl LogFile {
    pub(super) fn create(disk: &dyn Disk, folder: &Path, number: u32) -> io::Result<Self> {
        let file = disk.create(&segment_path(folder, number))?;
        Ok(Self { named: false, ..Self::begin(file, number, disk.now_ms()) })
    }

    /// Writes into an empty segment whose name is durable.
    pub(super) fn begin(file: Box<dyn DiskFile>, number: u32, created_ms: i64) -> Self {
        let mut log = Self::resume(file, number, 0);
        wire::put_header(&mut log.buffer, number, created_ms);
        log
    }

    /// Goes on with a segment that ends with a whole record. `bytes` of it are on the disk.
    pub(super) fn resume(file: Box<dyn DiskFile>, number: u32, bytes: u32) -> Self {
        let buffer = Vec::with_capacity(BUFFER);
        Self { file, number, written: bytes, synced: bytes, buffer, named: true, broken: false }
    }

    pub(super) fn number(&self) -> u32 {
        self.number
    }

    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    /// The place after the last record, written or not.
    pub(super) fn end(&self) -> Position {
        Position { segment: self.number, offset: self.written + self.buffer.len() as u32 }
    }

    /// The place up to which all records are on the disk, if the segment's name is.
    pub(super) fn synced(&self) -> Position {
        Position { segment: self.number, offset: self.synced.max(HEADER_BYTES) }
    }

    /// Makes the segment's name durable.
    pub(super) fn name(&mut self, disk: &dyn Disk, folder: &Path) -> io::Result<()> {
        disk.sync_dir(folder)?;
        self.named = true;
        Ok(())
    }

    /// Whether a record keeps the segment in its bound. An empty segment takes any record.
    pub(super) fn has_room_for(&self, record_bytes: usize, segment_bytes: u32) -> bool {
        let end = self.end().offset;
        end <= HEADER_BYTES || end as usize + record_bytes <= segment_bytes as usize
    }

    pub(super) fn buffer_is_full(&self, record_bytes: usize) -> bool {
        self.buffer.len() + record_bytes > BUFFER
    }

    /// Appends a record to the buffer, which has room for it.
    pub(super) fn put(
        &mut self,
        kind: u8,
        fill: impl FnOnce(&mut Vec<u8>),
    ) -> (Position, Position) {
        let start = self.end();
        wire::put(&mut self.buffer, start, kind, fill);
        (start, self.end())
    }

    /// Gives the buffer to the system. After an error the records are still in the buffer and not
    /// in the file.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        if let Err(error) = self.file.write_all(&self.buffer) {
            // The next attempt must not come after half a record of this one.
            self.broken |= self.file.truncate(u64::from(self.written)).is_err();
            return Err(error);
        }
        self.written += self.buffer.len() as u32;
        self.buffer.clear();
        Ok(())
    }

    /// Makes everything durable.
    pub(super) fn sync(&mut self, disk: &dyn Disk, folder: &Path) -> io::Result<()> {
        self.flush()?;
        if self.synced == self.written && self.named {
            return Ok(());
        }
        let done =
            self.file.sync().and_then(|()| if self.named { Ok(()) } else { disk.sync_dir(folder) });
        match done {
            Ok(()) => (self.synced, self.named) = (self.written, true),
            Err(_) => {
                // A system may forget after a failed sync that the bytes are not on the disk, and
                // the next sync would succeed without them.
                self.broken = true;
                let _ = self.file.truncate(u64::from(self.synced));
            }
        }
        done
    }
}

pub(super) fn segment_path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:010}.log"))
}

/// The numbers of the segments in a folder, ascending. Other files are left alone.
pub(super) fn segment_numbers(disk: &dyn Disk, folder: &Path) -> io::Result<Vec<u32>> {
    let names = disk.list(folder)?;
    let numbers = names
        .iter()
        .filter_map(|name| name.strip_suffix(".log"))
        .filter(|digits| digits.len() == 10 && digits.bytes().all(|b| b.is_ascii_digit()));
    let mut numbers: Vec<u32> = numbers.filter_map(|digits| digits.parse().ok()).collect();
    numbers.sort_unstable();
    Ok(numbers)
}
