//! The Confee badge protocol, version 1 (`docs/badge-protocol.md`): what stands in each value, for
//! the phone's side and the badge's. Numbers are little-endian. Every byte may be hostile: parsing
//! gives a value or a [`WireError`], and nothing is allocated by a length that stands in the input.

mod answer;
mod assembly;
mod capability;
mod control;
mod drain;
mod event;
mod frame;
mod read;
mod requests;
mod session;
mod storage;
mod stored;
mod uuids;

use confee_domain::CodecError;

use crate::wire::Short;

pub use answer::{
    Advanced, Cleared, ClockData, DiagnosticsData, HelloData, ReadGranted, Released, RingIdData,
    RingRangeData,
};
pub use assembly::{Assembled, Assembler};
pub use capability::{Capability, Features};
pub use control::{Request, Status};
pub use event::{Event, Flags, Message, Press};
pub use frame::{Fragment, FrameOut, FrameStart, fragment};
pub(crate) use session::ConfeeSession;
pub use storage::{Records, StoragePacket, StoredRecord, records, stream_id};
pub use uuids::{AUDIO, CAPABILITY, CONTROL, EVENT, SERVICE, STORAGE};

/// Major version that is spoken.
pub const MAJOR: u8 = 1;
/// Minor version that is spoken.
pub const MINOR: u8 = 0;
/// Largest coded frame in bytes: 20 ms of PCM with two channels.
pub const MAX_FRAME: usize = 1280;
/// Highest sequence of a session; a badge begins a new session before it goes further.
pub const MAX_SEQ: u32 = 0xFFFF_FFFD;
/// Most records that one read may ask for.
pub const MAX_READ: u16 = 64;

/// Why a value does not follow the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The value ends before a field that it must have.
    #[error(
        "the badge's {what} is cut short ({got} bytes, at least {needed} needed): update the badge"
    )]
    TooShort {
        /// Which value.
        what: &'static str,
        /// Bytes up to the end of the missing field.
        needed: usize,
        /// Bytes there are.
        got: usize,
    },
    /// The capability does not begin with `CB`.
    #[error("this is not a Confee badge: choose another one")]
    Magic,
    /// Another major version.
    #[error("the badge speaks version {major} of the badge protocol: update this app or the badge")]
    Version {
        /// The badge's.
        major: u8,
    },
    /// None of the badge's codecs is known.
    #[error("the badge offers no form of audio that this app can decode: update this app")]
    NoCodec,
    /// A codec that is reserved or unknown.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A coded frame that the protocol cannot carry at this MTU.
    #[error("a frame of {length} bytes does not fit at an MTU of {mtu}: use a smaller frame")]
    FragmentLimit {
        /// Bytes of the coded frame.
        length: usize,
        /// ATT MTU.
        mtu: u16,
    },
    /// Fragments of one frame contradict each other; the frame was dropped.
    #[error("parts of one frame disagree about its {what}: update the badge")]
    FragmentConflict {
        /// In what.
        what: &'static str,
    },
    /// A length that is wrong.
    #[error("the badge's {what} has {got} bytes instead of {stated}: update the badge")]
    Length {
        /// Of what.
        what: &'static str,
        /// As stated or allowed.
        stated: usize,
        /// As found.
        got: usize,
    },
    /// A field outside its range.
    #[error("the badge's {what} is out of range ({value}): update the badge")]
    Value {
        /// Which field.
        what: &'static str,
        /// What stands there.
        value: u32,
    },
    /// A request, message, packet or event that is not known.
    #[error("unknown {what} {kind:#04x} from the badge: update this app")]
    Kind {
        /// What it is one of.
        what: &'static str,
        /// Its number.
        kind: u8,
    },
}

impl From<Short> for WireError {
    fn from(short: Short) -> Self {
        Self::TooShort { what: short.what, needed: short.needed, got: short.got }
    }
}

fn boolean(what: &'static str, value: u8) -> Result<bool, WireError> {
    match value {
        0 | 1 => Ok(value == 1),
        _ => Err(WireError::Value { what, value: value.into() }),
    }
}

fn named_frame(session: u32, seq: u32) -> Result<(), WireError> {
    if session == 0 {
        return Err(WireError::Value { what: "session", value: session });
    }
    if seq > MAX_SEQ {
        return Err(WireError::Value { what: "sequence", value: seq });
    }
    Ok(())
}

fn codec_id(codec: Result<confee_domain::Codec, CodecError>) -> u8 {
    match codec {
        Ok(codec) => codec.id(),
        Err(CodecError::Reserved { id } | CodecError::Unknown { id }) => id,
    }
}
