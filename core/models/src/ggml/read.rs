use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::{GgmlError, MelFilters, Tensor, TensorKind, WhisperShape};

/// "ggml" as whisper.cpp writes it.
pub(super) const MAGIC: u32 = 0x6767_6d6c;
/// Longest name of a tensor.
const MAX_NAME: usize = 128;
/// Longest token in bytes.
const MAX_TOKEN: usize = 1024;

/// A model's file whose header and table of tensors were read and found sound. The data stays on
/// disk until [`WhisperFile::read`].
#[derive(Debug)]
pub struct WhisperFile {
    path: PathBuf,
    shape: WhisperShape,
    mel: MelFilters,
    vocabulary: Vec<Vec<u8>>,
    tensors: BTreeMap<String, Tensor>,
}

impl WhisperFile {
    /// Opens and checks a file; reads some hundred kilobytes whatever its size.
    ///
    /// # Errors
    /// It cannot be read, is not in the format, cut short or damaged.
    pub fn open(path: &Path) -> Result<Self, GgmlError> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut reader = Reader { inner: BufReader::new(file), length };
        if reader.u32()? != MAGIC {
            return Err(GgmlError::Magic);
        }
        let mut header = [0; 11];
        for number in &mut header {
            *number = reader.i32()?;
        }
        let shape = WhisperShape::from_header(header)?;
        let mel = reader.mel(&shape)?;
        let vocabulary = reader.vocabulary(&shape)?;
        let tensors = reader.tensors()?;
        Ok(Self { path: path.to_owned(), shape, mel, vocabulary, tensors })
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
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

    /// The data of a tensor.
    ///
    /// # Errors
    /// There is no such tensor, or the file cannot be read.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, GgmlError> {
        let missing = || GgmlError::Damaged(format!("{name} is missing"));
        let tensor = self.tensors.get(name).ok_or_else(missing)?;
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(tensor.offset))?;
        let mut data = vec![0; tensor.bytes];
        file.read_exact(&mut data)?;
        Ok(data)
    }
}

struct Reader {
    inner: BufReader<File>,
    length: u64,
}

impl Reader {
    fn u32(&mut self) -> Result<u32, GgmlError> {
        let mut bytes = [0; 4];
        self.inner.read_exact(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn i32(&mut self) -> Result<i32, GgmlError> {
        self.u32().map(u32::cast_signed)
    }

    fn size(&mut self, most: usize, what: &str) -> Result<usize, GgmlError> {
        let size = usize::try_from(self.i32()?).ok().filter(|size| *size <= most);
        size.ok_or_else(|| GgmlError::Damaged(format!("{what} has a size that cannot be")))
    }

    fn bytes(&mut self, count: usize) -> Result<Vec<u8>, GgmlError> {
        let mut bytes = vec![0; count];
        self.inner.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn mel(&mut self, shape: &WhisperShape) -> Result<MelFilters, GgmlError> {
        let (mels, bins) = (self.size(128, "the mel filter")?, self.size(201, "the mel filter")?);
        if mels != shape.mels || bins != 201 {
            return Err(GgmlError::Damaged("its mel filters do not fit".into()));
        }
        let bytes = self.bytes(mels * bins * 4)?;
        let number = |b: &[u8]| <[u8; 4]>::try_from(b).map_or(0.0, f32::from_le_bytes);
        let weights: Vec<f32> = bytes.chunks_exact(4).map(number).collect();
        if !weights.iter().all(|w| w.is_finite()) {
            return Err(GgmlError::Damaged("its mel filters are not numbers".into()));
        }
        Ok(MelFilters { mels, bins, weights })
    }

    fn vocabulary(&mut self, shape: &WhisperShape) -> Result<Vec<Vec<u8>>, GgmlError> {
        let count = self.size(shape.vocab, "the vocabulary")?;
        let token = |reader: &mut Self| {
            let length = reader.size(MAX_TOKEN, "a token")?;
            reader.bytes(length)
        };
        (0..count).map(|_| token(self)).collect()
    }

    fn tensors(&mut self) -> Result<BTreeMap<String, Tensor>, GgmlError> {
        let mut tensors = BTreeMap::new();
        let mut at = self.inner.stream_position()?;
        while at < self.length {
            let (name, tensor) = self.tensor()?;
            at = tensor.offset + tensor.bytes as u64;
            if at > self.length {
                return Err(GgmlError::Truncated);
            }
            self.inner.seek(SeekFrom::Start(at))?;
            if tensors.insert(name, tensor).is_some() {
                return Err(GgmlError::Damaged("a tensor is there twice".into()));
            }
        }
        Ok(tensors)
    }

    fn tensor(&mut self) -> Result<(String, Tensor), GgmlError> {
        let rank = self.size(4, "a tensor")?;
        let length = self.size(MAX_NAME, "a tensor's name")?;
        let kind = TensorKind::from_code(self.i32()?)
            .ok_or_else(|| GgmlError::Damaged("a tensor is of an unknown kind".into()))?;
        let mut dims = Vec::with_capacity(rank);
        for _ in 0..rank {
            dims.push(self.size(1 << 20, "a tensor")?);
        }
        dims.reverse();
        let name = String::from_utf8(self.bytes(length)?)
            .map_err(|_| GgmlError::Damaged("a tensor's name is not text".into()))?;
        let bytes = Tensor::size(kind, &dims)?;
        let offset = self.inner.stream_position()?;
        Ok((name, Tensor { kind, dims, offset, bytes }))
    }
}
