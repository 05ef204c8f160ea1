use confee_domain::QualityReason;

use super::judge::{Findings, REASONS};
use super::policy::MeterPolicy;

/// How long one reason has been trouble or not, in milliseconds.
#[derive(Debug, Clone, Copy, Default)]
struct Watch {
    on: bool,
    trouble_ms: u32,
    good_ms: u32,
    unknown_ms: u32,
}

impl Watch {
    fn step(&mut self, trouble: Option<bool>, ms: u32, policy: &MeterPolicy) {
        match trouble {
            Some(true) => {
                self.trouble_ms = self.trouble_ms.saturating_add(ms);
                self.good_ms = 0;
                self.unknown_ms = 0;
            }
            Some(false) => {
                self.trouble_ms = self.trouble_ms.saturating_sub(ms);
                self.good_ms = self.good_ms.saturating_add(ms);
                self.unknown_ms = 0;
            }
            None => self.unknown_ms = self.unknown_ms.saturating_add(ms),
        }
        if self.on {
            // What was long trouble must not need as long to be forgotten.
            self.trouble_ms = self.trouble_ms.min(policy.warn_after_ms);
        }
        if !self.on && self.trouble_ms >= policy.warn_after_ms {
            self.on = true;
        } else if self.good_ms >= policy.clear_after_ms || self.unknown_ms >= policy.forget_after_ms
        {
            *self = Self::default();
        }
    }
}

/// Turns findings that come and go into a warning that does not flicker.
#[derive(Debug, Clone, Default)]
pub(super) struct Warner {
    watches: [Watch; REASONS.len()],
    shown: Option<QualityReason>,
    shown_ms: u32,
}

impl Warner {
    /// Takes the findings of the next `ms` milliseconds.
    pub(super) fn step(&mut self, findings: &Findings, ms: u32, policy: &MeterPolicy) {
        for (watch, finding) in self.watches.iter_mut().zip(findings) {
            watch.step(finding.map(|f| f <= policy.warn_from), ms, policy);
        }
        self.shown_ms = self.shown_ms.saturating_add(ms);
        let mut wanted = self.watches.iter().zip(REASONS).filter(|(w, _)| w.on).map(|(_, r)| r);
        let first = wanted.next();
        let mut keeps = |shown| first == Some(shown) || wanted.any(|r| r == shown);
        // One that still holds gives way to another only late, and all can be read.
        let read = self.shown_ms >= policy.warn_after_ms;
        let stays = match self.shown {
            None => false,
            Some(shown) => !read || (self.shown_ms < policy.clear_after_ms && keeps(shown)),
        };
        if !stays && self.shown != first {
            self.shown = first;
            self.shown_ms = 0;
        }
    }

    /// What to warn of now.
    pub(super) fn shown(&self) -> Option<QualityReason> {
        self.shown
    }
}

#[cfg(test)]
mod tests {
    use confee_domain::QualityVerdict;
    use proptest::prelude::*;

    use super::*;

    const TICK_MS: u32 = 100;

    fn findings(reasons: &[QualityReason], known: bool) -> Findings {
        REASONS.map(|r| {
            let verdict =
                if reasons.contains(&r) { QualityVerdict::Poor } else { QualityVerdict::Good };
            known.then_some(verdict)
        })
    }

    /// Runs stretches of (seconds / 10, reasons) and notes when the warning changed.
    fn changes(stretches: &[(u32, Vec<QualityReason>)]) -> Vec<(u32, Option<QualityReason>)> {
        let (mut warner, policy) = (Warner::default(), MeterPolicy::default());
        let (mut now, mut last, mut seen) = (0, None, Vec::new());
        for (ticks, reasons) in stretches {
            for _ in 0..*ticks {
                warner.step(&findings(reasons, true), TICK_MS, &policy);
                now += TICK_MS;
                if warner.shown() != last {
                    last = warner.shown();
                    seen.push((now, last));
                }
            }
        }
        seen
    }

    #[test]
    fn it_comes_after_three_seconds_and_goes_after_five() {
        let lost = QualityReason::LostFrames;
        assert_eq!(
            changes(&[(100, vec![]), (200, vec![lost]), (100, vec![])]),
            [(13_000, Some(lost)), (35_000, None)]
        );
        assert_eq!(changes(&[(29, vec![lost]), (40, vec![]), (29, vec![lost]), (60, vec![])]), []);
    }

    #[test]
    fn trouble_every_other_second_keeps_a_warning_and_does_not_start_one() {
        let wind = QualityReason::WindOrHandling;
        let gusts = (0..20).flat_map(|_| [(10, vec![wind]), (10, vec![])]);
        assert_eq!(changes(&gusts.clone().collect::<Vec<_>>()), []);
        let begun: Vec<_> = std::iter::once((40, vec![wind])).chain(gusts).collect();
        assert_eq!(changes(&begun), [(3_000, Some(wind))]);
    }

    #[test]
    fn without_evidence_it_stays_a_while() {
        let (mut warner, policy) = (Warner::default(), MeterPolicy::default());
        let loud = QualityReason::LoudSurroundings;
        (0..40).for_each(|_| warner.step(&findings(&[loud], true), TICK_MS, &policy));
        (0..149).for_each(|_| warner.step(&findings(&[], false), TICK_MS, &policy));
        assert_eq!(warner.shown(), Some(loud));
        warner.step(&findings(&[], false), TICK_MS, &policy);
        assert_eq!(warner.shown(), None);
    }

    proptest! {
        #[test]
        fn a_warning_can_always_be_read(
            stretches in prop::collection::vec((1_u32..80, prop::collection::vec(0_usize..8, 0..3)), 1..40)
        ) {
            let stretches: Vec<_> = stretches
                .into_iter()
                .map(|(t, r)| (t, r.into_iter().map(|i| REASONS[i]).collect()))
                .collect();
            let seen = changes(&stretches);
            for pair in seen.windows(2) {
                if pair[0].1.is_some() {
                    prop_assert!(pair[1].0 - pair[0].0 >= 3_000, "{seen:?}");
                }
            }
        }
    }
}
