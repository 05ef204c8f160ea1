use std::io;
use std::path::{Path, PathBuf};

use super::disk::{Disk, DiskFile, remove_if_there, unfinished};

const BUFFER: usize = 64 * 1024;

/// A file that appears under its name once all of it is on the disk, or not at all.
pub(super) struct WholeFile<'d> {
    disk: &'d dyn Disk,
    path: PathBuf,
    /// Unset once it is finished.
    file: Option<Box<dyn DiskFile>>,
    buffer: Vec<u8>,
    written: u64,
}

impl<'d> WholeFile<'d> {
    pub(super) fn create(disk: &'d dyn Disk, path: &Path) -> io::Result<Self> {
        let temporary = unfinished(path);
        remove_if_there(disk, &temporary)?;
        let file = Some(disk.create(&temporary)?);
        Ok(Self { disk, path: path.to_owned(), file, buffer: Vec::new(), written: 0 })
    }

    /// Bytes so far.
    pub(super) fn length(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    /// Takes more bytes; [`WholeFile::spill`] keeps it small.
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    pub(super) fn spill(&mut self) -> io::Result<()> {
        if self.buffer.len() < BUFFER { Ok(()) } else { self.flush() }
    }

    /// Fills with zeros up to an offset.
    pub(super) fn pad_to(&mut self, offset: u32) -> io::Result<()> {
        while self.length() < u64::from(offset) {
            let missing = u64::from(offset) - self.length();
            let step = missing.min(BUFFER as u64) as usize;
            self.buffer.resize(self.buffer.len() + step, 0);
            self.spill()?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        let Some(mut file) = self.file.take() else { return Ok(()) };
        let temporary = unfinished(&self.path);
        let named = file.sync().and_then(|()| self.disk.rename(&temporary, &self.path));
        if named.is_err() {
            self.file = Some(file);
        }
        named?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        self.disk.sync_dir(folder)
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(file) = self.file.as_mut() {
            file.write_all(&self.buffer)?;
        }
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

impl Drop for WholeFile<'_> {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // What stays is removed when the folder is opened the next time.
            let _ = self.disk.remove(&unfinished(&self.path));
        }
    }
}
