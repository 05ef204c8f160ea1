use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use confee_audio::file::{FileError, read};
use confee_speech::stream::TranscriberConfig;
use confee_speech::{Engine, SpeechError};

use super::hearing::{HeardTalk, Hearing};
use crate::error::{CompanionError, Result};

/// What a sound file says: WAV or Ogg/Opus of any rate and number of channels. Several channels
/// are taken as one, their mean. Blocks for about a tenth of the file's length.
///
/// # Errors
/// Not such a file, or the recogniser failed.
pub fn transcribe_file(
    path: &Path,
    engine: Box<dyn Engine>,
    config: TranscriberConfig,
) -> Result<HeardTalk> {
    let file = File::open(path).map_err(|e| CompanionError::from(FileError::Io(e.kind())))?;
    let mut hearing = Hearing::new(engine, 1, None, config)?;
    let mut end: Result<(), SpeechError> = Ok(());
    let mut mean = Vec::new();
    read(BufReader::new(file), &mut |channels| {
        if end.is_ok() {
            mean.clear();
            mean.push(mean_of(channels));
            end = hearing.push(&mean, None);
        }
    })?;
    end?;
    Ok(hearing.finish()?)
}

fn mean_of(channels: &[Vec<f32>]) -> Vec<f32> {
    match channels {
        [left, right] => left.iter().zip(right).map(|(l, r)| 0.5 * (l + r)).collect(),
        [only, ..] => only.clone(),
        [] => Vec::new(),
    }
}

impl From<FileError> for CompanionError {
    fn from(error: FileError) -> Self {
        Self::InvalidInput(error.to_string())
    }
}

impl From<SpeechError> for CompanionError {
    fn from(error: SpeechError) -> Self {
        Self::Speech(error.to_string())
    }
}
