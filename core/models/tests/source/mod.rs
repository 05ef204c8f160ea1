//! A small model as CTranslate2, as Hugging Face and as ourselves would store it, for tests.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;

use confee_models::ggml::{Head, MelFilters, Slot, TensorKind, Weights, WhisperShape, write};
use half::f16;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

/// A tensor of a source: name, sizes, numbers.
pub(crate) type Variable = (String, Vec<usize>, Vec<f32>);

pub(crate) fn small(vocab: usize) -> WhisperShape {
    let shape = WhisperShape::standard(vocab, 64, 1, TensorKind::F16);
    WhisperShape { audio_layers: 2, ..shape }
}

/// Numbers that 16 bits hold, others for each name and place.
fn number(name: &str, place: usize) -> f32 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let mixed =
        (hasher.finish() >> 20).wrapping_add(place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    f32::from((mixed >> 56) as i8) / 64.0
}

pub(crate) fn numbers(name: &str, count: usize) -> Vec<f32> {
    (0..count).map(|place| number(name, place)).collect()
}

struct Made;

impl Weights for Made {
    fn numbers(&mut self, slot: &Slot, first: usize, into: &mut [f32]) -> io::Result<()> {
        for (place, to) in into.iter_mut().enumerate() {
            *to = number(&slot.name, first + place);
        }
        Ok(())
    }
}

/// The file that every import of the model must give.
pub(crate) fn expected(shape: &WhisperShape) -> Vec<u8> {
    let mel = MelFilters::whisper(shape.mels);
    let mut vocabulary = tokens();
    vocabulary.push(if shape.english_only() { b"<|endoftext|>".to_vec() } else { Vec::new() });
    let mut out = Vec::new();
    write(&mut out, Head { shape, mel: &mel, vocabulary: &vocabulary }, &mut Made, &mut |_| ())
        .unwrap();
    out
}

/// The 50256 tokens that GPT-2's encoding has; these are made up, but for all bytes.
fn tokens() -> Vec<Vec<u8>> {
    let words = (0..).map(|n| format!(" w{n}\u{2028}").into_bytes());
    let bytes = (0..=u8::MAX).map(|byte| vec![byte]);
    bytes.chain([b" -".to_vec(), b" '".to_vec()]).chain(words).take(50_256).collect()
}

/// As GPT-2's vocabulary files spell them.
fn spelling() -> Vec<String> {
    let prints = |b: u8| (33..127).contains(&b) || (161..173).contains(&b) || b >= 174;
    let mut next = 0x100;
    let mut table = Vec::new();
    for byte in 0..=u8::MAX {
        table.push(if prints(byte) {
            char::from(byte)
        } else {
            next += 1;
            char::from_u32(next - 1).unwrap()
        });
    }
    let spell = |token: Vec<u8>| token.iter().map(|byte| table[usize::from(*byte)]).collect();
    tokens().into_iter().map(spell).collect()
}

/// As Hugging Face and CTranslate2 list them: English-only models have the end of the text at
/// 50256, the others an empty token there and the end behind.
pub(crate) fn listed(shape: &WhisperShape) -> Vec<String> {
    let mut list = spelling();
    if !shape.english_only() {
        list.push(String::new());
    }
    list.push("<|endoftext|>".to_owned());
    for number in list.len()..shape.vocab {
        list.push(format!("<|{number}|>"));
    }
    list
}

fn slots(shape: &WhisperShape) -> BTreeMap<String, Variable> {
    let named = |slot: Slot| {
        let numbers = numbers(&slot.name, slot.numbers());
        (slot.name.clone(), (slot.name, slot.dims, numbers))
    };
    shape.tensors().into_iter().map(named).collect()
}

/// Two parts under new names, such as weight and bias.
fn pair(ours: &BTreeMap<String, Variable>, from: &str, to: [String; 2]) -> Vec<Variable> {
    let [weight, bias] = to;
    let mut pairs = Vec::new();
    for (leaf, name) in [("weight", weight), ("bias", bias)] {
        let Some((_, dims, numbers)) = ours.get(&format!("{from}.{leaf}")) else { continue };
        let flat = if dims.last() == Some(&1) { vec![dims[0]] } else { dims.clone() };
        pairs.push((name, flat, numbers.clone()));
    }
    pairs
}

pub(crate) fn hugging_face(shape: &WhisperShape) -> Vec<Variable> {
    let ours = slots(shape);
    let mut all = Vec::new();
    let mut linear = |from: &str, to: &str| {
        all.extend(pair(&ours, from, [format!("model.{to}.weight"), format!("model.{to}.bias")]));
    };
    linear("encoder.conv1", "encoder.conv1");
    linear("encoder.conv2", "encoder.conv2");
    linear("encoder.ln_post", "encoder.layer_norm");
    linear("decoder.ln", "decoder.layer_norm");
    linear("decoder.token_embedding", "decoder.embed_tokens");
    for (side, layers) in [("encoder", shape.audio_layers), ("decoder", shape.text_layers)] {
        for n in 0..layers {
            let (from, to) = (format!("{side}.blocks.{n}"), format!("{side}.layers.{n}"));
            for (our, their) in [("attn", "self_attn"), ("cross_attn", "encoder_attn")] {
                for (our_part, their_part) in
                    [("query", "q"), ("key", "k"), ("value", "v"), ("out", "out")]
                {
                    linear(
                        &format!("{from}.{our}.{our_part}"),
                        &format!("{to}.{their}.{their_part}_proj"),
                    );
                }
                linear(&format!("{from}.{our}_ln"), &format!("{to}.{their}_layer_norm"));
            }
            linear(&format!("{from}.mlp.0"), &format!("{to}.fc1"));
            linear(&format!("{from}.mlp.2"), &format!("{to}.fc2"));
            linear(&format!("{from}.mlp_ln"), &format!("{to}.final_layer_norm"));
        }
    }
    for side in ["encoder", "decoder"] {
        let (_, dims, numbers) = ours[&format!("{side}.positional_embedding")].clone();
        all.push((format!("model.{side}.embed_positions.weight"), dims, numbers));
    }
    all
}

pub(crate) fn ctranslate2(shape: &WhisperShape) -> Vec<Variable> {
    let ours = slots(shape);
    let mut all = Vec::new();
    let leaves = |to: &str| {
        let norm = to.ends_with("layer_norm");
        let (weight, bias) = if norm { ("gamma", "beta") } else { ("weight", "bias") };
        [format!("{to}/{weight}"), format!("{to}/{bias}")]
    };
    // Parts stacked on rows; the key's bias is zeros.
    let mut stack = |from: &[String], to: &str| {
        for (leaf, name) in ["weight", "bias"].into_iter().zip(leaves(to)) {
            let parts: Vec<Variable> = from
                .iter()
                .filter_map(|part| match ours.get(&format!("{part}.{leaf}")) {
                    Some(found) => Some(found.clone()),
                    None if part.ends_with("key") => {
                        Some((String::new(), vec![shape.text_state], vec![0.0; shape.text_state]))
                    }
                    None => None,
                })
                .collect();
            let Some((_, dims, _)) = parts.first() else { continue };
            let mut dims = if dims.last() == Some(&1) { vec![dims[0]] } else { dims.clone() };
            dims[0] *= parts.len();
            all.push((name, dims, parts.into_iter().flat_map(|part| part.2).collect()));
        }
    };
    let one = |from: &str| vec![from.to_owned()];
    stack(&one("encoder.conv1"), "encoder/conv1");
    stack(&one("encoder.conv2"), "encoder/conv2");
    stack(&one("encoder.ln_post"), "encoder/layer_norm");
    stack(&one("decoder.ln"), "decoder/layer_norm");
    stack(&one("decoder.token_embedding"), "decoder/embeddings");
    for (side, layers) in [("encoder", shape.audio_layers), ("decoder", shape.text_layers)] {
        for n in 0..layers {
            let (from, to) = (format!("{side}.blocks.{n}"), format!("{side}/layer_{n}"));
            let three = ["query", "key", "value"].map(|part| format!("{from}.attn.{part}"));
            stack(&three, &format!("{to}/self_attention/linear_0"));
            stack(&one(&format!("{from}.attn.out")), &format!("{to}/self_attention/linear_1"));
            stack(&one(&format!("{from}.attn_ln")), &format!("{to}/self_attention/layer_norm"));
            if side == "decoder" {
                let cross = |part: &str| format!("{from}.cross_attn.{part}");
                stack(&[cross("query")], &format!("{to}/attention/linear_0"));
                stack(&[cross("key"), cross("value")], &format!("{to}/attention/linear_1"));
                stack(&[cross("out")], &format!("{to}/attention/linear_2"));
                stack(
                    &one(&format!("{from}.cross_attn_ln")),
                    &format!("{to}/attention/layer_norm"),
                );
            }
            stack(&one(&format!("{from}.mlp.0")), &format!("{to}/ffn/linear_0"));
            stack(&one(&format!("{from}.mlp.2")), &format!("{to}/ffn/linear_1"));
            stack(&one(&format!("{from}.mlp_ln")), &format!("{to}/ffn/layer_norm"));
        }
    }
    for side in ["encoder", "decoder"] {
        let (_, dims, numbers) = ours[&format!("{side}.positional_embedding")].clone();
        all.push((format!("{side}/position_encodings/encodings"), dims, numbers));
    }
    all
}

fn bytes_of(numbers: &[f32], dtype: Dtype) -> Vec<u8> {
    match dtype {
        Dtype::F32 => numbers.iter().flat_map(|number| number.to_le_bytes()).collect(),
        _ => numbers.iter().flat_map(|number| f16::from_f32(*number).to_le_bytes()).collect(),
    }
}

fn text(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len() + 1).unwrap();
    [&length.to_le_bytes(), text.as_bytes(), b"\0"].concat()
}

/// The bytes of a `model.bin`.
pub(crate) fn model_bin(variables: &[Variable]) -> Vec<u8> {
    let scalars = [("decoder/pre_norm", 1), ("encoder/num_heads", 1), ("decoder/activation", 3)];
    let mut bytes =
        [6_u32.to_le_bytes().as_slice(), &text("WhisperSpec"), &3_u32.to_le_bytes()].concat();
    let count = u32::try_from(variables.len() + scalars.len()).unwrap();
    bytes.extend(count.to_le_bytes());
    for (name, value) in scalars {
        bytes.extend([text(name), vec![0, 1, 1, 0, 0, 0, value]].concat());
    }
    for (name, dims, numbers) in variables {
        bytes.extend(text(name));
        bytes.push(u8::try_from(dims.len()).unwrap());
        bytes.extend(dims.iter().flat_map(|dim| u32::try_from(*dim).unwrap().to_le_bytes()));
        bytes.push(4);
        let data = bytes_of(numbers, Dtype::F16);
        bytes.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        bytes.extend(data);
    }
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend([text("decoder/projection/weight"), text("decoder/embeddings/weight")].concat());
    bytes
}

pub(crate) fn write_ctranslate2(folder: &Path, shape: &WhisperShape) {
    fs::write(folder.join("model.bin"), model_bin(&ctranslate2(shape))).unwrap();
    let lines: String = listed(shape).iter().map(|token| format!("{token}\n")).collect();
    fs::write(folder.join("vocabulary.txt"), lines).unwrap();
}

pub(crate) fn write_safetensors(path: &Path, variables: &[Variable], dtype: Dtype) {
    let data: Vec<Vec<u8>> = variables.iter().map(|(_, _, n)| bytes_of(n, dtype)).collect();
    let views = variables.iter().zip(&data).map(|((name, dims, _), data)| {
        (name.clone(), TensorView::new(dtype, dims.clone(), data).unwrap())
    });
    fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}

pub(crate) const CONFIG: &str = r#"{"model_type":"whisper","scale_embedding":false,
    "encoder_attention_heads":1,"decoder_attention_heads":1,"d_model":64}"#;

pub(crate) fn write_vocab_json(folder: &Path, shape: &WhisperShape) {
    fs::write(folder.join("config.json"), CONFIG).unwrap();
    let spelt = if shape.english_only() { 50_257 } else { 50_258 };
    let numbers: BTreeMap<String, usize> =
        listed(shape).into_iter().take(spelt).enumerate().map(|(n, token)| (token, n)).collect();
    fs::write(folder.join("vocab.json"), serde_json::to_vec(&numbers).unwrap()).unwrap();
}

pub(crate) fn write_hugging_face(folder: &Path, shape: &WhisperShape, dtype: Dtype) {
    write_safetensors(&folder.join("model.safetensors"), &hugging_face(shape), dtype);
    write_vocab_json(folder, shape);
}
