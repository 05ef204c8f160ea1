use confee_kernels::{Dense, Then, simd};
use pulp::Arch;
use rayon::prelude::*;

use crate::SpeechError;

/// Numbers that share a scale.
const BLOCK: usize = 32;
/// Rows of a task.
const TASK: usize = 256;
/// Products of fewer numbers are not worth a second thread.
const WORTH_THREADS: usize = 1 << 20;
/// From so many rows on the matrix is unpacked first and multiplied in `f32`.
const MANY: usize = 16;

/// A matrix in blocks of 32 signed bytes with a scale (ggml's Q8_0) with its bias, for few rows at
/// a time: what is read from memory is a quarter of `f32`.
pub(super) struct Quantized {
    columns: usize,
    numbers: Vec<i8>,
    scales: Vec<f32>,
    bias: Vec<f32>,
}

/// A row, quantized likewise.
#[derive(Default)]
struct Row {
    numbers: Vec<i8>,
    scales: Vec<f32>,
}

impl Quantized {
    /// From rows of `columns` numbers, a multiple of 32. What was Q8_0 stays as it was.
    pub(super) fn new(weight: &[f32], columns: usize, bias: Vec<f32>) -> Self {
        let mut row = Row::default();
        row.quantize(weight);
        Self { columns, numbers: row.numbers, scales: row.scales, bias }
    }

    /// The product with rows of `x`, into `out`.
    pub(super) fn apply(
        &self,
        x: &[f32],
        out: &mut Vec<f32>,
        then: Then,
    ) -> Result<(), SpeechError> {
        if x.len() >= MANY * self.columns {
            return Ok(self.unpacked()?.apply(x, out, then)?);
        }
        let width = self.bias.len();
        out.resize(x.len() / self.columns * width, 0.0);
        let mut product = vec![0.0; width];
        let mut row = Row::default();
        for (x, out) in x.chunks_exact(self.columns).zip(out.chunks_exact_mut(width)) {
            row.quantize(x);
            self.row(&row, &mut product);
            match then {
                Then::Store => simd::add_bias(&product, &self.bias, out),
                Then::Gelu => simd::gelu(&product, &self.bias, out),
                Then::Add => simd::accumulate(&product, &self.bias, out),
            }
        }
        Ok(())
    }

    /// A row of the matrix as numbers.
    pub(super) fn unpack(&self, row: usize, out: &mut [f32]) {
        let from = row * self.columns;
        let numbers = self.numbers.get(from..from + self.columns).unwrap_or_default();
        for (i, (out, number)) in out.iter_mut().zip(numbers).enumerate() {
            *out = f32::from(*number) * self.scales[(from + i) / BLOCK];
        }
    }

    fn unpacked(&self) -> Result<Dense, SpeechError> {
        let mut weight = vec![0.0; self.numbers.len()];
        weight
            .par_chunks_mut(self.columns)
            .enumerate()
            .for_each(|(row, out)| self.unpack(row, out));
        Ok(Dense::new(weight, self.bias.clone())?)
    }

    fn row(&self, x: &Row, out: &mut [f32]) {
        if self.numbers.len() < WORTH_THREADS {
            return dots(&self.numbers, &self.scales, x, out);
        }
        let numbers = self.numbers.par_chunks(TASK * self.columns);
        let scales = self.scales.par_chunks(TASK * self.columns / BLOCK);
        let tasks = out.par_chunks_mut(TASK).zip(numbers).zip(scales);
        tasks.for_each(|((out, numbers), scales)| dots(numbers, scales, x, out));
    }
}

impl Row {
    fn quantize(&mut self, x: &[f32]) {
        self.numbers.resize(x.len(), 0);
        self.scales.resize(x.len() / BLOCK, 0.0);
        let (blocks, _) = x.as_chunks::<BLOCK>();
        let (numbers, _) = self.numbers.as_chunks_mut::<BLOCK>();
        Arch::new().dispatch(|| {
            for ((block, numbers), scale) in blocks.iter().zip(numbers).zip(&mut self.scales) {
                *scale = quantize_block(block, numbers);
            }
        });
    }
}

#[inline(always)]
fn quantize_block(block: &[f32; BLOCK], numbers: &mut [i8; BLOCK]) -> f32 {
    let mut most = 0.0_f32;
    for x in block {
        most = if x.abs() > most { x.abs() } else { most };
    }
    let inverse = if most > 0.0 { 127.0 / most } else { 0.0 };
    for (number, x) in numbers.iter_mut().zip(block) {
        // Adding 1.5 * 2^23 rounds to a whole number and leaves it in the low bits.
        *number = (x * inverse + 12_582_912.0).to_bits() as i8;
    }
    most / 127.0
}

/// Each row of the matrix times `x`.
fn dots(numbers: &[i8], scales: &[f32], x: &Row, out: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        return x86::dots(simd, numbers, scales, x, out);
    }
    let (numbers, _) = numbers.as_chunks::<BLOCK>();
    let (xs, _) = x.numbers.as_chunks::<BLOCK>();
    Arch::new().dispatch(|| {
        let rows = numbers.chunks_exact(xs.len()).zip(scales.chunks_exact(xs.len()));
        for (out, (numbers, scales)) in out.iter_mut().zip(rows) {
            let mut sum = 0.0;
            for (((w, x), ws), xs) in numbers.iter().zip(xs).zip(scales).zip(&x.scales) {
                let products = w.iter().zip(x).map(|(w, x)| i32::from(*w) * i32::from(*x));
                sum += products.sum::<i32>() as f32 * (ws * xs);
            }
            *out = sum;
        }
    });
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::__m256i;

    use pulp::x86::V3;
    use pulp::{NullaryFnOnce, cast};

    use super::{BLOCK, Row};

    struct Dots<'a> {
        simd: V3,
        numbers: &'a [[i8; BLOCK]],
        scales: &'a [f32],
        x: &'a [[i8; BLOCK]],
        x_scales: &'a [f32],
        out: &'a mut [f32],
    }

    pub(super) fn dots(simd: V3, numbers: &[i8], scales: &[f32], x: &Row, out: &mut [f32]) {
        let (numbers, _) = numbers.as_chunks::<BLOCK>();
        let (xs, _) = x.numbers.as_chunks::<BLOCK>();
        simd.vectorize(Dots { simd, numbers, scales, x: xs, x_scales: &x.scales, out });
    }

    impl NullaryFnOnce for Dots<'_> {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            let blocks = self.x.len();
            let rows = self.numbers.chunks_exact(blocks).zip(self.scales.chunks_exact(blocks));
            for (out, (numbers, scales)) in self.out.iter_mut().zip(rows) {
                let mut sum = [0.0_f32; 8];
                let row = numbers.iter().zip(self.x).zip(scales).zip(self.x_scales);
                for (((w, x), ws), xs) in row {
                    let dot = block(self.simd, cast(*w), cast(*x));
                    let dot: [f32; 8] = cast(self.simd.avx._mm256_cvtepi32_ps(dot));
                    let scale = ws * xs;
                    for (sum, dot) in sum.iter_mut().zip(dot) {
                        *sum = dot.mul_add(scale, *sum);
                    }
                }
                *out = sum.iter().sum();
            }
        }
    }

    /// Eight sums of four products each. Neither side holds -128, so no sum saturates.
    #[inline(always)]
    fn block(simd: V3, w: __m256i, x: __m256i) -> __m256i {
        let size = simd.avx2._mm256_sign_epi8(x, x);
        let signed = simd.avx2._mm256_sign_epi8(w, x);
        let pairs = simd.avx2._mm256_maddubs_epi16(size, signed);
        simd.avx2._mm256_madd_epi16(pairs, simd.avx._mm256_set1_epi16(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(count: usize, step: f32) -> Vec<f32> {
        (0..count).map(|i| (i as f32 * step).sin()).collect()
    }

    #[test]
    fn product_is_near_that_in_f32() {
        for rows in [1, 3, 20] {
            let (columns, width) = (96, 300);
            let weight = wave(width * columns, 0.37);
            let bias = wave(width, 0.1);
            let x = wave(rows * columns, 0.91);
            let mut out = Vec::new();
            let matrix = Quantized::new(&weight, columns, bias.clone());
            matrix.apply(&x, &mut out, Then::Store).unwrap();
            for (row, out) in x.chunks(columns).zip(out.chunks(width)) {
                for ((weight, bias), out) in weight.chunks(columns).zip(&bias).zip(out) {
                    let exact: f32 = weight.iter().zip(row).map(|(w, x)| w * x).sum();
                    assert!((exact + bias - out).abs() < 0.1, "{exact} {out}");
                }
            }
        }
    }

    #[test]
    fn what_was_quantized_stays() {
        let numbers: Vec<f32> =
            (0..64).map(|i| (i - 31) as f32 * 0.25).map(|v| v.clamp(-7.75, 7.75)).collect();
        let mut first = Row::default();
        first.quantize(&numbers);
        let unpacked: Vec<f32> = first
            .numbers
            .iter()
            .enumerate()
            .map(|(i, n)| f32::from(*n) * first.scales[i / BLOCK])
            .collect();
        let mut second = Row::default();
        second.quantize(&unpacked);
        assert_eq!(first.numbers, second.numbers);
    }

    #[test]
    fn zeros_and_extremes() {
        let mut row = Row::default();
        row.quantize(&[0.0; 32]);
        assert_eq!((row.numbers[0], row.scales[0]), (0, 0.0));
        let mut numbers = [-1.0; 32];
        numbers[5] = 1.0;
        row.quantize(&numbers);
        assert_eq!((row.numbers[0], row.numbers[5]), (-127, 127));
    }
}
