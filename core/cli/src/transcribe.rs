//! `confee transcribe`: what a sound file says.

use std::process::ExitCode;
use std::time::Instant;

use confee_companion::speech::{HeardTalk, SpeechEngines, transcribe_file};
use confee_domain::{Segment, Speaker};
use console::style;
use serde_json::json;

use crate::args::{Args, TranscribeArgs};
use crate::failure::Failure;
use crate::models::speech_config;
use crate::paint;

pub(crate) fn run(args: &Args, transcribe: &TranscribeArgs) -> Result<ExitCode, Failure> {
    let engines = SpeechEngines::new(speech_config(&transcribe.speech)?);
    let spinner = paint::spinner("listening");
    let engine = engines.engine()?.ok_or_else(no_model)?;
    let started = Instant::now();
    let talk = transcribe_file(&transcribe.file, engine, engines.transcriber())?;
    let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    spinner.finish_and_clear();
    if args.json {
        print_json(&talk, &engines.describe(), took_ms);
    } else {
        print_text(&talk, took_ms);
    }
    Ok(ExitCode::SUCCESS)
}

fn no_model() -> Failure {
    Failure::Input("no speech model is installed; run `confee models pull tiny.en-q8_0`".into())
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn print_json(talk: &HeardTalk, engine: &str, took_ms: u64) {
    let segments: Vec<_> = talk.segments.iter().map(segment_json).collect();
    let whole = json!({
        "engine": engine,
        "language": talk.language,
        "duration_ms": talk.duration_ms,
        "took_ms": took_ms,
        "quality": talk.quality,
        "loss": talk.loss,
        "removed": talk.removed,
        "segments": segments,
    });
    println!("{whole:#}");
}

fn segment_json(segment: &Segment) -> serde_json::Value {
    let text: Vec<char> = segment.text.chars().collect();
    let words: Vec<_> = segment
        .words
        .iter()
        .map(|w| {
            let said = text.get(w.start as usize..w.end as usize).unwrap_or_default();
            json!({
                "text": said.iter().collect::<String>(),
                "start": w.start,
                "end": w.end,
                "start_ms": w.start_ms,
                "end_ms": w.end_ms,
                "confidence": w.confidence,
            })
        })
        .collect();
    json!({
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "speaker": segment.speaker,
        "text": segment.text,
        "words": words,
    })
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn print_text(talk: &HeardTalk, took_ms: u64) {
    for segment in &talk.segments {
        let at = segment.start_ms / 1000;
        let who = match segment.speaker {
            Some(Speaker::Rep) => style("    rep").cyan(),
            Some(Speaker::Prospect) => style("visitor").magenta(),
            None => style("      ?").dim(),
        };
        let clock = style(format!("{:>3}:{:02}", at / 60, at % 60)).dim();
        println!("{clock}  {who}  {}", segment.text);
    }
    let ratio = took_ms as f64 / talk.duration_ms.max(1) as f64;
    let figures = format!(
        "{:.1} s of sound in {:.1} s ({ratio:.3} of real time). {}",
        talk.duration_ms as f64 / 1000.0,
        took_ms as f64 / 1000.0,
        talk.quality.sentence()
    );
    println!("{}", style(figures).dim());
}
