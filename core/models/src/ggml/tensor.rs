use super::GgmlError;

/// How a tensor's numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TensorKind {
    /// 32-bit floats.
    F32,
    /// 16-bit floats.
    F16,
    /// Blocks of 32: a 16-bit scale and 32 signed bytes.
    Q8_0,
    /// Blocks of 32 in 5 bits with scale.
    Q5_0,
    /// Blocks of 32 in 5 bits with scale and minimum.
    Q5_1,
    /// Blocks of 32 in 4 bits with scale.
    Q4_0,
    /// Blocks of 32 in 4 bits with scale and minimum.
    Q4_1,
}

impl TensorKind {
    /// The kinds that matrices may have in a file.
    pub const MATRICES: [Self; 6] =
        [Self::F16, Self::Q8_0, Self::Q5_0, Self::Q5_1, Self::Q4_0, Self::Q4_1];

    /// ggml's number of a file whose matrices are of this kind; quantized ones carry the version
    /// of the quantization, 2, in the thousands.
    #[must_use]
    pub const fn file_type(self) -> i32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2002,
            Self::Q4_1 => 2003,
            Self::Q8_0 => 2007,
            Self::Q5_0 => 2008,
            Self::Q5_1 => 2009,
        }
    }

    /// Its name as users write it, such as `q8_0`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Q4_0 => "q4_0",
            Self::Q4_1 => "q4_1",
            Self::Q5_0 => "q5_0",
            Self::Q5_1 => "q5_1",
            Self::Q8_0 => "q8_0",
        }
    }

    /// ggml's number.
    #[must_use]
    pub const fn code(self) -> i32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q4_1 => 3,
            Self::Q5_0 => 6,
            Self::Q5_1 => 7,
            Self::Q8_0 => 8,
        }
    }

    /// From ggml's number.
    #[must_use]
    pub fn from_code(code: i32) -> Option<Self> {
        let all =
            [Self::F32, Self::F16, Self::Q8_0, Self::Q5_0, Self::Q5_1, Self::Q4_0, Self::Q4_1];
        all.into_iter().find(|kind| kind.code() == code)
    }

    /// Numbers in a block and the bytes it takes.
    #[must_use]
    pub const fn block(self) -> (usize, usize) {
        match self {
            Self::F32 => (1, 4),
            Self::F16 => (1, 2),
            Self::Q4_0 => (32, 18),
            Self::Q4_1 => (32, 20),
            Self::Q5_0 => (32, 22),
            Self::Q5_1 => (32, 24),
            Self::Q8_0 => (32, 34),
        }
    }
}

/// Where a tensor lies in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    /// How its numbers are stored.
    pub kind: TensorKind,
    /// Sizes, outermost first (rows before columns).
    pub dims: Vec<usize>,
    /// First byte of its data in the file.
    pub offset: u64,
    /// Bytes of its data.
    pub bytes: usize,
}

impl Tensor {
    /// Size in bytes of so many numbers in rows of `columns`.
    ///
    /// # Errors
    /// Rows that are not whole blocks, or more numbers than any model has.
    pub fn size(kind: TensorKind, dims: &[usize]) -> Result<usize, GgmlError> {
        let odd = || GgmlError::damaged("a tensor's size cannot be");
        let (block, bytes) = kind.block();
        let columns = *dims.last().ok_or_else(odd)?;
        let numbers = dims.iter().try_fold(1_usize, |n, d| n.checked_mul(*d)).ok_or_else(odd)?;
        if numbers == 0 || columns % block != 0 || numbers > 1 << 30 {
            return Err(odd());
        }
        Ok(numbers / block * bytes)
    }
}
