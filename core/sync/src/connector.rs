use confee_domain::{ApprovedLead, ConnectorId, Op, Problem};

use crate::request::{Request, Response};
use crate::secret::TokenError;

/// What an answer means for the op.
#[derive(Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The effect is there.
    Done {
        /// The remote's id, where it gives one.
        remote_id: Option<String>,
    },
    /// This request went well; the effect needs another one.
    Continue {
        /// Where to go on; stored in the op.
        cursor: String,
    },
    /// Certainly not applied; a matter of this op alone (a lock, a migration).
    Retry {
        /// Not before this many milliseconds from now.
        after_ms: Option<i64>,
    },
    /// Certainly not applied; the connection is over a limit.
    RateLimited {
        /// Not before this many milliseconds from now.
        after_ms: Option<i64>,
        /// The limit is a daily one: the whole connection waits.
        daily: bool,
    },
    /// The server failed or the answer cannot be read: it may or may not be applied.
    Unclear,
    /// The credentials are not taken. Not applied.
    AuthLost,
    /// The remote end is closed for good: the op needs a fix, the connection stops.
    Disabled(Problem),
    /// A person has to mend the value, the mapping or a right.
    NeedsFix(Problem),
    /// The record to be changed or linked is not there any more.
    Gone,
    /// The remote has such a record already, and a person has to choose.
    Duplicate {
        /// Its id, where the answer tells.
        existing_id: Option<String>,
    },
}

impl std::fmt::Debug for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = match self {
            Self::Done { .. } => "Done",
            Self::Continue { .. } => "Continue",
            Self::Retry { .. } => "Retry",
            Self::RateLimited { .. } => "RateLimited",
            Self::Unclear => "Unclear",
            Self::AuthLost => "AuthLost",
            Self::Disabled(p) => return write!(f, "Disabled({})", p.code),
            Self::NeedsFix(p) => return write!(f, "NeedsFix({})", p.code),
            Self::Gone => "Gone",
            Self::Duplicate { .. } => "Duplicate",
        };
        f.write_str(name)
    }
}

/// How to go on when it is not known whether the last request was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recovery {
    /// Send the same step again: the remote applies it once.
    Resend,
    /// Go to this step first, one that reads back.
    From(Option<String>),
}

/// Why an op cannot be turned into a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrepareError {
    /// No credentials now.
    Token(TokenError),
    /// A person has to mend something.
    Problem(Box<Problem>),
}

/// Speaks one CRM's language. Pure: no IO, no clock; may be called again at any time.
pub trait Connector: Send + Sync {
    /// Which connection.
    fn id(&self) -> &ConnectorId;

    /// What a person calls it ("HubSpot").
    fn label(&self) -> &str;

    /// The effects that a lead demands, parents before children.
    fn plan(&self, lead: &ApprovedLead) -> Vec<Op>;

    /// The request of the op's current step. `parents` are the ops it depends on, all done.
    ///
    /// # Errors
    /// No credentials, or a person has to mend something first.
    fn prepare(&self, op: &Op, parents: &[Op], now_ms: i64) -> Result<Request, PrepareError>;

    /// What the answer to the op's current step means. Any bytes may come.
    fn interpret(&self, op: &Op, response: &Response, now_ms: i64) -> Verdict;

    /// How to go on after an unknown outcome of the op's current step.
    fn recover(&self, op: &Op) -> Recovery;
}
