use std::io;

use confee_domain::OpState;
use rusqlite::ErrorCode;

use crate::open::DB_FILE;

/// Result of a store call.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why the store could not do it. Sentences carry ids and counts, never a lead's content.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No such row.
    #[error("there is no {what} with the id {id}; reload the list")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// Another talk has the id.
    #[error("another conversation already has the id {id}; give the new one its own id")]
    Duplicate {
        /// The id.
        id: String,
    },
    /// Its content was erased on request.
    #[error("the conversation {id} was erased and cannot come back; record a new one")]
    Erased {
        /// The id.
        id: String,
    },
    /// Someone else saved the review first.
    #[error(
        "the lead was changed meanwhile (revision {found}, expected {expected}); load it again and repeat the action"
    )]
    Conflict {
        /// The revision the caller had read.
        expected: u64,
        /// The revision that is stored.
        found: u64,
    },
    /// An approval that does not fit together.
    #[error("the approval was not stored: {reason}; this is a defect of the app, please report it")]
    InvalidApproval {
        /// What does not fit.
        reason: &'static str,
    },
    /// An op's state forbids the step.
    #[error("the sync step {id} is {state:?} and does not take this; reload the outbox")]
    WrongOpState {
        /// The op.
        id: String,
        /// Where it stands.
        state: OpState,
    },
    /// Another op of the lead is on its way, or a parent is not done.
    #[error("the sync step {id} has to wait for another step of its lead; try again later")]
    OpMustWait {
        /// The op.
        id: String,
    },
    /// A newer app has written the file.
    #[error(
        "the data was written by a newer version of the app (format {found}, known {known}); update the app"
    )]
    FromTheFuture {
        /// The file's `user_version`.
        found: i64,
        /// The newest this code knows.
        known: i64,
    },
    /// Another process has it open.
    #[error("the data is open in another process; close the other one and try again")]
    Locked,
    /// A lock inside SQLite outlasted the busy timeout.
    #[error("the database is busy; try again in a moment")]
    Busy,
    /// Nothing can be written.
    #[error("the data cannot be written; check the permissions of the app's data folder")]
    ReadOnly,
    /// No space left.
    #[error("the storage is full; free some space and try again, nothing was lost")]
    DiskFull,
    /// SQLite found damage.
    #[error(
        "the file {DB_FILE} is damaged; export what can still be read, then restore a backup. Nothing was deleted"
    )]
    Corrupt,
    /// The file could not be opened or read.
    #[error("the data folder cannot be opened ({kind}); check that it exists and is readable")]
    CannotOpen {
        /// The system's class of error.
        kind: io::ErrorKind,
    },
    /// A stored value does not fit its type.
    #[error(
        "the stored {what} of {id} cannot be read; export the rest and report this with the app's version"
    )]
    BadData {
        /// Which value.
        what: &'static str,
        /// Of which lead or op.
        id: String,
    },
    /// The audit log does not match its hashes.
    #[error("the audit log was changed at entry {seq}; keep a copy of the data and report this")]
    AuditBroken {
        /// The first entry that does not fit.
        seq: i64,
    },
    /// A newer app has written a file of audio.
    #[error(
        "the audio file {file} was written by a newer version of the app (format {found}, known {known}); update the app"
    )]
    AudioFromTheFuture {
        /// Name of the file.
        file: String,
        /// Its format.
        found: u16,
        /// The newest this code knows.
        known: u16,
    },
    /// The system failed while audio was read or written.
    #[error(
        "the audio cannot be read or written ({kind}); restart the app, the badge sends it again"
    )]
    AudioIo {
        /// The system's class of error.
        kind: io::ErrorKind,
    },
    /// Nobody knows how much of the last audio is on the disk.
    #[error(
        "the last audio could not be made safe; open the audio log again, the badge sends what is missing"
    )]
    AudioUnsafe,
    /// A record that the audio log does not take.
    #[error("the audio was not stored: {reason}; restart the badge, then report this")]
    BadAudio {
        /// What does not fit.
        reason: &'static str,
    },
    /// An id that cannot be the name of a file.
    #[error(
        "a conversation's id may have 1 to 120 letters, digits, dots, dashes and underscores, and no dot first; give it another id"
    )]
    BadTalkId,
    /// Anything else SQLite says.
    #[error("the database refused the request (SQLite code {code}); report this code")]
    Sqlite {
        /// SQLite's extended result code; 0 where the binding itself complained.
        code: i32,
    },
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as E;
        match error {
            E::SqliteFailure(e, _) | E::SqlInputError { error: e, .. } => from_code(e),
            E::FromSqlConversionFailure(..)
            | E::InvalidColumnType(..)
            | E::IntegralValueOutOfRange(..)
            | E::Utf8Error(..) => Self::BadData { what: "column", id: "a row".to_owned() },
            _ => Self::Sqlite { code: 0 },
        }
    }
}

fn from_code(e: rusqlite::ffi::Error) -> StoreError {
    match e.code {
        ErrorCode::DiskFull => StoreError::DiskFull,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt,
        ErrorCode::CannotOpen => StoreError::CannotOpen { kind: io::ErrorKind::Other },
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        _ => StoreError::Sqlite { code: e.extended_code },
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            kind => Self::CannotOpen { kind },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    #[test]
    fn sqlite_codes_become_sentences() {
        let of =
            |code| StoreError::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        assert!(matches!(of(ffi::SQLITE_FULL), StoreError::DiskFull));
        assert!(matches!(of(ffi::SQLITE_READONLY_DBMOVED), StoreError::ReadOnly));
        assert!(matches!(of(ffi::SQLITE_CORRUPT), StoreError::Corrupt));
        assert!(matches!(of(ffi::SQLITE_NOTADB), StoreError::Corrupt));
        assert!(matches!(of(ffi::SQLITE_BUSY_SNAPSHOT), StoreError::Busy));
        assert!(matches!(of(ffi::SQLITE_CANTOPEN), StoreError::CannotOpen { .. }));
        assert!(matches!(of(ffi::SQLITE_IOERR_WRITE), StoreError::Sqlite { code: 778 }));
    }

    #[test]
    fn a_read_only_folder_reads_the_same_from_the_system() {
        for kind in [io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem] {
            assert!(matches!(StoreError::from(io::Error::from(kind)), StoreError::ReadOnly));
        }
    }
}
