use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

/// One thread of one process at a time; given back when it is dropped or the process ends. The
/// standard library's locks are missing on Android.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "open as long as it is held")] File);

impl Lock {
    /// The lock, or nothing where another one holds it. The file stays: who deletes it may delete
    /// one that a third one has just locked.
    pub(crate) fn try_new(path: &Path) -> io::Result<Option<Self>> {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self(file))),
            Err(Errno::WOULDBLOCK) => Ok(None),
            Err(e) => Err(e.into()),
        }
    }
}
