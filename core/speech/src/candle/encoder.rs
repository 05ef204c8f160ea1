use confee_kernels::{Dense, Heads, Norm, Then, attend};
use confee_models::ggml::WhisperFile;

use super::weights::{Stack, matrix, norm, sized};
use super::{HEAD, check};
use crate::mel::Mel;
use crate::{SpeechError, Stop};

/// The half of Whisper that listens.
pub(super) struct Encoder {
    state: usize,
    bands: usize,
    conv1: Dense,
    conv2: Dense,
    positions: Vec<f32>,
    layers: Vec<Layer>,
    norm: Norm,
}

struct Layer {
    attention_norm: Norm,
    attention: Dense,
    output: Dense,
    mlp_norm: Norm,
    expand: Dense,
    contract: Dense,
}

impl Encoder {
    pub(super) fn load(file: &WhisperFile) -> Result<Self, SpeechError> {
        let shape = file.shape();
        let state = shape.audio_state;
        let layers = (0..shape.audio_layers).map(|layer| Layer::load(file, layer, state));
        Ok(Self {
            state,
            bands: shape.mels,
            conv1: convolution(file, "encoder.conv1", shape.mels, state)?,
            conv2: convolution(file, "encoder.conv2", state, state)?,
            positions: sized(file, "encoder.positional_embedding", shape.audio_ctx * state)?,
            layers: layers.collect::<Result<_, _>>()?,
            norm: norm(file, "encoder.ln_post", state)?,
        })
    }

    /// Encodes so many positions (20 ms each): a row each.
    pub(super) fn encode(
        &self,
        mel: &Mel,
        positions: usize,
        stop: &Stop,
    ) -> Result<Vec<f32>, SpeechError> {
        let mut x = self.convolve(mel, positions)?;
        for (x, position) in x.iter_mut().zip(&self.positions) {
            *x += position;
        }
        let mut buffers = Buffers::default();
        for layer in &self.layers {
            layer.apply(&mut x, self.state, &mut buffers, stop)?;
        }
        let mut out = Vec::new();
        self.norm.apply(&x, &mut out);
        Ok(out)
    }

    fn convolve(&self, mel: &Mel, positions: usize) -> Result<Vec<f32>, SpeechError> {
        // A frame of zeros stands on each side.
        let mut frames = vec![0.0; (2 * positions + 2) * self.bands];
        mel.fill(&mut frames[self.bands..(2 * positions + 1) * self.bands]);
        let mut wide = Vec::new();
        let mut x = vec![0.0; self.state];
        let columns = neighbours(&frames, self.bands, 1);
        self.conv1.apply(&columns, &mut wide, Then::Gelu)?;
        x.extend_from_slice(&wide);
        x.resize(x.len() + self.state, 0.0);
        let columns = neighbours(&x, self.state, 2);
        self.conv2.apply(&columns, &mut wide, Then::Gelu)?;
        wide.truncate(positions * self.state);
        Ok(wide)
    }
}

/// Each `stride`-th frame with the one before and after it.
fn neighbours(frames: &[f32], width: usize, stride: usize) -> Vec<f32> {
    let starts = (0..frames.len().saturating_sub(3 * width) + 1).step_by(stride * width);
    starts.flat_map(|start| &frames[start..start + 3 * width]).copied().collect()
}

/// A convolution over three frames as a matrix whose columns go frame by frame.
fn convolution(
    file: &WhisperFile,
    name: &str,
    input: usize,
    output: usize,
) -> Result<Dense, SpeechError> {
    let weight = sized(file, &format!("{name}.weight"), output * input * 3)?;
    let mut frames = vec![0.0; weight.len()];
    for (row, out) in weight.chunks_exact(input * 3).zip(frames.chunks_exact_mut(input * 3)) {
        for (i, weight) in row.iter().enumerate() {
            out[i % 3 * input + i / 3] = *weight;
        }
    }
    Ok(Dense::new(frames, sized(file, &format!("{name}.bias"), output)?)?)
}

#[derive(Default)]
struct Buffers {
    normed: Vec<f32>,
    attention: Vec<f32>,
    attended: Vec<f32>,
    wide: Vec<f32>,
}

impl Layer {
    fn load(file: &WhisperFile, layer: usize, state: usize) -> Result<Self, SpeechError> {
        let name = |part: &str| format!("encoder.blocks.{layer}.{part}");
        // The scale of attention is put into the query's weights.
        let attention = Stack::new(state)
            .push(file, &name("attn.query"), state, super::SCALE)?
            .push(file, &name("attn.key"), state, 1.0)?
            .push(file, &name("attn.value"), state, 1.0)?;
        Ok(Self {
            attention_norm: norm(file, &name("attn_ln"), state)?,
            attention: attention.dense()?,
            output: matrix(file, &name("attn.out"), state, state)?.dense()?,
            mlp_norm: norm(file, &name("mlp_ln"), state)?,
            expand: matrix(file, &name("mlp.0"), 4 * state, state)?.dense()?,
            contract: matrix(file, &name("mlp.2"), state, 4 * state)?.dense()?,
        })
    }

    fn apply(
        &self,
        x: &mut Vec<f32>,
        state: usize,
        buffers: &mut Buffers,
        stop: &Stop,
    ) -> Result<(), SpeechError> {
        let Buffers { normed, attention, attended, wide } = buffers;
        self.attention_norm.apply(x, normed);
        self.attention.apply(normed, attention, Then::Store)?;
        attended.resize(x.len(), 0.0);
        attend(attention, Heads { state, head: HEAD }, attended, || check(stop))?;
        self.output.apply(attended, x, Then::Add)?;
        check(stop)?;
        self.mlp_norm.apply(x, normed);
        self.expand.apply(normed, wide, Then::Gelu)?;
        check(stop)?;
        Ok(self.contract.apply(wide, x, Then::Add)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_by_one_and_two() {
        let frames: Vec<f32> = (0..12).map(|v| v as f32).collect();
        let one = neighbours(&frames, 2, 1);
        assert_eq!(one.len(), 4 * 6);
        assert_eq!(one[6..12], [2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        assert_eq!(neighbours(&frames, 2, 2).len(), 2 * 6);
    }
}
