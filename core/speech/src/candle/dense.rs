use candle_core::{Device, Storage, Tensor};
use rayon::prelude::*;

use super::{failed, simd};
use crate::SpeechError;

/// Rows that one task finishes.
const TASK: usize = 64;

/// A matrix in `f32` with its bias, for many rows at once.
pub(super) struct Dense {
    /// Columns by rows: what a product needs on its right.
    transposed: Tensor,
    bias: Vec<f32>,
}

/// What follows a product.
#[derive(Clone, Copy)]
pub(super) enum Then {
    /// Only the bias.
    Store,
    /// The bias, then GELU.
    Gelu,
    /// The sum goes onto what is there.
    Add,
}

impl Dense {
    pub(super) fn new(weight: Tensor, bias: Vec<f32>) -> Self {
        let transposed = weight.t().unwrap_or(weight);
        Self { transposed, bias }
    }

    /// The product with rows of `x`, into `out`.
    pub(super) fn apply(
        &self,
        x: &[f32],
        out: &mut Vec<f32>,
        then: Then,
    ) -> Result<(), SpeechError> {
        let width = self.bias.len();
        let (columns, _) = self.transposed.dims2().map_err(failed)?;
        let rows = x.len() / columns.max(1);
        out.resize(rows * width, 0.0);
        let x = Tensor::from_slice(x, (rows, columns), &Device::Cpu).map_err(failed)?;
        let product = x.matmul(&self.transposed).map_err(failed)?;
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
    pub(super) fn transposed_product(&self, x: &[f32]) -> Result<Vec<f32>, SpeechError> {
        let (columns, _) = self.transposed.dims2().map_err(failed)?;
        let rows = x.len() / columns.max(1);
        let x = Tensor::from_slice(x, (rows, columns), &Device::Cpu).map_err(failed)?;
        let weight = self.transposed.t().map_err(failed)?;
        let product = weight.matmul(&x.t().map_err(failed)?).map_err(failed)?;
        with_slice(&product, <[f32]>::to_vec)
    }
}

/// The numbers of a whole tensor in memory's order.
pub(super) fn with_slice<R>(
    tensor: &Tensor,
    then: impl FnOnce(&[f32]) -> R,
) -> Result<R, SpeechError> {
    let (storage, layout) = tensor.storage_and_layout();
    let (Storage::Cpu(storage), Some((from, to))) = (&*storage, layout.contiguous_offsets()) else {
        return Err(SpeechError::Engine("tensor layout".into()));
    };
    let numbers = storage.as_slice::<f32>().map_err(failed)?;
    Ok(then(numbers.get(from..to).unwrap_or_default()))
}
