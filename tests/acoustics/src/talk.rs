//! Spoken talks: an Ogg/Opus file (RFC 7845), and beside it the conversation with the times of its
//! turns and the lead that a person would have typed.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use confee_audio::decode::{DecodeError, Decoder, Pcm};
use confee_domain::{Codec, Speaker, Transcript};
use ogg::reading::{OggReadError, PacketReader};
use serde_json::Value;

use crate::RATE;

/// Fade at the ends of a turn, 5 ms.
const FADE: usize = RATE / 200;

/// Why a talk could not be read.
#[derive(Debug, thiserror::Error)]
pub enum TalkError {
    /// A file cannot be read.
    #[error("{path}: {source}; check that the file is there")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The JSON is no conversation.
    #[error("{path}: {source}; see tests/evaluation/conversations.md for the form")]
    Json {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// The sound is no Ogg stream.
    #[error("the sound is no Ogg file ({0}); make one with opusenc")]
    Ogg(#[from] OggReadError),
    /// The sound is not the Opus that badges send.
    #[error("the sound cannot be decoded ({0}); make it with opusenc --framesize 20, mono")]
    Opus(#[from] DecodeError),
    /// The header is missing.
    #[error("the Ogg file holds no Opus; make one with opusenc --framesize 20, mono")]
    NotOpus,
    /// There is nothing to measure with.
    #[error("no talks in {0}: it needs pairs NAME.opus and NAME.json")]
    Empty(PathBuf),
}

/// A spoken talk.
#[derive(Debug, Clone)]
pub struct Talk {
    /// The conversation's id.
    pub id: String,
    /// What was said, with turns true to the sound.
    pub transcript: Transcript,
    /// The lead a careful person would have typed; null where nobody did.
    pub gold: Value,
    /// The sound.
    pub pcm: Vec<f32>,
}

impl Talk {
    /// Reads NAME.opus and NAME.json; `path` is either of them.
    ///
    /// # Errors
    /// See [`TalkError`].
    pub fn load(path: &Path) -> Result<Self, TalkError> {
        let json = path.with_extension("json");
        let text = fs::read(&json).map_err(file_error(&json))?;
        let value: Value = serde_json::from_slice(&text).map_err(json_error(&json))?;
        let gold = value.get("gold").cloned().unwrap_or_default();
        let transcript: Transcript = serde_json::from_value(value).map_err(json_error(&json))?;
        let sound = path.with_extension("opus");
        let pcm = decode_ogg(&fs::read(&sound).map_err(file_error(&sound))?)?;
        Ok(Self { id: transcript.id().to_owned(), transcript, gold, pcm })
    }

    /// Names of firms that a list of accounts and rivals would have.
    #[must_use]
    pub fn firms(&self) -> Vec<String> {
        let rivals = self.gold["competitors"].as_array();
        let names = rivals.into_iter().flatten().map(|rival| &rival["name"]);
        let firms = names.chain([&self.gold["contact"]["company"]]);
        firms.filter_map(|name| name.as_str().map(str::to_owned)).collect()
    }

    /// Every talk of a folder, by name.
    ///
    /// # Errors
    /// See [`TalkError`]; an empty folder is one.
    pub fn load_all(folder: &Path) -> Result<Vec<Self>, TalkError> {
        let entries = fs::read_dir(folder).map_err(file_error(folder))?;
        let mut files: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|p| p.extension().is_some_and(|e| e == "opus"))
            .filter(|p| p.with_extension("json").exists())
            .collect();
        files.sort();
        if files.is_empty() {
            return Err(TalkError::Empty(folder.to_owned()));
        }
        files.iter().map(|f| Self::load(f)).collect()
    }

    /// One speaker's sound alone, as long as the talk: silence where the other speaks.
    #[must_use]
    pub fn stem(&self, speaker: Speaker) -> Vec<f32> {
        let mut stem = vec![0.0; self.pcm.len()];
        for (from, to) in self.turns(speaker) {
            let parts = stem[from..to].iter_mut().zip(&self.pcm[from..to]);
            for (at, (out, sample)) in parts.enumerate() {
                let edge = (at + 1).min(to - from - at).min(FADE) as f32 / FADE as f32;
                *out = sample * edge;
            }
        }
        stem
    }

    /// One speaker's turns end to end, for use as babble.
    #[must_use]
    pub fn voice(&self, speaker: Speaker) -> Vec<f32> {
        let stem = self.stem(speaker);
        self.turns(speaker).flat_map(|(from, to)| stem[from..to].to_vec()).collect()
    }

    /// Everything that was said, as one text.
    #[must_use]
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self.transcript.segments().iter().map(|s| s.text.trim()).collect();
        texts.join(" ")
    }

    fn turns(&self, speaker: Speaker) -> impl Iterator<Item = (usize, usize)> + '_ {
        let at = |ms: u64| usize::try_from(ms).unwrap_or(usize::MAX).saturating_mul(RATE / 1000);
        let length = self.pcm.len();
        let own = self.transcript.segments().iter().filter(move |s| s.speaker == Some(speaker));
        own.map(move |s| (at(s.start_ms).min(length), at(s.end_ms).min(length)))
    }
}

/// Decodes an Ogg/Opus file of 20 ms mono packets.
///
/// # Errors
/// See [`TalkError`].
pub fn decode_ogg(bytes: &[u8]) -> Result<Vec<f32>, TalkError> {
    let mut reader = PacketReader::new(Cursor::new(bytes));
    let head = reader.read_packet()?.ok_or(TalkError::NotOpus)?.data;
    let skip = match (head.get(..8), head.get(10..12)) {
        (Some(b"OpusHead"), Some(&[low, high])) => usize::from(u16::from_le_bytes([low, high])) / 3,
        _ => return Err(TalkError::NotOpus),
    };
    reader.read_packet()?.ok_or(TalkError::NotOpus)?;
    let mut decoder = Decoder::new(Codec::OPUS_MONO)?;
    let (mut frame, mut pcm, mut end) = (Pcm::new(), Vec::new(), u64::MAX);
    while let Some(packet) = reader.read_packet()? {
        decoder.decode(&packet.data, &mut frame)?;
        pcm.extend_from_slice(frame.first());
        if packet.last_in_stream() {
            end = packet.absgp_page() / 3;
        }
    }
    pcm.truncate(usize::try_from(end).unwrap_or(usize::MAX));
    pcm.drain(..skip.min(pcm.len()));
    Ok(pcm)
}

fn file_error(path: &Path) -> impl FnOnce(std::io::Error) -> TalkError + '_ {
    move |source| TalkError::File { path: path.to_owned(), source }
}

fn json_error(path: &Path) -> impl FnOnce(serde_json::Error) -> TalkError + '_ {
    move |source| TalkError::Json { path: path.to_owned(), source }
}
