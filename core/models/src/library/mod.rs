//! The folder of the models that are on this device.
//!
//! A model is `ID.bin` with the sidecar `ID.json`. Files with `~` in their name are work under
//! way: `ID~lock` (stays), `ID~partial` with `ID~partial.json`, `ID~new`, `ID~wheel.whl`.

mod disk;
mod lock;
pub(crate) mod sidecar;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::ModelError;
use crate::ggml::{GgmlError, WhisperFile};
use crate::hash::{Digests, digest};
use crate::manifest::Expected;
pub use disk::{Disk, PartialFile, RealDisk};
pub(crate) use lock::Lock;
pub use sidecar::{Installed, Verified};

/// Looks into a file before it becomes a model.
pub type Check = Arc<dyn Fn(&Path) -> Result<(), GgmlError> + Send + Sync>;
/// Tells the time in Unix milliseconds.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The models on this device. Clones are of the same folder; several processes may use one.
#[derive(Clone)]
pub struct Library {
    folder: PathBuf,
    check: Check,
    clock: Clock,
    disk: Arc<dyn Disk>,
}

/// How [`Library::add`] brings a file in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bring {
    /// A copy.
    Copy,
    /// The same file under a second name where the file system can, a copy otherwise. For files
    /// that nobody changes, such as those that came with the app.
    Link,
}

/// What [`Library::remove`] took away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Whether there was an installed model.
    pub model: bool,
    /// Bytes that are free again once nobody has the model open, half-loaded parts included.
    pub bytes: u64,
}

impl Library {
    /// The models in a folder, which is made where it is missing.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn at(folder: &Path) -> Result<Self, ModelError> {
        fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            check: Arc::new(|path| WhisperFile::open(path)?.verify_data()),
            clock: Arc::new(system_ms),
            disk: Arc::new(RealDisk),
        })
    }

    /// With another check of files.
    #[must_use]
    pub fn with_check(mut self, check: Check) -> Self {
        self.check = check;
        self
    }

    /// With another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// With another disk for downloads.
    #[must_use]
    pub fn with_disk(mut self, disk: Arc<dyn Disk>) -> Self {
        self.disk = disk;
        self
    }

    /// What is installed, by name. Files without a readable sidecar, or of another length than it
    /// says, do not count.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn installed(&self) -> Result<Vec<Installed>, ModelError> {
        let mut found = Vec::new();
        for file in fs::read_dir(&self.folder)? {
            let name = file?.file_name();
            let id = name.to_str().and_then(|name| name.strip_suffix(".json"));
            if let Some(id) = id.filter(|id| is_id(id))
                && let Ok(installed) = self.get(id)
            {
                found.push(installed);
            }
        }
        found.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(found)
    }

    /// What is known of an installed model.
    ///
    /// # Errors
    /// It is not installed.
    pub fn get(&self, id: &str) -> Result<Installed, ModelError> {
        let missing = || ModelError::NotInstalled(id.to_owned());
        let installed = sidecar::read(&self.file(id, ".json")?).map_err(|_| missing())?;
        let length = fs::metadata(self.file(id, ".bin")?).map_err(|_| missing())?.len();
        (installed.id == id && installed.bytes == length).then_some(installed).ok_or_else(missing)
    }

    /// Where an installed model lies.
    ///
    /// # Errors
    /// It is not installed.
    pub fn path(&self, id: &str) -> Result<PathBuf, ModelError> {
        self.get(id)?;
        self.file(id, ".bin")
    }

    /// Opens a model for an engine: checks its structure each time, and its hash where length or
    /// date are not those of the installation.
    ///
    /// # Errors
    /// It is not installed, has changed, or is damaged.
    pub fn open(&self, id: &str) -> Result<WhisperFile, ModelError> {
        let path = self.unchanged(id)?;
        Ok(WhisperFile::open(&path)?)
    }

    /// Where a model lies, after its hash was compared if length or date differ from those of the
    /// installation: [`Library::open`] without the look into the file.
    ///
    /// # Errors
    /// It is not installed, or has changed.
    pub fn unchanged(&self, id: &str) -> Result<PathBuf, ModelError> {
        let path = self.file(id, ".bin")?;
        let Ok(sidecar) = sidecar::read(&self.file(id, ".json")?) else {
            return Err(ModelError::NotInstalled(id.to_owned()));
        };
        let Ok(facts) = fs::metadata(&path) else {
            return Err(ModelError::NotInstalled(id.to_owned()));
        };
        if facts.len() != sidecar.bytes {
            return Err(ModelError::Changed(id.to_owned()));
        }
        if modified_ms(&facts) != sidecar.modified_ms {
            self.compare(&sidecar, &path)?;
        }
        Ok(path)
    }

    /// Reads a model whole and compares length, hash and structure.
    ///
    /// # Errors
    /// It is not installed, has changed, or is damaged.
    pub fn verify(&self, id: &str) -> Result<Installed, ModelError> {
        let path = self.file(id, ".bin")?;
        let sidecar = sidecar::read(&self.file(id, ".json")?)
            .map_err(|_| ModelError::NotInstalled(id.to_owned()))?;
        if !path.exists() {
            return Err(ModelError::NotInstalled(id.to_owned()));
        }
        let compared = self.compare(&sidecar, &path)?;
        (self.check)(&path)?;
        Ok(compared)
    }

    /// Installs a file that came with the app or was chosen by the user. It is copied first and
    /// verified then, so that nobody can change it in between.
    ///
    /// # Errors
    /// Another thread or process works on this model, the file is not what is expected, unsound,
    /// or the disk is full. What was installed before stays.
    pub fn add(
        &self,
        source: &Path,
        id: &str,
        expected: &Expected,
        bring: Bring,
    ) -> Result<Installed, ModelError> {
        let _lock = self.lock(id)?;
        let new = self.file(id, "~new")?;
        remove_if_there(&new)?;
        let linked = bring == Bring::Link && fs::hard_link(source, &new).is_ok();
        let done = (|| {
            if !linked {
                fs::copy(source, &new)?;
            }
            self.install(id, &new, expected, "added", &mut |_, _| {})
        })();
        if done.is_err() {
            let _ = fs::remove_file(&new);
        }
        done
    }

    /// Takes a model and what was half-loaded of it away. Who has it open keeps it until he closes
    /// it, on Unix.
    ///
    /// # Errors
    /// It is being loaded now, or the folder cannot be written.
    pub fn remove(&self, id: &str) -> Result<Removed, ModelError> {
        let _lock = self.lock(id)?;
        let model = remove_if_there(&self.file(id, ".json")?)?.is_some();
        let mut removed = Removed { model, bytes: 0 };
        for part in
            [".bin", "~partial", "~partial.json", "~new", "~wheel.whl", "~json", "~partial.new"]
        {
            let bytes = remove_if_there(&self.file(id, part)?)?;
            removed.bytes +=
                bytes.filter(|_| !part.contains("json") && part != "~partial.new").unwrap_or(0);
        }
        sync_folder(&self.folder)?;
        Ok(removed)
    }

    /// Verifies a file of this folder and makes it the model: hash, structure, then durable, then
    /// in one step in place. The caller holds the lock.
    pub(crate) fn install(
        &self,
        id: &str,
        file: &Path,
        expected: &Expected,
        source: &str,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Installed, ModelError> {
        let digests = digest(file, expected.sha1.is_some(), progress)?;
        if let Some(what) = expected.mismatch(&digests) {
            return Err(ModelError::Mismatch(what));
        }
        (self.check)(file)?;
        let opened = fs::File::open(file)?;
        opened.sync_all()?;
        let known = expected.sha256.is_some() || expected.sha1.is_some();
        let installed = Installed {
            id: id.to_owned(),
            bytes: digests.bytes,
            sha256: digests.sha256,
            source: source.to_owned(),
            installed_at_ms: (self.clock)(),
            verified: if known { Verified::Published } else { Verified::FirstUse },
            modified_ms: modified_ms(&opened.metadata()?),
        };
        // The sidecar first: after a crash in between the whole file is there to be tried again.
        sidecar::write(&self.file(id, ".json")?, &self.file(id, "~json")?, &installed)?;
        fs::rename(file, self.file(id, ".bin")?)?;
        sync_folder(&self.folder)?;
        Ok(installed)
    }

    fn compare(&self, sidecar: &Installed, path: &Path) -> Result<Installed, ModelError> {
        let modified_ms = modified_ms(&fs::metadata(path)?);
        let Digests { bytes, sha256, .. } = digest(path, false, &mut |_, _| {})?;
        if bytes != sidecar.bytes || sha256 != sidecar.sha256 {
            return Err(ModelError::Changed(sidecar.id.clone()));
        }
        let compared = Installed { modified_ms, ..sidecar.clone() };
        // Without the lock somebody may be installing; the date is then noted another time.
        if compared != *sidecar
            && let Ok(_lock) = self.lock(&sidecar.id)
        {
            let id = &sidecar.id;
            let _ = sidecar::write(&self.file(id, ".json")?, &self.file(id, "~json")?, &compared);
        }
        Ok(compared)
    }

    pub(crate) fn lock(&self, id: &str) -> Result<Lock, ModelError> {
        Lock::try_new(&self.file(id, "~lock")?)?.ok_or_else(|| ModelError::Busy(id.to_owned()))
    }

    pub(crate) fn file(&self, id: &str, end: &str) -> Result<PathBuf, ModelError> {
        if !is_id(id) {
            return Err(ModelError::BadId);
        }
        Ok(self.folder.join(format!("{id}{end}")))
    }

    #[cfg_attr(not(feature = "http"), expect(dead_code, reason = "downloads need it"))]
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    #[cfg_attr(not(feature = "http"), expect(dead_code, reason = "downloads need it"))]
    pub(crate) fn disk(&self) -> &Arc<dyn Disk> {
        &self.disk
    }

    #[cfg_attr(not(feature = "http"), expect(dead_code, reason = "downloads need it"))]
    pub(crate) fn now_ms(&self) -> i64 {
        (self.clock)()
    }
}

/// Whether a model can be called so: lower-case letters, digits, `.`, `-`, `_`, at most 64, and
/// first a letter or digit.
pub(crate) fn is_id(id: &str) -> bool {
    let part = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b);
    let first = id.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    first && id.len() <= 64 && id.bytes().all(part)
}

/// Deletes a file; its length where it was there.
pub(crate) fn remove_if_there(path: &Path) -> io::Result<Option<u64>> {
    let bytes = fs::symlink_metadata(path).map_or(0, |facts| facts.len());
    match fs::remove_file(path) {
        Ok(()) => Ok(Some(bytes)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e),
    }
}

pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    match fs::File::open(folder)?.sync_all() {
        Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        done => done,
    }
}

fn modified_ms(facts: &fs::Metadata) -> i64 {
    facts.modified().map_or(0, unix_ms)
}

fn system_ms() -> i64 {
    unix_ms(SystemTime::now())
}

fn unix_ms(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
