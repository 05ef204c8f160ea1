use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use confee_domain::{ConnectorId, ConnectorState, Op, OpId, OpState};

use crate::journal::{Journal, JournalError};

/// A journal that forgets with the process, for tests and for embedding.
#[derive(Debug, Default)]
pub struct MemoryJournal(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    ops: Vec<Op>,
    index: HashMap<OpId, usize>,
    connectors: HashMap<ConnectorId, ConnectorState>,
}

impl MemoryJournal {
    /// Puts planned ops in. An op that is there already takes the new payload when its version is
    /// higher, keeps its remote id and goes again; a request of it under way is left to finish.
    pub fn enqueue(&self, ops: impl IntoIterator<Item = Op>) {
        let mut tables = self.tables();
        for op in ops {
            match tables.get_mut(&op.id) {
                None => tables.push(op),
                Some(old) if old.version < op.version => merge(old, op),
                Some(_) => {}
            }
        }
        tables.settle();
    }

    /// Withdraws a lead's ops that have not been sent.
    pub fn cancel_unsent(&self, lead_id: &str) {
        let mut tables = self.tables();
        for op in tables.ops.iter_mut().filter(|o| o.lead_id == lead_id && o.remote_id.is_none()) {
            if matches!(op.state, OpState::Pending | OpState::RetryWait | OpState::BlockedParent) {
                op.state = OpState::Cancelled;
            }
        }
    }

    /// All ops, in the order they came.
    #[must_use]
    pub fn ops(&self) -> Vec<Op> {
        self.tables().ops.clone()
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn merge(old: &mut Op, new: Op) {
    let in_flight = old.state == OpState::Sending;
    let kept = old.clone();
    *old = Op { remote_id: kept.remote_id, ..new };
    if in_flight {
        (old.state, old.attempt, old.cursor) = (kept.state, kept.attempt, kept.cursor);
    }
}

fn waits(state: OpState) -> bool {
    matches!(state, OpState::Pending | OpState::RetryWait | OpState::Unknown)
}

fn stops_children(state: OpState) -> bool {
    matches!(state, OpState::NeedsFix | OpState::Dead | OpState::BlockedParent | OpState::Cancelled)
}

impl Tables {
    fn get(&self, id: &OpId) -> Option<&Op> {
        self.index.get(id).and_then(|i| self.ops.get(*i))
    }

    fn get_mut(&mut self, id: &OpId) -> Option<&mut Op> {
        self.index.get(id).and_then(|i| self.ops.get_mut(*i))
    }

    fn push(&mut self, op: Op) {
        self.index.insert(op.id.clone(), self.ops.len());
        self.ops.push(op);
    }

    fn parents_done(&self, op: &Op) -> bool {
        op.depends_on.iter().all(|p| self.get(p).is_some_and(|p| p.state == OpState::Done))
    }

    /// Blocks what waits for a failed parent and frees what no longer does. Parents stand before
    /// their children, so one pass settles all generations.
    fn settle(&mut self) {
        for i in 0..self.ops.len() {
            let Some(op) = self.ops.get(i) else { continue };
            let state = op.state;
            let stopped = op
                .depends_on
                .iter()
                .any(|p| self.get(p).is_some_and(|parent| stops_children(parent.state)));
            let next = match state {
                OpState::Pending | OpState::RetryWait if stopped => OpState::BlockedParent,
                OpState::BlockedParent if !stopped => OpState::Pending,
                same => same,
            };
            if let Some(op) = self.ops.get_mut(i) {
                op.state = next;
            }
        }
    }
}

impl Journal for MemoryJournal {
    fn due(&self, c: &ConnectorId, now_ms: i64, limit: usize) -> Result<Vec<Op>, JournalError> {
        let tables = self.tables();
        let due = |op: &&Op| {
            op.connector == *c
                && waits(op.state)
                && op.next_at_ms <= now_ms
                && tables.parents_done(op)
        };
        Ok(tables.ops.iter().filter(due).take(limit).cloned().collect())
    }

    fn op(&self, id: &OpId) -> Result<Option<Op>, JournalError> {
        Ok(self.tables().get(id).cloned())
    }

    fn parents(&self, op: &Op) -> Result<Vec<Op>, JournalError> {
        let tables = self.tables();
        op.depends_on.iter().map(|p| tables.get(p).cloned().ok_or(JournalError::NoSuchOp)).collect()
    }

    fn begin(&self, id: &OpId, _now_ms: i64) -> Result<Op, JournalError> {
        let mut tables = self.tables();
        let op = tables.get_mut(id).ok_or(JournalError::NoSuchOp)?;
        op.state = OpState::Sending;
        op.attempt = op.attempt.saturating_add(1);
        Ok(op.clone())
    }

    fn record(&self, op: &Op, now_ms: i64) -> Result<(), JournalError> {
        let mut tables = self.tables();
        let stored = tables.get_mut(&op.id).ok_or(JournalError::NoSuchOp)?;
        if stored.version > op.version {
            stored.remote_id = op.remote_id.clone().or_else(|| stored.remote_id.take());
            stored.state = OpState::Pending;
            (stored.attempt, stored.cursor, stored.next_at_ms) = (0, None, now_ms);
        } else {
            *stored = op.clone();
        }
        tables.settle();
        Ok(())
    }

    fn recover(&self) -> Result<usize, JournalError> {
        let mut tables = self.tables();
        let sending = tables.ops.iter_mut().filter(|o| o.state == OpState::Sending);
        Ok(sending.map(|op| op.state = OpState::Unknown).count())
    }

    fn connector(&self, id: &ConnectorId) -> Result<ConnectorState, JournalError> {
        let known = self.tables().connectors.get(id).cloned();
        Ok(known.unwrap_or_else(|| ConnectorState::fresh(id.clone())))
    }

    fn save_connector(&self, state: &ConnectorState) -> Result<(), JournalError> {
        self.tables().connectors.insert(state.id.clone(), state.clone());
        Ok(())
    }

    fn next_wake_ms(&self, connector: &ConnectorId) -> Result<Option<i64>, JournalError> {
        let tables = self.tables();
        let ready =
            |op: &&Op| op.connector == *connector && waits(op.state) && tables.parents_done(op);
        Ok(tables.ops.iter().filter(ready).map(|op| op.next_at_ms).min())
    }
}
