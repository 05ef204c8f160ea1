//! Bounds-checked little-endian reading and writing, shared by the dialects.

/// A value ended before a field that it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Short {
    pub(crate) what: &'static str,
    /// Bytes up to the end of the field.
    pub(crate) needed: usize,
    pub(crate) got: usize,
}

/// Reads fields from the front of a value.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    what: &'static str,
    whole: usize,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// `what` names the value in errors.
    pub(crate) const fn new(what: &'static str, bytes: &'a [u8]) -> Self {
        Self { what, whole: bytes.len(), rest: bytes }
    }

    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) const fn u8(&mut self) -> Result<u8, Short> {
        match self.array::<1>() {
            Ok([byte]) => Ok(byte),
            Err(short) => Err(short),
        }
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Short> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Short> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Short> {
        self.array().map(u64::from_le_bytes)
    }

    pub(crate) const fn array<const N: usize>(&mut self) -> Result<[u8; N], Short> {
        match self.rest.split_first_chunk::<N>() {
            Some((head, rest)) => {
                self.rest = rest;
                Ok(*head)
            }
            None => Err(self.short(N)),
        }
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], Short> {
        let (head, rest) = self.rest.split_at_checked(length).ok_or(self.short(length))?;
        self.rest = rest;
        Ok(head)
    }

    const fn short(&self, more: usize) -> Short {
        let needed = self.whole - self.rest.len() + more;
        Short { what: self.what, needed, got: self.whole }
    }
}

/// Appends fields to a value.
#[derive(Debug)]
pub(crate) struct Writer<'a>(pub(crate) &'a mut Vec<u8>);

impl Writer<'_> {
    pub(crate) fn u8(&mut self, value: u8) -> &mut Self {
        self.bytes(&[value])
    }

    pub(crate) fn u16(&mut self, value: u16) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    pub(crate) fn u32(&mut self, value: u32) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    pub(crate) fn u64(&mut self, value: u64) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_its_place() {
        let mut reader = Reader::new("thing", &[1, 2, 3, 4, 5]);
        assert_eq!(reader.u16(), Ok(0x0201));
        let short = Short { what: "thing", needed: 6, got: 5 };
        assert_eq!(reader.u32(), Err(short));
        assert_eq!(reader.take(4), Err(short));
        assert_eq!(reader.take(3), Ok(&[3, 4, 5][..]));
        assert_eq!(reader.u8(), Err(short));
        assert!(reader.rest().is_empty());
    }

    #[test]
    fn what_is_written_is_read() {
        let mut value = Vec::new();
        Writer(&mut value).u8(1).u16(2).u32(3).u64(u64::MAX - 3).bytes(&[9, 8]);
        let mut reader = Reader::new("thing", &value);
        assert_eq!((reader.u8(), reader.u16(), reader.u32()), (Ok(1), Ok(2), Ok(3)));
        assert_eq!((reader.u64(), reader.rest()), (Ok(u64::MAX - 3), &[9, 8][..]));
    }
}
