//! The phone's custody of audio: an append-only log of everything a badge sent, and one file for
//! each conversation. `docs/audio-log.md` describes the files.
//!
//! A badge may free its copy only after [`Spool::sync`]. Everything downstream reads the log with
//! a [`Reader`], which sees only what is durable.

mod disk;
mod fields;
mod log_file;
mod reader;
mod record;
mod recover;
mod release;
mod scan;
mod seal;
mod spool;
mod state;
mod talk;
mod whole_file;
mod wire;

pub use disk::{Disk, DiskFile, RealDisk};
pub use reader::{Damage, Reader};
pub use record::{MAX_FRAME_BYTES, Record};
pub use recover::Recovered;
pub use seal::{Sealed, TalkPart, Within};
pub use spool::{Admission, Appended, Spool, SpoolOptions};
pub use state::{ClockAnchor, StreamState};
pub use talk::TalkAudio;
pub use wire::Position;

use std::io;

use crate::error::StoreError;

/// The part of [`StoreError`] that audio speaks.
fn failed(error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::DiskFull,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
        kind => StoreError::AudioIo { kind },
    }
}
