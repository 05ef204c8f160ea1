//! The model's file: GGUF with `f32` and Q8_0 tensors, written by `models/training/export.py`.

use std::borrow::Cow;
use std::io::Cursor;

use candle_core::quantized::GgmlDType;
use candle_core::quantized::gguf_file::{Content, TensorInfo, Value};
use half::f16;
use sha2::{Digest, Sha256};

use crate::error::TaggerError;

const ARCHITECTURE: &str = "confee-extractor";
/// Larger is no model of ours.
const MOST_BYTES: usize = 64 << 20;
/// Numbers and bytes of a block of Q8_0: a scale in `f16`, then 32 signed bytes.
const BLOCK: (usize, usize) = (32, 34);

/// A model's file whose header was read.
pub(crate) struct ModelFile {
    bytes: Cow<'static, [u8]>,
    content: Content,
}

impl ModelFile {
    /// Checks the hash, if one is given, and reads the header.
    pub(crate) fn open(
        bytes: Cow<'static, [u8]>,
        sha256: Option<[u8; 32]>,
    ) -> Result<Self, TaggerError> {
        if bytes.len() > MOST_BYTES {
            return Err(TaggerError::Foreign);
        }
        if sha256.is_some_and(|wanted| Sha256::digest(&bytes)[..] != wanted) {
            return Err(TaggerError::Foreign);
        }
        let content = Content::read(&mut Cursor::new(&bytes)).map_err(|_| TaggerError::Foreign)?;
        let file = Self { bytes, content };
        match file.content.metadata.get("general.architecture") {
            Some(Value::String(name)) if name == ARCHITECTURE => Ok(file),
            _ => Err(TaggerError::Foreign),
        }
    }

    /// A number of the header, between 1 and `most`.
    pub(crate) fn number(&self, key: &str, most: usize) -> Result<usize, TaggerError> {
        let value = self.content.metadata.get(&format!("{ARCHITECTURE}.{key}"));
        let number = value.and_then(|v| v.to_u32().ok()).map(|n| n as usize);
        number.filter(|n| (1..=most).contains(n)).ok_or_else(|| damaged(key))
    }

    /// A list of words of the header.
    pub(crate) fn words(&self, key: &str) -> Result<Vec<String>, TaggerError> {
        let own = format!("{ARCHITECTURE}.{key}");
        let value = self.content.metadata.get(&own).or_else(|| self.content.metadata.get(key));
        let Some(Value::Array(values)) = value else { return Err(damaged(key)) };
        let word = |v: &Value| v.to_string().cloned().map_err(|_| damaged(key));
        values.iter().map(word).collect()
    }

    /// The numbers of a tensor of a known length.
    pub(crate) fn numbers(&self, name: &str, count: usize) -> Result<Vec<f32>, TaggerError> {
        let (info, bytes) = self.raw(name)?;
        if elements(info) != Some(count) {
            return Err(damaged(name));
        }
        let numbers: Vec<f32> = match info.ggml_dtype {
            GgmlDType::F32 => {
                bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
            }
            _ => bytes.chunks_exact(BLOCK.1).flat_map(unpacked).collect(),
        };
        match numbers.iter().all(|n| n.is_finite()) {
            true => Ok(numbers),
            false => Err(damaged(name)),
        }
    }

    /// A row of a matrix, `out.len()` columns wide, that is known to be there.
    pub(crate) fn row(&self, matrix: &Matrix, row: usize, out: &mut [f32]) {
        let bytes = self.bytes.get(matrix.at + row * matrix.stride..).unwrap_or_default();
        let numbers = bytes.chunks_exact(BLOCK.1).flat_map(unpacked);
        out.iter_mut().zip(numbers).for_each(|(out, number)| *out = number);
    }

    /// A Q8_0 matrix that stays in the file.
    pub(crate) fn matrix(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Matrix, TaggerError> {
        let (info, bytes) = self.raw(name)?;
        let fits = info.shape.dims() == [rows, columns] && info.ggml_dtype == GgmlDType::Q8_0;
        let scales = bytes.as_chunks::<{ BLOCK.1 }>().0.iter().map(|b| scale(b));
        if !fits || !columns.is_multiple_of(BLOCK.0) || !scales.into_iter().all(f32::is_finite) {
            return Err(damaged(name));
        }
        let at = bytes.as_ptr() as usize - self.bytes.as_ptr() as usize;
        Ok(Matrix { at, stride: columns / BLOCK.0 * BLOCK.1 })
    }

    fn raw(&self, name: &str) -> Result<(&TensorInfo, &[u8]), TaggerError> {
        let info = self.content.tensor_infos.get(name).ok_or_else(|| damaged(name))?;
        let count = elements(info).ok_or_else(|| damaged(name))?;
        let bytes = match info.ggml_dtype {
            GgmlDType::F32 => count.checked_mul(4),
            GgmlDType::Q8_0 if count.is_multiple_of(BLOCK.0) => {
                (count / BLOCK.0).checked_mul(BLOCK.1)
            }
            _ => None,
        };
        let start = self.content.tensor_data_offset.checked_add(info.offset);
        let range = start.and_then(|s| usize::try_from(s).ok()).zip(bytes);
        let range = range.and_then(|(start, bytes)| Some(start..start.checked_add(bytes)?));
        let bytes = range.and_then(|range| self.bytes.get(range));
        Ok((info, bytes.ok_or_else(|| damaged(name))?))
    }
}

/// How many numbers a tensor has; none where a hostile shape has more than can be counted.
fn elements(info: &TensorInfo) -> Option<usize> {
    info.shape.dims().iter().try_fold(1_usize, |count, size| count.checked_mul(*size))
}

/// Where a matrix lies in the file.
pub(crate) struct Matrix {
    at: usize,
    stride: usize,
}

fn scale(block: &[u8]) -> f32 {
    f16::from_le_bytes([block[0], block[1]]).to_f32()
}

fn unpacked(block: &[u8]) -> impl Iterator<Item = f32> {
    let scale = scale(block);
    block[2..].iter().map(move |byte| scale * f32::from(byte.cast_signed()))
}

pub(crate) fn damaged(what: &str) -> TaggerError {
    TaggerError::Damaged(what.to_owned())
}
