use std::io::Write;

use super::floats::{Float, Floats, Stored};
use super::write::write_in_order;
use super::{Head, Slot, TensorKind, WhisperFile, WriteError};

/// Writes an f16 model with its matrices in q8_0, in the same order: byte by byte what whisper.cpp's
/// own quantizer writes. Says how many bytes it took; `progress` hears the bytes so far.
///
/// # Errors
/// The model is not f16; else see [`WriteError`].
pub fn requantize(
    model: &WhisperFile,
    out: &mut impl Write,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, WriteError> {
    if model.kind() != TensorKind::F16 {
        return Err(WriteError::Kind);
    }
    let shape = model.shape().with_kind(TensorKind::Q8_0);
    let offset = |slot: &Slot| model.tensors().get(&slot.name).map(|tensor| tensor.offset);
    let mut order = shape.tensors();
    order.sort_by_key(offset);
    let stored = model.tensors().iter().map(|(name, tensor)| {
        let float = if tensor.kind == TensorKind::F32 { Float::F32 } else { Float::F16 };
        let numbers = tensor.bytes / float.bytes();
        (name.clone(), Stored { file: 0, offset: tensor.offset, float, numbers })
    });
    let file = model.handle().map_err(|_| WriteError::Read(std::io::ErrorKind::Other))?;
    let mut weights = Floats::new(vec![file], stored.collect());
    let head = Head { shape: &shape, mel: model.mel(), vocabulary: model.vocabulary() };
    write_in_order(out, head, &order, &mut weights, progress)
}
