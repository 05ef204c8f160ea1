//! Speed of the two-microphone beam: each run takes ten seconds of sound, so real time is 10 s.

use confee_audio::array::{ArrayGeometry, BeamPolicy, Beamformer, GccPhat};
use divan::Bencher;

const SAMPLES: usize = 160_000;
/// As the decoder gives them: 20 ms.
const CHUNK: usize = 320;

fn main() {
    divan::main();
}

fn microphones() -> [Vec<f32>; 2] {
    let mut rng = fastrand::Rng::with_seed(1);
    let shared: Vec<f32> = (0..SAMPLES).map(|_| 0.1 * (rng.f32() - 0.5)).collect();
    [0, 1].map(|_| shared.iter().map(|x| x + 0.05 * (rng.f32() - 0.5)).collect())
}

fn chunks(mics: &[Vec<f32>; 2]) -> impl Iterator<Item = [&[f32]; 2]> {
    mics[0].chunks(CHUNK).zip(mics[1].chunks(CHUNK)).map(|(a, b)| [a, b])
}

/// What a chain without a beam does: takes one microphone.
#[divan::bench]
fn one_microphone(bencher: Bencher<'_, '_>) {
    let mics = microphones();
    bencher.bench_local(|| {
        let mut out = Vec::with_capacity(SAMPLES);
        chunks(&mics).for_each(|[a, _]| out.extend_from_slice(a));
        out
    });
}

#[divan::bench]
fn direction_only(bencher: Bencher<'_, '_>) {
    let mics = microphones();
    let mut gcc = GccPhat::new(ArrayGeometry::default());
    bencher.bench_local(|| {
        let mut sum = 0.0;
        chunks(&mics).for_each(|pair| gcc.process(pair, |d| sum += d.delay_samples));
        sum
    });
}

#[divan::bench]
fn beam_and_direction(bencher: Bencher<'_, '_>) {
    let mics = microphones();
    let mut beam = Beamformer::new(ArrayGeometry::default(), BeamPolicy::default());
    let mut out = Vec::with_capacity(SAMPLES);
    bencher.bench_local(|| {
        out.clear();
        chunks(&mics).map(|pair| beam.process(pair, true, &mut out).count()).sum::<usize>()
    });
}
