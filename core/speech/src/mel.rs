//! The log-mel spectrogram that Whisper hears, 80 or 128 bands, 100 columns a second.

use std::f32::consts::PI;
use std::sync::Arc;

use confee_models::ggml::MelFilters;
use rayon::prelude::*;
use realfft::{RealFftPlanner, RealToComplex};

use crate::SpeechError;

/// Samples of a frame.
const FRAME: usize = 400;
/// Samples from frame to frame: 10 ms.
const HOP: usize = 160;
/// What silence counts as before its logarithm.
const FLOOR: f32 = 1e-10;
/// Frames that one task computes.
const TASK: usize = 256;

/// Turns sound into Whisper's logarithmic mel spectrogram.
///
/// The figures are those of whisper.cpp's `log_mel_spectrogram`: 30 s of silence follow the sound,
/// the first 200 samples are mirrored before it.
pub(crate) struct MelFrontEnd {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    bands: Vec<Band>,
}

/// The bins of the power spectrum that a band weighs.
struct Band {
    first: usize,
    weights: Vec<f32>,
}

/// A spectrogram, frame by frame.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mel {
    /// Bands of a frame.
    pub(crate) bands: usize,
    /// Frames that hold sound, 10 ms each.
    pub(crate) length: usize,
    /// The frames' bands, in -2.5..: frame 0 first. Some more than `length`.
    pub(crate) frames: Vec<f32>,
    /// What all later frames hold.
    pub(crate) silence: f32,
}

impl MelFrontEnd {
    /// With the filters of a model's file.
    #[must_use]
    pub(crate) fn new(filters: &MelFilters) -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(FRAME);
        let turn = |i: usize| 2.0 * PI * i as f32 / FRAME as f32;
        let window = (0..FRAME).map(|i| 0.5 * (1.0 - turn(i).cos())).collect();
        let bins = filters.bins.max(1);
        let bands = filters.weights.chunks(bins).map(Band::new).collect();
        Self { fft, window, bands }
    }

    /// The spectrogram of 16 kHz sound. Runs in the calling thread's pool.
    ///
    /// # Errors
    /// The filters are of another transform.
    pub(crate) fn spectrogram(&self, pcm: &[f32]) -> Result<Mel, SpeechError> {
        let bands = self.bands.len();
        let computed = (pcm.len() + FRAME / 2) / HOP + 1;
        let padded = padded(pcm, computed);
        let mut frames = vec![0.0; computed * bands];
        let tasks = frames.par_chunks_mut(TASK * bands).enumerate();
        tasks.try_for_each(|(task, out)| self.logarithms(&padded[task * TASK * HOP..], out))?;
        let silence = normalize(&mut frames);
        let length = 1 + pcm.len().saturating_sub(FRAME / 2) / HOP;
        Ok(Mel { bands, length, frames, silence })
    }

    fn logarithms(&self, sound: &[f32], out: &mut [f32]) -> Result<(), SpeechError> {
        let mut input = self.fft.make_input_vec();
        let mut output = self.fft.make_output_vec();
        let mut scratch = self.fft.make_scratch_vec();
        let mut power = vec![0.0; output.len()];
        for (frame, out) in out.chunks_mut(self.bands.len()).enumerate() {
            let sound = &sound[frame * HOP..frame * HOP + FRAME];
            for ((input, sample), weight) in input.iter_mut().zip(sound).zip(&self.window) {
                *input = sample * weight;
            }
            let failed = |_| SpeechError::Engine("Fourier transform".into());
            self.fft.process_with_scratch(&mut input, &mut output, &mut scratch).map_err(failed)?;
            for (power, bin) in power.iter_mut().zip(&output) {
                *power = bin.norm_sqr();
            }
            for (out, band) in out.iter_mut().zip(&self.bands) {
                *out = band.energy(&power).max(FLOOR).log10();
            }
        }
        Ok(())
    }
}

impl Band {
    fn new(row: &[f32]) -> Self {
        let first = row.iter().position(|w| *w != 0.0).unwrap_or(0);
        let last = row.iter().rposition(|w| *w != 0.0).map_or(first, |last| last + 1);
        Self { first, weights: row[first..last].to_vec() }
    }

    fn energy(&self, power: &[f32]) -> f32 {
        let power = power.get(self.first..).unwrap_or_default();
        self.weights.iter().zip(power).map(|(weight, power)| weight * power).sum()
    }
}

impl Mel {
    /// Copies the first `out.len() / bands` frames; silence where there are no more.
    pub(crate) fn fill(&self, out: &mut [f32]) {
        let common = self.frames.len().min(out.len());
        out[..common].copy_from_slice(&self.frames[..common]);
        out[common..].fill(self.silence);
    }
}

/// The sound with its first samples mirrored before it and silence for the last frames.
fn padded(pcm: &[f32], frames: usize) -> Vec<f32> {
    let half = FRAME / 2;
    let mut padded = vec![0.0; (half + pcm.len()).max(frames * HOP + FRAME)];
    for (i, out) in padded[..half].iter_mut().enumerate() {
        *out = pcm.get(half - i).copied().unwrap_or(0.0);
    }
    padded[half..half + pcm.len()].copy_from_slice(pcm);
    padded
}

/// Clamps to 80 dB below the loudest and scales; gives what silence becomes.
fn normalize(frames: &mut [f32]) -> f32 {
    let silence = FLOOR.log10();
    let floor = frames.iter().copied().fold(silence, f32::max) - 8.0;
    let scale = |value: f32| (value.max(floor) + 4.0) / 4.0;
    for value in frames.iter_mut() {
        *value = scale(*value);
    }
    scale(silence)
}

#[cfg(test)]
mod tests;
