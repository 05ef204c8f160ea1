use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _};

/// Why a rate cannot be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResampleError {
    /// A rate that no microphone has.
    #[error("a rate of {hz} samples a second cannot be resampled; use one from 4000 to 192000")]
    Rate {
        /// The rate.
        hz: u32,
    },
    /// The two rates have no block in common of a sensible size.
    #[error("{from_hz} to {to_hz} samples a second cannot be resampled; use a common rate")]
    Ratio {
        /// Rate of the input.
        from_hz: u32,
        /// Rate of the output.
        to_hz: u32,
    },
}

/// Input of about 21 ms is transformed at a time.
const BLOCKS_PER_SECOND: u32 = 47;
/// Two rates without a common divisor would need a block of seconds.
const MAX_BLOCK: usize = 16_384;

/// Changes the rate of one channel, in a stream: any number of samples in, a block's worth out
/// whenever one is full. In all, `round(input * to / from)` samples come out and none is late:
/// sample n of the output belongs to the time of sample `n * from / to` of the input. Samples that
/// are not finite count as 0.
pub struct Resampler {
    ratio: f64,
    fft: Option<Fft<f32>>,
    waiting: Vec<f32>,
    block_out: Vec<f32>,
    /// Samples of the filter's delay still to be left out.
    late: usize,
    taken: u64,
    given: u64,
}

impl Resampler {
    /// A resampler between two rates in samples a second, each 4000 to 192000.
    ///
    /// # Errors
    /// A rate out of that range, or two with nothing in common.
    pub fn new(from_hz: u32, to_hz: u32) -> Result<Self, ResampleError> {
        let odd = [from_hz, to_hz].into_iter().find(|hz| !(4_000..=192_000).contains(hz));
        if let Some(hz) = odd {
            return Err(ResampleError::Rate { hz });
        }
        let ratio = f64::from(to_hz) / f64::from(from_hz);
        let mut new = Self {
            ratio,
            fft: None,
            waiting: Vec::new(),
            block_out: Vec::new(),
            late: 0,
            taken: 0,
            given: 0,
        };
        if from_hz != to_hz {
            new.plan(from_hz, to_hz)?;
        }
        Ok(new)
    }

    fn plan(&mut self, from_hz: u32, to_hz: u32) -> Result<(), ResampleError> {
        let no_plan = ResampleError::Ratio { from_hz, to_hz };
        let common = gcd(from_hz, to_hz);
        if (2 * from_hz.max(to_hz) / common) as usize > MAX_BLOCK {
            return Err(no_plan);
        }
        // Of an even number of smallest blocks, so that the delay is a whole number of samples.
        let pair = 2 * from_hz / common;
        let block = ((from_hz / BLOCKS_PER_SECOND).div_ceil(pair) * pair) as usize;
        let (from, to) = (from_hz as usize, to_hz as usize);
        let fft = Fft::new(from, to, block, 1, FixedSync::Both).map_err(|_| no_plan)?;
        self.waiting.reserve(fft.input_frames_max());
        self.block_out.resize(fft.output_frames_max(), 0.0);
        self.late = fft.output_delay();
        self.fft = Some(fft);
        Ok(())
    }

    /// Takes samples and appends those that are ready to `out`.
    pub fn process(&mut self, input: &[f32], out: &mut Vec<f32>) {
        self.taken += input.len() as u64;
        let Some(block) = self.fft.as_ref().map(rubato::Resampler::input_frames_next) else {
            self.given += input.len() as u64;
            return out.extend(input.iter().map(|s| finite(*s)));
        };
        let mut rest = input;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(block - self.waiting.len()));
            self.waiting.extend(now.iter().map(|s| finite(*s)));
            rest = later;
            if self.waiting.len() == block {
                self.transform(u64::MAX, out);
            }
        }
    }

    /// Appends what is left and starts anew.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        let whole = (self.taken as f64 * self.ratio).round() as u64;
        while self.given < whole {
            let block = self.fft.as_ref().map_or(0, rubato::Resampler::input_frames_next);
            self.waiting.resize(block, 0.0);
            let before = self.given;
            self.transform(whole, out);
            if self.given == before {
                break;
            }
        }
        self.waiting.clear();
        (self.taken, self.given) = (0, 0);
        if let Some(fft) = &mut self.fft {
            fft.reset();
            self.late = fft.output_delay();
        }
    }

    fn transform(&mut self, whole: u64, out: &mut Vec<f32>) {
        let Some(fft) = &mut self.fft else { return };
        let (length_in, length_out) = (self.waiting.len(), self.block_out.len());
        // The sizes are those the transform asked for, so neither the views nor it can fail.
        let Ok(from) = InterleavedSlice::new(&self.waiting, 1, length_in) else { return };
        let Ok(mut to) = InterleavedSlice::new_mut(&mut self.block_out, 1, length_out) else {
            return;
        };
        let made = fft.process_into_buffer(&from, &mut to, None).map_or(0, |(_, made)| made);
        self.waiting.clear();
        let skipped = self.late.min(made);
        self.late -= skipped;
        let room = usize::try_from(whole - self.given).unwrap_or(usize::MAX);
        let fresh = self.block_out.get(skipped..made).unwrap_or_default();
        let fresh = &fresh[..fresh.len().min(room)];
        self.given += fresh.len() as u64;
        out.extend_from_slice(fresh);
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn finite(sample: f32) -> f32 {
    if sample.is_finite() { sample } else { 0.0 }
}
