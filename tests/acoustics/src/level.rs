//! Levels of speech.

use crate::RATE;

/// What is judged at once: 20 ms.
const FRAME: usize = RATE / 50;
/// A frame counts as speech down to this far below the active level (margin of ITU-T P.56).
const MARGIN_DB: f64 = 15.9;
/// The active level settles in a few rounds; more is for safety.
const ROUNDS: usize = 50;

/// Mean power; 0 of nothing.
#[must_use]
pub fn power(sound: &[f32]) -> f64 {
    sound.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / sound.len().max(1) as f64
}

/// Mean power while somebody speaks: of the 20 ms frames that are at most 15.9 dB below that
/// mean itself, after the idea of ITU-T P.56. Pauses do not count; 0 of silence.
#[must_use]
pub fn active_power(sound: &[f32]) -> f64 {
    let frames: Vec<f64> = sound.chunks(FRAME).map(power).collect();
    let mut active = power(sound);
    for _ in 0..ROUNDS {
        let limit = active * from_db(-MARGIN_DB);
        let (sum, count) = frames
            .iter()
            .filter(|p| **p > limit)
            .fold((0.0, 0_u32), |(sum, count), p| (sum + p, count + 1));
        let next = sum / f64::from(count.max(1));
        if (next - active).abs() <= 1e-9 * active {
            return next;
        }
        active = next;
    }
    active
}

/// Ratio of powers of a number of dB.
#[must_use]
pub fn from_db(db: f64) -> f64 {
    10_f64.powf(db / 10.0)
}

/// dB of a ratio of powers; -200 of nothing.
#[must_use]
pub fn to_db(ratio: f64) -> f64 {
    10.0 * ratio.max(1e-20).log10()
}

/// The factor that brings sound of one power to another; 0 where there is no sound.
#[must_use]
pub fn gain(from: f64, to: f64) -> f32 {
    if from > 0.0 { (to / from).sqrt() as f32 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_do_not_lower_the_active_level() {
        let tone: Vec<f32> = (0..RATE).map(|n| (n as f32 * 0.3).sin()).collect();
        let mut paused = tone.clone();
        paused.resize(4 * RATE, 0.0);
        let (with, without) = (active_power(&paused), active_power(&tone));
        assert!((to_db(with / without)).abs() < 0.05, "{}", to_db(with / without));
        assert!(to_db(power(&paused) / with) < -5.9);
        assert_eq!(active_power(&[0.0; 999]), 0.0);
        assert_eq!(active_power(&[]), 0.0);
    }
}
