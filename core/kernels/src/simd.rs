//! What a network does between its matrices, on slices. Each function runs in the widest vectors
//! the processor has, found out at run time.

use pulp::Arch;

const LANES: usize = 16;

/// `x` to mean 0 and variance 1 row by row, times weight plus bias.
pub fn layer_norm(x: &[f32], weight: &[f32], bias: &[f32], out: &mut [f32]) {
    let width = weight.len();
    Arch::new().dispatch(|| {
        for (x, out) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
            let mean = sum(x, |v| v) / width as f32;
            let variance = sum(x, |v| (v - mean) * (v - mean)) / width as f32;
            let scale = 1.0 / (variance + 1e-5).sqrt();
            for (((out, x), weight), bias) in out.iter_mut().zip(x).zip(weight).zip(bias) {
                *out = (x - mean) * scale * weight + bias;
            }
        }
    });
}

/// Writes `x` plus the bias, row by row.
pub fn add_bias(x: &[f32], bias: &[f32], out: &mut [f32]) {
    let width = bias.len();
    Arch::new().dispatch(|| {
        for (x, out) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
            for ((out, x), bias) in out.iter_mut().zip(x).zip(bias) {
                *out = x + bias;
            }
        }
    });
}

/// Adds `x` and the bias to `out`, row by row.
pub fn accumulate(x: &[f32], bias: &[f32], out: &mut [f32]) {
    let width = bias.len();
    Arch::new().dispatch(|| {
        for (x, out) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
            for ((out, x), bias) in out.iter_mut().zip(x).zip(bias) {
                *out += x + bias;
            }
        }
    });
}

/// Writes GELU of `x` plus the bias, row by row.
pub fn gelu(x: &[f32], bias: &[f32], out: &mut [f32]) {
    let width = bias.len();
    Arch::new().dispatch(|| {
        for (x, out) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
            for ((out, x), bias) in out.iter_mut().zip(x).zip(bias) {
                *out = gelu_of(x + bias);
            }
        }
    });
}

/// Softmax of each row in place.
pub fn softmax(x: &mut [f32], width: usize) {
    Arch::new().dispatch(|| {
        for row in x.chunks_exact_mut(width.max(1)) {
            let most = largest(row);
            for x in row.iter_mut() {
                *x = exp(*x - most);
            }
            let scale = 1.0 / sum(row, |v| v);
            for x in row.iter_mut() {
                *x *= scale;
            }
        }
    });
}

/// The largest number and the logarithm of the sum of all exponentials.
pub fn log_sum_exp(x: &[f32]) -> f32 {
    Arch::new().dispatch(|| {
        let most = largest(x);
        if most == f32::NEG_INFINITY {
            return most;
        }
        sum(x, |v| exp(v - most)).ln() + most
    })
}

/// `query` against columns of `keys` (a row a dimension, `stride` apart): one score a column.
pub fn scores(query: &[f32], keys: &[f32], stride: usize, out: &mut [f32]) {
    let columns = out.len();
    Arch::new().dispatch(|| {
        out.fill(0.0);
        for (q, k) in query.chunks_exact(4).zip(keys.chunks(4 * stride)) {
            let row = |i: usize| &k[i * stride..i * stride + columns];
            let (k0, k1, k2, k3) = (row(0), row(1), row(2), row(3));
            for ((((out, k0), k1), k2), k3) in out.iter_mut().zip(k0).zip(k1).zip(k2).zip(k3) {
                *out += q[0] * k0 + q[1] * k1 + q[2] * k2 + q[3] * k3;
            }
        }
    });
}

/// The sum of rows of `values`, as many as there are weights.
pub fn weighted<const WIDTH: usize>(weights: &[f32], values: &[f32], out: &mut [f32]) {
    Arch::new().dispatch(|| {
        let mut sum = [0.0_f32; WIDTH];
        let (rows, _) = values.as_chunks::<WIDTH>();
        for (weight, row) in weights.iter().zip(rows) {
            for (sum, value) in sum.iter_mut().zip(row) {
                *sum += weight * value;
            }
        }
        out.copy_from_slice(&sum);
    });
}

#[inline(always)]
fn sum(x: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane += of(*x);
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|x| of(*x)).sum::<f32>()
}

#[inline(always)]
fn largest(x: &[f32]) -> f32 {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = if *x > *lane { *x } else { *lane };
        }
    }
    lanes.iter().chain(rest).copied().fold(f32::NEG_INFINITY, f32::max)
}

/// GELU by its hyperbolic tangent, as ggml has it.
#[inline(always)]
fn gelu_of(x: f32) -> f32 {
    x / (1.0 + exp(-1.595_769_2 * (x + 0.044_715 * x * x * x)))
}

/// The exponential to 2 units in the last place; 0 below -87, bounded above 88.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let clamped = x.clamp(-87.0, 88.0);
    let rounded = clamped * std::f32::consts::LOG2_E + ROUND;
    let whole = rounded - ROUND;
    let r = clamped - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let p = 1.987_569_1e-4 * r + 1.398_2e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 0.166_666_66;
    let p = (p * r + 0.5) * r * r + r + 1.0;
    let power = f32::from_bits(rounded.to_bits().wrapping_shl(23).wrapping_add(127 << 23));
    if x < -87.0 { 0.0 } else { p * power }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_agrees_with_the_standard_one() {
        for i in -8700..8800 {
            let x = i as f32 / 100.0;
            let error = (exp(x) / x.exp() - 1.0).abs();
            assert!(error < 3e-7, "{x}: {error}");
        }
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
        assert_eq!(exp(0.0), 1.0);
    }

    #[test]
    fn softmax_sums_to_one_whatever_the_size() {
        for width in [1, 3, 16, 37, 1500] {
            let mut x: Vec<f32> = (0..2 * width).map(|i| (i as f32 * 0.7).sin() * 30.0).collect();
            softmax(&mut x, width);
            for row in x.chunks(width) {
                assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn scores_and_weighted_are_matrix_products() {
        let stride = 7;
        let keys: Vec<f32> = (0..64 * stride).map(|i| (i % 11) as f32 - 5.0).collect();
        let query: Vec<f32> = (0..64).map(|i| (i % 5) as f32 - 2.0).collect();
        let mut out = [0.0; 5];
        scores(&query, &keys, stride, &mut out);
        for (t, score) in out.iter().enumerate() {
            let wanted: f32 = query.iter().enumerate().map(|(d, q)| q * keys[d * stride + t]).sum();
            assert!((score - wanted).abs() < 1e-3);
        }
        let mut sum = [0.0; 64];
        weighted::<64>(&[2.0, 0.5], &keys, &mut sum);
        assert_eq!(sum[3], 2.0 * keys[3] + 0.5 * keys[67]);
    }

    #[test]
    fn gelu_and_layer_norm() {
        let mut out = [0.0; 3];
        gelu(&[-100.0, 0.0, 3.0], &[0.0; 3], &mut out);
        assert!(out[0].abs() < 1e-6 && out[1] == 0.0 && (out[2] - 2.9964).abs() < 1e-3);
        let mut out = [0.0; 4];
        layer_norm(&[1.0, 3.0, 1.0, 3.0], &[2.0; 4], &[0.5; 4], &mut out);
        assert!((out[0] + 1.5).abs() < 1e-4 && (out[1] - 2.5).abs() < 1e-4);
    }

    #[test]
    fn log_sum_exp_of_nothing_but_excluded() {
        assert_eq!(log_sum_exp(&[f32::NEG_INFINITY; 20]), f32::NEG_INFINITY);
        assert!((log_sum_exp(&[0.0, 0.0]) - 2.0_f32.ln()).abs() < 1e-6);
    }
}
