use std::fmt;
use std::ops::Range;

use confee_domain::{AudioFrame, Codec, Mark, MarkKind, StreamId};

use super::fields::Fields;
use super::wire::MAX_PAYLOAD;
use crate::error::{Result, StoreError};

/// Upper bound of one coded frame, in bytes.
pub const MAX_FRAME_BYTES: usize = MAX_PAYLOAD - FRAME_FIELDS;
/// Stream, number, time, codec.
const FRAME_FIELDS: usize = 8 + 4 + 4 + 1;

/// One entry of the audio log.
#[derive(Clone, PartialEq)]
pub enum Record<'a> {
    /// A frame of audio.
    Frame(AudioFrame<'a>),
    /// A button, a mute.
    Mark(Mark),
    /// The badge's clock and the phone's, read at the same moment.
    Anchor {
        /// Whose clock.
        stream: StreamId,
        /// Milliseconds since the stream began, on the badge's clock.
        badge_ms: u32,
        /// Unix milliseconds on the phone's clock.
        unix_ms: i64,
    },
    /// How far the badge was told to free its storage.
    Custody {
        /// The storage; a badge that formats its own has another one.
        ring: u64,
        /// Everything before this place of the ring is the phone's.
        advanced_to: u64,
    },
    /// Which badge a stream comes from.
    StreamInfo {
        /// The stream.
        stream: StreamId,
        /// A hash of the badge's serial number.
        badge: [u8; 8],
    },
    /// The phone knows that these frames are gone for good.
    Dropped {
        /// Whose numbering.
        stream: StreamId,
        /// The frames.
        range: Range<u32>,
    },
}

/// The kinds in a file. 0 is never used: a block of zeros is not a record.
pub(super) mod kind {
    pub(crate) const FRAME: u8 = 1;
    pub(crate) const MARK: u8 = 2;
    pub(crate) const ANCHOR: u8 = 3;
    pub(crate) const CUSTODY: u8 = 4;
    pub(crate) const STREAM_INFO: u8 = 5;
    pub(crate) const DROPPED: u8 = 6;
    /// A frame that was erased: its stream and number, then zeros up to its length.
    pub(crate) const ERASED: u8 = 7;
    /// Frames of deleted segments.
    pub(crate) const RECEIVED: u8 = 8;
    /// Set on what was known from deleted segments: of use when the log is opened, not to readers.
    pub(crate) const CARRIED: u8 = 0x80;
}

impl<'a> Record<'a> {
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Frame(_) => kind::FRAME,
            Self::Mark(_) => kind::MARK,
            Self::Anchor { .. } => kind::ANCHOR,
            Self::Custody { .. } => kind::CUSTODY,
            Self::StreamInfo { .. } => kind::STREAM_INFO,
            Self::Dropped { .. } => kind::DROPPED,
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        let reason = match self {
            Self::Frame(f) if f.payload.len() > MAX_FRAME_BYTES => "a frame is too long",
            Self::Frame(f) if f.seq == u32::MAX => "the frame numbers of a stream are used up",
            _ => return Ok(()),
        };
        Err(StoreError::BadAudio { reason })
    }

    /// Bytes of the payload.
    pub(super) fn length(&self) -> usize {
        match self {
            Self::Frame(f) => FRAME_FIELDS + f.payload.len(),
            Self::Mark(_) => 17,
            Self::Anchor { .. } => 20,
            Self::Custody { .. } | Self::StreamInfo { .. } | Self::Dropped { .. } => 16,
        }
    }

    pub(super) fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Frame(f) => {
                put_place(out, f.stream, f.seq, f.captured_ms);
                out.push(f.codec.id());
                out.extend_from_slice(f.payload);
            }
            Self::Mark(m) => {
                put_place(out, m.stream, m.seq, m.captured_ms);
                out.push(mark_code(m.kind));
            }
            Self::Anchor { stream, badge_ms, unix_ms } => {
                out.extend_from_slice(&stream.0.to_le_bytes());
                out.extend_from_slice(&badge_ms.to_le_bytes());
                out.extend_from_slice(&unix_ms.to_le_bytes());
            }
            Self::Custody { ring, advanced_to } => {
                out.extend_from_slice(&ring.to_le_bytes());
                out.extend_from_slice(&advanced_to.to_le_bytes());
            }
            Self::StreamInfo { stream, badge } => {
                out.extend_from_slice(&stream.0.to_le_bytes());
                out.extend_from_slice(badge);
            }
            Self::Dropped { stream, range } => {
                put_place(out, *stream, range.start, range.end);
            }
        }
    }

    /// A record of this version; none where a later one knows more kinds, codecs or marks.
    pub(super) fn read(kind: u8, payload: &'a [u8]) -> Option<Self> {
        let mut fields = Fields(payload);
        Some(match kind {
            kind::FRAME => Self::Frame(read_frame(fields)?),
            kind::MARK => Self::Mark(Mark {
                stream: StreamId(fields.u64()?),
                seq: fields.u32()?,
                captured_ms: fields.u32()?,
                kind: mark_of(fields.u8()?)?,
            }),
            kind::ANCHOR => Self::Anchor {
                stream: StreamId(fields.u64()?),
                badge_ms: fields.u32()?,
                unix_ms: fields.i64()?,
            },
            kind::CUSTODY => Self::Custody { ring: fields.u64()?, advanced_to: fields.u64()? },
            kind::STREAM_INFO => {
                Self::StreamInfo { stream: StreamId(fields.u64()?), badge: fields.array()? }
            }
            kind::DROPPED => Self::Dropped {
                stream: StreamId(fields.u64()?),
                range: fields.u32()?..fields.u32()?,
            },
            _ => return None,
        })
    }

    /// Whether [`Record::read`] gives one.
    pub(super) fn is_known(kind: u8, payload: &[u8]) -> bool {
        Record::read(kind, payload).is_some()
    }
}

/// Stream and number of a frame, erased or not.
pub(super) fn frame_place(payload: &[u8]) -> Option<(StreamId, u32)> {
    let mut fields = Fields(payload);
    Some((StreamId(fields.u64()?), fields.u32()?))
}

fn put_place(out: &mut Vec<u8>, stream: StreamId, a: u32, b: u32) {
    out.extend_from_slice(&stream.0.to_le_bytes());
    out.extend_from_slice(&a.to_le_bytes());
    out.extend_from_slice(&b.to_le_bytes());
}

fn read_frame(mut fields: Fields<'_>) -> Option<AudioFrame<'_>> {
    Some(AudioFrame {
        stream: StreamId(fields.u64()?),
        seq: fields.u32().filter(|s| *s != u32::MAX)?,
        captured_ms: fields.u32()?,
        codec: Codec::from_id(fields.u8()?).ok()?,
        payload: fields.rest(),
    })
}

fn mark_code(kind: MarkKind) -> u8 {
    match kind {
        MarkKind::Lead => 1,
        MarkKind::Start => 2,
        MarkKind::Stop => 3,
        MarkKind::Muted => 4,
        MarkKind::Unmuted => 5,
    }
}

fn mark_of(code: u8) -> Option<MarkKind> {
    use MarkKind::{Lead, Muted, Start, Stop, Unmuted};
    [Lead, Start, Stop, Muted, Unmuted].into_iter().find(|k| mark_code(*k) == code)
}

/// A frame's sound stays out of logs.
impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(frame) => f
                .debug_struct("Frame")
                .field("stream", &frame.stream)
                .field("seq", &frame.seq)
                .field("captured_ms", &frame.captured_ms)
                .field("codec", &frame.codec)
                .field("bytes", &frame.payload.len())
                .finish(),
            Self::Mark(mark) => mark.fmt(f),
            Self::Anchor { stream, badge_ms, unix_ms } => f
                .debug_struct("Anchor")
                .field("stream", stream)
                .field("badge_ms", badge_ms)
                .field("unix_ms", unix_ms)
                .finish(),
            Self::Custody { ring, advanced_to } => f
                .debug_struct("Custody")
                .field("ring", ring)
                .field("advanced_to", advanced_to)
                .finish(),
            Self::StreamInfo { stream, .. } => {
                f.debug_struct("StreamInfo").field("stream", stream).finish_non_exhaustive()
            }
            Self::Dropped { stream, range } => {
                f.debug_struct("Dropped").field("stream", stream).field("range", range).finish()
            }
        }
    }
}
