use super::block::BLOCK_MS;
use super::chain::Chain;
use super::feature::Feature;
use super::verdict;
use super::voices::{fit, steps};

/// Rounds of fitting.
const ROUNDS: usize = 12;
/// Less speech than this says nothing (1.5 s).
const LEAST_BLOCKS: usize = 24;
/// Blocks on either side for the first guess.
const SMOOTH: usize = 6;

/// Probability of the wearer at each block; nothing where there is too little speech.
pub(super) fn judge(features: &[Feature], min_turn_ms: u32) -> Vec<f32> {
    if features.iter().filter(|f| f.active).count() < LEAST_BLOCKS {
        return vec![0.5; features.len()];
    }
    let least = (u64::from(min_turn_ms) / BLOCK_MS).clamp(2, 64) as usize;
    let chain = Chain::new(least);
    let mut first = guess(features);
    for _ in 0..ROUNDS {
        let voices = fit(features, &first);
        first = chain.posterior(&steps(features, &voices));
    }
    let (a, b) = verdict::wearer(features, &first);
    first.iter().map(|p| p * a + (1.0 - p) * b).collect()
}

/// The louder half of smoothed levels; of two microphones also what comes from above.
fn guess(features: &[Feature]) -> Vec<f32> {
    let active: Vec<usize> = (0..features.len()).filter(|at| features[*at].active).collect();
    let score = |feature: &Feature| {
        let logit = feature.places.map_or(0.0, |p| p.logit);
        feature.shape[0] + 3.0 * logit
    };
    let smooth: Vec<f32> = (0..active.len())
        .map(|at| {
            let near = &active[at.saturating_sub(SMOOTH)..(at + SMOOTH + 1).min(active.len())];
            near.iter().map(|n| score(&features[*n])).sum::<f32>() / near.len() as f32
        })
        .collect();
    let (low, high) = two_means(&smooth);
    let mut first = vec![0.5; features.len()];
    for (at, value) in active.into_iter().zip(&smooth) {
        first[at] = 1.0 / (1.0 + (-(value - 0.5 * (low + high))).exp());
    }
    first
}

/// Middles of the two halves that differ the most (k-means with two).
fn two_means(values: &[f32]) -> (f32, f32) {
    let mut low = values.iter().copied().fold(f32::MAX, f32::min);
    let mut high = values.iter().copied().fold(f32::MIN, f32::max);
    for _ in 0..20 {
        let middle = 0.5 * (low + high);
        let mean = |above: bool, old: f32| {
            let kept = values.iter().filter(|v| (**v > middle) == above);
            let (sum, n) = kept.fold((0.0, 0), |(sum, n), v| (sum + v, n + 1));
            if n == 0 { old } else { sum / n as f32 }
        };
        (low, high) = (mean(false, low), mean(true, high));
    }
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_heaps_have_two_middles() {
        let (low, high) = two_means(&[1.0, 1.5, 0.5, 9.0, 10.0, 11.0]);
        assert_eq!((low, high), (1.0, 10.0));
        assert_eq!(two_means(&[3.0]), (3.0, 3.0));
    }
}
