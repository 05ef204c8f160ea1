use std::collections::VecDeque;

/// A store of records at positions 0, 1, 2, ... with a bounded number of bytes: the newest always
/// fits, the oldest is overwritten. Records that are still in RAM cannot be read, so that no
/// position which a phone has seen is ever used twice.
#[derive(Debug)]
pub(super) struct Ring<N> {
    id: u64,
    oldest: u64,
    records: VecDeque<Entry<N>>,
    bytes: usize,
    capacity: usize,
    overwritten: u64,
    flashed: u64,
}

/// One record, and what the model knows of it.
#[derive(Debug)]
pub(super) struct Entry<N> {
    pub(super) name: N,
    pub(super) bytes: Vec<u8>,
}

impl<N> Ring<N> {
    pub(super) fn new(id: u64, capacity: usize) -> Self {
        Self {
            id,
            oldest: 0,
            records: VecDeque::new(),
            bytes: 0,
            capacity,
            overwritten: 0,
            flashed: 0,
        }
    }

    pub(super) fn id(&self) -> u64 {
        self.id
    }

    pub(super) fn oldest(&self) -> u64 {
        self.oldest
    }

    /// Records that were overwritten before anybody freed them.
    pub(super) fn overwritten(&self) -> u64 {
        self.overwritten
    }

    /// The first position that cannot be read yet.
    pub(super) fn readable_to(&self) -> u64 {
        self.flashed
    }

    pub(super) fn is_empty(&self) -> bool {
        self.flashed == self.oldest
    }

    pub(super) fn percent(&self) -> usize {
        self.bytes * 100 / self.capacity.max(1)
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// What stands at a position, where it may be read.
    pub(super) fn get(&self, position: u64) -> Option<&Entry<N>> {
        let at = position.checked_sub(self.oldest).filter(|_| position < self.flashed)?;
        self.records.get(usize::try_from(at).ok()?)
    }

    /// Appends to the records in RAM; gives what was overwritten for it.
    pub(super) fn push(&mut self, name: N, bytes: Vec<u8>) -> Vec<N> {
        self.bytes += bytes.len();
        self.records.push_back(Entry { name, bytes });
        let mut gone = Vec::new();
        while self.bytes > self.capacity {
            let Some(name) = self.drop_oldest() else { break };
            self.overwritten += 1;
            gone.push(name);
        }
        gone
    }

    /// Writes what is in RAM to flash.
    pub(super) fn flash(&mut self) {
        self.flashed = self.end();
    }

    /// What was only in RAM is lost.
    pub(super) fn lose_power(&mut self) -> Vec<N> {
        let kept = usize::try_from(self.flashed - self.oldest).unwrap_or(usize::MAX);
        let lost = self.records.split_off(kept.min(self.records.len()));
        self.bytes -= lost.iter().map(|e| e.bytes.len()).sum::<usize>();
        lost.into_iter().map(|e| e.name).collect()
    }

    /// Frees everything below a position.
    pub(super) fn free_to(&mut self, to: u64) -> Vec<N> {
        let mut freed = Vec::new();
        while self.oldest < to {
            let Some(name) = self.drop_oldest() else { break };
            freed.push(name);
        }
        freed
    }

    /// Frees from the oldest on while a record can be read and `matches`.
    pub(super) fn free_while(&mut self, matches: impl Fn(&N) -> bool) -> Vec<N> {
        let mut freed = Vec::new();
        while self.get(self.oldest).is_some_and(|e| matches(&e.name)) {
            freed.extend(self.drop_oldest());
        }
        freed
    }

    /// Becomes another incarnation; gives what was stored.
    pub(super) fn format(&mut self, id: u64) -> Vec<N> {
        let fresh = Self::new(id, self.capacity);
        let old = std::mem::replace(self, fresh);
        old.records.into_iter().map(|e| e.name).collect()
    }

    fn end(&self) -> u64 {
        self.oldest + self.records.len() as u64
    }

    fn drop_oldest(&mut self) -> Option<N> {
        let entry = self.records.pop_front()?;
        self.bytes -= entry.bytes.len();
        self.oldest += 1;
        self.flashed = self.flashed.max(self.oldest);
        Some(entry.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(records: u8) -> Ring<u8> {
        let mut ring = Ring::new(9, 40);
        for n in 0..records {
            ring.push(n, vec![n; 10]);
            ring.flash();
        }
        ring
    }

    #[test]
    fn the_oldest_gives_way_and_is_counted() {
        let mut ring = filled(4);
        assert_eq!(ring.push(4, vec![4; 15]), [0, 1]);
        ring.flash();
        assert_eq!((ring.oldest(), ring.readable_to(), ring.overwritten()), (2, 5, 2));
        assert!(ring.get(1).is_none() && ring.get(5).is_none());
        assert_eq!(ring.get(4).map(|e| e.name), Some(4));
        assert_eq!((ring.bytes(), ring.percent()), (35, 87));
    }

    #[test]
    fn a_position_that_could_be_read_is_never_used_twice() {
        let mut ring = filled(2);
        ring.push(2, vec![2; 10]);
        assert_eq!((ring.readable_to(), ring.get(2).is_none()), (2, true));
        assert_eq!(ring.lose_power(), [2]);
        ring.push(3, vec![3; 10]);
        ring.flash();
        assert_eq!(ring.get(2).map(|e| e.name), Some(3));
        ring.push(4, vec![4; 10]);
        assert_eq!(ring.free_while(|_| true), [0, 1, 3]);
        assert_eq!((ring.is_empty(), ring.lose_power()), (true, vec![4]));
        assert_eq!((ring.oldest(), ring.readable_to(), ring.bytes()), (3, 3, 0));
    }

    #[test]
    fn freeing_stops_at_the_position_and_at_the_end() {
        let mut ring = filled(4);
        assert_eq!(ring.free_to(2), [0, 1]);
        assert!(ring.free_to(1).is_empty());
        assert_eq!(ring.free_to(99), [2, 3]);
        assert_eq!((ring.oldest(), ring.overwritten()), (4, 0));
        assert!(ring.format(7).is_empty());
        assert_eq!((ring.id(), ring.oldest()), (7, 0));
    }
}
