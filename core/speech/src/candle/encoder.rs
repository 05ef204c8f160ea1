use candle_core::{Device, Tensor};
use confee_models::ggml::WhisperFile;
use rayon::prelude::*;

use super::dense::{Dense, Then, with_slice};
use super::weights::{Norm, Stack, matrix, sized};
use super::{HEAD, failed, simd};
use crate::mel::Mel;
use crate::{SpeechError, Stop};

/// Queries that one task attends with.
const TASK: usize = 128;

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
            norm: Norm::load(file, "encoder.ln_post", state)?,
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
    let weight = Tensor::from_vec(frames, (output, input * 3), &Device::Cpu).map_err(failed)?;
    Ok(Dense::new(weight, sized(file, &format!("{name}.bias"), output)?))
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
            attention_norm: Norm::load(file, &name("attn_ln"), state)?,
            attention: attention.dense()?,
            output: matrix(file, &name("attn.out"), state, state)?.dense()?,
            mlp_norm: Norm::load(file, &name("mlp_ln"), state)?,
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
        attend(attention, state, attended, stop)?;
        self.output.apply(attended, x, Then::Add)?;
        super::check(stop)?;
        self.mlp_norm.apply(x, normed);
        self.expand.apply(normed, wide, Then::Gelu)?;
        super::check(stop)?;
        self.contract.apply(wide, x, Then::Add)
    }
}

/// Attention of all heads. Rows of `x` hold queries, keys and values; scores of one head and 128
/// queries exist at a time, so that they stay in the processor's cache.
fn attend(x: &mut Vec<f32>, state: usize, out: &mut [f32], stop: &Stop) -> Result<(), SpeechError> {
    let rows = x.len() / (3 * state);
    let x = Tensor::from_vec(std::mem::take(x), (rows, 3 * state), &Device::Cpu).map_err(failed)?;
    let tasks = out.par_chunks_mut(TASK * state).enumerate();
    tasks.try_for_each(|(task, out)| {
        let queries = out.len() / state;
        for head in 0..state / HEAD {
            super::check(stop)?;
            let part = |part: usize| x.narrow(1, part * state + head * HEAD, HEAD);
            let query = part(0).and_then(|q| q.narrow(0, task * TASK, queries)).map_err(failed)?;
            let keys = part(1).and_then(|k| k.t()).map_err(failed)?;
            let scores = query.matmul(&keys).map_err(failed)?;
            let mut weights = with_slice(&scores, <[f32]>::to_vec)?;
            drop(scores);
            simd::softmax(&mut weights, rows);
            let weights =
                Tensor::from_vec(weights, (queries, rows), &Device::Cpu).map_err(failed)?;
            let values = part(2).map_err(failed)?;
            let attended = weights.matmul(&values).map_err(failed)?;
            with_slice(&attended, |attended| {
                for (out, attended) in out.chunks_exact_mut(state).zip(attended.chunks_exact(HEAD))
                {
                    out[head * HEAD..(head + 1) * HEAD].copy_from_slice(attended);
                }
            })?;
        }
        Ok(())
    })
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

    #[test]
    fn attention_of_equal_keys_is_the_mean() {
        let rows = 200;
        let state = 64;
        let mut x = vec![0.0; rows * 3 * state];
        for row in 0..rows {
            x[row * 3 * state + 2 * state] = row as f32;
        }
        let mut out = vec![0.0; rows * state];
        attend(&mut x, state, &mut out, &Stop::default()).unwrap();
        assert!((out[0] - 99.5).abs() < 1e-2 && (out[199 * state] - 99.5).abs() < 1e-2);
        assert_eq!(out[1], 0.0);
    }
}
