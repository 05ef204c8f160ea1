use std::collections::BTreeMap;
use std::fmt;

use confee_domain::{ConnectorId, Op, OpId, OpState, Problem};
use rusqlite::{Connection, Row, params};
use serde::Serialize;

use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::rows::{OP_COLUMNS, from_json, from_word, op};

/// An op that does not go through, with its lead's headline, for a person.
#[derive(Clone, PartialEq)]
pub struct OpProblem {
    /// The op.
    pub op: OpId,
    /// Its lead.
    pub lead_id: String,
    /// The visitor.
    pub name: Option<String>,
    /// Their employer.
    pub company: Option<String>,
    /// By which connection.
    pub connector: ConnectorId,
    /// What it makes.
    pub kind: String,
    /// Where it stands.
    pub state: OpState,
    /// What is wrong, where the connector said so.
    pub problem: Option<Problem>,
    /// When it first failed, Unix milliseconds.
    pub failing_since_ms: Option<i64>,
}

/// Without the visitor, for logs.
impl fmt::Debug for OpProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpProblem")
            .field("op", &self.op.0)
            .field("state", &self.state)
            .field("problem", &self.problem)
            .finish_non_exhaustive()
    }
}

/// How many ops of a connection stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the fields are named after the states of an op")]
pub struct OutboxCounts {
    pub pending: u64,
    pub sending: u64,
    pub done: u64,
    pub retry_wait: u64,
    pub unknown: u64,
    pub needs_fix: u64,
    pub blocked_parent: u64,
    pub dead: u64,
    pub cancelled: u64,
}

impl OutboxCounts {
    /// Ops that still go, or wait for a person.
    #[must_use]
    pub fn open(&self) -> u64 {
        let waiting = self.pending + self.sending + self.retry_wait + self.unknown;
        waiting + self.needs_fix + self.blocked_parent
    }

    fn of(&mut self, state: OpState) -> &mut u64 {
        match state {
            OpState::Pending => &mut self.pending,
            OpState::Sending => &mut self.sending,
            OpState::Done => &mut self.done,
            OpState::RetryWait => &mut self.retry_wait,
            OpState::Unknown => &mut self.unknown,
            OpState::NeedsFix => &mut self.needs_fix,
            OpState::BlockedParent => &mut self.blocked_parent,
            OpState::Dead => &mut self.dead,
            OpState::Cancelled => &mut self.cancelled,
        }
    }
}

const PROBLEM: &str = "SELECT ops.id, ops.lead_id, l.name, l.company, ops.connector, ops.kind,
    ops.state, ops.problem, ops.failing_since_ms
    FROM ops JOIN leads l ON l.id = ops.lead_id";

impl Store {
    /// An op. While it is in flight, its version is the one in flight.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn op(&self, id: &OpId) -> Result<Op> {
        self.read(|db| load(db, id))
    }

    /// The ops that one depends on, in the order it names them.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn parents(&self, of: &Op) -> Result<Vec<Op>> {
        let sql = format!(
            "SELECT {OP_COLUMNS} FROM op_parents p JOIN ops ON ops.id = p.parent_id
             WHERE p.op_id = ?1 ORDER BY p.position"
        );
        self.read(|db| db.prepare_cached(&sql)?.query_and_then([&of.id.0], op)?.collect())
    }

    /// All ops of a lead, in the order they were approved.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn ops_of(&self, lead_id: &str) -> Result<Vec<Op>> {
        self.read(|db| of_lead(db, lead_id))
    }

    /// Ops that need a fix or are dead, oldest talk first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn problems(&self) -> Result<Vec<OpProblem>> {
        let sql = format!(
            "{PROBLEM} WHERE ops.state IN ('needs_fix', 'dead') ORDER BY ops.lead_at_ms, ops.seq"
        );
        self.read(|db| db.prepare_cached(&sql)?.query_and_then([], problem)?.collect())
    }

    /// Ops that are still tried but have failed since before a time (Unix milliseconds).
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn failing_since(&self, before_ms: i64) -> Result<Vec<OpProblem>> {
        let sql = format!(
            "{PROBLEM} WHERE ops.state IN ('pending', 'retry_wait', 'unknown')
                 AND ops.failing_since_ms < ?1
             ORDER BY ops.lead_at_ms, ops.seq"
        );
        self.read(|db| {
            db.prepare_cached(&sql)?.query_and_then(params![before_ms], problem)?.collect()
        })
    }

    /// How many ops of each connection stand where.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn outbox_counts(&self) -> Result<BTreeMap<ConnectorId, OutboxCounts>> {
        self.read(|db| {
            let sql = "SELECT connector, state, COUNT(*) FROM ops GROUP BY connector, state";
            let mut counts = BTreeMap::<_, OutboxCounts>::new();
            let mut stmt = db.prepare_cached(sql)?;
            let mut rows = stmt.query([])?;
            while let Some(row) = rows.next()? {
                let connector: String = row.get(0)?;
                let state = from_word(row.get(1)?, "state", &connector)?;
                let n = row.get::<_, i64>(2)?.unsigned_abs();
                *counts.entry(ConnectorId(connector)).or_default().of(state) = n;
            }
            Ok(counts)
        })
    }
}

pub(crate) fn load(db: &Connection, id: &OpId) -> Result<Op> {
    let sql = format!("SELECT {OP_COLUMNS} FROM ops WHERE id = ?1");
    let missing = || StoreError::NotFound { what: "sync step", id: id.0.clone() };
    db.prepare_cached(&sql)?.query_and_then([&id.0], op)?.next().ok_or_else(missing)?
}

pub(crate) fn of_lead(db: &Connection, lead_id: &str) -> Result<Vec<Op>> {
    let sql = format!("SELECT {OP_COLUMNS} FROM ops WHERE lead_id = ?1 ORDER BY seq");
    db.prepare_cached(&sql)?.query_and_then([lead_id], op)?.collect()
}

fn problem(row: &Row<'_>) -> Result<OpProblem> {
    let id: String = row.get("id")?;
    let problem: Option<String> = row.get("problem")?;
    Ok(OpProblem {
        lead_id: row.get("lead_id")?,
        name: row.get("name")?,
        company: row.get("company")?,
        connector: ConnectorId(row.get("connector")?),
        kind: row.get("kind")?,
        state: from_word(row.get("state")?, "state", &id)?,
        problem: problem.map(|p| from_json(&p, "problem", &id)).transpose()?,
        failing_since_ms: row.get("failing_since_ms")?,
        op: OpId(id),
    })
}
