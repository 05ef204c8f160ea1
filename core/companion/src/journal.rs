use std::sync::Arc;

use confee_domain::{ConnectorId, ConnectorState, Op, OpId};
use confee_store::{Store, StoreError};
use confee_sync::{Journal, JournalError};

/// The outbox's storage: the rows of the store.
#[derive(Clone)]
pub(crate) struct StoreJournal(pub(crate) Arc<Store>);

fn failed(e: StoreError) -> JournalError {
    match e {
        StoreError::NotFound { .. } => JournalError::NoSuchOp,
        other => JournalError::Storage(Box::new(other)),
    }
}

impl Journal for StoreJournal {
    fn due(&self, id: &ConnectorId, now_ms: i64, limit: usize) -> Result<Vec<Op>, JournalError> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        self.0.due_ops(id, now_ms, limit).map_err(failed)
    }

    fn op(&self, id: &OpId) -> Result<Option<Op>, JournalError> {
        match self.0.op(id) {
            Ok(op) => Ok(Some(op)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(e) => Err(failed(e)),
        }
    }

    fn parents(&self, op: &Op) -> Result<Vec<Op>, JournalError> {
        self.0.parents(op).map_err(failed)
    }

    fn begin(&self, id: &OpId, _now_ms: i64) -> Result<Op, JournalError> {
        self.0.begin_op(id).map_err(failed)
    }

    fn record(&self, op: &Op, now_ms: i64) -> Result<(), JournalError> {
        self.0.record_op(op, now_ms).map(|_| ()).map_err(failed)
    }

    fn recover(&self) -> Result<usize, JournalError> {
        self.0.recover().map_err(failed)
    }

    fn connector(&self, id: &ConnectorId) -> Result<ConnectorState, JournalError> {
        self.0.connector_state(id).map_err(failed)
    }

    fn save_connector(&self, state: &ConnectorState) -> Result<(), JournalError> {
        self.0.save_connector_state(state).map_err(failed)
    }

    fn next_wake_ms(&self, connector: &ConnectorId) -> Result<Option<i64>, JournalError> {
        self.0.next_wake_ms(Some(connector)).map_err(failed)
    }
}
