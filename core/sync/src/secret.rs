use std::collections::HashMap;
use std::fmt;

use confee_domain::ConnectorId;

/// A token, a signing secret or an address that is one. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret over.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself, for the one place that sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why there is no token now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The rep has to sign in.
    #[error("not signed in; sign in again in the app's settings")]
    SignedOut,
    /// The secure storage is locked, or a refresh is under way.
    #[error("the sign-in cannot be read just now; it is tried again")]
    Later,
}

/// Hands out credentials from the platform's secure storage. The host refreshes them by itself,
/// once for all callers, and stores a rotated refresh token before it hands out the new token.
pub trait TokenProvider: Send + Sync {
    /// The bearer token of a CRM connection, or the signing secrets (`whsec_…`, separated by
    /// spaces, newest first) of a webhook connection.
    ///
    /// # Errors
    /// Signed out, or not readable now.
    fn token(&self, connector: &ConnectorId) -> Result<Secret, TokenError>;
}

/// Fixed credentials, for private apps and tests.
#[derive(Debug, Clone, Default)]
pub struct StaticTokens(HashMap<ConnectorId, Secret>);

impl StaticTokens {
    /// One connection's credentials.
    #[must_use]
    pub fn one(connector: &str, secret: impl Into<String>) -> Self {
        Self::default().with(connector, secret)
    }

    /// Adds a connection's credentials.
    #[must_use]
    pub fn with(mut self, connector: &str, secret: impl Into<String>) -> Self {
        self.0.insert(ConnectorId(connector.into()), Secret::new(secret));
        self
    }
}

impl TokenProvider for StaticTokens {
    fn token(&self, connector: &ConnectorId) -> Result<Secret, TokenError> {
        self.0.get(connector).cloned().ok_or(TokenError::SignedOut)
    }
}
