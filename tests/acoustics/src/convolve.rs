//! Fast convolution of long sounds with short responses.

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// A response, ready to be convolved with sounds block by block (overlap-add).
pub struct Convolver {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    spectrum: Vec<Complex32>,
    block: usize,
    size: usize,
}

impl Convolver {
    /// Prepares a response of any length.
    #[must_use]
    pub fn new(response: &[f32]) -> Self {
        let size = (4 * response.len().max(256)).next_power_of_two();
        let mut planner = RealFftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(size), planner.plan_fft_inverse(size));
        let mut padded = response.to_vec();
        padded.resize(size, 0.0);
        let mut spectrum = forward.make_output_vec();
        // The buffers come from the plan, so their lengths are right.
        let _ = forward.process(&mut padded, &mut spectrum);
        let block = size + 1 - response.len().max(1);
        Self { forward, inverse, spectrum, block, size }
    }

    /// The sound through the response, as long as the sound: what rings on after it is cut off.
    #[must_use]
    pub fn apply(&self, sound: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; sound.len()];
        let mut time = self.forward.make_input_vec();
        let mut bins = self.forward.make_output_vec();
        for (index, block) in sound.chunks(self.block).enumerate() {
            time.fill(0.0);
            time.iter_mut().zip(block).for_each(|(t, s)| *t = *s);
            let _ = self.forward.process(&mut time, &mut bins);
            bins.iter_mut().zip(&self.spectrum).for_each(|(b, s)| *b *= s);
            let _ = self.inverse.process(&mut bins, &mut time);
            let scale = 1.0 / self.size as f32;
            let rest = out.iter_mut().skip(index * self.block);
            rest.zip(&time).for_each(|(o, t)| *o += t * scale);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_sum_of_products() {
        let mut rng = fastrand::Rng::with_seed(3);
        for (sound, response) in [(5, 1), (1, 700), (4_000, 300), (3_000, 2_999), (0, 7)] {
            let mut noise = |n: usize| -> Vec<f32> { (0..n).map(|_| rng.f32() - 0.5).collect() };
            let (sound, response) = (noise(sound), noise(response));
            let fast = Convolver::new(&response).apply(&sound);
            assert_eq!(fast.len(), sound.len());
            for (n, y) in fast.iter().enumerate() {
                let slow: f32 =
                    response.iter().take(n + 1).enumerate().map(|(k, h)| h * sound[n - k]).sum();
                assert!((y - slow).abs() < 1e-3, "{n}: {y} {slow}");
            }
        }
    }
}
