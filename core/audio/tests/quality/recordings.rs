//! The meter on recordings of one's own: a table, not a check.

use std::path::Path;

use confee_audio::quality::{Meter, MeterPolicy, Sound};

use crate::scenes::{Noise, noise};

/// Samples of a 16 kHz mono file of 16 bits.
fn read(path: &Path) -> Vec<f32> {
    let mut reader = hound::WavReader::open(path).expect("a wav file");
    reader.samples::<i16>().map(|s| f32::from(s.expect("16 bit")) / 32_768.0).collect()
}

/// Where somebody speaks in clean sound: what lies within 35 dB of the loudest, and 200 ms after.
fn activity(pcm: &[f32]) -> Vec<bool> {
    let powers: Vec<f32> =
        pcm.chunks(160).map(|c| c.iter().map(|x| x * x).sum::<f32>() / c.len() as f32).collect();
    let limit = powers.iter().copied().fold(0.0, f32::max) * 10_f32.powf(-3.5);
    let mut left = 0;
    let step = |p: &f32| {
        left = if *p > limit { 20 } else { left - i32::min(left, 1) };
        left > 0
    };
    powers.iter().map(step).collect()
}

/// The detector of the product, roughly: 0.5 with a hang-over of 400 ms.
fn detected(pcm: &[f32]) -> Vec<bool> {
    let mut detector = earshot::Detector::default();
    let mut left = 0;
    let mut step = |frame: &[f32]| {
        left = if detector.predict_f32(frame) >= 0.5 { 25 } else { left - i32::min(left, 1) };
        left > 0
    };
    let each: Vec<bool> = pcm.chunks_exact(256).map(&mut step).collect();
    (0..pcm.len() / 160).map(|i| each.get(i * 160 / 256).copied().unwrap_or(false)).collect()
}

fn measured(pcm: &[f32], speech: &[bool]) -> Meter {
    let mut meter = Meter::new(MeterPolicy::default());
    for (piece, speech) in pcm.chunks(160).zip(speech) {
        meter.push(piece, Sound { speech: *speech, ..Sound::default() });
    }
    meter
}

#[test]
#[ignore = "needs recordings: set CONFEE_RECORDINGS to a folder of 16 kHz mono wav files"]
fn ratios_of_recordings() {
    let folder = std::env::var_os("CONFEE_RECORDINGS").expect("CONFEE_RECORDINGS is not set");
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut files: Vec<_> = entries.map(|e| e.expect("an entry").path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "wav"));
    files.sort();
    let clean: Vec<f32> = files.iter().flat_map(|f| read(f)).collect();
    let truth = activity(&clean);
    let active = |f: &dyn Fn(&f32) -> f32| {
        let chosen = clean.chunks(160).zip(&truth).filter(|(_, s)| **s).flat_map(|(c, _)| c);
        chosen.clone().map(f).sum::<f32>() / chosen.count() as f32
    };
    let level = active(&|x| x * x).sqrt();
    println!(
        "| noise | truth | flags of clean sound | earshot | WADA | above 2 kHz | wind | reasons |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for kind in [Noise::White, Noise::Pink, Noise::Babble] {
        let noise = noise(kind, 77, clean.len());
        for snr in [0, 5, 10, 15, 20, 25, 60] {
            let gain = level / 10_f32.powf(snr as f32 / 20.0);
            let mixed: Vec<f32> =
                clean.iter().zip(&noise).map(|(x, n)| (x + gain * n).clamp(-1.0, 1.0)).collect();
            let (by_truth, by_ear) =
                (measured(&mixed, &truth), measured(&mixed, &detected(&mixed)));
            let (one, two) = (by_truth.whole_measures(), by_ear.whole_measures());
            println!(
                "| {kind:?} | {snr} | {:.1} | {:.1} | {:.1} | {:.1} | {:.2} | {:?} |",
                one.snr_db.unwrap_or(f32::NAN),
                two.snr_db.unwrap_or(f32::NAN),
                one.wada_snr_db.unwrap_or(f32::NAN),
                one.high_band_db.unwrap_or(f32::NAN),
                two.wind_share,
                by_ear.whole().reasons,
            );
        }
    }
}
