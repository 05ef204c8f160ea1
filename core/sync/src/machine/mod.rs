//! The outbox as a state machine: requests out, outcomes in.

mod apply;
mod breaker;
mod issue;
mod trouble;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use confee_domain::{
    AuthState, Breaker, ConnectorId, ConnectorState, ConnectorTrouble, Op, OpId, OpState,
};

use crate::connector::{Connector, Verdict};
use crate::journal::{Journal, JournalError};
use crate::policy::{Network, SyncPolicy};
use crate::probe::{CrashPoint, NoProbe, Probe};
use crate::request::{Response, Ticket, TransportError};
use crate::retry::{backoff_ms, retry_after_ms};
use apply::{Health, Wait};

pub(crate) use apply::problem;
pub use trouble::{STUCK_AFTER_MS, stuck_since};

/// An op as it was sent, and who speaks for it.
type Claim = (Op, Arc<dyn Connector>);

/// What an outcome did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The op stands there now.
    Moved(OpState),
    /// The outcome belongs to no request under way: late, doubled or made up.
    Ignored,
}

/// The outbox. Sans-IO: it asks for no clock and opens no socket. Shareable between threads; every
/// call does blocking storage transactions.
pub struct Outbox<J> {
    journal: J,
    connectors: Vec<Arc<dyn Connector>>,
    probe: Arc<dyn Probe>,
    inner: Mutex<Inner>,
}

struct Inner {
    rng: fastrand::Rng,
    policy: SyncPolicy,
    turn: usize,
    in_flight: HashMap<OpId, (ConnectorId, String)>,
}

impl<J: Journal> Outbox<J> {
    /// An outbox over a journal. `seed` drives the jitter. Call [`Outbox::start`] next.
    #[must_use]
    pub fn new(journal: J, connectors: Vec<Arc<dyn Connector>>, seed: u64) -> Self {
        let rng = fastrand::Rng::with_seed(seed);
        let policy = SyncPolicy::default();
        let inner = Inner { rng, policy, turn: 0, in_flight: HashMap::new() };
        Self { journal, connectors, probe: Arc::new(NoProbe), inner: Mutex::new(inner) }
    }

    /// With a probe at every crash point.
    #[must_use]
    pub fn with_probe(mut self, probe: Arc<dyn Probe>) -> Self {
        self.probe = probe;
        self
    }

    /// The probe, for the driver's own points.
    #[must_use]
    pub fn probe(&self) -> &Arc<dyn Probe> {
        &self.probe
    }

    /// The storage.
    #[must_use]
    pub fn journal(&self) -> &J {
        &self.journal
    }

    /// Sets what networks the user allows.
    pub fn set_policy(&self, policy: SyncPolicy) {
        self.inner().policy = policy;
    }

    /// Whether requests may go out over this network.
    #[must_use]
    pub fn may_send(&self, network: Network) -> bool {
        self.inner().policy.allows(network)
    }

    /// After a process start: what was being sent has an unknown outcome now. Returns how many.
    ///
    /// # Errors
    /// Storage.
    pub fn start(&self) -> Result<usize, JournalError> {
        self.start_with(&[])
    }

    /// Like [`Outbox::start`], where the system still sends some requests for us; their answers
    /// come later, and nothing is sent for their leads until then.
    ///
    /// # Errors
    /// Storage.
    pub fn start_with(&self, under_way: &[Ticket]) -> Result<usize, JournalError> {
        let recovered = self.journal.recover()?;
        let mut inner = self.inner();
        inner.in_flight.clear();
        for ticket in under_way {
            if let Some(op) = self.journal.op(&ticket.op)?
                && belongs(&op, ticket)
            {
                inner.in_flight.insert(op.id, (op.connector, op.lead_id));
            }
        }
        Ok(recovered)
    }

    /// Takes an answer.
    ///
    /// # Errors
    /// Storage; hand the answer in again, or start anew.
    pub fn on_response(
        &self,
        ticket: &Ticket,
        response: &Response,
        now_ms: i64,
    ) -> Result<Outcome, JournalError> {
        let Some((op, connector)) = self.claim(ticket)? else { return Ok(Outcome::Ignored) };
        let verdict = connector.interpret(&op, response, now_ms);
        tracing::debug!(kind = op.kind, status = response.status, ?verdict, "answer");
        let server_ms = retry_after_ms(response, now_ms);
        self.settle(op, verdict, server_ms, connector.as_ref(), now_ms)
    }

    /// Takes the news that no answer came.
    ///
    /// # Errors
    /// Storage; hand it in again, or start anew.
    pub fn on_transport_error(
        &self,
        ticket: &Ticket,
        error: TransportError,
        now_ms: i64,
    ) -> Result<Outcome, JournalError> {
        let Some((op, connector)) = self.claim(ticket)? else { return Ok(Outcome::Ignored) };
        let verdict = match error {
            TransportError::NotSent => Verdict::RateLimited { after_ms: None, daily: false },
            TransportError::MaybeSent => Verdict::Unclear,
        };
        self.settle(op, verdict, None, connector.as_ref(), now_ms)
    }

    /// When to ask for requests again: the earliest op of a connection that may send. `None` when
    /// only answers, a sign-in or new leads can make a difference.
    ///
    /// # Errors
    /// Storage.
    pub fn next_wake(&self) -> Result<Option<i64>, JournalError> {
        let mut wake = None::<i64>;
        for connector in &self.connectors {
            let state = self.journal.connector(connector.id())?;
            let not_before = match (state.auth, state.breaker) {
                (AuthState::Lost, _) => continue,
                (_, Breaker::Open { until_ms }) => until_ms,
                (_, Breaker::HalfOpen | Breaker::Closed) => i64::MIN,
            };
            if let Some(due) = self.journal.next_wake_ms(connector.id())? {
                let at = due.max(not_before);
                wake = Some(wake.map_or(at, |w| w.min(at)));
            }
        }
        Ok(wake)
    }

    /// The rep signed in again, or mended the connection's settings: it goes on.
    ///
    /// # Errors
    /// Storage.
    pub fn credentials_changed(&self, connector: &ConnectorId) -> Result<(), JournalError> {
        self.journal.save_connector(&ConnectorState::fresh(connector.clone()))
    }

    /// A person asks to try a failed op again, after mending what was wrong.
    ///
    /// # Errors
    /// Storage, or no such op.
    pub fn retry(&self, id: &OpId, now_ms: i64) -> Result<(), JournalError> {
        let mut op = self.journal.op(id)?.ok_or(JournalError::NoSuchOp)?;
        let waits = matches!(op.state, OpState::RetryWait | OpState::Unknown);
        if waits {
            op.next_at_ms = now_ms;
        } else if matches!(op.state, OpState::NeedsFix | OpState::Dead) {
            (op.state, op.attempt, op.next_at_ms) = (OpState::Pending, 0, now_ms);
            (op.cursor, op.problem, op.failing_since_ms) = (None, None, None);
        } else {
            return Ok(());
        }
        self.journal.record(&op, now_ms)
    }

    /// Troubles of whole connections, for a person.
    ///
    /// # Errors
    /// Storage.
    pub fn troubles(&self, now_ms: i64) -> Result<Vec<ConnectorTrouble>, JournalError> {
        let mut out = Vec::new();
        for connector in &self.connectors {
            let state = self.journal.connector(connector.id())?;
            out.extend(trouble::of(connector.as_ref(), &state, now_ms));
        }
        Ok(out)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The op of a ticket as it was when it was sent, if it still waits for this outcome.
    fn claim(&self, ticket: &Ticket) -> Result<Option<Claim>, JournalError> {
        let Some(op) = self.journal.op(&ticket.op)?.filter(|op| belongs(op, ticket)) else {
            return Ok(None);
        };
        let connector = self.connectors.iter().find(|c| *c.id() == op.connector).cloned();
        let sent = Op { version: ticket.version, cursor: ticket.cursor.clone(), ..op };
        Ok(connector.map(|c| (sent, c)))
    }

    fn settle(
        &self,
        mut op: Op,
        verdict: Verdict,
        server_ms: Option<i64>,
        connector: &dyn Connector,
        now_ms: i64,
    ) -> Result<Outcome, JournalError> {
        let backoff_ms = backoff_ms(op.attempt, &mut self.inner().rng);
        let wait = Wait { now_ms, backoff_ms, server_ms };
        let steps = matches!(verdict, Verdict::Continue { .. });
        let gone = verdict == Verdict::Gone && !apply::is_recreating(&op);
        let health = apply::apply(&mut op, verdict, wait, connector.label());
        self.probe.at(CrashPoint::BeforeCommit);
        if gone {
            self.remake_parents(&op, now_ms, connector.label())?;
        }
        self.journal.record(&op, now_ms)?;
        self.probe.at(CrashPoint::AfterOpCommit);
        self.note_health(&op.connector, health, now_ms)?;
        self.inner().in_flight.remove(&op.id);
        self.probe.at(CrashPoint::AfterCommit);
        if steps {
            self.probe.at(CrashPoint::BetweenSteps);
        }
        Ok(Outcome::Moved(op.state))
    }

    /// A link found one of its ends deleted: the ends are looked up or made again.
    fn remake_parents(&self, op: &Op, now_ms: i64, label: &str) -> Result<(), JournalError> {
        for mut parent in self.journal.parents(op)? {
            if parent.state == OpState::Done {
                apply::make_again(&mut parent, now_ms, label);
                self.journal.record(&parent, now_ms)?;
            }
        }
        Ok(())
    }

    fn note_health(
        &self,
        id: &ConnectorId,
        health: Health,
        now_ms: i64,
    ) -> Result<(), JournalError> {
        let before = self.journal.connector(id)?;
        let mut state = before.clone();
        match health {
            Health::Good => breaker::on_success(&mut state),
            Health::Bad { park_ms } => {
                breaker::on_failure(&mut state, park_ms, now_ms, &mut self.inner().rng);
            }
            Health::SignedOut | Health::Closed => state.auth = AuthState::Lost,
        }
        if state == before { Ok(()) } else { self.journal.save_connector(&state) }
    }
}

/// Whether the op still waits for the outcome of the ticket's attempt.
fn belongs(op: &Op, ticket: &Ticket) -> bool {
    let waits = matches!(op.state, OpState::Sending | OpState::Unknown);
    let same =
        op.version == ticket.version && op.attempt == ticket.attempt && op.cursor == ticket.cursor;
    waits && (same || op.version > ticket.version)
}
