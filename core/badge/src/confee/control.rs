use confee_domain::Codec;

use super::{MAX_READ, WireError, boolean};
use crate::wire::{Reader, Writer};

/// What the phone asks. Section 5 of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// Which version the phone speaks. Answer: [`super::HelloData`].
    Hello {
        /// Major version.
        major: u8,
        /// Minor version.
        minor: u8,
    },
    /// Live audio on or off, in a codec of the capability. Answer: [`super::Flags`].
    Stream {
        /// Whether it is to flow.
        on: bool,
        /// In which form.
        codec: Codec,
    },
    /// The phone's clock. Answer: [`super::ClockData`].
    Clock {
        /// Milliseconds since 1970.
        unix_ms: u64,
    },
    /// Capture off or on. Answer: [`super::Flags`].
    Mute {
        /// Whether nothing is to be captured.
        on: bool,
    },
    /// Which store it is. Answer: [`super::RingIdData`].
    RingId,
    /// What is stored. Answer: [`super::RingRangeData`].
    RingRange,
    /// Send stored records. Answer: [`super::ReadGranted`], then [`super::StoragePacket`]s.
    RingRead {
        /// First position.
        from: u64,
        /// How many, 1 to 64.
        records: u16,
    },
    /// Free all records below a position. Answer: [`super::Advanced`].
    RingAdvance {
        /// The store's id.
        ring: u64,
        /// First position to keep.
        to: u64,
    },
    /// Free the oldest records as long as they are frames of `session` below `seq`. Answer:
    /// [`super::Released`].
    RingRelease {
        /// The store's id.
        ring: u64,
        /// Whose numbering.
        session: u32,
        /// First sequence to keep.
        seq: u32,
    },
    /// Forget everything stored. Answer: [`super::Cleared`].
    RingClear {
        /// The store's id.
        ring: u64,
    },
    /// End a read.
    RingStop,
    /// The badge's counters. Answer: [`super::DiagnosticsData`].
    Diagnostics,
    /// Drop the bond when the link ends.
    Forget {
        /// The store too.
        wipe: bool,
    },
}

impl Request {
    /// Number of the operation.
    #[must_use]
    pub const fn op(&self) -> u8 {
        match self {
            Self::Hello { .. } => 0x01,
            Self::Stream { .. } => 0x02,
            Self::Clock { .. } => 0x03,
            Self::Mute { .. } => 0x04,
            Self::RingId => 0x10,
            Self::RingRange => 0x11,
            Self::RingRead { .. } => 0x12,
            Self::RingAdvance { .. } => 0x13,
            Self::RingRelease { .. } => 0x14,
            Self::RingClear { .. } => 0x15,
            Self::RingStop => 0x16,
            Self::Diagnostics => 0x20,
            Self::Forget { .. } => 0x21,
        }
    }

    /// The value for [`super::CONTROL`], at most 20 bytes; `request` is its id.
    #[must_use]
    pub fn encode(&self, request: u8) -> Vec<u8> {
        let mut value = Vec::with_capacity(20);
        let mut writer = Writer(&mut value);
        writer.u8(self.op()).u8(request);
        match *self {
            Self::Hello { major, minor } => writer.u8(major).u8(minor),
            Self::Stream { on, codec } => writer.u8(on.into()).u8(codec.id()),
            Self::Clock { unix_ms } => writer.u64(unix_ms),
            Self::Mute { on } => writer.u8(on.into()),
            Self::RingRead { from, records } => writer.u64(from).u16(records),
            Self::RingAdvance { ring, to } => writer.u64(ring).u64(to),
            Self::RingRelease { ring, session, seq } => writer.u64(ring).u32(session).u32(seq),
            Self::RingClear { ring } => writer.u64(ring),
            Self::Forget { wipe } => writer.u8(wipe.into()),
            Self::RingId | Self::RingRange | Self::RingStop | Self::Diagnostics => &mut writer,
        };
        value
    }

    /// From a value written to [`super::CONTROL`]: the request's id, and what is asked.
    ///
    /// # Errors
    /// An unknown op; arguments that are too short, too long or out of range.
    pub fn parse(bytes: &[u8]) -> Result<(u8, Self), WireError> {
        let mut reader = Reader::new("request", bytes);
        let (op, id) = (reader.u8()?, reader.u8()?);
        let request = Self::read(op, &mut reader)?;
        if !reader.rest().is_empty() {
            let stated = bytes.len() - reader.rest().len();
            return Err(WireError::Length { what: "request", stated, got: bytes.len() });
        }
        Ok((id, request))
    }

    /// Op and id of a request whose arguments may be anything: what a refusal has to name.
    #[must_use]
    pub const fn header(bytes: &[u8]) -> Option<(u8, u8)> {
        match bytes {
            [op, id, ..] => Some((*op, *id)),
            _ => None,
        }
    }

    fn read(op: u8, reader: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(match op {
            0x01 => Self::Hello { major: reader.u8()?, minor: reader.u8()? },
            0x02 => {
                let on = boolean("stream switch", reader.u8()?)?;
                Self::Stream { on, codec: Codec::from_id(reader.u8()?)? }
            }
            0x03 => Self::Clock { unix_ms: reader.u64()? },
            0x04 => Self::Mute { on: boolean("mute switch", reader.u8()?)? },
            0x10 => Self::RingId,
            0x11 => Self::RingRange,
            0x12 => Self::RingRead { from: reader.u64()?, records: read_count(reader.u16()?)? },
            0x13 => Self::RingAdvance { ring: reader.u64()?, to: reader.u64()? },
            0x14 => {
                let (ring, session) = (reader.u64()?, reader.u32()?);
                Self::RingRelease { ring, session, seq: reader.u32()? }
            }
            0x15 => Self::RingClear { ring: reader.u64()? },
            0x16 => Self::RingStop,
            0x20 => Self::Diagnostics,
            0x21 => Self::Forget { wipe: boolean("wipe switch", reader.u8()?)? },
            kind => return Err(WireError::Kind { what: "request", kind }),
        })
    }
}

fn read_count(records: u16) -> Result<u16, WireError> {
    if (1..=MAX_READ).contains(&records) {
        return Ok(records);
    }
    Err(WireError::Value { what: "number of records to read", value: records.into() })
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Done.
    Done,
    /// The badge does not know the op.
    UnknownOp,
    /// The arguments are wrong.
    BadArguments,
    /// Try again later.
    Busy,
    /// The store is not ready.
    NotReady,
    /// A position beyond the stored ones.
    OutOfRange,
    /// Another ring id.
    WrongRing,
    /// Not with this bond, or not now.
    NotAllowed,
    /// The battery is too low.
    LowBattery,
    /// One that is not known; 9 to 255.
    Other(u8),
}

impl Status {
    /// The status that a number names.
    #[must_use]
    pub const fn from_id(id: u8) -> Self {
        match id {
            0 => Self::Done,
            1 => Self::UnknownOp,
            2 => Self::BadArguments,
            3 => Self::Busy,
            4 => Self::NotReady,
            5 => Self::OutOfRange,
            6 => Self::WrongRing,
            7 => Self::NotAllowed,
            8 => Self::LowBattery,
            other => Self::Other(other),
        }
    }

    /// Its number.
    #[must_use]
    pub const fn id(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::UnknownOp => 1,
            Self::BadArguments => 2,
            Self::Busy => 3,
            Self::NotReady => 4,
            Self::OutOfRange => 5,
            Self::WrongRing => 6,
            Self::NotAllowed => 7,
            Self::LowBattery => 8,
            Self::Other(id) => id,
        }
    }
}
