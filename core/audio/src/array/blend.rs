use realfft::num_complex::Complex32;

use crate::array::stft::BINS;

/// Share of the past in the averages (2.5 s).
const MEMORY: f32 = 0.9935;
/// Target frames fainter than this share of the mean are pauses.
const PAUSE: f32 = 0.1;
/// Noise over target, in dB, from which the beam is used, and from which it is used alone.
const FROM_DB: f32 = -22.5;
const FULL_DB: f32 = -18.0;
/// Weight of frames before there is any share (0.7 s), and of pauses that count for little.
const BEGUN: f32 = 0.25;
const FEW: f32 = 0.03;
/// How fast the share follows.
const FOLLOW: f32 = 0.12;

/// Decides how much of the beam to use.
///
/// What the beam takes out may be noise, or in a quiet room nothing but echoes of the target
/// itself, which are better left in. Echoes fall silent with the target, noise does not, and it
/// comes from elsewhere: only what is taken out while the target pauses and the sound comes from
/// another direction counts as noise.
#[derive(Debug, Clone, Default)]
pub(crate) struct Blend {
    frames: f32,
    target: f32,
    pauses: f32,
    noise: f32,
    share: f32,
}

impl Blend {
    /// The share of the beam, 0 to 1, for a frame, what the beam makes of it, and whether the frame
    /// comes from elsewhere than the target (0 or 1, or between).
    pub(crate) fn update(
        &mut self,
        heard: &[Complex32],
        beam: &[Complex32],
        off_target: f32,
    ) -> f32 {
        let (mut target, mut rest) = (0.0, 0.0);
        for (x, y) in heard.iter().zip(beam) {
            target += y.norm_sqr();
            rest += (x - y).norm_sqr();
        }
        let (target, rest) = (target / BINS as f32, rest / BINS as f32);
        let fade = |sum: &mut f32, x: f32| *sum = MEMORY * *sum + (1.0 - MEMORY) * x;
        fade(&mut self.frames, 1.0);
        fade(&mut self.target, target);
        let faint = target / (PAUSE * self.target / self.frames + 1e-12);
        let pause = (1.0 + faint * faint).recip();
        fade(&mut self.pauses, pause);
        fade(&mut self.noise, pause * off_target.clamp(0.0, 1.0) * rest);
        self.share += FOLLOW * (self.wanted() - self.share);
        self.share
    }

    fn wanted(&self) -> f32 {
        if self.frames < BEGUN {
            return 0.0;
        }
        let noise = self.noise / (self.pauses + FEW);
        let target = self.target / self.frames;
        let db = 10.0 * (noise / (target + 1e-12) + 1e-9).log10();
        ((db - FROM_DB) / (FULL_DB - FROM_DB)).clamp(0.0, 1.0)
    }

    /// Forgets everything.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share_after(off: f32, removed: impl Fn(usize, f32) -> f32) -> f32 {
        let mut blend = Blend::default();
        let mut share = 0.0;
        for n in 0..300 {
            let loud = if n / 12 % 2 == 0 { 1.0 } else { 0.05 };
            let beam = [Complex32::new(loud, 0.0); BINS];
            let heard = [Complex32::new(loud + removed(n, loud), 0.0); BINS];
            share = blend.update(&heard, &beam, off);
        }
        share
    }

    #[test]
    fn echoes_of_the_target_are_left_in_and_noise_is_not() {
        assert!(share_after(1.0, |_, _| 0.0) < 0.01);
        assert!(share_after(1.0, |_, loud| 0.5 * loud) < 0.01);
        assert!(share_after(1.0, |_, _| 0.7) > 0.99);
        assert!(share_after(0.0, |_, _| 0.7) < 0.01);
        assert!(share_after(1.0, |n, _| if n / 17 % 2 == 0 { 1.0 } else { 0.1 }) > 0.9);
    }
}
