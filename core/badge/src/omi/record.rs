use super::OmiError;
use super::cursor::be_u32;

/// Bytes of a stored record.
pub const RECORD_BYTES: usize = 444;
/// Bytes of its audio part: `(length u8, frame)*`, then zeros.
pub const RECORD_AUDIO: usize = 440;

/// A record of the ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// Unix seconds when it was written; 0 where the device's clock was not set.
    pub unix_s: u32,
    audio: &'a [u8],
}

impl<'a> Record<'a> {
    /// Reads 444 bytes.
    ///
    /// # Errors
    /// Any other length.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, OmiError> {
        let length = OmiError::Length { what: "a stored record", got: bytes.len() };
        if bytes.len() != RECORD_BYTES {
            return Err(length);
        }
        let audio = bytes.get(RECORD_BYTES - RECORD_AUDIO..).ok_or(length)?;
        Ok(Self { unix_s: be_u32(bytes, 0).ok_or(length)?, audio })
    }

    /// The coded frames, at most 220. A length that reaches beyond the record is an error and the
    /// last item; so is anything but zeros after the first length of zero (the firmware pads with
    /// zeros), which is how a shifted transfer shows.
    #[must_use]
    pub fn frames(&self) -> Frames<'a> {
        Frames { audio: self.audio, at: 0 }
    }
}

/// The frames of a [`Record`].
#[derive(Debug, Clone)]
pub struct Frames<'a> {
    audio: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Frames<'a> {
    type Item = Result<&'a [u8], OmiError>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at;
        let length = usize::from(*self.audio.get(at)?);
        if length == 0 {
            self.at = self.audio.len();
            let clean = self.audio.get(at..)?.iter().all(|b| *b == 0);
            return (!clean).then_some(Err(OmiError::Record { at }));
        }
        let frame = self.audio.get(at + 1..at + 1 + length);
        self.at = frame.map_or(self.audio.len(), |_| at + 1 + length);
        Some(frame.ok_or(OmiError::Record { at }))
    }
}

/// Packs frames into a record as the firmware does: the last byte stays zero.
#[derive(Debug, Clone)]
pub struct RecordPacker {
    bytes: [u8; RECORD_BYTES],
    used: usize,
}

impl Default for RecordPacker {
    fn default() -> Self {
        Self { bytes: [0; RECORD_BYTES], used: RECORD_BYTES - RECORD_AUDIO }
    }
}

impl RecordPacker {
    /// Adds a frame of 1 to 255 bytes; false where it does not fit, and the record is to be
    /// finished first.
    pub fn push(&mut self, frame: &[u8]) -> bool {
        let Ok(length @ 1..) = u8::try_from(frame.len()) else { return false };
        let end = self.used + 1 + frame.len();
        if end >= RECORD_BYTES {
            return false;
        }
        self.bytes[self.used] = length;
        self.bytes[self.used + 1..end].copy_from_slice(frame);
        self.used = end;
        true
    }

    /// Whether there is no frame.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.used == RECORD_BYTES - RECORD_AUDIO
    }

    /// The record; the packer is empty then. `unix_s` is 0 where the clock was not set.
    pub fn finish(&mut self, unix_s: u32) -> [u8; RECORD_BYTES] {
        let mut done = std::mem::take(self).bytes;
        done[..4].copy_from_slice(&unix_s.to_be_bytes());
        done
    }
}
