use std::sync::Once;
use std::time::Duration;

use chrono::{DateTime, Utc};
use confee_sandbox::errors::ApiError;
use confee_sandbox::portal::{Call, ObjectType, Outcome, Portal, PortalSettings, Reply};
use confee_sandbox::{Sandbox, SandboxConfig};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

pub(crate) const OBJECTS: &str = "/crm/objects/2026-09";

pub(crate) fn time(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// A portal and short ways to ask it.
pub(crate) struct Fake {
    pub(crate) portal: Portal,
    pub(crate) call: Call,
}

impl Default for Fake {
    fn default() -> Self {
        Self::with(PortalSettings::default())
    }
}

impl Fake {
    pub(crate) fn with(settings: PortalSettings) -> Self {
        let now = time("2026-11-22T10:00:00Z");
        Self { portal: Portal::new(settings), call: Call { now, enforces_rules: true } }
    }

    pub(crate) fn create(&mut self, object: ObjectType, properties: Value) -> Outcome {
        self.portal.tick();
        let input = serde_json::from_value(json!({ "properties": properties })).unwrap();
        self.portal.create(object, &input, self.call)
    }

    pub(crate) fn make(&mut self, object: ObjectType, properties: Value) -> String {
        let reply = self.create(object, properties).unwrap();
        reply.body["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn update(&mut self, object: ObjectType, id: &str, properties: Value) -> Outcome {
        self.portal.tick();
        self.portal.update(object, id, None, properties.as_object(), self.call)
    }

    pub(crate) fn unique(&mut self, object: ObjectType, name: &str) -> Result<(), ApiError> {
        let body = json!({ "name": name, "label": name, "type": "string", "fieldType": "text",
            "groupName": "g", "hasUniqueValue": true });
        let wanted = serde_json::from_value(body).unwrap();
        self.portal.schema_mut(object).create(object, wanted).map(|_| ())
    }

    pub(crate) fn count(&self, object: ObjectType) -> usize {
        self.portal.content().counts[&object]
    }
}

/// What a refusal says: status and the codes of its properties.
pub(crate) fn refusal(outcome: Outcome) -> (u16, Vec<&'static str>) {
    let error = outcome.unwrap_err();
    (error.status, error.violations.iter().map(|v| v.code).collect())
}

pub(crate) fn body(outcome: Outcome) -> Value {
    outcome.map(|Reply { body, .. }| body).unwrap()
}

/// A sandbox and a client that is logged in.
pub(crate) struct Hub {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: reqwest::Client,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

pub(crate) fn client() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider().install_default().unwrap();
    });
    let builder = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20));
    builder.build().unwrap()
}

impl Hub {
    pub(crate) async fn new() -> Self {
        Self::with(SandboxConfig::default()).await
    }

    pub(crate) async fn with(config: SandboxConfig) -> Self {
        Self { sandbox: Sandbox::start(config).await.unwrap(), http: client() }
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<Answer, reqwest::Error> {
        let url = format!("{}{path}", self.sandbox.hubspot_url());
        let method = method.parse().unwrap();
        let mut request = self.http.request(method, url).bearer_auth(self.sandbox.token());
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        Ok(Answer { status, headers, text: response.text().await? })
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body)).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await.unwrap()
    }

    pub(crate) async fn contact(&self, email: &str) -> Result<Answer, reqwest::Error> {
        let body = json!({ "properties": { "email": email }, "associations": [] });
        self.send("POST", &format!("{OBJECTS}/contacts"), Some(body)).await
    }

    pub(crate) fn contacts(&self) -> usize {
        self.sandbox.state().portal.of(ObjectType::Contact).len()
    }
}
