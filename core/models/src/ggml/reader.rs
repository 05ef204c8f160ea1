use std::io::{BufReader, Read, Seek, SeekFrom};

use super::GgmlError;

/// Reads little-endian numbers and never asks for memory beyond what the source holds.
pub(crate) struct Reader<R> {
    inner: BufReader<R>,
    at: u64,
    length: u64,
}

impl<R: Read + Seek> Reader<R> {
    pub(crate) fn new(mut source: R) -> Result<Self, GgmlError> {
        let length = source.seek(SeekFrom::End(0))?;
        source.seek(SeekFrom::Start(0))?;
        Ok(Self { inner: BufReader::new(source), at: 0, length })
    }

    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    pub(crate) fn at_end(&self) -> bool {
        self.at == self.length
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], GgmlError> {
        self.claim(N as u64)?;
        let mut bytes = [0; N];
        self.inner.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, GgmlError> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, GgmlError> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, GgmlError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn i32(&mut self) -> Result<i32, GgmlError> {
        self.array().map(i32::from_le_bytes)
    }

    /// A size that is 0 to `most`.
    pub(crate) fn size(&mut self, most: usize, what: &str) -> Result<usize, GgmlError> {
        let size = usize::try_from(self.u32()?).ok().filter(|size| *size <= most);
        size.ok_or_else(|| GgmlError::damaged(format!("{what} has a size that cannot be")))
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Result<Vec<u8>, GgmlError> {
        self.claim(count as u64)?;
        let mut bytes = vec![0; count];
        self.inner.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    pub(crate) fn skip(&mut self, count: u64) -> Result<(), GgmlError> {
        self.claim(count)?;
        let far = i64::try_from(count).map_err(|_| GgmlError::Truncated)?;
        Ok(self.inner.seek_relative(far)?)
    }

    fn claim(&mut self, count: u64) -> Result<(), GgmlError> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.length);
        self.at = end.ok_or(GgmlError::Truncated)?;
        Ok(())
    }
}
