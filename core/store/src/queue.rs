use confee_domain::{ConnectorId, Op, OpId, OpState};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::audit::{self, AuditAction};
use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::outbox;
use crate::rows::{OP_COLUMNS, found, from_word, op, to_json, word};
use crate::transition::{Outcome, Stored, in_flight, settle};

/// The parents are done, and no op of the lead is on its way by the same connection.
const READY: &str = "
    ops.open_parents = 0
    AND NOT EXISTS (SELECT 1 FROM ops other
        WHERE other.lead_id = ops.lead_id AND other.connector = ops.connector
            AND other.state = 'sending')";

impl Store {
    /// Ops that may go now, oldest talk first and in dependency order; of one lead at most one,
    /// and none while another of its ops is sending by this connection.
    ///
    /// Call [`Store::begin_op`] before sending, and send what it returns.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn due_ops(&self, connector: &ConnectorId, now_ms: i64, limit: u32) -> Result<Vec<Op>> {
        let sql = format!(
            "SELECT {OP_COLUMNS} FROM ops INDEXED BY ops_due
             WHERE connector = ?1 AND state IN ('pending', 'retry_wait', 'unknown')
                 AND next_at_ms <= ?2 AND {READY}
             ORDER BY lead_at_ms, seq"
        );
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.read(|db| {
            let mut due: Vec<Op> = Vec::new();
            let mut stmt = db.prepare_cached(&sql)?;
            let mut rows = stmt.query(params![connector.0, now_ms])?;
            while due.len() < limit {
                let Some(row) = rows.next()? else { break };
                let next = op(row)?;
                if due.iter().all(|o| o.lead_id != next.lead_id) {
                    due.push(next);
                }
            }
            Ok(due)
        })
    }

    /// When the next op becomes due, Unix milliseconds, of one connection or of all; may lie in
    /// the past. Unset while nothing waits for time alone.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn next_wake_ms(&self, connector: Option<&ConnectorId>) -> Result<Option<i64>> {
        let sql = format!(
            "SELECT next_at_ms FROM ops INDEXED BY ops_wake
             WHERE state IN ('pending', 'retry_wait', 'unknown')
                 AND (?1 IS NULL OR connector = ?1) AND {READY}
             ORDER BY next_at_ms LIMIT 1"
        );
        let connector = connector.map(|c| &c.0);
        self.read(|db| {
            Ok(db.prepare_cached(&sql)?.query_row([connector], |r| r.get(0)).optional()?)
        })
    }

    /// Marks an op as sending and counts the attempt; on the disk when it returns. Send the op
    /// that it returns: it has the newest payload.
    ///
    /// An op whose outcome was unknown keeps the version that was in flight, so that a newer
    /// version goes out again after it.
    ///
    /// # Errors
    /// [`StoreError::WrongOpState`] unless pending, waiting or unknown; [`StoreError::OpMustWait`]
    /// where a parent is not done or another op of the lead is sending.
    pub fn begin_op(&self, id: &OpId) -> Result<Op> {
        self.write(|tx| {
            let state = stored(tx, id)?.state;
            if !matches!(state, OpState::Pending | OpState::RetryWait | OpState::Unknown) {
                return Err(StoreError::WrongOpState { id: id.0.clone(), state });
            }
            let sql = format!(
                "UPDATE ops SET state = 'sending', attempt = attempt + 1,
                     sent_version = IIF(state = 'unknown', COALESCE(sent_version, version), version)
                 WHERE id = ?1 AND {READY}"
            );
            if tx.prepare_cached(&sql)?.execute([&id.0])? == 0 {
                return Err(StoreError::OpMustWait { id: id.0.clone() });
            }
            outbox::load(tx, id)
        })
    }

    /// Stores how sending went: state, next time, remote id, cursor, problem and since when it
    /// fails. Returns the op as it stands, which may differ: a newer version goes out again, a
    /// withdrawn op is cancelled. Children of an op that needs a fix or is dead are blocked, and
    /// freed again when it goes on. `Sending` keeps it sending and stores the cursor.
    ///
    /// # Errors
    /// [`StoreError::WrongOpState`] where the op was settled already.
    pub fn record_op(&self, reported: &Op, at_ms: i64) -> Result<Op> {
        self.write(|tx| {
            let stored = stored(tx, &reported.id)?;
            let Some(outcome) = settle(stored, reported, at_ms) else {
                let id = reported.id.0.clone();
                return Err(StoreError::WrongOpState { id, state: stored.state });
            };
            write_outcome(tx, &reported.id, &outcome)?;
            block_children(tx, &reported.lead_id)?;
            if reported.state == OpState::Done {
                let subject = Some(reported.id.0.as_str());
                audit::append(tx, &reported.lead_id, AuditAction::Sent, subject, at_ms)?;
            }
            outbox::load(tx, &reported.id)
        })
    }

    /// After a start: what was sending has an unknown outcome. Returns how many.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn recover(&self) -> Result<usize> {
        self.write(|tx| {
            let n = tx.execute("UPDATE ops SET state = 'unknown' WHERE state = 'sending'", [])?;
            tracing::info!(ops = n, "outbox recovered");
            Ok(n)
        })
    }

    /// A person wants an op tried again now. One that is pending stays as it is.
    ///
    /// # Errors
    /// [`StoreError::WrongOpState`] where it is sending, done, cancelled or blocked by a parent.
    pub fn retry_op(&self, id: &OpId, at_ms: i64) -> Result<Op> {
        self.write(|tx| {
            let state = stored(tx, id)?.state;
            let next = match state {
                OpState::NeedsFix | OpState::Dead | OpState::RetryWait | OpState::Pending => {
                    OpState::Pending
                }
                OpState::Unknown => OpState::Unknown,
                _ => return Err(StoreError::WrongOpState { id: id.0.clone(), state }),
            };
            tx.execute(
                "UPDATE ops SET state = ?2, attempt = 0, next_at_ms = MIN(next_at_ms, ?3),
                     problem = NULL, failing_since_ms = NULL
                 WHERE id = ?1",
                params![id.0, word(next, "state")?, at_ms],
            )?;
            let op = outbox::load(tx, id)?;
            block_children(tx, &op.lead_id)?;
            audit::append(tx, &op.lead_id, AuditAction::Retried, Some(&id.0), at_ms)?;
            Ok(op)
        })
    }
}

fn stored(db: &Connection, id: &OpId) -> Result<Stored> {
    let sql = "SELECT state, version, attempt, withdrawn FROM ops WHERE id = ?1";
    let row = db
        .prepare_cached(sql)?
        .query_row([&id.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)));
    let (state, version, attempt, withdrawn) = found(row, "sync step", &id.0)?;
    Ok(Stored { state: from_word(state, "state", &id.0)?, version, attempt, withdrawn })
}

fn write_outcome(tx: &Transaction<'_>, id: &OpId, outcome: &Outcome) -> Result<()> {
    let problem = outcome.problem.as_ref().map(|p| to_json(p, "problem", &id.0)).transpose()?;
    tx.prepare_cached(
        "UPDATE ops SET state = ?2, attempt = ?3, next_at_ms = ?4, failing_since_ms = ?5,
             remote_id = ?6, cursor = ?7, problem = ?8,
             sent_version = IIF(?9, COALESCE(sent_version, version), NULL)
         WHERE id = ?1",
    )?
    .execute(params![
        id.0,
        word(outcome.state, "state")?,
        outcome.attempt,
        outcome.next_at_ms,
        outcome.failing_since_ms,
        outcome.remote_id,
        outcome.cursor,
        problem,
        in_flight(outcome.state),
    ])?;
    Ok(())
}

/// Blocks what waits for an op that needs a person, and frees what no longer does.
pub(crate) fn block_children(tx: &Transaction<'_>, lead_id: &str) -> Result<()> {
    const BELOW: &str = "WITH RECURSIVE below (id) AS (
            SELECT p.op_id FROM op_parents p JOIN ops o ON o.id = p.parent_id
            WHERE o.lead_id = ?1 AND o.state IN ('needs_fix', 'dead')
            UNION
            SELECT p.op_id FROM op_parents p JOIN below ON p.parent_id = below.id)";
    let block = format!(
        "{BELOW} UPDATE ops SET state = 'blocked_parent'
         WHERE lead_id = ?1 AND state IN ('pending', 'retry_wait') AND id IN below"
    );
    let free = format!(
        "{BELOW} UPDATE ops SET state = 'pending'
         WHERE lead_id = ?1 AND state = 'blocked_parent' AND id NOT IN below"
    );
    tx.prepare_cached(&block)?.execute([lead_id])?;
    tx.prepare_cached(&free)?.execute([lead_id])?;
    Ok(())
}
