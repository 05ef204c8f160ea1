use super::MelFilters;

/// Bins of the spectrum of 400 samples.
pub(super) const BINS: usize = 201;

impl MelFilters {
    /// Whisper's filters, for 80 or 128 bands from 0 to 8 kHz: triangles on Slaney's mel scale,
    /// each of the same area. Equal to those that OpenAI ships, to the last bit.
    #[must_use]
    pub fn whisper(mels: usize) -> Self {
        let top = hertz_to_mel(8000.0);
        #[expect(clippy::cast_precision_loss, reason = "some hundred")]
        let step = top / (mels + 1) as f64;
        #[expect(clippy::cast_precision_loss, reason = "some hundred")]
        let edge = |n: usize| mel_to_hertz(if n > mels { top } else { n as f64 * step });
        let edges: Vec<f64> = (0..mels + 2).map(edge).collect();
        let mut weights = Vec::with_capacity(mels * BINS);
        for band in edges.windows(3) {
            let &[low, middle, high] = band else { continue };
            weights
                .extend((0..40 * BINS).step_by(40).map(|hertz| triangle(hertz, low, middle, high)));
        }
        Self { mels, bins: BINS, weights }
    }
}

/// Rounded to 32 bits before and after its norm, as librosa does.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "as librosa")]
fn triangle(hertz: usize, low: f64, middle: f64, high: f64) -> f32 {
    let hertz = hertz as f64;
    let rise = (hertz - low) / (middle - low);
    let fall = (high - hertz) / (high - middle);
    let height = rise.min(fall).max(0.0) as f32;
    (f64::from(height) * (2.0 / (high - low))) as f32
}

const LINEAR_STEP: f64 = 200.0 / 3.0;
const LOG_FROM: f64 = 1000.0;

fn log_step() -> f64 {
    6.4_f64.ln() / 27.0
}

fn hertz_to_mel(hertz: f64) -> f64 {
    if hertz < LOG_FROM {
        return hertz / LINEAR_STEP;
    }
    LOG_FROM / LINEAR_STEP + (hertz / LOG_FROM).ln() / log_step()
}

fn mel_to_hertz(mel: f64) -> f64 {
    let from = LOG_FROM / LINEAR_STEP;
    if mel < from { mel * LINEAR_STEP } else { LOG_FROM * (log_step() * (mel - from)).exp() }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// Hashes of the arrays `mel_80` and `mel_128` of openai-whisper 20250625,
    /// `whisper/assets/mel_filters.npz`, as little-endian bytes, its one negative zero as zero.
    #[test]
    fn filters_are_openais() {
        for (mels, hash) in [
            (80, "85818f156f7e189453901a515e4726d270d307f976e161cf9403e8caab405498"),
            (128, "e399c2d72d2f7375e503c296d8453cefcc0c1e47a9c1a0a09e0d70f59c820f20"),
        ] {
            let filters = MelFilters::whisper(mels);
            assert_eq!(filters.weights.len(), mels * BINS);
            let bytes: Vec<u8> = filters.weights.iter().flat_map(|w| w.to_le_bytes()).collect();
            let found: String =
                Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(found, hash, "{mels} bands");
        }
    }
}
