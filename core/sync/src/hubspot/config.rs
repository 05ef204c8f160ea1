use confee_domain::ConnectorId;
use serde::{Deserialize, Serialize};

/// The dated API version that requests and error classification follow.
pub const API_VERSION: &str = "2026-09";

/// How a HubSpot account is written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HubSpotConfig {
    /// Names the connection.
    pub id: String,
    /// `https://api.hubapi.com`, or a sandbox.
    pub base_url: String,
    /// Dated path segment, [`API_VERSION`].
    pub version: String,
    /// Our unique text property on every object type; lower snake case.
    pub key_property: String,
    /// Internal name of the deal pipeline.
    pub pipeline: String,
    /// Internal name of the stage that new deals get.
    pub deal_stage: String,
    /// ISO 4217 codes that the account has set up; empty where unknown, then no code is written.
    pub currencies: Vec<String>,
    /// Where the talk was ("Hannover Messe 2026"), for deal names and notes.
    pub event: Option<String>,
    /// The account's time zone in minutes east of UTC; its daily limit ends at its midnight.
    pub utc_offset_minutes: i32,
    /// How long one request may take, milliseconds.
    pub timeout_ms: u64,
}

impl Default for HubSpotConfig {
    fn default() -> Self {
        Self {
            id: "hubspot".into(),
            base_url: "https://api.hubapi.com".into(),
            version: API_VERSION.into(),
            key_property: "confee_key".into(),
            pipeline: "default".into(),
            deal_stage: "appointmentscheduled".into(),
            currencies: Vec::new(),
            event: None,
            utc_offset_minutes: 0,
            timeout_ms: 30_000,
        }
    }
}

impl HubSpotConfig {
    pub(super) fn connector_id(&self) -> ConnectorId {
        ConnectorId(self.id.clone())
    }

    /// Milliseconds until the account's next midnight.
    pub(super) fn until_midnight_ms(&self, now_ms: i64) -> i64 {
        const DAY_MS: i64 = 86_400_000;
        let local =
            now_ms.saturating_add(i64::from(self.utc_offset_minutes).saturating_mul(60_000));
        DAY_MS - local.rem_euclid(DAY_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_is_the_accounts_own() {
        let mut config = HubSpotConfig::default();
        assert_eq!(config.until_midnight_ms(82_800_000), 3_600_000);
        config.utc_offset_minutes = 120;
        assert_eq!(config.until_midnight_ms(82_800_000), 82_800_000);
        assert_eq!(config.until_midnight_ms(-7_200_000), 86_400_000);
    }
}
