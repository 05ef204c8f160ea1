use std::collections::BTreeMap;
use std::io::{self, Read, Seek, SeekFrom};

use half::{bf16, f16};

use super::{Slot, Weights};

/// How numbers of a source are stored, little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Float {
    F32,
    F16,
    Bf16,
}

impl Float {
    pub(crate) const fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::Bf16 => 2,
        }
    }

    fn decode(self, bytes: &[u8], into: &mut [f32]) {
        let pairs = || bytes.as_chunks::<2>().0.iter().copied();
        match self {
            Self::F32 => {
                let numbers = bytes.as_chunks::<4>().0.iter().copied().map(f32::from_le_bytes);
                into.iter_mut().zip(numbers).for_each(|(to, number)| *to = number);
            }
            Self::F16 => {
                let numbers = pairs().map(|pair| f16::from_le_bytes(pair).to_f32());
                into.iter_mut().zip(numbers).for_each(|(to, number)| *to = number);
            }
            Self::Bf16 => {
                let numbers = pairs().map(|pair| bf16::from_le_bytes(pair).to_f32());
                into.iter_mut().zip(numbers).for_each(|(to, number)| *to = number);
            }
        }
    }
}

/// Where numbers lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Which of the files.
    pub(crate) file: usize,
    /// First byte.
    pub(crate) offset: u64,
    pub(crate) float: Float,
    /// How many there are.
    pub(crate) numbers: usize,
}

/// Weights that lie in files as floats.
#[derive(Debug)]
pub(crate) struct Floats<R> {
    files: Vec<R>,
    tensors: BTreeMap<String, Stored>,
    buffer: Vec<u8>,
}

impl<R: Read + Seek> Floats<R> {
    pub(crate) fn new(files: Vec<R>, tensors: BTreeMap<String, Stored>) -> Self {
        Self { files, tensors, buffer: Vec::new() }
    }

    /// Numbers from `first` on, as many as `into` takes.
    pub(crate) fn read(
        &mut self,
        stored: Stored,
        first: usize,
        into: &mut [f32],
    ) -> io::Result<()> {
        let width = stored.float.bytes();
        let within = first.checked_add(into.len()).is_some_and(|end| end <= stored.numbers);
        let file = self.files.get_mut(stored.file).filter(|_| within);
        let file = file.ok_or(io::ErrorKind::InvalidData)?;
        file.seek(SeekFrom::Start(stored.offset + (first * width) as u64))?;
        self.buffer.resize(into.len() * width, 0);
        file.read_exact(&mut self.buffer)?;
        stored.float.decode(&self.buffer, into);
        Ok(())
    }
}

impl<R: Read + Seek> Weights for Floats<R> {
    fn numbers(&mut self, slot: &Slot, first: usize, into: &mut [f32]) -> io::Result<()> {
        let stored = self.tensors.get(&slot.name).copied().ok_or(io::ErrorKind::InvalidData)?;
        self.read(stored, first, into)
    }
}
