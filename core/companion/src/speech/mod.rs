//! From recordings and sound files to transcripts, on this device.

mod advise;
mod engines;
mod files;
mod hearing;
mod on_device;
mod shelf;

pub use engines::{SpeechConfig, SpeechEngines};
pub use files::transcribe_file;
pub use hearing::{HeardTalk, Hearing};
pub(crate) use on_device::OnDevice;
pub use shelf::{PullOptions, Shelf};
