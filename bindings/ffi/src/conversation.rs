use chrono::DateTime;
use confee_domain::{Rep, Segment, Transcript};

use crate::error::ConfeeError;

/// A recorded talk as text.
#[derive(Debug, Clone, uniffi::Record)]
pub struct Conversation {
    /// Made by the app, unique for ever; a UUID is best.
    pub id: String,
    /// When the talk was, RFC 3339 with the place's offset: `2026-03-18T10:12:00+01:00`.
    pub captured_at: String,
    /// The app's user.
    pub rep: Rep,
    /// What was said, in order of time.
    pub segments: Vec<Segment>,
}

impl TryFrom<Conversation> for Transcript {
    type Error = ConfeeError;

    fn try_from(c: Conversation) -> Result<Self, ConfeeError> {
        let at = DateTime::parse_from_rfc3339(&c.captured_at).map_err(|_| {
            let text = "captured_at is no RFC 3339 time; write it like 2026-03-18T10:12:00+01:00";
            ConfeeError::InvalidInput(text.into())
        })?;
        Self::new(c.id, at, c.rep, c.segments).map_err(|e| ConfeeError::InvalidInput(e.to_string()))
    }
}
