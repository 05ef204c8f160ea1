/// Two voices in turns, none shorter than a number of steps: a hidden Markov model in which each
/// voice is a line of states, and only the last of them may last or give way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain {
    /// Steps of the shortest turn, at least 2.
    least: usize,
}

/// One step: how much better the first voice explains it (a log ratio), and how likely the turn
/// ends before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) log_ratio: f32,
    pub(super) change: f32,
}

/// Steps that are worked on at once, and how far the sight goes beyond them.
const PART: usize = 8_192;
const SIGHT: usize = 256;

impl Chain {
    pub(super) fn new(least: usize) -> Self {
        Self { least: least.max(2) }
    }

    /// Probability of the first voice at each step, from all steps before and after.
    pub(super) fn posterior(self, steps: &[Step]) -> Vec<f32> {
        let mut all = Vec::with_capacity(steps.len());
        for from in (0..steps.len()).step_by(PART) {
            let to = (from + PART).min(steps.len());
            let seen = from.saturating_sub(SIGHT)..(to + SIGHT).min(steps.len());
            let skip = from - seen.start;
            let part = self.part(&steps[seen]);
            all.extend(part.into_iter().skip(skip).take(to - from));
        }
        all
    }

    /// Forward and backward passes (Rabiner, Proc. IEEE 77(2), 1989), each step scaled to sum to 1.
    fn part(self, steps: &[Step]) -> Vec<f32> {
        let (least, width) = (self.least, 2 * self.least);
        let mut forward = vec![0.0_f32; width * steps.len()];
        let mut now = vec![0.0; width];
        now[least - 1] = 0.5;
        now[width - 1] = 0.5;
        let mut next = vec![0.0; width];
        for (step, kept) in steps.iter().zip(forward.chunks_exact_mut(width)) {
            self.advance(&now, step.change, &mut next);
            weigh(&mut next, least, step.log_ratio);
            kept.copy_from_slice(&next);
            std::mem::swap(&mut now, &mut next);
        }
        let mut backward = vec![1.0; width];
        let mut first = vec![0.5; steps.len()];
        for (at, kept) in forward.chunks_exact(width).enumerate().rev() {
            let both: Vec<f32> = kept.iter().zip(&backward).map(|(f, b)| f * b).collect();
            let sum: f32 = both.iter().sum();
            first[at] = both[..least].iter().sum::<f32>() / sum.max(f32::MIN_POSITIVE);
            weigh(&mut backward, least, steps[at].log_ratio);
            self.retreat(&backward, steps[at].change, &mut next);
            std::mem::swap(&mut backward, &mut next);
        }
        first
    }

    fn advance(self, now: &[f32], change: f32, next: &mut [f32]) {
        let (least, width) = (self.least, 2 * self.least);
        for (own, other) in [(0, width - 1), (least, least - 1)] {
            let last = own + least - 1;
            next[own] = change * now[other];
            next[own + 1..=last].copy_from_slice(&now[own..last]);
            next[last] += (1.0 - change) * now[last];
        }
    }

    fn retreat(self, later: &[f32], change: f32, before: &mut [f32]) {
        let least = self.least;
        for (own, other) in [(0, least), (least, 0)] {
            let last = own + least - 1;
            before[own..last].copy_from_slice(&later[own + 1..=last]);
            before[last] = (1.0 - change) * later[last] + change * later[other];
        }
    }
}

/// Multiplies by what a step says and scales to a sum of 1.
fn weigh(states: &mut [f32], least: usize, log_ratio: f32) {
    let half = (0.5 * log_ratio.clamp(-30.0, 30.0)).exp();
    let (first, second) = states.split_at_mut(least);
    first.iter_mut().for_each(|x| *x *= half);
    second.iter_mut().for_each(|x| *x /= half);
    let sum: f32 = states.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    states.iter_mut().for_each(|x| *x /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(runs: &[(usize, f32)]) -> Vec<Step> {
        let step = |log_ratio| Step { log_ratio, change: 0.02 };
        runs.iter().flat_map(|(n, ratio)| std::iter::repeat_n(step(*ratio), *n)).collect()
    }

    #[test]
    fn turns_are_found_where_they_change() {
        let found = Chain::new(10).posterior(&steps(&[(40, 1.0), (30, -1.0), (50, 1.0)]));
        for (at, p) in found.iter().enumerate() {
            let first = !(40..70).contains(&at);
            assert!(if first { *p > 0.5 } else { *p < 0.5 }, "{at}: {p}");
        }
        assert!(found[20] > 0.99 && found[55] < 0.01);
    }

    #[test]
    fn what_is_shorter_than_a_turn_is_not_believed() {
        let found = Chain::new(10).posterior(&steps(&[(40, 1.0), (4, -1.0), (40, 1.0)]));
        assert!(found.iter().all(|p| *p > 0.9), "{found:?}");
    }

    #[test]
    fn nothing_known_is_nobody_and_parts_join() {
        assert!(
            Chain::new(5).posterior(&steps(&[(50, 0.0)])).iter().all(|p| (p - 0.5).abs() < 1e-3)
        );
        let long: Vec<(usize, f32)> =
            (0..400).map(|n| (57, if n % 2 == 0 { 0.5 } else { -0.5 })).collect();
        let (long, chain) = (steps(&long), Chain::new(10));
        let (parts, whole) = (chain.posterior(&long), chain.part(&long));
        assert_eq!(parts.len(), long.len());
        assert!(parts.iter().zip(&whole).all(|(a, b)| (a - b).abs() < 1e-3));
    }

    #[test]
    fn impossible_certainty_stays_a_number() {
        let found = Chain::new(11).posterior(&steps(&[(30, 1e9), (30, f32::MIN), (30, 1e30)]));
        assert!(found.iter().all(|p| (0.0..=1.0).contains(p)), "{found:?}");
    }
}
