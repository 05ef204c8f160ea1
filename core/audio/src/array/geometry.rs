use realfft::num_complex::Complex32;

use crate::array::stft::{BINS, WINDOW};

/// Metres that sound goes in one sample at 16 kHz.
const METRES_PER_SAMPLE: f32 = 343.0 / 16_000.0;
/// From the middle of the pair up to the wearer's mouth, and forward.
const MOUTH_M: (f32, f32) = (0.21, 0.06);

/// How the two microphones sit on the badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// One above the other; microphone 0 is the upper one.
    Vertical,
    /// Side by side; microphone 0 is the one at the wearer's left.
    Horizontal,
}

/// Place of the two microphones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ArrayGeometry {
    /// Metres between the microphones, 0.01 to 0.15; other values are taken to the nearer end.
    pub spacing_m: f32,
    /// Mounting.
    pub axis: Axis,
}

impl Default for ArrayGeometry {
    fn default() -> Self {
        Self { spacing_m: 0.04, axis: Axis::Vertical }
    }
}

/// Whom the beam favours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// The visitor ahead of the badge.
    Front,
    /// The wearer, whose mouth is above the badge.
    Wearer,
    /// A far voice at this angle in degrees, see [`Direction`](crate::array::Direction).
    Angle(f32),
}

/// What a source at some place sounds like in microphone 1 against microphone 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Steering {
    /// Samples that microphone 1 hears it later.
    pub(crate) delay: f32,
    /// Level in microphone 1 over that in microphone 0.
    pub(crate) gain: f32,
}

impl ArrayGeometry {
    fn spacing(&self) -> f32 {
        if self.spacing_m.is_finite() { self.spacing_m.clamp(0.01, 0.15) } else { 0.04 }
    }

    /// Delay of sound along the line of the pair, in samples: the largest there can be.
    #[must_use]
    pub fn max_delay(&self) -> f32 {
        self.spacing() / METRES_PER_SAMPLE
    }

    /// Angle in degrees of a delay in samples; see [`Direction`](crate::array::Direction).
    #[must_use]
    pub fn angle_of(&self, delay_samples: f32) -> f32 {
        (delay_samples / self.max_delay()).clamp(-1.0, 1.0).asin().to_degrees()
    }

    pub(crate) fn steering(&self, target: Target) -> Steering {
        match (target, self.axis) {
            // The visitor's mouth is some 25 cm above a badge at 1 m.
            (Target::Front, Axis::Vertical) => self.far(14.0),
            (Target::Front, Axis::Horizontal) => self.far(0.0),
            (Target::Wearer, Axis::Vertical) => self.mouth(),
            (Target::Wearer, Axis::Horizontal) => Steering { delay: 0.0, gain: 1.0 },
            (Target::Angle(deg), _) if deg.is_finite() => self.far(deg.clamp(-90.0, 90.0)),
            (Target::Angle(_), _) => self.far(0.0),
        }
    }

    fn far(&self, angle_deg: f32) -> Steering {
        Steering { delay: self.max_delay() * angle_deg.to_radians().sin(), gain: 1.0 }
    }

    fn mouth(&self) -> Steering {
        let half = 0.5 * self.spacing();
        let upper = MOUTH_M.1.hypot(MOUTH_M.0 - half);
        let lower = MOUTH_M.1.hypot(MOUTH_M.0 + half);
        Steering { delay: (lower - upper) / METRES_PER_SAMPLE, gain: upper / lower }
    }
}

impl Steering {
    /// Transfer from microphone 0 to microphone 1 at a bin of the filter bank.
    pub(crate) fn transfer(&self, bin: usize) -> Complex32 {
        debug_assert!(bin < BINS);
        let turn = std::f32::consts::TAU * bin as f32 / WINDOW as f32;
        Complex32::from_polar(self.gain, -turn * self.delay)
    }

    /// Level in microphone 0 over that in microphone 1, in dB.
    pub(crate) fn level_difference_db(&self) -> f32 {
        -20.0 * self.gain.log10()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wearer_is_at_the_upper_end_of_a_vertical_pair() {
        let pair = ArrayGeometry::default();
        let mouth = pair.steering(Target::Wearer);
        assert!(mouth.delay > 0.9 * pair.max_delay() && mouth.delay <= pair.max_delay());
        assert!((1.0..2.5).contains(&mouth.level_difference_db()));
        let front = pair.steering(Target::Front);
        assert!(front.delay < 0.3 * pair.max_delay());
    }

    #[test]
    fn angles_and_delays_agree() {
        let pair = ArrayGeometry { spacing_m: 0.05, axis: Axis::Horizontal };
        for deg in [-90.0, -30.0, 0.0, 45.0, 90.0_f32] {
            let delay = pair.steering(Target::Angle(deg)).delay;
            assert!((pair.angle_of(delay) - deg).abs() < 0.1);
        }
        let odd = ArrayGeometry { spacing_m: f32::NAN, axis: Axis::Vertical };
        assert!(odd.max_delay().is_finite());
        assert_eq!(odd.steering(Target::Angle(f32::NAN)).delay, 0.0);
    }
}
