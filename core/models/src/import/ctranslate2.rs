//! CTranslate2's `model.bin` of version 6 with a `WhisperSpec` of revision 3, in 16 or 32 bits.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use super::model::{Entries, Entry, Model, Sizes, gather};
use super::{ImportError, names, vocabulary};
use crate::ggml::floats::{Float, Stored};
use crate::ggml::reader::Reader;
use crate::ggml::{GgmlError, TensorKind, WhisperShape};

const VERSION: u32 = 6;
const REVISION: u32 = 3;
/// More variables or aliases than the largest Whisper has.
const MAX_COUNT: usize = 8192;
/// Scalars and the value each must have.
const FLAGS: [(&str, i64); 5] = [
    ("decoder/activation", 3),
    ("decoder/alibi", 0),
    ("decoder/pre_norm", 1),
    ("decoder/scale_embeddings", 0),
    ("decoder/start_from_zero_embedding", 0),
];

/// A folder with `model.bin` and `vocabulary.txt` or `vocabulary.json`.
pub(super) fn open(folder: &Path, kind: TensorKind) -> Result<Model, ImportError> {
    let file = File::open(folder.join("model.bin"))?;
    let (entries, scalars) = read(&file)?;
    let layers =
        |side: &str| entries.layers(|number| format!("{side}/layer_{number}/ffn/linear_0/weight"));
    let sizes = Sizes {
        conv: entries.dims("encoder/conv1/weight")?,
        tokens: entries.dims("decoder/embeddings/weight")?,
        audio_positions: entries.dims("encoder/position_encodings/encodings")?,
        text_positions: entries.dims("decoder/position_encodings/encodings")?,
        audio_layers: layers("encoder"),
        text_layers: layers("decoder"),
    };
    let shape = sizes.shape(kind)?;
    check_scalars(&scalars, &shape)?;
    let output = "decoder/projection/weight";
    let weights = gather(&shape, entries, vec![file], names::ctranslate2, output)?;
    let vocabulary = vocabulary::of_ctranslate2(folder, &shape)?;
    Ok(Model::new(shape, vocabulary, weights))
}

type Scalars = BTreeMap<String, i64>;

fn read(file: impl Read + Seek) -> Result<(Entries, Scalars), ImportError> {
    let mut reader = Reader::new(file).map_err(ImportError::from_reader)?;
    let unfit = || ImportError::unfit("is no Whisper model of CTranslate2 3 or 4");
    if reader.u32().map_err(ImportError::from_reader)? != VERSION {
        return Err(unfit());
    }
    let spec = text(&mut reader).map_err(ImportError::from_reader)?;
    let revision = reader.u32().map_err(ImportError::from_reader)?;
    if spec != "WhisperSpec" || revision != REVISION {
        return Err(unfit());
    }
    read_variables(&mut reader)
}

fn read_variables<R: Read + Seek>(
    reader: &mut Reader<R>,
) -> Result<(Entries, Scalars), ImportError> {
    let (mut entries, mut scalars) = (Entries::default(), Scalars::new());
    let count = reader.size(MAX_COUNT, "the model").map_err(ImportError::from_reader)?;
    for _ in 0..count {
        let (name, variable) = read_variable(reader).map_err(ImportError::from_reader)?;
        let twice = match variable {
            Variable::Scalar(value) => scalars.insert(name, value).is_some(),
            // For word times only; engines have tables of their own.
            _ if name == "decoder/alignment_heads" => false,
            Variable::Floats(entry) => entries.all.insert(name, entry).is_some(),
            Variable::Integers => {
                return Err(ImportError::unfit("is quantized; float16 is needed"));
            }
        };
        if twice {
            return Err(ImportError::damaged("a tensor is there twice"));
        }
    }
    let aliases = read_aliases(reader).map_err(ImportError::from_reader)?;
    for (alias, name) in aliases {
        let Some(entry) = entries.all.get(&name).cloned() else { continue };
        entries.all.entry(alias).or_insert(entry);
    }
    Ok((entries, scalars))
}

enum Variable {
    Scalar(i64),
    Floats(Entry),
    Integers,
}

fn read_variable<R: Read + Seek>(reader: &mut Reader<R>) -> Result<(String, Variable), GgmlError> {
    let wrong = || GgmlError::damaged("a tensor's size cannot be");
    let name = text(reader)?;
    let rank = usize::from(reader.u8()?);
    if rank > 3 {
        return Err(wrong());
    }
    let mut dims = Vec::with_capacity(rank);
    for _ in 0..rank {
        dims.push(reader.size(1 << 20, "a tensor")?);
    }
    let (width, float) = match reader.u8()? {
        0 => (4, Some(Float::F32)),
        1 => (1, None),
        2 => (2, None),
        3 => (4, None),
        4 => (2, Some(Float::F16)),
        5 => (2, Some(Float::Bf16)),
        _ => return Err(GgmlError::damaged("a tensor is of an unknown kind")),
    };
    let bytes = reader.u32()?;
    let numbers = dims.iter().try_fold(1_usize, |n, dim| n.checked_mul(*dim)).ok_or_else(wrong)?;
    if numbers.checked_mul(width).and_then(|n| u32::try_from(n).ok()) != Some(bytes) {
        return Err(wrong());
    }
    let offset = reader.at();
    let variable = match float {
        _ if rank == 0 => return Ok((name, Variable::Scalar(scalar(&reader.bytes(width)?)))),
        Some(float) => {
            Variable::Floats(Entry { dims, stored: Stored { file: 0, offset, float, numbers } })
        }
        None => Variable::Integers,
    };
    reader.skip(u64::from(bytes))?;
    Ok((name, variable))
}

/// A little-endian integer with a sign.
fn scalar(bytes: &[u8]) -> i64 {
    let negative = bytes.last().is_some_and(|byte| *byte >= 0x80);
    let start = if negative { -1 } else { 0 };
    bytes.iter().rev().fold(start, |value, byte| value << 8 | i64::from(*byte))
}

fn read_aliases<R: Read + Seek>(
    reader: &mut Reader<R>,
) -> Result<Vec<(String, String)>, GgmlError> {
    let count = reader.size(MAX_COUNT, "the model")?;
    let mut aliases = Vec::new();
    for _ in 0..count {
        aliases.push((text(reader)?, text(reader)?));
    }
    if !reader.at_end() {
        return Err(GgmlError::damaged("there is more behind its end"));
    }
    Ok(aliases)
}

/// A length that counts the final NUL, and the bytes.
fn text<R: Read + Seek>(reader: &mut Reader<R>) -> Result<String, GgmlError> {
    let length = usize::from(reader.u16()?);
    let mut bytes = reader.bytes(length)?;
    if bytes.pop() != Some(0) {
        return Err(GgmlError::damaged("a name has no end"));
    }
    String::from_utf8(bytes).map_err(|_| GgmlError::damaged("a name is not text"))
}

fn check_scalars(scalars: &Scalars, shape: &WhisperShape) -> Result<(), ImportError> {
    let heads = |heads: usize| i64::try_from(heads).unwrap_or(0);
    let heads = [
        ("encoder/num_heads", heads(shape.audio_heads)),
        ("decoder/num_heads", heads(shape.text_heads)),
    ];
    let fits = |(name, value): &(&str, i64)| scalars.get(*name).is_none_or(|found| found == value);
    if FLAGS.iter().chain(&heads).all(fits) {
        return Ok(());
    }
    Err(ImportError::unfit("is built unlike a Whisper model"))
}
