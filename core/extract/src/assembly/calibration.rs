//! From a rule's score to how often such a value is right.
//!
//! Knots (score, share right), both in thousandths, read off the conversations in
//! `tests/fixtures/conversations` by halves of each field's values and drawn toward the middle where
//! they are few. Linear in between, in integers, so that every device gets the same number.

use confee_domain::Confidence;

/// A field's knots, by rising score.
type Knots = &'static [(u16, u16)];

/// How a field's scores become one score and a confidence.
pub(super) struct Scale {
    /// From this score on a value counts, by rules alone.
    pub(super) least: u16,
    knots: Knots,
    /// The model's share of the joint score, in thousandths.
    share: u16,
    /// From this joint score on a value counts.
    joint_least: u16,
    joint_knots: Knots,
}

impl Scale {
    /// One score of both; the rules' where there is no model.
    pub(super) fn score(&self, rules: u16, model: Option<u16>) -> u16 {
        let Some(model) = model else { return rules };
        let (share, rules, model) = (u32::from(self.share), u32::from(rules), u32::from(model));
        u16::try_from((model * share + rules * (1000 - share)) / 1000).unwrap_or(1000)
    }

    pub(super) fn threshold(&self, learned: bool) -> u16 {
        if learned { self.joint_least } else { self.least }
    }

    pub(super) fn confidence(&self, score: u16, learned: bool) -> Confidence {
        calibrated(score, if learned { self.joint_knots } else { self.knots })
    }
}

/// Joint scores are taken as they are until they have been measured.
const EVEN: Knots = &[(0, 0), (1000, 1000)];

pub(super) const NAME: Scale = Scale {
    least: 560,
    knots: &[(560, 650), (750, 740), (960, 940)],
    share: 850,
    joint_least: 400,
    joint_knots: EVEN,
};
pub(super) const TITLE: Scale = Scale {
    least: 560,
    knots: &[(560, 700), (800, 830), (900, 910)],
    share: 800,
    joint_least: 400,
    joint_knots: EVEN,
};
pub(super) const COMPANY: Scale = Scale {
    least: 540,
    knots: &[(540, 600), (600, 650), (890, 820), (980, 890)],
    share: 850,
    joint_least: 400,
    joint_knots: EVEN,
};
pub(super) const EMAIL: Scale = Scale {
    least: 560,
    knots: &[(560, 600), (870, 790), (950, 950)],
    share: 450,
    joint_least: 400,
    joint_knots: EVEN,
};
pub(super) const PHONE: Scale = Scale {
    least: 560,
    knots: &[(560, 800), (750, 880), (900, 950)],
    share: 450,
    joint_least: 400,
    joint_knots: EVEN,
};
pub(super) const BUDGET: Scale = Scale {
    least: 500,
    knots: &[(500, 500), (570, 550), (700, 660), (940, 850)],
    share: 700,
    joint_least: 400,
    joint_knots: EVEN,
};
pub(super) const TIMELINE: Scale = Scale {
    least: 520,
    knots: &[(520, 580), (580, 640), (780, 900), (940, 930)],
    share: 700,
    joint_least: 400,
    joint_knots: EVEN,
};
pub(super) const AUTHORITY: Scale = Scale {
    least: 500,
    knots: &[(500, 350), (860, 450), (950, 900)],
    share: 700,
    joint_least: 400,
    joint_knots: EVEN,
};
pub(super) const NEXT_STEP: Scale = Scale {
    least: 600,
    knots: &[(600, 650), (830, 780), (930, 890)],
    share: 800,
    joint_least: 400,
    joint_knots: EVEN,
};
pub(super) const PAIN: Scale = Scale {
    least: 500,
    knots: &[(500, 450), (540, 490), (670, 750), (850, 820)],
    share: 900,
    joint_least: 400,
    joint_knots: EVEN,
};
pub(super) const COMPETITOR: Scale = Scale {
    least: 600,
    knots: &[(600, 650), (700, 730), (760, 890), (900, 930)],
    share: 850,
    joint_least: 400,
    joint_knots: EVEN,
};

/// The share of values with this score that are right.
fn calibrated(score: u16, knots: Knots) -> Confidence {
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
        for knots in all.iter().flat_map(|scale| [scale.knots, scale.joint_knots]) {
            assert!(knots.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 <= w[1].1));
            let values: Vec<_> = (0..=1000).map(|s| calibrated(s, knots)).collect();
            assert!(values.is_sorted());
            assert!(knots.iter().all(|(s, c)| calibrated(*s, knots).as_permille() == *c));
        }
    }
}
