//! Judges the two-microphone beam in simulated rooms:
//! `cargo run -p confee-audio --release --example rooms -- DIR [GROUP]`, where DIR was filled by
//! `tests/audio/rooms/make_scenes.py`.
//!
//! Gains are against the better single microphone of the same scene, over all but the first second.
//! SI-SDR is taken with the visitor's direct sound and its first 50 ms of echoes as reference, and
//! once more with the direct sound alone ("dry").

#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use confee_audio::array::{ArrayGeometry, Axis, BeamFrame, BeamPolicy, Beamformer};
use confee_domain::Speaker;

type Error = Box<dyn std::error::Error>;
type Pair = [Vec<f32>; 2];

const RATE: usize = 16_000;
/// Seconds before anything counts.
const SKIP: usize = RATE;
/// Frames of segmental SNR, and the limits of one frame's.
const SEGMENT: usize = 320;
const SEGMENT_DB: (f64, f64) = (-10.0, 35.0);
/// Windows in which who speaks is judged: half a second.
const WINDOW: usize = RATE / 2;
/// Frames for which speech goes on after the detector's last (160 ms).
const HANGOVER: u32 = 10;

struct Turn {
    start: usize,
    end: usize,
    speaker: Speaker,
}

struct Scene {
    key: String,
    axis: Axis,
    mix: Pair,
    early: Pair,
    dry: Pair,
    turns: Vec<Turn>,
}

#[derive(Default)]
struct Score {
    before: f32,
    gain: f32,
    dry_gain: f32,
    segment_gain: f32,
    share: f32,
}

#[derive(Default)]
struct Named {
    right: u32,
    wrong: u32,
    unknown: u32,
}

fn main() -> Result<(), Error> {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().ok_or("name the folder that make_scenes.py filled")?);
    let group = args.next().unwrap_or_default();
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, Error>>()?;
    folders.retain(|path| path.join("scene.txt").exists());
    folders.sort();
    let (mut scores, mut named) = (BTreeMap::new(), BTreeMap::new());
    for path in folders {
        let scene = load(&path)?;
        if !scene.key.starts_with(&group) {
            continue;
        }
        let (out, frames) = beamed(&scene);
        if scene.turns.is_empty() {
            scores
                .entry(scene.key.clone())
                .or_insert_with(Vec::new)
                .push(score(&scene, &out, &frames));
        } else {
            let sum: &mut Named = named.entry(scene.key.clone()).or_default();
            judge_turns(&scene, &frames, sum);
        }
    }
    print(&scores, &named);
    Ok(())
}

fn load(folder: &Path) -> Result<Scene, Error> {
    let facts = std::fs::read_to_string(folder.join("scene.txt"))?;
    let fact = |key: &str| {
        let line = facts.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
        line.ok_or_else(|| format!("scene.txt of {} has no {key}", folder.display()))
    };
    let axis = if fact("axis")? == "vertical" { Axis::Vertical } else { Axis::Horizontal };
    let turns = std::fs::read_to_string(folder.join("turns.txt"))?;
    Ok(Scene {
        key: format!("{:<15}{}", fact("group")?, fact("axis")?),
        axis,
        mix: read(&folder.join("mix.wav"))?,
        early: read(&folder.join("early.wav"))?,
        dry: read(&folder.join("direct.wav"))?,
        turns: turns.lines().map(turn).collect::<Result<_, Error>>()?,
    })
}

fn turn(line: &str) -> Result<Turn, Error> {
    let mut words = line.split_whitespace();
    let mut time = || -> Result<usize, Error> {
        Ok((words.next().ok_or("a turn needs two times")?.parse::<f32>()? * RATE as f32) as usize)
    };
    let (start, end) = (time()?, time()?);
    let speaker = if line.ends_with("rep") { Speaker::Rep } else { Speaker::Prospect };
    Ok(Turn { start, end, speaker })
}

fn read(path: &Path) -> Result<Pair, Error> {
    let mut channels = [Vec::new(), Vec::new()];
    for (n, sample) in hound::WavReader::open(path)?.samples::<f32>().enumerate() {
        channels[n % 2].push(sample?);
    }
    Ok(channels)
}

/// Runs the beam as the app would: a voice detector on one microphone says when anybody speaks.
fn beamed(scene: &Scene) -> (Vec<f32>, Vec<BeamFrame>) {
    let geometry = ArrayGeometry { spacing_m: 0.04, axis: scene.axis };
    let mut beam = Beamformer::new(geometry, BeamPolicy::default());
    let mut detector = earshot::Detector::default();
    let (mut out, mut frames, mut speech) = (Vec::new(), Vec::new(), 0_u32);
    for (a, b) in scene.mix[0].chunks_exact(256).zip(scene.mix[1].chunks_exact(256)) {
        let heard = detector.predict_f32(a).max(0.0) > 0.5;
        speech = if heard { HANGOVER } else { speech.saturating_sub(1) };
        frames.extend(beam.process([a, b], speech > 0, &mut out));
    }
    (out, frames)
}

fn score(scene: &Scene, out: &[f32], frames: &[BeamFrame]) -> Score {
    let end = out.len() - Beamformer::DELAY;
    let out = &out[SKIP + Beamformer::DELAY..];
    let best = |measure: fn(&[f32], &[f32]) -> f32, reference: &Pair, beam: bool| {
        let of = |m: usize| {
            measure(if beam { out } else { &scene.mix[m][SKIP..end] }, &reference[m][SKIP..end])
        };
        of(0).max(of(1))
    };
    let gain =
        |measure, reference| best(measure, reference, true) - best(measure, reference, false);
    Score {
        before: best(si_sdr, &scene.early, false),
        gain: gain(si_sdr, &scene.early),
        dry_gain: gain(si_sdr, &scene.dry),
        segment_gain: gain(segmental_snr, &scene.early),
        share: frames.iter().map(|f| f.share).sum::<f32>() / frames.len().max(1) as f32,
    }
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

/// Scale-invariant signal-to-distortion ratio in dB (Le Roux et al., ICASSP 2019).
fn si_sdr(sound: &[f32], reference: &[f32]) -> f32 {
    let own = dot(reference, reference).max(1e-30);
    let along = dot(sound, reference);
    let kept = along * along / own;
    (10.0 * (kept / (dot(sound, sound) - kept).max(1e-30)).log10()) as f32
}

/// Mean over frames in which the reference speaks of the frame's SNR in dB, limited.
fn segmental_snr(sound: &[f32], reference: &[f32]) -> f32 {
    let scale = dot(sound, reference) / dot(reference, reference).max(1e-30);
    let quiet = 0.01 * dot(reference, reference) / reference.len() as f64 * SEGMENT as f64;
    let (mut sum, mut frames) = (0.0, 0);
    for (x, r) in sound.chunks_exact(SEGMENT).zip(reference.chunks_exact(SEGMENT)) {
        let own = scale * scale * dot(r, r);
        if dot(r, r) > quiet {
            let error = dot(x, x) - 2.0 * scale * dot(x, r) + own;
            let db = 10.0 * (own / error.max(1e-30)).log10();
            sum += db.clamp(SEGMENT_DB.0, SEGMENT_DB.1);
            frames += 1;
        }
    }
    (sum / f64::from(frames.max(1))) as f32
}

fn judge_turns(scene: &Scene, frames: &[BeamFrame], sum: &mut Named) {
    for turn in &scene.turns {
        let mut at = turn.start;
        while at + WINDOW <= turn.end {
            let inside = |f: &&BeamFrame| (at..at + WINDOW).contains(&(f.start as usize));
            let votes =
                |who| frames.iter().filter(inside).filter(|f| f.hint.speaker == who).count();
            let (rep, prospect) = (votes(Some(Speaker::Rep)), votes(Some(Speaker::Prospect)));
            let half = WINDOW / Beamformer::HOP / 2;
            match turn.speaker {
                _ if rep.max(prospect) < half => sum.unknown += 1,
                Speaker::Rep if rep > prospect => sum.right += 1,
                Speaker::Prospect if prospect > rep => sum.right += 1,
                _ => sum.wrong += 1,
            }
            at += WINDOW;
        }
    }
}

fn print(scores: &BTreeMap<String, Vec<Score>>, named: &BTreeMap<String, Named>) {
    println!(
        "| scene | pair | rooms | SI-SDR before | gain | worst | dry gain | segmental | share |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (key, scores) in scores {
        let mean = |of: fn(&Score) -> f32| scores.iter().map(of).sum::<f32>() / scores.len() as f32;
        let worst = scores.iter().map(|s| s.gain).fold(f32::MAX, f32::min);
        let (group, axis) = key.split_at(15);
        println!(
            "| {} | {axis} | {} | {:.1} | {:+.2} | {worst:+.2} | {:+.2} | {:+.2} | {:.2} |",
            group.trim_end(),
            scores.len(),
            mean(|s| s.before),
            mean(|s| s.gain),
            mean(|s| s.dry_gain),
            mean(|s| s.segment_gain),
            mean(|s| s.share),
        );
    }
    println!(
        "\n| who speaks | pair | windows | right | wrong | unknown |\n|---|---|---|---|---|---|"
    );
    for (key, n) in named {
        let all = n.right + n.wrong + n.unknown;
        let percent = |part: u32| 100.0 * part as f32 / all.max(1) as f32;
        let (group, axis) = key.split_at(15);
        println!(
            "| {} | {axis} | {all} | {:.1} % | {:.1} % | {:.1} % |",
            group.trim_end(),
            percent(n.right),
            percent(n.wrong),
            percent(n.unknown)
        );
    }
}
