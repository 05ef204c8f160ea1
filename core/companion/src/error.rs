use confee_domain::{ConsentError, ReviewError, RuleError, TranscriptError};
use confee_store::StoreError;
use confee_sync::JournalError;

/// What a caller can act on; the sentence says what to do. No sentence holds a lead's content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompanionError {
    /// There is no such lead or sync step.
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
    /// Speech cannot be turned into text now: no model, or the recogniser failed.
    #[error("{0}")]
    Speech(String),
    /// A model could not be had or is not what it should be.
    #[error("{0}")]
    Model(String),
    /// A connection to a CRM is not set up right.
    #[error("{0}")]
    Connection(String),
    /// The engine was shut down.
    #[error("the engine was shut down; open it again")]
    Closed,
}

/// Result of an engine call.
pub type Result<T, E = CompanionError> = std::result::Result<T, E>;

impl From<StoreError> for CompanionError {
    fn from(e: StoreError) -> Self {
        let text = e.to_string();
        match e {
            StoreError::NotFound { .. } | StoreError::Erased { .. } => Self::NotFound(text),
            StoreError::Duplicate { .. } => Self::InvalidInput(text),
            StoreError::Conflict { .. }
            | StoreError::WrongOpState { .. }
            | StoreError::OpMustWait { .. } => Self::NotAllowed(text),
            StoreError::FromTheFuture { .. } => Self::UpdateRequired(text),
            StoreError::Locked => Self::Locked(text),
            StoreError::DiskFull | StoreError::ReadOnly => Self::StorageFull(text),
            _ => Self::Storage(text),
        }
    }
}

impl From<JournalError> for CompanionError {
    fn from(e: JournalError) -> Self {
        match e {
            JournalError::NoSuchOp => Self::NotFound(e.to_string()),
            JournalError::Storage(_) => Self::Storage(e.to_string()),
        }
    }
}

impl From<ReviewError> for CompanionError {
    fn from(e: ReviewError) -> Self {
        match e {
            ReviewError::WrongType { .. } | ReviewError::NoSuchField { .. } => {
                Self::InvalidInput(e.to_string())
            }
            _ => Self::NotAllowed(e.to_string()),
        }
    }
}

impl From<TranscriptError> for CompanionError {
    fn from(e: TranscriptError) -> Self {
        Self::InvalidInput(e.to_string())
    }
}

impl From<ConsentError> for CompanionError {
    fn from(e: ConsentError) -> Self {
        Self::NotAllowed(e.to_string())
    }
}

impl From<RuleError> for CompanionError {
    fn from(e: RuleError) -> Self {
        Self::InvalidInput(e.to_string())
    }
}
