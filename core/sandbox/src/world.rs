//! Everything the server shares between requests, and the record of what was asked.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use standardwebhooks::Webhook;

use crate::config::SandboxConfig;
use crate::faults::{Fault, FaultEngine};
use crate::portal::limits::Limiter;
use crate::portal::properties::PropertyDefinition;
use crate::portal::snapshot::PortalContent;
use crate::portal::{ObjectType, Portal};
use crate::sandbox::SandboxError;
use crate::webhook::{Inbox, WebhookState};

/// One request as it was answered. Neither headers nor bodies are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRecord {
    /// Order of arrival, from 1.
    pub seq: u64,
    /// HTTP method.
    pub method: String,
    /// Path and query as sent.
    pub path: String,
    /// Status sent; `None` where the connection ended without an answer.
    pub status: Option<u16>,
    /// What went wrong on purpose.
    pub fault: Option<Fault>,
    /// How often the request reached the portal: 0, 1 or 2.
    pub applied: u8,
}

/// Counts that never forget.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestTotals {
    /// Requests.
    pub requests: u64,
    /// Requests by status sent.
    pub by_status: BTreeMap<u16, u64>,
    /// Requests that ended without an answer.
    pub dropped: u64,
    /// Requests on which a fault fired.
    pub faults: u64,
}

/// Everything a sandbox knows, for tests and people to look at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalState {
    /// The portal's content.
    pub portal: PortalContent,
    /// The last requests.
    pub requests: Vec<RequestRecord>,
    /// Counts over all requests.
    pub totals: RequestTotals,
    /// Webhook receivers by name.
    pub webhooks: BTreeMap<String, WebhookState>,
}

#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    recent: VecDeque<RequestRecord>,
    totals: RequestTotals,
    max: usize,
}

impl RequestLog {
    fn new(max: usize) -> Self {
        Self { max, ..Self::default() }
    }

    pub(crate) fn add(&mut self, mut record: RequestRecord) {
        self.totals.requests += 1;
        record.seq = self.totals.requests;
        match record.status {
            Some(status) => *self.totals.by_status.entry(status).or_default() += 1,
            None => self.totals.dropped += 1,
        }
        self.totals.faults += u64::from(record.fault.is_some());
        self.recent.push_back(record);
        while self.recent.len() > self.max {
            self.recent.pop_front();
        }
    }
}

pub(crate) struct World {
    pub(crate) portal: Portal,
    pub(crate) limiter: Limiter,
    pub(crate) faults: FaultEngine,
    pub(crate) log: RequestLog,
    pub(crate) inbox: Inbox,
    answers: u64,
}

impl World {
    fn new(config: &SandboxConfig) -> Result<Self, SandboxError> {
        let secret = config.webhook_secret.as_deref().map(Webhook::new).transpose();
        let secret = secret.map_err(|_| SandboxError::WebhookSecret)?;
        Ok(Self {
            portal: fresh_portal(config)?,
            limiter: Limiter::new(config.limits.clone()),
            faults: FaultEngine::new(config.faults.clone()),
            log: RequestLog::new(config.request_log_max),
            inbox: Inbox::new(secret, config.webhook_deliveries_max),
            answers: 0,
        })
    }

    pub(crate) fn state(&self) -> PortalState {
        PortalState {
            portal: self.portal.content(),
            requests: self.log.recent.iter().cloned().collect(),
            totals: self.log.totals.clone(),
            webhooks: self.inbox.state(),
        }
    }
}

fn fresh_portal(config: &SandboxConfig) -> Result<Portal, SandboxError> {
    let mut portal = Portal::new(config.portal.clone());
    for name in &config.unique_properties {
        for object in ObjectType::ALL {
            let definition = PropertyDefinition {
                name: name.clone(),
                label: name.clone(),
                kind: "string".into(),
                field_type: "text".into(),
                group_name: object.group().into(),
                has_unique_value: true,
                ..PropertyDefinition::default()
            };
            portal
                .schema_mut(object)
                .create(object, definition)
                .map_err(|e| SandboxError::Property(e.message))?;
        }
    }
    Ok(portal)
}

pub(crate) struct Shared {
    pub(crate) config: SandboxConfig,
    world: Mutex<World>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Shared {
    pub(crate) fn new(config: SandboxConfig) -> Result<Self, SandboxError> {
        let world = Mutex::new(World::new(&config)?);
        Ok(Self { config, world })
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts everything back to the start, but leaves the fault plan.
    pub(crate) fn reset(&self) -> Result<(), SandboxError> {
        let fresh = fresh_portal(&self.config)?;
        let mut world = self.world();
        world.portal = fresh;
        world.limiter = Limiter::new(self.config.limits.clone());
        world.log = RequestLog::new(self.config.request_log_max);
        world.inbox.clear();
        Ok(())
    }

    /// A fresh correlation id: a version 7 UUID of the portal's time and a running number.
    pub(crate) fn correlation_id(&self) -> String {
        let mut world = self.world();
        world.answers += 1;
        let mut tail = [0; 10];
        for (to, from) in tail.iter_mut().rev().zip(world.answers.to_le_bytes()) {
            *to = from;
        }
        let millis = u64::try_from(self.config.clock.now().timestamp_millis()).unwrap_or(0);
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid();
        id.to_string()
    }
}
