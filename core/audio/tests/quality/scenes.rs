//! Seeded scenes: speech-like signals with known activity, noises, and what can go wrong.

use std::f64::consts::TAU;

/// Samples a second.
pub(crate) const RATE: usize = 16_000;

/// A signal and where in it somebody speaks.
#[derive(Clone)]
pub(crate) struct Talk {
    pub(crate) pcm: Vec<f32>,
    pub(crate) speech: Vec<bool>,
}

/// A resonance of two poles with unit gain at its peak, about.
struct Resonator {
    a: [f64; 2],
    gain: f64,
    past: [f64; 2],
}

impl Resonator {
    fn new(hz: f64, width: f64) -> Self {
        let r = (-std::f64::consts::PI * width / RATE as f64).exp();
        let a = [2.0 * r * (TAU * hz / RATE as f64).cos(), -r * r];
        Self { a, gain: 1.0 - r, past: [0.0; 2] }
    }

    fn step(&mut self, x: f64) -> f64 {
        let y = self.gain * x + self.a[0] * self.past[0] + self.a[1] * self.past[1];
        self.past = [y, self.past[0]];
        y
    }
}

/// First-order low-pass.
struct Smooth(f64, f64);

impl Smooth {
    fn new(hz: f64) -> Self {
        Self((-TAU * hz / RATE as f64).exp(), 0.0)
    }

    fn step(&mut self, x: f64) -> f64 {
        self.1 = x + self.0 * (self.1 - x);
        self.1
    }
}

/// Standard normal.
pub(crate) fn normal(rng: &mut fastrand::Rng) -> f64 {
    (-2.0 * (1.0 - rng.f64()).ln()).sqrt() * (TAU * rng.f64()).cos()
}

/// One voiced syllable: pulses through four formants, rising and falling.
fn voiced(rng: &mut fastrand::Rng, pitch: f64, samples: usize, out: &mut Vec<f64>) {
    let formants = [250.0 + 550.0 * rng.f64(), 900.0 + 1200.0 * rng.f64(), 2600.0, 3600.0];
    let mut tract: Vec<Resonator> = formants
        .into_iter()
        .zip([70.0, 100.0, 150.0, 220.0])
        .map(|(f, w)| Resonator::new(f, w))
        .collect();
    let weights = [1.0, 0.6, 0.3, 0.2];
    let (mut glottis, mut phase) = (Smooth::new(500.0), rng.f64());
    let loud = 10_f64.powf((rng.f64() * 8.0 - 4.0) / 20.0);
    for i in 0..samples {
        let part = i as f64 / samples as f64;
        phase += pitch * (1.1 - 0.2 * part) / RATE as f64;
        let pulse = if phase >= 1.0 { 40.0 } else { 0.0 };
        phase -= phase.floor();
        let source = glottis.step(pulse + 0.05 * normal(rng));
        let sound: f64 = tract.iter_mut().zip(weights).map(|(t, w)| w * t.step(source)).sum();
        out.push(loud * sound * (std::f64::consts::PI * part).sin());
    }
}

/// A fricative or burst.
fn unvoiced(rng: &mut fastrand::Rng, samples: usize, out: &mut Vec<f64>) {
    let mut mouth = Resonator::new(3_500.0 + 2_500.0 * rng.f64(), 1_500.0);
    for i in 0..samples {
        let part = i as f64 / samples as f64;
        out.push(0.25 * mouth.step(normal(rng)) * (std::f64::consts::PI * part).sin());
    }
}

fn milliseconds(rng: &mut fastrand::Rng, range: std::ops::Range<usize>) -> usize {
    rng.usize(range) * RATE / 1000
}

/// Phrases of words of syllables with pauses of `pause_ms` between phrases; RMS of the active
/// parts is 0.06 (-24 dBFS). Activity covers phrases and 150 ms after them, as a detector's would.
pub(crate) fn talk(seed: u64, seconds: usize, pause_ms: std::ops::Range<usize>) -> Talk {
    let mut rng = fastrand::Rng::with_seed(seed);
    let pitch = 95.0 + 110.0 * rng.f64();
    let (mut pcm, mut speech) = (Vec::new(), Vec::new());
    pcm.resize(milliseconds(&mut rng, pause_ms.clone()), 0.0);
    while pcm.len() < seconds * RATE {
        speech.resize(pcm.len(), false);
        for _ in 0..rng.usize(4..9) {
            for _ in 0..rng.usize(1..4) {
                let length = milliseconds(&mut rng, 40..110);
                unvoiced(&mut rng, length, &mut pcm);
                let length = milliseconds(&mut rng, 80..220);
                voiced(&mut rng, pitch, length, &mut pcm);
            }
            let gap = milliseconds(&mut rng, 20..90);
            pcm.resize(pcm.len() + gap, 0.0);
        }
        speech.resize(pcm.len() + RATE * 150 / 1000, true);
        let pause = milliseconds(&mut rng, pause_ms.clone());
        pcm.resize(speech.len() + pause, 0.0);
    }
    speech.resize(pcm.len(), false);
    pcm.truncate(seconds * RATE);
    speech.truncate(seconds * RATE);
    let gain = 0.06 / rms_where(&pcm, &speech);
    Talk { pcm: pcm.iter().map(|x| (x * gain) as f32).collect(), speech }
}

fn rms_where(pcm: &[f64], speech: &[bool]) -> f64 {
    let active = pcm.iter().zip(speech).filter(|(_, s)| **s).map(|(x, _)| x * x);
    let count = speech.iter().filter(|s| **s).count();
    (active.sum::<f64>() / count.max(1) as f64).sqrt()
}

/// What the scenes mix into a talk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Noise {
    White,
    /// Falling by 3 dB an octave, as halls do.
    Pink,
    /// Eight talkers without pauses.
    Babble,
}

/// Noise of RMS 1.
pub(crate) fn noise(kind: Noise, seed: u64, samples: usize) -> Vec<f32> {
    let mut rng = fastrand::Rng::with_seed(seed ^ 0x5eed);
    let raw: Vec<f64> = match kind {
        Noise::White => (0..samples).map(|_| normal(&mut rng)).collect(),
        Noise::Pink => {
            let mut parts = [150.0, 500.0, 2500.0].map(Smooth::new);
            let step =
                |_| parts.iter_mut().map(|p| p.step(normal(&mut rng)) / (1.0 - p.0).sqrt()).sum();
            (0..samples).map(step).collect()
        }
        Noise::Babble => {
            let mut sum = vec![0.0; samples];
            for voice in 0..8 {
                let one = talk(seed * 8 + voice + 1000, samples.div_ceil(RATE), 1..30);
                sum.iter_mut().zip(&one.pcm).for_each(|(s, x)| *s += f64::from(*x));
            }
            sum
        }
    };
    let rms = (raw.iter().map(|x| x * x).sum::<f64>() / samples as f64).sqrt();
    raw.iter().map(|x| (x / rms) as f32).collect()
}

impl Talk {
    /// Adds noise so that active speech lies `snr_db` above it.
    pub(crate) fn with_noise(self, kind: Noise, snr_db: f32, seed: u64) -> Self {
        let noise = noise(kind, seed, self.pcm.len());
        self.plus(&noise, snr_db)
    }

    /// Adds this noise of RMS 1 so that active speech lies `snr_db` above it.
    pub(crate) fn plus(mut self, noise: &[f32], snr_db: f32) -> Self {
        let level = 0.06 / 10_f32.powf(snr_db / 20.0);
        self.pcm.iter_mut().zip(noise).for_each(|(x, n)| *x += level * n);
        self
    }

    /// Changes every sample.
    pub(crate) fn map(mut self, change: impl FnMut(f32) -> f32) -> Self {
        self.pcm = self.pcm.into_iter().map(change).collect();
        self
    }

    /// A cover over the badge: low-pass of second order.
    pub(crate) fn muffled(self, hz: f64) -> Self {
        let (mut one, mut two) = (Smooth::new(hz), Smooth::new(hz));
        self.map(|x| two.step(one.step(f64::from(x))) as f32)
    }

    /// A gust of `gust_ms` every two seconds: noise below 60 Hz, as loud as `level`.
    pub(crate) fn with_wind(mut self, level: f64, gust_ms: usize, seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut low = [30.0, 60.0].map(Smooth::new);
        for (i, x) in self.pcm.iter_mut().enumerate() {
            let mut gust = normal(&mut rng) * 12.0;
            low.iter_mut().for_each(|l| gust = l.step(gust));
            let phase = (i % (2 * RATE)) as f64 / (gust_ms * RATE / 1000) as f64;
            let swell = if phase < 1.0 { (std::f64::consts::PI * phase).sin() } else { 0.0 };
            *x += (level * gust * swell) as f32;
        }
        self
    }
}
