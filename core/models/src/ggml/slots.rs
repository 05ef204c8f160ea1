use super::{TensorKind, WhisperShape};

/// A tensor that a model of some shape has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its name, as in OpenAI's checkpoints.
    pub name: String,
    /// Sizes, outermost first.
    pub dims: Vec<usize>,
    /// How it is stored.
    pub kind: TensorKind,
}

impl Slot {
    /// How many numbers it holds.
    #[must_use]
    pub fn numbers(&self) -> usize {
        self.dims.iter().product()
    }
}

impl WhisperShape {
    /// Every tensor of a model of this shape, in the order we write them; readers take any order.
    #[must_use]
    pub fn tensors(&self) -> Vec<Slot> {
        let mut list = List { matrix: self.kind().unwrap_or(TensorKind::F16), slots: Vec::new() };
        list.encoder(self);
        list.decoder(self);
        list.slots
    }
}

struct List {
    matrix: TensorKind,
    slots: Vec<Slot>,
}

impl List {
    fn encoder(&mut self, shape: &WhisperShape) {
        let state = shape.audio_state;
        for (conv, inputs) in [("conv1", shape.mels), ("conv2", state)] {
            let name = format!("encoder.{conv}");
            self.push(format!("{name}.weight"), &[state, inputs, 3], TensorKind::F16);
            self.push(format!("{name}.bias"), &[state, 1], TensorKind::F32);
        }
        self.norm("encoder.ln_post", state);
        let positions = "encoder.positional_embedding".to_owned();
        self.push(positions, &[shape.audio_ctx, state], TensorKind::F32);
        for layer in 0..shape.audio_layers {
            let block = format!("encoder.blocks.{layer}");
            self.attention(&format!("{block}.attn"), state);
            self.feed_forward(&block, state);
        }
    }

    fn decoder(&mut self, shape: &WhisperShape) {
        let state = shape.text_state;
        let tokens = "decoder.token_embedding.weight".to_owned();
        self.push(tokens, &[shape.vocab, state], self.matrix);
        self.norm("decoder.ln", state);
        let positions = "decoder.positional_embedding".to_owned();
        self.push(positions, &[shape.text_ctx, state], TensorKind::F32);
        for layer in 0..shape.text_layers {
            let block = format!("decoder.blocks.{layer}");
            self.attention(&format!("{block}.attn"), state);
            self.attention(&format!("{block}.cross_attn"), state);
            self.feed_forward(&block, state);
        }
    }

    fn attention(&mut self, name: &str, state: usize) {
        self.linear(&format!("{name}.query"), state, state);
        self.push(format!("{name}.key.weight"), &[state, state], self.matrix);
        self.linear(&format!("{name}.value"), state, state);
        self.linear(&format!("{name}.out"), state, state);
        self.norm(&format!("{name}_ln"), state);
    }

    fn feed_forward(&mut self, block: &str, state: usize) {
        self.linear(&format!("{block}.mlp.0"), 4 * state, state);
        self.linear(&format!("{block}.mlp.2"), state, 4 * state);
        self.norm(&format!("{block}.mlp_ln"), state);
    }

    fn linear(&mut self, name: &str, rows: usize, columns: usize) {
        self.push(format!("{name}.weight"), &[rows, columns], self.matrix);
        self.push(format!("{name}.bias"), &[rows], TensorKind::F32);
    }

    fn norm(&mut self, name: &str, state: usize) {
        self.push(format!("{name}.weight"), &[state], TensorKind::F32);
        self.push(format!("{name}.bias"), &[state], TensorKind::F32);
    }

    fn push(&mut self, name: String, dims: &[usize], kind: TensorKind) {
        self.slots.push(Slot { name, dims: dims.to_vec(), kind });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_has_as_many_tensors_as_whisper_cpp_counts() {
        for (state, layers) in [(384, 4), (512, 6), (768, 12), (64, 1)] {
            let shape = WhisperShape::standard(51_864, state, layers, TensorKind::F16);
            let slots = shape.tensors();
            assert_eq!(slots.len(), 11 + 15 * layers + 24 * layers);
            let names: std::collections::BTreeSet<_> = slots.iter().map(|s| &s.name).collect();
            assert_eq!(names.len(), slots.len());
        }
    }

    #[test]
    fn only_matrices_are_quantized() {
        let shape = WhisperShape::standard(51_865, 512, 6, TensorKind::Q8_0);
        for slot in shape.tensors() {
            let matrix = slot.dims.len() == 2
                && slot.dims[1] > 1
                && !slot.name.ends_with("positional_embedding");
            assert_eq!(slot.kind == TensorKind::Q8_0, matrix, "{}", slot.name);
            assert_eq!(slot.kind == TensorKind::F16, slot.dims.len() == 3, "{}", slot.name);
        }
    }
}
