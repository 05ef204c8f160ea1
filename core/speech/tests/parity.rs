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

/// whisper.cpp multiplies the encoder in 8 bits, candle in 32: where two words are almost as likely,
/// such as two spellings of a name, they may choose differently, and nowhere else.
#[test]
fn the_greedy_text_is_the_same_but_for_ties() {
    let Some(file) = model() else { return };
    let (mut cpp, mut candle) = engines(&file);
    let (mut same, mut different, mut all) = (0, 0, 0);
    let clips = ["forty_units", "no_no_no", "thank_you", "thanks_for_coming", "yes"];
    let sounds = clips.map(clip).into_iter().chain((1..=TALKS).map(talk));
    for pcm in sounds {
        let ask = Ask::default();
        let one = words(&cpp.hear(&pcm, &ask, &Stop::default()).unwrap());
        let other = words(&candle.hear(&pcm, &ask, &Stop::default()).unwrap());
        let apart = strsim::generic_levenshtein(&one, &other);
        if apart > 0 {
            eprintln!("{apart} apart:\n  {}\n  {}", one.join(" "), other.join(" "));
        }
        same += usize::from(apart == 0);
        different += apart;
        all += one.len();
    }
    eprintln!("{same} texts are the same; {different} of {all} words differ");
    assert!(same >= 14 && different * 100 < all, "{same} the same; {different} of {all} words");
}

fn best(logits: &[f32]) -> usize {
    (0..logits.len()).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap()
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
        assert!(off < 0.1 * spread, "{off} of {spread}");
        assert_eq!(best(&one), best(&other));
    }
}
