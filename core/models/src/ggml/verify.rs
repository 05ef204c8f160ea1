use std::io::{Read, Seek, SeekFrom};

use half::f16;

use super::{Contents, GgmlError, Tensor, TensorKind};

/// Bytes looked at in one go; a multiple of every kind's block.
const CHUNK: usize = 8 * 9 * 5 * 11 * 17 * 8;

impl Contents {
    /// Looks at every weight: all must be finite numbers. Reads the whole source once, in pieces.
    ///
    /// # Errors
    /// A weight that is none, or the source cannot be read.
    pub fn verify_data(&self, mut source: impl Read + Seek) -> Result<(), GgmlError> {
        let mut buffer = Vec::new();
        for (name, tensor) in &self.tensors {
            if !is_finite(tensor, &mut source, &mut buffer)? {
                let what = format!("{name} holds weights that are not numbers");
                return Err(GgmlError::Damaged(what));
            }
        }
        Ok(())
    }
}

fn is_finite(
    tensor: &Tensor,
    source: &mut (impl Read + Seek),
    buffer: &mut Vec<u8>,
) -> Result<bool, GgmlError> {
    source.seek(SeekFrom::Start(tensor.offset))?;
    let mut left = tensor.bytes;
    while left > 0 {
        let size = left.min(CHUNK);
        buffer.resize(size, 0);
        source.read_exact(buffer)?;
        if !blocks_are_finite(tensor.kind, buffer) {
            return Ok(false);
        }
        left -= size;
    }
    Ok(true)
}

fn blocks_are_finite(kind: TensorKind, bytes: &[u8]) -> bool {
    let scale = |bytes: &[u8; 2]| f16::from_le_bytes(*bytes).is_finite();
    let first = |block: &[u8]| block.first_chunk().is_some_and(scale);
    let (_, size) = kind.block();
    let mut blocks = bytes.chunks_exact(size);
    match kind {
        TensorKind::F32 => {
            bytes.as_chunks::<4>().0.iter().all(|bytes| f32::from_le_bytes(*bytes).is_finite())
        }
        TensorKind::F16 => bytes.as_chunks::<2>().0.iter().all(scale),
        TensorKind::Q8_0 | TensorKind::Q5_0 | TensorKind::Q4_0 => blocks.all(first),
        TensorKind::Q5_1 | TensorKind::Q4_1 => {
            blocks.all(|block| first(block) && block.get(2..).is_some_and(first))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_end_at_blocks() {
        for kind in TensorKind::MATRICES.into_iter().chain([TensorKind::F32]) {
            assert_eq!(CHUNK % kind.block().1, 0, "{}", kind.name());
        }
    }

    #[test]
    fn a_scale_that_is_no_number_is_seen_in_any_kind() {
        for kind in TensorKind::MATRICES.into_iter().chain([TensorKind::F32]) {
            let size = kind.block().1;
            let mut bytes = vec![0; size * 3];
            assert!(blocks_are_finite(kind, &bytes));
            let nan: &[u8] = if kind == TensorKind::F32 { &[0, 0, 0xc0, 0x7f] } else { &[0, 0x7e] };
            bytes[size..size + nan.len()].copy_from_slice(nan);
            assert!(!blocks_are_finite(kind, &bytes), "{}", kind.name());
            if matches!(kind, TensorKind::Q5_1 | TensorKind::Q4_1) {
                let mut bytes = vec![0; size * 3];
                bytes[2 * size + 3] = 0x7c;
                assert!(!blocks_are_finite(kind, &bytes), "minimum of {}", kind.name());
            }
        }
    }
}
