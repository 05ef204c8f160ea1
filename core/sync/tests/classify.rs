//! What each answer of HubSpot means.
#![allow(clippy::unwrap_used, reason = "test code")]

mod common;

use common::{answer, hubspot, lead, op};
use confee_domain::Op;
use confee_sync::{Connector, Response, Verdict};
use serde_json::{Value, json};

fn ops() -> Vec<Op> {
    hubspot().plan(&lead("l1", "ada@acme.io"))
}

fn at(kind: &str, step: &Value) -> Op {
    let mut found = op(&ops(), kind);
    found.cursor = (!step.is_null()).then(|| step.to_string());
    found.attempt = 1;
    found
}

fn judge(op: &Op, response: &Response) -> String {
    format!("{:?}", hubspot().interpret(op, response, 0))
}

#[test]
fn statuses_of_a_write() {
    let upsert = at("deal", &json!({"step": "upsert", "made": false}));
    let limit = |policy: &str| json!({"errorType": "RATE_LIMIT", "policyName": policy});
    let conflict = json!({"category": "CONFLICT", "message": "x"});
    let refused = |code: &str, name: &str| {
        json!({"category": "VALIDATION_ERROR", "message": "no",
            "errors": [{"code": code, "context": {"propertyName": [name]}}]})
    };
    for (status, body, verdict) in [
        (200, json!({"results": [{"id": "5"}]}), "Done"),
        (
            201,
            json!({"results": [{"id": 5}], "warnings": [{"code": "PROPERTY_VALUE_NORMALIZED"}]}),
            "Done",
        ),
        (200, json!({"results": []}), "Unclear"),
        (200, json!({"results": [{"id": "../5"}]}), "Unclear"),
        (
            207,
            json!({"results": [], "errors": [refused("INVALID_OPTION", "dealstage")]}),
            "NeedsFix(option_unknown)",
        ),
        (207, json!({"results": [], "errors": [conflict]}), "Retry"),
        (301, json!({}), "NeedsFix(redirected)"),
        (400, refused("PROPERTY_DOESNT_EXIST", "confee_key"), "Continue"),
        (400, refused("PROPERTY_DOESNT_EXIST", "amount"), "NeedsFix(property_missing)"),
        (400, refused("READ_ONLY_VALUE", "amount"), "NeedsFix(property_read_only)"),
        (400, refused("INVALID_DATE", "closedate"), "NeedsFix(date_refused)"),
        (400, refused("MISSING_REQUIRED_PROPERTY", "region"), "NeedsFix(required_missing)"),
        (
            400,
            refused("MISSING_CONDITIONAL_REQUIRED_PROPERTY", "region"),
            "NeedsFix(required_missing)",
        ),
        (
            400,
            json!({"message": "Missing 'Edit Associations' permission."}),
            "NeedsFix(permission_missing)",
        ),
        (400, json!({}), "NeedsFix(request_refused)"),
        (401, json!({}), "AuthLost"),
        (
            403,
            json!({"category": "MISSING_SCOPES", "message": "scopes"}),
            "NeedsFix(permission_missing)",
        ),
        (403, limit("DAILY"), "RateLimited"),
        (404, json!({"message": "x"}), "NeedsFix(request_refused)"),
        (409, json!({"message": "x"}), "Retry"),
        (422, refused("X", "amount"), "NeedsFix(value_refused)"),
        (423, json!({}), "Retry"),
        (429, limit("TEN_SECONDLY_ROLLING"), "RateLimited"),
        (477, json!({}), "Retry"),
        (500, json!({}), "Unclear"),
        (503, json!({}), "Unclear"),
        (0, json!({}), "Unclear"),
        (700, json!({}), "Unclear"),
    ] {
        assert_eq!(judge(&upsert, &answer(status, &body)), verdict, "{status} {body}");
    }
}

#[test]
fn pages_instead_of_answers() {
    let page = |status| Response { status, headers: vec![], body: b"<html>blocked".to_vec() };
    for step in [json!({"step": "upsert", "made": false}), json!({"step": "check"})] {
        let mut op = at("note", &step);
        assert_eq!(judge(&op, &page(200)), "Unclear");
        assert_eq!(judge(&op, &page(404)), "Unclear");
        assert_eq!(judge(&op, &page(403)), "RateLimited");
        assert_eq!(judge(&op, &page(400)), "Unclear");
        op.attempt = 9;
        assert_eq!(judge(&op, &page(404)), "Unclear");
        assert_eq!(judge(&op, &page(406)), "NeedsFix(request_refused)");
    }
}

#[test]
fn steps_follow_each_other() {
    let key = json!({"id": "7", "properties": {"confee_key": "badge:l1:contact"}});
    let other =
        json!({"id": "7", "properties": {"email": "ada@acme.io", "phone": "", "jobtitle": null}});
    let taken =
        json!({"category": "CONFLICT", "message": "Contact already exists. Existing ID: 77"});
    let upsert = json!({"step": "upsert", "made": false});
    let read = json!({"step": "read", "id": "7"});
    let patch = json!({"step": "patch", "id": "7", "fill": ["phone"]});
    for (kind, step, status, body, next) in [
        ("contact", json!(null), 404, json!({}), "upsert"),
        ("contact", json!(null), 200, key, "upsert"),
        ("contact", json!(null), 200, other.clone(), "patch"),
        ("contact", read.clone(), 200, other, "patch"),
        ("contact", read, 404, json!({}), "Gone"),
        ("contact", patch.clone(), 200, json!({"id": "7"}), "Done"),
        ("contact", patch.clone(), 404, json!({}), "Gone"),
        ("contact", patch, 410, json!({}), "Gone"),
        ("contact", upsert.clone(), 409, taken, "read"),
        ("company", json!(null), 404, json!({}), "search"),
        ("company", json!({"step": "search"}), 200, json!({"results": []}), "upsert"),
        ("company", json!({"step": "search"}), 200, json!({"results": [{"id": "1"}]}), "Done"),
        (
            "company",
            json!({"step": "search"}),
            200,
            json!({"results": [{"id": "1"}, {"id": "2"}]}),
            "upsert",
        ),
        (
            "note",
            upsert,
            400,
            json!({"message": "non-unique property confee_key"}),
            "make_property",
        ),
        ("note", json!({"step": "make_property"}), 201, json!({}), "upsert"),
        ("note", json!({"step": "make_property"}), 409, json!({}), "upsert"),
        (
            "note",
            json!({"step": "make_property"}),
            403,
            json!({}),
            "NeedsFix(key_property_missing)",
        ),
        ("note", json!({"step": "check"}), 404, json!({}), "upsert"),
        ("note", json!({"step": "check"}), 400, json!({}), "upsert"),
        ("assoc:deal:contact", json!(null), 200, json!({"status": "COMPLETE"}), "Done"),
        ("assoc:deal:contact", json!(null), 404, json!({}), "Gone"),
    ] {
        let verdict = hubspot().interpret(&at(kind, &step), &answer(status, &body), 0);
        let got = match &verdict {
            Verdict::Continue { cursor } => {
                serde_json::from_str::<Value>(cursor).unwrap()["step"].as_str().unwrap().to_owned()
            }
            other => format!("{other:?}"),
        };
        assert_eq!(got, next, "{kind} {step} {status}");
    }
}

#[test]
fn a_problem_names_our_field_and_theirs() {
    let body = json!({"correlationId": "c-9", "message": "no", "errors": [
        {"code": "INVALID_OPTION", "context": {"propertyName": ["amount"]}}]});
    let verdict = hubspot().interpret(&at("deal", &json!(null)), &answer(400, &body), 0);
    let Verdict::NeedsFix(p) = verdict else { panic!("{verdict:?}") };
    assert!(p.sentence.contains("Budget") && p.sentence.contains("amount"), "{}", p.sentence);
    assert_eq!((p.field.as_deref(), p.crm_property.as_deref()), (Some("budget"), Some("amount")));
    assert_eq!(
        (p.our_value.as_deref(), p.correlation_id.as_deref()),
        (Some("60000.5"), Some("c-9"))
    );
}

#[test]
fn limits_tell_how_long() {
    let wait = |attempt, body: &Value, headers: &[(&str, &str)]| {
        let mut op = at("deal", &json!(null));
        op.attempt = attempt;
        let headers = headers.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        let response = Response { headers, ..answer(429, body) };
        match hubspot().interpret(&op, &response, 82_800_000) {
            Verdict::RateLimited { after_ms, daily } => (after_ms.unwrap(), daily),
            other => panic!("{other:?}"),
        }
    };
    let rolling = json!({"policyName": "TEN_SECONDLY_ROLLING"});
    assert_eq!(wait(1, &rolling, &[]), (10_000, false));
    assert_eq!(wait(3, &rolling, &[]), (30_000, false));
    assert_eq!(wait(1, &json!({"policyName": "DAILY"}), &[]), (3_600_000, true));
    assert_eq!(
        wait(1, &json!({}), &[("X-HubSpot-RateLimit-Daily-Remaining", "0")]),
        (3_600_000, true)
    );
    let interval = [("X-HubSpot-RateLimit-Interval-Milliseconds", "10000")];
    assert_eq!(wait(2, &json!({}), &interval), (20_000, false));
    assert_eq!(wait(1, &json!({}), &[]), (1_000, false));
}
