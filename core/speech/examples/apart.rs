//! Encoder and decoder of both engines on one model, by turns so that both meet the same
//! disturbances: `apart MODEL [ROUNDS]`.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::Path;

use confee_models::ggml::WhisperFile;
use confee_speech::Measured;
use confee_speech::candle::{self, CandleWhisper};
use confee_speech::whisper_cpp::{self, WhisperCpp};

fn main() {
    let mut args = std::env::args().skip(1);
    let file = WhisperFile::open(Path::new(&args.next().expect("a model"))).unwrap();
    let rounds = args.next().map_or(5, |rounds| rounds.parse().unwrap());
    println!("milliseconds, least and median of {rounds}: encoder over 30 s, decoder a token");
    for threads in [1, 2] {
        let options = whisper_cpp::Options { threads, ..Default::default() };
        let mut cpp = WhisperCpp::load(&file, options).unwrap();
        let mut ours =
            CandleWhisper::load(&file, candle::Options { threads, ..Default::default() }).unwrap();
        let measure = |_| (cpp.measure().unwrap(), ours.measure().unwrap());
        let (theirs, ours): (Vec<_>, Vec<_>) = (0..rounds).map(measure).unzip();
        report("whisper.cpp", threads, &theirs);
        report("candle", threads, &ours);
    }
}

fn report(name: &str, threads: usize, runs: &[Measured]) {
    let column = |milliseconds: &dyn Fn(&Measured) -> f64| {
        let mut all: Vec<f64> = runs.iter().map(milliseconds).collect();
        all.sort_by(f64::total_cmp);
        format!("{:.1} / {:.1}", all[0], all[all.len() / 2])
    };
    let encoder = column(&|run| run.encoder.as_secs_f64() * 1e3);
    let decoder = column(&|run| run.decoder.as_secs_f64() * 1e3 / Measured::TOKENS as f64);
    println!("{threads} threads  {name:11}  encoder {encoder}  decoder {decoder}");
}
