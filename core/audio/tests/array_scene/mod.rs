//! Small scenes for two microphones: talkers as tone bursts with a voice's envelope, heard straight
//! and by way of the floor and two walls.

use fastrand::Rng;

pub(crate) const RATE: usize = 16_000;
const SPEED_M_S: f32 = 343.0;
/// Kernel of the fractional delay reaches this many samples to both sides.
const REACH: i32 = 12;

pub(crate) type Place = [f32; 3];

/// Badge at 1.3 m; x is ahead of the wearer, y his left, z up.
pub(crate) const BADGE: Place = [0.0, 0.0, 1.3];
pub(crate) const VISITOR: Place = [1.0, 0.0, 1.56];
pub(crate) const MOUTH: Place = [0.06, 0.0, 1.51];

pub(crate) fn aside(degrees: f32, metres: f32) -> Place {
    let angle = degrees.to_radians();
    [metres * angle.cos(), metres * angle.sin(), 1.5]
}

pub(crate) fn pair(vertical: bool) -> [Place; 2] {
    let [x, y, z] = BADGE;
    if vertical {
        [[x, y, z + 0.02], [x, y, z - 0.02]]
    } else {
        [[x, y + 0.02, z], [x, y - 0.02, z]]
    }
}

/// A talker: syllables of a gliding voice with a few formants, and pauses between phrases.
pub(crate) fn talker(seed: u64, samples: usize) -> Vec<f32> {
    let mut rng = Rng::with_seed(seed);
    let mut sound = Vec::with_capacity(samples);
    let base = 90.0 + 120.0 * rng.f32();
    while sound.len() < samples {
        for _ in 0..4 + rng.usize(0..8) {
            syllable(&mut sound, base, &mut rng);
        }
        sound.resize(sound.len() + rng.usize(RATE / 8..RATE / 2), 0.0);
    }
    sound.truncate(samples);
    let power = sound.iter().map(|x| x * x).sum::<f32>() / samples as f32;
    sound.iter_mut().for_each(|x| *x *= 0.05 / power.sqrt());
    sound
}

fn syllable(sound: &mut Vec<f32>, base: f32, rng: &mut Rng) {
    let length = rng.usize(RATE / 10..RATE / 4);
    let pitch = base * (0.8 + 0.5 * rng.f32());
    let formants =
        [300.0 + 600.0 * rng.f32(), 900.0 + 1500.0 * rng.f32(), 2500.0 + 1000.0 * rng.f32()];
    let breath = 0.02 + 0.1 * rng.f32();
    let lines: Vec<(f32, f32, f32)> = (1..40)
        .map(|n| n as f32 * pitch)
        .take_while(|f| *f < 7000.0)
        .map(|f| {
            (f, formants.iter().map(|p| 1.0 / (1.0 + ((f - p) / 150.0).powi(2))).sum(), rng.f32())
        })
        .collect();
    for n in 0..length {
        let t = n as f32 / RATE as f32;
        let envelope = (std::f32::consts::PI * n as f32 / length as f32).sin();
        let voiced: f32 =
            lines.iter().map(|(f, a, p)| a * (std::f32::consts::TAU * (f * t + p)).sin()).sum();
        sound.push(envelope * (voiced + breath * (rng.f32() - 0.5)));
    }
}

/// What both microphones hear of a sound at a place, in a room with reflecting floor and walls;
/// `reflection` 0 is open air. Level 1 is that at 1 m.
pub(crate) fn heard(
    sound: &[f32],
    from: Place,
    mics: [Place; 2],
    reflection: f32,
) -> [Vec<f32>; 2] {
    let [x, y, z] = from;
    let images = [
        (from, 1.0),
        ([x, y, -z], reflection),
        ([x, 5.0 - y, z], reflection),
        ([-4.4 - x, y, z], reflection),
        ([x, y, 5.6 - z], reflection),
    ];
    mics.map(|mic| {
        let mut out = vec![0.0; sound.len()];
        for (image, level) in images.into_iter().filter(|(_, level)| *level > 0.0) {
            let distance = (0..3).map(|i| (image[i] - mic[i]).powi(2)).sum::<f32>().sqrt();
            add_delayed(&mut out, sound, distance / SPEED_M_S * RATE as f32, level / distance);
        }
        out
    })
}

fn add_delayed(out: &mut [f32], sound: &[f32], delay: f32, level: f32) {
    let whole = delay.floor() as i32;
    for tap in -REACH..=REACH {
        let t = tap as f32 - (delay - whole as f32);
        let window = 0.5 + 0.5 * (std::f32::consts::PI * t / (REACH as f32 + 1.0)).cos();
        let x = std::f32::consts::PI * t;
        let weight = level * window * if x.abs() < 1e-6 { 1.0 } else { x.sin() / x };
        let shift = whole + tap;
        let (from, to) = if shift >= 0 { (0, shift as usize) } else { (-shift as usize, 0) };
        for (y, x) in out.iter_mut().skip(to).zip(sound.iter().skip(from)) {
            *y += weight * x;
        }
    }
}

pub(crate) fn noise(seed: u64, samples: usize, level: f32) -> Vec<f32> {
    let mut rng = Rng::with_seed(seed);
    // Uniform noise has a third of its peak's power.
    (0..samples).map(|_| level * 3_f32.sqrt() * (2.0 * rng.f32() - 1.0)).collect()
}

pub(crate) fn add(to: &mut [Vec<f32>; 2], from: &[Vec<f32>; 2], factor: f32) {
    for (to, from) in to.iter_mut().zip(from) {
        to.iter_mut().zip(from).for_each(|(a, b)| *a += factor * b);
    }
}

pub(crate) fn power(sound: &[f32]) -> f32 {
    sound.iter().map(|x| x * x).sum::<f32>() / sound.len() as f32
}

/// Scale-invariant signal-to-distortion ratio in dB (Le Roux et al., ICASSP 2019).
pub(crate) fn si_sdr(sound: &[f32], reference: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
    let scale = dot(sound, reference) / dot(reference, reference).max(1e-30);
    let kept = scale * scale * dot(reference, reference);
    let error: f64 = sound
        .iter()
        .zip(reference)
        .map(|(x, r)| (f64::from(*x) - scale * f64::from(*r)).powi(2))
        .sum();
    (10.0 * (kept / error.max(1e-30)).log10()) as f32
}
