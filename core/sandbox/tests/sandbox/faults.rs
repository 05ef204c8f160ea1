//! What goes wrong, seen from the client and from the portal.

use std::time::SystemTime;

use confee_sandbox::{
    Clock, Fault, FaultPlan, FaultRule, ManualClock, Matcher, ObjectType, RandomFaults, RetryAfter,
    SandboxConfig, When,
};
use serde_json::json;

use crate::common::{Hub, OBJECTS, time};

async fn once(fault: Fault) -> Hub {
    let hub = Hub::new().await;
    hub.sandbox.set_faults(FaultPlan::one(Matcher::new("POST", "/contacts"), When::Nth(1), fault));
    hub
}

#[tokio::test]
async fn drops_look_alike_to_the_client_and_differ_in_the_portal() {
    for (fault, made) in [
        (Fault::DropBefore, 0),
        (Fault::DropAfterApply, 1),
        (Fault::Timeout { ms: 5, apply: false }, 0),
        (Fault::Timeout { ms: 5, apply: true }, 1),
    ] {
        let hub = once(fault.clone()).await;
        let error = hub.contact("ada@example.com").await.err().unwrap();
        assert!(error.is_request() && error.status().is_none(), "{fault:?}: {error:?}");
        assert_eq!(hub.contacts(), made, "{fault:?}");
        let record = hub.sandbox.state().requests.pop().unwrap();
        assert_eq!((record.status, usize::from(record.applied)), (None, made));
        assert_eq!(record.fault, Some(fault));
        let again = hub.contact("ada@example.com").await.unwrap();
        assert_eq!(again.status, if made == 1 { 409 } else { 201 });
        assert_eq!(hub.contacts(), 1);
    }
}

#[tokio::test]
async fn a_drop_is_a_tcp_reset() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let hub = once(Fault::DropAfterApply).await;
    let address = hub.sandbox.base_url().replace("http://", "");
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let body = r#"{"properties":{"email":"ada@example.com"}}"#;
    let request = format!(
        "POST {OBJECTS}/contacts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        hub.sandbox.token(),
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let error = stream.read_to_end(&mut Vec::new()).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(hub.contacts(), 1);
}

#[tokio::test]
async fn a_client_that_waits_too_little_does_not_undo_a_slow_write() {
    let hub = once(Fault::Delay { ms: 60_000 }).await;
    let url = format!("{}{OBJECTS}/contacts", hub.sandbox.hubspot_url());
    let body = json!({ "properties": { "email": "ada@example.com" } });
    let request = hub.http.post(url).bearer_auth(hub.sandbox.token()).json(&body);
    let error = request.timeout(std::time::Duration::from_millis(300)).send().await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(hub.contacts(), 1);
    let hub = once(Fault::Delay { ms: 5 }).await;
    assert_eq!(hub.contact("ada@example.com").await.unwrap().status, 201);
}

#[tokio::test]
async fn truncated_answers_are_applied_all_the_same() {
    let hub = once(Fault::TruncatedBody).await;
    let error = hub.contact("ada@example.com").await.err().unwrap();
    assert!(error.is_body() || error.is_decode(), "{error:?}");
    assert_eq!(hub.contacts(), 1);
    let hub = once(Fault::TruncatedJson).await;
    let reply = hub.contact("ada@example.com").await.unwrap();
    assert_eq!(reply.status, 201);
    assert!(serde_json::from_str::<serde_json::Value>(&reply.text).is_err());
    assert_eq!(hub.contacts(), 1);
}

#[tokio::test]
async fn answers_in_place_of_the_portal() {
    let server = |status, html, apply| Fault::ServerError { status, html, apply };
    for (fault, status, html, made) in [
        (Fault::ForbiddenHtml, 403, true, 0),
        (Fault::Unauthorized, 401, false, 0),
        (server(500, false, false), 500, false, 0),
        (server(502, true, true), 502, true, 1),
        (server(503, true, false), 503, true, 0),
    ] {
        let hub = once(fault).await;
        let reply = hub.contact("ada@example.com").await.unwrap();
        assert_eq!((reply.status, reply.text.starts_with("<html>")), (status, html));
        assert_eq!(hub.contacts(), made);
    }
}

#[tokio::test]
async fn retry_after_comes_in_every_form() {
    let clock = ManualClock::new(time("2026-11-22T10:00:00Z"));
    let config = SandboxConfig { clock: Clock::Manual(clock), ..SandboxConfig::default() };
    let hub = Hub::with(config).await;
    let limited =
        |retry_after, policy: &str| Fault::RateLimited { retry_after, policy: policy.into() };
    for (fault, header, policy) in [
        (limited(RetryAfter::None, ""), None, "TEN_SECONDLY_ROLLING"),
        (limited(RetryAfter::Seconds(9), "DAILY"), Some("9"), "DAILY"),
        (
            limited(RetryAfter::HttpDate(90), ""),
            Some("Sun, 22 Nov 2026 10:01:30 GMT"),
            "TEN_SECONDLY_ROLLING",
        ),
    ] {
        hub.sandbox.set_faults(FaultPlan::one(Matcher::default(), When::Always, fault));
        let reply = hub.contact("ada@example.com").await.unwrap();
        assert_eq!(reply.status, 429);
        assert_eq!(reply.json()["policyName"], policy);
        let sent = reply.headers.get("retry-after").map(|v| v.to_str().unwrap());
        assert_eq!(sent, header);
    }
    let date = httpdate::parse_http_date("Sun, 22 Nov 2026 10:01:30 GMT").unwrap();
    assert_eq!(date, SystemTime::from(time("2026-11-22T10:01:30Z")));
    assert_eq!(hub.contacts(), 0);
}

#[tokio::test]
async fn a_duplicate_delivery_is_applied_twice() {
    for (answer_second, status) in [(false, 201), (true, 409)] {
        let hub = once(Fault::Duplicate { answer_second }).await;
        assert_eq!(hub.contact("ada@example.com").await.unwrap().status, status);
        assert_eq!(hub.contacts(), 1);
        assert_eq!(hub.sandbox.state().requests[0].applied, 2);
    }
    let hub = Hub::new().await;
    hub.sandbox.set_faults(FaultPlan::one(
        Matcher::default(),
        When::Always,
        Fault::Duplicate { answer_second: false },
    ));
    let note = json!({ "properties": { "hs_timestamp": "0", "hs_note_body": "twice" } });
    assert_eq!(hub.post(&format!("{OBJECTS}/notes"), note).await.status, 201);
    assert_eq!(hub.sandbox.state().portal.duplicates.len(), 1, "a plain create makes two notes");
}

#[tokio::test]
async fn a_forced_207_fails_the_last_input_only() {
    let hub = Hub::new().await;
    hub.sandbox.set_faults(FaultPlan::one(
        Matcher::new("POST", "batch"),
        When::Always,
        Fault::MultiStatus,
    ));
    let input = |email: &str| json!({ "id": email, "idProperty": "email", "properties": {} });
    let path = format!("{OBJECTS}/contacts/batch/upsert");
    let one = hub.post(&path, json!({ "inputs": [input("a@x.example")] })).await;
    assert_eq!((one.status, hub.contacts()), (207, 0));
    assert_eq!(one.json()["errors"][0]["context"]["ids"], json!(["a@x.example"]));
    let two = json!({ "inputs": [input("a@x.example"), input("b@x.example")] });
    let two = hub.post(&path, two).await;
    assert_eq!((two.status, hub.contacts()), (207, 1));
    assert_eq!(two.json()["numErrors"], 1);
    assert_eq!(two.json()["results"][0]["properties"]["email"], "a@x.example");
}

#[tokio::test]
async fn rules_are_tried_in_order_and_can_be_cleared() {
    let hub = Hub::new().await;
    let body = Matcher { body_contains: Some("eve@".into()), ..Matcher::default() };
    hub.sandbox.set_faults(FaultPlan {
        rules: vec![
            FaultRule::new(body, When::Always, Fault::ForbiddenHtml),
            FaultRule::new(Matcher::new("POST", ""), When::Every(2), Fault::Unauthorized),
        ],
        random: None,
    });
    let mut statuses = Vec::new();
    for email in ["a@x.example", "b@x.example", "eve@x.example", "c@x.example"] {
        statuses.push(hub.contact(email).await.unwrap().status);
    }
    assert_eq!(statuses, [201, 401, 403, 401]);
    hub.sandbox.clear_faults();
    assert_eq!(hub.contact("eve@x.example").await.unwrap().status, 201);
}

#[tokio::test]
async fn random_faults_repeat_with_their_seed() {
    let mut runs = Vec::new();
    for seed in [5, 5, 6] {
        let random =
            RandomFaults { seed, probability: 0.5, matcher: Matcher::default(), faults: vec![] };
        let faults = FaultPlan { rules: vec![], random: Some(random) };
        let hub = Hub::with(SandboxConfig { faults, ..SandboxConfig::default() }).await;
        for n in 0..24 {
            let _ = hub.contact(&format!("lead{n}@x.example")).await;
        }
        let state = hub.sandbox.state();
        assert!(state.portal.duplicates.is_empty());
        runs.push(state.requests);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}

#[tokio::test]
async fn keyed_upserts_survive_blind_retries_and_plain_creates_do_not() {
    let everything = vec![
        Fault::DropBefore,
        Fault::DropAfterApply,
        Fault::TruncatedBody,
        Fault::Duplicate { answer_second: true },
        Fault::ServerError { status: 502, html: true, apply: true },
        Fault::RateLimited { retry_after: RetryAfter::None, policy: String::new() },
    ];
    let matcher = Matcher::default();
    let random = RandomFaults { seed: 11, probability: 0.4, matcher, faults: everything };
    let config = SandboxConfig {
        faults: FaultPlan { rules: vec![], random: Some(random) },
        unique_properties: vec!["op".into()],
        ..SandboxConfig::default()
    };
    let hub = Hub::with(config).await;
    for n in 0..60 {
        let values = json!({ "hs_timestamp": "0", "hs_note_body": format!("note {n}") });
        let input = json!({ "id": format!("k{n}"), "idProperty": "op", "properties": values });
        retry(&hub, &format!("{OBJECTS}/notes/batch/upsert"), json!({ "inputs": [input] })).await;
    }
    let state = hub.sandbox.state();
    assert_eq!(state.portal.of(ObjectType::Note).len(), 60);
    assert!(state.portal.duplicates.is_empty());
    assert!(state.totals.faults > 10 && state.totals.dropped > 5);
    for n in 0..60 {
        let name = format!("task {n}");
        let values = json!({ "hs_timestamp": "0", "hs_task_subject": name });
        retry(&hub, &format!("{OBJECTS}/tasks"), json!({ "properties": values })).await;
    }
    assert!(!hub.sandbox.state().portal.duplicates.is_empty());
}

async fn retry(hub: &Hub, path: &str, body: serde_json::Value) {
    for _ in 0..100 {
        let sent = hub.send("POST", path, Some(body.clone())).await;
        if sent.is_ok_and(|reply| (200..300).contains(&reply.status)) {
            return;
        }
    }
    panic!("100 tries and no success");
}
