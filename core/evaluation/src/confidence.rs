/// Bins of equal mass that the calibration error is taken over.
const BINS: usize = 15;
/// Values that a bin must hold at least, or there are fewer bins.
const LEAST_IN_BIN: usize = 10;
/// What a value must be worth to be taken without a look.
const PRECISE: f64 = 0.95;

/// A filled value: how sure we were, and whether it was right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// Its field.
    pub field: &'static str,
    /// 0 to 1.
    pub confidence: f64,
    /// Whether gold says the same.
    pub right: bool,
}

/// How honest confidences are.
#[derive(Debug, Clone, PartialEq)]
pub struct Reliability {
    /// Mean confidence, share right and number of values by bin, the least sure first.
    pub bins: Vec<(f64, f64, usize)>,
    /// Expected calibration error: mean distance of confidence and share right.
    pub ece: f64,
    /// Mean square of the distance of confidence and truth.
    pub brier: f64,
    /// Share of the values that can be taken, the surest first, while 95 % of them are right.
    pub coverage: f64,
}

impl Reliability {
    /// Of some values, in any order.
    #[must_use]
    pub fn of(observations: &[Observation]) -> Self {
        let mut sorted = observations.to_vec();
        // The order of equal ones must not sort them into bins.
        fastrand::Rng::with_seed(1).shuffle(&mut sorted);
        sorted.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
        let count = (sorted.len() / LEAST_IN_BIN).clamp(1, BINS);
        let cut = |i: usize| i * sorted.len() / count;
        let parts = (0..count).filter_map(|i| sorted.get(cut(i)..cut(i + 1)));
        let bins: Vec<_> = parts.filter(|bin| !bin.is_empty()).map(bin).collect();
        let all = sorted.len().max(1) as f64;
        let ece = bins.iter().map(|(sure, right, n)| *n as f64 / all * (sure - right).abs()).sum();
        let brier = sorted.iter().map(|o| (o.confidence - f64::from(u8::from(o.right))).powi(2));
        Self { ece, brier: brier.sum::<f64>() / all, coverage: coverage(&sorted) / all, bins }
    }
}

fn bin(bin: &[Observation]) -> (f64, f64, usize) {
    let count = bin.len() as f64;
    let sure = bin.iter().map(|o| o.confidence).sum::<f64>() / count;
    (sure, bin.iter().filter(|o| o.right).count() as f64 / count, bin.len())
}

/// How many of the surest values can be taken.
fn coverage(sorted: &[Observation]) -> f64 {
    let (mut right, mut best) = (0, 0);
    for (taken, observation) in (1..).zip(sorted.iter().rev()) {
        right += usize::from(observation.right);
        if right as f64 >= PRECISE * taken as f64 {
            best = taken;
        }
    }
    best as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(sure: f64, right: usize, wrong: usize) -> Vec<Observation> {
        let one = |right| Observation { field: "name", confidence: sure, right };
        [vec![one(true); right], vec![one(false); wrong]].concat()
    }

    #[test]
    fn honest_confidence_has_no_error() {
        let honest = [values(0.9, 90, 10), values(0.5, 50, 50)].concat();
        let found = Reliability::of(&honest);
        assert!(found.ece < 0.1, "{}", found.ece);
        let sure = Reliability::of(&values(1.0, 50, 50));
        assert!((sure.ece - 0.5).abs() < 1e-9 && (sure.brier - 0.5).abs() < 1e-9);
    }

    #[test]
    fn what_can_be_taken_without_a_look() {
        let found = Reliability::of(&[values(0.99, 96, 4), values(0.2, 0, 100)].concat());
        assert!((found.coverage - 0.5).abs() < 0.03, "{}", found.coverage);
        assert!(Reliability::of(&[]).coverage.abs() < 1e-9);
    }
}
