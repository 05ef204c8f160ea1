use std::collections::BTreeMap;

use confee_domain::SeqRanges;

/// Frames by session.
pub type Numbers = BTreeMap<u32, SeqRanges>;

/// What a simulated badge did with every frame it captured: the truth that a test compares the
/// phone with.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// Captured.
    pub made: Numbers,
    /// Freed on the phone's word.
    pub freed: Numbers,
    /// Overwritten by newer ones before the phone freed them.
    pub overwritten: Numbers,
    /// Never stored: lost with the RAM they were in when the power went, or captured while the
    /// badge does not store.
    pub unwritten: Numbers,
    /// Wiped with the whole store.
    pub wiped: Numbers,
    /// Live frames that found no room in the transmit queue.
    pub not_sent: u64,
    /// Requests of the phone to free something.
    pub freeings: u64,
    /// Marks (presses and mute changes) made, freed and lost otherwise.
    pub marks: [u64; 3],
    fresh: Numbers,
}

/// Why a record is no longer in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Freed,
    Overwritten,
    Unwritten,
    Wiped,
}

impl Ledger {
    /// What was freed since the last call: all of it must be on the phone's disk by now.
    pub fn take_freed(&mut self) -> Numbers {
        std::mem::take(&mut self.fresh)
    }

    /// Whether the badge lost a frame without the phone's word.
    #[must_use]
    pub fn is_lost(&self, session: u32, seq: u32) -> bool {
        [&self.overwritten, &self.unwritten, &self.wiped]
            .iter()
            .any(|n| n.get(&session).is_some_and(|r| r.contains(seq)))
    }

    pub(super) fn made(&mut self, session: u32, seq: u32) {
        self.made.entry(session).or_default().insert(seq);
    }

    pub(super) fn gone(&mut self, session: u32, seq: u32, fate: Fate) {
        let numbers = match fate {
            Fate::Freed => {
                self.fresh.entry(session).or_default().insert(seq);
                &mut self.freed
            }
            Fate::Overwritten => &mut self.overwritten,
            Fate::Unwritten => &mut self.unwritten,
            Fate::Wiped => &mut self.wiped,
        };
        numbers.entry(session).or_default().insert(seq);
    }
}
