use std::fmt;

use confee_domain::{ConsentState, Stage, Tier};
use rusqlite::{Row, named_params};
use serde::Serialize;

use crate::error::Result;
use crate::open::Store;
use crate::rows::{from_word, to_json};

/// Most rows that one call returns.
pub const MAX_ROWS: u32 = 500;

/// Which leads to list. The default lists the newest of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeadFilter {
    /// Any of these stages; empty is all.
    pub stages: Vec<Stage>,
    /// Any of these tiers; empty is all, with leads that have no draft yet.
    pub tiers: Vec<Tier>,
    /// Part of the name or company, in any case; empty or unset is all.
    pub text: Option<String>,
    /// Only leads with an op that needs a person.
    pub with_problem: bool,
    /// How many, 1 to [`MAX_ROWS`]; 0 is 50.
    pub limit: u32,
    /// Only leads older than this one: the next page.
    pub before: Option<Cursor>,
}

/// A place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// When the last row's talk was, Unix milliseconds.
    pub captured_at_ms: i64,
    /// The last row's id.
    pub id: String,
}

/// One line of the list.
#[derive(Clone, PartialEq, Eq)]
pub struct LeadRow {
    /// The conversation's id.
    pub id: String,
    /// Where it is.
    pub stage: Stage,
    /// The visitor, with the rep's edits.
    pub name: Option<String>,
    /// Their employer, with the rep's edits.
    pub company: Option<String>,
    /// When the talk was, Unix milliseconds.
    pub captured_at_ms: i64,
    /// When it last changed, Unix milliseconds.
    pub updated_at_ms: i64,
    /// The draft's score, 0 to 100; unset without a draft.
    pub points: Option<u32>,
    /// The draft's tier; unset without a draft.
    pub tier: Option<Tier>,
    /// The draft's verdict; unset without a draft.
    pub is_lead: Option<bool>,
    /// Counts approvals.
    pub version: u32,
    /// Counts saves of the review.
    pub revision: u64,
    /// The visitor's consent.
    pub consent: ConsentState,
    /// Ops that were not cancelled.
    pub ops: u32,
    /// Of these, done.
    pub ops_done: u32,
    /// Of these, in need of a person.
    pub ops_failed: u32,
}

/// Without the visitor, for logs.
impl fmt::Debug for LeadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LeadRow")
            .field("id", &self.id)
            .field("stage", &self.stage)
            .finish_non_exhaustive()
    }
}

impl LeadRow {
    /// Lists what comes after this row.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor { captured_at_ms: self.captured_at_ms, id: self.id.clone() }
    }
}

/// How many leads there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LeadCounts {
    /// Without a draft.
    pub captured: u64,
    /// With a draft that nobody has looked at.
    pub drafted: u64,
    /// Being looked at.
    pub in_review: u64,
    /// On their way to the CRM, or there.
    pub approved: u64,
    /// Going nowhere.
    pub rejected: u64,
    /// Erased; in none of the other numbers.
    pub erased: u64,
    /// With an op that needs a person.
    pub with_problem: u64,
}

const LIST: &str = "
SELECT l.id, l.stage, l.name, l.company, l.captured_at_ms, l.updated_at_ms, l.points, l.tier,
    l.is_lead, l.version, l.revision, l.consent_state,
    (SELECT COUNT(*) FROM ops WHERE lead_id = l.id AND state <> 'cancelled') AS ops,
    (SELECT COUNT(*) FROM ops WHERE lead_id = l.id AND state = 'done') AS ops_done,
    (SELECT COUNT(*) FROM ops WHERE lead_id = l.id AND state IN ('needs_fix', 'dead')) AS ops_failed
FROM leads l
WHERE l.erased_at_ms IS NULL
    AND (l.captured_at_ms, l.id) < (:before_ms, :before_id)
    AND (:stages = '[]' OR l.stage IN (SELECT value FROM json_each(:stages)))
    AND (:tiers = '[]' OR l.tier IN (SELECT value FROM json_each(:tiers)))
    AND (:text = '' OR instr(l.search, :text) > 0)
    AND (NOT :with_problem OR EXISTS
        (SELECT 1 FROM ops WHERE lead_id = l.id AND state IN ('needs_fix', 'dead')))
ORDER BY l.captured_at_ms DESC, l.id DESC
LIMIT :limit";

/// Sorts after every id: UTF-8 has no byte of this value at the start.
const LAST_ID: &str = "\u{10FFFF}";

impl Store {
    /// The newest leads that match, newest talk first. Erased ones are left out.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn leads(&self, filter: &LeadFilter) -> Result<Vec<LeadRow>> {
        let before = filter.before.as_ref();
        let limit = if filter.limit == 0 { 50 } else { filter.limit.min(MAX_ROWS) };
        let text = filter.text.as_deref().unwrap_or("").trim().to_lowercase();
        let stages = to_json(&filter.stages, "filter", "the list")?;
        let tiers = to_json(&filter.tiers, "filter", "the list")?;
        self.read(|db| {
            let values = named_params! {
                ":before_ms": before.map_or(i64::MAX, |c| c.captured_at_ms),
                ":before_id": before.map_or(LAST_ID, |c| c.id.as_str()),
                ":stages": stages,
                ":tiers": tiers,
                ":text": text,
                ":with_problem": filter.with_problem,
                ":limit": limit,
            };
            db.prepare_cached(LIST)?.query_and_then(values, lead_row)?.collect()
        })
    }

    /// How many leads are where.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn counts(&self) -> Result<LeadCounts> {
        let sql = "SELECT
            COUNT(*) FILTER (WHERE erased_at_ms IS NULL AND stage = 'captured'),
            COUNT(*) FILTER (WHERE erased_at_ms IS NULL AND stage = 'drafted'),
            COUNT(*) FILTER (WHERE erased_at_ms IS NULL AND stage = 'in_review'),
            COUNT(*) FILTER (WHERE erased_at_ms IS NULL AND stage = 'approved'),
            COUNT(*) FILTER (WHERE erased_at_ms IS NULL AND stage = 'rejected'),
            COUNT(erased_at_ms),
            (SELECT COUNT(DISTINCT lead_id) FROM ops WHERE state IN ('needs_fix', 'dead'))
            FROM leads";
        self.read(|db| {
            let n = db.query_row(sql, [], |r| {
                let n = |i| r.get::<_, i64>(i).map(i64::unsigned_abs);
                Ok([n(0)?, n(1)?, n(2)?, n(3)?, n(4)?, n(5)?, n(6)?])
            })?;
            let [captured, drafted, in_review, approved, rejected, erased, with_problem] = n;
            Ok(LeadCounts {
                captured,
                drafted,
                in_review,
                approved,
                rejected,
                erased,
                with_problem,
            })
        })
    }
}

fn lead_row(row: &Row<'_>) -> Result<LeadRow> {
    let id: String = row.get("id")?;
    let tier: Option<String> = row.get("tier")?;
    Ok(LeadRow {
        stage: from_word(row.get("stage")?, "stage", &id)?,
        name: row.get("name")?,
        company: row.get("company")?,
        captured_at_ms: row.get("captured_at_ms")?,
        updated_at_ms: row.get("updated_at_ms")?,
        points: row.get("points")?,
        tier: tier.map(|t| from_word(t, "tier", &id)).transpose()?,
        is_lead: row.get("is_lead")?,
        version: row.get("version")?,
        revision: row.get::<_, i64>("revision")?.unsigned_abs(),
        consent: from_word(row.get("consent_state")?, "consent", &id)?,
        ops: row.get("ops")?,
        ops_done: row.get("ops_done")?,
        ops_failed: row.get("ops_failed")?,
        id,
    })
}
