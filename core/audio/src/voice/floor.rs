/// Brings the noise below speech to one level before a detector hears it. The detector was found
/// to take loud steady noise (above about -20 dBFS) for speech and to miss quiet speech (below
/// about -60 dBFS), while it tells both well at the level in between.
pub(super) struct FloorGain {
    /// The least power of each of the last stretches; the first is the running one.
    minima: [f32; STRETCHES],
    frames: u32,
    /// Unset before the first frame.
    gain: Option<f32>,
}

/// 1.5 s in all: longer than a word, so that speech itself does not count as noise.
const STRETCHES: usize = 6;
const FRAMES: u32 = 16;
/// Where the noise is brought to: -42 dBFS.
const TARGET: f32 = 0.008;
/// Least and most gain: -40 and 10 dB.
const RANGE: (f32, f32) = (0.01, 3.2);

impl FloorGain {
    pub(super) const fn new() -> Self {
        Self { minima: [f32::INFINITY; STRETCHES], frames: 0, gain: None }
    }

    pub(super) fn apply(&mut self, frame: &mut [f32]) {
        let power = frame.iter().map(|s| s * s).sum::<f32>() / frame.len().max(1) as f32;
        if self.frames == FRAMES {
            self.minima.rotate_right(1);
            self.minima[0] = f32::INFINITY;
            self.frames = 0;
        }
        self.minima[0] = self.minima[0].min(power);
        self.frames += 1;
        let floor = self.minima.iter().copied().fold(f32::INFINITY, f32::min).sqrt();
        let gain = (TARGET / floor.max(1e-6)).clamp(RANGE.0, RANGE.1);
        let from = self.gain.replace(gain).unwrap_or(gain);
        let step = (gain - from) / frame.len().max(1) as f32;
        for (at, sample) in frame.iter_mut().enumerate() {
            *sample = (*sample * step.mul_add(at as f32 + 1.0, from)).clamp(-1.0, 1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_noise_comes_to_the_target_and_bursts_do_not_count() {
        let mut floor = FloorGain::new();
        for at in 0..300 {
            let loud = at % 40 > 30;
            let mut frame = [if loud { 0.8 } else { 0.1 }; 256];
            floor.apply(&mut frame);
            assert!(loud || (frame[255] - TARGET).abs() < 1e-4, "{at}: {}", frame[255]);
        }
        for _ in 0..100 {
            floor.apply(&mut [0.4; 256]);
        }
        assert!((floor.gain.unwrap() - TARGET / 0.4).abs() < 1e-4);
        floor.apply(&mut [0.0; 256]);
        assert_eq!(floor.gain, Some(RANGE.1));
    }
}
