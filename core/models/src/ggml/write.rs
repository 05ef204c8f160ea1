use std::io::{self, Write};

use half::f16;

use super::contents::MAGIC;
use super::{MelFilters, Slot, TensorKind, WhisperShape, WriteError, quantize};

/// Numbers asked for and written in one go; a multiple of every kind's block.
const PIECE: usize = 1 << 16;

/// Where the weights of a model that is written come from.
pub trait Weights {
    /// Fills `into` with the numbers of a tensor from number `first` on, rows before columns.
    /// Every tensor is asked for from its start to its end, in pieces of at most 256 KiB.
    ///
    /// # Errors
    /// They cannot be read.
    fn numbers(&mut self, slot: &Slot, first: usize, into: &mut [f32]) -> io::Result<()>;
}

/// What stands before the tensors.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// The network's sizes, and the kind of its matrices: f16 or q8_0.
    pub shape: &'a WhisperShape,
    /// The filters of its front end.
    pub mel: &'a MelFilters,
    /// Bytes of each token.
    pub vocabulary: &'a [Vec<u8>],
}

/// Writes a whole model and says how many bytes it took. Matrices are rounded to 16 bits before
/// they are quantized, so that it makes no difference whether a model is quantized at once or
/// later. Holds one piece of one tensor at a time. `progress` hears the bytes written so far.
///
/// # Errors
/// See [`WriteError`]; what was written until then is of no use.
pub fn write(
    out: &mut impl Write,
    head: Head<'_>,
    weights: &mut dyn Weights,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, WriteError> {
    write_in_order(out, head, &head.shape.tensors(), weights, progress)
}

/// How long the file will be.
pub(crate) fn length(head: Head<'_>) -> u64 {
    let tokens: usize = head.vocabulary.iter().map(|token| 4 + token.len()).sum();
    let tensor = |slot: &Slot| {
        let (block, bytes) = slot.kind.block();
        12 + 4 * slot.dims.len() + slot.name.len() + slot.numbers() / block * bytes
    };
    let tensors: usize = head.shape.tensors().iter().map(tensor).sum();
    (4 + 44 + 8 + 4 * head.mel.weights.len() + 4 + tokens + tensors) as u64
}

pub(super) fn write_in_order(
    out: &mut impl Write,
    head: Head<'_>,
    order: &[Slot],
    weights: &mut dyn Weights,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, WriteError> {
    if !matches!(head.shape.kind(), Some(TensorKind::F16 | TensorKind::Q8_0)) {
        return Err(WriteError::Kind);
    }
    let mut writer = Writer { out, written: 0, progress };
    writer.head(head)?;
    for slot in order {
        writer.tensor(slot, weights)?;
    }
    writer.out.flush().map_err(|error| WriteError::Write(error.kind()))?;
    Ok(writer.written)
}

struct Writer<'a, W> {
    out: &'a mut W,
    written: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl<W: Write> Writer<'_, W> {
    fn head(&mut self, head: Head<'_>) -> Result<(), WriteError> {
        let mut bytes = MAGIC.to_le_bytes().to_vec();
        bytes.extend(head.shape.to_header().into_iter().flat_map(i32::to_le_bytes));
        bytes.extend(size(head.mel.mels).into_iter().chain(size(head.mel.bins)));
        bytes.extend(head.mel.weights.iter().flat_map(|weight| weight.to_le_bytes()));
        bytes.extend(size(head.vocabulary.len()));
        for token in head.vocabulary {
            bytes.extend(size(token.len()));
            bytes.extend(token);
        }
        self.put(&bytes)
    }

    fn tensor(&mut self, slot: &Slot, weights: &mut dyn Weights) -> Result<(), WriteError> {
        let mut bytes = size(slot.dims.len()).to_vec();
        bytes.extend(size(slot.name.len()));
        bytes.extend(slot.kind.code().to_le_bytes());
        bytes.extend(slot.dims.iter().rev().flat_map(|dim| size(*dim)));
        bytes.extend(slot.name.as_bytes());
        self.put(&bytes)?;
        let total = slot.numbers();
        let mut numbers = Vec::new();
        let mut first = 0;
        while first < total {
            numbers.resize(PIECE.min(total - first), 0.0);
            let read = weights.numbers(slot, first, &mut numbers);
            read.map_err(|error| WriteError::Read(error.kind()))?;
            bytes.clear();
            if !encode(slot.kind, &mut numbers, &mut bytes) {
                return Err(WriteError::Weight(slot.name.clone()));
            }
            self.put(&bytes)?;
            first += numbers.len();
        }
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        self.out.write_all(bytes).map_err(|error| WriteError::Write(error.kind()))?;
        self.written += bytes.len() as u64;
        (self.progress)(self.written);
        Ok(())
    }
}

fn size(size: usize) -> [u8; 4] {
    u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes()
}

/// Whether all numbers are ones that the kind holds.
fn encode(kind: TensorKind, numbers: &mut [f32], bytes: &mut Vec<u8>) -> bool {
    if kind != TensorKind::F32 {
        for number in &mut *numbers {
            *number = f16::from_f32(*number).to_f32();
        }
    }
    match kind {
        TensorKind::F32 => bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes())),
        TensorKind::Q8_0 => quantize::q8_0(numbers, bytes),
        _ => {
            let half = |number: &f32| f16::from_f32(*number).to_le_bytes();
            bytes.extend(numbers.iter().flat_map(half));
        }
    }
    numbers.iter().all(|number| number.is_finite())
}
