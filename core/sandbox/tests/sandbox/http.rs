//! The skin: paths, tokens, headers, limits, inspection.

use confee_sandbox::portal::{ObjectType, PortalSettings};
use confee_sandbox::{AdminRule, Clock, ManualClock, PortalState, RateLimits, SandboxConfig};
use serde_json::{Value, json};

use crate::common::{Hub, OBJECTS, time};

#[tokio::test]
async fn a_lead_goes_in_over_http_and_comes_out_whole() {
    let unique_properties = vec!["badge_op_id".to_owned()];
    let hub = Hub::with(SandboxConfig { unique_properties, ..SandboxConfig::default() }).await;
    let mut ids = Vec::new();
    for (object, values) in [
        ("companies", json!({ "name": "Acme", "domain": "acme.example" })),
        ("0-1", json!({ "email": "ada@acme.example" })),
        ("0-46", json!({ "hs_timestamp": "1764586800000", "hs_note_body": "hello" })),
    ] {
        let input = json!({ "id": "badge:1", "idProperty": "badge_op_id", "properties": values });
        let path = format!("{OBJECTS}/{object}/batch/upsert");
        let made = hub.post(&path, json!({ "inputs": [input] })).await;
        assert_eq!(made.status, 200, "{}", made.text);
        ids.push(made.json()["results"][0]["id"].as_str().unwrap().to_owned());
    }
    for (from, from_id, to, to_id) in
        [("contacts", &ids[1], "companies", &ids[0]), ("notes", &ids[2], "contacts", &ids[1])]
    {
        let path = format!("{OBJECTS}/{from}/{from_id}/associations/default/{to}/{to_id}");
        assert_eq!(hub.send("PUT", &path, None).await.unwrap().status, 200);
    }
    let listed = hub.get(&format!("{OBJECTS}/contacts/{}/associations/notes", ids[1])).await;
    assert_eq!(listed.json()["results"][0]["toObjectId"], ids[2].as_str());
    let by_key = hub.get(&format!("{OBJECTS}/notes/badge:1?idProperty=badge_op_id")).await;
    assert_eq!(by_key.json()["id"], ids[2].as_str());
    let state = hub.sandbox.state();
    assert_eq!(state.portal.associations.len(), 2);
    assert!(state.portal.duplicates.is_empty());
    assert_eq!(state.totals.by_status[&200], 7);
}

#[tokio::test]
async fn only_the_configured_token_gets_in() {
    let hub = Hub::new().await;
    let url = format!("{}{OBJECTS}/contacts", hub.sandbox.hubspot_url());
    for token in ["", "wrong"] {
        let reply = hub.http.get(&url).bearer_auth(token).send().await.unwrap();
        assert_eq!(reply.status(), 401);
        let body: Value = reply.json().await.unwrap();
        assert_eq!(
            (&body["category"], &body["status"]),
            (&json!("INVALID_AUTHENTICATION"), &json!("error"))
        );
        assert!(body["correlationId"].is_string());
    }
    assert_eq!(hub.http.get(&url).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn errors_have_hubspots_shape() {
    let hub = Hub::new().await;
    let bad = hub.post(&format!("{OBJECTS}/contacts"), json!({ "properties": { "x": "1" } })).await;
    assert_eq!(bad.status, 400);
    let body = bad.json();
    assert_eq!(body["status"], "error");
    assert_eq!(body["category"], "VALIDATION_ERROR");
    assert_eq!(body["errors"][0]["code"], "PROPERTY_DOESNT_EXIST");
    assert_eq!(body["errors"][0]["context"]["propertyName"], json!(["x"]));
    let id = bad.headers["x-hubspot-correlation-id"].to_str().unwrap();
    assert_eq!(body["correlationId"], id);
    let again = hub.get(&format!("{OBJECTS}/contacts/5")).await;
    assert_eq!((again.status, &again.json()["category"]), (404, &json!("OBJECT_NOT_FOUND")));
    assert_ne!(again.json()["correlationId"], id);
    let kind = hub.get(&format!("{OBJECTS}/visitors")).await;
    assert_eq!(kind.json()["message"], "Unable to infer object type from: visitors");
    let nowhere = hub.get("/crm/objects/2031-01/contacts").await;
    assert_eq!(nowhere.status, 404);
    assert!(nowhere.text.starts_with("<html>"), "unknown paths answer in HTML");
}

#[tokio::test]
async fn bodies_must_be_json() {
    let hub = Hub::new().await;
    let url = format!("{}{OBJECTS}/contacts", hub.sandbox.hubspot_url());
    let send = |kind: &'static str, body: &'static str| {
        let request = hub.http.post(&url).bearer_auth(hub.sandbox.token());
        request.header("content-type", kind).body(body).send()
    };
    for (kind, body, status) in [
        ("application/json", "{\"properties\": {", 400),
        ("application/json", "[]", 400),
        ("application/json", "{}", 400),
        ("text/plain", "{\"properties\": {}}", 415),
        ("application/json; charset=utf-8", "{\"properties\": {}}", 201),
    ] {
        let reply = send(kind, body).await.unwrap();
        assert_eq!(reply.status(), status, "{kind} {body}");
    }
}

#[tokio::test]
async fn the_portal_describes_itself() {
    let hub = Hub::new().await;
    let listed = hub.get("/crm/properties/2026-09/contacts").await.json();
    let email =
        listed["results"].as_array().unwrap().iter().find(|p| p["name"] == "email").unwrap();
    assert_eq!((&email["type"], &email["fieldType"]), (&json!("string"), &json!("text")));
    assert_eq!(email["hasUniqueValue"], true);
    let id = hub.get("/crm/properties/2026-09/0-1/hs_object_id").await.json();
    assert_eq!(id["modificationMetadata"]["readOnlyValue"], true);
    assert_eq!(hub.get("/crm/properties/2026-09/contacts/nickname").await.status, 404);
    let custom = json!({ "name": "badge_op_id", "label": "Badge id", "type": "string",
        "fieldType": "text", "groupName": "taskinformation", "hasUniqueValue": true });
    let path = "/crm/properties/2026-09/tasks";
    assert_eq!(hub.post(path, custom.clone()).await.status, 201);
    let taken = hub.post(path, custom).await;
    assert_eq!((taken.status, &taken.json()["category"]), (409, &json!("OBJECT_ALREADY_EXISTS")));
    let pipelines = hub.get("/crm/pipelines/2026-09/deals").await.json();
    assert_eq!(pipelines["results"][0]["stages"][0]["id"], "appointmentscheduled");
    let owners = hub.get("/crm/owners/2026-09?email=rep.two@example.com").await.json();
    assert_eq!(owners["results"][0]["id"], "71002");
    assert_eq!(owners["results"].as_array().unwrap().len(), 1);
    let account = hub.get("/account-info/2026-09/details").await.json();
    assert_eq!(account["accountType"], "DEVELOPER_TEST");
}

#[tokio::test]
async fn older_versions_ignore_the_administrators_rules() {
    let hub = Hub::new().await;
    let property = "jobtitle".to_owned();
    let rule = AdminRule::RequireOnCreate { object: ObjectType::Contact, property };
    hub.sandbox.apply_rule(&rule).unwrap();
    let values = json!({ "properties": { "firstname": "A" } });
    let refused = hub.post(&format!("{OBJECTS}/contacts"), values.clone()).await;
    assert_eq!(refused.json()["errors"][0]["code"], "MISSING_REQUIRED_PROPERTY");
    for path in ["/crm/v3/objects/contacts", "/crm/objects/2026-03/contacts"] {
        assert_eq!(hub.post(path, values.clone()).await.status, 201, "{path}");
    }
    assert_eq!(hub.get("/crm/v3/owners").await.status, 200);
    assert_eq!(hub.sandbox.state().requests[1].path, "/crm/v3/objects/contacts");
}

#[tokio::test]
async fn limits_are_rolling_and_announced() {
    let clock = ManualClock::new(time("2026-11-22T10:00:00Z"));
    let limits =
        RateLimits { per_window: Some(2), retry_after: Some(7), ..RateLimits::professional() };
    let config =
        SandboxConfig { limits, clock: Clock::Manual(clock.clone()), ..SandboxConfig::default() };
    let hub = Hub::with(config).await;
    let ask = || hub.get("/crm/owners/2026-09");
    let first = ask().await;
    assert_eq!(first.headers["x-hubspot-ratelimit-max"], "2");
    assert_eq!(first.headers["x-hubspot-ratelimit-remaining"], "1");
    assert_eq!(first.headers["x-hubspot-ratelimit-interval-milliseconds"], "10000");
    assert_eq!(ask().await.status, 200);
    let refused = ask().await;
    assert_eq!((refused.status, &refused.headers["retry-after"]), (429, &"7".parse().unwrap()));
    assert_eq!(refused.json()["errorType"], "RATE_LIMIT");
    assert_eq!(refused.json()["policyName"], "TEN_SECONDLY_ROLLING");
    clock.advance_ms(10_000);
    assert_eq!(ask().await.status, 200);
    for _ in 0..5 {
        let found = hub.post(&format!("{OBJECTS}/contacts/search"), json!({})).await;
        assert_eq!(found.status, 200);
        assert!(!found.headers.contains_key("x-hubspot-ratelimit-max"));
    }
    let found = hub.post(&format!("{OBJECTS}/contacts/search"), json!({})).await;
    assert_eq!((found.status, &found.json()["policyName"]), (429, &json!("SECONDLY")));
}

#[tokio::test]
async fn search_over_http_lags_by_requests() {
    let portal = PortalSettings { index_lag: 2, ..PortalSettings::default() };
    let hub = Hub::with(SandboxConfig { portal, ..SandboxConfig::default() }).await;
    hub.contact("ada@example.com").await.unwrap();
    let mut totals = Vec::new();
    for _ in 0..3 {
        let found = hub.post(&format!("{OBJECTS}/contacts/search"), json!({})).await.json();
        totals.push(found["total"].as_u64().unwrap());
    }
    assert_eq!(totals, [0, 1, 1]);
    let key = "ada@example.com";
    let read = hub.get(&format!("{OBJECTS}/contacts/{key}?idProperty=email")).await;
    assert_eq!(read.status, 200, "reads by unique value do not lag");
}

#[tokio::test]
async fn other_languages_can_look_and_steer() {
    let hub = Hub::new().await;
    hub.contact("ada@example.com").await.unwrap();
    let seen: PortalState =
        serde_json::from_value(hub.get("/_sandbox/state").await.json()).unwrap();
    assert_eq!(seen, hub.sandbox.state());
    assert_eq!(seen.portal.counts[&ObjectType::Contact], 1);
    let plan = json!({ "rules": [{ "fault": { "kind": "unauthorized" } }] });
    assert_eq!(hub.post("/_sandbox/faults", plan).await.status, 204);
    assert_eq!(hub.contact("b@example.com").await.unwrap().status, 401);
    hub.send("DELETE", "/_sandbox/faults", None).await.unwrap();
    let rule = json!({ "kind": "archive_property", "object": "contacts", "property": "email" });
    assert_eq!(hub.post("/_sandbox/rules", rule).await.status, 204);
    assert_eq!(hub.contact("b@example.com").await.unwrap().status, 400);
    let unknown = json!({ "kind": "deactivate_owner", "owner_id": "1" });
    assert_eq!(hub.post("/_sandbox/rules", unknown).await.status, 422);
    assert_eq!(hub.send("POST", "/_sandbox/reset", None).await.unwrap().status, 204);
    let state = hub.sandbox.state();
    assert_eq!((state.portal.counts[&ObjectType::Contact], state.totals.requests), (0, 0));
    assert_eq!(hub.contact("b@example.com").await.unwrap().status, 201);
}
