use confee_domain::ReviewAction;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::rows::{from_word, word};

/// What was done to a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    /// The talk was stored.
    Captured,
    /// The extraction's result was stored.
    Drafted,
    /// The card was opened.
    Opened,
    /// A field was confirmed.
    Confirmed,
    /// A field was changed.
    Edited,
    /// Approved; its ops went into the outbox.
    Approved,
    /// Rejected.
    Rejected,
    /// The last step was taken back.
    Undone,
    /// Opened again after a decision.
    Reopened,
    /// The consent changed.
    ConsentChanged,
    /// Everything said and read was erased.
    Erased,
    /// A remote effect is there; the subject names the op.
    Sent,
    /// A person had an op tried again; the subject names it.
    Retried,
    /// The content was handed out.
    Exported,
}

impl AuditAction {
    /// The entry that a review action leaves.
    #[must_use]
    pub fn of(action: &ReviewAction) -> Self {
        match action {
            ReviewAction::Open => Self::Opened,
            ReviewAction::Confirm { .. } => Self::Confirmed,
            ReviewAction::Edit { .. } => Self::Edited,
            ReviewAction::Approve => Self::Approved,
            ReviewAction::Reject { .. } => Self::Rejected,
            ReviewAction::Undo => Self::Undone,
            ReviewAction::Reopen => Self::Reopened,
        }
    }

    fn actor(self) -> &'static str {
        match self {
            Self::Captured => "badge",
            Self::Drafted => "pipeline",
            Self::Sent => "sync",
            _ => "rep",
        }
    }
}

/// One line of the audit log. It has no content of the lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Place in the log, from 1 without gaps.
    pub seq: i64,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// Whose lead.
    pub lead_id: String,
    /// What was done.
    pub action: AuditAction,
    /// Who: `badge`, `pipeline`, `rep` or `sync`.
    pub actor: String,
    /// The op concerned, if any.
    pub subject: Option<String>,
}

/// The newest link of the log. Kept elsewhere, it proves later that nothing older was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditHead {
    /// How many entries there are.
    pub entries: i64,
    /// SHA-256 over the last entry and its predecessor's hash; zeros for an empty log.
    pub hash: [u8; 32],
}

impl Store {
    /// A lead's audit entries, oldest first. They outlive the lead's erasure.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn audit(&self, lead_id: &str) -> Result<Vec<AuditEntry>> {
        self.read(|db| of_lead(db, lead_id))
    }

    /// Recomputes every hash of the log.
    ///
    /// # Errors
    /// [`StoreError::AuditBroken`] at the first entry that was changed, removed or put in.
    pub fn verify_audit_chain(&self) -> Result<AuditHead> {
        self.read(|db| {
            let mut stmt = db.prepare("SELECT * FROM audit ORDER BY seq")?;
            let mut rows = stmt.query([])?;
            let mut head = AuditHead { entries: 0, hash: [0; 32] };
            while let Some(row) = rows.next()? {
                head = next_link(&head, row)?;
            }
            let last: i64 = db
                .query_row("SELECT seq FROM sqlite_sequence WHERE name = 'audit'", [], |r| r.get(0))
                .optional()?
                .unwrap_or(0);
            if last == head.entries {
                Ok(head)
            } else {
                Err(StoreError::AuditBroken { seq: head.entries + 1 })
            }
        })
    }
}

fn next_link(head: &AuditHead, row: &Row<'_>) -> Result<AuditHead> {
    let seq = head.entries + 1;
    let broken = |_| StoreError::AuditBroken { seq };
    let entry = entry(row).map_err(|_| StoreError::AuditBroken { seq })?;
    let prev: [u8; 32] = row.get("prev_hash").map_err(broken)?;
    let stored: [u8; 32] = row.get("hash").map_err(broken)?;
    let hash = link(&head.hash, &entry)?;
    if entry.seq != seq || prev != head.hash || stored != hash {
        return Err(StoreError::AuditBroken { seq });
    }
    Ok(AuditHead { entries: seq, hash })
}

pub(crate) fn of_lead(db: &Connection, lead_id: &str) -> Result<Vec<AuditEntry>> {
    let mut stmt = db.prepare_cached("SELECT * FROM audit WHERE lead_id = ?1 ORDER BY seq")?;
    stmt.query_and_then([lead_id], entry)?.collect()
}

fn entry(row: &Row<'_>) -> Result<AuditEntry> {
    let lead_id: String = row.get("lead_id")?;
    Ok(AuditEntry {
        seq: row.get("seq")?,
        at_ms: row.get("at_ms")?,
        action: from_word(row.get("action")?, "audit action", &lead_id)?,
        actor: row.get("actor")?,
        subject: row.get("subject")?,
        lead_id,
    })
}

/// Adds an entry inside the caller's transaction.
pub(crate) fn append(
    db: &Connection,
    lead_id: &str,
    action: AuditAction,
    subject: Option<&str>,
    at_ms: i64,
) -> Result<()> {
    let last = db
        .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let (seq, prev): (i64, [u8; 32]) = last.unwrap_or((0, [0; 32]));
    let entry = AuditEntry {
        seq: seq + 1,
        at_ms,
        lead_id: lead_id.to_owned(),
        action,
        actor: action.actor().to_owned(),
        subject: subject.map(str::to_owned),
    };
    let hash = link(&prev, &entry)?;
    db.prepare_cached(
        "INSERT INTO audit (seq, at_ms, lead_id, action, actor, subject, prev_hash, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        entry.seq,
        at_ms,
        lead_id,
        word(action, "audit action")?,
        entry.actor,
        subject,
        prev,
        hash
    ])?;
    Ok(())
}

/// Every part goes in with its length, so that no two entries read the same.
fn link(prev: &[u8; 32], entry: &AuditEntry) -> Result<[u8; 32]> {
    let action = word(entry.action, "audit action")?;
    let subject = entry.subject.as_deref();
    let mut hash = Sha256::new();
    hash.update(prev);
    hash.update(entry.seq.to_be_bytes());
    hash.update(entry.at_ms.to_be_bytes());
    hash.update([u8::from(subject.is_some())]);
    for part in [entry.lead_id.as_str(), &action, &entry.actor, subject.unwrap_or("")] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    Ok(hash.finalize().into())
}
