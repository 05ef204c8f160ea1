//! What the tensors of a ggml file are called elsewhere.

/// A layer, or a part of one: ours, CTranslate2's with which of how many stacked parts it is, and
/// Hugging Face's.
struct Row(&'static str, (&'static str, usize, usize), &'static str);

const BLOCK: [Row; 13] = [
    Row("attn.query", ("self_attention/linear_0", 0, 3), "self_attn.q_proj"),
    Row("attn.key", ("self_attention/linear_0", 1, 3), "self_attn.k_proj"),
    Row("attn.value", ("self_attention/linear_0", 2, 3), "self_attn.v_proj"),
    Row("attn.out", ("self_attention/linear_1", 0, 1), "self_attn.out_proj"),
    Row("attn_ln", ("self_attention/layer_norm", 0, 1), "self_attn_layer_norm"),
    Row("cross_attn.query", ("attention/linear_0", 0, 1), "encoder_attn.q_proj"),
    Row("cross_attn.key", ("attention/linear_1", 0, 2), "encoder_attn.k_proj"),
    Row("cross_attn.value", ("attention/linear_1", 1, 2), "encoder_attn.v_proj"),
    Row("cross_attn.out", ("attention/linear_2", 0, 1), "encoder_attn.out_proj"),
    Row("cross_attn_ln", ("attention/layer_norm", 0, 1), "encoder_attn_layer_norm"),
    Row("mlp.0", ("ffn/linear_0", 0, 1), "fc1"),
    Row("mlp.2", ("ffn/linear_1", 0, 1), "fc2"),
    Row("mlp_ln", ("ffn/layer_norm", 0, 1), "final_layer_norm"),
];

const TOP: [Row; 5] = [
    Row("encoder.conv1", ("encoder/conv1", 0, 1), "encoder.conv1"),
    Row("encoder.conv2", ("encoder/conv2", 0, 1), "encoder.conv2"),
    Row("encoder.ln_post", ("encoder/layer_norm", 0, 1), "encoder.layer_norm"),
    Row("decoder.token_embedding", ("decoder/embeddings", 0, 1), "decoder.embed_tokens"),
    Row("decoder.ln", ("decoder/layer_norm", 0, 1), "decoder.layer_norm"),
];

/// Where a tensor comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) name: String,
    /// Which of the parts that are stacked on rows.
    pub(super) part: usize,
    /// How many there are.
    pub(super) of: usize,
}

/// The variable of CTranslate2 for a tensor of ours.
pub(super) fn ctranslate2(ours: &str) -> Option<Origin> {
    if let Some(side) = ours.strip_suffix(".positional_embedding") {
        let name = format!("{side}/position_encodings/encodings");
        return Some(Origin { name, part: 0, of: 1 });
    }
    let (layer, row, leaf) = find(ours)?;
    let (theirs, part, of) = row.1;
    let leaf = match (theirs.ends_with("layer_norm"), leaf) {
        (true, "weight") => "gamma",
        (true, _) => "beta",
        _ => leaf,
    };
    let name = match layer {
        Some((side, number)) => format!("{side}/layer_{number}/{theirs}/{leaf}"),
        None => format!("{theirs}/{leaf}"),
    };
    Some(Origin { name, part, of })
}

/// The tensor of Hugging Face for one of ours, without the `model.` before it.
pub(super) fn hugging_face(ours: &str) -> Option<Origin> {
    let whole = |name| Some(Origin { name, part: 0, of: 1 });
    if let Some(side) = ours.strip_suffix(".positional_embedding") {
        return whole(format!("{side}.embed_positions.weight"));
    }
    let (layer, row, leaf) = find(ours)?;
    whole(match layer {
        Some((side, number)) => format!("{side}.layers.{number}.{}.{leaf}", row.2),
        None => format!("{}.{leaf}", row.2),
    })
}

type Found<'a> = (Option<(&'a str, &'a str)>, &'static Row, &'a str);

fn find(ours: &str) -> Option<Found<'_>> {
    let (stem, leaf) = ours.rsplit_once('.')?;
    if let Some((side, rest)) = stem.split_once(".blocks.") {
        let (number, part) = rest.split_once('.')?;
        let row = BLOCK.iter().find(|row| row.0 == part)?;
        return Some((Some((side, number)), row, leaf));
    }
    Some((None, TOP.iter().find(|row| row.0 == stem)?, leaf))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::ggml::{TensorKind, WhisperShape};

    #[test]
    fn every_tensor_has_an_origin_of_its_own() {
        let shape = WhisperShape::standard(51_864, 384, 4, TensorKind::F16);
        for names in [ctranslate2, hugging_face] {
            let origins: BTreeSet<_> = shape
                .tensors()
                .iter()
                .map(|slot| names(&slot.name).unwrap())
                .map(|origin| (origin.name, origin.part))
                .collect();
            assert_eq!(origins.len(), shape.tensors().len());
        }
    }

    #[test]
    fn names_are_those_of_real_models() {
        let rows = [
            (
                "encoder.blocks.0.attn.key.weight",
                ("encoder/layer_0/self_attention/linear_0/weight", 1, 3),
                "encoder.layers.0.self_attn.k_proj.weight",
            ),
            (
                "decoder.blocks.3.cross_attn.value.bias",
                ("decoder/layer_3/attention/linear_1/bias", 1, 2),
                "decoder.layers.3.encoder_attn.v_proj.bias",
            ),
            (
                "decoder.blocks.1.mlp_ln.bias",
                ("decoder/layer_1/ffn/layer_norm/beta", 0, 1),
                "decoder.layers.1.final_layer_norm.bias",
            ),
            (
                "decoder.positional_embedding",
                ("decoder/position_encodings/encodings", 0, 1),
                "decoder.embed_positions.weight",
            ),
            (
                "encoder.ln_post.weight",
                ("encoder/layer_norm/gamma", 0, 1),
                "encoder.layer_norm.weight",
            ),
        ];
        for (ours, (name, part, of), hugging) in rows {
            let expected = Origin { name: name.to_owned(), part, of };
            assert_eq!(ctranslate2(ours), Some(expected));
            assert_eq!(hugging_face(ours).unwrap().name, hugging);
        }
    }
}
