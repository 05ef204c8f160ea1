use serde::{Deserialize, Serialize};

use super::Codec;

/// One numbering of frames: a badge starts a new one when its numbers begin anew (power-on, new
/// codec). Random, so that two never meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StreamId(pub u64);

/// One frame of audio as the badge made it, still coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudioFrame<'a> {
    /// Whose numbering.
    pub stream: StreamId,
    /// Place in the stream, from 0, one up per frame.
    pub seq: u32,
    /// Capture time in milliseconds since the stream began, on the badge's clock.
    pub captured_ms: u32,
    /// Form of the payload.
    pub codec: Codec,
    /// One coded frame.
    pub payload: &'a [u8],
}

/// Something that happened at a place in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Whose numbering.
    pub stream: StreamId,
    /// The frame it happened at.
    pub seq: u32,
    /// Milliseconds since the stream began, on the badge's clock.
    pub captured_ms: u32,
    /// What happened.
    pub kind: MarkKind,
}

/// What a [`Mark`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// The wearer pressed once: "this is a lead".
    Lead,
    /// The wearer asked for a new conversation to begin.
    Start,
    /// The wearer ended the conversation.
    Stop,
    /// Capture was muted on the badge.
    Muted,
    /// Capture goes on.
    Unmuted,
}
