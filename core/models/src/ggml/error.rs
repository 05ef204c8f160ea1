/// Why a model's file is refused.
#[derive(Debug, thiserror::Error)]
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
}

impl From<std::io::Error> for GgmlError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Self::Truncated,
            kind => Self::Io(kind),
        }
    }
}
