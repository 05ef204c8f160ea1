use std::sync::Arc;

use confee_companion::{
    Connection, ConnectionKind, HubSpotConfig, Secret, TokenError, TokenProvider, WebhookConfig,
};

/// Hands out credentials from Keychain or Keystore. Called on the engine's threads; must return at
/// once and must not call the engine.
#[uniffi::export(foreign)]
pub trait TokenSource: Send + Sync {
    /// The bearer token of a CRM connection, or the signing secret (`whsec_…`) of a webhook.
    fn token(&self, connection_id: String) -> Result<String, TokenUnavailable>;
}

/// Why there is no token now.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum TokenUnavailable {
    /// The rep has to sign in.
    #[error("signed out")]
    SignedOut,
    /// The secure storage is locked, or a refresh is under way; it is asked again.
    #[error("not now")]
    Later,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for TokenUnavailable {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Later
    }
}

struct Host(Arc<dyn TokenSource>);

impl TokenProvider for Host {
    fn token(&self, connector: &confee_domain::ConnectorId) -> Result<Secret, TokenError> {
        match self.0.token(connector.0.clone()) {
            Ok(token) => Ok(Secret::new(token)),
            Err(TokenUnavailable::SignedOut) => Err(TokenError::SignedOut),
            Err(TokenUnavailable::Later) => Err(TokenError::Later),
        }
    }
}

pub(crate) fn host(source: Arc<dyn TokenSource>) -> Arc<dyn TokenProvider> {
    Arc::new(Host(source))
}

/// A HubSpot account.
#[derive(Debug, Clone, uniffi::Record)]
pub struct HubSpotAccount {
    /// Names the connection; the same for ever, or leads are sent again.
    #[uniffi(default = "hubspot")]
    pub connection_id: String,
    /// Where the API is; a sandbox's address in tests.
    #[uniffi(default = "https://api.hubapi.com")]
    pub base_url: String,
    /// Internal name of the deal pipeline.
    #[uniffi(default = "default")]
    pub pipeline: String,
    /// Internal name of the stage that new deals get.
    #[uniffi(default = "appointmentscheduled")]
    pub deal_stage: String,
    /// ISO 4217 codes the account has set up; empty where unknown.
    #[uniffi(default = [])]
    pub currencies: Vec<String>,
    /// The event's name, for deals and notes.
    #[uniffi(default = None)]
    pub event: Option<String>,
}

impl HubSpotAccount {
    pub(crate) fn connection(self, tokens: Arc<dyn TokenProvider>) -> Connection {
        let config = HubSpotConfig {
            id: self.connection_id,
            base_url: self.base_url,
            pipeline: self.pipeline,
            deal_stage: self.deal_stage,
            currencies: self.currencies,
            event: self.event,
            ..HubSpotConfig::default()
        };
        Connection { kind: ConnectionKind::HubSpot(config), tokens }
    }
}

/// An endpoint of the customer's own, or a hook of Make or Zapier.
#[derive(Debug, Clone, uniffi::Record)]
pub struct WebhookTarget {
    /// Names the connection; the same for ever, or leads are sent again.
    #[uniffi(default = "webhook")]
    pub connection_id: String,
    /// `https://…`; whoever knows it can post, so keep it like a password.
    pub url: String,
    /// Also take addresses in the local network and without TLS.
    #[uniffi(default = false)]
    pub allow_private: bool,
}

impl WebhookTarget {
    pub(crate) fn connection(self, tokens: Arc<dyn TokenProvider>) -> Connection {
        let config = WebhookConfig {
            allow_http: self.allow_private,
            allow_private: self.allow_private,
            ..WebhookConfig::new(self.connection_id, "Webhook", Secret::new(self.url))
        };
        Connection { kind: ConnectionKind::Webhook(config), tokens }
    }
}
