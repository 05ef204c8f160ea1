use serde::{Deserialize, Serialize};

use super::{AudioFacts, StreamId};

/// A conversation that was cut from a badge's audio and is safe on this phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// Names it and the lead that will come of it; the same cut always has the same id.
    pub id: String,
    /// Whose numbering.
    pub stream: StreamId,
    /// Its first frame.
    pub first_seq: u32,
    /// One past its last frame.
    pub end_seq: u32,
    /// Unix milliseconds; unset until the badge's clock was compared with the phone's.
    pub started_at_ms: Option<i64>,
    /// Length in milliseconds, gaps included.
    pub duration_ms: u64,
    /// Whether the wearer pressed the button: "this is a lead".
    pub marked: bool,
    /// Gaps and quality.
    pub audio: AudioFacts,
    /// What became of it.
    pub state: RecordingState,
}

/// What became of a [`Recording`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum RecordingState {
    /// It waits for its text.
    Waiting,
    /// It was turned into text; its lead has the same id.
    Read,
    /// It was heard, and nobody says anything in it; its audio is still there.
    Silent,
    /// Its audio was erased.
    Erased,
}

/// A [`Recording`] as a list shows it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct RecordingSummary {
    /// Names it and its lead.
    pub id: String,
    /// Unix milliseconds; unset until the badge's clock was compared with the phone's.
    pub started_at_ms: Option<i64>,
    /// Length in milliseconds, gaps included.
    pub duration_ms: u64,
    /// Milliseconds of it without sound.
    pub lost_ms: u64,
    /// Whether the wearer pressed the button: "this is a lead".
    pub marked: bool,
    /// How good it sounds; unset where nothing could be measured.
    pub quality: Option<super::Quality>,
    /// What became of it.
    pub state: RecordingState,
}

impl From<&Recording> for RecordingSummary {
    fn from(recording: &Recording) -> Self {
        Self {
            id: recording.id.clone(),
            started_at_ms: recording.started_at_ms,
            duration_ms: recording.duration_ms,
            lost_ms: recording.audio.loss.lost_ms(0, recording.duration_ms),
            marked: recording.marked,
            quality: recording.audio.quality.clone(),
            state: recording.state,
        }
    }
}
