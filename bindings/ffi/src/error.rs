use confee_companion::CompanionError;

/// Why a call failed. The message says what to do and can be shown; it holds no lead's content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
#[uniffi(flat_error)]
pub enum ConfeeError {
    /// There is no such lead or sync step, or it was erased.
    #[error("{0}")]
    NotFound(String),
    /// What was handed in cannot be used.
    #[error("{0}")]
    InvalidInput(String),
    /// The lead's stage does not allow the action.
    #[error("{0}")]
    NotAllowed(String),
    /// Another process has the data open.
    #[error("{0}")]
    Locked(String),
    /// The data was written by a newer app.
    #[error("{0}")]
    UpdateRequired(String),
    /// The storage is full or cannot be written.
    #[error("{0}")]
    StorageFull(String),
    /// The data is damaged or cannot be read.
    #[error("{0}")]
    Storage(String),
    /// Speech cannot be turned into text now: no model is installed, or the recogniser failed.
    #[error("{0}")]
    Speech(String),
    /// A model could not be fetched or is not what it should be.
    #[error("{0}")]
    Model(String),
    /// A connection to a CRM is not set up right.
    #[error("{0}")]
    Connection(String),
    /// The engine was shut down.
    #[error("{0}")]
    Closed(String),
}

impl From<CompanionError> for ConfeeError {
    fn from(e: CompanionError) -> Self {
        let text = e.to_string();
        match e {
            CompanionError::NotFound(_) => Self::NotFound(text),
            CompanionError::InvalidInput(_) => Self::InvalidInput(text),
            CompanionError::NotAllowed(_) => Self::NotAllowed(text),
            CompanionError::Locked(_) => Self::Locked(text),
            CompanionError::UpdateRequired(_) => Self::UpdateRequired(text),
            CompanionError::StorageFull(_) => Self::StorageFull(text),
            CompanionError::Storage(_) => Self::Storage(text),
            CompanionError::Speech(_) => Self::Speech(text),
            CompanionError::Model(_) => Self::Model(text),
            CompanionError::Connection(_) => Self::Connection(text),
            CompanionError::Closed => Self::Closed(text),
        }
    }
}
