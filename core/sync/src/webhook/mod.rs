//! Webhooks by Standard Webhooks 1.0.0 (<https://www.standardwebhooks.com>), for Make, Zapier and
//! own endpoints. The body's schema is published as `schemas/webhook-lead-1.json`.

mod endpoint;
mod event;

use std::sync::Arc;

use confee_domain::{ApprovedLead, ConnectorId, Op, OpId, OpState};
use standardwebhooks::Webhook as Signer;
use url::Url;

use crate::connector::{Connector, PrepareError, Recovery, Verdict};
use crate::machine::problem;
use crate::request::{Method, Request, Response};
use crate::secret::{Secret, TokenProvider};
pub use event::WEBHOOK_SCHEMA_VERSION;

const TIMEOUT_MS: u64 = 20_000;

/// How an endpoint is reached.
#[derive(Debug, Clone)]
pub struct WebhookConfig {
    /// Names the connection.
    pub id: String,
    /// What a person calls it.
    pub label: String,
    /// The address; whoever knows it can post leads, so it is stored like a token.
    pub url: Secret,
    /// Allow http beyond this device.
    pub allow_http: bool,
    /// Allow addresses of the local network.
    pub allow_private: bool,
}

impl WebhookConfig {
    /// An endpoint with the safe settings.
    #[must_use]
    pub fn new(id: impl Into<String>, label: impl Into<String>, url: Secret) -> Self {
        Self { id: id.into(), label: label.into(), url, allow_http: false, allow_private: false }
    }
}

/// Why an endpoint is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// Not a web address.
    #[error("this is not a web address; paste the whole address that starts with https://")]
    NoAddress,
    /// Readable on the way.
    #[error(
        "the address starts with http://, so anyone on the way could read the leads; use https"
    )]
    NotHttps,
    /// A name and password in the address.
    #[error("the address has a user name in it; remove it, requests are signed instead")]
    UserInfo,
    /// A printer, a router, the cloud's metadata service.
    #[error("the address lies in a private network; allow private addresses if that is meant")]
    PrivateAddress,
}

/// An endpoint that takes approved leads.
pub struct Webhook {
    id: ConnectorId,
    label: String,
    url: Url,
    tokens: Arc<dyn TokenProvider>,
}

impl Webhook {
    /// An endpoint. `tokens` gives its signing secrets; several, separated by spaces, while one
    /// is being replaced.
    ///
    /// # Errors
    /// The address is not taken.
    pub fn new(
        config: WebhookConfig,
        tokens: Arc<dyn TokenProvider>,
    ) -> Result<Self, WebhookError> {
        let url = endpoint::check(config.url.expose(), config.allow_http, config.allow_private)?;
        Ok(Self { id: ConnectorId(config.id), label: config.label, url, tokens })
    }

    /// An op that sends a made-up lead, so that the receiving tool learns the fields. `nonce`
    /// tells one test from the next.
    #[must_use]
    pub fn test_op(&self, nonce: &str, now_ms: i64) -> Op {
        let lead_id = format!("test-{nonce}");
        let key = format!("badge:{lead_id}:event");
        let payload = event::test(now_ms, &key);
        self.op(lead_id, key, payload, 1, now_ms)
    }

    fn op(
        &self,
        lead: String,
        key: String,
        payload: serde_json::Value,
        version: u32,
        at: i64,
    ) -> Op {
        Op {
            id: OpId::new(&self.id, &lead, "event"),
            lead_id: lead,
            connector: self.id.clone(),
            kind: "event".into(),
            depends_on: Vec::new(),
            idem_key: key,
            payload,
            version,
            state: OpState::Pending,
            attempt: 0,
            next_at_ms: at,
            failing_since_ms: None,
            remote_id: None,
            cursor: None,
            problem: None,
        }
    }

    fn signatures(&self, id: &str, seconds: i64, body: &[u8]) -> Result<String, PrepareError> {
        let secrets = self.tokens.token(&self.id).map_err(PrepareError::Token)?;
        let mut out = Vec::new();
        for secret in secrets.expose().split_whitespace() {
            let signer = Signer::new(secret).map_err(|_| bad_secret())?;
            out.push(signer.sign(id, seconds, body).map_err(|_| bad_secret())?);
        }
        if out.is_empty() { Err(bad_secret()) } else { Ok(out.join(" ")) }
    }

    fn fix(&self, code: &str, text: &str) -> Verdict {
        Verdict::NeedsFix(problem(code, format!("{} {text}", self.label)))
    }
}

fn bad_secret() -> PrepareError {
    let text = "The webhook's signing secret cannot be read. Paste it anew; it starts with whsec_.";
    PrepareError::Problem(Box::new(problem("secret_unreadable", text)))
}

impl Connector for Webhook {
    fn id(&self) -> &ConnectorId {
        &self.id
    }

    fn label(&self) -> &str {
        &self.label
    }

    fn plan(&self, lead: &ApprovedLead) -> Vec<Op> {
        // A corrected lead is another event: a receiver that knows the key would drop it.
        let key = match lead.version {
            0 | 1 => format!("badge:{}:event", lead.id),
            n => format!("badge:{}:event:{n}", lead.id),
        };
        let payload = event::approved(lead, &key);
        vec![self.op(lead.id.clone(), key, payload, lead.version, lead.approved_at_ms)]
    }

    fn prepare(&self, op: &Op, _parents: &[Op], now_ms: i64) -> Result<Request, PrepareError> {
        let body = op.payload.to_string().into_bytes();
        let seconds = now_ms.div_euclid(1_000);
        let id = event_id(op);
        let signatures = self.signatures(id, seconds, &body)?;
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", seconds.to_string()),
            ("webhook-signature", signatures),
        ];
        let headers = headers.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
        let url = self.url.to_string();
        Ok(Request { method: Method::Post, url, headers, body, timeout_ms: TIMEOUT_MS })
    }

    fn interpret(&self, _op: &Op, response: &Response, _now_ms: i64) -> Verdict {
        match response.status {
            200..300 => Verdict::Done { remote_id: None },
            300..400 => self.fix("redirected", "points to another address. Enter that one."),
            401 | 403 => Verdict::AuthLost,
            404 => self.fix("not_found", "has no such address. Check the address, then retry."),
            410 => {
                let text = format!("{} is switched off for good. Enter a new address.", self.label);
                Verdict::Disabled(problem("endpoint_gone", text))
            }
            413 => self.fix("too_large", "does not take a lead of this size. Raise its limit."),
            408 | 500..600 => Verdict::Unclear,
            425 => Verdict::Retry { after_ms: None },
            423 | 429 => Verdict::RateLimited { after_ms: None, daily: false },
            400..500 => self.fix("refused", "refused the lead. Check its rules, then retry."),
            _ => Verdict::Unclear,
        }
    }

    /// The receiver tells repeats by `webhook-id`.
    fn recover(&self, _op: &Op) -> Recovery {
        Recovery::Resend
    }
}

/// The event's id stands in its body. An op keeps the key of its lead's first approval; the body
/// is that of the last.
fn event_id(op: &Op) -> &str {
    op.payload.get("idempotency_key").and_then(|key| key.as_str()).unwrap_or(&op.idem_key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::StaticTokens;

    fn hook(secrets: &str) -> Webhook {
        let config =
            WebhookConfig::new("make", "Make", Secret::new("https://hook.example.com/s3cr3t"));
        Webhook::new(config, Arc::new(StaticTokens::one("make", secrets))).unwrap()
    }

    #[test]
    fn the_specifications_vector_holds() {
        let body = br#"{"email":"test@example.com","username":"test_user"}"#;
        let secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
        let id = "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk";
        let signed = hook(secret).signatures(id, 1_649_367_553, body).unwrap();
        assert_eq!(signed, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
        let both = hook(&format!("{secret} whsec_AAAA")).signatures(id, 1_649_367_553, body);
        let both = both.unwrap();
        assert_eq!(both.split(' ').count(), 2);
        assert!(both.starts_with(&signed));
    }

    #[test]
    fn unreadable_secrets_are_a_problem_for_a_person() {
        for bad in ["", "  ", "whsec_%%%"] {
            let hook = hook(bad);
            let error = hook.prepare(&hook.test_op("1", 0), &[], 0).unwrap_err();
            assert!(matches!(error, PrepareError::Problem(p) if p.code == "secret_unreadable"));
        }
    }

    #[test]
    fn the_id_stays_and_the_time_moves() {
        let hook = hook("whsec_AAAA");
        let op = hook.test_op("1", 0);
        let header = |now, name: &str| {
            let request = hook.prepare(&op, &[], now).unwrap();
            request.headers.into_iter().find(|(n, _)| n == name).unwrap().1
        };
        assert_eq!(header(1_000, "webhook-id"), header(9_000, "webhook-id"));
        assert_eq!(
            (header(1_999, "webhook-timestamp"), header(9_000, "webhook-timestamp")),
            ("1".into(), "9".into())
        );
        assert!(!format!("{:?}", hook.prepare(&op, &[], 0)).contains("s3cr3t"));
    }

    #[test]
    fn a_corrected_lead_is_another_event() {
        let hook = hook("whsec_AAAA");
        let mut op = hook.test_op("1", 0);
        op.payload["idempotency_key"] = "badge:l:event:2".into();
        let request = hook.prepare(&op, &[], 0).unwrap();
        assert!(request.headers.contains(&("webhook-id".into(), "badge:l:event:2".into())));
    }

    #[test]
    fn statuses_are_judged() {
        let hook = hook("whsec_AAAA");
        let op = hook.test_op("1", 0);
        for (status, verdict) in [
            (200, "Done"),
            (204, "Done"),
            (301, "NeedsFix(redirected)"),
            (400, "NeedsFix(refused)"),
            (401, "AuthLost"),
            (403, "AuthLost"),
            (404, "NeedsFix(not_found)"),
            (410, "Disabled(endpoint_gone)"),
            (413, "NeedsFix(too_large)"),
            (429, "RateLimited"),
            (500, "Unclear"),
            (502, "Unclear"),
            (504, "Unclear"),
            (0, "Unclear"),
            (999, "Unclear"),
        ] {
            let response = Response { status, ..Response::default() };
            assert_eq!(format!("{:?}", hook.interpret(&op, &response, 0)), verdict, "{status}");
        }
    }
}
