use confee_domain::{ConnectorId, ConnectorState, Op, OpId};

/// Why the storage did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The op is not there.
    #[error("the outbox does not know this op; it was removed while it was being sent")]
    NoSuchOp,
    /// The storage failed.
    #[error("the outbox cannot be read or written: {0}")]
    Storage(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The outbox's storage. Every call is one durable transaction; calls block.
pub trait Journal: Send + Sync {
    /// Ops that may go now, oldest lead first, parents before children: state `pending`,
    /// `retry_wait` or `unknown`, `next_at_ms <= now_ms`, all parents `done`. At most `limit`.
    ///
    /// # Errors
    /// Storage.
    fn due(
        &self,
        connector: &ConnectorId,
        now_ms: i64,
        limit: usize,
    ) -> Result<Vec<Op>, JournalError>;

    /// An op as it stands.
    ///
    /// # Errors
    /// Storage.
    fn op(&self, id: &OpId) -> Result<Option<Op>, JournalError>;

    /// The ops that an op depends on, in the order of `depends_on`.
    ///
    /// # Errors
    /// Storage.
    fn parents(&self, op: &Op) -> Result<Vec<Op>, JournalError>;

    /// Stores `sending` and one more attempt, before any byte leaves; the op as stored.
    ///
    /// # Errors
    /// Storage, or no such op.
    fn begin(&self, id: &OpId, now_ms: i64) -> Result<Op, JournalError>;

    /// Stores what has become of an op: state, attempt, times, remote id, cursor, problem.
    ///
    /// Where the stored op has a higher version, the lead was edited meanwhile: the stored payload
    /// stays, the remote id is kept, cursor and attempt are cleared, and the op is `pending` again.
    /// A parent in `needs_fix`, `dead`, `cancelled` or `blocked_parent` makes waiting descendants
    /// `blocked_parent`; when no parent is so any more, they are `pending` again.
    ///
    /// # Errors
    /// Storage, or no such op.
    fn record(&self, op: &Op, now_ms: i64) -> Result<(), JournalError>;

    /// At start: every `sending` becomes `unknown`. Returns how many.
    ///
    /// # Errors
    /// Storage.
    fn recover(&self) -> Result<usize, JournalError>;

    /// What is remembered of a connection; fresh where nothing is.
    ///
    /// # Errors
    /// Storage.
    fn connector(&self, id: &ConnectorId) -> Result<ConnectorState, JournalError>;

    /// Remembers a connection's state.
    ///
    /// # Errors
    /// Storage.
    fn save_connector(&self, state: &ConnectorState) -> Result<(), JournalError>;

    /// The earliest `next_at_ms` of the connection's ops that [`Journal::due`] would give sooner
    /// or later without any other op's progress.
    ///
    /// # Errors
    /// Storage.
    fn next_wake_ms(&self, connector: &ConnectorId) -> Result<Option<i64>, JournalError>;
}

impl<J: Journal + ?Sized> Journal for std::sync::Arc<J> {
    fn due(&self, c: &ConnectorId, now_ms: i64, limit: usize) -> Result<Vec<Op>, JournalError> {
        (**self).due(c, now_ms, limit)
    }
    fn op(&self, id: &OpId) -> Result<Option<Op>, JournalError> {
        (**self).op(id)
    }
    fn parents(&self, op: &Op) -> Result<Vec<Op>, JournalError> {
        (**self).parents(op)
    }
    fn begin(&self, id: &OpId, now_ms: i64) -> Result<Op, JournalError> {
        (**self).begin(id, now_ms)
    }
    fn record(&self, op: &Op, now_ms: i64) -> Result<(), JournalError> {
        (**self).record(op, now_ms)
    }
    fn recover(&self) -> Result<usize, JournalError> {
        (**self).recover()
    }
    fn connector(&self, id: &ConnectorId) -> Result<ConnectorState, JournalError> {
        (**self).connector(id)
    }
    fn save_connector(&self, state: &ConnectorState) -> Result<(), JournalError> {
        (**self).save_connector(state)
    }
    fn next_wake_ms(&self, connector: &ConnectorId) -> Result<Option<i64>, JournalError> {
        (**self).next_wake_ms(connector)
    }
}
