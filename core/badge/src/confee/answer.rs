use confee_domain::{Codec, CodecError};

use super::{Flags, WireError, codec_id};
use crate::event::Diagnostics;
use crate::wire::{Reader, Writer};

/// Answer to `HELLO`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HelloData {
    /// The session being captured; 0 where there is none.
    pub session: u32,
    /// Its codec; unset without a session. A codec that is not known is no end yet: `STREAM` may
    /// choose another.
    pub codec: Option<Result<Codec, CodecError>>,
    /// Sequence of the next frame.
    pub next_seq: u32,
    /// The badge's time, in milliseconds since the session began.
    pub badge_ms: u32,
    /// How it stands.
    pub flags: Flags,
}

impl HelloData {
    /// From the data of an answer.
    ///
    /// # Errors
    /// Too short.
    pub fn parse(data: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("answer to HELLO", data);
        let (session, codec) = (reader.u32()?, reader.u8()?);
        let codec = (session != 0).then(|| Codec::from_id(codec));
        let (next_seq, badge_ms) = (reader.u32()?, reader.u32()?);
        Ok(Self { session, codec, next_seq, badge_ms, flags: Flags(reader.u8()?) })
    }

    /// The data of an answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let codec = self.codec.map_or(0xFF, codec_id);
        data(|w| {
            w.u32(self.session).u8(codec).u32(self.next_seq).u32(self.badge_ms).u8(self.flags.0);
        })
    }
}

/// Answer to `CLOCK`: when, on the badge's clock, the phone's time came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockData {
    /// Whose time; 0 where nothing is captured.
    pub session: u32,
    /// Milliseconds since the session began.
    pub badge_ms: u32,
}

impl ClockData {
    /// From the data of an answer.
    ///
    /// # Errors
    /// Too short.
    pub fn parse(data: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("answer to CLOCK", data);
        Ok(Self { session: reader.u32()?, badge_ms: reader.u32()? })
    }

    /// The data of an answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        data(|w| {
            w.u32(self.session).u32(self.badge_ms);
        })
    }
}

/// Answer to `RING_ID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RingIdData {
    /// Random id of this life of the store.
    pub ring: u64,
    /// Records overwritten before anyone had them.
    pub overwritten: u64,
}

impl RingIdData {
    /// From the data of an answer.
    ///
    /// # Errors
    /// Too short.
    pub fn parse(data: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("answer to RING_ID", data);
        Ok(Self { ring: reader.u64()?, overwritten: reader.u64()? })
    }

    /// The data of an answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        data(|w| {
            w.u64(self.ring).u64(self.overwritten);
        })
    }
}

/// Answer to `RING_RANGE`: what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RingRangeData {
    /// Position of the oldest record.
    pub oldest: u64,
    /// Position of the next one to be stored; not below `oldest`.
    pub next: u64,
}

impl RingRangeData {
    /// From the data of an answer.
    ///
    /// # Errors
    /// Too short; an end before the start.
    pub fn parse(data: &[u8]) -> Result<Self, WireError> {
        Self::read(&mut Reader::new("answer to RING_RANGE", data))
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, WireError> {
        let (oldest, next) = (reader.u64()?, reader.u64()?);
        if next < oldest {
            return Err(WireError::Value { what: "stored range", value: next as u32 });
        }
        Ok(Self { oldest, next })
    }

    /// The data of an answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        data(|w| {
            w.u64(self.oldest).u64(self.next);
        })
    }
}

/// Answer to `RING_READ`: what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadGranted {
    /// Records, at most as many as asked for.
    pub records: u16,
    /// Their bytes; as the badge says, nothing to allocate by.
    pub bytes: u32,
}

impl ReadGranted {
    /// From the data of an answer.
    ///
    /// # Errors
    /// Too short.
    pub fn parse(data: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("answer to RING_READ", data);
        Ok(Self { records: reader.u16()?, bytes: reader.u32()? })
    }

    /// The data of an answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        data(|w| {
            w.u16(self.records).u32(self.bytes);
        })
    }
}

/// Answer to `RING_ADVANCE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advanced {
    /// Position of the oldest record now.
    pub oldest: u64,
}

impl Advanced {
    /// From the data of an answer.
    ///
    /// # Errors
    /// Too short.
    pub fn parse(data: &[u8]) -> Result<Self, WireError> {
        Ok(Self { oldest: Reader::new("answer to RING_ADVANCE", data).u64()? })
    }

    /// The data of an answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        data(|w| {
            w.u64(self.oldest);
        })
    }
}

/// Answer to `RING_RELEASE`: the oldest record now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Released {
    /// Its position.
    pub oldest: u64,
    /// Its session; 0 where nothing is stored.
    pub session: u32,
    /// Its sequence.
    pub seq: u32,
    /// Its kind: 1 frame, 2 mark, 3 clock; 0 where nothing is stored.
    pub kind: u8,
}

impl Released {
    /// From the data of an answer.
    ///
    /// # Errors
    /// Too short.
    pub fn parse(data: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("answer to RING_RELEASE", data);
        let (oldest, session, seq) = (reader.u64()?, reader.u32()?, reader.u32()?);
        Ok(Self { oldest, session, seq, kind: reader.u8()? })
    }

    /// The data of an answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        data(|w| {
            w.u64(self.oldest).u32(self.session).u32(self.seq).u8(self.kind);
        })
    }
}

/// Answer to `RING_CLEAR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cleared {
    /// Id of the new, empty store.
    pub ring: u64,
}

impl Cleared {
    /// From the data of an answer.
    ///
    /// # Errors
    /// Too short.
    pub fn parse(data: &[u8]) -> Result<Self, WireError> {
        Ok(Self { ring: Reader::new("answer to RING_CLEAR", data).u64()? })
    }

    /// The data of an answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        data(|w| {
            w.u64(self.ring);
        })
    }
}

/// Answer to `DIAGNOSTICS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiagnosticsData(pub Diagnostics);

impl DiagnosticsData {
    /// From the data of an answer.
    ///
    /// # Errors
    /// Too short.
    pub fn parse(data: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new("answer to DIAGNOSTICS", data);
        Ok(Self(Diagnostics {
            reset_cause: reader.u8()?.into(),
            uptime_s: reader.u32()?,
            mic_overruns: reader.u32()?,
            tx_drops: reader.u32()?,
            storage_errors: reader.u32()?,
        }))
    }

    /// The data of an answer; a reset cause above 255 becomes 255.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let d = &self.0;
        let cause = u8::try_from(d.reset_cause).unwrap_or(u8::MAX);
        data(|w| {
            w.u8(cause).u32(d.uptime_s).u32(d.mic_overruns).u32(d.tx_drops).u32(d.storage_errors);
        })
    }
}

fn data(write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut data = Vec::with_capacity(17);
    write(&mut Writer(&mut data));
    data
}
