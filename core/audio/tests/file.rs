//! Sound files as people have them.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::io::Cursor;

use confee_audio::file::{FileError, FileFacts, read};
use hound::{SampleFormat, WavSpec, WavWriter};

fn wav(rate: u32, channels: u16, format: (u16, SampleFormat), seconds: f32) -> Vec<u8> {
    let (bits_per_sample, sample_format) = format;
    let mut bytes = Cursor::new(Vec::new());
    let spec = WavSpec { channels, sample_rate: rate, bits_per_sample, sample_format };
    let mut writer = WavWriter::new(&mut bytes, spec).unwrap();
    let full = f64::from(1_u32 << (bits_per_sample.min(32) - 2)) * 1.999;
    for n in 0..(rate as f32 * seconds) as u32 {
        let value = (f64::from(n) * 440.0 / f64::from(rate) * std::f64::consts::TAU).sin() * 0.5;
        for _ in 0..channels {
            match sample_format {
                SampleFormat::Float => writer.write_sample(value as f32).unwrap(),
                SampleFormat::Int => writer.write_sample((value * full) as i32).unwrap(),
            }
        }
    }
    writer.finalize().unwrap();
    bytes.into_inner()
}

fn hear(bytes: &[u8]) -> Result<(FileFacts, Vec<Vec<f32>>), FileError> {
    let mut whole: Vec<Vec<f32>> = Vec::new();
    let facts = read(Cursor::new(bytes), &mut |channels| {
        whole.resize(channels.len(), Vec::new());
        whole.iter_mut().zip(channels).for_each(|(all, new)| all.extend_from_slice(new));
    })?;
    Ok((facts, whole))
}

#[test]
fn every_form_of_wav_gives_the_same_tone() {
    let (int, float) = (SampleFormat::Int, SampleFormat::Float);
    let forms = [
        (16_000, 1, (16, int)),
        (8_000, 1, (16, int)),
        (44_100, 2, (24, int)),
        (48_000, 6, (32, int)),
        (22_050, 3, (32, float)),
        (96_000, 1, (8, int)),
    ];
    for (rate, channels, format) in forms {
        let (facts, sound) = hear(&wav(rate, channels, format, 1.5)).unwrap();
        assert_eq!((facts.rate_hz, facts.channels), (rate, channels));
        assert_eq!(sound.len(), if channels == 2 { 2 } else { 1 });
        for plane in &sound {
            assert!(plane.len().abs_diff(24_000) <= 1, "{rate}: {}", plane.len());
            let middle = &plane[4_000..20_000];
            let power = middle.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / 16_000.0;
            assert!((power - 0.125).abs() < 0.01, "{rate}/{channels}/{format:?}: {power}");
        }
    }
}

#[test]
fn an_opus_file_has_the_length_its_header_says() {
    let story = include_bytes!("../../cli/src/demo/story.opus");
    let (facts, sound) = hear(story).unwrap();
    assert_eq!((facts.channels, sound.len()), (1, 1));
    assert_eq!(facts.duration_ms, sound[0].len() as u64 / 16);
    assert!((100_000..140_000).contains(&facts.duration_ms), "{facts:?}");
    let peak = sound[0].iter().fold(0.0_f32, |m, s| m.max(s.abs()));
    assert!((0.1..=1.0).contains(&peak), "{peak}");
}

#[test]
fn what_a_cut_file_holds_is_heard() {
    let story = include_bytes!("../../cli/src/demo/story.opus");
    let (facts, _) = hear(&story[..story.len() / 2]).unwrap();
    assert!(facts.duration_ms > 40_000, "{facts:?}");
    let tone = wav(16_000, 1, (16, SampleFormat::Int), 2.0);
    let (facts, _) = hear(&tone[..tone.len() / 2]).unwrap();
    assert!((900..1_100).contains(&facts.duration_ms), "{facts:?}");
}

#[test]
fn other_files_are_refused() {
    for bytes in [&b""[..], b"RI", b"fLaC", b"{\"id\": 1}", b"OggS"] {
        let error = hear(bytes).unwrap_err();
        assert!(matches!(error, FileError::Kind | FileError::Damaged), "{error}");
    }
}

#[test]
fn damage_never_panics() {
    let story = &include_bytes!("../../cli/src/demo/story.opus")[..40_000];
    let tone = wav(44_100, 2, (16, SampleFormat::Int), 0.2);
    let mut random = fastrand::Rng::with_seed(5);
    for source in [story, &tone] {
        for _ in 0..300 {
            let mut bytes = source.to_vec();
            for _ in 0..random.usize(1..20) {
                let most = if random.bool() { 200 } else { 40_000 };
                let at = random.usize(..bytes.len().min(most));
                bytes[at] = random.u8(..);
            }
            let _ = hear(&bytes);
        }
    }
}
