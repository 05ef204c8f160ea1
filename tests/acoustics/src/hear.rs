//! Recognisers under test.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use confee_companion::recognition::EngineKind;
use confee_companion::speech::{Hearing, SpeechConfig, SpeechEngines};
use confee_domain::LossMap;

use crate::RATE;

/// A frame of the radio.
const FRAME_MS: u64 = 20;
const FRAME: usize = RATE / 1000 * FRAME_MS as usize;

/// Turns sound into text.
pub trait Hear {
    /// The text of a whole talk; empty where nothing was understood. Times of `loss` count from the
    /// first sample.
    ///
    /// # Errors
    /// The recogniser's own.
    fn hear(&mut self, pcm: &[f32], loss: &LossMap) -> Result<String>;

    /// Names that may occur in the talks to come, for recognisers that take a hint.
    fn names(&mut self, _names: &[String]) {}

    /// What tells this recogniser from others, model and settings included: results are kept
    /// under it.
    fn id(&self) -> String;
}

/// whisper.cpp's command-line program, greedy, without context between its windows.
pub struct WhisperCli {
    program: PathBuf,
    model: PathBuf,
    threads: usize,
}

impl WhisperCli {
    /// A program and a model file in ggml form.
    ///
    /// # Errors
    /// One of the files is not there.
    pub fn new(program: &Path, model: &Path, threads: usize) -> Result<Self> {
        for file in [program, model] {
            ensure!(file.is_file(), "{} is no file; check the path", file.display());
        }
        Ok(Self { program: program.into(), model: model.into(), threads })
    }
}

/// The app's own way: voice activity, utterances, Whisper, filters.
pub struct Chain {
    engines: SpeechEngines,
    id: String,
    hinted: bool,
}

impl Chain {
    /// A model file and an engine; `hinted` lets it know names.
    ///
    /// # Errors
    /// The file is not there.
    pub fn new(model: &Path, engine: EngineKind, threads: usize, hinted: bool) -> Result<Self> {
        ensure!(model.is_file(), "{} is no file; check the path", model.display());
        let size = model.metadata().map_or(0, |m| m.len());
        let id = format!("chain {engine:?} {size} {hinted}");
        let config = SpeechConfig {
            model: Some(model.display().to_string()),
            engine: Some(engine),
            threads: Some(threads),
            ..SpeechConfig::default()
        };
        Ok(Self { engines: SpeechEngines::new(config), id, hinted })
    }
}

impl Hear for Chain {
    fn hear(&mut self, pcm: &[f32], loss: &LossMap) -> Result<String> {
        let engine = self.engines.engine()?.context("there is no engine")?;
        let mut hearing = Hearing::new(engine, 1, None, self.engines.transcriber())?;
        for (n, frame) in pcm.chunks(FRAME).enumerate() {
            let (from, to) = (n as u64 * FRAME_MS, (n as u64 + 1) * FRAME_MS);
            let lost = loss.spans().iter().find(|s| s.start_ms < to && s.end_ms > from);
            hearing.push(&[frame.to_vec()], lost.map(|s| s.cause))?;
        }
        let segments = hearing.finish()?.segments;
        Ok(segments.into_iter().map(|s| s.text).collect::<Vec<_>>().join(" "))
    }

    fn names(&mut self, names: &[String]) {
        if self.hinted {
            self.engines.configure(|config| config.names.accounts = names.to_vec());
        }
    }

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Hear for WhisperCli {
    fn hear(&mut self, pcm: &[f32], _loss: &LossMap) -> Result<String> {
        let file = tempfile::Builder::new().suffix(".wav").tempfile()?;
        write_wav(file.path(), &[pcm])?;
        let output = Command::new(&self.program)
            .args(["-l", "en", "-np", "-bs", "1", "-bo", "1", "-mc", "0", "-t"])
            .arg(self.threads.to_string())
            .arg("-m")
            .arg(&self.model)
            .arg("-f")
            .arg(file.path())
            .output()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        ensure!(output.status.success(), "{} failed: {}", self.program.display(), output.status);
        Ok(spoken(&String::from_utf8_lossy(&output.stdout)))
    }

    fn id(&self) -> String {
        let size = self.model.metadata().map_or(0, |m| m.len());
        let name = self.model.file_name().unwrap_or_default().to_string_lossy();
        format!("whisper.cpp greedy {name} {size}")
    }
}

/// The words without times and notes such as "[BLANK_AUDIO]" or "(music)".
fn spoken(text: &str) -> String {
    let mut depth = 0_u32;
    let kept: String = text
        .chars()
        .filter(|c| {
            match c {
                '[' | '(' => depth += 1,
                ']' | ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect();
    kept.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// Writes 16 bit PCM of one or more channels of equal length.
///
/// # Errors
/// The file cannot be written.
pub fn write_wav(path: &Path, channels: &[&[f32]]) -> Result<()> {
    let spec = hound::WavSpec {
        channels: u16::try_from(channels.len())?,
        sample_rate: u32::try_from(RATE)?,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = hound::WavWriter::create(path, spec)
        .with_context(|| format!("cannot write {}", path.display()))?;
    for at in 0..channels.first().map_or(0, |c| c.len()) {
        for channel in channels {
            let sample = channel.get(at).copied().unwrap_or_default();
            file.write_sample((sample * 32_767.0).round().clamp(-32_768.0, 32_767.0) as i16)?;
        }
    }
    Ok(file.finalize()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_no_words() {
        assert_eq!(spoken(" Hello [BLANK_AUDIO]\n there (music [x]) you. \n"), "Hello there you.");
        assert_eq!(spoken(""), "");
        assert_eq!(spoken("a ) b ( c"), "a b");
    }
}
