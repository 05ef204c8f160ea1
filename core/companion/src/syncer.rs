//! The sync loop: one drain at a time, woken by approvals, the network, or the clock.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use confee_domain::{ConnectorId, ConnectorTrouble, EngineEvent, OpId, SyncStatus};
use confee_store::Store;
use confee_sync::{Connector, HttpDriver, JournalError, Network, Outbox, Probe, SyncPolicy};
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::config::Config;
use crate::error::Result;
use crate::events::Bus;
use crate::journal::StoreJournal;

/// The loop looks again after this time even if nothing wakes it.
const PAUSE_MAX_MS: i64 = 15 * 60_000;
/// After a failed storage call the loop waits, or it would spin on a full disk.
const STORAGE_PAUSE: Duration = Duration::from_secs(10);
/// Certificates that could not be read are looked for again after this time.
const TLS_PAUSE: Duration = Duration::from_secs(60);

/// What the loop has been asked for and has done.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    /// Number of the last finished pass.
    finished: u64,
    /// Whether a pass is under way.
    running: bool,
    /// Ops done by all passes.
    done: u64,
    /// Whether the last pass was cancelled.
    cancelled: bool,
}

struct Setup {
    connectors: Vec<Arc<dyn Connector>>,
    outbox: Arc<Outbox<StoreJournal>>,
    policy: SyncPolicy,
}

/// Owns the outbox and the loop that drains it.
pub(crate) struct Syncer {
    store: Arc<Store>,
    bus: Bus,
    clock: Arc<dyn Clock>,
    probe: Arc<dyn Probe>,
    seed: u64,
    setup: Mutex<Setup>,
    network: watch::Sender<Network>,
    asked: watch::Sender<u64>,
    progress: watch::Sender<Progress>,
    cancel: watch::Sender<bool>,
    stop: watch::Sender<bool>,
    /// Why no secure connection can be made, if so.
    no_tls: Mutex<Option<String>>,
}

impl Syncer {
    pub(crate) fn start(
        handle: &Handle,
        store: Arc<Store>,
        bus: Bus,
        config: &Config,
    ) -> Result<Arc<Self>> {
        let outbox = outbox(&store, Vec::new(), config.seed, &config.probe);
        outbox.set_policy(config.policy);
        let recovered = outbox.start()?;
        tracing::info!(recovered, "outbox open");
        let setup = Setup { connectors: Vec::new(), outbox, policy: config.policy };
        let syncer = Arc::new(Self {
            store,
            bus,
            clock: Arc::clone(&config.clock),
            probe: Arc::clone(&config.probe),
            seed: config.seed,
            setup: Mutex::new(setup),
            network: watch::Sender::new(Network::OFFLINE),
            asked: watch::Sender::new(0),
            progress: watch::Sender::new(Progress::default()),
            cancel: watch::Sender::new(false),
            stop: watch::Sender::new(false),
            no_tls: Mutex::new(None),
        });
        handle.spawn(Arc::clone(&syncer).run());
        Ok(syncer)
    }

    async fn run(self: Arc<Self>) {
        let mut driver = None;
        let mut asked = self.asked.subscribe();
        let mut network = self.network.subscribe();
        let mut stop = self.stop.subscribe();
        while !*stop.borrow() {
            let turn = *asked.borrow_and_update();
            network.borrow_and_update();
            driver = driver.or_else(|| self.connect());
            let wait = match &driver {
                Some(driver) => self.pass(driver, turn).await,
                None => self.skip(turn),
            };
            tokio::select! {
                _ = stop.wait_for(|s| *s) => break,
                _ = asked.changed() => {}
                _ = network.changed() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Sets TLS up. A phone whose certificates cannot be read still records and reviews.
    fn connect(&self) -> Option<HttpDriver> {
        let clock = Arc::clone(&self.clock);
        let made = HttpDriver::new();
        *self.no_tls.lock().unwrap_or_else(PoisonError::into_inner) =
            made.as_ref().err().map(ToString::to_string);
        made.ok().map(|driver| driver.with_clock(Arc::new(move || clock.now_ms())))
    }

    /// A pass that could not send anything.
    fn skip(&self, turn: u64) -> Duration {
        self.progress.send_modify(|p| p.finished = turn);
        self.bus.send(EngineEvent::Sync { status: self.status() });
        TLS_PAUSE
    }

    /// One drain. Returns how long to wait for the next.
    async fn pass(&self, driver: &HttpDriver, turn: u64) -> Duration {
        let outbox = Arc::clone(&self.setup().outbox);
        self.cancel.send_replace(*self.stop.borrow());
        self.progress.send_modify(|p| p.running = true);
        let drained =
            driver.drain(&outbox, &self.network.subscribe(), &self.cancel.subscribe()).await;
        let (done, cancelled, wait) = match drained {
            Ok(report) => (report.done, report.cancelled, self.until(report.next_wake_ms)),
            Err(e) => {
                tracing::error!(error = %e, "the outbox stopped; it starts again");
                let _ = outbox.start();
                (0, false, STORAGE_PAUSE)
            }
        };
        self.progress.send_modify(|p| {
            *p = Progress {
                finished: turn,
                running: false,
                done: p.done + u64::from(done),
                cancelled,
            };
        });
        self.bus.send(EngineEvent::Sync { status: self.status() });
        wait
    }

    /// Time to the next attempt; none is possible while the network is not allowed.
    fn until(&self, wake_ms: Option<i64>) -> Duration {
        let allowed = self.allowed();
        let wait = wake_ms.filter(|_| allowed).map_or(PAUSE_MAX_MS, |at| at - self.clock.now_ms());
        Duration::from_millis(u64::try_from(wait.clamp(50, PAUSE_MAX_MS)).unwrap_or(50))
    }

    fn setup(&self) -> MutexGuard<'_, Setup> {
        self.setup.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn allowed(&self) -> bool {
        self.setup().policy.allows(*self.network.borrow())
    }

    pub(crate) fn connectors(&self) -> Vec<Arc<dyn Connector>> {
        self.setup().connectors.clone()
    }

    pub(crate) fn outbox(&self) -> Arc<Outbox<StoreJournal>> {
        Arc::clone(&self.setup().outbox)
    }

    /// Takes other connections. The old outbox ends its drain first.
    pub(crate) fn set_connectors(&self, connectors: Vec<Arc<dyn Connector>>) {
        self.cancel.send_replace(true);
        let fresh = outbox(&self.store, connectors.clone(), self.seed, &self.probe);
        let mut setup = self.setup();
        fresh.set_policy(setup.policy);
        setup.connectors = connectors;
        setup.outbox = fresh;
    }

    pub(crate) fn network(&self) -> Network {
        *self.network.borrow()
    }

    pub(crate) fn set_network(&self, network: Network) {
        self.network.send_replace(network);
        self.bus.send(EngineEvent::Sync { status: self.status() });
    }

    pub(crate) fn set_policy(&self, policy: SyncPolicy) {
        {
            let mut setup = self.setup();
            setup.policy = policy;
            setup.outbox.set_policy(policy);
        }
        self.wake();
    }

    /// Asks for a pass; returns its number.
    pub(crate) fn wake(&self) -> u64 {
        let mut number = 0;
        self.asked.send_modify(|n| {
            *n += 1;
            number = *n;
        });
        number
    }

    pub(crate) fn cancel(&self) {
        self.cancel.send_replace(true);
    }

    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
        self.cancel.send_replace(true);
    }

    /// How the outbox stands; zeros where the storage fails.
    pub(crate) fn status(&self) -> SyncStatus {
        let counts = self.store.outbox_counts().unwrap_or_default();
        let sum = |pick: fn(&confee_store::OutboxCounts) -> u64| counts.values().map(pick).sum();
        SyncStatus {
            waiting: sum(|c| c.pending + c.sending + c.retry_wait + c.unknown),
            done: sum(|c| c.done),
            needs_person: sum(|c| c.needs_fix + c.blocked_parent + c.dead),
            running: self.progress.borrow().running,
            allowed: self.allowed(),
            troubles: self.troubles().unwrap_or_default(),
        }
    }

    fn troubles(&self) -> Result<Vec<ConnectorTrouble>, JournalError> {
        let mut troubles = self.outbox().troubles(self.clock.now_ms())?;
        let no_tls = self.no_tls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        troubles.extend(no_tls.map(|sentence| ConnectorTrouble {
            connector: "*".to_owned(),
            code: "no_tls".to_owned(),
            sentence,
            retry_at_ms: None,
        }));
        Ok(troubles)
    }

    pub(crate) fn credentials_changed(&self, id: &str) -> Result<()> {
        self.outbox().credentials_changed(&ConnectorId(id.to_owned()))?;
        self.wake();
        Ok(())
    }

    pub(crate) fn retry(&self, op_id: &str) -> Result<()> {
        self.outbox().retry(&OpId(op_id.to_owned()), self.clock.now_ms())?;
        self.wake();
        Ok(())
    }
}

fn outbox(
    store: &Arc<Store>,
    connectors: Vec<Arc<dyn Connector>>,
    seed: u64,
    probe: &Arc<dyn Probe>,
) -> Arc<Outbox<StoreJournal>> {
    let journal = StoreJournal(Arc::clone(store));
    Arc::new(Outbox::new(journal, connectors, seed).with_probe(Arc::clone(probe)))
}

/// What a sync run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncOutcome {
    /// Ops done since the run was asked for.
    pub done: u64,
    /// Ops still waiting: for the network, a retry, or a person.
    pub waiting: u64,
    /// Whether it was cancelled.
    pub cancelled: bool,
}

/// A sync run that was asked for. Holding it does not keep the database open.
pub struct SyncRun {
    asked: Option<Asked>,
    cancelled: AtomicBool,
}

struct Asked {
    syncer: Weak<Syncer>,
    progress: watch::Receiver<Progress>,
    number: u64,
    done_before: u64,
}

impl SyncRun {
    pub(crate) fn ask(syncer: Option<&Arc<Syncer>>) -> Self {
        let asked = syncer.map(|syncer| Asked {
            syncer: Arc::downgrade(syncer),
            progress: syncer.progress.subscribe(),
            done_before: syncer.progress.borrow().done,
            number: syncer.wake(),
        });
        Self { asked, cancelled: AtomicBool::new(false) }
    }

    /// Waits until nothing more can be sent now, or the engine is shut down.
    pub async fn wait(&self) -> SyncOutcome {
        let over = SyncOutcome { done: 0, waiting: 0, cancelled: true };
        let Some(asked) = &self.asked else { return over };
        let mut progress = asked.progress.clone();
        let finished = progress.wait_for(|p| p.finished >= asked.number && !p.running).await;
        let (Ok(last), Some(syncer)) = (finished.map(|p| *p), asked.syncer.upgrade()) else {
            return over;
        };
        let status = syncer.status();
        SyncOutcome {
            done: last.done.saturating_sub(asked.done_before),
            waiting: status.waiting + status.needs_person,
            cancelled: last.cancelled || self.cancelled.load(Ordering::Relaxed),
        }
    }

    /// Stops after the requests under way; what is left stays in the outbox.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        if let Some(syncer) = self.asked.as_ref().and_then(|a| a.syncer.upgrade()) {
            syncer.cancel();
        }
    }
}
