use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::{Contents, GgmlError, MelFilters, Tensor, TensorKind, WhisperShape};

/// A model's file whose header and table of tensors were read and found sound. The data stays on
/// disk until [`WhisperFile::read`]; the file stays open, so that it may be removed meanwhile.
#[derive(Debug)]
pub struct WhisperFile {
    path: PathBuf,
    file: Mutex<File>,
    contents: Contents,
    kind: TensorKind,
}

impl WhisperFile {
    /// Opens and checks a file; reads less than a megabyte whatever its size.
    ///
    /// # Errors
    /// It cannot be read, is not in the format, cut short or damaged; see [`Contents::read`].
    pub fn open(path: &Path) -> Result<Self, GgmlError> {
        let file = File::open(path)?;
        let contents = Contents::read(&file)?;
        let kind = contents.shape.kind().unwrap_or(TensorKind::F16);
        Ok(Self { path: path.to_owned(), file: Mutex::new(file), contents, kind })
    }

    /// Reads every weight and checks that it is a number; seconds for a large model. Once, when a
    /// model comes in, is enough.
    ///
    /// # Errors
    /// A weight that is none, or the file cannot be read.
    pub fn verify_data(&self) -> Result<(), GgmlError> {
        self.contents.verify_data(&*self.lock())
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds.
    #[must_use]
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// The network's sizes.
    #[must_use]
    pub fn shape(&self) -> &WhisperShape {
        &self.contents.shape
    }

    /// How its matrices are stored.
    #[must_use]
    pub fn kind(&self) -> TensorKind {
        self.kind
    }

    /// The filters of its front end.
    #[must_use]
    pub fn mel(&self) -> &MelFilters {
        &self.contents.mel
    }

    /// Bytes of each token by its number; special tokens above have none.
    #[must_use]
    pub fn vocabulary(&self) -> &[Vec<u8>] {
        &self.contents.vocabulary
    }

    /// The tensors by name, such as `encoder.conv1.weight`.
    #[must_use]
    pub fn tensors(&self) -> &BTreeMap<String, Tensor> {
        &self.contents.tensors
    }

    /// The data of a tensor.
    ///
    /// # Errors
    /// There is no such tensor, or the file cannot be read.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, GgmlError> {
        let missing = || GgmlError::Damaged(format!("{name} is missing"));
        let tensor = self.tensors().get(name).ok_or_else(missing)?;
        let mut file = self.lock();
        file.seek(SeekFrom::Start(tensor.offset))?;
        let mut data = vec![0; tensor.bytes];
        file.read_exact(&mut data)?;
        Ok(data)
    }

    /// The open file, for a copy of it.
    pub(crate) fn handle(&self) -> Result<File, GgmlError> {
        Ok(self.lock().try_clone()?)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
