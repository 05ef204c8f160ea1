use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// What the audio log needs of a file system. [`RealDisk`] is the phone's; tests have one that
/// fails. Nothing is durable before its `sync`.
pub trait Disk: Send + Sync {
    /// Makes a new, empty file to append to; fails where the name is taken.
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Opens a file to append to.
    fn open_append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Opens a file to read from.
    fn open_read(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Gives a file another name of the same folder, in place of what has that name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Deletes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Names of the files of a folder, in any order.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;
    /// Makes a folder and those above it, durably; no error where it is there.
    fn create_folder(&self, folder: &Path) -> io::Result<()>;
    /// Makes the names of a folder's files durable.
    fn sync_dir(&self, folder: &Path) -> io::Result<()>;
    /// Bytes that this app can still write below a folder.
    fn free_bytes(&self, folder: &Path) -> io::Result<u64>;
    /// Unix milliseconds for the date in a new file's header; nothing depends on it.
    fn now_ms(&self) -> i64;
}

/// An open file of a [`Disk`].
pub trait DiskFile: Send {
    /// Reads from an offset until the buffer is full or the file ends; returns how much.
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
    /// Appends all of it. After an error, any first part of it may be there.
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Makes content and length durable.
    fn sync(&mut self) -> io::Result<()>;
    /// Shortens the file.
    fn truncate(&mut self, length: u64) -> io::Result<()>;
    /// Bytes in the file.
    fn length(&self) -> io::Result<u64>;
}

/// The file system of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(OpenOptions::new().append(true).create_new(true).open(path)?))
    }

    fn open_append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(OpenOptions::new().append(true).open(path)?))
    }

    fn open_read(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(File::open(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let names = fs::read_dir(folder)?.map(|e| Ok(e?.file_name().into_string().ok()));
        names.filter_map(Result::transpose).collect()
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        let missing: Vec<&Path> =
            folder.ancestors().take_while(|f| !f.as_os_str().is_empty() && !f.exists()).collect();
        fs::create_dir_all(folder)?;
        missing.iter().filter_map(|f| f.parent()).try_for_each(|above| {
            let here = if above.as_os_str().is_empty() { Path::new(".") } else { above };
            self.sync_dir(here)
        })
    }

    fn sync_dir(&self, folder: &Path) -> io::Result<()> {
        let folder = File::open(folder)?;
        match folder.sync_all() {
            // Not every file system of Apple's knows the full flush for folders.
            Err(e)
                if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) =>
            {
                Ok(rustix::fs::fsync(&folder)?)
            }
            done => done,
        }
    }

    fn free_bytes(&self, folder: &Path) -> io::Result<u64> {
        let facts = rustix::fs::statvfs(folder)?;
        Ok(facts.f_bavail.saturating_mul(facts.f_frsize))
    }

    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}

impl DiskFile for File {
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.seek(SeekFrom::Start(offset))?;
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.read(rest) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(filled)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        Write::write_all(self, bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

/// Deletes a file that may be gone; says whether it was there.
pub(super) fn remove_if_there(disk: &dyn Disk, path: &Path) -> io::Result<bool> {
    match disk.remove(path) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

/// Deletes what a crash left of files that were being made.
pub(super) fn remove_unfinished(disk: &dyn Disk, folder: &Path) -> io::Result<()> {
    let names = disk.list(folder)?;
    let unfinished = names.iter().filter(|n| n.ends_with(UNFINISHED));
    unfinished.map(|n| folder.join(n)).try_for_each(|path| disk.remove(&path))
}

/// How the name of a file ends until it is whole.
const UNFINISHED: &str = ".tmp";

pub(super) fn unfinished(path: &Path) -> PathBuf {
    path.with_added_extension(UNFINISHED.trim_start_matches('.'))
}
