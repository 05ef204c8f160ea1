use confee_domain::QualityReason;
use realfft::num_complex::Complex32;

use crate::array::stft::WINDOW;

/// What is wrong with one microphone against the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It gives next to nothing.
    Silent,
    /// It hears far less: something covers its opening.
    Weak,
    /// It has noise of its own: rubbing cloth, wind or a bad contact.
    Noisy,
    /// It is driven beyond its range.
    Clipped,
}

/// State of the two microphones; at most one has a fault, because the two are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChannelHealth {
    /// What is wrong with each.
    pub faults: [Option<Fault>; 2],
}

impl ChannelHealth {
    /// The microphone to use alone; none while both serve.
    #[must_use]
    pub fn only(&self) -> Option<usize> {
        self.faults.iter().position(Option::is_some).map(|failed| 1 - failed)
    }

    /// The reason for a quality report; none while both serve.
    #[must_use]
    pub fn reason(&self) -> Option<QualityReason> {
        self.only().map(|_| QualityReason::MicrophoneFailed)
    }
}

/// Low bins, 80 to 600 Hz: a few centimetres apart, sound is the same there, rubbing is not.
const LOW: std::ops::Range<usize> = 80 * WINDOW / 16_000..600 * WINDOW / 16_000;
/// Bins in which levels are compared, 1 to 4 kHz: rubbing is faint there.
const HIGH: std::ops::Range<usize> = 1_000 * WINDOW / 16_000..4_000 * WINDOW / 16_000;
/// Mean power of a bin at -80 dBFS of white noise.
const SILENT: f32 = 1e-8 * 0.5 * WINDOW as f32;
/// Frames before levels are trusted, and the longest memory for them (4 s).
const TRUSTED: u32 = 12;
const LONGEST: u32 = 250;
/// A microphone fails when it is this much fainter, and serves again when it is this much.
const FAINT_DB: f32 = 10.0;
const SERVES_DB: f32 = 7.0;
/// Larger differences are not tolerances of parts.
const MATCHED_DB: f32 = 6.0;
/// Frames that a noisy microphone stays out after the noise (0.5 s), and after clipping (2 s).
const NOISY_FRAMES: u32 = 31;
const CLIPPED_FRAMES: u32 = 125;
/// How much louder the low tones of a noisy microphone are, and in how many frames running; one
/// frame is enough where they are much louder.
const NOISY_DB: f32 = 5.0;
const NOISY_RUN: u32 = 2;
const STRONG_DB: f32 = 8.0;
/// Level at which samples count as clipped, and how many in a row.
const CLIPPED: f32 = 0.99;
const CLIPPED_RUN: usize = 3;

/// Watches the two microphones.
#[derive(Debug, Clone, Default)]
pub(crate) struct HealthMonitor {
    levels: [f32; 2],
    frames: u32,
    match_db: f32,
    matched: u32,
    bursts: [u32; 2],
    noisy: [u32; 2],
    clipped: [u32; 2],
    health: ChannelHealth,
}

impl HealthMonitor {
    /// Judges a frame; `newest` are the samples that came with it.
    pub(crate) fn update(
        &mut self,
        spectra: [&[Complex32]; 2],
        newest: [&[f32]; 2],
    ) -> ChannelHealth {
        let high = spectra.map(|s| power(&s[HIGH]));
        let noisy = self.noise(spectra);
        // Rubbing must not make the other microphone look weak.
        if noisy.is_none_or(|(mic, _)| high[1 - mic] < SILENT) {
            self.frames = (self.frames + 1).min(LONGEST);
            for (level, now) in self.levels.iter_mut().zip(high) {
                *level += (now - *level) / self.frames as f32;
            }
        }
        for (mic, samples) in newest.into_iter().enumerate() {
            hold(&mut self.clipped[mic], runs_at_limit(samples), CLIPPED_FRAMES);
            let running = match noisy {
                Some((loud, true)) if loud == mic => NOISY_RUN,
                Some((loud, false)) if loud == mic => self.bursts[mic].saturating_add(1),
                _ => 0,
            };
            self.bursts[mic] = running;
            hold(&mut self.noisy[mic], running >= NOISY_RUN, NOISY_FRAMES);
        }
        self.health = self.judge(high);
        self.health
    }

    fn judge(&self, high: [f32; 2]) -> ChannelHealth {
        let mut faults = [None; 2];
        let silent = |mic: usize| high[mic].min(self.levels[mic]) < SILENT;
        let single = |bad: [bool; 2]| (bad[0] != bad[1]).then_some(usize::from(bad[1]));
        if let Some(mic) = single(self.clipped.map(|left| left > 0)) {
            faults[mic] = Some(Fault::Clipped);
        } else if let Some(mic) = self.fainter() {
            let fault = if silent(mic) { Fault::Silent } else { Fault::Weak };
            faults[mic] = Some(fault);
        } else if let Some(mic) = single(self.noisy.map(|left| left > 0)) {
            faults[mic] = Some(Fault::Noisy);
        }
        ChannelHealth { faults }
    }

    fn fainter(&self) -> Option<usize> {
        let db = ratio_db(self.levels[0], self.levels[1]);
        let mic = usize::from(db > 0.0);
        let known = matches!(self.health.faults[mic], Some(Fault::Silent | Fault::Weak));
        let dead = self.levels[mic] < SILENT && self.levels[1 - mic] > 30.0 * SILENT;
        let limit = if known { SERVES_DB } else { FAINT_DB };
        (dead || (self.frames >= TRUSTED && db.abs() > limit)).then_some(mic)
    }

    /// The microphone that is louder by sound the other does not hear at all, and whether by much.
    fn noise(&self, spectra: [&[Complex32]; 2]) -> Option<(usize, bool)> {
        let [first, second] = spectra.map(|s| &s[LOW]);
        let powers = [power(first), power(second)];
        let cross: Complex32 = first.iter().zip(second).map(|(a, b)| a * b.conj()).sum();
        let cross = cross.norm_sqr() / (first.len() * first.len()) as f32;
        let coherent = cross > 0.5 * powers[0] * powers[1];
        let db = ratio_db(powers[0], powers[1]) - self.match_db;
        let loud = powers[0].max(powers[1]) > 10.0 * SILENT;
        let strong = db.abs() > STRONG_DB;
        (loud && !coherent && db.abs() > NOISY_DB).then_some((usize::from(db < 0.0), strong))
    }

    /// Learns from a far source how much louder microphone 0 is by make.
    pub(crate) fn match_levels(&mut self, spectra: [&[Complex32]; 2]) {
        let [first, second] = spectra.map(|s| power(&s[LOW.start..HIGH.start]));
        if first.min(second) > SILENT {
            self.matched = (self.matched + 1).min(LONGEST);
            let db = ratio_db(first, second).clamp(-MATCHED_DB, MATCHED_DB);
            self.match_db += (db - self.match_db) / self.matched as f32;
        }
    }

    /// How much louder microphone 0 is by make, in dB.
    pub(crate) fn match_db(&self) -> f32 {
        self.match_db
    }
}

/// Frames that a fault lasts on.
fn hold(left: &mut u32, seen: bool, frames: u32) {
    *left = if seen { frames } else { left.saturating_sub(1) };
}

pub(crate) fn power(bins: &[Complex32]) -> f32 {
    bins.iter().map(Complex32::norm_sqr).sum::<f32>() / bins.len().max(1) as f32
}

pub(crate) fn ratio_db(a: f32, b: f32) -> f32 {
    10.0 * ((a + 1e-12) / (b + 1e-12)).log10()
}

fn runs_at_limit(samples: &[f32]) -> bool {
    samples
        .windows(CLIPPED_RUN)
        .any(|run| run.iter().all(|x| *x >= CLIPPED) || run.iter().all(|x| *x <= -CLIPPED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_fault_leaves_the_other_microphone() {
        let mut health = ChannelHealth::default();
        assert_eq!((health.only(), health.reason()), (None, None));
        health.faults[0] = Some(Fault::Weak);
        assert_eq!(health.only(), Some(1));
        assert_eq!(health.reason(), Some(QualityReason::MicrophoneFailed));
    }

    #[test]
    fn clipping_needs_a_run() {
        assert!(runs_at_limit(&[0.0, 1.0, 1.0, 1.0]));
        assert!(runs_at_limit(&[-1.0, -0.995, -1.0]));
        assert!(!runs_at_limit(&[1.0, -1.0, 1.0, 1.0, 0.0]));
        assert!(!runs_at_limit(&[]));
    }
}
