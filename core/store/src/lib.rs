//! Leads, transcripts, outbox and audit log in one SQLite file. The only crate that knows SQL.
//!
//! Deterministic: no clock and no randomness inside; times come in as Unix milliseconds. Calls
//! block, so an async caller takes a blocking thread. A [`Store`] may be shared between threads:
//! writes go one after the other, reads go beside them.
//!
//! The way of a lead: [`Store::add_conversation`], [`Store::save_review`] for every step,
//! [`Store::save_approval`], which also fills the outbox. Then, for each op:
//! [`Store::due_ops`], [`Store::begin_op`], the request, [`Store::record_op`]. At start
//! [`Store::recover`] comes first.
//!
//! Audio lies beside the database in plain files: [`Spool`] holds what the badge sent, [`TalkAudio`]
//! one file for each conversation.

mod approval;
mod audio;
mod audit;
mod connectors;
mod consent;
mod error;
mod leads;
mod list;
mod migrate;
mod open;
mod outbox;
mod queue;
mod recordings;
mod review;
mod rows;
mod transition;

pub use audio::{
    Admission, Appended, ClockAnchor, Damage, Disk, DiskFile, MAX_FRAME_BYTES, Position, Reader,
    RealDisk, Record, Recovered, Sealed, Spool, SpoolOptions, StreamState, TalkAudio, TalkPart,
    Within,
};
pub use audit::{AuditAction, AuditEntry, AuditHead};
pub use error::{Result, StoreError};
pub use list::{Cursor, LeadCounts, LeadFilter, LeadRow, MAX_ROWS};
pub use migrate::schema_version;
pub use open::{DB_FILE, Options, Store};
pub use outbox::{OpProblem, OutboxCounts};
pub use review::StoredReview;
