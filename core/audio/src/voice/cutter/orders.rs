use confee_domain::MarkKind;

use super::{Cut, CutMode, Cutter, Order, Why};

/// What marks and the app do.
impl Cutter {
    pub(super) fn apply(&mut self, at: u64, order: Order) {
        match order {
            Order::Mark(MarkKind::Lead) => self.lead(at),
            Order::Mark(MarkKind::Start) if self.policy.mode == CutMode::Manual => {}
            Order::Mark(MarkKind::Start) => self.restart(at, Why::StartMark),
            Order::Start => self.restart(at, Why::Manual),
            Order::Mark(MarkKind::Stop) => self.halt(at, Why::StopMark),
            Order::Stop => self.halt(at, Why::Manual),
            Order::Mark(MarkKind::Muted) => {
                self.muted_mark.get_or_insert(at);
            }
            Order::Mark(MarkKind::Unmuted) => self.muted_mark = None,
        }
    }

    fn lead(&mut self, at: u64) {
        if let Some(talk) = &mut self.talk
            && (at >= talk.begin || self.closed.is_none_or(|c| c.dropped || at > c.decided))
        {
            talk.kept = true;
            talk.told = talk.told.max(at);
            self.cuts.push_back(Cut::Lead { at_ms: talk.told });
            return;
        }
        match self.closed {
            Some(closed) if at <= closed.decided && !closed.dropped => {
                self.cuts.push_back(Cut::LateLead { at_ms: at.min(closed.end) });
            }
            _ if self.policy.mode == CutMode::Manual => {}
            _ => {
                self.begin(self.reach_back(at), at, Why::Lead, true);
                self.lead(at);
            }
        }
    }

    /// Where a conversation begins that is asked for only now: at the first speech in reach.
    fn reach_back(&self, at: u64) -> u64 {
        let from = at.saturating_sub(self.policy.reach_back_ms).max(self.earliest());
        let onset = self.history.onset(from, at);
        onset.map_or(at, |o| o.saturating_sub(self.policy.preroll_ms).max(from))
    }

    fn restart(&mut self, at: u64, why: Why) {
        match &mut self.talk {
            // It is late, or the second of two: it means the beginning that is known.
            Some(talk) if at <= talk.begin => talk.kept = true,
            Some(_) => {
                self.end(at, why);
                self.go_on(at, why, true);
            }
            None if why == Why::StartMark => self.begin(self.reach_back(at), at, why, true),
            None => self.begin(at, at, why, true),
        }
    }

    fn halt(&mut self, at: u64, why: Why) {
        if self.talk.as_ref().is_some_and(|t| at >= t.begin) {
            self.end(at, why);
        }
    }
}
