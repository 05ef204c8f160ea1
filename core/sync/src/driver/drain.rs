use std::collections::HashMap;
use std::time::Duration;

use confee_domain::OpState;
use tokio::sync::{Notify, watch};
use tokio::task::{Id, JoinSet};

use super::HttpDriver;
use crate::journal::{Journal, JournalError};
use crate::machine::{Outbox, Outcome};
use crate::policy::Network;
use crate::probe::CrashPoint;
use crate::request::{Response, Ticket, TransportError};

/// Never asks for work more often than this.
const PAUSE_MIN_MS: i64 = 1_000;
const PAUSE_MAX_MS: i64 = 3_600_000;

/// What a drain did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Requests that went out.
    pub requests: u32,
    /// Ops that were done.
    pub done: u32,
    /// Ops that wait for a person.
    pub needs_fix: u32,
    /// Requests without an answer.
    pub unanswered: u32,
    /// Whether it was told to stop.
    pub cancelled: bool,
    /// When to drain again, Unix milliseconds; unset where time alone changes nothing.
    pub next_wake_ms: Option<i64>,
}

type Sent = (Ticket, Result<Response, TransportError>);

struct Running {
    tasks: JoinSet<Sent>,
    tickets: HashMap<Id, Ticket>,
    report: Report,
}

impl HttpDriver {
    /// Sends what is due until nothing more is due now, or until told to stop. Requests under way
    /// are dropped then, and their outcome is noted as unknown. One drain at a time.
    ///
    /// # Errors
    /// Storage. Call [`Outbox::start`] before the next drain.
    pub async fn drain<J: Journal>(
        &self,
        outbox: &Outbox<J>,
        network: &watch::Receiver<Network>,
        cancel: &watch::Receiver<bool>,
    ) -> Result<Report, JournalError> {
        let mut cancel = cancel.clone();
        let (tasks, tickets, report) = (JoinSet::new(), HashMap::new(), Report::default());
        let mut running = Running { tasks, tickets, report };
        while !*cancel.borrow() {
            let now_network = *network.borrow();
            self.fill(outbox, now_network, &mut running)?;
            if running.tasks.is_empty() {
                break;
            }
            tokio::select! {
                biased;
                () = told_to_stop(&mut cancel) => {}
                sent = running.tasks.join_next_with_id() => match sent {
                    Some(Ok((id, sent))) => self.take(outbox, &mut running, id, sent)?,
                    Some(Err(lost)) => self.lose(outbox, &mut running, lost.id())?,
                    None => {}
                },
            }
        }
        running.report.cancelled = *cancel.borrow();
        running.tasks.shutdown().await;
        for id in running.tickets.keys().copied().collect::<Vec<_>>() {
            self.lose(outbox, &mut running, id)?;
        }
        running.report.next_wake_ms = outbox.next_wake()?;
        Ok(running.report)
    }

    /// Drains again and again: at the next wake-up, when the network changes, or when `poke` tells
    /// of new work, until told to stop.
    ///
    /// # Errors
    /// Storage.
    pub async fn run<J: Journal>(
        &self,
        outbox: &Outbox<J>,
        network: &watch::Receiver<Network>,
        cancel: &watch::Receiver<bool>,
        poke: &Notify,
    ) -> Result<(), JournalError> {
        let (mut network, mut stop) = (network.clone(), cancel.clone());
        while !*cancel.borrow() {
            let now_network = *network.borrow_and_update();
            let report = self.drain(outbox, &network, cancel).await?;
            let wake = report.next_wake_ms.filter(|_| outbox.may_send(now_network));
            let wait = wake.map_or(PAUSE_MAX_MS, |at| at.saturating_sub(self.now_ms()));
            let wait = u64::try_from(wait.clamp(PAUSE_MIN_MS, PAUSE_MAX_MS)).unwrap_or(1_000);
            tokio::select! {
                () = told_to_stop(&mut stop) => {}
                () = poke.notified() => {}
                Ok(()) = network.changed() => {}
                () = tokio::time::sleep(Duration::from_millis(wait)) => {}
            }
        }
        Ok(())
    }

    fn fill<J: Journal>(
        &self,
        outbox: &Outbox<J>,
        network: Network,
        running: &mut Running,
    ) -> Result<(), JournalError> {
        let free = self.parallel.saturating_sub(running.tasks.len());
        if free == 0 {
            return Ok(());
        }
        for prepared in outbox.next_requests(self.now_ms(), network, free)? {
            let (driver, ticket) = (self.clone(), prepared.ticket.clone());
            let task = running.tasks.spawn(async move {
                let outcome = driver.send(prepared.request).await;
                (prepared.ticket, outcome)
            });
            running.tickets.insert(task.id(), ticket);
            running.report.requests += 1;
        }
        Ok(())
    }

    fn take<J: Journal>(
        &self,
        outbox: &Outbox<J>,
        running: &mut Running,
        id: Id,
        (ticket, outcome): Sent,
    ) -> Result<(), JournalError> {
        running.tickets.remove(&id);
        let moved = match outcome {
            Ok(response) => {
                outbox.probe().at(CrashPoint::AfterServerApplied);
                outbox.on_response(&ticket, &response, self.now_ms())?
            }
            Err(error) => {
                running.report.unanswered += 1;
                outbox.on_transport_error(&ticket, error, self.now_ms())?
            }
        };
        match moved {
            Outcome::Moved(OpState::Done) => running.report.done += 1,
            Outcome::Moved(OpState::NeedsFix) => running.report.needs_fix += 1,
            Outcome::Moved(_) | Outcome::Ignored => {}
        }
        Ok(())
    }

    fn lose<J: Journal>(
        &self,
        outbox: &Outbox<J>,
        running: &mut Running,
        id: Id,
    ) -> Result<(), JournalError> {
        if let Some(ticket) = running.tickets.remove(&id) {
            running.report.unanswered += 1;
            outbox.on_transport_error(&ticket, TransportError::MaybeSent, self.now_ms())?;
        }
        Ok(())
    }
}

/// Comes back when the flag is set; never where its sender is gone.
async fn told_to_stop(cancel: &mut watch::Receiver<bool>) {
    if cancel.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
