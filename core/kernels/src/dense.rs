use candle_core::{Device, Error, Storage, Tensor};
use rayon::prelude::*;

use crate::simd;

/// Rows that one task finishes.
const TASK: usize = 64;

/// A matrix in `f32` with its bias, for many rows at once.
pub struct Dense {
    /// Columns by rows: what a product needs on its right.
    transposed: Tensor,
    bias: Vec<f32>,
}

/// What follows a product.
#[derive(Clone, Copy)]
pub enum Then {
    /// Only the bias.
    Store,
    /// The bias, then GELU.
    Gelu,
    /// The sum goes onto what is there.
    Add,
}

impl Dense {
    /// From a weight for each row of outputs, `bias.len()` rows.
    ///
    /// # Errors
    /// The weights do not part into so many rows.
    pub fn new(weight: Vec<f32>, bias: Vec<f32>) -> Result<Self, Error> {
        let shape = (bias.len(), weight.len() / bias.len().max(1));
        let transposed = Tensor::from_vec(weight, shape, &Device::Cpu)?.t()?;
        Ok(Self { transposed, bias })
    }

    /// The product with rows of `x`, into `out`.
    ///
    /// # Errors
    /// The product failed.
    pub fn apply(&self, x: &[f32], out: &mut Vec<f32>, then: Then) -> Result<(), Error> {
        let width = self.bias.len();
        let (columns, _) = self.transposed.dims2()?;
        let rows = x.len() / columns.max(1);
        out.resize(rows * width, 0.0);
        let x = Tensor::from_slice(x, (rows, columns), &Device::Cpu)?;
        let product = x.matmul(&self.transposed)?;
        with_slice(&product, |product| {
            let tasks = out.par_chunks_mut(TASK * width).zip(product.par_chunks(TASK * width));
            tasks.for_each(|(out, product)| match then {
                Then::Store => simd::add_bias(product, &self.bias, out),
                Then::Gelu => simd::gelu(product, &self.bias, out),
                Then::Add => simd::accumulate(product, &self.bias, out),
            });
        })
    }

    /// The matrix times columns that are the rows of `x`: a row an output, no bias.
    ///
    /// # Errors
    /// The product failed.
    pub fn transposed_product(&self, x: &[f32]) -> Result<Vec<f32>, Error> {
        let (columns, _) = self.transposed.dims2()?;
        let rows = x.len() / columns.max(1);
        let x = Tensor::from_slice(x, (rows, columns), &Device::Cpu)?;
        let weight = self.transposed.t()?;
        let product = weight.matmul(&x.t()?)?;
        with_slice(&product, <[f32]>::to_vec)
    }
}

/// The numbers of a whole tensor in memory's order.
///
/// # Errors
/// It does not lie in one piece, or holds something else than `f32`.
pub fn with_slice<R>(tensor: &Tensor, then: impl FnOnce(&[f32]) -> R) -> Result<R, Error> {
    let (storage, layout) = tensor.storage_and_layout();
    let (Storage::Cpu(storage), Some((from, to))) = (&*storage, layout.contiguous_offsets()) else {
        return Err(Error::Msg("a tensor in pieces".into()));
    };
    let numbers = storage.as_slice::<f32>()?;
    Ok(then(numbers.get(from..to).unwrap_or_default()))
}
