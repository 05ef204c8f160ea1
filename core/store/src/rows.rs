use confee_domain::{ConnectorId, Op, OpId, OpState};
use rusqlite::{OptionalExtension, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Result, StoreError};

/// Columns of an [`Op`]. While it is in flight, its version is the one that was sent.
pub(crate) const OP_COLUMNS: &str = "ops.id, ops.lead_id, ops.connector, ops.kind, ops.idem_key, \
     ops.payload, COALESCE(ops.sent_version, ops.version) AS version, ops.state, ops.attempt, \
     ops.next_at_ms, ops.failing_since_ms, ops.remote_id, ops.cursor, ops.problem, \
     (SELECT json_group_array(parent_id) FROM \
        (SELECT parent_id FROM op_parents WHERE op_id = ops.id ORDER BY position)) AS depends_on";

pub(crate) fn bad(what: &'static str, id: &str) -> StoreError {
    StoreError::BadData { what, id: id.to_owned() }
}

/// A unit variant as the word that serde gives it.
pub(crate) fn word<T: Serialize>(value: T, what: &'static str) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Ok(word),
        _ => Err(bad(what, "a value")),
    }
}

pub(crate) fn from_word<T: DeserializeOwned>(
    word: String,
    what: &'static str,
    id: &str,
) -> Result<T> {
    serde_json::from_value(Value::String(word)).map_err(|_| bad(what, id))
}

pub(crate) fn to_json<T: Serialize>(value: &T, what: &'static str, id: &str) -> Result<String> {
    serde_json::to_string(value).map_err(|_| bad(what, id))
}

/// Errors of the parser quote the text, so they are dropped.
pub(crate) fn from_json<T: DeserializeOwned>(
    json: &str,
    what: &'static str,
    id: &str,
) -> Result<T> {
    serde_json::from_str(json).map_err(|_| bad(what, id))
}

pub(crate) fn op(row: &Row<'_>) -> Result<Op> {
    let id: String = row.get("id")?;
    let problem: Option<String> = row.get("problem")?;
    Ok(Op {
        lead_id: row.get("lead_id")?,
        connector: ConnectorId(row.get("connector")?),
        kind: row.get("kind")?,
        depends_on: from_json(&row.get::<_, String>("depends_on")?, "parents", &id)?,
        idem_key: row.get("idem_key")?,
        payload: from_json(&row.get::<_, String>("payload")?, "payload", &id)?,
        version: row.get("version")?,
        state: from_word::<OpState>(row.get("state")?, "state", &id)?,
        attempt: row.get("attempt")?,
        next_at_ms: row.get("next_at_ms")?,
        failing_since_ms: row.get("failing_since_ms")?,
        remote_id: row.get("remote_id")?,
        cursor: row.get("cursor")?,
        problem: problem.map(|p| from_json(&p, "problem", &id)).transpose()?,
        id: OpId(id),
    })
}

/// `None` where the query found nothing becomes an error that names what is missing.
pub(crate) fn found<T>(row: rusqlite::Result<T>, what: &'static str, id: &str) -> Result<T> {
    row.optional()?.ok_or_else(|| StoreError::NotFound { what, id: id.to_owned() })
}
