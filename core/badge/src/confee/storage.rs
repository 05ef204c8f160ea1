use confee_domain::{Codec, CodecError, MarkKind, StreamId};

use super::{MAX_FRAME, WireError, codec_id, named_frame};
use crate::wire::{Reader, Writer};

const DATA: u8 = 1;
const END: u8 = 2;
const FRAME: u8 = 1;
const MARK: u8 = 2;
const CLOCK: u8 = 3;

/// A notification of [`super::STORAGE`]. Section 7 of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoragePacket<'a> {
    /// Part of a read.
    Data {
        /// Id of the request that asked for it.
        request: u8,
        /// Where it belongs, in bytes from the start of the read.
        offset: u32,
        /// Records, cut anywhere.
        bytes: &'a [u8],
    },
    /// A read ended.
    End {
        /// Id of the request.
        request: u8,
        /// First position that was not sent.
        next: u64,
        /// CRC-32 (IEEE) over all data of the read.
        crc: u32,
        /// Bytes of the read.
        bytes: u32,
    },
}

impl<'a> StoragePacket<'a> {
    /// Bytes of a data packet before its records.
    pub const DATA_HEADER: usize = 6;

    /// From a notification.
    ///
    /// # Errors
    /// Too short, an unknown kind.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("storage packet", bytes);
        let (kind, request) = (reader.u8()?, reader.u8()?);
        match kind {
            DATA => {
                let offset = reader.u32()?;
                Ok(Self::Data { request, offset, bytes: reader.rest() })
            }
            END => {
                let (next, crc, bytes) = (reader.u64()?, reader.u32()?, reader.u32()?);
                Ok(Self::End { request, next, crc, bytes })
            }
            kind => Err(WireError::Kind { what: "storage packet", kind }),
        }
    }

    /// The notification.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut value = Vec::with_capacity(18);
        let mut writer = Writer(&mut value);
        match *self {
            Self::Data { request, offset, bytes } => {
                writer.u8(DATA).u8(request).u32(offset).bytes(bytes)
            }
            Self::End { request, next, crc, bytes } => {
                writer.u8(END).u8(request).u64(next).u32(crc).u32(bytes)
            }
        };
        value
    }
}

/// One record of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredRecord<'a> {
    /// A frame of audio.
    Frame {
        /// Whose numbering.
        session: u32,
        /// Place in it.
        seq: u32,
        /// Milliseconds since the session began.
        captured_ms: u32,
        /// Form of the payload; one that is not known damages no other record.
        codec: Result<Codec, CodecError>,
        /// One coded frame, 1 to 1280 bytes.
        payload: &'a [u8],
    },
    /// A button press or a change of mute.
    Mark {
        /// Whose numbering; 0 where nothing was captured.
        session: u32,
        /// At which frame.
        seq: u32,
        /// Milliseconds since the session began.
        captured_ms: u32,
        /// What it was.
        what: MarkKind,
        /// Counts presses.
        number: u16,
    },
    /// When the phone told its time.
    Clock {
        /// Whose time; 0 where nothing was captured.
        session: u32,
        /// The badge's time, in milliseconds since the session began.
        badge_ms: u32,
        /// The phone's, in milliseconds since 1970.
        unix_ms: u64,
    },
    /// One of a later version; to be passed over.
    Unknown {
        /// Its number.
        kind: u8,
    },
    /// One of a known kind whose body breaks the protocol; to be passed over, or it would block
    /// the store for ever.
    Damaged {
        /// Its number.
        kind: u8,
        /// What is wrong.
        error: WireError,
    },
}

impl<'a> StoredRecord<'a> {
    /// Bytes of a record before its body.
    pub const HEADER: usize = 3;

    /// Appends the record as a badge stores it; `Unknown` and `Damaged` as an empty one of their
    /// kind. A frame's payload must not be above 1280 bytes.
    pub fn encode_into(&self, out: &mut Vec<u8>) {
        let from = out.len();
        let mut w = Writer(out);
        w.u8(self.kind()).u16(0);
        match *self {
            Self::Frame { session, seq, captured_ms, codec, payload } => {
                w.u32(session).u32(seq).u32(captured_ms).u8(codec_id(codec)).bytes(payload);
            }
            Self::Mark { session, seq, captured_ms, what, number } => {
                w.u32(session).u32(seq).u32(captured_ms).u8(mark_id(what)).u16(number);
            }
            Self::Clock { session, badge_ms, unix_ms } => {
                w.u32(session).u32(badge_ms).u64(unix_ms);
            }
            Self::Unknown { .. } | Self::Damaged { .. } => {}
        }
        let length = out.len() - from - Self::HEADER;
        if let Some(place) = out.get_mut(from + 1..from + Self::HEADER) {
            place.copy_from_slice(&(length as u16).to_le_bytes());
        }
    }

    /// Number of its kind.
    #[must_use]
    pub const fn kind(&self) -> u8 {
        match *self {
            Self::Frame { .. } => FRAME,
            Self::Mark { .. } => MARK,
            Self::Clock { .. } => CLOCK,
            Self::Unknown { kind } | Self::Damaged { kind, .. } => kind,
        }
    }

    fn read(kind: u8, body: &'a [u8]) -> Self {
        let record = match kind {
            FRAME => Self::frame(body),
            MARK => Self::mark(body),
            CLOCK => Self::clock(body),
            kind => Ok(Self::Unknown { kind }),
        };
        record.unwrap_or_else(|error| Self::Damaged { kind, error })
    }

    fn frame(body: &'a [u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("stored frame", body);
        let (session, seq, captured_ms) = (reader.u32()?, reader.u32()?, reader.u32()?);
        let codec = Codec::from_id(reader.u8()?);
        let payload = reader.rest();
        named_frame(session, seq)?;
        if payload.is_empty() || payload.len() > MAX_FRAME {
            let got = payload.len();
            return Err(WireError::Length { what: "stored frame", stated: MAX_FRAME, got });
        }
        Ok(Self::Frame { session, seq, captured_ms, codec, payload })
    }

    fn mark(body: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("stored mark", body);
        let (session, seq, captured_ms) = (reader.u32()?, reader.u32()?, reader.u32()?);
        let what = mark_kind(reader.u8()?)?;
        Ok(Self::Mark { session, seq, captured_ms, what, number: reader.u16()? })
    }

    fn clock(body: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("stored clock", body);
        let (session, badge_ms) = (reader.u32()?, reader.u32()?);
        Ok(Self::Clock { session, badge_ms, unix_ms: reader.u64()? })
    }
}

/// The records of a whole read. Ends after an error: without a record's end nothing after it can
/// be found.
#[must_use]
pub const fn records(bytes: &[u8]) -> Records<'_> {
    Records { rest: bytes }
}

/// See [`records`].
#[derive(Debug, Clone)]
pub struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<StoredRecord<'a>, WireError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut reader = Reader::new("stored record", std::mem::take(&mut self.rest));
        if reader.rest().is_empty() {
            return None;
        }
        let record = read_record(&mut reader);
        if record.is_ok() {
            self.rest = reader.rest();
        }
        Some(record)
    }
}

fn read_record<'a>(reader: &mut Reader<'a>) -> Result<StoredRecord<'a>, WireError> {
    let (kind, length) = (reader.u8()?, reader.u16()?);
    let body = reader.take(usize::from(length))?;
    Ok(StoredRecord::read(kind, body))
}

const fn mark_id(what: MarkKind) -> u8 {
    match what {
        MarkKind::Lead => 1,
        MarkKind::Start => 2,
        MarkKind::Stop => 3,
        MarkKind::Muted => 4,
        MarkKind::Unmuted => 5,
    }
}

const fn mark_kind(id: u8) -> Result<MarkKind, WireError> {
    match id {
        1 => Ok(MarkKind::Lead),
        2 => Ok(MarkKind::Start),
        3 => Ok(MarkKind::Stop),
        4 => Ok(MarkKind::Muted),
        5 => Ok(MarkKind::Unmuted),
        kind => Err(WireError::Kind { what: "mark", kind }),
    }
}

/// The stream that a session of a badge is: the badge in the high half, the session in the low
/// half. It stands in audio logs and must never change.
#[must_use]
pub const fn stream_id(badge_id: u64, session: u32) -> StreamId {
    // The finalizer of SplitMix64: badge ids that differ in few bits differ in the half that is kept.
    let mut mixed = badge_id;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^= mixed >> 31;
    StreamId(mixed << 32 | session as u64)
}
