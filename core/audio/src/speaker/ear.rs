use std::f32::consts::TAU;
use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

/// Samples of a frame: 16 ms.
pub(super) const FRAME: usize = 256;
/// Bands of about equal width to the ear.
pub(super) const BANDS: usize = 16;
const RATE: usize = 16_000;
const WINDOW: usize = 2 * FRAME;
/// Twice the window, so that the correlation does not wrap.
const LENGTH: usize = 2 * WINDOW;
const EDGES_HZ: (f32, f32) = (100.0, 7_000.0);
/// Periods of voices in samples, 400 to 70 Hz.
const PERIODS: std::ops::Range<usize> = RATE / 400..RATE / 70;
/// What pitch is sought in.
const PITCH_BINS: std::ops::Range<usize> = 60 * LENGTH / RATE..1_200 * LENGTH / RATE;

/// What is heard in one frame and the one before.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Heard {
    /// Power by band, relative to full scale.
    pub(super) bands: [f32; BANDS],
    /// Pitch in Hz.
    pub(super) pitch_hz: f32,
    /// How periodic it is, 0 to 1.
    pub(super) voiced: f32,
}

/// Bands and pitch of frames.
pub(super) struct Ear {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    hann: Vec<f32>,
    /// Correlation of the window with itself.
    bias: Vec<f32>,
    /// Band below each bin and the share that goes to the band above it.
    places: Vec<Option<(usize, f32)>>,
    previous: [f32; FRAME],
    time: Vec<f32>,
    bins: Vec<Complex32>,
    scratch: Vec<Complex32>,
}

impl Ear {
    pub(super) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let (forward, inverse) =
            (planner.plan_fft_forward(LENGTH), planner.plan_fft_inverse(LENGTH));
        let hann: Vec<f32> = (0..WINDOW)
            .map(|n| 0.5 - 0.5 * (TAU * (n as f32 + 0.5) / WINDOW as f32).cos())
            .collect();
        let bias = (0..PERIODS.end + 1)
            .map(|lag| hann.iter().zip(&hann[lag..]).map(|(a, b)| a * b).sum())
            .collect();
        let scratch = forward.get_scratch_len().max(inverse.get_scratch_len());
        Self {
            time: forward.make_input_vec(),
            bins: forward.make_output_vec(),
            scratch: vec![Complex32::default(); scratch],
            forward,
            inverse,
            hann,
            bias,
            places: places(),
            previous: [0.0; FRAME],
        }
    }

    pub(super) fn hear(&mut self, frame: &[f32; FRAME]) -> Heard {
        let both = self.previous.iter().chain(frame);
        for ((to, from), weight) in self.time.iter_mut().zip(both).zip(&self.hann) {
            *to = from * weight;
        }
        self.time[WINDOW..].fill(0.0);
        self.previous = *frame;
        let (time, bins, scratch) = (&mut self.time, &mut self.bins, &mut self.scratch);
        // Lengths are fixed above, so this cannot fail.
        let done = self.forward.process_with_scratch(time, bins, scratch);
        debug_assert!(done.is_ok());
        let bands = self.bands();
        let (pitch_hz, voiced) = self.pitch();
        Heard { bands, pitch_hz, voiced }
    }

    fn bands(&self) -> [f32; BANDS] {
        let mut bands = [0.0; BANDS];
        // Two sides, the window's mean square of 3/8, and its length in the zero-padded transform.
        let scale = 2.0 / (0.375 * (WINDOW * LENGTH) as f32);
        for (bin, place) in self.bins.iter().zip(&self.places) {
            if let Some((below, share)) = *place {
                let power = bin.norm_sqr() * scale;
                bands[below] += (1.0 - share) * power;
                bands[(below + 1).min(BANDS - 1)] += share * power;
            }
        }
        bands
    }

    /// Highest peak of the autocorrelation, freed of the window's.
    fn pitch(&mut self) -> (f32, f32) {
        for (at, bin) in self.bins.iter_mut().enumerate() {
            let kept = PITCH_BINS.contains(&at);
            *bin = Complex32::new(if kept { bin.norm_sqr() } else { 0.0 }, 0.0);
        }
        let (time, bins, scratch) = (&mut self.time, &mut self.bins, &mut self.scratch);
        let done = self.inverse.process_with_scratch(bins, time, scratch);
        debug_assert!(done.is_ok());
        let zero = self.time[0];
        if zero <= 1e-9 {
            return (0.0, 0.0);
        }
        let height = |lag: usize| self.time[lag] / self.bias[lag] * self.bias[0] / zero;
        let peak = |lag: &usize| height(*lag) > height(lag - 1) && height(*lag) >= height(lag + 1);
        let peaks = || PERIODS.filter(peak).map(|lag| (lag, height(lag)));
        let highest = peaks().map(|(_, height)| height).fold(0.0, f32::max);
        // The first of nearly equal peaks: later ones are its multiples.
        let first = peaks().find(|(_, height)| *height > 0.87 * highest);
        first.map_or((0.0, 0.0), |(lag, height)| (RATE as f32 / lag as f32, height.clamp(0.0, 1.0)))
    }
}

fn mel(hz: f32) -> f32 {
    (1.0 + hz / 700.0).ln()
}

fn places() -> Vec<Option<(usize, f32)>> {
    let (low, high) = (mel(EDGES_HZ.0), mel(EDGES_HZ.1));
    let place = |bin: usize| {
        let hz = (bin * RATE) as f32 / LENGTH as f32;
        let at = (mel(hz) - low) / (high - low) * (BANDS - 1) as f32;
        (EDGES_HZ.0..EDGES_HZ.1).contains(&hz).then(|| (at as usize, at.fract()))
    };
    (0..=LENGTH / 2).map(place).collect()
}

/// Middle of a band in Hz.
pub(super) fn middle_hz(band: usize) -> f32 {
    let (low, high) = (mel(EDGES_HZ.0), mel(EDGES_HZ.1));
    let at = low + (high - low) * band as f32 / (BANDS - 1) as f32;
    700.0 * (at.exp() - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hum(hz: f32) -> Heard {
        let mut ear = Ear::new();
        let wave = |n: usize| {
            let turn = TAU * hz * n as f32 / RATE as f32;
            (1..8).map(|k| 0.1 / k as f32 * (k as f32 * turn).sin()).sum::<f32>()
        };
        let mut heard = Heard::default();
        for at in 0..4 {
            heard = ear.hear(&std::array::from_fn(|n| wave(at * FRAME + n)));
        }
        heard
    }

    #[test]
    fn pitch_is_that_of_the_hum() {
        for hz in [80.0, 110.0, 155.0, 210.0, 330.0_f32] {
            let heard = hum(hz);
            assert!((heard.pitch_hz / hz - 1.0).abs() < 0.03, "{hz}: {heard:?}");
            assert!(heard.voiced > 0.8, "{hz}: {heard:?}");
        }
    }

    #[test]
    fn bands_hold_the_power_of_a_tone_where_it_is() {
        let mut ear = Ear::new();
        for hz in [300.0, 1_000.0, 3_000.0_f32] {
            let tone = |n: usize| 0.5 * (TAU * hz * n as f32 / RATE as f32).sin();
            ear.hear(&std::array::from_fn(tone));
            let heard = ear.hear(&std::array::from_fn(|n| tone(FRAME + n)));
            let all: f32 = heard.bands.iter().sum();
            assert!((all / 0.125 - 1.0).abs() < 0.05, "{hz}: {all}");
            let near = (0..BANDS)
                .min_by(|a, b| (middle_hz(*a) - hz).abs().total_cmp(&(middle_hz(*b) - hz).abs()))
                .unwrap();
            assert!(heard.bands[near] > 0.4 * all, "{hz}: {heard:?}");
        }
    }

    #[test]
    fn silence_has_neither_power_nor_pitch() {
        let heard = Ear::new().hear(&[0.0; FRAME]);
        assert_eq!((heard.bands, heard.pitch_hz, heard.voiced), ([0.0; BANDS], 0.0, 0.0));
    }
}
