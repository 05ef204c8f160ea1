use confee_domain::Codec;

use super::{MAJOR, MAX_FRAME, WireError};
use crate::wire::{Reader, Writer};

const WHAT: &str = "capability";
const MAGIC: [u8; 2] = *b"CB";
const CODECS: usize = 8;
const UNUSED: u8 = 0xFF;

/// What a badge can do. Section 3 of the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capability {
    /// Minor version; a higher one may append what is not known here.
    pub minor: u8,
    /// What it has.
    pub features: Features,
    /// The known ones of its codecs, preferred first; 1 to 8.
    pub codecs: Vec<Codec>,
    /// Distance of the microphones in millimetres; 0 with one.
    pub microphone_mm: u8,
    /// Largest coded frame in bytes, 1 to 1280.
    pub max_frame: u16,
    /// Never changes, not the address.
    pub badge_id: u64,
    /// Size of the store in bytes; 0 without.
    pub ring_bytes: u32,
}

impl Capability {
    /// Length of version 1.0 in bytes.
    pub const LENGTH: usize = 32;

    /// From the value of [`super::CAPABILITY`].
    ///
    /// # Errors
    /// Another magic, another major version, too short, no known codec, a frame above 1280 bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(WHAT, bytes);
        if reader.array()? != MAGIC {
            return Err(WireError::Magic);
        }
        let major = reader.u8()?;
        if major != MAJOR {
            return Err(WireError::Version { major });
        }
        let minor = reader.u8()?;
        let features = Features(reader.u32()?);
        let (count, ids) = (reader.u8()?, reader.array::<CODECS>()?);
        let microphone_mm = reader.u8()?;
        let max_frame = reader.u16()?;
        let (badge_id, ring_bytes) = (reader.u64()?, reader.u32()?);
        if max_frame == 0 || usize::from(max_frame) > MAX_FRAME {
            return Err(WireError::Value { what: "largest frame", value: max_frame.into() });
        }
        let codecs = known_codecs(count, &ids)?;
        Ok(Self { minor, features, codecs, microphone_mm, max_frame, badge_id, ring_bytes })
    }

    /// The value a badge gives; codecs after the eighth are left out.
    #[must_use]
    pub fn encode(&self) -> [u8; Self::LENGTH] {
        let mut ids = [UNUSED; CODECS];
        let count = self.codecs.len().min(CODECS);
        for (id, codec) in ids.iter_mut().zip(&self.codecs) {
            *id = codec.id();
        }
        let mut value = Vec::with_capacity(Self::LENGTH);
        let mut writer = Writer(&mut value);
        writer.bytes(&MAGIC).u8(MAJOR).u8(self.minor).u32(self.features.0);
        writer.u8(count as u8).bytes(&ids).u8(self.microphone_mm).u16(self.max_frame);
        writer.u64(self.badge_id).u32(self.ring_bytes);
        let mut bytes = [0; Self::LENGTH];
        bytes.copy_from_slice(&value);
        bytes
    }
}

fn known_codecs(count: u8, ids: &[u8; CODECS]) -> Result<Vec<Codec>, WireError> {
    let ids = ids
        .get(..usize::from(count))
        .ok_or(WireError::Value { what: "number of codecs", value: count.into() })?;
    let codecs: Vec<Codec> = ids.iter().filter_map(|&id| Codec::from_id(id).ok()).collect();
    if codecs.is_empty() { Err(WireError::NoCodec) } else { Ok(codecs) }
}

/// What a badge has: a set of bits, unknown ones kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Features(pub u32);

impl Features {
    /// Keeps audio while there is no phone.
    pub const RING: Self = Self(1);
    /// Has a button.
    pub const BUTTON: Self = Self(1 << 1);
    /// Can be muted.
    pub const MUTE: Self = Self(1 << 2);
    /// The recording light is wired to the microphone's power.
    pub const LIGHT: Self = Self(1 << 3);
    /// Takes the time.
    pub const CLOCK: Self = Self(1 << 4);
    /// Counts its faults.
    pub const DIAGNOSTICS: Self = Self(1 << 5);
    /// Tells its charge.
    pub const BATTERY: Self = Self(1 << 6);
    /// Captures nothing in silence.
    pub const PAUSES: Self = Self(1 << 7);
    /// Its two microphones sit side by side and not one above the other.
    pub const SIDE_BY_SIDE: Self = Self(1 << 8);

    /// Both sets.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Keeps audio while there is no phone.
    #[must_use]
    pub const fn ring(self) -> bool {
        self.has(Self::RING)
    }

    /// Has a button.
    #[must_use]
    pub const fn button(self) -> bool {
        self.has(Self::BUTTON)
    }

    /// Can be muted.
    #[must_use]
    pub const fn mute(self) -> bool {
        self.has(Self::MUTE)
    }

    /// The recording light is wired to the microphone's power.
    #[must_use]
    pub const fn light(self) -> bool {
        self.has(Self::LIGHT)
    }

    /// Takes the time.
    #[must_use]
    pub const fn clock(self) -> bool {
        self.has(Self::CLOCK)
    }

    /// Counts its faults.
    #[must_use]
    pub const fn diagnostics(self) -> bool {
        self.has(Self::DIAGNOSTICS)
    }

    /// Tells its charge.
    #[must_use]
    pub const fn battery(self) -> bool {
        self.has(Self::BATTERY)
    }

    /// Captures nothing in silence.
    #[must_use]
    pub const fn pauses(self) -> bool {
        self.has(Self::PAUSES)
    }

    /// Its two microphones sit side by side and not one above the other.
    #[must_use]
    pub const fn side_by_side(self) -> bool {
        self.has(Self::SIDE_BY_SIDE)
    }

    const fn has(self, bit: Self) -> bool {
        self.0 & bit.0 != 0
    }
}
