use std::io;

use crate::ggml::GgmlError;

/// Why a model cannot be had or used. Sentences carry no paths.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A name that no model can have.
    #[error("a model's name has lower-case letters, digits, dots, dashes and underscores only")]
    BadId,
    /// The list does not have it.
    #[error("there is no model {0}; list the models to see their names")]
    Unknown(String),
    /// It was not loaded yet, or was removed.
    #[error("the model {0} is not on this device; load it first")]
    NotInstalled(String),
    /// Its file is not the one that was installed.
    #[error("the file of the model {0} has changed since it was installed; load it again")]
    Changed(String),
    /// The file is not the one that was expected.
    #[error("the file is not the model that was expected ({0}); choose another file")]
    Mismatch(&'static str),
    /// Its structure is unsound.
    #[error(transparent)]
    Structure(#[from] GgmlError),
    /// Somebody else loads or removes it now.
    #[error("the model {0} is being loaded or removed already; wait until that is done")]
    Busy(String),
    /// The disk is full.
    #[error("the device has too little free space for the model; free some and try again")]
    DiskFull,
    /// The list of models cannot be read.
    #[error("the list of models cannot be used: {0}")]
    Manifest(String),
    /// The folder of the models fails.
    #[error("the folder of the models cannot be used ({0}); check its place and permissions")]
    Io(io::ErrorKind),
}

impl From<io::Error> for ModelError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            kind => Self::Io(kind),
        }
    }
}
