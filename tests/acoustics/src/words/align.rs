use std::ops::AddAssign;

use super::normal;

/// One step from the reference to the hypothesis; indices into their words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The same word in both.
    Same(usize, usize),
    /// Another word.
    Substituted(usize, usize),
    /// A word of the reference that is missing.
    Deleted(usize),
    /// A word of the hypothesis that nobody said.
    Inserted(usize),
}

/// Differences between a reference and a hypothesis, in words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Edits {
    /// Other words.
    pub substituted: usize,
    /// Missing words.
    pub deleted: usize,
    /// Words that nobody said.
    pub inserted: usize,
    /// Words of the reference.
    pub words: usize,
}

impl Edits {
    /// Word error rate; may be above 1. 0 for an empty reference and hypothesis.
    #[must_use]
    pub fn rate(&self) -> f64 {
        (self.substituted + self.deleted + self.inserted) as f64 / self.words.max(1) as f64
    }
}

impl AddAssign for Edits {
    fn add_assign(&mut self, other: Self) {
        self.substituted += other.substituted;
        self.deleted += other.deleted;
        self.inserted += other.inserted;
        self.words += other.words;
    }
}

/// Counts the differences of two texts after [`normal`].
#[must_use]
pub fn edits(reference: &str, hypothesis: &str) -> Edits {
    let texts = |text| normal(text).into_iter().map(|w| w.text).collect::<Vec<String>>();
    let (reference, hypothesis) = (texts(reference), texts(hypothesis));
    let mut edits = Edits { words: reference.len(), ..Edits::default() };
    for step in align(&reference, &hypothesis) {
        match step {
            Step::Same(..) => {}
            Step::Substituted(..) => edits.substituted += 1,
            Step::Deleted(_) => edits.deleted += 1,
            Step::Inserted(_) => edits.inserted += 1,
        }
    }
    edits
}

/// The fewest steps from one list of words to the other (Levenshtein), in order. Where there are
/// several ways, words are rather replaced than left out, counted from the end.
#[must_use]
pub fn align<T: PartialEq>(reference: &[T], hypothesis: &[T]) -> Vec<Step> {
    let width = hypothesis.len() + 1;
    let costs = costs(reference, hypothesis);
    let cost = |r: usize, h: usize| costs.get(r * width + h).copied().unwrap_or(u32::MAX);
    let (mut r, mut h) = (reference.len(), hypothesis.len());
    let mut steps = Vec::with_capacity(r.max(h));
    while r > 0 || h > 0 {
        let here = cost(r, h);
        let same = r > 0 && h > 0 && reference[r - 1] == hypothesis[h - 1];
        if r > 0 && h > 0 && here == cost(r - 1, h - 1) + u32::from(!same) {
            (r, h) = (r - 1, h - 1);
            steps.push(if same { Step::Same(r, h) } else { Step::Substituted(r, h) });
        } else if r > 0 && here == cost(r - 1, h) + 1 {
            r -= 1;
            steps.push(Step::Deleted(r));
        } else {
            h -= 1;
            steps.push(Step::Inserted(h));
        }
    }
    steps.reverse();
    steps
}

/// Row by row, the steps from the first words of the one to the first words of the other.
fn costs<T: PartialEq>(reference: &[T], hypothesis: &[T]) -> Vec<u32> {
    let width = hypothesis.len() + 1;
    let mut costs: Vec<u32> = (0..).take(width).collect();
    costs.reserve(width * reference.len());
    for word in reference {
        let above = costs.len() - width;
        let mut left = costs[above] + 1;
        costs.push(left);
        for (h, other) in hypothesis.iter().enumerate() {
            let through = costs[above + h] + u32::from(word != other);
            left = through.min(left + 1).min(costs[above + h + 1] + 1);
            costs.push(left);
        }
    }
    costs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference, hypothesis, substituted, deleted, inserted, words.
    const PAIRS: &[(&str, &str, [usize; 4])] = &[
        ("the quick fox", "the quick fox", [0, 0, 0, 3]),
        ("The quick, fox!", "the quick fox", [0, 0, 0, 3]),
        ("the quick fox", "the fox", [0, 1, 0, 3]),
        ("the fox", "the quick fox", [0, 0, 1, 2]),
        ("the quick fox", "the slick fox", [1, 0, 0, 3]),
        ("red green blue grey", "black red green white", [1, 1, 1, 4]),
        ("", "", [0, 0, 0, 0]),
        ("", "you there", [0, 0, 2, 0]),
        ("you there", "", [0, 2, 0, 2]),
        ("we have sixty thousand euros", "We have 60,000 euros.", [0, 0, 0, 8]),
        ("we have sixty thousand euros", "We have 16,000 euros.", [2, 0, 0, 8]),
        ("uh it's, um, Owen", "It's Owen.", [0, 0, 0, 2]),
        ("ask for Lindqvist", "ask for Lind Quist", [1, 0, 1, 3]),
    ];

    #[test]
    fn counts_differences() {
        for (reference, hypothesis, [substituted, deleted, inserted, words]) in PAIRS {
            let got = edits(reference, hypothesis);
            let want = Edits {
                substituted: *substituted,
                deleted: *deleted,
                inserted: *inserted,
                words: *words,
            };
            assert_eq!(
                got.substituted + got.deleted + got.inserted,
                substituted + deleted + inserted,
                "{reference} | {hypothesis}: {got:?}"
            );
            assert_eq!(got, want, "{reference} | {hypothesis}");
        }
        assert!((edits("we go home now", "we go home").rate() - 0.25).abs() < 1e-12);
        assert!((edits("yes", "no we can").rate() - 3.0).abs() < 1e-12);
    }

    #[test]
    fn steps_lead_from_the_one_to_the_other() {
        let mut rng = fastrand::Rng::with_seed(8);
        for _ in 0..300 {
            let mut list = || -> Vec<u8> { (0..rng.usize(..12)).map(|_| rng.u8(..4)).collect() };
            let (reference, hypothesis) = (list(), list());
            let (mut r, mut h) = (Vec::new(), Vec::new());
            for step in align(&reference, &hypothesis) {
                match step {
                    Step::Same(a, b) => {
                        assert_eq!(reference[a], hypothesis[b]);
                        r.push(a);
                        h.push(b);
                    }
                    Step::Substituted(a, b) => {
                        assert_ne!(reference[a], hypothesis[b]);
                        r.push(a);
                        h.push(b);
                    }
                    Step::Deleted(a) => r.push(a),
                    Step::Inserted(b) => h.push(b),
                }
            }
            assert_eq!(r, (0..reference.len()).collect::<Vec<_>>());
            assert_eq!(h, (0..hypothesis.len()).collect::<Vec<_>>());
        }
    }
}
