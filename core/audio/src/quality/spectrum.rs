use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

use super::frame::{FRAME, RATE_HZ};

/// Two frames of 20 ms: 25 Hz a bin.
const WINDOW: usize = 2 * FRAME;
/// Above this frequency lies what makes consonants clear, and what cloth takes away.
const HIGH_HZ: f32 = 2_000.0;
/// Rubbish below any microphone's range.
const LOWEST_HZ: f32 = 20.0;

/// Mean power of one window by frequency band, relative to full scale.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Bands {
    /// Below `wind_deep_hz`.
    pub(super) deep: f32,
    /// Below `wind_below_hz`, the deep part included.
    pub(super) low: f32,
    /// Above 2 kHz.
    pub(super) high: f32,
    /// All of it.
    pub(super) all: f32,
}

/// Splits windows of 40 ms, half overlapping, into bands.
pub(super) struct Spectrum {
    fft: Arc<dyn RealToComplex<f32>>,
    hann: Vec<f32>,
    previous: [f32; FRAME],
    windowed: Vec<f32>,
    bins: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    deep_hz: f32,
    low_hz: f32,
}

impl Spectrum {
    pub(super) fn new(deep_hz: f32, low_hz: f32) -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(WINDOW);
        let turn = std::f32::consts::TAU / WINDOW as f32;
        Self {
            hann: (0..WINDOW).map(|i| 0.5 - 0.5 * (turn * i as f32).cos()).collect(),
            previous: [0.0; FRAME],
            windowed: fft.make_input_vec(),
            bins: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            fft,
            deep_hz,
            low_hz,
        }
    }

    /// The bands of the frame before and this one together.
    pub(super) fn bands(&mut self, frame: &[f32; FRAME]) -> Bands {
        let both = self.previous.iter().chain(frame);
        // A constant offset would leak into the lowest bins.
        let mean = both.clone().sum::<f32>() / WINDOW as f32;
        for ((to, from), weight) in self.windowed.iter_mut().zip(both).zip(&self.hann) {
            *to = (from - mean) * weight;
        }
        self.previous = *frame;
        let fft = &self.fft;
        if fft.process_with_scratch(&mut self.windowed, &mut self.bins, &mut self.scratch).is_err()
        {
            return Bands::default();
        }
        self.sum()
    }

    fn sum(&self) -> Bands {
        let mut bands = Bands::default();
        let width = RATE_HZ as f32 / WINDOW as f32;
        // Two sides, the window's mean square of 3/8, and the transform's length twice.
        let scale = 2.0 / (0.375 * (WINDOW * WINDOW) as f32);
        for (index, bin) in self.bins.iter().enumerate() {
            let hz = index as f32 * width;
            let power = bin.norm_sqr() * scale;
            if hz < LOWEST_HZ {
                continue;
            }
            bands.all += power;
            if hz <= self.deep_hz {
                bands.deep += power;
            }
            if hz <= self.low_hz {
                bands.low += power;
            }
            if hz >= HIGH_HZ {
                bands.high += power;
            }
        }
        bands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_sine(hz: f32) -> Bands {
        let mut spectrum = Spectrum::new(80.0, 150.0);
        let mut frames = [[0.0; FRAME]; 2];
        for (i, sample) in frames.iter_mut().flatten().enumerate() {
            *sample = 0.3 + 0.5 * (std::f32::consts::TAU * hz * i as f32 / RATE_HZ as f32).sin();
        }
        spectrum.bands(&frames[0]);
        spectrum.bands(&frames[1])
    }

    #[test]
    fn a_sine_on_an_offset_lies_in_its_band() {
        let power = 0.125;
        for (hz, deep, low, high) in [
            (50.0, 1.0, 1.0, 0.0),
            (110.0, 0.0, 1.0, 0.0),
            (500.0, 0.0, 0.0, 0.0),
            (3000.0, 0.0, 0.0, 1.0),
        ] {
            let bands = of_sine(hz);
            for (name, found, share) in
                [("deep", bands.deep, deep), ("low", bands.low, low), ("high", bands.high, high)]
            {
                assert!(
                    (found / power - share).abs() < 0.1,
                    "{name} of {hz} Hz: {}",
                    found / power
                );
            }
            assert!((bands.all / power - 1.0).abs() < 0.05, "{hz} Hz: {}", bands.all / power);
        }
    }
}
