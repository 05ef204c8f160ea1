//! A running sandbox.

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::Arc;

use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::SandboxConfig;
use crate::faults::{FaultEngine, FaultPlan};
use crate::portal::objects::CreateInput;
use crate::portal::rules::AdminRule;
use crate::portal::{Call, ObjectType};
use crate::webhook::WebhookAnswer;
use crate::world::{PortalState, Shared};
use crate::{routes, server};

/// Why a sandbox could not be started or told something.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The port is taken or may not be used.
    #[error("cannot listen on 127.0.0.1:{port}: {source}; choose another port, or 0 for any")]
    Listen {
        /// The port asked for.
        port: u16,
        /// The system's reason.
        source: std::io::Error,
    },
    /// No runtime for [`BlockingSandbox`].
    #[error("cannot start the sandbox's own runtime: {0}")]
    Runtime(std::io::Error),
    /// The webhook secret is not `whsec_` and Base64.
    #[error("the webhook secret must be 'whsec_' followed by Base64; check the configuration")]
    WebhookSecret,
    /// A unique property of the configuration is not one HubSpot would take.
    #[error("a configured unique property was refused: {0}")]
    Property(String),
    /// A rule names something the portal does not have, or changes nothing.
    #[error("the rule changes nothing: check the names of its property, option or owner")]
    UnknownRuleTarget,
    /// A seeded record is not one HubSpot would take.
    #[error("the record was refused: {0}")]
    Record(String),
}

/// A fake HubSpot and webhook receiver on 127.0.0.1, inside the caller's tokio runtime. It stops
/// when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts listening.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Listen`] where the port is taken, or a mistake in the configuration.
    pub async fn start(config: SandboxConfig) -> Result<Self, SandboxError> {
        let port = config.port;
        let listen = |source| SandboxError::Listen { port, source };
        let shared = Arc::new(Shared::new(config)?);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(server::serve(listener, routes::router(&shared), stopped));
        Ok(Self { shared, address, stop, task: Some(task) })
    }

    /// `http://127.0.0.1:port`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What stands for `https://api.hubapi.com`.
    #[must_use]
    pub fn hubspot_url(&self) -> String {
        self.base_url()
    }

    /// Where the receiver `name` takes deliveries.
    #[must_use]
    pub fn webhook_url(&self, name: &str) -> String {
        format!("http://{}/hooks/{name}", self.address)
    }

    /// The bearer token the portal knows.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.shared.config.token
    }

    /// A copy of everything it knows.
    #[must_use]
    pub fn state(&self) -> PortalState {
        self.shared.world().state()
    }

    /// Replaces the fault plan and starts its counts.
    pub fn set_faults(&self, plan: FaultPlan) {
        self.shared.world().faults = FaultEngine::new(plan);
    }

    /// Nothing goes wrong any more.
    pub fn clear_faults(&self) {
        self.set_faults(FaultPlan::default());
    }

    /// Changes the portal as its administrator would.
    ///
    /// # Errors
    ///
    /// [`SandboxError::UnknownRuleTarget`].
    pub fn apply_rule(&self, rule: &AdminRule) -> Result<(), SandboxError> {
        let known = self.shared.world().portal.apply_rule(rule);
        known.then_some(()).ok_or(SandboxError::UnknownRuleTarget)
    }

    /// Puts a record into the portal as a person in HubSpot would; gives its id.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Record`] for values HubSpot refuses.
    pub fn seed(&self, object: ObjectType, values: &[(&str, &str)]) -> Result<u64, SandboxError> {
        let properties: Map<String, Value> =
            values.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        let input = CreateInput { properties: Some(properties), associations: None };
        let call = Call { now: self.shared.config.clock.now(), enforces_rules: false };
        let made = self.shared.world().portal.create(object, &input, call);
        let reply = made.map_err(|e| SandboxError::Record(e.message))?;
        let id = reply.body["id"].as_str().and_then(|s| s.parse().ok());
        id.ok_or_else(|| SandboxError::Record("it got no id".into()))
    }

    /// How the receiver `name` answers from now on; `None` is 200 again.
    pub fn answer_webhook(&self, name: &str, answer: Option<WebhookAnswer>) {
        self.shared.world().inbox.set_answer(name, answer);
    }

    /// Back to the start, but with the present fault plan.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::start`] for a mistake in the configuration.
    pub fn reset(&self) -> Result<(), SandboxError> {
        self.shared.reset()
    }

    /// Closes every connection and the port.
    pub async fn shutdown(mut self) {
        let _ = self.stop.send(true);
        if let Some(task) = self.task.take()
            && let Err(error) = task.await
        {
            tracing::warn!(%error, "sandbox did not stop cleanly");
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}

/// A [`Sandbox`] with a thread and runtime of its own, for callers that have none.
#[derive(Debug)]
pub struct BlockingSandbox {
    sandbox: Option<Sandbox>,
    runtime: Option<Runtime>,
}

impl BlockingSandbox {
    /// Starts listening.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::start`], and where no thread can be started.
    pub fn start(config: SandboxConfig) -> Result<Self, SandboxError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("confee-sandbox")
            .enable_all()
            .build()
            .map_err(SandboxError::Runtime)?;
        let sandbox = runtime.block_on(Sandbox::start(config))?;
        Ok(Self { sandbox: Some(sandbox), runtime: Some(runtime) })
    }

    /// Closes every connection and the port.
    pub fn shutdown(mut self) {
        if let (Some(sandbox), Some(runtime)) = (self.sandbox.take(), &self.runtime) {
            runtime.block_on(sandbox.shutdown());
        }
    }
}

impl Deref for BlockingSandbox {
    type Target = Sandbox;

    fn deref(&self) -> &Sandbox {
        self.sandbox.as_ref().unwrap_or_else(|| unreachable!("only shutdown takes it"))
    }
}

impl Drop for BlockingSandbox {
    fn drop(&mut self) {
        drop(self.sandbox.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
