use std::path::Path;

use confee_audio::decode::{Decoder, Pcm};
use confee_domain::{Codec, Coding, Speaker};

use super::Error;

/// A talk and who says what when, in samples of 16 kHz.
pub(crate) struct Talk {
    pub(crate) name: String,
    pub(crate) channels: Vec<Vec<f32>>,
    pub(crate) turns: Vec<Said>,
}

pub(crate) struct Said {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) speaker: Speaker,
    /// Start and end of each word.
    pub(crate) words: Vec<(usize, usize)>,
}

impl Talk {
    pub(crate) fn load(path: &Path) -> Result<Self, Error> {
        let opus = path.extension().is_some_and(|e| e == "opus");
        let channels = if opus { decode(path)? } else { read(path)? };
        let json = std::fs::read_to_string(path.with_extension("json"))?;
        let json: serde_json::Value = serde_json::from_str(&json)?;
        let segments = json["segments"].as_array().ok_or("the JSON has no segments")?;
        let turns = segments.iter().map(said).collect::<Option<_>>();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, channels, turns: turns.ok_or("a segment has no times or speaker")? })
    }
}

fn said(segment: &serde_json::Value) -> Option<Said> {
    let at = |key: &str| segment[key].as_u64().map(|ms| ms as usize * 16);
    let speaker = match segment["speaker"].as_str()? {
        "rep" => Speaker::Rep,
        _ => Speaker::Prospect,
    };
    let (start, end) = (at("start_ms")?, at("end_ms")?);
    let words = match segment["words"].as_array() {
        Some(words) => words.iter().map(time).collect::<Option<_>>()?,
        None => dealt(segment["text"].as_str().unwrap_or("?"), start, end),
    };
    Some(Said { start, end, speaker, words })
}

fn time(word: &serde_json::Value) -> Option<(usize, usize)> {
    let at = |key: &str| word[key].as_u64().map(|ms| ms as usize * 16);
    Some((at("start_ms")?, at("end_ms")?))
}

/// A turn's time dealt out to its words by their letters.
fn dealt(text: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    let letters: usize = text.split_whitespace().map(|word| word.chars().count() + 1).sum();
    let place = |n: usize| start + (end - start) * n / letters.max(1);
    let mut at = 0;
    let word = |word: &str| {
        let from = at;
        at += word.chars().count() + 1;
        (place(from), place(at))
    };
    text.split_whitespace().map(word).collect()
}

fn read(path: &Path) -> Result<Vec<Vec<f32>>, Error> {
    let mut reader = hound::WavReader::open(path)?;
    let spec = reader.spec();
    if spec.sample_rate != 16_000 {
        return Err(format!("{} is not of 16 kHz", path.display()).into());
    }
    let samples: Vec<f32> = match spec.sample_format {
        hound::SampleFormat::Float => reader.samples::<f32>().collect::<Result<_, _>>()?,
        hound::SampleFormat::Int => {
            let full = (1_i64 << (spec.bits_per_sample - 1)) as f32;
            reader.samples::<i32>().map(|s| Ok(s? as f32 / full)).collect::<Result<_, Error>>()?
        }
    };
    let channels = usize::from(spec.channels);
    Ok((0..channels).map(|c| samples.iter().skip(c).step_by(channels).copied().collect()).collect())
}

/// Ogg Opus of 20 ms packets (RFC 7845).
fn decode(path: &Path) -> Result<Vec<Vec<f32>>, Error> {
    let mut packets = ogg::PacketReader::new(std::fs::File::open(path)?);
    let head = packets.read_packet_expected()?.data;
    let channels = *head.get(9).ok_or("the Opus head is too short")?;
    let skip = head.get(10..12).map_or(0, |b| usize::from(u16::from_le_bytes([b[0], b[1]])) / 3);
    packets.read_packet_expected()?;
    let codec = Codec { coding: Coding::Opus, channels, frame_ms: 20 };
    let (mut decoder, mut pcm) = (Decoder::new(codec)?, Pcm::new());
    let mut sound = Vec::new();
    while let Some(packet) = packets.read_packet()? {
        decoder.decode(&packet.data, &mut pcm)?;
        sound.extend_from_slice(pcm.first());
    }
    Ok(vec![sound.split_off(skip.min(sound.len()))])
}
