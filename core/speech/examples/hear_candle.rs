//! Hears WAV files (16 kHz, one channel) with Whisper in candle and prints text and seconds.
//!
//! `cargo run --release --example hear_candle -- MODEL THREADS sound|full FILE...`

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use confee_models::ggml::WhisperFile;
use confee_speech::candle::CandleWhisper;
use confee_speech::candle::Options;
use confee_speech::{Ask, Engine, Stop, WINDOW};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [model, threads, window, files @ ..] = args.as_slice() else {
        return Err("MODEL THREADS sound|full FILE...".into());
    };
    let options = Options { threads: threads.parse()?, full_window: window == "full" };
    let began = Instant::now();
    let mut engine = CandleWhisper::load(&WhisperFile::open(Path::new(model))?, options)?;
    println!("load {:.3} s", began.elapsed().as_secs_f64());
    for file in files {
        hear(&mut engine, file)?;
    }
    Ok(())
}

fn hear(engine: &mut CandleWhisper, file: &str) -> Result<(), Box<dyn Error>> {
    let samples: Result<Vec<i16>, _> = hound::WavReader::open(file)?.samples().collect();
    let pcm: Vec<f32> = samples?.into_iter().map(|s| f32::from(s) / 32_768.0).collect();
    for (number, pcm) in pcm.chunks(WINDOW).enumerate() {
        let began = Instant::now();
        let heard = engine.hear(pcm, &Ask::default(), &Stop::default())?;
        let seconds = began.elapsed().as_secs_f64();
        let words: Vec<&str> = heard.words.iter().map(|word| word.text.as_str()).collect();
        println!("{file} {number} {seconds:.3} s, {} tokens: {}", heard.tokens, words.join(" "));
        let times = heard.words.iter().map(|w| format!("{}@{}-{}", w.text, w.start_ms, w.end_ms));
        println!("  {}", times.take(12).collect::<Vec<_>>().join(" "));
    }
    Ok(())
}
