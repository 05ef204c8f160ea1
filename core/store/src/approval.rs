use confee_domain::{Op, Review, Stage};
use rusqlite::{Transaction, params};

use crate::audit::AuditAction;
use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::queue::block_children;
use crate::review;
use crate::rows::to_json;

impl Store {
    /// Saves an approved review together with its ops: all of it or nothing. Returns the new
    /// revision.
    ///
    /// New ops start as pending. An op that is there already takes the new payload, parents and
    /// version and keeps its remote id; it becomes pending, unless it is in flight: then
    /// [`Store::record_op`] of the older version makes it pending.
    ///
    /// # Errors
    /// [`StoreError::Conflict`]; [`StoreError::InvalidApproval`] where the review is not approved,
    /// or an op belongs to another lead, has an unknown parent or waits for itself.
    pub fn save_approval(
        &self,
        id: &str,
        review: &Review,
        expected_revision: u64,
        ops: &[Op],
        at_ms: i64,
    ) -> Result<u64> {
        if review.stage() != Stage::Approved {
            return Err(StoreError::InvalidApproval { reason: "the review is not approved" });
        }
        self.write(|tx| {
            let action = AuditAction::Approved;
            let revision = review::save(tx, id, review, expected_revision, action, at_ms)?;
            for op in ops {
                upsert(tx, id, op)?;
            }
            for op in ops {
                set_parents(tx, op)?;
            }
            for op in ops {
                refuse_cycle(tx, op)?;
            }
            block_children(tx, id)?;
            tracing::debug!(lead = id, ops = ops.len(), "approved");
            Ok(revision)
        })
    }

    /// Saves a review that was taken back together with the withdrawal of its ops. Those that
    /// have not left become cancelled; those in flight are not tried again after their outcome;
    /// those that are done stay. Returns the new revision.
    ///
    /// # Errors
    /// [`StoreError::Conflict`].
    pub fn cancel_unsent(
        &self,
        id: &str,
        review: &Review,
        expected_revision: u64,
        at_ms: i64,
    ) -> Result<u64> {
        self.write(|tx| {
            let action = AuditAction::Reopened;
            let revision = review::save(tx, id, review, expected_revision, action, at_ms)?;
            tx.execute(
                "UPDATE ops SET state = 'cancelled', problem = NULL, failing_since_ms = NULL
                 WHERE lead_id = ?1
                     AND state IN ('pending', 'retry_wait', 'needs_fix', 'blocked_parent')",
                [id],
            )?;
            tx.execute(
                "UPDATE ops SET withdrawn = 1
                 WHERE lead_id = ?1 AND state IN ('sending', 'unknown')",
                [id],
            )?;
            Ok(revision)
        })
    }
}

/// `excluded` is the new op; a bare column is the stored one.
const UPSERT: &str = "
INSERT INTO ops (id, lead_id, lead_at_ms, connector, kind, idem_key, payload, version, state,
    next_at_ms, remote_id)
SELECT ?1, id, captured_at_ms, ?3, ?4, ?5, ?6, ?7, 'pending', ?8, ?9 FROM leads WHERE id = ?2
ON CONFLICT (id) DO UPDATE SET
    payload = excluded.payload,
    version = excluded.version,
    withdrawn = 0,
    state = IIF(state IN ('sending', 'unknown'), state, 'pending'),
    attempt = IIF(state IN ('sending', 'unknown'), attempt, 0),
    next_at_ms = IIF(state IN ('sending', 'unknown'), next_at_ms, excluded.next_at_ms),
    cursor = IIF(state IN ('sending', 'unknown'), cursor, NULL),
    failing_since_ms = NULL,
    problem = NULL
WHERE lead_id = excluded.lead_id AND connector = excluded.connector";

fn upsert(tx: &Transaction<'_>, lead_id: &str, op: &Op) -> Result<()> {
    let foreign = StoreError::InvalidApproval { reason: "an op belongs to another lead" };
    if op.lead_id != lead_id {
        return Err(foreign);
    }
    let changed = tx.prepare_cached(UPSERT)?.execute(params![
        op.id.0,
        lead_id,
        op.connector.0,
        op.kind,
        op.idem_key,
        to_json(&op.payload, "payload", &op.id.0)?,
        op.version,
        op.next_at_ms,
        op.remote_id,
    ])?;
    if changed == 1 { Ok(()) } else { Err(foreign) }
}

fn set_parents(tx: &Transaction<'_>, op: &Op) -> Result<()> {
    tx.prepare_cached("DELETE FROM op_parents WHERE op_id = ?1")?.execute([&op.id.0])?;
    let mut stmt = tx.prepare_cached(
        "INSERT INTO op_parents (op_id, position, parent_id)
         SELECT ?1, ?2, id FROM ops WHERE id = ?3 AND lead_id = ?4",
    )?;
    for (position, parent) in (0_i64..).zip(&op.depends_on) {
        if stmt.execute(params![op.id.0, position, parent.0, op.lead_id])? != 1 {
            return Err(StoreError::InvalidApproval { reason: "an op has an unknown parent" });
        }
    }
    Ok(())
}

fn refuse_cycle(tx: &Transaction<'_>, op: &Op) -> Result<()> {
    if op.depends_on.is_empty() {
        return Ok(());
    }
    let waits_for_itself: bool = tx
        .prepare_cached(
            "WITH RECURSIVE above (id) AS (
                 SELECT parent_id FROM op_parents WHERE op_id = ?1
                 UNION
                 SELECT p.parent_id FROM op_parents p JOIN above ON p.op_id = above.id)
             SELECT EXISTS (SELECT 1 FROM above WHERE id = ?1)",
        )?
        .query_row([&op.id.0], |r| r.get(0))?;
    if waits_for_itself {
        return Err(StoreError::InvalidApproval { reason: "an op waits for itself" });
    }
    Ok(())
}
