//! The webhook receiver: keeps deliveries, checks Standard Webhooks signatures, tells events from
//! repeats.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use standardwebhooks::Webhook;

/// Seconds that `webhook-timestamp` may be off, as the specification's libraries allow.
pub const TOLERANCE_S: i64 = 300;

/// What the signature of a delivery is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// Made with our secret over exactly these bytes.
    Valid,
    /// Made with another secret, or over other bytes.
    Invalid,
    /// Right, but its timestamp is more than [`TOLERANCE_S`] off.
    Expired,
    /// One of the three headers is missing or unreadable.
    Missing,
    /// The sandbox has no secret.
    Unchecked,
}

/// One delivery as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Order of arrival, from 1, over all receivers.
    pub seq: u64,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// Headers by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// Body as text; bytes that are not UTF-8 are replaced.
    pub body: String,
    /// `webhook-id`.
    pub webhook_id: Option<String>,
    /// Worth of the signature.
    pub signature: Signature,
    /// Status it was answered with.
    pub status: u16,
}

/// Deliveries with one `webhook-id`: one event, however often it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookEvent {
    /// `webhook-id`.
    pub id: String,
    /// How often it came.
    pub deliveries: u64,
    /// How often it was answered with 2xx.
    pub accepted: u64,
    /// Whether every delivery had a valid signature.
    pub valid: bool,
    /// Whether every delivery had the same body.
    pub same_body: bool,
    /// Body of the first delivery.
    pub body: String,
}

/// What one receiver has seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookState {
    /// Deliveries ever.
    pub total: u64,
    /// Deliveries that are kept.
    pub deliveries: Vec<Delivery>,
    /// Events among the kept deliveries, in order of first arrival.
    pub events: Vec<WebhookEvent>,
}

/// How a receiver answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookAnswer {
    /// HTTP status.
    pub status: u16,
    /// How many deliveries get it before 200 again; `None` is all.
    #[serde(default)]
    pub times: Option<u64>,
    /// Seconds in a `Retry-After` header.
    #[serde(default)]
    pub retry_after: Option<u32>,
}

/// Every receiver.
#[derive(Default)]
pub(crate) struct Inbox {
    secret: Option<Webhook>,
    kept_max: usize,
    seq: u64,
    receivers: BTreeMap<String, Receiver>,
}

#[derive(Debug, Default)]
struct Receiver {
    total: u64,
    deliveries: VecDeque<Delivery>,
    answer: Option<WebhookAnswer>,
}

impl Inbox {
    pub(crate) fn new(secret: Option<Webhook>, kept_max: usize) -> Self {
        Self { secret, kept_max, ..Self::default() }
    }

    pub(crate) fn clear(&mut self) {
        self.receivers.clear();
        self.seq = 0;
    }

    pub(crate) fn set_answer(&mut self, name: &str, answer: Option<WebhookAnswer>) {
        self.receivers.entry(name.to_owned()).or_default().answer = answer;
    }

    /// Keeps a delivery and says how to answer it.
    pub(crate) fn receive(
        &mut self,
        name: &str,
        headers: BTreeMap<String, String>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> WebhookAnswer {
        let signature = check(self.secret.as_ref(), &headers, body, now);
        self.seq += 1;
        let receiver = self.receivers.entry(name.to_owned()).or_default();
        let answer = receiver.next_answer();
        receiver.total += 1;
        receiver.deliveries.push_back(Delivery {
            seq: self.seq,
            received_at: now,
            webhook_id: headers.get("webhook-id").cloned(),
            headers,
            body: String::from_utf8_lossy(body).into_owned(),
            signature,
            status: answer.status,
        });
        while receiver.deliveries.len() > self.kept_max {
            receiver.deliveries.pop_front();
        }
        answer
    }

    pub(crate) fn state(&self) -> BTreeMap<String, WebhookState> {
        let state = |(name, r): (&String, &Receiver)| (name.clone(), r.state());
        self.receivers.iter().map(state).collect()
    }
}

impl Receiver {
    fn next_answer(&mut self) -> WebhookAnswer {
        let usual = WebhookAnswer { status: 200, times: None, retry_after: None };
        let Some(answer) = &mut self.answer else { return usual };
        match &mut answer.times {
            None => *answer,
            Some(0) => usual,
            Some(left) => {
                *left -= 1;
                *answer
            }
        }
    }

    fn state(&self) -> WebhookState {
        let mut order: Vec<WebhookEvent> = Vec::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for delivery in &self.deliveries {
            let Some(id) = delivery.webhook_id.as_deref() else { continue };
            let place = *places.entry(id).or_insert_with(|| {
                order.push(WebhookEvent {
                    id: id.to_owned(),
                    deliveries: 0,
                    accepted: 0,
                    valid: true,
                    same_body: true,
                    body: delivery.body.clone(),
                });
                order.len() - 1
            });
            if let Some(event) = order.get_mut(place) {
                event.deliveries += 1;
                event.accepted += u64::from((200..300).contains(&delivery.status));
                event.valid &= delivery.signature == Signature::Valid;
                event.same_body &= event.body == delivery.body;
            }
        }
        WebhookState {
            total: self.total,
            deliveries: self.deliveries.iter().cloned().collect(),
            events: order,
        }
    }
}

fn check(
    secret: Option<&Webhook>,
    headers: &BTreeMap<String, String>,
    body: &[u8],
    now: DateTime<Utc>,
) -> Signature {
    let Some(secret) = secret else { return Signature::Unchecked };
    let parts = (
        headers.get("webhook-id"),
        headers.get("webhook-timestamp").and_then(|t| t.parse::<i64>().ok()),
        headers.get("webhook-signature"),
    );
    let (Some(id), Some(timestamp), Some(given)) = parts else { return Signature::Missing };
    let right = secret.sign(id, timestamp, body).unwrap_or_default();
    if right.is_empty() || !given.split(' ').any(|s| s == right) {
        return Signature::Invalid;
    }
    if (now.timestamp() - timestamp).abs() > TOLERANCE_S {
        return Signature::Expired;
    }
    Signature::Valid
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const BODY: &[u8] = br#"{"email":"test@example.com","username":"test_user"}"#;

    fn headers(signature: &str) -> BTreeMap<String, String> {
        [
            ("webhook-id", "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk"),
            ("webhook-timestamp", "1649367553"),
            ("webhook-signature", signature),
        ]
        .into_iter()
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect()
    }

    #[test]
    fn the_published_vector_decides_about_signatures() {
        let secret = Webhook::new(SECRET).unwrap();
        let good = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";
        let at = |s: i64| DateTime::from_timestamp(s, 0).unwrap();
        let now = at(1_649_367_553);
        let table = [
            (headers(good), BODY, now, Signature::Valid),
            (headers(&format!("v1,AAAA {good}")), BODY, now, Signature::Valid),
            (headers(good), b"{}".as_slice(), now, Signature::Invalid),
            (headers("v1,AAAA"), BODY, now, Signature::Invalid),
            (headers(good), BODY, at(1_649_367_553 + TOLERANCE_S + 1), Signature::Expired),
            (BTreeMap::new(), BODY, now, Signature::Missing),
        ];
        for (headers, body, now, expected) in table {
            assert_eq!(check(Some(&secret), &headers, body, now), expected);
        }
        assert_eq!(check(None, &headers(good), BODY, now), Signature::Unchecked);
    }

    #[test]
    fn repeats_are_one_event_and_answers_run_out() {
        let mut inbox = Inbox::new(Some(Webhook::new(SECRET).unwrap()), 10);
        inbox.set_answer(
            "a",
            Some(WebhookAnswer { status: 503, times: Some(1), retry_after: None }),
        );
        let good = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";
        let now = DateTime::from_timestamp(1_649_367_553, 0).unwrap();
        assert_eq!(inbox.receive("a", headers(good), BODY, now).status, 503);
        assert_eq!(inbox.receive("a", headers(good), BODY, now).status, 200);
        let state = inbox.state().remove("a").unwrap();
        assert_eq!((state.total, state.events.len()), (2, 1));
        let event = &state.events[0];
        assert_eq!((event.deliveries, event.accepted, event.valid), (2, 1, true));
    }

    #[test]
    fn old_deliveries_are_forgotten_but_counted() {
        let mut inbox = Inbox::new(None, 2);
        for _ in 0..5 {
            inbox.receive("a", BTreeMap::new(), b"{}", DateTime::UNIX_EPOCH);
        }
        let state = inbox.state().remove("a").unwrap();
        assert_eq!((state.total, state.deliveries.len(), state.deliveries[0].seq), (5, 2, 4));
    }
}
