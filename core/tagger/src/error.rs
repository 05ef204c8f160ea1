/// Why a model's file is refused, or a talk could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TaggerError {
    /// Not the file that was expected.
    #[error("the extraction model is not the one that belongs to this app; install the app again")]
    Foreign,
    /// Its inside does not fit together.
    #[error("the extraction model is damaged ({0}); install the app again")]
    Damaged(String),
    /// A product failed, as when memory is short.
    #[error("reading the talk failed ({0}); close other apps and try again")]
    Failed(String),
}

impl From<confee_kernels::Error> for TaggerError {
    fn from(error: confee_kernels::Error) -> Self {
        Self::Failed(error.to_string())
    }
}
