//! Shared by the tests: sounds, spoken clips and the real model, if it is there.
#![allow(dead_code, clippy::print_stderr)]

pub(crate) mod sound;

use std::io::Cursor;
use std::path::{Path, PathBuf};

use confee_models::ggml::WhisperFile;
use ropus::{Channels, DecodeMode, Decoder};

/// The model of `CONFEE_WHISPER_MODEL`. Without it the test is skipped, unless
/// `CONFEE_REQUIRE_MODELS=1` demands it.
pub(crate) fn model() -> Option<WhisperFile> {
    let path = std::env::var_os("CONFEE_WHISPER_MODEL").map(PathBuf::from);
    let required = std::env::var("CONFEE_REQUIRE_MODELS").is_ok_and(|value| value == "1");
    if path.is_none() {
        assert!(!required, "set CONFEE_WHISPER_MODEL to a ggml file of tiny.en");
        eprintln!("skipped: CONFEE_WHISPER_MODEL is not set");
    }
    path.map(|path| WhisperFile::open(&path).expect("the model's file"))
}

/// A clip of `tests/data`, spoken by a synthetic voice.
pub(crate) fn clip(name: &str) -> Vec<f32> {
    opus(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/{name}.opus")))
}

/// Mono Opus in Ogg at 16 kHz.
pub(crate) fn opus(path: &Path) -> Vec<f32> {
    let bytes = std::fs::read(path).expect("the clip");
    let mut packets = ogg::PacketReader::new(Cursor::new(bytes));
    let mut decoder = Decoder::new(16_000, Channels::Mono).expect("a decoder");
    let mut pcm = Vec::new();
    let mut frame = vec![0_i16; 16 * 120];
    let mut skip = 2;
    while let Some(packet) = packets.read_packet().expect("a packet") {
        if skip > 0 {
            skip -= 1;
            continue;
        }
        let count = decoder.decode(&packet.data, &mut frame, DecodeMode::Normal).expect("sound");
        pcm.extend(frame[..count].iter().map(|s| f32::from(*s) / 32_768.0));
    }
    pcm
}
