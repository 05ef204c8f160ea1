use crate::simd;

/// Weight and bias of a layer norm.
pub struct Norm {
    /// One a column.
    pub weight: Vec<f32>,
    /// One a column.
    pub bias: Vec<f32>,
}

impl Norm {
    /// Rows of `x` to mean 0 and variance 1, times the weight plus the bias, into `out`.
    pub fn apply(&self, x: &[f32], out: &mut Vec<f32>) {
        out.resize(x.len(), 0.0);
        simd::layer_norm(x, &self.weight, &self.bias, out);
    }
}
