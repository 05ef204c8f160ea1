use std::sync::PoisonError;

use confee_domain::Consent;
use rusqlite::{Connection, Transaction, params};

use crate::audit::{self, AuditAction};
use crate::error::{Result, StoreError};
use crate::leads::{lead_is_erased, must_exist};
use crate::open::Store;
use crate::rows::{found, from_word, word};

/// Setting that is there between an erasure and the rewriting of the file.
const UNFINISHED: &str = "store.erasure_unfinished";

impl Store {
    /// The visitor's consent; kept after an erasure.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn consent(&self, id: &str) -> Result<Consent> {
        self.read(|db| load(db, id))
    }

    /// Keeps the consent as it is now. Where it demands erasure, [`Store::erase`] has to follow;
    /// [`Store::due_erasures`] finds what a crash left undone.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Erased`].
    pub fn set_consent(&self, id: &str, consent: Consent, at_ms: i64) -> Result<()> {
        self.write(|tx| {
            must_exist(tx, id)?;
            tx.execute(
                "UPDATE leads SET consent_state = ?2, consent_method = ?3, consent_at_ms = ?4,
                     updated_at_ms = ?5
                 WHERE id = ?1",
                params![
                    id,
                    word(consent.state, "consent")?,
                    consent.method.map(|m| word(m, "consent")).transpose()?,
                    consent.changed_at_ms,
                    at_ms,
                ],
            )?;
            audit::append(tx, id, AuditAction::ConsentChanged, None, at_ms)
        })
    }

    /// Leads whose consent was refused or withdrawn and whose content is still there.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn due_erasures(&self) -> Result<Vec<String>> {
        self.read(|db| {
            let mut stmt = db.prepare_cached(
                "SELECT id FROM leads
                 WHERE erased_at_ms IS NULL AND consent_state IN ('refused', 'withdrawn')
                 ORDER BY captured_at_ms, id",
            )?;
            let ids = stmt.query_map([], |r| r.get(0))?;
            Ok(ids.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Erases what was said and read: transcript, review, payloads and problems. A row with the
    /// id, the stage and the times stays, with the consent, the audit log, and the ops' remote ids
    /// for erasing at the remote; open ops are cancelled. Once more does no harm.
    ///
    /// The bytes leave the files, too: the file is rewritten, which takes time and memory in
    /// proportion to its size. After a crash in between, the next [`Store::open`] does it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]. [`StoreError::DiskFull`] and [`StoreError::Busy`]: erased, but
    /// not yet rewritten; call again.
    pub fn erase(&self, id: &str, at_ms: i64) -> Result<()> {
        self.write(|tx| match lead_is_erased(tx, id)? {
            Some(true) => Ok(()),
            Some(false) => erase_rows(tx, id, at_ms),
            None => Err(StoreError::NotFound { what: "lead", id: id.to_owned() }),
        })?;
        tracing::info!(lead = id, "erased");
        self.finish_erasure()
    }

    /// Rewrites the files where an erasure did not come to that.
    pub(crate) fn finish_erasure(&self) -> Result<()> {
        if self.setting(UNFINISHED)?.is_none() {
            return Ok(());
        }
        self.compact()?;
        self.set_setting(UNFINISHED, None)
    }

    /// Rewrites the file without free pages and empties the log file beside it.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`]; [`StoreError::Busy`] while another program reads the file.
    pub fn compact(&self) -> Result<()> {
        let writer = self.writer();
        // A reader in the middle of a query would keep the log from being emptied.
        let _no_reader =
            self.reader.as_ref().map(|r| r.lock().unwrap_or_else(PoisonError::into_inner));
        writer.execute_batch("VACUUM")?;
        let busy: bool = writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0))?;
        if busy { Err(StoreError::Busy) } else { Ok(()) }
    }
}

fn erase_rows(tx: &Transaction<'_>, id: &str, at_ms: i64) -> Result<()> {
    tx.execute("DELETE FROM segments WHERE lead_id = ?1", [id])?;
    tx.execute("DELETE FROM reviews WHERE lead_id = ?1", [id])?;
    tx.execute(
        "UPDATE leads SET name = NULL, company = NULL, search = '', rep_name = NULL,
             rep_company = NULL, audio = NULL, points = NULL, tier = NULL, is_lead = NULL,
             revision = revision + 1, erased_at_ms = ?2, updated_at_ms = ?2
         WHERE id = ?1",
        params![id, at_ms],
    )?;
    tx.execute(
        "UPDATE ops SET payload = 'null', problem = NULL, cursor = NULL, failing_since_ms = NULL,
             state = IIF(state = 'done', 'done', 'cancelled')
         WHERE lead_id = ?1",
        [id],
    )?;
    // Moving rows between pages leaves copies behind that secure_delete does not see; only a
    // rewritten file is free of them.
    tx.execute("INSERT OR IGNORE INTO settings (key, value) VALUES (?1, '')", [UNFINISHED])?;
    audit::append(tx, id, AuditAction::Erased, None, at_ms)
}

pub(crate) fn load(db: &Connection, id: &str) -> Result<Consent> {
    let sql = "SELECT consent_state, consent_method, consent_at_ms FROM leads WHERE id = ?1";
    let row =
        db.query_row(sql, [id], |r| Ok((r.get(0)?, r.get::<_, Option<String>>(1)?, r.get(2)?)));
    let (state, method, changed_at_ms) = found(row, "lead", id)?;
    Ok(Consent {
        state: from_word(state, "consent", id)?,
        method: method.map(|m| from_word(m, "consent", id)).transpose()?,
        changed_at_ms,
    })
}
