//! Speed of telling wearer from visitor: a minute of sound, and the judgement on an hour.

use confee_audio::speaker::{SpeakerPolicy, WhoSpeaks};
use confee_audio::voice::VadFrame;
use divan::Bencher;

const MINUTE: usize = 60 * 16_000;
/// As the decoder gives them: 20 ms.
const CHUNK: usize = 320;

fn main() {
    divan::main();
}

/// Noise in turns of four seconds, every other one fainter.
fn minute() -> Vec<f32> {
    let mut rng = fastrand::Rng::with_seed(1);
    let level = |n: usize| if (n / 64_000).is_multiple_of(2) { 0.1 } else { 0.03 };
    (0..MINUTE).map(|n| level(n) * (rng.f32() - 0.5)).collect()
}

fn heard(minutes: usize) -> WhoSpeaks {
    let sound = minute();
    let mut who = WhoSpeaks::new(SpeakerPolicy::default());
    let mut start_ms = 0;
    for _ in 0..minutes {
        sound.chunks(CHUNK).for_each(|chunk| who.push(chunk, &[], &[]));
        for n in 0..MINUTE / 256 {
            let frame = VadFrame { start_ms, probability: f32::from(n % 40 != 0), speech: true };
            who.push(&[], &[frame], &[]);
            start_ms += 16;
        }
    }
    who
}

#[divan::bench(sample_count = 10)]
fn hear_a_minute() -> WhoSpeaks {
    heard(1)
}

#[divan::bench(sample_count = 5)]
fn judge_an_hour(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(|| heard(60)).bench_local_values(WhoSpeaks::finish);
}
