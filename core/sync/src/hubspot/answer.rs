use confee_domain::Op;
use serde_json::Value;

use super::HubSpot;
use super::classify::{forbidden, no_key_property, redirected, refused, unexpected};
use super::errors::{Answer, ApiError, property, record_id};
use super::step::{Object, Payload, Step};
use crate::connector::Verdict;
use crate::machine::problem;
use crate::request::Response;

/// How often a refusal that should pass by itself is tried before a person is asked.
const PATIENCE: u32 = 4;
const MIGRATION_MS: i64 = 60_000;

impl HubSpot {
    pub(super) fn verdict(&self, op: &Op, response: &Response, now_ms: i64) -> Verdict {
        let Some(payload) = Payload::of(op) else {
            let text = "This entry of the outbox cannot be read any more. Approve the lead again.";
            return Verdict::NeedsFix(problem("outbox_entry_unreadable", text));
        };
        let step = Step::of(op, &payload);
        let answer = Answer::of(response);
        match response.status {
            200..300 => self.success(op, &payload, &step, &answer),
            300..400 => Verdict::NeedsFix(redirected()),
            401 => Verdict::AuthLost,
            403 => self.forbidden(op, &payload, &step, &answer, response, now_ms),
            408 => Verdict::Unclear,
            423 => Verdict::Retry { after_ms: Some(2_000) },
            425 => Verdict::Retry { after_ms: None },
            429 => self.limited(op, &answer.error(), response, now_ms),
            477 => Verdict::Retry { after_ms: server_wait(response) },
            404 | 410 if answer.html => Verdict::Unclear,
            // Cut off, or from something in between.
            400..500 if answer.is_garbled() && op.attempt < PATIENCE => Verdict::Unclear,
            status @ 400..500 => self.refusal(op, &payload, &step, status, &answer.error()),
            _ => Verdict::Unclear,
        }
    }

    fn success(&self, op: &Op, payload: &Payload, step: &Step, answer: &Answer) -> Verdict {
        if let Payload::Link { .. } = payload {
            let sound = answer.empty || answer.json.is_some();
            return if sound { Verdict::Done { remote_id: None } } else { Verdict::Unclear };
        }
        let Some(body) = &answer.json else { return Verdict::Unclear };
        match step {
            Step::Find | Step::Read { .. } => self.found(op, payload, body),
            Step::Check => self.checked(op, payload, body),
            Step::Search => searched(body),
            Step::Patch { id, .. } => match record_id(body) {
                Some(_) => Verdict::Done { remote_id: Some(id.clone()) },
                None => Verdict::Unclear,
            },
            Step::MakeProperty if body.is_object() => go(&Step::Upsert { made: true }),
            Step::MakeProperty => Verdict::Unclear,
            Step::Upsert { .. } | Step::Associate => self.upserted(op, payload, step, body),
        }
    }

    /// A record is there: ours is updated, another's empty properties are filled.
    fn found(&self, op: &Op, payload: &Payload, body: &Value) -> Verdict {
        let (Some(id), Payload::Record { properties, .. }) = (record_id(body), payload) else {
            return Verdict::Unclear;
        };
        if property(body, &self.config.key_property) == Some(op.idem_key.as_str()) {
            return go(&Step::Upsert { made: false });
        }
        let empty = |name: &&String| property(body, name).is_none();
        let fill: Vec<String> = properties.keys().filter(empty).cloned().collect();
        if fill.is_empty() {
            return Verdict::Done { remote_id: Some(id) };
        }
        go(&Step::Patch { id, fill })
    }

    /// Our own record is there: done, unless it holds other values than this version of the lead.
    fn checked(&self, op: &Op, payload: &Payload, body: &Value) -> Verdict {
        let (Some(id), Payload::Record { properties, domain, .. }) = (record_id(body), payload)
        else {
            return Verdict::Unclear;
        };
        let ours = property(body, &self.config.key_property) == Some(op.idem_key.as_str());
        let same = properties.iter().all(|(k, v)| property(body, k) == Some(v.as_str()));
        // A firm is shared by all its visitors: who came first has named it.
        if ours && (same || domain.is_some()) {
            return Verdict::Done { remote_id: Some(id) };
        }
        go(&Step::Upsert { made: false })
    }

    fn upserted(&self, op: &Op, payload: &Payload, step: &Step, body: &Value) -> Verdict {
        if let Some(id) = body.get("results").and_then(|r| r.get(0)).and_then(record_id) {
            return Verdict::Done { remote_id: Some(id) };
        }
        let Some(first) = body.get("errors").and_then(|e| e.get(0)) else {
            return Verdict::Unclear;
        };
        let mut error = ApiError::of(first);
        error.correlation_id = error.correlation_id.or_else(|| ApiError::of(body).correlation_id);
        let status = match error.category.as_str() {
            "CONFLICT" => 409,
            "OBJECT_NOT_FOUND" => 404,
            "RATE_LIMITS" => return Verdict::RateLimited { after_ms: None, daily: false },
            _ => 400,
        };
        self.refusal(op, payload, step, status, &error)
    }

    fn refusal(
        &self,
        op: &Op,
        payload: &Payload,
        step: &Step,
        status: u16,
        error: &ApiError,
    ) -> Verdict {
        let Payload::Record { object, .. } = payload else {
            return match status {
                404 | 410 => Verdict::Gone,
                _ => Verdict::NeedsFix(refused(error, payload)),
            };
        };
        match (step, status) {
            (Step::Find, 400 | 404) => go(&Step::Upsert { made: false }),
            (Step::Check, 400 | 404) => go(&Step::when_absent(payload)),
            (Step::Read { .. } | Step::Patch { .. }, 404 | 410) => Verdict::Gone,
            (Step::MakeProperty, 409) => go(&Step::Upsert { made: true }),
            (Step::MakeProperty, _) => {
                Verdict::NeedsFix(no_key_property(error, &self.config.key_property, *object))
            }
            (Step::Upsert { made }, 400) if error.concerns(&self.config.key_property) => {
                self.key_unknown(op, *made, *object, error)
            }
            (Step::Upsert { .. }, 409) => conflict(op, *object, error),
            (_, 400 | 422) => Verdict::NeedsFix(refused(error, payload)),
            (_, 409) => Verdict::Duplicate { existing_id: error.existing_id() },
            _ => Verdict::NeedsFix(unexpected(error, status)),
        }
    }

    fn key_unknown(&self, op: &Op, made: bool, object: Object, error: &ApiError) -> Verdict {
        match made {
            false => go(&Step::MakeProperty),
            true if op.attempt < PATIENCE => Verdict::Retry { after_ms: None },
            true => Verdict::NeedsFix(no_key_property(error, &self.config.key_property, object)),
        }
    }

    /// A limit, a firewall's page, or a missing right.
    fn forbidden(
        &self,
        op: &Op,
        payload: &Payload,
        step: &Step,
        answer: &Answer,
        response: &Response,
        now_ms: i64,
    ) -> Verdict {
        let error = answer.error();
        if answer.json.is_none() || error.rate_limit || !error.policy.is_empty() {
            return self.limited(op, &error, response, now_ms);
        }
        match (step, payload) {
            (Step::MakeProperty, Payload::Record { object, .. }) => {
                Verdict::NeedsFix(no_key_property(&error, &self.config.key_property, *object))
            }
            _ => Verdict::NeedsFix(forbidden(&error)),
        }
    }

    /// The ten-second window is waited out, longer each time; the daily one until midnight.
    fn limited(&self, op: &Op, error: &ApiError, response: &Response, now_ms: i64) -> Verdict {
        let header = |name| response.header(name).and_then(|v| v.trim().parse::<i64>().ok());
        let used_up = header("x-hubspot-ratelimit-daily-remaining").is_some_and(|left| left <= 0);
        if error.policy == "DAILY" || (error.policy.is_empty() && used_up) {
            let after_ms = Some(self.config.until_midnight_ms(now_ms));
            return Verdict::RateLimited { after_ms, daily: true };
        }
        let window = match error.policy.as_str() {
            "TEN_SECONDLY_ROLLING" => 10_000,
            _ => header("x-hubspot-ratelimit-interval-milliseconds").unwrap_or(1_000),
        };
        let attempt = i64::from(op.attempt.clamp(1, 60));
        let after_ms = Some(window.clamp(1_000, 60_000).saturating_mul(attempt));
        Verdict::RateLimited { after_ms, daily: false }
    }
}

fn go(step: &Step) -> Verdict {
    Verdict::Continue { cursor: step.cursor() }
}

/// Exactly one firm is adopted as it is; none or several, and ours is made.
fn searched(body: &Value) -> Verdict {
    let Some(found) = body.get("results").and_then(Value::as_array) else {
        return Verdict::Unclear;
    };
    match found.as_slice() {
        [one] => match record_id(one) {
            Some(id) => Verdict::Done { remote_id: Some(id) },
            None => Verdict::Unclear,
        },
        _ => go(&Step::Upsert { made: false }),
    }
}

/// Another contact has the e-mail address, or another upsert of the same key was faster.
fn conflict(op: &Op, object: Object, error: &ApiError) -> Verdict {
    match error.existing_id() {
        Some(id) if object == Object::Contacts => go(&Step::Read { id }),
        existing_id if op.attempt >= PATIENCE => Verdict::Duplicate { existing_id },
        _ => Verdict::Retry { after_ms: Some(1_000) },
    }
}

/// A migration tells by itself how long it takes.
fn server_wait(response: &Response) -> Option<i64> {
    response.header("retry-after").is_none().then_some(MIGRATION_MS)
}
