use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{Disk, remove_if_there, remove_unfinished, unfinished};
use super::failed;
use super::reader::Reader;
use crate::error::{Result, StoreError};

const SUFFIX: &str = ".log";
const MAX_ID_BYTES: usize = 120;

/// The audio of conversations, a file each.
pub struct TalkAudio {
    pub(super) disk: Arc<dyn Disk>,
    folder: PathBuf,
}

impl TalkAudio {
    /// Opens, or makes, the folder and removes what a crash left unfinished in it.
    ///
    /// # Errors
    /// The folder cannot be made or read.
    pub fn new(folder: &Path, disk: Arc<dyn Disk>) -> Result<Self> {
        disk.create_folder(folder).map_err(|e| failed(&e))?;
        remove_unfinished(&*disk, folder).map_err(|e| failed(&e))?;
        Ok(Self { disk, folder: folder.to_owned() })
    }

    /// Reads the audio of a conversation.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::AudioFromTheFuture`], [`StoreError::BadTalkId`].
    pub fn open(&self, id: &str) -> Result<Reader> {
        let path = self.path(id)?;
        Reader::of_talk(Arc::clone(&self.disk), &path).map_err(|error| match error {
            StoreError::AudioIo { kind: std::io::ErrorKind::NotFound } => {
                StoreError::NotFound { what: "recording", id: id.to_owned() }
            }
            other => other,
        })
    }

    /// Deletes the audio of a conversation, durably; says whether there was any.
    ///
    /// # Errors
    /// [`StoreError::BadTalkId`]; the file cannot be deleted.
    pub fn erase(&self, id: &str) -> Result<bool> {
        let there = self.remove(id)?;
        self.disk.sync_dir(&self.folder).map_err(|e| failed(&e))?;
        Ok(there)
    }

    /// The ids of the conversations that have audio, ascending.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn list(&self) -> Result<Vec<String>> {
        let names = self.disk.list(&self.folder).map_err(|e| failed(&e))?;
        let ids = names.iter().filter_map(|name| name.strip_suffix(SUFFIX));
        let mut ids: Vec<String> = ids.filter(|id| is_id(id)).map(str::to_owned).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    /// Deletes the audio of every conversation that is not named and returns of how many.
    ///
    /// # Errors
    /// A file cannot be deleted; the others are tried all the same.
    pub fn erase_all_but(&self, keep: &[impl AsRef<str>]) -> Result<usize> {
        let keep: BTreeSet<&str> = keep.iter().map(AsRef::as_ref).collect();
        let ids = self.list()?;
        let surplus = ids.iter().filter(|id| !keep.contains(id.as_str()));
        let removed: Vec<Result<bool>> = surplus.map(|id| self.remove(id)).collect();
        self.disk.sync_dir(&self.folder).map_err(|e| failed(&e))?;
        let count = removed.len();
        removed.into_iter().collect::<Result<Vec<bool>>>()?;
        Ok(count)
    }

    fn remove(&self, id: &str) -> Result<bool> {
        let path = self.path(id)?;
        remove_if_there(&*self.disk, &unfinished(&path)).map_err(|e| failed(&e))?;
        remove_if_there(&*self.disk, &path).map_err(|e| failed(&e))
    }

    pub(super) fn path(&self, id: &str) -> Result<PathBuf> {
        if !is_id(id) {
            return Err(StoreError::BadTalkId);
        }
        Ok(self.folder.join(format!("{id}{SUFFIX}")))
    }
}

impl fmt::Debug for TalkAudio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TalkAudio").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// Whether an id can be the name of a file on every system, and of no other file than its own.
fn is_id(id: &str) -> bool {
    let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    (1..=MAX_ID_BYTES).contains(&id.len()) && !id.starts_with('.') && id.bytes().all(good)
}
