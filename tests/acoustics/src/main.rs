//! Measures what of a booth talk is left for a recogniser:
//! `cargo run --release -p confee-acoustics -- table --talks tests/audio/talks/spoken --model FILE`.
//! `mix` writes a mix to listen to.

#![allow(clippy::print_stderr)]

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};
use confee_acoustics::booth::{self, Mics, Scene};
use confee_acoustics::capture::{Capture, capture};
use confee_acoustics::grid::{Bench, Cell, GROUPS, ceiling, cells, rate};
use confee_acoustics::hear::{Chain, Hear, WhisperCli, write_wav};
use confee_acoustics::link::Link;
use confee_acoustics::talk::Talk;
use confee_acoustics::{plot, report};
use confee_companion::recognition::EngineKind;
use confee_extract::Extractor;

#[derive(Parser)]
#[command(about = "What of a booth talk is left for a recogniser")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measures the grid: writes acoustics.csv, acoustics.md and acoustics.svg
    Table(Table),
    /// Writes a mixed WAV to listen to
    Mix(Mix),
    /// Scores texts that were made of the talks as they are, and prints a table
    Score(Score),
}

#[derive(Args)]
struct Score {
    /// Folder of NAME.opus and NAME.json
    #[arg(long)]
    talks: PathBuf,
    /// Folders of NAME.txt, or of NAME.json as `confee transcribe --json` prints them
    #[arg(required = true)]
    texts: Vec<PathBuf>,
}

#[derive(Args)]
struct Table {
    /// Folder of NAME.opus and NAME.json
    #[arg(long)]
    talks: PathBuf,
    /// whisper.cpp's whisper-cli instead of the app's own way
    #[arg(long)]
    program: Option<PathBuf>,
    /// The engine of the app's own way
    #[arg(long, value_enum, default_value_t = Engine::WhisperCpp)]
    engine: Engine,
    /// Compares the first model without and with a list of names as a hint (with `--only quant`)
    #[arg(long)]
    hint: bool,
    /// Model file; a second one is compared with the first
    #[arg(long, required = true)]
    model: Vec<PathBuf>,
    /// One group of the grid: snr, loss, bitrate, mics, denoise or quant
    #[arg(long)]
    only: Option<String>,
    /// Measures only the first N talks; the babble is still of all
    #[arg(long, default_value_t = usize::MAX, hide_default_value = true)]
    talks_limit: usize,
    /// Texts made at once
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// Where results go, and texts are kept from run to run
    #[arg(long, default_value = "target/acoustics")]
    out: PathBuf,
}

#[derive(Args)]
struct Mix {
    /// NAME.opus, with NAME.json beside it; the other talks of its folder are the babble
    talk: PathBuf,
    /// The WAV to write
    out: PathBuf,
    /// Visitor over babble, dB; without it there is no babble
    #[arg(long, allow_negative_numbers = true)]
    snr: Option<f32>,
    /// Wearer over visitor, dB
    #[arg(long, default_value_t = 10.0, allow_negative_numbers = true)]
    wearer: f32,
    /// Share of turns that begin before the last one ends, 0 to 1
    #[arg(long, default_value_t = 0.0)]
    overlap: f32,
    /// Share of lost frames, 0 to 0.9
    #[arg(long, default_value_t = 0.0)]
    loss: f32,
    /// Mean frames of a loss
    #[arg(long, default_value_t = 1.0)]
    burst: f32,
    /// Bits a second for each microphone
    #[arg(long, default_value_t = 24_000)]
    bitrate: i32,
    /// The badge
    #[arg(long, value_enum, default_value_t = Badge::One)]
    mics: Badge,
    /// Makes one signal of a pair with the beam
    #[arg(long)]
    beam: bool,
    /// Takes noise out
    #[arg(long)]
    denoise: bool,
    /// Of the room, the babble and the losses
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Writes what the microphones hear, one channel each, without radio and phone
    #[arg(long)]
    raw: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Engine {
    WhisperCpp,
    Candle,
}

impl Engine {
    fn kind(self) -> EngineKind {
        match self {
            Self::WhisperCpp => EngineKind::WhisperCpp,
            Self::Candle => EngineKind::Candle,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Badge {
    One,
    Vertical,
    Horizontal,
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Table(args) => table(&args),
        Command::Mix(args) => mix(&args),
        Command::Score(args) => score(&args),
    }
}

fn table(args: &Table) -> Result<()> {
    if let Some(group) = &args.only
        && !GROUPS.contains(&group.as_str())
    {
        bail!("there is no group {group:?}; choose one of {}", GROUPS.join(", "));
    }
    let talks = Talk::load_all(&args.talks)?;
    let make = |model: usize| -> Result<Box<dyn Hear>> {
        let hinted = args.hint && model == 1;
        let file = args.model.get(if hinted { 0 } else { model }).context("no such model")?;
        Ok(match &args.program {
            Some(program) => Box::new(WhisperCli::new(program, file, 1)?),
            None => Box::new(Chain::new(file, args.engine.kind(), 1, hinted)?),
        })
    };
    let progress = |done: usize, all: usize| eprintln!("{done} of {all} texts");
    let cache = args.out.join("texts");
    let measured = &talks[..args.talks_limit.min(talks.len())];
    let bench = Bench {
        talks: measured,
        hall: &talks,
        make: &make,
        cache,
        jobs: args.jobs,
        progress: &progress,
    };
    let mut names: Vec<String> = args.model.iter().map(|m| name(m)).collect();
    if args.hint {
        names.truncate(1);
        names.push("with names".into());
    }
    let rows = bench.run(&cells(args.only.as_deref(), &names))?;
    let table = report::markdown(&rows, &ceiling(measured)?);
    for (end, text) in [("csv", report::csv(&rows)), ("md", table), ("svg", plot::svg(&rows))] {
        let suffix = args.only.as_ref().map_or(String::new(), |group| format!("-{group}"));
        let file = args.out.join(format!("acoustics{suffix}.{end}"));
        std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        eprintln!("{}", file.display());
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn score(args: &Score) -> Result<()> {
    let talks = Talk::load_all(&args.talks)?;
    let extractor = Extractor::with_rules()?;
    let row = |folder: &PathBuf| {
        let cell = Cell {
            group: "texts",
            series: name(folder),
            at: String::new(),
            capture: Capture::default(),
            model: 0,
        };
        rate(cell, &talks, &extractor, |talk| text_of(folder, &talk.id))
    };
    let rows = args.texts.iter().map(row).collect::<Result<Vec<_>>>()?;
    print!("{}", report::markdown(&rows, &ceiling(&talks)?));
    Ok(())
}

/// A text that some recogniser made of a talk.
fn text_of(folder: &Path, talk: &str) -> Result<String> {
    let plain = folder.join(talk).with_extension("txt");
    if plain.exists() {
        return Ok(std::fs::read_to_string(plain)?);
    }
    let file = folder.join(talk).with_extension("json");
    let whole = std::fs::read(&file).with_context(|| format!("no text: {}", file.display()))?;
    let whole: serde_json::Value = serde_json::from_slice(&whole)?;
    let segments = whole["segments"].as_array().context("no segments")?;
    Ok(segments.iter().filter_map(|s| s["text"].as_str()).collect::<Vec<_>>().join(" "))
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn mix(args: &Mix) -> Result<()> {
    let talk = Talk::load(&args.talk)?;
    let mics = match args.mics {
        Badge::One => Mics::One,
        Badge::Vertical => Mics::Vertical,
        Badge::Horizontal => Mics::Horizontal,
    };
    let scene = Scene {
        snr_db: args.snr,
        wearer_db: args.wearer,
        overlap: args.overlap,
        mics,
        seed: args.seed,
        ..Scene::default()
    };
    let link = Link { bitrate: args.bitrate, loss: args.loss, burst: args.burst, seed: args.seed };
    let folder = args.talk.parent().unwrap_or(Path::new("."));
    let voices = match args.snr {
        Some(_) => booth::voices(&Talk::load_all(folder)?, &talk.id),
        None => Vec::new(),
    };
    if args.raw {
        let mix = booth::mix(&talk, &voices, &scene);
        let channels: Vec<&[f32]> = mix.mics.iter().map(Vec::as_slice).collect();
        return write_wav(&args.out, &channels);
    }
    let settings = Capture { scene, link, beam: args.beam, denoise: args.denoise };
    let (pcm, loss) = capture(&talk, &voices, &settings)?;
    let lost = loss.lost_ms(0, u64::MAX);
    eprintln!("{lost} ms were lost on the way");
    write_wav(&args.out, &[&pcm])
}
