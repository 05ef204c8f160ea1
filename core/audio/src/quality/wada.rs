//! Waveform amplitude distribution analysis (WADA): Kim and Stern, "Robust signal-to-noise ratio
//! estimation based on waveform amplitude distribution analysis", Interspeech 2008.
//!
//! Amplitudes of clean speech follow a Gamma distribution of shape 0.4, noise a normal one. Then
//! `ln(mean |x|) - mean(ln |x|)` of the mixture rises with the signal-to-noise ratio and does not
//! depend on the gain. The curve is computed here from that model, once per process.

use std::sync::OnceLock;

const SHAPE: f64 = 0.4;
const LOWEST_DB: i32 = -10;
const HIGHEST_DB: i32 = 40;
/// Nodes of the integral over speech amplitudes; four times as many change nothing in the curve
/// that a tenth of a decibel would show.
const NODES: usize = 100;
const EULER: f64 = 0.577_215_664_901_532_9;
/// Beyond this noncentrality the moments of a noisy amplitude are those of a large one.
const FAR: f64 = 200.0;

/// The signal-to-noise ratio in dB (-10 to 40) of samples with this mean of `|x|` and of `ln |x|`;
/// unset for silence.
pub(super) fn snr_db(mean_abs: f64, mean_log: f64) -> Option<f32> {
    if !(mean_abs.is_finite() && mean_log.is_finite() && mean_abs > 0.0) {
        return None;
    }
    let contrast = mean_abs.ln() - mean_log;
    let curve = curve();
    let above = curve.partition_point(|c| *c < contrast);
    let (Some(&high), Some(&low)) =
        (curve.get(above), above.checked_sub(1).and_then(|i| curve.get(i)))
    else {
        return Some(if above == 0 { LOWEST_DB } else { HIGHEST_DB } as f32);
    };
    let part = (contrast - low) / (high - low);
    Some(((f64::from(LOWEST_DB) + above as f64 - 1.0) + part) as f32)
}

/// The contrast at each whole decibel, ascending.
fn curve() -> &'static [f64] {
    static CURVE: OnceLock<Vec<f64>> = OnceLock::new();
    CURVE.get_or_init(|| (LOWEST_DB..=HIGHEST_DB).map(|db| contrast(f64::from(db))).collect())
}

/// `ln E|x + n| - E ln|x + n|` at this ratio. With `u = a^0.4` the Gamma density of the amplitude
/// `a` loses its pole: its integral over `du` is that of `exp(-u^2.5)`, up to a constant. With
/// `u = v^3` the logarithm loses its own.
fn contrast(snr_db: f64) -> f64 {
    // E a^2 of a Gamma variable with scale 1, and the noise that gives the ratio.
    let noise = (SHAPE * (SHAPE + 1.0) / 10_f64.powf(snr_db / 10.0)).sqrt();
    let step = 40_f64.powf(SHAPE / 3.0) / NODES as f64;
    let (mut weights, mut abs, mut log) = (0.0, 0.0, 0.0);
    for node in 0..NODES {
        let v = (node as f64 + 0.5) * step;
        let amplitude = v.powf(3.0 / SHAPE);
        let weight = v * v * (-amplitude).exp();
        let (mean_abs, mean_log) = noisy_amplitude(amplitude / noise);
        weights += weight;
        abs += weight * mean_abs;
        log += weight * mean_log;
    }
    (abs / weights).ln() - log / weights
}

/// `E|a + n|` and `E ln|a + n|` for standard normal `n`: the square is noncentral chi-square with
/// one degree of freedom, a Poisson mixture of central ones with `2j + 1`.
fn noisy_amplitude(a: f64) -> (f64, f64) {
    let half = a * a / 2.0;
    if half > FAR {
        return (a, a.ln() - 1.0 / (4.0 * half));
    }
    let mut weight = (-half).exp();
    let mut mean = (2.0 / std::f64::consts::PI).sqrt();
    let mut digamma = -EULER - 2.0 * std::f64::consts::LN_2;
    let (mut abs, mut log) = (0.0, 0.0);
    let terms = (half + 12.0 * half.sqrt() + 20.0) as u32;
    for j in 0..terms {
        let j = f64::from(j);
        abs += weight * mean;
        log += weight * (digamma + std::f64::consts::LN_2) / 2.0;
        weight *= half / (j + 1.0);
        mean *= (j + 1.0) / (j + 0.5);
        digamma += 1.0 / (j + 0.5);
    }
    (abs, log)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(rng: &mut fastrand::Rng) -> f64 {
        (-2.0 * (1.0 - rng.f64()).ln()).sqrt() * (std::f64::consts::TAU * rng.f64()).cos()
    }

    /// Gamma of shape 0.4 by rejection (Ahrens and Dieter 1974).
    fn gamma(rng: &mut fastrand::Rng) -> f64 {
        let e = std::f64::consts::E;
        loop {
            let p = rng.f64() * (e + SHAPE) / e;
            if p <= 1.0 {
                let x = p.powf(1.0 / SHAPE);
                if rng.f64() <= (-x).exp() {
                    return x;
                }
            } else {
                let x = -((e + SHAPE) / e - p).max(f64::MIN_POSITIVE).ln() + SHAPE.ln();
                if x > 0.0 && rng.f64() <= x.powf(SHAPE - 1.0) {
                    return x;
                }
            }
        }
    }

    /// Means of `|x|` and `ln |x|` of drawn samples.
    fn drawn(snr_db: f64, seed: u64) -> (f64, f64) {
        let mut rng = fastrand::Rng::with_seed(seed);
        let noise = (SHAPE * (SHAPE + 1.0) / 10_f64.powf(snr_db / 10.0)).sqrt();
        let n = 400_000;
        let (mut abs, mut log) = (0.0, 0.0);
        for _ in 0..n {
            let sign = if rng.bool() { 1.0 } else { -1.0 };
            let x: f64 = (gamma(&mut rng) * sign + noise * normal(&mut rng)) * 0.03;
            abs += x.abs();
            log += x.abs().max(1e-12).ln();
        }
        (abs / f64::from(n), log / f64::from(n))
    }

    #[test]
    fn the_curve_rises_between_its_two_known_ends() {
        assert!(curve().windows(2).all(|w| w[0] < w[1]));
        // Normal noise alone: ln sqrt(2/pi) - (digamma(1/2) + ln 2) / 2.
        assert!((contrast(-60.0) - 0.4094).abs() < 1e-3);
        // A Gamma variable alone: ln(0.4) - digamma(0.4).
        assert!((contrast(200.0) - 1.6451).abs() < 1e-3);
    }

    #[test]
    fn ratios_of_drawn_samples_come_back() {
        for (seed, db) in [-5, 0, 5, 10, 15, 20, 25].into_iter().enumerate() {
            let (abs, log) = drawn(f64::from(db), seed as u64);
            let found = snr_db(abs, log).unwrap();
            assert!((found - db as f32).abs() < 0.5, "{db} dB came back as {found}");
        }
    }

    #[test]
    fn nothing_comes_of_silence_and_the_ends_hold() {
        assert_eq!(snr_db(0.0, f64::NEG_INFINITY), None);
        assert_eq!(snr_db(f64::NAN, 0.0), None);
        assert_eq!(snr_db(1.0, 0.0), Some(-10.0));
        assert_eq!(snr_db(1.0, -50.0), Some(40.0));
    }
}
