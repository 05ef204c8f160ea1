use chrono::DateTime;
use confee_domain::{Rep, Review, Segment, Transcript};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::{Value, json};

use crate::audit::{self, AuditAction};
use crate::consent;
use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::outbox;
use crate::review;
use crate::rows::{bad, found, from_json, from_word, to_json, word};

impl Store {
    /// Stores a talk, as captured and without a draft. The same talk once more changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] where another talk has the id, [`StoreError::Erased`] where it
    /// was erased.
    pub fn add_conversation(&self, talk: &Transcript, at_ms: i64) -> Result<()> {
        self.write(|tx| {
            if let Some(erased) = lead_is_erased(tx, talk.id())? {
                return match erased {
                    true => Err(StoreError::Erased { id: talk.id().to_owned() }),
                    false if load(tx, talk.id())? == *talk => Ok(()),
                    false => Err(StoreError::Duplicate { id: talk.id().to_owned() }),
                };
            }
            insert(tx, talk, at_ms)?;
            audit::append(tx, talk.id(), AuditAction::Captured, None, at_ms)
        })
    }

    /// A talk.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Erased`].
    pub fn transcript(&self, id: &str) -> Result<Transcript> {
        self.read(|db| {
            must_exist(db, id)?;
            load(db, id)
        })
    }

    /// Everything that is stored of a lead, as JSON with the members `transcript`, `review`,
    /// `consent`, `ops` and `audit`. Of an erased lead, what is left. Leaves an audit entry.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn export(&self, id: &str, at_ms: i64) -> Result<Value> {
        self.write(|tx| {
            let erased = lead_is_erased(tx, id)?
                .ok_or_else(|| StoreError::NotFound { what: "lead", id: id.to_owned() })?;
            audit::append(tx, id, AuditAction::Exported, None, at_ms)?;
            let talk = if erased { None } else { Some(load(tx, id)?) };
            let review = if erased { None } else { Some(review::load(tx, id)?.review) };
            Ok(json!({
                "transcript": talk,
                "review": review,
                "consent": consent::load(tx, id)?,
                "ops": outbox::of_lead(tx, id)?,
                "audit": audit::of_lead(tx, id)?,
            }))
        })
    }

    /// A setting of the app.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        self.read(|db| {
            let sql = "SELECT value FROM settings WHERE key = ?1";
            Ok(db.query_row(sql, [key], |r| r.get(0)).optional()?)
        })
    }

    /// Keeps a setting; unset removes it.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn set_setting(&self, key: &str, value: Option<&str>) -> Result<()> {
        self.write(|tx| {
            match value {
                Some(value) => tx.execute(
                    "INSERT INTO settings (key, value) VALUES (?1, ?2)
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    [key, value],
                )?,
                None => tx.execute("DELETE FROM settings WHERE key = ?1", [key])?,
            };
            Ok(())
        })
    }
}

/// Unset where there is no such lead.
pub(crate) fn lead_is_erased(db: &Connection, id: &str) -> Result<Option<bool>> {
    let sql = "SELECT erased_at_ms IS NOT NULL FROM leads WHERE id = ?1";
    Ok(db.prepare_cached(sql)?.query_row([id], |r| r.get(0)).optional()?)
}

pub(crate) fn must_exist(db: &Connection, id: &str) -> Result<()> {
    match lead_is_erased(db, id)? {
        Some(false) => Ok(()),
        Some(true) => Err(StoreError::Erased { id: id.to_owned() }),
        None => Err(StoreError::NotFound { what: "lead", id: id.to_owned() }),
    }
}

fn insert(tx: &Transaction<'_>, talk: &Transcript, at_ms: i64) -> Result<()> {
    let review = Review::captured();
    tx.prepare_cached(
        "INSERT INTO leads
             (id, stage, captured_at, captured_at_ms, updated_at_ms, rep_name, rep_company, audio)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        talk.id(),
        word(review.stage(), "stage")?,
        talk.captured_at().to_rfc3339(),
        talk.captured_at().timestamp_millis(),
        at_ms,
        talk.rep().name,
        talk.rep().company,
        talk.audio().map(|a| to_json(a, "audio facts", talk.id())).transpose()?,
    ])?;
    tx.prepare_cached("INSERT INTO reviews (lead_id, json) VALUES (?1, ?2)")?
        .execute([talk.id(), &to_json(&review, "review", talk.id())?])?;
    let mut stmt = tx.prepare_cached(
        "INSERT INTO segments (lead_id, idx, start_ms, end_ms, speaker, text, words)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let ms = |v: u64| i64::try_from(v).map_err(|_| bad("segment", talk.id()));
    for (idx, s) in (0_i64..).zip(talk.segments()) {
        let speaker = s.speaker.map(|s| word(s, "speaker")).transpose()?;
        let words = (!s.words.is_empty()).then(|| to_json(&s.words, "words", talk.id()));
        let (start, end, words) = (ms(s.start_ms)?, ms(s.end_ms)?, words.transpose()?);
        stmt.execute(params![talk.id(), idx, start, end, speaker, s.text, words])?;
    }
    Ok(())
}

fn load(db: &Connection, id: &str) -> Result<Transcript> {
    let sql = "SELECT captured_at, rep_name, rep_company, audio FROM leads WHERE id = ?1";
    let meta = db.query_row(sql, [id], |r| {
        let rep = Rep { name: r.get(1)?, company: r.get(2)? };
        Ok((r.get::<_, String>(0)?, rep, r.get::<_, Option<String>>(3)?))
    });
    let (captured_at, rep, audio) = found(meta, "lead", id)?;
    let captured_at =
        DateTime::parse_from_rfc3339(&captured_at).map_err(|_| bad("capture time", id))?;
    let segments = db
        .prepare_cached("SELECT * FROM segments WHERE lead_id = ?1 ORDER BY idx")?
        .query_and_then([id], |row| segment(row, id))?
        .collect::<Result<Vec<_>>>()?;
    let talk = Transcript::new(id.to_owned(), captured_at, rep, segments)
        .map_err(|_| bad("transcript", id))?;
    match audio {
        Some(json) => Ok(talk.with_audio(from_json(&json, "audio facts", id)?)),
        None => Ok(talk),
    }
}

fn segment(row: &Row<'_>, id: &str) -> Result<Segment> {
    let ms = |v: i64| u64::try_from(v).map_err(|_| bad("segment", id));
    let speaker: Option<String> = row.get("speaker")?;
    let words: Option<String> = row.get("words")?;
    Ok(Segment {
        start_ms: ms(row.get("start_ms")?)?,
        end_ms: ms(row.get("end_ms")?)?,
        speaker: speaker.map(|s| from_word(s, "speaker", id)).transpose()?,
        text: row.get("text")?,
        words: words.map_or(Ok(Vec::new()), |json| from_json(&json, "words", id))?,
    })
}
