use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use confee_domain::{ApprovedLead, FieldKey, FieldValue};
use serde_json::{Map, Value, json};

/// Version of the body; within a version, members are only added.
pub const WEBHOOK_SCHEMA_VERSION: u32 = 1;
/// Some receivers cut or refuse longer bodies.
const PREFERRED_BYTES: usize = 20_000;

/// The body of `lead.approved`.
pub(super) fn approved(lead: &ApprovedLead, key: &str) -> Value {
    let at = DateTime::from_timestamp_millis(lead.approved_at_ms).unwrap_or_default();
    let mut body = envelope("lead.approved", at, key, &lead.id);
    body["lead_version"] = json!(lead.version);
    let mut data = flat(lead);
    data.insert("lead".into(), lead.json.clone());
    body["data"] = Value::Object(data);
    if body.to_string().len() > PREFERRED_BYTES {
        thin(&mut body["data"]["lead"], "alternatives");
    }
    if body.to_string().len() > PREFERRED_BYTES {
        thin(&mut body["data"]["lead"], "evidence");
    }
    body
}

fn envelope(kind: &str, at: DateTime<Utc>, key: &str, lead_id: &str) -> Value {
    json!({
        "type": kind,
        "timestamp": at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "schema_version": WEBHOOK_SCHEMA_VERSION,
        "idempotency_key": key,
        "lead_id": lead_id,
    })
}

/// One level of keys, always all of them, `null` where nothing was said: tools that learn fields
/// from the first sample find every field in it.
fn flat(lead: &ApprovedLead) -> Map<String, Value> {
    let budget = lead.budget();
    let step = lead.next_step().map(|(s, _)| s);
    let due = step.and_then(|s| s.due);
    let day = |d: Option<NaiveDate>| d.map(|d| d.to_string());
    let authority = lead.values.iter().find_map(|v| match v.value {
        FieldValue::Authority(a) => Some(a),
        _ => None,
    });
    let pains: Vec<String> = lead
        .values
        .iter()
        .filter(|v| matches!(v.key, FieldKey::Pain(_)))
        .map(|v| v.value.display())
        .collect();
    let rivals: Vec<&str> = lead.competitors().map(|c| c.name.as_str()).collect();
    let body = json!({
        "captured_at": lead.captured_at.to_rfc3339(),
        "rep_name": lead.rep.name,
        "contact_name": lead.text(FieldKey::Name),
        "contact_title": lead.text(FieldKey::Title),
        "contact_company": lead.text(FieldKey::Company),
        "contact_email": lead.text(FieldKey::Email),
        "contact_phone": lead.text(FieldKey::Phone),
        "budget_status": budget.map(|b| b.status),
        "budget_min": budget.and_then(|b| b.min),
        "budget_max": budget.and_then(|b| b.max),
        "budget_currency": budget.and_then(|b| b.currency.clone()),
        "budget_period": budget.and_then(|b| b.period),
        "timeline_start": day(lead.timeline().map(|w| w.start)),
        "timeline_end": day(lead.timeline().map(|w| w.end)),
        "authority": authority,
        "pains": joined(&pains),
        "competitors": joined(&rivals),
        "next_step_kind": step.map(|s| s.kind),
        "next_step_due_start": day(due.map(|w| w.start)),
        "next_step_due_end": day(due.map(|w| w.end)),
        "score_points": lead.json["score"]["points"],
        "score_tier": lead.json["score"]["tier"],
    });
    match body {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn joined<S: AsRef<str>>(items: &[S]) -> Option<String> {
    let texts: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

/// Empties every list of that name.
fn thin(value: &mut Value, name: &str) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map.iter_mut() {
                if key == name && inner.is_array() {
                    *inner = json!([]);
                } else {
                    thin(inner, name);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| thin(item, name)),
        _ => {}
    }
}

/// The body of `lead.test`: a made-up lead in the shape of a real one.
pub(super) fn test(now_ms: i64, key: &str) -> Value {
    let at = DateTime::from_timestamp_millis(now_ms).unwrap_or_default();
    let mut body = envelope("lead.test", at, key, "test-lead");
    let said = |value: Value, text: &str| {
        json!({"value": value, "confidence": 0.9, "text": text, "alternatives": [], "evidence": [
            {"segment": 0, "start": 0, "end": text.chars().count(), "start_ms": 0, "end_ms": 1000}]})
    };
    body["lead_version"] = json!(1);
    body["data"] = json!({
        "captured_at": at.to_rfc3339(),
        "rep_name": "Robin Example",
        "contact_name": "Test Lead",
        "contact_title": "Head of Testing",
        "contact_company": "Example Ltd",
        "contact_email": "test@example.com",
        "contact_phone": "+15550100",
        "budget_status": "available",
        "budget_min": 50_000,
        "budget_max": 60_000,
        "budget_currency": "EUR",
        "budget_period": "year",
        "timeline_start": "2027-01-01",
        "timeline_end": "2027-03-31",
        "authority": "shared",
        "pains": "typing badges by hand",
        "competitors": "Example Rival",
        "next_step_kind": "demo",
        "next_step_due_start": "2027-01-11",
        "next_step_due_end": "2027-01-15",
        "score_points": 72,
        "score_tier": "hot",
        "lead": {
            "schema": 1,
            "id": "test-lead",
            "is_lead": {"value": true, "confidence": 1},
            "contact": {
                "name": said(json!("Test Lead"), "Test Lead"),
                "title": said(json!("Head of Testing"), "head of testing"),
                "company": said(json!("Example Ltd"), "Example Ltd"),
                "email": said(json!("test@example.com"), "test at example dot com"),
                "phone": said(json!("+15550100"), "plus one five five five oh one hundred"),
            },
            "budget": null,
            "timeline": null,
            "authority": said(json!("shared"), "we decide together"),
            "pains": [said(json!("typing badges by hand"), "typing badges by hand")],
            "competitors": [],
            "next_step": null,
            "score": {"points": 72, "tier": "hot", "known": 0.8, "terms": []},
        },
    });
    body
}
