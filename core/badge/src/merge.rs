use std::collections::BTreeMap;
use std::ops::Range;

/// When a gap is taken for lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergePolicy {
    /// Whether the badge stores what the radio loses. If not, frames that are still missing after
    /// `window` newer ones are lost.
    pub stores: bool,
    /// How far fragments and frames overtake each other on the air.
    pub window: usize,
    /// How long a stored frame is waited for, in milliseconds: the badge may be away.
    pub patience_ms: u64,
    /// Most frames that wait behind a gap.
    pub capacity: usize,
}

impl Default for MergePolicy {
    fn default() -> Self {
        Self { stores: true, window: 16, patience_ms: 10 * 60_000, capacity: 180_000 }
    }
}

/// Brings live and stored frames of one stream into one order. Holds a token (a place in the audio
/// log) for each frame that came early, never audio.
#[derive(Debug)]
pub struct Merger<T> {
    policy: MergePolicy,
    next: Option<u32>,
    gone_below: u32,
    /// With the time of arrival.
    waiting: BTreeMap<u32, (T, u64)>,
}

/// What comes next in a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merged<T> {
    /// The next frame.
    Frame {
        /// Its number.
        seq: u32,
        /// As given to [`Merger::push`].
        token: T,
    },
    /// Frames that nobody has any more. Never the first of a stream.
    Gap(Range<u32>),
}

impl<T> Merger<T> {
    /// A stream from its start.
    #[must_use]
    pub fn new(policy: MergePolicy) -> Self {
        let waiting = BTreeMap::new();
        Self { policy, next: None, gone_below: 0, waiting }
    }

    /// A frame arrived. One that comes again, or after it was given up, is ignored: false.
    pub fn push(&mut self, seq: u32, token: T, now_ms: u64) -> bool {
        if self.next.is_some_and(|next| seq < next) || self.waiting.contains_key(&seq) {
            return false;
        }
        self.waiting.insert(seq, (token, now_ms));
        true
    }

    /// Frames below a number that are not here exist nowhere.
    pub fn gone(&mut self, below: u32) {
        self.gone_below = self.gone_below.max(below);
    }

    /// The next frame or gap, if it is certain what comes next.
    pub fn pop(&mut self, now_ms: u64) -> Option<Merged<T>> {
        let (&first, &(_, came_ms)) = self.waiting.first_key_value()?;
        if self.next == Some(first) {
            return self.frame();
        }
        let from = self.next.unwrap_or(0);
        let known = first == from || first <= self.gone_below;
        let patience = now_ms.saturating_sub(came_ms) >= self.policy.patience_ms;
        let overtaken = !self.policy.stores && self.waiting.len() > self.policy.window;
        if !(known || patience || overtaken || self.waiting.len() > self.policy.capacity) {
            return None;
        }
        let gap = self.next.is_some().then_some(from..first);
        self.next = Some(first);
        gap.map(Merged::Gap).or_else(|| self.frame())
    }

    /// Gives everything up that is still missing: the stream has ended.
    pub fn end(&mut self) {
        self.gone_below = u32::MAX;
    }

    /// Frames that wait behind a gap.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The tokens of the frames that wait.
    pub fn tokens(&self) -> impl Iterator<Item = &T> {
        self.waiting.values().map(|(token, _)| token)
    }

    fn frame(&mut self) -> Option<Merged<T>> {
        let (seq, (token, _)) = self.waiting.pop_first()?;
        self.next = Some(seq.saturating_add(1));
        Some(Merged::Frame { seq, token })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(merger: &mut Merger<u32>, now_ms: u64) -> Vec<Merged<u32>> {
        std::iter::from_fn(|| merger.pop(now_ms)).collect()
    }

    #[test]
    fn a_gap_waits_for_the_store() {
        let mut merger = Merger::new(MergePolicy::default());
        for seq in [0, 1, 5, 6] {
            merger.push(seq, seq, 0);
        }
        assert_eq!(all(&mut merger, 10).len(), 2);
        merger.push(3, 3, 20);
        assert_eq!(all(&mut merger, 30), []);
        merger.push(2, 2, 40);
        merger.gone(5);
        let rest = all(&mut merger, 50);
        assert_eq!(rest.len(), 5);
        assert_eq!(rest[2], Merged::Gap(4..5));
        assert!(!merger.push(4, 4, 60), "given up");
    }

    #[test]
    fn without_a_store_only_overtaking_is_waited_for() {
        let policy = MergePolicy { stores: false, window: 2, ..MergePolicy::default() };
        let mut merger = Merger::new(policy);
        for seq in [7, 9, 8] {
            merger.push(seq, seq, 0);
        }
        assert_eq!(all(&mut merger, 0).len(), 3);
        for seq in [12, 13] {
            merger.push(seq, seq, 0);
        }
        assert_eq!(all(&mut merger, 0), []);
        merger.push(14, 14, 0);
        assert_eq!(all(&mut merger, 0)[0], Merged::Gap(10..12));
    }

    #[test]
    fn patience_ends() {
        let mut merger = Merger::new(MergePolicy::default());
        merger.push(0, 0, 0);
        merger.push(2, 2, 0);
        merger.push(4, 4, 1000);
        assert_eq!(all(&mut merger, 1000).len(), 1);
        assert_eq!(
            all(&mut merger, 600_000),
            [Merged::Gap(1..2), Merged::Frame { seq: 2, token: 2 }]
        );
        assert_eq!(all(&mut merger, 601_000).len(), 2, "each gap has its own ten minutes");
    }

    proptest! {
        #[test]
        fn order_and_completeness(
            arrivals in prop::collection::vec(0_u32..80, 1..200),
            gone in prop::collection::vec((0_usize..200, 0_u32..80), 0..4),
        ) {
            let mut merger = Merger::new(MergePolicy::default());
            let mut out = Vec::new();
            for (i, seq) in arrivals.iter().enumerate() {
                merger.push(*seq, *seq, 0);
                gone.iter().filter(|(at, _)| *at == i).for_each(|(_, below)| merger.gone(*below));
                out.extend(all(&mut merger, 0));
            }
            merger.end();
            out.extend(all(&mut merger, 0));
            let mut next = None;
            for step in &out {
                let (from, to) = match step {
                    Merged::Frame { seq, token } => {
                        prop_assert_eq!(seq, token);
                        (*seq, *seq + 1)
                    }
                    Merged::Gap(range) => (range.start, range.end),
                };
                prop_assert!(next.is_none_or(|n| n == from) && from < to);
                next = Some(to);
            }
            prop_assert_eq!(merger.waiting(), 0);
        }
    }
}
