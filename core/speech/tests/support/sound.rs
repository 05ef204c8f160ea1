//! Sounds without speech, made from a seed.

use std::f32::consts::TAU;

const RATE: usize = confee_speech::RATE;

/// Evenly spread numbers, the same for the same seed.
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// -1.0 to 1.0.
    pub(crate) fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    }
}

fn samples(seconds: f32) -> usize {
    (seconds * RATE as f32) as usize
}

pub(crate) fn silence(seconds: f32) -> Vec<f32> {
    vec![0.0; samples(seconds)]
}

pub(crate) fn white(seconds: f32, level: f32, seed: u64) -> Vec<f32> {
    let mut noise = Noise::new(seed);
    (0..samples(seconds)).map(|_| noise.next() * level).collect()
}

/// Falls by 6 dB an octave, as a hall rumbles.
pub(crate) fn brown(seconds: f32, level: f32, seed: u64) -> Vec<f32> {
    let mut noise = Noise::new(seed);
    let mut at = 0.0;
    let mut step = || {
        at = 0.995 * at + 0.1 * noise.next();
        at * level
    };
    (0..samples(seconds)).map(|_| step()).collect()
}

/// Mains and its harmonics.
pub(crate) fn hum(seconds: f32, level: f32) -> Vec<f32> {
    let at = |i: usize| {
        let t = i as f32 / RATE as f32;
        (1..6).map(|n| (TAU * 50.0 * n as f32 * t).sin() / n as f32).sum::<f32>() * level
    };
    (0..samples(seconds)).map(at).collect()
}

/// A tune of decaying notes with a bass.
pub(crate) fn tune(seconds: f32, level: f32) -> Vec<f32> {
    let scale = [261.6, 329.6, 392.0, 523.3, 440.0, 392.0, 329.6, 293.7];
    let at = |i: usize| {
        let t = i as f32 / RATE as f32;
        let note = (t / 0.3) as usize;
        let within = t - note as f32 * 0.3;
        let voice =
            |f: f32| (1..5).map(|n| (TAU * f * n as f32 * t).sin() / (n * n) as f32).sum::<f32>();
        let melody = voice(scale[note % scale.len()]) * (-4.0 * within).exp();
        (melody + 0.5 * voice(130.8)) * level
    };
    (0..samples(seconds)).map(at).collect()
}

/// A buzz through two moving resonances, four bursts a second: like talk, without words.
pub(crate) fn babble(seconds: f32, level: f32, seed: u64) -> Vec<f32> {
    let mut noise = Noise::new(seed);
    let (mut low, mut high) = ([0.0_f32; 2], [0.0_f32; 2]);
    let mut formants = (500.0, 1500.0);
    let mut step = |i: usize| {
        let t = i as f32 / RATE as f32;
        if i.is_multiple_of(RATE / 4) {
            formants = (500.0 + 250.0 * noise.next(), 1600.0 + 700.0 * noise.next());
        }
        let pitch = 120.0 + 20.0 * (TAU * 0.7 * t).sin();
        let buzz = if (t * pitch).fract() < 0.1 { 1.0 } else { -0.1 } + 0.05 * noise.next();
        let loud = (TAU * 4.0 * t).sin().max(0.0);
        let out =
            resonate(&mut low, buzz, formants.0) + 0.6 * resonate(&mut high, buzz, formants.1);
        out * loud * level
    };
    (0..samples(seconds)).map(|i| step(i).clamp(-1.0, 1.0)).collect()
}

fn resonate(state: &mut [f32; 2], input: f32, hertz: f32) -> f32 {
    let radius = 0.97_f32;
    let cos = (TAU * hertz / RATE as f32).cos();
    let out = (1.0 - radius) * input + 2.0 * radius * cos * state[0] - radius * radius * state[1];
    *state = [out, state[0]];
    out
}

/// Beyond full scale, cut.
pub(crate) fn clipped(mut pcm: Vec<f32>, gain: f32) -> Vec<f32> {
    pcm.iter_mut().for_each(|s| *s = (*s * gain).clamp(-1.0, 1.0));
    pcm
}

/// A sound over and over.
pub(crate) fn repeated(pcm: &[f32], seconds: f32) -> Vec<f32> {
    pcm.iter().copied().cycle().take(samples(seconds)).collect()
}
