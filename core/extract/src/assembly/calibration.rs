//! From a rule's score to how often such a value is right.
//!
//! Knots (score, share right), both in thousandths, read off the conversations in
//! `tests/fixtures/conversations` by halves of each field's values and drawn toward the middle where
//! they are few. Linear in between, in integers, so that every device gets the same number.

use confee_domain::Confidence;

/// A field's knots, by rising score.
pub(super) type Knots = &'static [(u16, u16)];

pub(super) const NAME: Knots = &[(560, 650), (750, 740), (960, 940)];
pub(super) const TITLE: Knots = &[(560, 700), (800, 830), (900, 910)];
pub(super) const COMPANY: Knots = &[(540, 600), (600, 650), (890, 820), (980, 890)];
pub(super) const EMAIL: Knots = &[(560, 600), (870, 790), (950, 950)];
pub(super) const PHONE: Knots = &[(560, 800), (750, 880), (900, 950)];
pub(super) const BUDGET: Knots = &[(500, 500), (570, 550), (700, 660), (940, 850)];
pub(super) const TIMELINE: Knots = &[(520, 580), (580, 640), (780, 900), (940, 930)];
pub(super) const AUTHORITY: Knots = &[(500, 350), (860, 450), (950, 900)];
pub(super) const NEXT_STEP: Knots = &[(600, 650), (830, 780), (930, 890)];
pub(super) const PAIN: Knots = &[(500, 450), (540, 490), (670, 750), (850, 820)];
pub(super) const COMPETITOR: Knots = &[(600, 650), (700, 730), (760, 890), (900, 930)];

/// The share of values with this score that are right.
pub(super) fn calibrated(score: u16, knots: Knots) -> Confidence {
    let above = knots.partition_point(|(raw, _)| *raw <= score);
    let permille = match (above.checked_sub(1).and_then(|i| knots.get(i)), knots.get(above)) {
        (Some(low), Some(high)) => between(score, *low, *high),
        (Some((_, last)), None) => *last,
        // Below the first knot a score shrinks with it.
        (None, Some((raw, first))) => between(score, (0, 0), (*raw, *first)),
        (None, None) => score,
    };
    Confidence::permille(permille)
}

fn between(score: u16, low: (u16, u16), high: (u16, u16)) -> u16 {
    let width = u32::from(high.0 - low.0).max(1);
    let rise = u32::from(high.1 - low.1) * u32::from(score - low.0);
    low.1 + u16::try_from((rise + width / 2) / width).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knots_rise_and_scores_keep_their_order() {
        let all = [
            NAME, TITLE, COMPANY, EMAIL, PHONE, BUDGET, TIMELINE, AUTHORITY, NEXT_STEP, PAIN,
            COMPETITOR,
        ];
        for knots in all {
            assert!(knots.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 <= w[1].1));
            let values: Vec<_> = (0..=1000).map(|s| calibrated(s, knots)).collect();
            assert!(values.is_sorted());
            assert!(knots.iter().all(|(s, c)| calibrated(*s, knots).as_permille() == *c));
        }
    }
}
