//! The dialect of Omi devices: wire formats for both sides, and the session that speaks them.
//! What is spoken, from which firmware, and what is not: `docs/badge-omi.md`.

mod button;
mod cursor;
mod device;
mod drain;
mod error;
mod features;
mod flow;
mod identity;
mod live;
mod numbering;
mod record;
mod session;
mod storage;
#[cfg(test)]
mod tests;
pub mod uuids;

pub use button::Button;
pub use device::{
    battery_percent, charging, clean_text, diagnostics, encode_diagnostics, encode_time,
    firmware_version, parse_time,
};
pub use drain::StorageTrouble;
pub use error::OmiError;
pub use features::Features;
pub use live::{
    Arrival, LIVE_HEADER, LiveAssembler, LiveFrame, LivePacket, MAX_FRAME, codec, codec_id,
    fragment,
};
pub use record::{Frames, RECORD_AUDIO, RECORD_BYTES, Record, RecordPacker};
pub(crate) use session::{OmiMemory, OmiSession};
pub use storage::{
    Caps, Command, Custody, MAX_COMMAND, Notice, RingInfo, StorageStatus, StorageStatusCode,
};
