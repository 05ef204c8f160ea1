use std::sync::Arc;

use confee_domain::{AuthState, Op, OpState};

use super::apply::{fail, needs_fix};
use super::{Outbox, breaker};
use crate::connector::{Connector, PrepareError, Recovery};
use crate::journal::{Journal, JournalError};
use crate::policy::Network;
use crate::probe::CrashPoint;
use crate::request::{PreparedRequest, Ticket};
use crate::retry::backoff_ms;
use crate::secret::TokenError;

/// No lead has more ops than this that are due at once, so asking for that many rows a lead
/// always finds enough leads.
const OPS_PER_LEAD: usize = 14;

enum Issued {
    Request(PreparedRequest),
    /// The op cannot go; others may.
    Skipped,
    /// The connection cannot send at all.
    Paused,
}

impl<J: Journal> Outbox<J> {
    /// Requests to send now, at most `limit`, each from another lead of its connection. Each is
    /// stored as `sending`: send it, and hand its outcome in.
    ///
    /// # Errors
    /// Storage, and nothing was chosen.
    pub fn next_requests(
        &self,
        now_ms: i64,
        network: Network,
        limit: usize,
    ) -> Result<Vec<PreparedRequest>, JournalError> {
        let mut out = Vec::new();
        let turn = {
            let mut inner = self.inner();
            if !inner.policy.allows(network) {
                return Ok(out);
            }
            inner.turn = inner.turn.wrapping_add(1);
            inner.turn
        };
        let count = self.connectors.len().max(1);
        let in_turn = self.connectors.iter().cycle().skip(turn % count).take(self.connectors.len());
        for connector in in_turn {
            match self.fill(connector, now_ms, limit, &mut out) {
                // What is stored as sending has to go out; the error comes again without it.
                Err(_) if !out.is_empty() => break,
                filled => filled?,
            }
        }
        Ok(out)
    }

    fn fill(
        &self,
        connector: &Arc<dyn Connector>,
        now_ms: i64,
        limit: usize,
        out: &mut Vec<PreparedRequest>,
    ) -> Result<(), JournalError> {
        let mut state = self.journal.connector(connector.id())?;
        let busy = self.inner().in_flight.values().filter(|(c, _)| c == connector.id()).count();
        let mut room = breaker::room(&state, busy, limit.saturating_sub(out.len()), now_ms);
        if room == 0 {
            return Ok(());
        }
        let rows = room.saturating_add(busy).saturating_mul(OPS_PER_LEAD);
        for op in self.journal.due(connector.id(), now_ms, rows)? {
            if room == 0 {
                break;
            }
            if self.is_busy(&op) {
                continue;
            }
            match self.issue(connector.as_ref(), op, now_ms)? {
                Issued::Skipped => {}
                Issued::Paused => break,
                Issued::Request(request) => {
                    out.push(request);
                    room -= 1;
                    if breaker::on_issue(&mut state) {
                        self.journal.save_connector(&state)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn is_busy(&self, op: &Op) -> bool {
        let inner = self.inner();
        inner.in_flight.values().any(|(c, lead)| *c == op.connector && *lead == op.lead_id)
    }

    fn issue(
        &self,
        connector: &dyn Connector,
        mut op: Op,
        now_ms: i64,
    ) -> Result<Issued, JournalError> {
        let parents = self.journal.parents(&op)?;
        if !parents.is_empty() {
            self.probe.at(CrashPoint::BetweenParents);
        }
        if op.state == OpState::Unknown
            && let Recovery::From(cursor) = connector.recover(&op)
        {
            (op.state, op.cursor) = (OpState::Pending, cursor);
            self.journal.record(&op, now_ms)?;
        }
        let request = match connector.prepare(&op, &parents, now_ms) {
            Ok(request) => request,
            Err(error) => return self.refuse(op, error, now_ms),
        };
        self.probe.at(CrashPoint::BeforePersist);
        let begun = self.journal.begin(&op.id, now_ms)?;
        self.inner().in_flight.insert(op.id.clone(), (op.connector, op.lead_id));
        self.probe.at(CrashPoint::AfterPersist);
        let (attempt, version, cursor) = (begun.attempt, op.version, op.cursor);
        Ok(Issued::Request(PreparedRequest {
            ticket: Ticket { op: op.id, version, attempt, cursor },
            request,
        }))
    }

    fn refuse(&self, mut op: Op, error: PrepareError, now_ms: i64) -> Result<Issued, JournalError> {
        match error {
            PrepareError::Token(TokenError::SignedOut) => {
                let mut state = self.journal.connector(&op.connector)?;
                state.auth = AuthState::Lost;
                self.journal.save_connector(&state)?;
                Ok(Issued::Paused)
            }
            PrepareError::Token(TokenError::Later) => {
                let pause = backoff_ms(1, &mut self.inner().rng);
                let state =
                    if op.state == OpState::Unknown { op.state } else { OpState::RetryWait };
                fail(&mut op, state, now_ms.saturating_add(pause), now_ms);
                self.journal.record(&op, now_ms)?;
                Ok(Issued::Skipped)
            }
            PrepareError::Problem(problem) => {
                needs_fix(&mut op, *problem);
                self.journal.record(&op, now_ms)?;
                Ok(Issued::Skipped)
            }
        }
    }
}
