use std::io::Read;

use hound::{SampleFormat, WavReader};

use super::{FileError, FileFacts, Mix, facts};

/// Samples of all channels that are taken at a time.
const BLOCK: usize = 1 << 16;

pub(super) fn read(
    source: impl Read,
    sink: &mut dyn FnMut(&[Vec<f32>]),
) -> Result<FileFacts, FileError> {
    let mut reader = WavReader::new(source).map_err(refused)?;
    let spec = reader.spec();
    let mut mix = Mix::new(spec.sample_rate, spec.channels)?;
    let whole = match spec.sample_format {
        SampleFormat::Float => pump(reader.samples::<f32>(), &mut mix, sink),
        SampleFormat::Int => {
            let scale = 1.0 / (1_u64 << (spec.bits_per_sample.clamp(1, 32) - 1)) as f32;
            pump(reader.samples::<i32>().map(|s| s.map(|v| v as f32 * scale)), &mut mix, sink)
        }
    };
    mix.finish(sink);
    match whole {
        Err(error) if mix.given == 0 => Err(error),
        _ => Ok(facts(spec.sample_rate, spec.channels, mix.given)),
    }
}

fn pump(
    samples: impl Iterator<Item = hound::Result<f32>>,
    mix: &mut Mix,
    sink: &mut dyn FnMut(&[Vec<f32>]),
) -> Result<(), FileError> {
    let block = BLOCK / mix.channels() * mix.channels();
    let mut waiting = Vec::with_capacity(block);
    let mut end = Ok(());
    for sample in samples {
        match sample {
            Ok(sample) => waiting.push(sample),
            Err(error) => {
                end = Err(refused(error));
                break;
            }
        }
        if waiting.len() == block {
            mix.push(&waiting, sink);
            waiting.clear();
        }
    }
    mix.push(&waiting, sink);
    end
}

fn refused(error: hound::Error) -> FileError {
    match error {
        hound::Error::IoError(error) => error.into(),
        hound::Error::Unsupported | hound::Error::TooWide => FileError::Form("compressed or odd"),
        _ => FileError::Damaged,
    }
}
