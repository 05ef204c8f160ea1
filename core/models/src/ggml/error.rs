/// Why a model's file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GgmlError {
    /// The file cannot be read.
    #[error("the model's file cannot be read ({0}); check that it is there and readable")]
    Io(std::io::ErrorKind),
    /// Another kind of file.
    #[error("this is not a Whisper model in the ggml format; import it, or choose another file")]
    Magic,
    /// The file ends early.
    #[error("the model's file is cut short; load it again")]
    Truncated,
    /// A part of it cannot be.
    #[error("the model's file is damaged ({0}); load it again")]
    Damaged(String),
    /// Whole, but no engine here can run it.
    #[error("the model's file {0}; import the model anew, or choose another file")]
    Unsupported(&'static str),
}

impl GgmlError {
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }
}

impl From<std::io::Error> for GgmlError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Self::Truncated,
            kind => Self::Io(kind),
        }
    }
}

/// Why a model's file is not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// What it is made from cannot be read.
    #[error("what the model is made from cannot be read ({0}); check that it is whole")]
    Read(std::io::ErrorKind),
    /// It cannot be written.
    #[error("the model's file cannot be written ({0}); check the folder and the room left")]
    Write(std::io::ErrorKind),
    /// A weight that the format does not hold.
    #[error("{0} holds a weight that is not a number or too large; take another copy of the model")]
    Weight(String),
    /// A kind that is not written.
    #[error("models are written as f16 or q8_0, from f16; choose one of these")]
    Kind,
}
