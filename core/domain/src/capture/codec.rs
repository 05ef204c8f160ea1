use serde::{Deserialize, Serialize};

/// How samples are packed into a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum Coding {
    /// Little-endian 16 bit samples, channels interleaved.
    Pcm16,
    /// One Opus packet (RFC 6716).
    Opus,
}

/// The form of a stream's audio. All streams are sampled at 16 kHz. One id in one byte names it
/// on the wire of our own badges and in the audio log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Codec {
    /// How samples are packed.
    pub coding: Coding,
    /// 1, or 2 for a badge with two microphones.
    pub channels: u8,
    /// 10 or 20 milliseconds a frame.
    pub frame_ms: u8,
}

/// Samples a second of every stream.
const RATE_HZ: u32 = 16_000;
const PCM16: u8 = 0x00;
const OPUS: u8 = 0x10;
/// LC3 of LE Audio; reserved, nothing speaks it yet.
const LC3: std::ops::RangeInclusive<u8> = 0x20..=0x23;
const STEREO: u8 = 0b10;
const LONG: u8 = 0b01;

impl Codec {
    /// Samples a second.
    pub const RATE_HZ: u32 = RATE_HZ;

    /// Opus, 20 ms, one microphone: what most badges send.
    pub const OPUS_MONO: Self = Self { coding: Coding::Opus, channels: 1, frame_ms: 20 };
    /// Opus, 20 ms, two microphones.
    pub const OPUS_STEREO: Self = Self { coding: Coding::Opus, channels: 2, frame_ms: 20 };

    /// The byte that names this form: coding in the high nibble, bit 1 two channels, bit 0 20 ms.
    #[must_use]
    pub fn id(self) -> u8 {
        let coding = match self.coding {
            Coding::Pcm16 => PCM16,
            Coding::Opus => OPUS,
        };
        coding
            | if self.channels == 2 { STEREO } else { 0 }
            | if self.frame_ms == 20 { LONG } else { 0 }
    }

    /// The form that a byte names.
    ///
    /// # Errors
    /// Reserved and unknown ids; there is no default.
    pub fn from_id(id: u8) -> Result<Self, CodecError> {
        let coding = match id & !(STEREO | LONG) {
            PCM16 => Coding::Pcm16,
            OPUS => Coding::Opus,
            _ if LC3.contains(&id) => return Err(CodecError::Reserved { id }),
            _ => return Err(CodecError::Unknown { id }),
        };
        let channels = if id & STEREO == 0 { 1 } else { 2 };
        let frame_ms = if id & LONG == 0 { 10 } else { 20 };
        Ok(Self { coding, channels, frame_ms })
    }

    /// Samples of one channel in one frame: 160 or 320.
    #[must_use]
    pub fn samples(self) -> usize {
        usize::from(self.frame_ms) * (RATE_HZ / 1000) as usize
    }
}

/// Why audio of a badge cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// LC3.
    #[error(
        "the badge sends LC3 audio (codec {id:#04x}), which this version cannot decode yet; switch the badge to Opus"
    )]
    Reserved {
        /// The id.
        id: u8,
    },
    /// Not an id of ours.
    #[error("the badge sends audio in an unknown form (codec {id:#04x}); update this app")]
    Unknown {
        /// The id.
        id: u8,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_a_codec_or_a_named_error() {
        let good = [0x00, 0x01, 0x02, 0x03, 0x10, 0x11, 0x12, 0x13];
        for id in 0..=u8::MAX {
            match Codec::from_id(id) {
                Ok(codec) => assert_eq!((codec.id(), good.contains(&id)), (id, true)),
                Err(CodecError::Reserved { id: named }) => {
                    assert_eq!(named, id);
                    assert!((0x20..=0x23).contains(&id));
                }
                Err(CodecError::Unknown { id: named }) => {
                    assert_eq!((named, good.contains(&id)), (id, false));
                }
            }
        }
        assert_eq!(Codec::OPUS_MONO.id(), 0x11);
        assert_eq!(Codec::OPUS_STEREO.samples(), 320);
    }
}
