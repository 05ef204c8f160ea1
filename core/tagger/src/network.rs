//! BERT's encoder with a linear head for each question.

use confee_kernels::{Dense, Heads, Norm, Then, attend};

use crate::error::TaggerError;
use crate::file::{Matrix, ModelFile, damaged};

/// Most of anything that a header may ask for.
const MOST_WIDTH: usize = 1024;
const MOST_LAYERS: usize = 24;
const MOST_TOKENS: usize = 512;

/// The encoder and its heads.
pub(crate) struct Network {
    file: ModelFile,
    words: Matrix,
    vocabulary: usize,
    positions: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    heads: Heads,
}

struct Layer {
    attention: Dense,
    output: Dense,
    attention_norm: Norm,
    expand: Dense,
    contract: Dense,
    norm: Norm,
}

#[derive(Default)]
struct Buffers {
    attention: Vec<f32>,
    attended: Vec<f32>,
    wide: Vec<f32>,
    sum: Vec<f32>,
}

impl Network {
    pub(crate) fn load(file: ModelFile, vocabulary: usize) -> Result<Self, TaggerError> {
        let width = file.number("embedding_length", MOST_WIDTH)?;
        let count = file.number("attention.head_count", width)?;
        let layers = file.number("block_count", MOST_LAYERS)?;
        let wide = file.number("feed_forward_length", 4 * MOST_WIDTH)?;
        let positions = file.number("context_length", MOST_TOKENS)?;
        if !width.is_multiple_of(count) {
            return Err(damaged("attention.head_count"));
        }
        let heads = Heads { state: width, head: width / count };
        let layers = (0..layers).map(|layer| Layer::load(&file, layer, heads, wide));
        Ok(Self {
            words: file.matrix("words", vocabulary, width)?,
            vocabulary,
            positions: file.numbers("positions.weight", positions * width)?,
            norm: norm(&file, "norm", width)?,
            layers: layers.collect::<Result<_, _>>()?,
            heads,
            file,
        })
    }

    /// Width of a hidden state.
    pub(crate) fn width(&self) -> usize {
        self.heads.state
    }

    /// Most tokens of a window.
    pub(crate) fn length(&self) -> usize {
        self.positions.len() / self.heads.state
    }

    /// A linear head with so many outputs.
    pub(crate) fn head(&self, name: &str, outputs: usize) -> Result<Dense, TaggerError> {
        dense(&self.file, &format!("heads.{name}"), outputs, self.width())
    }

    /// Hidden states of one window, a row a token.
    pub(crate) fn encode(&self, tokens: &[u32]) -> Result<Vec<f32>, TaggerError> {
        let width = self.width();
        let mut x = vec![0.0; tokens.len().min(self.length()) * width];
        for ((row, token), position) in
            x.chunks_exact_mut(width).zip(tokens).zip(self.positions.chunks_exact(width))
        {
            self.file.row(&self.words, (*token as usize).min(self.vocabulary - 1), row);
            row.iter_mut().zip(position).for_each(|(x, position)| *x += position);
        }
        let mut normed = Vec::new();
        self.norm.apply(&x, &mut normed);
        let mut buffers = Buffers::default();
        for layer in &self.layers {
            layer.apply(&mut normed, self.heads, &mut buffers)?;
        }
        Ok(normed)
    }
}

impl Layer {
    fn load(
        file: &ModelFile,
        layer: usize,
        heads: Heads,
        wide: usize,
    ) -> Result<Self, TaggerError> {
        let name = |part: &str| format!("layers.{layer}.{part}");
        let width = heads.state;
        // The scale of attention is put into the query's weights.
        let scale = (heads.head as f32).sqrt().recip();
        let (mut weight, mut bias) = (Vec::new(), Vec::new());
        for (part, factor) in [("query", scale), ("key", 1.0), ("value", 1.0)] {
            let numbers = file.numbers(&format!("{}.weight", name(part)), width * width)?;
            weight.extend(numbers.iter().map(|n| n * factor));
            let numbers = file.numbers(&format!("{}.bias", name(part)), width)?;
            bias.extend(numbers.iter().map(|n| n * factor));
        }
        Ok(Self {
            attention: Dense::new(weight, bias)?,
            output: dense(file, &name("output"), width, width)?,
            attention_norm: norm(file, &name("attention_norm"), width)?,
            expand: dense(file, &name("expand"), wide, width)?,
            contract: dense(file, &name("contract"), width, wide)?,
            norm: norm(file, &name("norm"), width)?,
        })
    }

    fn apply(
        &self,
        x: &mut Vec<f32>,
        heads: Heads,
        buffers: &mut Buffers,
    ) -> Result<(), TaggerError> {
        let Buffers { attention, attended, wide, sum } = buffers;
        self.attention.apply(x, attention, Then::Store)?;
        attended.resize(x.len(), 0.0);
        attend(attention, heads, attended, || Ok::<_, TaggerError>(()))?;
        self.output.apply(attended, x, Then::Add)?;
        self.attention_norm.apply(x, sum);
        self.expand.apply(sum, wide, Then::Gelu)?;
        self.contract.apply(wide, sum, Then::Add)?;
        self.norm.apply(sum, x);
        Ok(())
    }
}

fn dense(
    file: &ModelFile,
    name: &str,
    outputs: usize,
    inputs: usize,
) -> Result<Dense, TaggerError> {
    let weight = file.numbers(&format!("{name}.weight"), outputs * inputs)?;
    Ok(Dense::new(weight, file.numbers(&format!("{name}.bias"), outputs)?)?)
}

fn norm(file: &ModelFile, name: &str, width: usize) -> Result<Norm, TaggerError> {
    let weight = file.numbers(&format!("{name}.weight"), width)?;
    Ok(Norm { weight, bias: file.numbers(&format!("{name}.bias"), width)? })
}
