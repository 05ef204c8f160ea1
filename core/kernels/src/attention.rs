use candle_core::{Device, Error, Tensor};
use rayon::prelude::*;

use crate::dense::with_slice;
use crate::simd;

/// Queries that one task attends with.
const TASK: usize = 128;

/// How rows are parted among the heads.
#[derive(Debug, Clone, Copy)]
pub struct Heads {
    /// Width of all heads together.
    pub state: usize,
    /// Width of one.
    pub head: usize,
}

/// Attention of all heads over all rows. A row of `x` holds query, key and value, `state` wide
/// each; the scale must be in the queries. Scores of one head and 128 queries exist at a time, so
/// that they stay in the processor's cache. `go_on` is asked before each head.
///
/// # Errors
/// A product failed, or `go_on` said so.
pub fn attend<E: From<Error> + Send>(
    x: &[f32],
    heads: Heads,
    out: &mut [f32],
    go_on: impl Fn() -> Result<(), E> + Sync,
) -> Result<(), E> {
    let Heads { state, head: width } = heads;
    let rows = x.len() / (3 * state);
    let x = Tensor::from_slice(x, (rows, 3 * state), &Device::Cpu)?;
    let tasks = out.par_chunks_mut(TASK * state).enumerate();
    tasks.try_for_each(|(task, out)| {
        for head in 0..state / width {
            go_on()?;
            let part = |part: usize| x.narrow(1, part * state + head * width, width);
            let query = part(0)?.narrow(0, task * TASK, out.len() / state)?;
            let attended = one_head(&query, &part(1)?, &part(2)?)?;
            with_slice(&attended, |attended| {
                let rows = out.chunks_exact_mut(state).zip(attended.chunks_exact(width));
                rows.for_each(|(out, attended)| {
                    out[head * width..(head + 1) * width].copy_from_slice(attended);
                });
            })?;
        }
        Ok(())
    })
}

fn one_head(query: &Tensor, keys: &Tensor, values: &Tensor) -> Result<Tensor, Error> {
    let scores = query.matmul(&keys.t()?)?;
    let (queries, rows) = scores.dims2()?;
    let mut weights = with_slice(&scores, <[f32]>::to_vec)?;
    drop(scores);
    simd::softmax(&mut weights, rows);
    Tensor::from_vec(weights, (queries, rows), &Device::Cpu)?.matmul(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attention_of_equal_keys_is_the_mean() {
        let rows = 200;
        let heads = Heads { state: 64, head: 32 };
        let mut x = vec![0.0; rows * 3 * heads.state];
        for row in 0..rows {
            x[row * 3 * heads.state + 2 * heads.state] = row as f32;
        }
        let mut out = vec![0.0; rows * heads.state];
        attend(&x, heads, &mut out, || Ok::<_, Error>(())).unwrap();
        assert!((out[0] - 99.5).abs() < 1e-2 && (out[199 * heads.state] - 99.5).abs() < 1e-2);
        assert_eq!(out[1], 0.0);
    }

    #[test]
    fn a_refusal_ends_it() {
        let refuse = || Err(Error::Msg("stopped".into()));
        let heads = Heads { state: 32, head: 32 };
        assert!(attend(&[0.0; 96], heads, &mut [0.0; 32], refuse).is_err());
    }
}
