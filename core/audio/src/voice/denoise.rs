use nnnoiseless::DenoiseState;

use super::sane;
use crate::decode::{ResampleError, Resampler};

/// The network was trained on this rate and on samples of this size.
const INNER_HZ: u32 = 48_000;
const INNER_SCALE: f32 = 32_768.0;
const HZ: u32 = 16_000;

/// Takes noise out of 16 kHz sound with RNNoise's network (nnnoiseless). For levels and playback
/// only, never for the recogniser: denoisers remove what they take for noise, soft consonants
/// too, and leave spectra that no recogniser was trained on. Published measurements before
/// Whisper-like recognisers find a fifth more word errors and worse.
///
/// As many samples come out as go in, at the same time of the stream.
pub struct Denoiser {
    state: Box<DenoiseState<'static>>,
    up: Resampler,
    down: Resampler,
    /// 48 kHz, still noisy.
    noisy: Vec<f32>,
    clean: Vec<f32>,
    frame: Vec<f32>,
    /// Samples of 48 kHz that the network is behind, still to be left out.
    late: usize,
    taken: u64,
    given: u64,
    probability: f32,
}

impl Denoiser {
    /// A denoiser that has heard nothing.
    ///
    /// # Errors
    /// None with the rates in use; the resamplers' own.
    pub fn new() -> Result<Self, ResampleError> {
        Ok(Self {
            state: DenoiseState::new(),
            up: Resampler::new(HZ, INNER_HZ)?,
            down: Resampler::new(INNER_HZ, HZ)?,
            noisy: Vec::new(),
            clean: Vec::new(),
            frame: vec![0.0; DenoiseState::FRAME_SIZE],
            late: DenoiseState::FRAME_SIZE,
            taken: 0,
            given: 0,
            probability: 0.0,
        })
    }

    /// Takes samples of any number and appends those that are ready to `out`, about 60 ms behind.
    pub fn process(&mut self, input: &[f32], out: &mut Vec<f32>) {
        self.taken += input.len() as u64;
        self.up.process(input, &mut self.noisy);
        self.run();
        let before = out.len();
        self.down.process(&self.clean, out);
        self.clean.clear();
        out.iter_mut().skip(before).for_each(|s| *s = sane(*s));
        self.given += (out.len() - before) as u64;
    }

    /// Appends what is left and starts anew.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        let whole = usize::try_from(self.taken - self.given).unwrap_or(usize::MAX);
        let before = out.len();
        let end = before.saturating_add(whole);
        self.up.finish(&mut self.noisy);
        let padded = self.noisy.len().div_ceil(DenoiseState::FRAME_SIZE) + 1;
        self.noisy.resize(padded * DenoiseState::FRAME_SIZE, 0.0);
        self.run();
        self.down.process(&self.clean, out);
        self.down.finish(out);
        out.truncate(end);
        out.iter_mut().skip(before).for_each(|s| *s = sane(*s));
        self.clean.clear();
        self.state = DenoiseState::new();
        self.late = DenoiseState::FRAME_SIZE;
        (self.taken, self.given, self.probability) = (0, 0, 0.0);
    }

    /// The network's own probability of speech in the newest 10 ms, 0 to 1.
    #[must_use]
    pub const fn speech_probability(&self) -> f32 {
        self.probability
    }

    fn run(&mut self) {
        let (frames, rest) = self.noisy.as_chunks_mut::<{ DenoiseState::FRAME_SIZE }>();
        let left = rest.len();
        for frame in frames {
            frame.iter_mut().for_each(|s| *s = sane(*s) * INNER_SCALE);
            self.probability = self.state.process_frame(&mut self.frame, frame);
            let skipped = self.late.min(self.frame.len());
            self.late -= skipped;
            let fresh = self.frame.iter().skip(skipped);
            self.clean.extend(fresh.map(|s| sane(*s / INNER_SCALE)));
        }
        let used = self.noisy.len() - left;
        self.noisy.drain(..used);
    }
}
