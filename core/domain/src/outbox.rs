use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A connection to one CRM or webhook, named by the app ("hubspot", "make").
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ConnectorId(pub String);

impl fmt::Display for ConnectorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names one remote effect: `<connector>/<lead>/<kind>`. The same effect has the same id for ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OpId(pub String);

impl OpId {
    /// The id of an effect.
    #[must_use]
    pub fn new(connector: &ConnectorId, lead_id: &str, kind: &str) -> Self {
        Self(format!("{connector}/{lead_id}/{kind}"))
    }
}

impl fmt::Display for OpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where an op stands.
///
/// `Pending → Sending → Done | RetryWait | Unknown | NeedsFix | BlockedParent | Dead | Cancelled`.
/// `Sending` is stored before the bytes leave; at start every `Sending` becomes `Unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum OpState {
    /// May be sent when its parents are done.
    Pending,
    /// Bytes may have left.
    Sending,
    /// The remote effect is there.
    Done,
    /// Failed for now; tried again at `next_at_ms`.
    RetryWait,
    /// It is not known whether the remote applied it; asked or resent next.
    Unknown,
    /// A person has to mend something; see the problem.
    NeedsFix,
    /// A parent needs a fix or is dead.
    BlockedParent,
    /// Given up; kept for export.
    Dead,
    /// Withdrawn before it was sent.
    Cancelled,
}

impl OpState {
    /// Whether nothing more will happen by itself.
    #[must_use]
    pub fn is_settled(self) -> bool {
        matches!(
            self,
            Self::Done | Self::NeedsFix | Self::BlockedParent | Self::Dead | Self::Cancelled
        )
    }
}

/// Why an op does not go through, for a person.
///
/// Holds the lead's data: it is stored and shown, never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Problem {
    /// Stable machine code, lower snake case.
    pub code: String,
    /// What is wrong and what to do, in a sentence that a rep understands.
    pub sentence: String,
    /// Our field that is concerned, as in the lead's JSON.
    pub field: Option<String>,
    /// The CRM's own name of the property.
    pub crm_property: Option<String>,
    /// What we tried to write.
    pub our_value: Option<String>,
    /// The CRM's id of the failed request, for its support.
    pub correlation_id: Option<String>,
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem").field("code", &self.code).finish_non_exhaustive()
    }
}

/// One remote effect that an approved lead demands.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Op {
    /// Names the effect.
    pub id: OpId,
    /// Whose lead.
    pub lead_id: String,
    /// By which connection.
    pub connector: ConnectorId,
    /// What it makes: `company`, `contact`, `deal`, `note`, `task`, `assoc:deal:contact`, `event`.
    pub kind: String,
    /// Ops that must be done first; their remote ids go into the request.
    pub depends_on: Vec<OpId>,
    /// Deterministic key of the effect, `badge:<lead uuid>:<kind>`, stored at the remote.
    pub idem_key: String,
    /// What to write, in the connector's own form.
    pub payload: Value,
    /// The lead version it was made from.
    pub version: u32,
    /// Where it stands.
    pub state: OpState,
    /// How often it was sent since it last succeeded or was edited.
    pub attempt: u32,
    /// Not before this time, Unix milliseconds.
    pub next_at_ms: i64,
    /// When it first failed, Unix milliseconds; shown to the rep after a day.
    pub failing_since_ms: Option<i64>,
    /// The remote's id, once known.
    pub remote_id: Option<String>,
    /// Where the connector is within an effect of several requests.
    pub cursor: Option<String>,
    /// What is wrong.
    pub problem: Option<Problem>,
}

impl fmt::Debug for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Op")
            .field("id", &self.id.0)
            .field("state", &self.state)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

/// Circuit breaker of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Breaker {
    /// Requests flow.
    Closed,
    /// Nothing is sent before this time (Unix milliseconds), then one probe.
    Open {
        /// When the probe may go.
        until_ms: i64,
    },
    /// One probe is under way.
    HalfOpen,
}

/// Whether the CRM still takes our credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum AuthState {
    /// Nothing was said against them.
    Ok,
    /// The rep has to sign in again. The queue is kept.
    Lost,
}

/// What is remembered of a connection between runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectorState {
    /// Which connection.
    pub id: ConnectorId,
    /// Its circuit breaker.
    pub breaker: Breaker,
    /// Failures in a row that concern the connection as a whole.
    pub failures: u32,
    /// Its credentials.
    pub auth: AuthState,
}

impl ConnectorState {
    /// A connection about which nothing bad is known.
    #[must_use]
    pub fn fresh(id: ConnectorId) -> Self {
        Self { id, breaker: Breaker::Closed, failures: 0, auth: AuthState::Ok }
    }
}

/// Trouble of a whole connection, for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ConnectorTrouble {
    /// Which connection.
    pub connector: String,
    /// Stable machine code: `signed_out`, `busy`.
    pub code: String,
    /// What to do.
    pub sentence: String,
    /// When it will be tried again, Unix milliseconds; unset where a person has to act.
    pub retry_at_ms: Option<i64>,
}
