use confee_domain::{Recording, RecordingState, StreamId};
use rusqlite::{OptionalExtension, Row, params};

use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::rows::{bad, from_json, from_word, to_json, word};

impl Store {
    /// Keeps a conversation that was cut; one with the same id takes its place unless it was read
    /// or erased already.
    ///
    /// # Errors
    /// The storage fails.
    pub fn save_recording(&self, r: &Recording) -> Result<()> {
        let millis = |v: u64| i64::try_from(v).map_err(|_| bad("recording", &r.id));
        let audio = to_json(&r.audio, "audio facts", &r.id)?;
        let duration_ms = millis(r.duration_ms)?;
        self.write(|tx| {
            tx.prepare_cached(
                "INSERT INTO recordings VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT (id) DO UPDATE SET end_seq = excluded.end_seq,
                     started_at_ms = excluded.started_at_ms, duration_ms = excluded.duration_ms,
                     marked = excluded.marked, audio = excluded.audio
                 WHERE state = 'waiting'",
            )?
            .execute(params![
                r.id,
                r.stream.0.cast_signed(),
                r.first_seq,
                r.end_seq,
                r.started_at_ms,
                duration_ms,
                r.marked,
                audio,
                word(r.state, "state")?,
            ])?;
            Ok(())
        })
    }

    /// One recording; none where there is none.
    ///
    /// # Errors
    /// The storage fails.
    pub fn recording(&self, id: &str) -> Result<Option<Recording>> {
        self.read(|db| {
            let mut stmt = db.prepare_cached("SELECT * FROM recordings WHERE id = ?1")?;
            let row = stmt.query_row([id], |row| Ok(recording(row))).optional()?;
            row.transpose()
        })
    }

    /// All recordings in a state, oldest first.
    ///
    /// # Errors
    /// The storage fails.
    pub fn recordings(&self, state: RecordingState) -> Result<Vec<Recording>> {
        self.read(|db| {
            let sql = "SELECT * FROM recordings WHERE state = ?1
                       ORDER BY started_at_ms, stream, first_seq";
            let mut stmt = db.prepare_cached(sql)?;
            let rows = stmt.query_and_then([word(state, "state")?], recording)?;
            rows.collect()
        })
    }

    /// How far conversations were cut from a stream: one past the last frame of the last one.
    ///
    /// # Errors
    /// The storage fails.
    pub fn cut_until(&self, stream: StreamId) -> Result<u32> {
        self.read(|db| {
            let sql = "SELECT MAX(end_seq) FROM recordings WHERE stream = ?1";
            let end: Option<u32> = db.query_row(sql, [stream.0.cast_signed()], |r| r.get(0))?;
            Ok(end.unwrap_or(0))
        })
    }

    /// Notes what became of a recording.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn set_recording_state(&self, id: &str, state: RecordingState) -> Result<()> {
        self.write(|tx| {
            let sql = "UPDATE recordings SET state = ?2 WHERE id = ?1 AND state <> 'erased'";
            let known = "SELECT 1 FROM recordings WHERE id = ?1";
            if tx.query_row(known, [id], |_| Ok(())).optional()?.is_none() {
                return Err(StoreError::NotFound { what: "recording", id: id.to_owned() });
            }
            tx.execute(sql, params![id, word(state, "state")?])?;
            Ok(())
        })
    }
}

fn recording(row: &Row<'_>) -> Result<Recording> {
    let id: String = row.get("id")?;
    let stream: i64 = row.get("stream")?;
    let duration: i64 = row.get("duration_ms")?;
    Ok(Recording {
        stream: StreamId(stream.cast_unsigned()),
        first_seq: row.get("first_seq")?,
        end_seq: row.get("end_seq")?,
        started_at_ms: row.get("started_at_ms")?,
        duration_ms: u64::try_from(duration).map_err(|_| bad("recording", &id))?,
        marked: row.get("marked")?,
        audio: from_json(&row.get::<_, String>("audio")?, "audio facts", &id)?,
        state: from_word(row.get("state")?, "state", &id)?,
        id,
    })
}
