use confee_models::ggml::GgmlError;

/// Why sound does not become words. Sentences carry none of the words.
#[derive(Debug, thiserror::Error)]
pub enum SpeechError {
    /// The model's file is refused.
    #[error(transparent)]
    Model(#[from] GgmlError),
    /// The model cannot do what is asked.
    #[error("this model {0}; choose another model")]
    Unfit(&'static str),
    /// More sound than an engine takes at a time.
    #[error("{samples} samples are more than the 30 s that are heard at a time; cut the sound")]
    TooLong {
        /// Samples given.
        samples: usize,
    },
    /// Somebody called [`Stop::stop`](crate::Stop::stop).
    #[error("hearing was stopped")]
    Stopped,
    /// The engine failed.
    #[error("the recogniser failed ({0}); try again, or choose the other engine")]
    Engine(String),
}

impl From<confee_kernels::Error> for SpeechError {
    fn from(error: confee_kernels::Error) -> Self {
        Self::Engine(error.to_string())
    }
}
