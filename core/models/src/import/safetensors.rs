//! Hugging Face's folders: `model.safetensors`, or shards with an index, `config.json` and
//! `vocab.json` or `tokenizer.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use ::safetensors::Dtype;
use ::safetensors::tensor::Metadata;
use serde::Deserialize;

use super::model::{Entries, Entry, Model, Sizes, gather};
use super::{ImportError, json, names, vocabulary};
use crate::ggml::floats::{Float, Stored};
use crate::ggml::reader::Reader;
use crate::ggml::{TensorKind, WhisperShape};

pub(super) const WHOLE: &str = "model.safetensors";
pub(super) const INDEX: &str = "model.safetensors.index.json";
/// Longest table of tensors of a file; large-v3 has 150 kB.
const MAX_TABLE: u64 = 8 << 20;
const MAX_SHARDS: usize = 64;

#[derive(Deserialize)]
struct Config {
    model_type: String,
    #[serde(default)]
    scale_embedding: bool,
    encoder_attention_heads: usize,
    decoder_attention_heads: usize,
}

#[derive(Deserialize)]
struct Index {
    weight_map: BTreeMap<String, String>,
}

pub(super) fn open(folder: &Path, kind: TensorKind) -> Result<Model, ImportError> {
    let config: Config =
        json::read(&folder.join("config.json"))?.ok_or(ImportError::Missing("config.json"))?;
    let (mut entries, mut files) = (Entries::default(), Vec::new());
    for shard in shards(folder)? {
        let file = File::open(folder.join(&shard)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ImportError::Missing("a part of the weights"),
            kind => ImportError::Read(kind),
        })?;
        read_table(&file, files.len(), &mut entries)?;
        files.push(file);
    }
    let layers = |side: &str| entries.layers(|number| format!("{side}.layers.{number}.fc1.weight"));
    let sizes = Sizes {
        conv: entries.dims("encoder.conv1.weight")?,
        tokens: entries.dims("decoder.embed_tokens.weight")?,
        audio_positions: entries.dims("encoder.embed_positions.weight")?,
        text_positions: entries.dims("decoder.embed_positions.weight")?,
        audio_layers: layers("encoder"),
        text_layers: layers("decoder"),
    };
    let shape = sizes.shape(kind)?;
    check_config(&config, &shape)?;
    let weights = gather(&shape, entries, files, names::hugging_face, "proj_out.weight")?;
    let vocabulary = vocabulary::of_hugging_face(folder, &shape)?;
    Ok(Model::new(shape, vocabulary, weights))
}

fn shards(folder: &Path) -> Result<BTreeSet<String>, ImportError> {
    if folder.join(WHOLE).is_file() {
        return Ok([WHOLE.to_owned()].into());
    }
    let index: Index = json::read(&folder.join(INDEX))?.ok_or(ImportError::Missing(WHOLE))?;
    let names: BTreeSet<String> = index.weight_map.into_values().collect();
    let plain = |name: &String| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        name.ends_with(".safetensors") && name.chars().all(allowed)
    };
    if names.is_empty() || names.len() > MAX_SHARDS || !names.iter().all(plain) {
        return Err(ImportError::damaged("the index of its parts is not sound"));
    }
    Ok(names)
}

/// The table that a file begins with; its tensors fill the rest of the file exactly.
fn read_table(file: &File, number: usize, entries: &mut Entries) -> Result<(), ImportError> {
    let mut reader = Reader::new(file).map_err(ImportError::from_reader)?;
    let length = u64::from_le_bytes(reader.array().map_err(ImportError::from_reader)?);
    let size = usize::try_from(length).ok().filter(|_| length <= MAX_TABLE);
    let size = size.ok_or_else(|| ImportError::damaged("its table of tensors is too large"))?;
    let table = reader.bytes(size).map_err(ImportError::from_reader)?;
    let table: Metadata = serde_json::from_slice(&table)
        .map_err(|_| ImportError::damaged("its table of tensors is not sound"))?;
    let start = reader.at();
    reader.skip(table.data_len() as u64).map_err(ImportError::from_reader)?;
    if !reader.at_end() {
        return Err(ImportError::damaged("there is more behind its end"));
    }
    for (name, info) in table.tensors() {
        let float = match info.dtype {
            Dtype::F32 => Float::F32,
            Dtype::F16 => Float::F16,
            Dtype::BF16 => Float::Bf16,
            _ => return Err(ImportError::unfit("is quantized; 16 or 32 bits are needed")),
        };
        let offset = start + info.data_offsets.0 as u64;
        let numbers = (info.data_offsets.1 - info.data_offsets.0) / float.bytes();
        let stored = Stored { file: number, offset, float, numbers };
        let name = name.strip_prefix("model.").unwrap_or(&name).to_owned();
        if entries.all.insert(name, Entry { dims: info.shape.clone(), stored }).is_some() {
            return Err(ImportError::damaged("a tensor is there twice"));
        }
    }
    Ok(())
}

fn check_config(config: &Config, shape: &WhisperShape) -> Result<(), ImportError> {
    let fits = config.model_type == "whisper"
        && !config.scale_embedding
        && config.encoder_attention_heads == shape.audio_heads
        && config.decoder_attention_heads == shape.text_heads;
    if fits { Ok(()) } else { Err(ImportError::unfit("is built unlike a Whisper model")) }
}
