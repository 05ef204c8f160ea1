//! From recordings and sound files to transcripts, on this device.

mod advise;
mod engines;
mod files;
mod hearing;
mod on_device;
mod shelf;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use engines::{SpeechConfig, SpeechEngines};
pub use files::transcribe_file;
pub use hearing::{HeardTalk, Hearing};
pub(crate) use on_device::OnDevice;
pub use shelf::{PullOptions, Shelf};

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
