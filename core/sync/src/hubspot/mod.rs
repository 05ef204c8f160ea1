//! HubSpot CRM by its dated API (2026-09): <https://developers.hubspot.com/docs>.
//!
//! Every record is written by batch upsert on a unique property of ours, so a request that is sent
//! twice makes one record. People and firms that are there already are adopted, and only their
//! empty properties are filled.

mod answer;
mod classify;
mod config;
mod domain;
mod errors;
mod name;
mod plan;
mod requests;
mod step;
mod text;

use std::sync::Arc;

use confee_domain::{ApprovedLead, ConnectorId, Op};
use url::Url;

use crate::connector::{Connector, PrepareError, Recovery, Verdict};
use crate::request::{Request, Response};
use crate::secret::TokenProvider;
pub use config::{API_VERSION, HubSpotConfig};
use step::{Payload, Step};

/// A HubSpot account.
pub struct HubSpot {
    id: ConnectorId,
    base: Url,
    config: HubSpotConfig,
    tokens: Arc<dyn TokenProvider>,
}

/// Why a HubSpot account cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HubSpotError {
    /// The base address is none.
    #[error("the HubSpot address is not a web address; use https://api.hubapi.com")]
    BaseUrl,
    /// The name of our property is none that HubSpot takes.
    #[error("the key property needs lower-case letters, digits and underscores, as in confee_key")]
    KeyProperty,
}

impl HubSpot {
    /// An account.
    ///
    /// # Errors
    /// The address or the property name is none.
    pub fn new(
        config: HubSpotConfig,
        tokens: Arc<dyn TokenProvider>,
    ) -> Result<Self, HubSpotError> {
        let base = Url::parse(&config.base_url).map_err(|_| HubSpotError::BaseUrl)?;
        if !matches!(base.scheme(), "https" | "http") || base.host().is_none() {
            return Err(HubSpotError::BaseUrl);
        }
        let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let starts = config.key_property.starts_with(|c: char| c.is_ascii_lowercase());
        if !starts || !config.key_property.chars().all(sound) {
            return Err(HubSpotError::KeyProperty);
        }
        Ok(Self { id: config.connector_id(), base, config, tokens })
    }
}

impl Connector for HubSpot {
    fn id(&self) -> &ConnectorId {
        &self.id
    }

    fn label(&self) -> &str {
        "HubSpot"
    }

    fn plan(&self, lead: &ApprovedLead) -> Vec<Op> {
        plan::plan(lead, &self.config)
    }

    fn prepare(&self, op: &Op, parents: &[Op], _now_ms: i64) -> Result<Request, PrepareError> {
        self.request(op, parents)
    }

    fn interpret(&self, op: &Op, response: &Response, now_ms: i64) -> Verdict {
        self.verdict(op, response, now_ms)
    }

    fn recover(&self, op: &Op) -> Recovery {
        let Some(payload) = Payload::of(op) else { return Recovery::Resend };
        match Step::of(op, &payload) {
            Step::Upsert { .. } => Recovery::From(Some(Step::Check.cursor())),
            Step::Patch { id, .. } => Recovery::From(Some(Step::Read { id }.cursor())),
            _ => Recovery::Resend,
        }
    }
}
