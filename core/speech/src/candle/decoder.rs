use confee_kernels::{Dense, Norm, Then, simd};
use confee_models::ggml::WhisperFile;
use rayon::prelude::*;

use super::quantized::Quantized;
use super::weights::{Stack, matrix, norm, sized};
use super::{HEAD, SCALE};
use crate::{SpeechError, Stop};

/// The half of Whisper that writes.
pub(super) struct Decoder {
    state: usize,
    context: usize,
    embedding: Quantized,
    positions: Vec<f32>,
    layers: Vec<Layer>,
    norm: Norm,
    /// Heads that follow the sound: layer and head.
    alignment: Vec<(usize, usize)>,
}

struct Layer {
    attention_norm: Norm,
    attention: Quantized,
    output: Quantized,
    cross_norm: Norm,
    cross_query: Quantized,
    cross_key: Dense,
    cross_value: Dense,
    cross_output: Quantized,
    mlp_norm: Norm,
    expand: Quantized,
    contract: Quantized,
}

/// What was heard, as the decoder's layers look at it: per layer and head, keys with a row a
/// dimension, values with a row a position.
pub(super) struct Sound {
    positions: usize,
    layers: Vec<(Vec<f32>, Vec<f32>)>,
}

/// What was written so far. Keys have a row a dimension of each head, values a row a token.
pub(super) struct Text {
    tokens: usize,
    layers: Vec<(Vec<f32>, Vec<f32>)>,
    buffers: Buffers,
    /// Weights of the alignment heads over the sound's positions for the last token.
    pub(super) alignment: Vec<f32>,
}

#[derive(Default)]
struct Buffers {
    normed: Vec<f32>,
    attention: Vec<f32>,
    attended: Vec<f32>,
    wide: Vec<f32>,
    scores: Vec<f32>,
}

impl Text {
    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.tokens = 0;
    }
}

impl Decoder {
    pub(super) fn load(file: &WhisperFile) -> Result<Self, SpeechError> {
        let shape = file.shape();
        let state = shape.text_state;
        let layers = (0..shape.text_layers).map(|layer| Layer::load(file, layer, state));
        let embedding = Stack::new(state);
        let embedding = embedding.push(file, "decoder.token_embedding", shape.vocab, 1.0)?;
        Ok(Self {
            state,
            context: shape.text_ctx,
            embedding: embedding.quantized(),
            positions: sized(file, "decoder.positional_embedding", shape.text_ctx * state)?,
            layers: layers.collect::<Result<_, _>>()?,
            norm: norm(file, "decoder.ln", state)?,
            alignment: super::align::heads(shape),
        })
    }

    /// An empty text.
    pub(super) fn text(&self) -> Text {
        let cache = || (vec![0.0; self.context * self.state], vec![0.0; self.context * self.state]);
        let layers = self.layers.iter().map(|_| cache()).collect();
        Text { tokens: 0, layers, buffers: Buffers::default(), alignment: Vec::new() }
    }

    /// Heads in [`Text::alignment`].
    pub(super) fn alignment_heads(&self) -> usize {
        self.alignment.len()
    }

    /// Prepares encoded sound.
    pub(super) fn sound(&self, encoded: &[f32], stop: &Stop) -> Result<Sound, SpeechError> {
        let positions = encoded.len() / self.state;
        let layers = self.layers.iter().map(|layer| {
            super::check(stop)?;
            let keys = layer.cross_key.transposed_product(encoded)?;
            let mut rows = Vec::new();
            layer.cross_value.apply(encoded, &mut rows, Then::Store)?;
            Ok((keys, by_head(&rows, self.state)))
        });
        Ok(Sound { positions, layers: layers.collect::<Result<_, SpeechError>>()? })
    }

    /// Writes tokens after the text; gives the logits of what follows the last one and, if asked,
    /// of what follows the one at `also`.
    pub(super) fn write(
        &self,
        sound: &Sound,
        text: &mut Text,
        tokens: &[u32],
        also: Option<usize>,
        stop: &Stop,
    ) -> Result<[Vec<f32>; 2], SpeechError> {
        if text.tokens + tokens.len() > self.context {
            return Err(SpeechError::Engine("text too long".into()));
        }
        let mut x = self.embed(tokens, text.tokens);
        text.alignment.clear();
        text.alignment.resize(self.alignment.len() * sound.positions, 0.0);
        for (index, layer) in self.layers.iter().enumerate() {
            super::check(stop)?;
            layer.apply(self, index, sound, text, &mut x)?;
        }
        text.tokens += tokens.len();
        let mut logits = [Vec::new(), Vec::new()];
        for (row, logits) in [Some(tokens.len() - 1), also].into_iter().zip(&mut logits) {
            if let Some(x) = row.and_then(|row| x.chunks_exact(self.state).nth(row)) {
                self.norm.apply(x, &mut text.buffers.normed);
                self.embedding.apply(&text.buffers.normed, logits, Then::Store)?;
            }
        }
        Ok(logits)
    }

    fn embed(&self, tokens: &[u32], from: usize) -> Vec<f32> {
        let mut x = vec![0.0; tokens.len() * self.state];
        let positions = self.positions.chunks_exact(self.state).skip(from);
        for ((x, token), position) in x.chunks_exact_mut(self.state).zip(tokens).zip(positions) {
            self.embedding.unpack(*token as usize, x);
            for (x, position) in x.iter_mut().zip(position) {
                *x += position;
            }
        }
        x
    }
}

impl Layer {
    fn load(file: &WhisperFile, layer: usize, state: usize) -> Result<Self, SpeechError> {
        let name = |part: &str| format!("decoder.blocks.{layer}.{part}");
        let square = |part: &str| matrix(file, &name(part), state, state);
        // The scale of attention is put into the query's weights.
        let attention = Stack::new(state)
            .push(file, &name("attn.query"), state, SCALE)?
            .push(file, &name("attn.key"), state, 1.0)?
            .push(file, &name("attn.value"), state, 1.0)?;
        let query = Stack::new(state).push(file, &name("cross_attn.query"), state, SCALE)?;
        Ok(Self {
            attention_norm: norm(file, &name("attn_ln"), state)?,
            attention: attention.quantized(),
            output: square("attn.out")?.quantized(),
            cross_norm: norm(file, &name("cross_attn_ln"), state)?,
            cross_query: query.quantized(),
            cross_key: square("cross_attn.key")?.dense()?,
            cross_value: square("cross_attn.value")?.dense()?,
            cross_output: square("cross_attn.out")?.quantized(),
            mlp_norm: norm(file, &name("mlp_ln"), state)?,
            expand: matrix(file, &name("mlp.0"), 4 * state, state)?.quantized(),
            contract: matrix(file, &name("mlp.2"), state, 4 * state)?.quantized(),
        })
    }

    fn apply(
        &self,
        decoder: &Decoder,
        index: usize,
        sound: &Sound,
        text: &mut Text,
        x: &mut Vec<f32>,
    ) -> Result<(), SpeechError> {
        let state = decoder.state;
        let Text { tokens, layers, buffers, alignment } = text;
        let Buffers { normed, attention, attended, wide, scores } = buffers;
        let (Some((keys, values)), Some(heard)) = (layers.get_mut(index), sound.layers.get(index))
        else {
            return Err(SpeechError::Engine("caches".into()));
        };
        self.attention_norm.apply(x, normed);
        self.attention.apply(normed, attention, Then::Store)?;
        remember(attention, *tokens, decoder, keys, values);
        attended.resize(x.len(), 0.0);
        for (i, (row, out)) in
            attention.chunks(3 * state).zip(attended.chunks_mut(state)).enumerate()
        {
            let seen = *tokens + i + 1;
            attend(&row[..state], keys, values, decoder.context, seen, scores, out);
        }
        self.output.apply(attended, x, Then::Add)?;
        self.cross_norm.apply(x, normed);
        self.cross_query.apply(normed, attention, Then::Store)?;
        look(attention, heard, sound.positions, state, scores, attended);
        keep_alignment(decoder, index, sound.positions, scores, alignment);
        self.cross_output.apply(attended, x, Then::Add)?;
        self.mlp_norm.apply(x, normed);
        self.expand.apply(normed, wide, Then::Gelu)?;
        self.contract.apply(wide, x, Then::Add)
    }
}

/// Puts keys and values of new tokens into the caches.
fn remember(rows: &[f32], from: usize, decoder: &Decoder, keys: &mut [f32], values: &mut [f32]) {
    let (state, context) = (decoder.state, decoder.context);
    for (i, row) in rows.chunks_exact(3 * state).enumerate() {
        for (d, key) in row[state..2 * state].iter().enumerate() {
            keys[d * context + from + i] = *key;
        }
        for (head, value) in row[2 * state..].chunks_exact(HEAD).enumerate() {
            let at = (head * context + from + i) * HEAD;
            values[at..at + HEAD].copy_from_slice(value);
        }
    }
}

/// Attention of one row over `seen` columns of keys and rows of values. The weights stay in
/// `scores`, head by head.
fn attend(
    query: &[f32],
    keys: &[f32],
    values: &[f32],
    stride: usize,
    seen: usize,
    scores: &mut Vec<f32>,
    out: &mut [f32],
) {
    scores.resize(query.len() / HEAD * seen, 0.0);
    let heads = query.chunks_exact(HEAD).zip(scores.chunks_exact_mut(seen));
    let caches = keys.chunks_exact(HEAD * stride).zip(values.chunks_exact(HEAD * stride));
    for (((query, scores), (keys, values)), out) in
        heads.zip(caches).zip(out.chunks_exact_mut(HEAD))
    {
        simd::scores(query, keys, stride, scores);
        simd::softmax(scores, seen);
        simd::weighted::<HEAD>(scores, values, out);
    }
}

/// Attention of each row over the sound. The last row's weights stay in `scores`.
fn look(
    queries: &[f32],
    (keys, values): &(Vec<f32>, Vec<f32>),
    positions: usize,
    state: usize,
    scores: &mut Vec<f32>,
    out: &mut [f32],
) {
    let rows = queries.chunks_exact(state).zip(out.chunks_exact_mut(state));
    let count = rows.len();
    if count > 1 {
        rows.take(count - 1).par_bridge().for_each_init(Vec::new, |scores, (query, out)| {
            attend(query, keys, values, positions, positions, scores, out);
        });
    }
    let last = (count - 1) * state;
    attend(&queries[last..], keys, values, positions, positions, scores, &mut out[last..]);
}

fn keep_alignment(decoder: &Decoder, index: usize, positions: usize, from: &[f32], to: &mut [f32]) {
    let heads = decoder.alignment.iter().zip(to.chunks_exact_mut(positions));
    for ((_, head), to) in heads.filter(|((layer, _), _)| *layer == index) {
        if let Some(weights) = from.chunks_exact(positions).nth(*head) {
            to.copy_from_slice(weights);
        }
    }
}

/// Rows of all heads to rows head by head.
fn by_head(rows: &[f32], state: usize) -> Vec<f32> {
    let head = |head: usize| {
        let rows = rows.chunks_exact(state);
        rows.flat_map(move |row| row[head * HEAD..(head + 1) * HEAD].iter().copied())
    };
    (0..state / HEAD).flat_map(head).collect()
}
