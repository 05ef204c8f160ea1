use std::collections::VecDeque;

/// More stretches than a detector with frames of 10 ms can make in the time that is kept.
const MOST: usize = 32_768;

/// Stretches of speech of the last minutes, in milliseconds of stream time; ascending.
#[derive(Debug, Clone, Default)]
pub(super) struct History(VecDeque<(u64, u64)>);

impl History {
    /// Adds a stretch that is not before the last one.
    pub(super) fn push(&mut self, from: u64, to: u64) {
        match self.0.back_mut() {
            Some((_, end)) if *end >= from => *end = to.max(*end),
            _ => self.0.push_back((from, to)),
        }
        if self.0.len() > MOST {
            self.0.pop_front();
        }
    }

    /// Lets go of what ended before.
    pub(super) fn forget(&mut self, before: u64) {
        while self.0.front().is_some_and(|(_, end)| *end < before) {
            self.0.pop_front();
        }
    }

    /// The stretches that reach into `from..to`, cut to it, latest first.
    fn within(&self, from: u64, to: u64) -> impl Iterator<Item = (u64, u64)> {
        let later = self.0.iter().rev().skip_while(move |(start, _)| *start >= to);
        let inside = later.take_while(move |(_, end)| *end > from);
        inside.map(move |(start, end)| (*start.max(&from), *end.min(&to)))
    }

    /// Speech in `from..to`.
    pub(super) fn speech_ms(&self, from: u64, to: u64) -> u64 {
        self.within(from, to).map(|(start, end)| end.saturating_sub(start)).sum()
    }

    /// Where the first stretch begins that reaches into `from..to`; perhaps before `from`.
    pub(super) fn onset(&self, from: u64, to: u64) -> Option<u64> {
        let at = self.0.partition_point(|(_, end)| *end <= from);
        self.0.get(at).map(|(start, _)| *start).filter(|start| *start < to)
    }

    /// Where speech last ended in `from..to`.
    pub(super) fn last(&self, from: u64, to: u64) -> Option<u64> {
        self.within(from, to).map(|(_, end)| end).next()
    }

    /// The middle of the longest stretch without speech in `from..to`.
    pub(super) fn longest_pause(&self, from: u64, to: u64) -> Option<u64> {
        let (mut best, mut later) = (None, to);
        let ends = self.within(from, to).chain(std::iter::once((from, from)));
        for (start, end) in ends {
            let length = later.saturating_sub(end);
            if length > best.map_or(0, |(most, _)| most) {
                best = Some((length, end + length / 2));
            }
            later = start;
        }
        best.map(|(_, middle)| middle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_found_again() {
        let mut history = History::default();
        [(10, 20), (20, 30), (50, 60), (61, 90)].into_iter().for_each(|(a, b)| history.push(a, b));
        assert_eq!(history.speech_ms(0, 100), 59);
        assert_eq!(history.speech_ms(25, 55), 10);
        assert_eq!((history.onset(25, 100), history.onset(30, 40)), (Some(10), None));
        assert_eq!((history.last(0, 55), history.last(30, 50)), (Some(55), None));
        assert_eq!(history.longest_pause(0, 100), Some(40));
        assert_eq!(history.longest_pause(55, 100), Some(95));
        assert_eq!(history.longest_pause(12, 28), None);
        assert_eq!(History::default().longest_pause(10, 20), Some(15));
        history.forget(55);
        assert_eq!(history.speech_ms(0, 100), 39);
    }
}
