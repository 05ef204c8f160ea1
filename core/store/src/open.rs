use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::{Result, StoreError};
use crate::migrate;

/// Name of the database in the data folder.
pub const DB_FILE: &str = "confee.db";
const LOCK_FILE: &str = "confee.lock";

/// How the database is opened. The default suits a phone.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long a statement waits for a lock inside SQLite.
    pub busy_timeout: Duration,
    /// Page cache of each of the two connections, in KiB.
    pub cache_kib: u32,
    /// Upper bound of the file in pages (4 KiB each); unset is unbounded.
    pub max_pages: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(5), cache_kib: 2048, max_pages: None }
    }
}

/// The app's data: one writer connection, one reader, one process at a time.
///
/// Calls block; call from a blocking thread. Every write is one transaction and is on the disk
/// (`synchronous=FULL`) when the call returns.
#[derive(Debug)]
pub struct Store {
    writer: Mutex<Connection>,
    /// Unset in memory, where the writer reads as well.
    pub(crate) reader: Option<Mutex<Connection>>,
    /// The system releases it when the process ends, however it ends.
    _lock: Option<File>,
}

impl Store {
    /// Opens, or makes, the database in a folder and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while another process has it open, [`StoreError::FromTheFuture`],
    /// [`StoreError::Corrupt`], [`StoreError::ReadOnly`], [`StoreError::DiskFull`]. The file is
    /// never deleted.
    pub fn open(folder: &Path, options: Options) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let lock = lock(&folder.join(LOCK_FILE))?;
        let path = folder.join(DB_FILE);
        let mut writer = Connection::open(&path)?;
        migrate::check(&writer)?;
        prepare(&writer, &options)?;
        migrate::upgrade(&mut writer)?;
        let reader = Connection::open(&path)?;
        prepare(&reader, &options)?;
        reader.pragma_update(None, "query_only", true)?;
        let reader = Some(Mutex::new(reader));
        let store = Self { writer: Mutex::new(writer), reader, _lock: Some(lock) };
        if let Err(error) = store.finish_erasure() {
            // The data can be used all the same; the next start tries again.
            tracing::warn!(%error, "the file still has to be rewritten after an erasure");
        }
        Ok(store)
    }

    /// A store that is gone when dropped.
    ///
    /// # Errors
    /// SQLite cannot allocate.
    pub fn in_memory() -> Result<Self> {
        let mut writer = Connection::open_in_memory()?;
        prepare(&writer, &Options::default())?;
        migrate::upgrade(&mut writer)?;
        Ok(Self { writer: Mutex::new(writer), reader: None, _lock: None })
    }

    /// Looks for damage in the whole file; seconds for a large one.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn check_integrity(&self) -> Result<()> {
        self.read(|db| {
            let found: String = db.query_row("PRAGMA quick_check(1)", [], |r| r.get(0))?;
            if found == "ok" { Ok(()) } else { Err(StoreError::Corrupt) }
        })
    }

    /// Writes a compact copy to a path where no file is.
    ///
    /// # Errors
    /// The path is taken or cannot be written, or the database is damaged.
    pub fn backup_to(&self, path: &Path) -> Result<()> {
        let path = path
            .to_str()
            .ok_or(StoreError::CannotOpen { kind: std::io::ErrorKind::InvalidFilename })?;
        self.writer().execute("VACUUM INTO ?1", [path])?;
        Ok(())
    }

    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut db = self.writer();
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let out = work(&tx)?;
        tx.commit()?;
        Ok(out)
    }

    /// Every query in `work` sees the same state.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let lock = self.reader.as_ref().unwrap_or(&self.writer);
        let mut db = lock.lock().unwrap_or_else(PoisonError::into_inner);
        let tx = db.transaction_with_behavior(TransactionBehavior::Deferred)?;
        work(&tx)
    }
}

/// An OS lock, not a file with a number in it: kill -9 releases it.
fn lock(path: &Path) -> Result<File> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked),
        Err(TryLockError::Error(e)) => Err(e.into()),
    }
}

fn prepare(db: &Connection, options: &Options) -> Result<()> {
    db.busy_timeout(options.busy_timeout)?;
    db.set_prepared_statement_cache_capacity(64);
    db.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    // FULL for every write: with NORMAL a power cut may take back the last approval. The flush
    // that Apple's fsync leaves out is asked for; elsewhere that pragma does nothing.
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "fullfsync", true)?;
    db.pragma_update(None, "foreign_keys", true)?;
    // Android has no world-writable folder for temporary files.
    db.pragma_update(None, "temp_store", "memory")?;
    db.pragma_update(None, "cache_size", -i64::from(options.cache_kib))?;
    db.pragma_update_and_check(None, "journal_size_limit", 4 << 20, |_| Ok(()))?;
    db.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    db.pragma_update(None, "cell_size_check", true)?;
    db.pragma_update(None, "trusted_schema", false)?;
    if let Some(pages) = options.max_pages {
        db.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    Ok(())
}
