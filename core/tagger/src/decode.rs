//! From a token's outputs to spans: the likeliest sequence in which a span goes on only where it
//! has begun.

use std::ops::Range;

/// A stretch of one class.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) class: usize,
    pub(crate) rows: Range<usize>,
    /// Mean probability of its tokens' labels.
    pub(crate) probability: f32,
}

/// The spans of one turn. A row of `logits` holds "outside", then "begins" and "goes on" for each
/// class.
pub(crate) fn stretches(logits: &[f32], width: usize) -> Vec<Stretch> {
    let probabilities = softmax(logits, width);
    let path = likeliest(&probabilities, width);
    let mut found: Vec<Stretch> = Vec::new();
    for (row, label) in path.iter().enumerate().filter(|(_, label)| **label > 0) {
        let probability = probabilities[row * width + label];
        let class = (label - 1) / 2;
        match found.last_mut() {
            Some(last) if label % 2 == 0 && last.rows.end == row => {
                last.rows.end = row + 1;
                last.probability += probability;
            }
            _ => found.push(Stretch { class, rows: row..row + 1, probability }),
        }
    }
    for stretch in &mut found {
        stretch.probability /= stretch.rows.len() as f32;
    }
    found
}

/// Viterbi: "goes on" may only follow "begins" or "goes on" of its class.
fn likeliest(probabilities: &[f32], width: usize) -> Vec<usize> {
    let mut best = vec![0.0_f32; width];
    let mut back: Vec<Vec<usize>> = Vec::new();
    for (row, row_of) in probabilities.chunks_exact(width).enumerate() {
        let any = (0..width).max_by(|a, b| best[*a].total_cmp(&best[*b])).unwrap_or(0);
        let mut next = vec![f32::NEG_INFINITY; width];
        let mut from = vec![any; width];
        for (label, probability) in row_of.iter().enumerate() {
            let goes_on = label > 0 && label % 2 == 0;
            if goes_on && row == 0 {
                continue;
            }
            if goes_on {
                from[label] = if best[label] >= best[label - 1] { label } else { label - 1 };
            }
            next[label] = best[from[label]] + probability.max(1e-9).ln();
        }
        best = next;
        back.push(from);
    }
    let mut label = (0..width).max_by(|a, b| best[*a].total_cmp(&best[*b])).unwrap_or(0);
    let mut path = vec![0; back.len()];
    for (row, from) in back.iter().enumerate().rev() {
        path[row] = label;
        label = from[label];
    }
    path
}

/// The mean over rows of the probabilities of those classes that are wanted; they sum to 1.
pub(crate) fn share(logits: &[f32], width: usize, wanted: &[usize]) -> Vec<f32> {
    let mut sums = vec![0.0; wanted.len()];
    for row in logits.chunks_exact(width) {
        let some: Vec<f32> = wanted.iter().map(|class| row[*class]).collect();
        let probabilities = softmax(&some, some.len());
        sums.iter_mut().zip(probabilities).for_each(|(sum, p)| *sum += p);
    }
    let total = sums.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    sums.iter().map(|sum| sum / total).collect()
}

/// Probabilities, row by row.
pub(crate) fn softmax(logits: &[f32], width: usize) -> Vec<f32> {
    let mut out = logits.to_vec();
    confee_kernels::simd::softmax(&mut out, width);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two classes: outside, begins a, goes on a, begins b, goes on b.
    fn rows(labels: &[usize]) -> Vec<f32> {
        labels
            .iter()
            .flat_map(|label| (0..5).map(move |i| if i == *label { 4.0 } else { 0.0 }))
            .collect()
    }

    fn found(labels: &[usize]) -> Vec<(usize, Range<usize>)> {
        stretches(&rows(labels), 5).into_iter().map(|s| (s.class, s.rows)).collect()
    }

    #[test]
    fn spans_begin_and_go_on() {
        assert_eq!(found(&[0, 1, 2, 0, 3, 3, 4]), [(0, 1..3), (1, 4..5), (1, 5..7)]);
        assert_eq!(found(&[0, 0]), []);
        assert_eq!(found(&[]), []);
    }

    #[test]
    fn what_has_not_begun_does_not_go_on() {
        for labels in [&[2, 2][..], &[1, 4, 0], &[0, 4, 4, 0]] {
            for (class, rows) in found(labels) {
                assert!(class < 2 && !rows.is_empty());
            }
        }
        assert_eq!(found(&[1, 2, 4, 2]), [(0, 0..4)]);
    }

    #[test]
    fn shares_sum_to_one() {
        let shares = share(&rows(&[1, 1, 3]), 5, &[1, 3]);
        assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-5 && shares[0] > shares[1]);
    }
}
