use super::OmiError;
use super::cursor::{be_u16, be_u32, be_u64, le_u32};

const INFO: u8 = 0x10;
const READ: u8 = 0x11;
const ADVANCE: u8 = 0x12;
const CLEAR: u8 = 0x13;
const STOP: u8 = 0x03;
const CUSTODY_ENABLE: u8 = 0x14;
const ADVANCE_ID: u8 = 0x15;

const ACK: u8 = 0x01;
const NOTE_INFO: u8 = 0x02;
const DATA: u8 = 0x03;
const DONE: u8 = 0x04;
const READ_BEGIN: u8 = 0x05;
const LIVE_MARK: u8 = 0x06;

/// Longest [`Command`].
pub const MAX_COMMAND: usize = 17;

/// The value of [`super::uuids::STORAGE_STATUS`] on a ring (generation 3): four `u32`, the only
/// little-endian numbers of the storage service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StorageStatus {
    /// Bytes that are not freed.
    pub used_bytes: u32,
    /// Records that are not freed.
    pub unread_records: u32,
    /// Bytes that are free.
    pub free_bytes: u32,
    /// Whether the clock is set.
    pub clock_valid: bool,
}

impl StorageStatus {
    /// Reads 16 bytes. Generations 1 and 2 have other lengths (8 bytes).
    ///
    /// # Errors
    /// Any other length.
    pub fn parse(bytes: &[u8]) -> Result<Self, OmiError> {
        let length = OmiError::Length { what: "a storage status", got: bytes.len() };
        let at = |offset| le_u32(bytes, offset).filter(|_| bytes.len() == 16).ok_or(length);
        Ok(Self {
            used_bytes: at(0)?,
            unread_records: at(4)?,
            free_bytes: at(8)?,
            clock_valid: at(12)? != 0,
        })
    }

    /// The value.
    #[must_use]
    pub fn encode(&self) -> [u8; 16] {
        let fields =
            [self.used_bytes, self.unread_records, self.free_bytes, u32::from(self.clock_valid)];
        let mut out = [0; 16];
        for (place, field) in out.chunks_exact_mut(4).zip(fields) {
            place.copy_from_slice(&field.to_le_bytes());
        }
        out
    }
}

/// What the phone writes to [`super::uuids::STORAGE_DATA`]; numbers are big-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// How the ring stands. Answer: [`Notice::Info`], or an acknowledgement with an error.
    Info,
    /// Send records. Answer: [`Notice::ReadBegin`], data, [`Notice::Done`]; or an
    /// acknowledgement with an error.
    Read {
        /// First record.
        start: u64,
        /// How many; unset: all there are.
        count: Option<u32>,
    },
    /// Free all records below a position. Answer: acknowledgement.
    Advance {
        /// First position that is kept.
        to: u64,
    },
    /// Free everything. Never sent by this phone. Answer: acknowledgement.
    Clear,
    /// End a read. Answer: acknowledgement.
    Stop,
    /// Custody extension: store live audio too, for this connection. Answer: acknowledgement with
    /// what was granted.
    CustodyEnable {
        /// Contract version: 1.
        version: u8,
        /// What is asked for.
        caps: Caps,
    },
    /// Custody extension: [`Command::Advance`] for one incarnation of the store only.
    AdvanceId {
        /// The store.
        ring: u64,
        /// First position that is kept.
        to: u64,
    },
}

impl Command {
    /// The bytes, at most [`MAX_COMMAND`]: fits every MTU.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(MAX_COMMAND);
        match *self {
            Self::Info => out.push(INFO),
            Self::Read { start, count } => {
                out.push(READ);
                out.extend(start.to_be_bytes());
                out.extend(count.into_iter().flat_map(u32::to_be_bytes));
            }
            Self::Advance { to } => {
                out.push(ADVANCE);
                out.extend(to.to_be_bytes());
            }
            Self::Clear => out.push(CLEAR),
            Self::Stop => out.push(STOP),
            Self::CustodyEnable { version, caps } => {
                out.extend([CUSTODY_ENABLE, version, caps.0]);
            }
            Self::AdvanceId { ring, to } => {
                out.push(ADVANCE_ID);
                out.extend(ring.to_be_bytes());
                out.extend(to.to_be_bytes());
            }
        }
        out
    }

    /// Reads a command, as a device does.
    ///
    /// # Errors
    /// Unknown commands and wrong lengths; a device answers both with
    /// [`StorageStatusCode::InvalidCommand`].
    pub fn parse(bytes: &[u8]) -> Result<Self, OmiError> {
        let length = OmiError::Length { what: "a storage command", got: bytes.len() };
        let kind = *bytes.first().ok_or(length)?;
        let u64_at = |at| be_u64(bytes, at).ok_or(length);
        let count = be_u32(bytes, 9);
        match (kind, bytes.len()) {
            (INFO, _) => Ok(Self::Info),
            (READ, 9) => Ok(Self::Read { start: u64_at(1)?, count: None }),
            // A device takes a count of 0 as "all there are".
            (READ, 13) => Ok(Self::Read { start: u64_at(1)?, count: count.filter(|c| *c > 0) }),
            (ADVANCE, 9) => Ok(Self::Advance { to: u64_at(1)? }),
            (CLEAR, _) => Ok(Self::Clear),
            (STOP, _) => Ok(Self::Stop),
            (CUSTODY_ENABLE, 3) => {
                let byte = |at: usize| bytes.get(at).copied().ok_or(length);
                Ok(Self::CustodyEnable { version: byte(1)?, caps: Caps(byte(2)?) })
            }
            (ADVANCE_ID, 17) => Ok(Self::AdvanceId { ring: u64_at(1)?, to: u64_at(9)? }),
            (READ | ADVANCE | CUSTODY_ENABLE | ADVANCE_ID, _) => Err(length),
            _ => Err(OmiError::Kind { kind }),
        }
    }
}

/// Parts of the custody extension.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Caps(pub u8);

impl Caps {
    /// The device frees on the phone's word only.
    pub const APP_RECLAIM: u8 = 0x01;
    /// Live audio is stored too, and live marks are sent.
    pub const LIVE_PERSIST: u8 = 0x02;
    /// To free what is free already is a success.
    pub const IDEMPOTENT: u8 = 0x04;
    /// The store has an id, and [`Command::AdvanceId`] is known.
    pub const RING_ID: u8 = 0x08;
    /// All of version 1.
    pub const ALL: Self = Self(0x0F);

    /// Whether all of some bits are set.
    #[must_use]
    pub fn has(self, bits: u8) -> bool {
        self.0 & bits == bits
    }
}

/// What a device says of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageStatusCode {
    /// Done.
    Ok,
    /// The firmware does not know it.
    InvalidCommand,
    /// Try again later.
    NotReady,
    /// A position that the ring does not have.
    OutOfRange,
    /// Another incarnation of the store.
    RingIdMismatch,
    /// Anything else.
    Other(u8),
}

impl From<u8> for StorageStatusCode {
    fn from(code: u8) -> Self {
        match code {
            0 => Self::Ok,
            6 => Self::InvalidCommand,
            9 => Self::NotReady,
            10 => Self::OutOfRange,
            11 => Self::RingIdMismatch,
            other => Self::Other(other),
        }
    }
}

impl From<StorageStatusCode> for u8 {
    fn from(code: StorageStatusCode) -> Self {
        match code {
            StorageStatusCode::Ok => 0,
            StorageStatusCode::InvalidCommand => 6,
            StorageStatusCode::NotReady => 9,
            StorageStatusCode::OutOfRange => 10,
            StorageStatusCode::RingIdMismatch => 11,
            StorageStatusCode::Other(other) => other,
        }
    }
}

/// How a ring stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RingInfo {
    /// Oldest record that is not freed.
    pub read: u64,
    /// Position of the next record.
    pub write: u64,
    /// Records that fit.
    pub capacity: u32,
    /// Records that were overwritten unread.
    pub dropped: u64,
    /// Bytes of a record: 444.
    pub record_bytes: u16,
    /// Unset on firmware without the custody extension.
    pub custody: Option<Custody>,
}

/// The custody part of [`RingInfo`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Custody {
    /// What the firmware can.
    pub caps: Caps,
    /// Contract version.
    pub version: u8,
    /// Which incarnation of the store: random, new whenever positions begin anew.
    pub ring: u64,
}

/// What a device notifies on [`super::uuids::STORAGE_DATA`]; numbers are big-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice<'a> {
    /// The answer to the one open command; it does not say to which.
    Ack {
        /// What became of it.
        status: StorageStatusCode,
        /// What was granted, after [`Command::CustodyEnable`].
        granted: Option<Caps>,
    },
    /// How the ring stands.
    Info(RingInfo),
    /// Bytes of records, cut anywhere.
    Data(&'a [u8]),
    /// The end of a read.
    Done {
        /// How it ended.
        status: StorageStatusCode,
        /// First record that was not sent.
        next: u64,
        /// CRC-32 (IEEE) of all data bytes, where the firmware tells it.
        crc: Option<u32>,
    },
    /// The start of a read.
    ReadBegin {
        /// First record.
        start: u64,
        /// How many come.
        count: u32,
    },
    /// Custody extension: all records below `ring_seq` are stored, and `live_id` is the packet id
    /// of the first frame that is in none of them.
    LiveMark {
        /// Which store.
        ring: u64,
        /// First position that is not stored yet.
        ring_seq: u64,
        /// Live packet id.
        live_id: u16,
    },
}

impl<'a> Notice<'a> {
    /// Reads a notification. Lengths are exact (only INFO may grow), so that a file list of
    /// generation 2 is not taken for an answer.
    ///
    /// # Errors
    /// Unknown kinds and wrong lengths.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, OmiError> {
        let length = OmiError::Length { what: "a storage answer", got: bytes.len() };
        let (&kind, rest) = bytes.split_first().ok_or(length)?;
        let u64_at = |at| be_u64(rest, at).ok_or(length);
        let status = || rest.first().copied().map(StorageStatusCode::from).ok_or(length);
        match (kind, rest.len()) {
            (ACK, 1 | 2) => {
                Ok(Self::Ack { status: status()?, granted: rest.get(1).copied().map(Caps) })
            }
            (NOTE_INFO, 30 | 40..) => parse_info(rest).map(Self::Info).ok_or(length),
            (DATA, 1..) => Ok(Self::Data(rest)),
            (DONE, 9 | 13) => {
                Ok(Self::Done { status: status()?, next: u64_at(1)?, crc: be_u32(rest, 9) })
            }
            (READ_BEGIN, 12) => {
                let count = be_u32(rest, 8).ok_or(length)?;
                Ok(Self::ReadBegin { start: u64_at(0)?, count })
            }
            (LIVE_MARK, 18) => {
                let live_id = be_u16(rest, 16).ok_or(length)?;
                Ok(Self::LiveMark { ring: u64_at(0)?, ring_seq: u64_at(8)?, live_id })
            }
            (ACK..=LIVE_MARK, _) => Err(length),
            _ => Err(OmiError::Kind { kind }),
        }
    }

    /// Appends the notification.
    pub fn encode(&self, out: &mut Vec<u8>) {
        match *self {
            Self::Ack { status, granted } => {
                out.extend([ACK, status.into()]);
                out.extend(granted.map(|c| c.0));
            }
            Self::Info(info) => encode_info(&info, out),
            Self::Data(bytes) => {
                out.push(DATA);
                out.extend_from_slice(bytes);
            }
            Self::Done { status, next, crc } => {
                out.extend([DONE, status.into()]);
                out.extend(next.to_be_bytes());
                out.extend(crc.into_iter().flat_map(u32::to_be_bytes));
            }
            Self::ReadBegin { start, count } => {
                out.push(READ_BEGIN);
                out.extend(start.to_be_bytes());
                out.extend(count.to_be_bytes());
            }
            Self::LiveMark { ring, ring_seq, live_id } => {
                out.push(LIVE_MARK);
                out.extend(ring.to_be_bytes());
                out.extend(ring_seq.to_be_bytes());
                out.extend(live_id.to_be_bytes());
            }
        }
    }
}

fn parse_info(rest: &[u8]) -> Option<RingInfo> {
    let custody = match (rest.get(30), rest.get(31), be_u64(rest, 32)) {
        (Some(&caps), Some(&version), Some(ring)) => {
            Some(Custody { caps: Caps(caps), version, ring })
        }
        _ => None,
    };
    Some(RingInfo {
        read: be_u64(rest, 0)?,
        write: be_u64(rest, 8)?,
        capacity: be_u32(rest, 16)?,
        dropped: be_u64(rest, 20)?,
        record_bytes: be_u16(rest, 28)?,
        custody,
    })
}

fn encode_info(info: &RingInfo, out: &mut Vec<u8>) {
    out.push(NOTE_INFO);
    out.extend(info.read.to_be_bytes());
    out.extend(info.write.to_be_bytes());
    out.extend(info.capacity.to_be_bytes());
    out.extend(info.dropped.to_be_bytes());
    out.extend(info.record_bytes.to_be_bytes());
    if let Some(custody) = info.custody {
        out.extend([custody.caps.0, custody.version]);
        out.extend(custody.ring.to_be_bytes());
    }
}
