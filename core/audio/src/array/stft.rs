use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

/// Samples seen by one analysis frame.
pub(crate) const WINDOW: usize = 1024;
/// Samples between frames.
pub(crate) const HOP: usize = 256;
/// Bins of one frame, 0 to 8 kHz.
pub(crate) const BINS: usize = WINDOW / 2 + 1;
/// Samples that one synthesis frame writes; only these delay the sound.
const TAIL: usize = 2 * HOP;
/// Samples by which the output is behind the input.
pub(crate) const DELAY: usize = TAIL - HOP;

/// Louder samples than this are not sound.
const LIMIT: f32 = 8.0;

/// Filter bank of two microphones in, one signal out.
///
/// The analysis looks back 64 ms, so that one coefficient a bin can model a small room's early
/// reflections, while synthesis uses the last 32 ms only: low-delay asymmetric windows after Mauler
/// and Martin, "A low delay, variable resolution, perfect reconstruction spectral analysis-synthesis
/// system for speech enhancement", EUSIPCO 2007.
pub(crate) struct Stft {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    analysis: Vec<f32>,
    synthesis: Vec<f32>,
    history: [Vec<f32>; 2],
    filled: usize,
    frame: Vec<f32>,
    scratch: Vec<Complex32>,
    overlap: Vec<f32>,
    /// The last frame's spectra.
    pub(crate) spectra: [Vec<Complex32>; 2],
    /// What to turn into sound.
    pub(crate) out: Vec<Complex32>,
}

impl Stft {
    pub(crate) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let forward = planner.plan_fft_forward(WINDOW);
        let inverse = planner.plan_fft_inverse(WINDOW);
        let scratch = forward.get_scratch_len().max(inverse.get_scratch_len());
        let (analysis, synthesis) = windows();
        Self {
            forward,
            inverse,
            analysis,
            synthesis,
            history: [vec![0.0; WINDOW], vec![0.0; WINDOW]],
            filled: 0,
            frame: vec![0.0; WINDOW],
            scratch: vec![Complex32::default(); scratch],
            overlap: vec![0.0; TAIL],
            spectra: [vec![Complex32::default(); BINS], vec![Complex32::default(); BINS]],
            out: vec![Complex32::default(); BINS],
        }
    }

    /// Takes samples of both microphones up to the next frame; says how many it took and whether a
    /// frame is ready in `spectra`.
    pub(crate) fn take(&mut self, mics: [&[f32]; 2]) -> (usize, bool) {
        let taken = mics[0].len().min(mics[1].len()).min(HOP - self.filled);
        let at = WINDOW - HOP + self.filled;
        for (history, mic) in self.history.iter_mut().zip(mics) {
            for (kept, &sample) in history[at..at + taken].iter_mut().zip(mic) {
                *kept = if sample.is_finite() { sample.clamp(-LIMIT, LIMIT) } else { 0.0 };
            }
        }
        self.filled += taken;
        let ready = self.filled == HOP;
        if ready {
            self.analyse();
        }
        (taken, ready)
    }

    /// The newest hop of a microphone; valid while a frame is ready.
    pub(crate) fn newest(&self, mic: usize) -> &[f32] {
        let history = &self.history[mic];
        // `analyse` has already moved the history by one hop.
        &history[WINDOW - 2 * HOP..WINDOW - HOP]
    }

    fn analyse(&mut self) {
        for (history, spectrum) in self.history.iter_mut().zip(&mut self.spectra) {
            for ((x, kept), w) in self.frame.iter_mut().zip(history.iter()).zip(&self.analysis) {
                *x = kept * w;
            }
            // Lengths are fixed above, so this cannot fail.
            let done =
                self.forward.process_with_scratch(&mut self.frame, spectrum, &mut self.scratch);
            debug_assert!(done.is_ok());
            history.copy_within(HOP.., 0);
        }
        self.filled = 0;
    }

    /// Turns `out` into the next [`HOP`] samples.
    pub(crate) fn synthesise(&mut self, sound: &mut Vec<f32>) {
        self.out[0].im = 0.0;
        self.out[BINS - 1].im = 0.0;
        let done =
            self.inverse.process_with_scratch(&mut self.out, &mut self.frame, &mut self.scratch);
        debug_assert!(done.is_ok());
        let newest = &self.frame[WINDOW - TAIL..];
        for ((sum, x), w) in self.overlap.iter_mut().zip(newest).zip(&self.synthesis) {
            *sum += x * w;
        }
        sound.extend_from_slice(&self.overlap[..HOP]);
        self.overlap.copy_within(HOP.., 0);
        self.overlap[TAIL - HOP..].fill(0.0);
    }
}

/// Analysis window, and the tail of the synthesis window scaled for the inverse transform.
fn windows() -> (Vec<f32>, Vec<f32>) {
    let hann = |n: usize, length: usize| {
        let phase = std::f32::consts::TAU * (n as f32 + 0.5) / length as f32;
        0.5 - 0.5 * phase.cos()
    };
    let rise = WINDOW - HOP;
    let analysis: Vec<f32> = (0..WINDOW)
        .map(|n| if n < rise { hann(n, 2 * rise) } else { hann(n + 2 * HOP - WINDOW, TAIL) })
        .map(f32::sqrt)
        .collect();
    let synthesis =
        (0..TAIL).map(|n| hann(n, TAIL) / analysis[WINDOW - TAIL + n] / WINDOW as f32).collect();
    (analysis, synthesis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_later() {
        let mut rng = fastrand::Rng::with_seed(1);
        let sound: Vec<f32> = (0..HOP * 12).map(|_| rng.f32() - 0.5).collect();
        let mut bank = Stft::new();
        let mut out = Vec::new();
        let mut rest = sound.as_slice();
        while !rest.is_empty() {
            let (taken, ready) = bank.take([rest, rest]);
            rest = &rest[taken..];
            if ready {
                let newest = HOP * (out.len() / HOP);
                assert_eq!(bank.newest(0), &sound[newest..newest + HOP]);
                bank.out.copy_from_slice(&bank.spectra[1]);
                bank.synthesise(&mut out);
            }
        }
        assert_eq!(out.len(), sound.len());
        for (n, x) in out.iter().enumerate().skip(DELAY) {
            assert!((x - sound[n - DELAY]).abs() < 1e-5, "sample {n}");
        }
    }
}
