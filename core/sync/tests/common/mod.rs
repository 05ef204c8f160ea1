//! What the tests share: a lead, connections, and a tiny HubSpot in memory.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "test code")]

pub(crate) mod fake;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use confee_domain::{
    ApprovedLead, ApprovedValue, Authority, Budget, BudgetStatus, Competitor, DateWindow, FieldKey,
    FieldValue, NextStep, Op, OpId, Period, Relation, Rep, StepKind,
};
use confee_sync::{
    Connector, HubSpot, HubSpotConfig, Response, Secret, StaticTokens, Webhook, WebhookConfig,
};
use serde_json::{Value, json};

pub(crate) const TOKEN: &str = "pat-s3cr3t-t0ken";
pub(crate) const HOOK: &str = "https://hooks.example.com/s3cr3t-path";
pub(crate) const KEY: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

pub(crate) fn tokens() -> Arc<StaticTokens> {
    Arc::new(StaticTokens::one("hubspot", TOKEN).with("make", KEY))
}

pub(crate) fn hubspot() -> HubSpot {
    HubSpot::new(HubSpotConfig::default(), tokens()).unwrap()
}

pub(crate) fn webhook() -> Webhook {
    Webhook::new(WebhookConfig::new("make", "Make", Secret::new(HOOK)), tokens()).unwrap()
}

pub(crate) fn connectors() -> Vec<Arc<dyn Connector>> {
    vec![Arc::new(hubspot()), Arc::new(webhook())]
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// A lead with every field.
pub(crate) fn lead(id: &str, email: &str) -> ApprovedLead {
    let text = |t: &str| FieldValue::Text(t.to_owned());
    let budget = Budget {
        status: BudgetStatus::Available,
        min: Some(50_000.0),
        max: Some(60_000.5),
        currency: Some("EUR".into()),
        period: Some(Period::Year),
    };
    let rival = Competitor { name: "Rival & Sons".into(), relation: Relation::Current };
    let step = NextStep { kind: StepKind::Call, due: Some(DateWindow::day(day(4, 1))) };
    let values = vec![
        (FieldKey::Name, text("Ada van der Byron")),
        (FieldKey::Title, text("CTO")),
        (FieldKey::Company, text("Acme <Labs>")),
        (FieldKey::Email, text(email)),
        (FieldKey::Phone, text("+4915550100")),
        (FieldKey::Budget, FieldValue::Budget(budget)),
        (FieldKey::Timeline, FieldValue::Window(DateWindow::new(day(7, 1), day(9, 30)))),
        (FieldKey::Authority, FieldValue::Authority(Authority::Shared)),
        (FieldKey::Pain(0), text("we type badges by hand")),
        (FieldKey::Competitor(0), FieldValue::Competitor(rival)),
        (FieldKey::NextStep, FieldValue::NextStep(step)),
    ];
    approved(id, values)
}

/// A lead of whom only the name is known.
pub(crate) fn bare_lead(id: &str) -> ApprovedLead {
    approved(id, vec![(FieldKey::Name, FieldValue::Text("Cher".into()))])
}

fn approved(id: &str, values: Vec<(FieldKey, FieldValue)>) -> ApprovedLead {
    let quote = Some("those were the words".to_owned());
    ApprovedLead {
        id: id.into(),
        version: 1,
        captured_at: DateTime::parse_from_rfc3339("2026-03-20T16:12:00+01:00").unwrap(),
        approved_at_ms: 1_000,
        rep: Rep { name: Some("Robin Rep".into()), company: None },
        values: values
            .into_iter()
            .map(|(key, value)| ApprovedValue { key, value, quote: quote.clone() })
            .collect(),
        json: lead_json(id),
    }
}

fn lead_json(id: &str) -> Value {
    let evidence = json!([{"segment": 0, "start": 0, "end": 3, "start_ms": 0, "end_ms": 10}]);
    let name = json!({"value": "Ada van der Byron", "confidence": 0.9, "text": "Ada",
        "evidence": evidence, "alternatives": []});
    json!({
        "schema": 1, "id": id, "is_lead": {"value": true, "confidence": 1},
        "contact": {"name": name, "title": null, "company": null, "email": null, "phone": null},
        "budget": null, "timeline": null, "authority": null, "pains": [], "competitors": [],
        "next_step": null, "score": {"points": 72, "tier": "hot", "known": 1, "terms": []},
    })
}

pub(crate) fn op(ops: &[Op], kind: &str) -> Op {
    ops.iter().find(|o| o.kind == kind).unwrap_or_else(|| panic!("{kind}")).clone()
}

pub(crate) fn id(ops: &[Op], kind: &str) -> OpId {
    op(ops, kind).id
}

pub(crate) fn answer(status: u16, body: &Value) -> Response {
    Response { status, headers: vec![], body: body.to_string().into_bytes() }
}
