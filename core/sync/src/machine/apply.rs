use confee_domain::{Op, OpState, Problem};

use crate::connector::Verdict;

/// Code of the problem that marks an op whose record was deleted and is being made again.
pub(crate) const RECREATING: &str = "recreating";

/// What a verdict says of the connection as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    /// It answers.
    Good,
    /// It failed; all wait that long where the server demands it.
    Bad { park_ms: Option<i64> },
    /// It does not take our credentials.
    SignedOut,
    /// It is closed for good.
    Closed,
}

/// Times that a verdict needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wait {
    pub(crate) now_ms: i64,
    /// Our own backoff.
    pub(crate) backoff_ms: i64,
    /// What the server's header asks for.
    pub(crate) server_ms: Option<i64>,
}

impl Wait {
    fn until(self, verdict_ms: Option<i64>) -> i64 {
        let theirs = self.server_ms.max(verdict_ms).unwrap_or(0);
        self.now_ms.saturating_add(self.backoff_ms.max(theirs))
    }
}

/// Moves the op by the verdict. `label` is the connection's name for sentences.
pub(crate) fn apply(op: &mut Op, verdict: Verdict, wait: Wait, label: &str) -> Health {
    match verdict {
        Verdict::Done { remote_id } => done(op, remote_id),
        Verdict::Continue { cursor } => proceed(op, cursor, wait.now_ms),
        Verdict::Retry { after_ms } => {
            fail(op, OpState::RetryWait, wait.until(after_ms), wait.now_ms);
        }
        Verdict::RateLimited { after_ms, daily } => {
            let jitter = if daily { wait.backoff_ms } else { 0 };
            let until = wait.until(after_ms).saturating_add(jitter);
            fail(op, OpState::RetryWait, until, wait.now_ms);
            return Health::Bad { park_ms: daily.then(|| until.saturating_sub(wait.now_ms)) };
        }
        Verdict::Unclear => {
            fail(op, OpState::Unknown, wait.until(None), wait.now_ms);
            return Health::Bad { park_ms: None };
        }
        Verdict::AuthLost => {
            op.state = OpState::Pending;
            return Health::SignedOut;
        }
        Verdict::Disabled(problem) => {
            needs_fix(op, problem);
            return Health::Closed;
        }
        Verdict::NeedsFix(problem) => needs_fix(op, problem),
        Verdict::Gone => gone(op, wait.now_ms, label),
        Verdict::Duplicate { existing_id } => needs_fix(op, duplicate(existing_id, label)),
    }
    Health::Good
}

fn done(op: &mut Op, remote_id: Option<String>) {
    op.remote_id = remote_id.or_else(|| op.remote_id.take());
    (op.state, op.attempt, op.cursor) = (OpState::Done, 0, None);
    (op.problem, op.failing_since_ms) = (None, None);
}

fn proceed(op: &mut Op, cursor: String, now_ms: i64) {
    (op.state, op.attempt, op.next_at_ms) = (OpState::Pending, 0, now_ms);
    (op.cursor, op.failing_since_ms) = (Some(cursor), None);
}

/// The op waits; when it first failed is kept.
pub(crate) fn fail(op: &mut Op, state: OpState, until_ms: i64, now_ms: i64) {
    (op.state, op.next_at_ms) = (state, until_ms);
    op.failing_since_ms.get_or_insert(now_ms);
}

/// The op waits for a person.
pub(crate) fn needs_fix(op: &mut Op, problem: Problem) {
    (op.state, op.cursor, op.problem) = (OpState::NeedsFix, None, Some(problem));
}

fn gone(op: &mut Op, now_ms: i64, label: &str) {
    if is_recreating(op) {
        let text = format!(
            "{label} deleted this record again after it was made anew. Check it there, then retry."
        );
        return needs_fix(op, problem("deleted_in_crm", text));
    }
    make_again(op, now_ms, label);
}

/// Whether the op was already made anew once.
pub(crate) fn is_recreating(op: &Op) -> bool {
    op.problem.as_ref().is_some_and(|p| p.code == RECREATING)
}

/// The op starts over, marked so that this happens once only.
pub(crate) fn make_again(op: &mut Op, now_ms: i64, label: &str) {
    (op.state, op.attempt, op.next_at_ms) = (OpState::Pending, 0, now_ms);
    (op.remote_id, op.cursor) = (None, None);
    let text = format!("The record was deleted in {label}; it is made again.");
    op.problem = Some(problem(RECREATING, text));
}

fn duplicate(existing_id: Option<String>, label: &str) -> Problem {
    let text = format!("{label} has such a record already. Choose there which one to keep.");
    Problem { our_value: existing_id, ..problem("duplicate", text) }
}

/// A problem that concerns no single field.
pub(crate) fn problem(code: &str, sentence: impl Into<String>) -> Problem {
    Problem {
        code: code.into(),
        sentence: sentence.into(),
        field: None,
        crm_property: None,
        our_value: None,
        correlation_id: None,
    }
}
