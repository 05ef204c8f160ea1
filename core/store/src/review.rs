use confee_domain::{FieldKey, FieldValue, Review};
use rusqlite::{Connection, Transaction, params};

use crate::audit::{self, AuditAction};
use crate::error::{Result, StoreError};
use crate::leads::must_exist;
use crate::open::Store;
use crate::rows::{bad, found, from_json, to_json, word};

/// A review and how often it was saved.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredReview {
    /// The review.
    pub review: Review,
    /// Handed back when saving, so that a change in between is noticed.
    pub revision: u64,
}

impl Store {
    /// A lead's review.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Erased`].
    pub fn review(&self, id: &str) -> Result<StoredReview> {
        self.read(|db| {
            must_exist(db, id)?;
            load(db, id)
        })
    }

    /// Saves a step of the review and returns the new revision. For an effect on the outbox use
    /// [`Store::save_approval`] or [`Store::cancel_unsent`].
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the revision is no longer the expected one.
    pub fn save_review(
        &self,
        id: &str,
        review: &Review,
        expected_revision: u64,
        audit: AuditAction,
        at_ms: i64,
    ) -> Result<u64> {
        self.write(|tx| save(tx, id, review, expected_revision, audit, at_ms))
    }
}

pub(crate) fn load(db: &Connection, id: &str) -> Result<StoredReview> {
    let sql = "SELECT l.revision, r.json FROM leads l JOIN reviews r ON r.lead_id = l.id
               WHERE l.id = ?1";
    let row = db.prepare_cached(sql)?.query_row([id], |r| Ok((r.get(0)?, r.get(1)?)));
    let (revision, json): (i64, String) = found(row, "review", id)?;
    let revision = u64::try_from(revision).map_err(|_| bad("revision", id))?;
    Ok(StoredReview { review: from_json(&json, "review", id)?, revision })
}

pub(crate) fn save(
    tx: &Transaction<'_>,
    id: &str,
    review: &Review,
    expected: u64,
    action: AuditAction,
    at_ms: i64,
) -> Result<u64> {
    must_exist(tx, id)?;
    let sql = "SELECT revision FROM leads WHERE id = ?1";
    let found: i64 = tx.prepare_cached(sql)?.query_row([id], |r| r.get(0))?;
    let found = u64::try_from(found).map_err(|_| bad("revision", id))?;
    if found != expected {
        return Err(StoreError::Conflict { expected, found });
    }
    update_lead(tx, id, review, at_ms)?;
    tx.prepare_cached("UPDATE reviews SET json = ?2 WHERE lead_id = ?1")?
        .execute([id, &to_json(review, "review", id)?])?;
    audit::append(tx, id, action, None, at_ms)?;
    Ok(found + 1)
}

fn update_lead(tx: &Transaction<'_>, id: &str, review: &Review, at_ms: i64) -> Result<()> {
    let text = |key| match review.value(key) {
        Some(FieldValue::Text(t)) => Some(t),
        _ => None,
    };
    let (name, company) = (text(FieldKey::Name), text(FieldKey::Company));
    let parts = [name.as_deref(), company.as_deref()];
    let search = parts.into_iter().flatten().collect::<Vec<_>>().join("\n").to_lowercase();
    let lead = review.lead();
    tx.prepare_cached(
        "UPDATE leads SET stage = ?2, name = ?3, company = ?4, search = ?5, points = ?6,
             tier = ?7, is_lead = ?8, version = ?9, updated_at_ms = ?10, revision = revision + 1
         WHERE id = ?1",
    )?
    .execute(params![
        id,
        word(review.stage(), "stage")?,
        name,
        company,
        search,
        lead.map(|l| l.score.points),
        lead.map(|l| word(l.score.tier, "tier")).transpose()?,
        lead.map(|l| l.is_lead.value),
        review.version(),
        at_ms,
    ])?;
    Ok(())
}
