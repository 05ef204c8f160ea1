//! Every body that leaves fits its hand-written schema.
#![allow(clippy::unwrap_used, reason = "test code")]

mod common;

use common::{bare_lead, connectors, hubspot, lead, webhook};
use confee_domain::{FieldKey, FieldValue, Op};
use confee_sync::{Connector, MemoryJournal, Method, Network, Outbox, Request};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::sync::Arc;

use common::fake::Fake;

fn schema(name: &str) -> Validator {
    let path = format!("{}/schemas/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

fn name_of(request: &Request) -> Option<String> {
    let (path, _) = request.url.split_once('?').unwrap_or((&request.url, ""));
    let parts: Vec<&str> = path.split('/').skip(3).collect();
    Some(match (request.method, parts.as_slice()) {
        (Method::Get | Method::Put, _) => return None,
        (_, [.., "search"]) => "hubspot-search".into(),
        (_, [.., kind, "batch", "upsert"]) => format!("hubspot-upsert-{kind}"),
        (_, ["crm", "properties", ..]) => "hubspot-property".into(),
        (Method::Patch, _) => "hubspot-patch".into(),
        _ => "webhook-lead-1".into(),
    })
}

fn check(request: &Request) -> Option<String> {
    let Some(name) = name_of(request) else {
        assert!(request.body.is_empty());
        return None;
    };
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let faults: Vec<String> = schema(&name).iter_errors(&body).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{name}: {faults:?}");
    Some(name)
}

fn run(ops: Vec<Op>, fake: &mut Fake) -> Vec<String> {
    let journal = Arc::new(MemoryJournal::default());
    journal.enqueue(ops);
    let outbox = Outbox::new(journal, connectors(), 1);
    let (mut seen, mut now) = (Vec::new(), 1_000);
    while let Some(at) = outbox.next_wake().unwrap() {
        now = at.max(now);
        for prepared in outbox.next_requests(now, Network::WIFI, 4).unwrap() {
            seen.extend(check(&prepared.request));
            let answer = fake.handle(&prepared.request);
            outbox.on_response(&prepared.ticket, &answer, now).unwrap();
        }
    }
    seen.sort();
    seen.dedup();
    seen
}

#[test]
fn every_request_fits() {
    let mut fake = Fake::default();
    fake.plant("contacts", json!({"email": "known@acme.io"}));
    let mut ops = Vec::new();
    for lead in [lead("l1", "ada@acme.io"), lead("l2", "known@acme.io"), bare_lead("l3")] {
        ops.extend(hubspot().plan(&lead));
        ops.extend(webhook().plan(&lead));
    }
    ops.push(webhook().test_op("1", 5));
    let seen = run(ops, &mut fake);
    let all = [
        "hubspot-patch",
        "hubspot-property",
        "hubspot-search",
        "hubspot-upsert-companies",
        "hubspot-upsert-contacts",
        "hubspot-upsert-deals",
        "hubspot-upsert-notes",
        "hubspot-upsert-tasks",
        "webhook-lead-1",
    ];
    assert_eq!(seen, all);
}

fn properties(ops: &[Op], kind: &str) -> Value {
    common::op(ops, kind).payload["properties"].clone()
}

#[test]
fn the_mapping_is_what_the_field_table_says() {
    let ops = hubspot().plan(&lead("l1", "Ada@Acme.io"));
    let contact = properties(&ops, "contact");
    assert_eq!(
        contact,
        json!({"firstname": "Ada", "lastname": "van der Byron",
        "email": "ada@acme.io", "phone": "+4915550100", "jobtitle": "CTO",
        "company": "Acme <Labs>"})
    );
    let deal = properties(&ops, "deal");
    assert_eq!(
        deal,
        json!({"dealname": "Acme <Labs> – badge lead", "pipeline": "default",
        "dealstage": "appointmentscheduled", "amount": "60000.5",
        "closedate": "2026-09-30T12:00:00.000Z"})
    );
    assert_eq!(properties(&ops, "company"), json!({"name": "Acme <Labs>", "domain": "acme.io"}));
    let task = properties(&ops, "task");
    assert_eq!(
        (&task["hs_timestamp"], &task["hs_task_type"], &task["hs_task_priority"]),
        (&json!("2026-04-01T08:00:00.000Z"), &json!("CALL"), &json!("HIGH"))
    );
    let note = properties(&ops, "note");
    let body = note["hs_note_body"].as_str().unwrap();
    assert_eq!(note["hs_timestamp"], "2026-03-20T15:12:00.000Z");
    for part in [
        "Acme &lt;Labs&gt;",
        "Rival &amp; Sons",
        "50,000 – 60,000.50 EUR a year",
        "decides with others",
        "we type badges by hand",
        "72 of 100 (hot)",
        "those were the words",
    ] {
        assert!(body.contains(part), "{part}");
    }
    assert!(!body.contains("<Labs>"));
    assert_eq!(common::op(&ops, "company").idem_key, "badge:company:acme.io");
    assert_eq!(common::op(&ops, "note").idem_key, "badge:l1:note");
}

#[test]
fn only_what_is_known_is_planned() {
    let kinds = |ops: Vec<Op>| ops.into_iter().map(|o| o.kind).collect::<Vec<_>>();
    let all = [
        "company",
        "contact",
        "deal",
        "note",
        "task",
        "assoc:contact:company",
        "assoc:deal:contact",
        "assoc:deal:company",
        "assoc:note:contact",
        "assoc:note:company",
        "assoc:note:deal",
        "assoc:task:contact",
        "assoc:task:company",
        "assoc:task:deal",
    ];
    assert_eq!(kinds(hubspot().plan(&lead("l", "a@acme.io"))), all);
    let bare =
        ["contact", "deal", "note", "assoc:deal:contact", "assoc:note:contact", "assoc:note:deal"];
    assert_eq!(kinds(hubspot().plan(&bare_lead("l"))), bare);
    let free = hubspot().plan(&lead("l", "ada@gmail.com"));
    assert_eq!(common::op(&free, "company").idem_key, "badge:l:company");
    assert_eq!(properties(&free, "company"), json!({"name": "Acme <Labs>"}));
}

#[test]
fn long_texts_and_long_bodies_stay_within_limits() {
    let mut long = lead("l1", "ada@acme.io");
    for v in &mut long.values {
        if let FieldValue::Text(t) = &mut v.value
            && v.key != FieldKey::Email
        {
            *t = "x&".repeat(50_000);
        }
    }
    for i in 1..200 {
        let mut pain = long.values[8].clone();
        pain.key = FieldKey::Pain(i);
        long.values.push(pain);
    }
    long.json["contact"]["name"]["evidence"] = json!(vec![json!({"segment": 0}); 5_000]);
    for op in hubspot().plan(&long) {
        for (name, value) in op.payload["properties"].as_object().into_iter().flatten() {
            assert!(value.as_str().unwrap().chars().count() <= 65_536, "{name}");
        }
    }
    let event = webhook().plan(&long).remove(0);
    assert_eq!(event.payload["data"]["lead"]["contact"]["name"]["evidence"], json!([]));
    let small = webhook().plan(&lead("l2", "b@acme.io")).remove(0);
    assert_ne!(small.payload["data"]["lead"]["contact"]["name"]["evidence"], json!([]));
}
