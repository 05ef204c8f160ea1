use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A set of sequence numbers kept as ranges: what has arrived, what is durable. Memory grows with
/// the number of gaps, not with the number of frames.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeqRanges(Vec<Range<u32>>);

impl SeqRanges {
    /// The empty set.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds one number; false where it was there. Numbers that come in order cost no search and
    /// no allocation.
    pub fn insert(&mut self, seq: u32) -> bool {
        let Some(next) = seq.checked_add(1) else { return false };
        if let Some(last) = self.0.last_mut()
            && last.end == seq
        {
            last.end = next;
            return true;
        }
        if self.contains(seq) {
            return false;
        }
        self.insert_range(seq..next);
        true
    }

    /// Adds a range; ranges that touch become one.
    pub fn insert_range(&mut self, range: Range<u32>) {
        if range.is_empty() {
            return;
        }
        let from = self.0.partition_point(|r| r.end < range.start);
        let to = self.0.partition_point(|r| r.start <= range.end);
        let joined = match self.0.get(from..to) {
            Some([first, .., last]) => first.start.min(range.start)..last.end.max(range.end),
            Some([only]) => only.start.min(range.start)..only.end.max(range.end),
            _ => range,
        };
        self.0.splice(from..to, [joined]);
    }

    /// Whether a number is in the set.
    #[must_use]
    pub fn contains(&self, seq: u32) -> bool {
        let at = self.0.partition_point(|r| r.end <= seq);
        self.0.get(at).is_some_and(|r| r.start <= seq)
    }

    /// The ranges, ascending, none touching the next.
    #[must_use]
    pub fn ranges(&self) -> &[Range<u32>] {
        &self.0
    }

    /// What of `whole` is not in the set, ascending.
    pub fn missing(&self, whole: Range<u32>) -> impl Iterator<Item = Range<u32>> + '_ {
        let from = self.0.partition_point(|r| r.end <= whole.start);
        let inside = self.0.iter().skip(from).take_while({
            let end = whole.end;
            move |r| r.start < end
        });
        let starts = std::iter::once(whole.start).chain(inside.clone().map(|r| r.end));
        let ends = inside.map(|r| r.start).chain(std::iter::once(whole.end));
        starts.zip(ends).map(|(start, end)| start..end).filter(|r| !r.is_empty())
    }

    /// The first number at or above `from` that is not in the set.
    #[must_use]
    pub fn first_missing(&self, from: u32) -> u32 {
        let at = self.0.partition_point(|r| r.end <= from);
        self.0.get(at).filter(|r| r.start <= from).map_or(from, |r| r.end)
    }

    /// How many numbers are in the set.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.iter().map(|r| u64::from(r.end - r.start)).sum()
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_set(steps in prop::collection::vec((0_u32..60, 0_u32..9), 0..40), probe in 0_u32..70) {
            let mut ranges = SeqRanges::new();
            let mut model = BTreeSet::new();
            for (start, length) in steps {
                if length == 1 {
                    prop_assert_eq!(ranges.insert(start), model.insert(start));
                } else {
                    ranges.insert_range(start..start + length);
                    model.extend(start..start + length);
                }
            }
            prop_assert_eq!(ranges.len(), model.len() as u64);
            prop_assert_eq!(ranges.is_empty(), model.is_empty());
            prop_assert_eq!(ranges.contains(probe), model.contains(&probe));
            prop_assert!(ranges.ranges().windows(2).all(|w| w[0].end < w[1].start));
            let first = (probe..).find(|s| !model.contains(s));
            prop_assert_eq!(Some(ranges.first_missing(probe)), first);
            let missing: Vec<u32> = ranges.missing(5..probe).flatten().collect();
            let expected: Vec<u32> = (5..probe).filter(|s| !model.contains(s)).collect();
            prop_assert_eq!(missing, expected);
        }
    }

    #[test]
    fn the_last_number_of_all_cannot_be_in_it() {
        let mut ranges = SeqRanges::new();
        assert!(!ranges.insert(u32::MAX));
        assert!(ranges.insert(u32::MAX - 1));
        assert_eq!(ranges.first_missing(u32::MAX - 1), u32::MAX);
    }
}
