use confee_domain::{Codec, CodecError, MarkKind};

use super::{RingRangeData, Status, WireError, boolean, codec_id};
use crate::wire::{Reader, Writer};

const ANSWER: u8 = 0x80;

/// A notification of [`super::EVENT`]: sections 5 and 6 of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message<'a> {
    /// Of a request.
    Answer {
        /// The request's op, 0 to 127.
        op: u8,
        /// The request's id.
        request: u8,
        /// How it ended.
        status: Status,
        /// What belongs to the op; empty where the status is not done.
        data: &'a [u8],
    },
    /// Something happened.
    Event(Event),
}

impl<'a> Message<'a> {
    /// From a notification.
    ///
    /// # Errors
    /// Too short, an unknown kind of event, a field out of range.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("message", bytes);
        let kind = reader.u8()?;
        if kind & ANSWER == 0 {
            return Event::read(kind, &mut reader).map(Self::Event);
        }
        let (request, status) = (reader.u8()?, Status::from_id(reader.u8()?));
        Ok(Self::Answer { op: kind & !ANSWER, request, status, data: reader.rest() })
    }

    /// The notification.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut value = Vec::with_capacity(20);
        let mut writer = Writer(&mut value);
        match *self {
            Self::Answer { op, request, status, data } => {
                writer.u8(op | ANSWER).u8(request).u8(status.id()).bytes(data);
            }
            Self::Event(event) => event.write(&mut writer),
        }
        value
    }
}

/// Something that happened on the badge. Section 6 of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The button was pressed.
    Button {
        /// How.
        press: Press,
        /// Counts presses: the same press may come again.
        number: u16,
        /// Whose numbering; 0 where nothing is captured.
        session: u32,
        /// At which frame.
        seq: u32,
        /// Milliseconds since the session began.
        captured_ms: u32,
    },
    /// Mute changed.
    Mute {
        /// Whether nothing is captured now.
        on: bool,
        /// Whose numbering; 0 where nothing is captured.
        session: u32,
        /// At which frame.
        seq: u32,
        /// Milliseconds since the session began.
        captured_ms: u32,
    },
    /// A new session began.
    Session {
        /// Its number.
        session: u32,
        /// Its codec.
        codec: Result<Codec, CodecError>,
    },
    /// Charge.
    Battery {
        /// 0 to 100.
        percent: u8,
        /// Whether it is being charged.
        charging: bool,
        /// Voltage.
        millivolts: u16,
    },
    /// What is stored.
    Ring {
        /// Position of the oldest record.
        oldest: u64,
        /// Position of the next one; not below `oldest`.
        next: u64,
    },
    /// A flag changed.
    State {
        /// All flags.
        flags: Flags,
    },
}

impl Event {
    fn read(kind: u8, reader: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(match kind {
            1 => {
                let (press, number) = (Press::from_id(reader.u8()?)?, reader.u16()?);
                let (session, seq, captured_ms) = read_place(reader)?;
                Self::Button { press, number, session, seq, captured_ms }
            }
            2 => {
                let on = boolean("mute switch", reader.u8()?)?;
                let (session, seq, captured_ms) = read_place(reader)?;
                Self::Mute { on, session, seq, captured_ms }
            }
            3 => Self::Session { session: reader.u32()?, codec: Codec::from_id(reader.u8()?) },
            4 => {
                let (percent, charging) = (percent(reader.u8()?)?, reader.u8()?);
                let charging = boolean("charging", charging)?;
                Self::Battery { percent, charging, millivolts: reader.u16()? }
            }
            5 => {
                let RingRangeData { oldest, next } = RingRangeData::read(reader)?;
                Self::Ring { oldest, next }
            }
            6 => Self::State { flags: Flags(reader.u8()?) },
            kind => return Err(WireError::Kind { what: "event", kind }),
        })
    }

    fn write(self, w: &mut Writer<'_>) {
        match self {
            Self::Button { press, number, session, seq, captured_ms } => {
                w.u8(1).u8(press.id()).u16(number).u32(session).u32(seq).u32(captured_ms)
            }
            Self::Mute { on, session, seq, captured_ms } => {
                w.u8(2).u8(on.into()).u32(session).u32(seq).u32(captured_ms)
            }
            Self::Session { session, codec } => w.u8(3).u32(session).u8(codec_id(codec)),
            Self::Battery { percent, charging, millivolts } => {
                w.u8(4).u8(percent).u8(charging.into()).u16(millivolts)
            }
            Self::Ring { oldest, next } => w.u8(5).u64(oldest).u64(next),
            Self::State { flags } => w.u8(6).u8(flags.0),
        };
    }
}

fn read_place(reader: &mut Reader<'_>) -> Result<(u32, u32, u32), WireError> {
    Ok((reader.u32()?, reader.u32()?, reader.u32()?))
}

fn percent(value: u8) -> Result<u8, WireError> {
    if value <= 100 {
        return Ok(value);
    }
    Err(WireError::Value { what: "charge", value: value.into() })
}

/// How the button was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Press {
    /// Once, shortly: this is a lead.
    Short,
    /// Twice: a new conversation begins.
    Double,
    /// Held: the conversation ended.
    Long,
}

impl Press {
    /// What the wearer means by it.
    #[must_use]
    pub const fn mark(self) -> MarkKind {
        match self {
            Self::Short => MarkKind::Lead,
            Self::Double => MarkKind::Start,
            Self::Long => MarkKind::Stop,
        }
    }

    const fn id(self) -> u8 {
        match self {
            Self::Short => 1,
            Self::Double => 2,
            Self::Long => 3,
        }
    }

    const fn from_id(id: u8) -> Result<Self, WireError> {
        match id {
            1 => Ok(Self::Short),
            2 => Ok(Self::Double),
            3 => Ok(Self::Long),
            kind => Err(WireError::Kind { what: "button press", kind }),
        }
    }
}

/// How a badge stands: a set of bits, unknown ones kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flags(pub u8);

impl Flags {
    /// Nothing is captured, by the wearer's wish.
    pub const MUTED: Self = Self(1);
    /// Sound is captured.
    pub const CAPTURING: Self = Self(1 << 1);
    /// Live audio is sent.
    pub const STREAMING: Self = Self(1 << 2);
    /// The recording light is on.
    pub const LIGHT: Self = Self(1 << 3);
    /// It is being charged.
    pub const CHARGING: Self = Self(1 << 4);
    /// The store is over 90 percent full.
    pub const NEARLY_FULL: Self = Self(1 << 5);

    /// From the data of an answer to `STREAM` or `MUTE`.
    ///
    /// # Errors
    /// Too short.
    pub fn parse(data: &[u8]) -> Result<Self, WireError> {
        Ok(Self(Reader::new("flags", data).u8()?))
    }

    /// The data of an answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        vec![self.0]
    }

    /// Both sets.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Nothing is captured, by the wearer's wish.
    #[must_use]
    pub const fn muted(self) -> bool {
        self.has(Self::MUTED)
    }

    /// Sound is captured.
    #[must_use]
    pub const fn capturing(self) -> bool {
        self.has(Self::CAPTURING)
    }

    /// Live audio is sent.
    #[must_use]
    pub const fn streaming(self) -> bool {
        self.has(Self::STREAMING)
    }

    /// The recording light is on.
    #[must_use]
    pub const fn light(self) -> bool {
        self.has(Self::LIGHT)
    }

    /// It is being charged.
    #[must_use]
    pub const fn charging(self) -> bool {
        self.has(Self::CHARGING)
    }

    /// The store is over 90 percent full.
    #[must_use]
    pub const fn nearly_full(self) -> bool {
        self.has(Self::NEARLY_FULL)
    }

    const fn has(self, bit: Self) -> bool {
        self.0 & bit.0 != 0
    }
}
