//! The receiver over HTTP.

use confee_sandbox::{
    Fault, FaultPlan, Matcher, SandboxConfig, Signature, WebhookAnswer, WebhookState, When,
};
use serde_json::json;
use standardwebhooks::Webhook;

use crate::common::Hub;

const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

async fn hub() -> Hub {
    let webhook_secret = Some(SECRET.to_owned());
    Hub::with(SandboxConfig { webhook_secret, ..SandboxConfig::default() }).await
}

async fn deliver(hub: &Hub, id: &str, body: &str, tamper: bool) -> Option<u16> {
    let now = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).timestamp();
    let signature = Webhook::new(SECRET).unwrap().sign(id, now, body.as_bytes()).unwrap();
    let sent = if tamper { format!("{body} ") } else { body.to_owned() };
    let request = hub
        .http
        .post(hub.sandbox.webhook_url("leads"))
        .header("webhook-id", id)
        .header("webhook-timestamp", now.to_string())
        .header("webhook-signature", signature)
        .header("content-type", "application/json")
        .body(sent);
    request.send().await.ok().map(|r| r.status().as_u16())
}

fn leads(hub: &Hub) -> WebhookState {
    hub.sandbox.state().webhooks.remove("leads").unwrap()
}

#[tokio::test]
async fn deliveries_are_kept_checked_and_deduplicated() {
    let hub = hub().await;
    assert_eq!(deliver(&hub, "m1", "{\"a\":1}", false).await, Some(200));
    assert_eq!(deliver(&hub, "m2", "{\"a\":2}", true).await, Some(200));
    assert_eq!(deliver(&hub, "m1", "{\"a\":1}", false).await, Some(200));
    let url = hub.sandbox.webhook_url("leads");
    hub.http.post(url).body("{}").send().await.unwrap();
    let seen = leads(&hub);
    let signatures: Vec<Signature> = seen.deliveries.iter().map(|d| d.signature).collect();
    use Signature::{Invalid, Missing, Valid};
    assert_eq!(signatures, [Valid, Invalid, Valid, Missing]);
    assert_eq!(seen.deliveries[0].body, "{\"a\":1}");
    assert_eq!(seen.deliveries[0].headers["webhook-id"], "m1");
    let events: Vec<(&str, u64, bool)> =
        seen.events.iter().map(|e| (e.id.as_str(), e.deliveries, e.valid)).collect();
    assert_eq!(events, [("m1", 2, true), ("m2", 1, false)]);
}

#[tokio::test]
async fn a_receiver_answers_what_it_is_told() {
    let hub = hub().await;
    let answer = WebhookAnswer { status: 410, times: Some(1), retry_after: None };
    hub.sandbox.answer_webhook("leads", Some(answer));
    assert_eq!(deliver(&hub, "m1", "{}", false).await, Some(410));
    assert_eq!(deliver(&hub, "m1", "{}", false).await, Some(200));
    let told = json!({ "status": 429, "retry_after": 3 });
    assert_eq!(hub.post("/_sandbox/webhooks/leads", told).await.status, 204);
    let reply = hub.http.post(hub.sandbox.webhook_url("leads")).body("{}").send().await.unwrap();
    assert_eq!(
        (reply.status().as_u16(), &reply.headers()["retry-after"]),
        (429, &"3".parse().unwrap())
    );
    hub.send("DELETE", "/_sandbox/webhooks/leads", None).await.unwrap();
    assert_eq!(deliver(&hub, "m2", "{}", false).await, Some(200));
    assert_eq!(leads(&hub).events[0].accepted, 1);
}

#[tokio::test]
async fn the_fault_plan_reaches_webhooks_too() {
    let hub = hub().await;
    let hooks = Matcher::new("POST", "/hooks/leads");
    hub.sandbox.set_faults(FaultPlan::one(hooks, When::Nth(1), Fault::DropAfterApply));
    assert_eq!(deliver(&hub, "m1", "{}", false).await, None);
    assert_eq!(deliver(&hub, "m1", "{}", false).await, Some(200));
    let seen = leads(&hub);
    assert_eq!((seen.total, seen.events.len()), (2, 1));
}
