use confee_domain::Codec;

use super::{MAJOR, MAX_FRAME, WireError, named_frame};
use crate::wire::{Reader, Writer};

const WHAT: &str = "audio fragment";
const VERSION: u8 = MAJOR << 4;
const LAST: u8 = 0x80;
/// Fragments that one frame may have.
pub(super) const FRAGMENTS: usize = 128;
const HEADER: usize = 10;
const START: usize = 7;
/// Bytes of a notification that are not its value.
const ATT: usize = 3;
/// Longest value of an attribute, whatever the MTU (Bluetooth Core, Vol 3, Part F, 3.2.9).
const LONGEST_VALUE: usize = 512;
const SMALLEST_MTU: u16 = 23;

/// One notification of live audio. Section 4 of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fragment<'a> {
    /// Whose numbering; not 0.
    pub session: u32,
    /// The frame's place in it.
    pub seq: u32,
    /// The fragment's place in the frame, 0 to 127.
    pub index: u8,
    /// Whether the frame ends here.
    pub last: bool,
    /// What the first fragment says of the frame; set where `index` is 0.
    pub start: Option<FrameStart>,
    /// Its part of the coded frame.
    pub payload: &'a [u8],
}

/// What the first fragment says of its frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameStart {
    /// Milliseconds since the session began.
    pub captured_ms: u32,
    /// Form of the frame.
    pub codec: Codec,
    /// Bytes of the coded frame, 1 to 1280.
    pub length: u16,
}

impl<'a> Fragment<'a> {
    /// From a notification of [`super::AUDIO`].
    ///
    /// # Errors
    /// Another version, too short, an unknown codec, a session, sequence or length out of range.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(WHAT, bytes);
        let (version, place) = (reader.u8()?, reader.u8()?);
        if version != VERSION {
            return Err(WireError::Version { major: version >> 4 });
        }
        let (session, seq) = (reader.u32()?, reader.u32()?);
        named_frame(session, seq)?;
        let (index, last) = (place & !LAST, place & LAST != 0);
        let start = if index == 0 { Some(FrameStart::read(&mut reader)?) } else { None };
        Ok(Self { session, seq, index, last, start, payload: reader.rest() })
    }
}

impl FrameStart {
    fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let (captured_ms, codec, length) = (reader.u32()?, reader.u8()?, reader.u16()?);
        let codec = Codec::from_id(codec)?;
        if length == 0 || usize::from(length) > MAX_FRAME {
            return Err(WireError::Value { what: "frame length", value: length.into() });
        }
        Ok(Self { captured_ms, codec, length })
    }
}

/// A frame that a badge sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameOut<'a> {
    /// Whose numbering; not 0.
    pub session: u32,
    /// Place in it.
    pub seq: u32,
    /// Milliseconds since the session began.
    pub captured_ms: u32,
    /// Form of the payload.
    pub codec: Codec,
    /// One coded frame, 1 to 1280 bytes.
    pub payload: &'a [u8],
}

/// Puts fragment `index` of a frame into `out`, which is cleared first; false where the frame has
/// no such fragment. Fragments are as long as `mtu` (23 to 517) allows, the last one apart.
///
/// # Errors
/// An empty frame, one above 1280 bytes, or one that needs more than 128 fragments: at an MTU of
/// 23 that is one above 1273 bytes.
pub fn fragment(
    frame: &FrameOut<'_>,
    mtu: u16,
    index: u8,
    out: &mut Vec<u8>,
) -> Result<bool, WireError> {
    out.clear();
    let length = frame.payload.len();
    if length == 0 || length > MAX_FRAME {
        return Err(WireError::Length { what: "frame", stated: MAX_FRAME, got: length });
    }
    let value = (usize::from(mtu.max(SMALLEST_MTU)) - ATT).min(LONGEST_VALUE);
    let (first, more) = (value - HEADER - START, value - HEADER);
    let count = 1 + length.saturating_sub(first).div_ceil(more);
    if count > FRAGMENTS {
        return Err(WireError::FragmentLimit { length, mtu });
    }
    let at = usize::from(index);
    if at >= count {
        return Ok(false);
    }
    let from = if at == 0 { 0 } else { first + (at - 1) * more };
    let to = length.min(first + at * more);
    let last = if at + 1 == count { LAST } else { 0 };
    let mut writer = Writer(out);
    writer.u8(VERSION).u8(index | last).u32(frame.session).u32(frame.seq);
    if at == 0 {
        writer.u32(frame.captured_ms).u8(frame.codec.id()).u16(length as u16);
    }
    writer.bytes(frame.payload.get(from..to).unwrap_or_default());
    Ok(true)
}
