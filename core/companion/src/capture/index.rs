use std::collections::VecDeque;

use confee_store::Position;

/// Where the frames of a timeline are: one entry a second, and one at every jump.
#[derive(Debug, Default)]
pub(super) struct Index {
    entries: VecDeque<Entry>,
    frame_ms: u64,
}

/// A frame's three places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// On the timeline.
    pub(super) at_ms: u64,
    /// In its stream.
    pub(super) seq: u32,
    /// In the log: everything from this time on is at or behind it.
    pub(super) position: Position,
}

/// Distance of two entries without a jump between them.
const STEP_MS: u64 = 1_000;

impl Index {
    pub(super) fn new(frame_ms: u8) -> Self {
        Self { entries: VecDeque::new(), frame_ms: u64::from(frame_ms) }
    }

    /// A frame was put on the timeline; times ascend.
    pub(super) fn push(&mut self, entry: Entry) {
        let expected = self.entries.back().map(|last| self.seq_after(last, entry.at_ms));
        let far = self.entries.back().is_none_or(|last| entry.at_ms >= last.at_ms + STEP_MS);
        if far || expected != Some(entry.seq) {
            self.entries.push_back(entry);
        } else if let Some(last) = self.entries.back_mut() {
            // A drained frame lies behind the live ones that follow it.
            last.position = last.position.min(entry.position);
        }
    }

    /// The first frame that ends after a time.
    pub(super) fn seq_at(&self, at_ms: u64) -> Option<u32> {
        let at = self.entries.partition_point(|e| e.at_ms <= at_ms);
        let before = at.checked_sub(1).and_then(|i| self.entries.get(i));
        let next = self.entries.get(at);
        match (before, next) {
            (Some(before), next) => {
                let seq = self.seq_after(before, at_ms);
                Some(next.map_or(seq, |n| seq.min(n.seq)))
            }
            (None, next) => next.map(|n| n.seq),
        }
    }

    /// A place in the log before everything from a time on.
    pub(super) fn position_at(&self, at_ms: u64) -> Option<Position> {
        let from = self.entries.partition_point(|e| e.at_ms <= at_ms).saturating_sub(1);
        self.entries.iter().skip(from).map(|e| e.position).min()
    }

    /// Forgets what is before a time.
    pub(super) fn forget_before(&mut self, at_ms: u64) {
        while self.entries.get(1).is_some_and(|second| second.at_ms <= at_ms) {
            self.entries.pop_front();
        }
    }

    fn seq_after(&self, entry: &Entry, at_ms: u64) -> u32 {
        let frames = at_ms.saturating_sub(entry.at_ms) / self.frame_ms.max(1);
        entry.seq.saturating_add(u32::try_from(frames).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(at_ms: u64, seq: u32, place: u64) -> Entry {
        Entry { at_ms, seq, position: Position::from_u64(place) }
    }

    #[test]
    fn times_become_frames_and_places() {
        let mut index = Index::new(20);
        for n in 0..200 {
            index.push(entry(u64::from(n) * 20, 100 + n, u64::from(n)));
        }
        assert_eq!(index.entries.len(), 4);
        assert_eq!(index.seq_at(0), Some(100));
        assert_eq!(index.seq_at(1999), Some(199));
        assert_eq!(index.seq_at(2000), Some(200));
        // A drained stretch lies behind what came before it in time.
        index.push(entry(9000, 550, 50));
        assert_eq!(index.seq_at(8999), Some(549));
        assert_eq!(index.seq_at(9040), Some(552));
        assert_eq!(index.position_at(3500), Some(Position::from_u64(50)));
        assert_eq!(index.position_at(500), Some(Position::from_u64(0)));
        index.forget_before(2500);
        assert_eq!((index.entries.len(), index.seq_at(2500)), (3, Some(225)));
    }

    #[test]
    fn live_frames_after_a_drained_one_lie_before_it() {
        let mut index = Index::new(20);
        let drained = [0, 50, 77];
        for n in 0..150 {
            let place = if drained.contains(&n) { 1000 + u64::from(n) } else { u64::from(n) };
            index.push(entry(u64::from(n) * 20, n, place));
        }
        for n in 0..150 {
            let place = index.position_at(u64::from(n) * 20).unwrap().to_u64();
            let least = (n..150).filter(|n| !drained.contains(n)).min().unwrap();
            assert!(place <= u64::from(least), "frame {n}: {place}");
        }
    }
}
