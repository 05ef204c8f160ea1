//! Tensors out of a model's file.

use confee_kernels::{Dense, Norm};
use confee_models::ggml::{GgmlError, TensorKind, WhisperFile};
use half::f16;

use super::quantized::Quantized;
use crate::SpeechError;

/// The numbers of a tensor, row by row.
pub(super) fn numbers(file: &WhisperFile, name: &str) -> Result<Vec<f32>, SpeechError> {
    let bytes = file.read(name)?;
    let kind = file.tensors().get(name).map_or(TensorKind::F32, |tensor| tensor.kind);
    let half = |b: &[u8], at: usize| f16::from_le_bytes([b[at], b[at + 1]]).to_f32();
    let single = |b: &[u8]| f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
    let (_, size) = kind.block();
    let blocks = bytes.chunks_exact(size);
    let high = |b: &[u8], at: usize, i: usize| (b[at + i / 8] >> (i % 8) & 1) << 4;
    let nibble = |b: &[u8], at: usize, i: usize| match i {
        0..16 => b[at + i] & 15,
        _ => b[at + i - 16] >> 4,
    };
    let numbers = match kind {
        TensorKind::F32 => blocks.map(single).collect(),
        TensorKind::F16 => blocks.map(|b| half(b, 0)).collect(),
        TensorKind::Q8_0 => unpack(blocks, |b, i| half(b, 0) * f32::from(b[2 + i].cast_signed())),
        TensorKind::Q4_0 => unpack(blocks, |b, i| half(b, 0) * (f32::from(nibble(b, 2, i)) - 8.0)),
        TensorKind::Q4_1 => {
            unpack(blocks, |b, i| half(b, 0) * f32::from(nibble(b, 4, i)) + half(b, 2))
        }
        TensorKind::Q5_0 => {
            unpack(blocks, |b, i| half(b, 0) * (f32::from(nibble(b, 6, i) | high(b, 2, i)) - 16.0))
        }
        TensorKind::Q5_1 => unpack(blocks, |b, i| {
            half(b, 0) * f32::from(nibble(b, 8, i) | high(b, 4, i)) + half(b, 2)
        }),
    };
    finite(numbers, name)
}

fn unpack<'a>(
    blocks: impl Iterator<Item = &'a [u8]>,
    number: impl Fn(&'a [u8], usize) -> f32,
) -> Vec<f32> {
    blocks.flat_map(|block| (0..32).map(move |i| (block, i))).map(|(b, i)| number(b, i)).collect()
}

fn finite(numbers: Vec<f32>, name: &str) -> Result<Vec<f32>, SpeechError> {
    if numbers.iter().all(|v| v.is_finite()) {
        return Ok(numbers);
    }
    Err(GgmlError::Damaged(format!("{name} holds what is no number")).into())
}

/// As [`numbers`], of a length that the network needs.
pub(super) fn sized(file: &WhisperFile, name: &str, count: usize) -> Result<Vec<f32>, SpeechError> {
    let numbers = numbers(file, name)?;
    if numbers.len() == count {
        return Ok(numbers);
    }
    Err(GgmlError::Damaged(format!("{name} is of another size")).into())
}

/// Weight and bias of a norm.
pub(super) fn norm(file: &WhisperFile, name: &str, width: usize) -> Result<Norm, SpeechError> {
    let weight = sized(file, &format!("{name}.weight"), width)?;
    Ok(Norm { weight, bias: sized(file, &format!("{name}.bias"), width)? })
}

/// Several matrices of one input, on top of each other.
pub(super) struct Stack {
    columns: usize,
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Stack {
    pub(super) fn new(columns: usize) -> Self {
        Self { columns, weight: Vec::new(), bias: Vec::new() }
    }

    /// Puts a matrix of so many rows below, times a factor.
    pub(super) fn push(
        mut self,
        file: &WhisperFile,
        name: &str,
        rows: usize,
        factor: f32,
    ) -> Result<Self, SpeechError> {
        let weight = sized(file, &format!("{name}.weight"), rows * self.columns)?;
        self.weight.extend(weight.iter().map(|w| w * factor));
        let bias = format!("{name}.bias");
        let bias = match file.tensors().contains_key(&bias) {
            true => sized(file, &bias, rows)?,
            false => vec![0.0; rows],
        };
        self.bias.extend(bias.iter().map(|b| b * factor));
        Ok(self)
    }

    pub(super) fn dense(self) -> Result<Dense, SpeechError> {
        Ok(Dense::new(self.weight, self.bias)?)
    }

    pub(super) fn quantized(self) -> Quantized {
        Quantized::new(&self.weight, self.columns, self.bias)
    }
}

/// One matrix.
pub(super) fn matrix(
    file: &WhisperFile,
    name: &str,
    rows: usize,
    columns: usize,
) -> Result<Stack, SpeechError> {
    Stack::new(columns).push(file, name, rows, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpacks_blocks_of_32() {
        let mut q8 = [0_u8; 34];
        q8[..2].copy_from_slice(&f16::from_f32(0.5).to_le_bytes());
        q8[2] = 4;
        q8[33] = 0xFE;
        let signed = |b: &[u8], i: usize| f32::from(b[2 + i].cast_signed()) * 0.5;
        let numbers = unpack(q8.chunks_exact(34), signed);
        assert_eq!((numbers.len(), numbers[0], numbers[31]), (32, 2.0, -1.0));
    }

    #[test]
    fn refuses_what_is_no_number() {
        assert!(finite(vec![1.0, f32::NAN], "x").is_err());
        assert!(finite(vec![1.0], "x").is_ok());
    }
}
