//! Two engines, one file: whisper.cpp and candle hear the same.
#![cfg(feature = "whisper-cpp")]
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stderr)]

mod support;

use std::path::Path;

use confee_models::ggml::WhisperFile;
use confee_speech::candle::{self, CandleWhisper};
use confee_speech::whisper_cpp::{self, EncoderWindow, WhisperCpp};
use confee_speech::{Ask, Engine, Heard, RATE, Stop};
use support::{clip, model, opus};

/// Recordings of people's talks, from their start.
const TALKS: usize = 14;
const LENGTH_S: usize = 26;

fn engines(file: &WhisperFile) -> (WhisperCpp, CandleWhisper) {
    let full = candle::Options { full_window: true, ..Default::default() };
    let candle = CandleWhisper::load(file, full).unwrap();
    let full = whisper_cpp::Options { window: EncoderWindow::Full, ..Default::default() };
    (WhisperCpp::load(file, full).unwrap(), candle)
}

fn talk(number: usize) -> Vec<f32> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/audio/talks/spoken");
    let mut pcm = opus(&folder.join(format!("t{number:02}.opus")));
    pcm.truncate(LENGTH_S * RATE);
    pcm
}

fn words(heard: &Heard) -> Vec<String> {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    heard.words.iter().map(|word| plain(&word.text).to_lowercase()).collect()
}

/// Whether the two were undecided between the same words: what is left of a difference of 8-bit
/// rounding is a choice between two that are almost as likely.
#[test]
fn the_greedy_text_is_the_same() {
    let Some(file) = model() else { return };
    let (mut cpp, mut candle) = engines(&file);
    let (mut same, mut all) = (0, 0);
    let clips = ["forty_units", "no_no_no", "thank_you", "thanks_for_coming", "yes"];
    let sounds = clips.map(clip).into_iter().chain((1..=TALKS).map(talk));
    for (number, pcm) in sounds.enumerate() {
        let ask = Ask::default();
        let one = words(&cpp.hear(&pcm, &ask, &Stop::default()).unwrap());
        let other = words(&candle.hear(&pcm, &ask, &Stop::default()).unwrap());
        if one != other {
            eprintln!("{number}:\n  {}\n  {}", one.join(" "), other.join(" "));
        }
        same += usize::from(one == other);
        all += 1;
    }
    assert!(same == all, "{same} of {all}");
}

#[test]
fn the_logits_are_the_same() {
    let Some(file) = model() else { return };
    let (mut cpp, mut candle) = engines(&file);
    for number in [1, 6, 12] {
        let pcm = talk(number);
        // <|startoftranscript|>, the first time, " I", "'m".
        let tokens = [50_257, 50_363, 314, 1_101];
        let one = cpp.logits(&pcm, &tokens).unwrap();
        let other = candle.logits(&pcm, &tokens.map(|t| t as u32)).unwrap();
        assert_eq!(one.len(), other.len());
        let mean = one.iter().sum::<f32>() / one.len() as f32;
        let spread =
            (one.iter().map(|l| (l - mean).powi(2)).sum::<f32>() / one.len() as f32).sqrt();
        let off = one.iter().zip(&other).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
        let off = (off / one.len() as f32).sqrt();
        eprintln!("{number}: off by {off} of {spread}");
        assert!(off < 0.05 * spread, "{off} of {spread}");
    }
}
