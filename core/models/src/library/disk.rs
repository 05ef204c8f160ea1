use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// What a download needs of the file system; a test can make it fail.
pub trait Disk: Send + Sync {
    /// Bytes that this app can still write below a folder.
    ///
    /// # Errors
    /// The system does not say.
    fn free_bytes(&self, folder: &Path) -> io::Result<u64>;

    /// Opens a half-loaded file to append to, or makes it.
    ///
    /// # Errors
    /// It cannot be opened.
    fn open_partial(&self, path: &Path) -> io::Result<Box<dyn PartialFile>>;
}

/// A half-loaded file.
pub trait PartialFile: Send {
    /// Appends all of it; after an error any first part may be there.
    ///
    /// # Errors
    /// The disk is full or fails.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Bytes in it.
    ///
    /// # Errors
    /// The disk fails.
    fn length(&self) -> io::Result<u64>;

    /// Makes it empty.
    ///
    /// # Errors
    /// The disk fails.
    fn clear(&mut self) -> io::Result<()>;
}

/// The file system of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn free_bytes(&self, folder: &Path) -> io::Result<u64> {
        let facts = rustix::fs::statvfs(folder)?;
        Ok(facts.f_bavail.saturating_mul(facts.f_frsize))
    }

    fn open_partial(&self, path: &Path) -> io::Result<Box<dyn PartialFile>> {
        Ok(Box::new(OpenOptions::new().append(true).create(true).open(path)?))
    }
}

impl PartialFile for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.set_len(0)
    }
}
