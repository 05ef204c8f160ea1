use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::reader::Reader;
use super::{GgmlError, MelFilters, Slot, Tensor, TensorKind, WhisperShape, mel};

/// "ggml" as whisper.cpp writes it.
pub(super) const MAGIC: u32 = 0x6767_6d6c;
/// Longest token in bytes; GPT-2's longest has 128.
const MAX_TOKEN: usize = 256;
/// Longest name of a tensor.
const MAX_NAME: usize = 128;
/// Tokens that whisper.cpp looks up without checking that they are there.
const NEEDED: [&[u8]; 3] = [b" ", b" -", b" '"];

/// What a model's file holds, checked: header, filters, vocabulary and where each tensor's data
/// lies. The data itself is looked at by [`verify_data`](Self::verify_data).
#[derive(Debug, Clone, PartialEq)]
pub struct Contents {
    pub(super) shape: WhisperShape,
    pub(super) mel: MelFilters,
    pub(super) vocabulary: Vec<Vec<u8>>,
    pub(super) tensors: BTreeMap<String, Tensor>,
}

impl Contents {
    /// Reads and checks all but the tensors' data. Takes some megabytes at most, whatever the
    /// source claims.
    ///
    /// # Errors
    /// Anything but a whole Whisper model whose tensors are exactly those of its shape, stored as
    /// whisper.cpp expects them, with nothing behind.
    pub fn read(source: impl Read + Seek) -> Result<Self, GgmlError> {
        let mut reader = Reader::new(source)?;
        if reader.u32()? != MAGIC {
            return Err(GgmlError::Magic);
        }
        let mut header = [0; 11];
        for number in &mut header {
            *number = reader.i32()?;
        }
        let shape = WhisperShape::from_header(header)?;
        let mel = read_mel(&mut reader, &shape)?;
        let vocabulary = read_vocabulary(&mut reader, &shape)?;
        let tensors = read_tensors(&mut reader, &shape)?;
        Ok(Self { shape, mel, vocabulary, tensors })
    }

    /// The network's sizes.
    #[must_use]
    pub fn shape(&self) -> &WhisperShape {
        &self.shape
    }

    /// The filters of its front end.
    #[must_use]
    pub fn mel(&self) -> &MelFilters {
        &self.mel
    }

    /// Bytes of each token by its number; special tokens above have none.
    #[must_use]
    pub fn vocabulary(&self) -> &[Vec<u8>] {
        &self.vocabulary
    }

    /// The tensors by name, such as `encoder.conv1.weight`.
    #[must_use]
    pub fn tensors(&self) -> &BTreeMap<String, Tensor> {
        &self.tensors
    }
}

fn read_mel<R: Read + Seek>(
    reader: &mut Reader<R>,
    shape: &WhisperShape,
) -> Result<MelFilters, GgmlError> {
    let what = "the mel filter";
    let (mels, bins) = (reader.size(128, what)?, reader.size(mel::BINS, what)?);
    if mels != shape.mels || bins != mel::BINS {
        return Err(GgmlError::damaged("its mel filters do not fit"));
    }
    let bytes = reader.bytes(mels * bins * 4)?;
    let weights: Vec<f32> =
        bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    if !weights.iter().all(|weight| weight.is_finite()) {
        return Err(GgmlError::damaged("its mel filters are not numbers"));
    }
    Ok(MelFilters { mels, bins, weights })
}

fn read_vocabulary<R: Read + Seek>(
    reader: &mut Reader<R>,
    shape: &WhisperShape,
) -> Result<Vec<Vec<u8>>, GgmlError> {
    let count = reader.size(shape.vocab, "the vocabulary")?;
    if count < WhisperShape::SPELT - 1 {
        return Err(GgmlError::damaged("its vocabulary is too small"));
    }
    let mut vocabulary = Vec::new();
    let mut missing = NEEDED.to_vec();
    for _ in 0..count {
        let length = reader.size(MAX_TOKEN, "a token")?;
        let token = reader.bytes(length)?;
        missing.retain(|needed| *needed != token);
        vocabulary.push(token);
    }
    if !missing.is_empty() {
        return Err(GgmlError::damaged("its vocabulary lacks the space or the dash"));
    }
    Ok(vocabulary)
}

fn read_tensors<R: Read + Seek>(
    reader: &mut Reader<R>,
    shape: &WhisperShape,
) -> Result<BTreeMap<String, Tensor>, GgmlError> {
    if reader.at_end() {
        return Err(GgmlError::damaged("it holds no weights"));
    }
    let slots = shape.tensors();
    let mut expected: BTreeMap<&str, &Slot> =
        slots.iter().map(|slot| (slot.name.as_str(), slot)).collect();
    let mut tensors = BTreeMap::new();
    while !expected.is_empty() {
        let (name, found) = read_tensor(reader)?;
        let Some(slot) = expected.remove(name.as_str()) else {
            return Err(GgmlError::damaged("a tensor is there twice or belongs to no such model"));
        };
        check(slot, &found)?;
        reader.skip(found.bytes as u64)?;
        tensors.insert(name, found);
    }
    if !reader.at_end() {
        return Err(GgmlError::damaged("there is more behind its end"));
    }
    Ok(tensors)
}

fn read_tensor<R: Read + Seek>(reader: &mut Reader<R>) -> Result<(String, Tensor), GgmlError> {
    let rank = reader.size(3, "a tensor")?;
    let length = reader.size(MAX_NAME, "a tensor's name")?;
    let kind = TensorKind::from_code(reader.i32()?)
        .ok_or(GgmlError::Unsupported("has a tensor of a kind that is not run here"))?;
    let mut dims = Vec::with_capacity(rank);
    for _ in 0..rank {
        dims.push(reader.size(1 << 20, "a tensor")?);
    }
    dims.reverse();
    let name = String::from_utf8(reader.bytes(length)?)
        .map_err(|_| GgmlError::damaged("a tensor's name is not text"))?;
    let bytes = Tensor::size(kind, &dims)?;
    Ok((name, Tensor { kind, dims, offset: reader.at(), bytes }))
}

fn check(slot: &Slot, found: &Tensor) -> Result<(), GgmlError> {
    let name = &slot.name;
    if found.dims != slot.dims {
        return Err(GgmlError::Damaged(format!("{name} has other sizes than the model")));
    }
    if found.kind == slot.kind {
        return Ok(());
    }
    let (found, expected) = (found.kind.name(), slot.kind.name());
    Err(GgmlError::Damaged(format!("{name} is stored as {found} instead of {expected}")))
}
