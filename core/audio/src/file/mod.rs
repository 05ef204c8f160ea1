//! Sound files: WAV and Ogg/Opus of any rate and number of channels, as 16 kHz, a second at a time.

mod mix;
mod opus;
mod wav;

use std::io::{Read, Seek, SeekFrom};

use confee_domain::Codec;

use crate::decode::ResampleError;
use mix::Mix;
pub use opus::opus_packets;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileFacts {
    /// Samples a second in the file.
    pub rate_hz: u32,
    /// Channels in the file.
    pub channels: u16,
    /// Length in milliseconds.
    pub duration_ms: u64,
}

/// Why a sound file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Neither WAV nor Ogg/Opus.
    #[error("this is neither a WAV nor an Ogg/Opus file; convert it to one of them")]
    Kind,
    /// The file cannot be read.
    #[error("the sound file cannot be read ({0}); check that it is there and readable")]
    Io(std::io::ErrorKind),
    /// A form of samples that cannot be decoded.
    #[error("the sound file's form ({0}) cannot be decoded; convert it to 16 bit WAV")]
    Form(&'static str),
    /// The file does not hold what its header says.
    #[error("the sound file is damaged; record or convert it again")]
    Damaged,
    /// No microphone has such a rate.
    #[error(transparent)]
    Rate(#[from] ResampleError),
}

impl From<std::io::Error> for FileError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidData => Self::Damaged,
            kind => Self::Io(kind),
        }
    }
}

/// Reads a file from its start and gives it piece by piece: one channel as it is, two as two, more
/// as their mean. A piece has at most some seconds, memory does not grow with the file. What a file
/// that was cut short still holds is given.
///
/// # Errors
/// Not such a file, a form that cannot be decoded, or damage before any sound.
pub fn read(
    mut source: impl Read + Seek,
    sink: &mut dyn FnMut(&[Vec<f32>]),
) -> Result<FileFacts, FileError> {
    let mut head = [0; 4];
    let start = source.read(&mut head)?;
    source.seek(SeekFrom::Start(0))?;
    match head.get(..start) {
        Some(b"RIFF") => wav::read(source, sink),
        Some(b"OggS") => opus::read(source, sink),
        _ => Err(FileError::Kind),
    }
}

fn facts(rate_hz: u32, channels: u16, samples: u64) -> FileFacts {
    FileFacts { rate_hz, channels, duration_ms: samples * 1000 / u64::from(Codec::RATE_HZ) }
}
