//! The models that there are and those on this device.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use confee_domain::{ModelCard, ModelPhase, ModelProgress};
use confee_models::download::{NetworkCheck, Options, Phase, PullError, PullProgress, Puller};
use confee_models::ggml::{TensorKind, WhisperFile};
use confee_models::library::Bring;
use confee_models::manifest::{Expected, Languages, Mirrors, ModelEntry};
use confee_models::{Library, Manifest, ModelError, import};
use tempfile::TempDir;
use tokio::sync::watch;

use super::locked;
use crate::error::{CompanionError, Result};

/// The models that the app offers and the folder of those that are installed.
pub struct Shelf {
    folder: PathBuf,
    pulls: Mutex<HashMap<String, watch::Sender<bool>>>,
}

/// How a model is fetched.
#[derive(Clone, Default)]
pub struct PullOptions {
    /// Over mobile data too.
    pub allow_metered: bool,
    /// A server that is asked instead of the makers'.
    pub mirror: Option<String>,
    /// Tells the network; unset where it is nobody's mobile plan.
    pub network: Option<NetworkCheck>,
}

impl Shelf {
    /// The models in a folder; it is made when the first one comes.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, pulls: Mutex::default() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All models, those of the list first.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn cards(&self, active: Option<&str>) -> Result<Vec<ModelCard>> {
        let manifest = Manifest::built_in()?;
        let installed = self.installed()?;
        let is_active = |id: &str| active == Some(id);
        let card = |entry: &ModelEntry| ModelCard {
            id: entry.id.clone(),
            languages: languages(&manifest, entry.languages),
            bytes: entry.bytes,
            memory_bytes: Some(u64::from(entry.memory_mb) << 20),
            licence: Some(entry.licence.clone()),
            installed: installed.contains(&entry.id),
            active: is_active(&entry.id),
        };
        let mut cards: Vec<ModelCard> = manifest.models.iter().map(card).collect();
        for id in installed.iter().filter(|id| manifest.model(id).is_err()) {
            cards.push(self.own_card(&manifest, id, is_active(id))?);
        }
        Ok(cards)
    }

    /// Names of the installed models.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn installed(&self) -> Result<Vec<String>> {
        if !self.folder.is_dir() {
            return Ok(Vec::new());
        }
        Ok(self.library()?.installed()?.into_iter().map(|i| i.id).collect())
    }

    /// Whether a model is installed.
    #[must_use]
    pub fn is_installed(&self, id: &str) -> bool {
        self.path(id).is_some()
    }

    /// The file of an installed model.
    #[must_use]
    pub fn path(&self, id: &str) -> Option<PathBuf> {
        self.folder.is_dir().then(|| self.library().ok()?.path(id).ok()).flatten()
    }

    /// The installed model that makes the fewest errors in a language: the largest one that knows
    /// it, one for English alone before one for all.
    #[must_use]
    pub fn best(&self, language: Option<&str>) -> Option<String> {
        let installed = self.installed().ok()?;
        let rank = |id: &String| -> Option<(usize, bool, u64, String)> {
            let file = self.open(id).ok()?;
            let shape = file.shape();
            let english = shape.english_only();
            let fits = !english || language.is_none_or(|code| code == "en");
            let bytes = std::fs::metadata(file.path()).ok()?.len();
            // Of one size, q8_0 makes no more errors than f16 and takes half the memory.
            fits.then(|| (shape.audio_state, english, u64::MAX - bytes, id.clone()))
        };
        installed.iter().filter_map(rank).max().map(|(.., id)| id)
    }

    /// Opens a model by its name or its file, checked.
    ///
    /// # Errors
    /// It is not there, has changed since it was installed, or is damaged.
    pub fn open(&self, model: &str) -> Result<WhisperFile> {
        let path = Path::new(model);
        if path.components().count() > 1 || path.is_file() {
            let file = WhisperFile::open(path).map_err(ModelError::from)?;
            file.verify_data().map_err(ModelError::from)?;
            return Ok(file);
        }
        Ok(self.library()?.open(model)?)
    }

    /// Fetches a model, checks and installs it. Dropping the future or [`Self::cancel`] ends it;
    /// what came is kept for the next time.
    ///
    /// # Errors
    /// No source gives it, it is not what it should be, there is no room, or it was cancelled.
    pub async fn pull(
        &self,
        id: &str,
        options: PullOptions,
        progress: impl Fn(ModelProgress) + Send + Sync + 'static,
    ) -> Result<()> {
        let manifest = Manifest::built_in()?;
        let model = manifest.model(id)?;
        let mut how = Options { allow_metered: options.allow_metered, ..Options::default() };
        if let Some(mirror) = &options.mirror {
            how.mirrors = Mirrors::new(mirror, false)?;
        }
        if let Some(network) = options.network {
            how.network = network;
        }
        let (cancel, cancelled) = watch::channel(false);
        locked(&self.pulls).insert(id.to_owned(), cancel);
        let told = Arc::new(move |p: PullProgress| progress(told(p)));
        let puller = Puller::new()?.with_import(Arc::new(converted));
        let pulled = puller.pull(&self.library()?, model, &how, told, &cancelled).await;
        locked(&self.pulls).remove(id);
        Ok(pulled.map(drop)?)
    }

    /// Ends a [`Self::pull`].
    pub fn cancel(&self, id: &str) {
        if let Some(pull) = locked(&self.pulls).get(id) {
            // Nobody listens any more where it has just ended.
            let _ = pull.send(true);
        }
    }

    /// Installs a ggml file as it is.
    ///
    /// # Errors
    /// It is not sound, not the model of that name, or there is no room.
    pub fn add(&self, file: &Path, id: &str) -> Result<()> {
        let manifest = Manifest::built_in()?;
        // A file of the user's own may have any name but a listed one with another content.
        let expected =
            manifest.model(id).map_or_else(|_| Expected::default(), ModelEntry::expected);
        self.library()?.add(file, id, &expected, Bring::Copy)?;
        Ok(())
    }

    /// Converts a model of any known format and installs it.
    ///
    /// # Errors
    /// It cannot be converted, or there is no room.
    pub fn import(&self, source: &Path, id: &str, kind: TensorKind) -> Result<()> {
        let library = self.library()?;
        let folder = self.scratch()?;
        let made = folder.path().join("model");
        Self::convert(source, &made, kind)?;
        library.add(&made, id, &Expected::default(), Bring::Link)?;
        Ok(())
    }

    /// Converts a model of any known format to a file.
    ///
    /// # Errors
    /// It cannot be converted, or the file cannot be written.
    pub fn convert(source: &Path, out: &Path, kind: TensorKind) -> Result<()> {
        let convert = import::import(source, out, kind, &mut |_, _| {});
        convert.map(drop).map_err(|e| CompanionError::Model(e.to_string()))
    }

    /// Checks an installed model byte by byte.
    ///
    /// # Errors
    /// It is not installed, or not what was installed.
    pub fn verify(&self, id: &str) -> Result<()> {
        let library = self.library()?;
        library.verify(id)?;
        library.open(id)?.verify_data().map_err(ModelError::from)?;
        Ok(())
    }

    /// Deletes an installed model.
    ///
    /// # Errors
    /// It is not installed, or is being fetched.
    pub fn remove(&self, id: &str) -> Result<()> {
        let removed = self.library()?.remove(id)?;
        if removed.model || removed.bytes > 0 {
            return Ok(());
        }
        Err(ModelError::NotInstalled(id.to_owned()).into())
    }

    fn own_card(&self, manifest: &Manifest, id: &str, active: bool) -> Result<ModelCard> {
        let file = self.open(id)?;
        let of = file.shape().english_only();
        let of = if of { Languages::English } else { Languages::Multilingual };
        let bytes = std::fs::metadata(file.path()).ok().map(|m| m.len());
        let id = id.to_owned();
        Ok(ModelCard {
            id,
            languages: languages(manifest, of),
            bytes,
            memory_bytes: None,
            licence: None,
            installed: true,
            active,
        })
    }

    /// A folder that goes with its handle. Beside the models: an app may have no other place.
    pub(super) fn scratch(&self) -> Result<TempDir> {
        self.library()?;
        Ok(tempfile::Builder::new()
            .prefix(".scratch-")
            .tempdir_in(&self.folder)
            .map_err(ModelError::from)?)
    }

    fn library(&self) -> Result<Library> {
        Ok(Library::at(&self.folder)?)
    }
}

/// Converts what a wheel holds.
fn converted(
    source: &Path,
    out: &Path,
    kind: TensorKind,
    progress: &mut dyn FnMut(u64, u64),
) -> std::result::Result<(), Box<dyn std::error::Error + Send + Sync>> {
    import::import(source, out, kind, progress).map(drop).map_err(Into::into)
}

fn told(progress: PullProgress) -> ModelProgress {
    let phase = match progress.phase {
        Phase::Connecting => ModelPhase::Connecting,
        Phase::Downloading => ModelPhase::Downloading,
        Phase::Verifying => ModelPhase::Verifying,
        Phase::Converting => ModelPhase::Converting,
        Phase::Done => ModelPhase::Done,
    };
    ModelProgress { id: progress.model, phase, done: progress.received, total: progress.total }
}

fn languages(manifest: &Manifest, of: Languages) -> Vec<String> {
    match of {
        Languages::English => vec!["en".to_owned()],
        Languages::Multilingual => manifest.multilingual.clone(),
    }
}

impl From<PullError> for CompanionError {
    fn from(error: PullError) -> Self {
        Self::Model(error.to_string())
    }
}

impl From<ModelError> for CompanionError {
    fn from(error: ModelError) -> Self {
        let text = error.to_string();
        match error {
            ModelError::DiskFull => Self::StorageFull(text),
            ModelError::NotInstalled(_) | ModelError::Unknown(_) => Self::NotFound(text),
            ModelError::BadId => Self::InvalidInput(text),
            _ => Self::Model(text),
        }
    }
}
