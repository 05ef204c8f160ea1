//! An engine and a sandbox CRM that share one clock.

use std::path::Path;
use std::sync::Arc;

use confee_companion::{
    Clock, Companion, Config, Connection, ConnectionKind, HubSpotConfig, Probe, Secret,
    StaticTokens, WebhookConfig,
};
use confee_domain::{LeadCard, NetworkState, ReviewAction};
use confee_sandbox::{BlockingSandbox, ManualClock, SandboxConfig};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::talks;

/// Signs the webhooks of scenarios.
pub const SECRET: &str = "whsec_Y29uZmVlLXNjZW5hcmlvLXNlY3JldC0wMDAwMDE=";
/// 2026-11-18T15:00:00Z, shortly after the talks.
pub const START_MS: i64 = 1_795_014_000_000;
/// The longest back-off and then some.
const STEP_MS: i64 = 16 * 60_000;
/// A firm that fails this often in a row is not coming back by itself.
const STEPS: usize = 120;
/// Free Wi-Fi.
pub const WIFI: NetworkState = NetworkState { online: true, metered: false, low_data: false };

/// The sandbox's clock as the engine's.
#[derive(Debug, Clone, Default)]
pub struct HandClock(pub ManualClock);

impl HandClock {
    /// A clock that shows [`START_MS`].
    #[must_use]
    pub fn start() -> Self {
        let clock = ManualClock::default();
        clock.advance_ms(START_MS);
        Self(clock)
    }
}

impl Clock for HandClock {
    fn now_ms(&self) -> i64 {
        self.0.now().timestamp_millis()
    }

    fn mono_ms(&self) -> u64 {
        u64::try_from(self.now_ms()).unwrap_or_default()
    }
}

/// Where a sandbox listens, for another process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// What stands for `https://api.hubapi.com`.
    pub hubspot: String,
    /// The webhook receiver.
    pub webhook: String,
    /// The portal's token.
    pub token: String,
}

impl Address {
    /// The address of a sandbox.
    #[must_use]
    pub fn of(crm: &BlockingSandbox) -> Self {
        Self {
            hubspot: crm.hubspot_url(),
            webhook: crm.webhook_url("leads"),
            token: crm.token().to_owned(),
        }
    }
}

/// A sandbox with a clock that stands still.
#[must_use]
pub fn sandbox(clock: &HandClock) -> BlockingSandbox {
    BlockingSandbox::start(SandboxConfig {
        webhook_secret: Some(SECRET.to_owned()),
        clock: confee_sandbox::Clock::Manual(clock.0.clone()),
        request_log_max: 5_000,
        ..SandboxConfig::default()
    })
    .unwrap()
}

/// An engine's configuration with a clock and a probe.
#[must_use]
pub fn config(folder: &Path, clock: &HandClock, probe: Option<Arc<dyn Probe>>) -> Config {
    let usual = Config::new(folder);
    let probe = probe.unwrap_or_else(|| Arc::clone(&usual.probe));
    Config { clock: Arc::new(clock.clone()), seed: 7, probe, ..usual }
}

/// The HubSpot connection; `timeout_ms` as in its configuration.
#[must_use]
pub fn hubspot(at: &Address, timeout_ms: u64) -> Connection {
    let config =
        HubSpotConfig { base_url: at.hubspot.clone(), timeout_ms, ..HubSpotConfig::default() };
    let tokens = Arc::new(StaticTokens::one(&config.id, at.token.as_str()));
    Connection { kind: ConnectionKind::HubSpot(config), tokens }
}

/// The webhook connection.
#[must_use]
pub fn webhook(at: &Address) -> Connection {
    let config = WebhookConfig::new("webhook", "Webhook", Secret::new(at.webhook.as_str()));
    let tokens = Arc::new(StaticTokens::one(&config.id, SECRET));
    Connection { kind: ConnectionKind::Webhook(config), tokens }
}

/// A runtime to wait on the engine with.
#[must_use]
pub fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

/// Sends what is due, moves the clock, and so on until nothing waits but for a person.
/// Returns what is left.
pub fn settle(engine: &Companion, clock: &HandClock, runtime: &Runtime) -> u64 {
    for _ in 0..STEPS {
        runtime.block_on(engine.sync_now().wait());
        if engine.sync_status().waiting == 0 {
            return 0;
        }
        clock.0.advance_ms(STEP_MS);
    }
    engine.sync_status().waiting
}

/// An engine that is connected to a sandbox, offline at first.
pub struct Rig {
    /// The engine.
    pub engine: Companion,
    /// HubSpot and the webhook.
    pub crm: BlockingSandbox,
    /// The clock of both.
    pub clock: HandClock,
    /// Waits on the engine.
    pub runtime: Runtime,
    /// The engine's folder.
    pub folder: TempDir,
}

impl Default for Rig {
    fn default() -> Self {
        Self::new(30_000)
    }
}

impl Rig {
    /// A rig whose HubSpot requests may take so many milliseconds.
    #[must_use]
    pub fn new(timeout_ms: u64) -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), HandClock::start());
        let crm = sandbox(&clock);
        let engine = Companion::open(config(folder.path(), &clock, None)).unwrap();
        let at = Address::of(&crm);
        engine.connect(hubspot(&at, timeout_ms)).unwrap();
        engine.connect(webhook(&at)).unwrap();
        Self { engine, crm, clock, runtime: runtime(), folder }
    }

    /// Stores and drafts the n-th talk.
    pub fn add(&self, n: usize) -> LeadCard {
        self.runtime.block_on(self.engine.add_conversation(talks::talk(n))).unwrap()
    }

    /// Applies an action to the n-th lead.
    pub fn act(&self, n: usize, action: ReviewAction) -> LeadCard {
        self.runtime.block_on(self.engine.review(&talks::id(n), action)).unwrap()
    }

    /// Stores, drafts and approves the n-th talk.
    pub fn approve(&self, n: usize) {
        self.add(n);
        self.act(n, ReviewAction::Approve);
    }

    /// Goes online and sends everything that can be sent; moves the clock where it has to wait.
    /// Returns what still waits for time.
    pub fn settle(&self) -> u64 {
        self.engine.set_network(WIFI);
        settle(&self.engine, &self.clock, &self.runtime)
    }

    /// Goes online and sends what is due now, without moving the clock.
    pub fn sync_once(&self) {
        self.engine.set_network(WIFI);
        self.runtime.block_on(self.engine.sync_now().wait());
    }
}
