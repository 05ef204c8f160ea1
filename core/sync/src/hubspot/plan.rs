use std::collections::BTreeMap;

use confee_domain::{ApprovedLead, FieldKey, Op, OpId, OpState};
use serde_json::json;

use super::config::HubSpotConfig;
use super::step::{End, Object, Payload};
use super::{domain, name, text};

/// Links, in the order they are made, where both ends exist.
const LINKS: [(&str, &str); 9] = [
    ("contact", "company"),
    ("deal", "contact"),
    ("deal", "company"),
    ("note", "contact"),
    ("note", "company"),
    ("note", "deal"),
    ("task", "contact"),
    ("task", "company"),
    ("task", "deal"),
];

/// The ops of a lead, parents before children.
pub(super) fn plan(lead: &ApprovedLead, config: &HubSpotConfig) -> Vec<Op> {
    let who = who(lead);
    let firm = lead.text(FieldKey::Email).and_then(domain::corporate);
    let record = |kind, object, properties| Record { kind, object, properties, domain: None };
    let mut records = Vec::new();
    if let Some(properties) = company(lead, firm.as_deref()) {
        let object = Object::Companies;
        records.push(Record { kind: "company", object, properties, domain: firm });
    }
    if let Some(properties) = contact(lead) {
        records.push(record("contact", Object::Contacts, properties));
    }
    records.push(record("deal", Object::Deals, deal(lead, config, &who)));
    records.push(record("note", Object::Notes, text::note(lead, config)));
    if let Some(properties) = text::task(lead, &who) {
        records.push(record("task", Object::Tasks, properties));
    }
    build(lead, config, records)
}

struct Record {
    kind: &'static str,
    object: Object,
    properties: BTreeMap<String, String>,
    domain: Option<String>,
}

fn build(lead: &ApprovedLead, config: &HubSpotConfig, records: Vec<Record>) -> Vec<Op> {
    let objects: BTreeMap<&str, Object> = records.iter().map(|r| (r.kind, r.object)).collect();
    let people: Vec<&str> =
        ["company", "contact"].into_iter().filter(|k| objects.contains_key(k)).collect();
    let mut ops: Vec<Op> =
        records.into_iter().map(|r| record_op(lead, config, r, &people)).collect();
    for (from, to) in LINKS {
        if let (Some(a), Some(b)) = (objects.get(from), objects.get(to)) {
            let end = |kind: &str, object| End { object, kind: kind.to_owned() };
            let payload = Payload::Link { from: end(from, *a), to: end(to, *b) };
            let kind = format!("assoc:{from}:{to}");
            ops.push(op(lead, config, kind, payload, &[from, to], None));
        }
    }
    ops
}

/// Deals, notes and tasks wait for the company and the contact, so that none is left without.
fn record_op(lead: &ApprovedLead, config: &HubSpotConfig, record: Record, people: &[&str]) -> Op {
    let Record { kind, object, properties, domain } = record;
    let parents = if matches!(object, Object::Companies | Object::Contacts) { &[] } else { people };
    let key = domain.as_ref().map(|d| format!("badge:company:{d}"));
    let payload = Payload::Record { object, properties, domain };
    op(lead, config, kind.to_owned(), payload, parents, key)
}

fn op(
    lead: &ApprovedLead,
    config: &HubSpotConfig,
    kind: String,
    payload: Payload,
    parents: &[&str],
    key: Option<String>,
) -> Op {
    let connector = config.connector_id();
    Op {
        id: OpId::new(&connector, &lead.id, &kind),
        lead_id: lead.id.clone(),
        depends_on: parents.iter().map(|p| OpId::new(&connector, &lead.id, p)).collect(),
        connector,
        idem_key: key.unwrap_or_else(|| format!("badge:{}:{kind}", lead.id)),
        kind,
        payload: json!(payload),
        version: lead.version,
        state: OpState::Pending,
        attempt: 0,
        next_at_ms: lead.approved_at_ms,
        failing_since_ms: None,
        remote_id: None,
        cursor: None,
        problem: None,
    }
}

fn who(lead: &ApprovedLead) -> String {
    [FieldKey::Company, FieldKey::Name, FieldKey::Email, FieldKey::Phone]
        .into_iter()
        .find_map(|k| lead.text(k))
        .unwrap_or("Unknown visitor")
        .to_owned()
}

fn put(out: &mut BTreeMap<String, String>, property: &str, value: Option<&str>) {
    if let Some(value) = value.map(str::trim).filter(|v| !v.is_empty()) {
        out.insert(property.to_owned(), text::clip(value, text::TEXT_MAX));
    }
}

fn company(lead: &ApprovedLead, firm: Option<&str>) -> Option<BTreeMap<String, String>> {
    let mut out = BTreeMap::new();
    put(&mut out, "name", lead.text(FieldKey::Company));
    put(&mut out, "domain", firm);
    (!out.is_empty()).then_some(out)
}

fn contact(lead: &ApprovedLead) -> Option<BTreeMap<String, String>> {
    let mut out = BTreeMap::new();
    let (first, last) = lead.text(FieldKey::Name).map_or((None, None), name::split);
    put(&mut out, "firstname", first.as_deref());
    put(&mut out, "lastname", last.as_deref());
    put(&mut out, "email", lead.text(FieldKey::Email).map(str::to_lowercase).as_deref());
    put(&mut out, "phone", lead.text(FieldKey::Phone));
    if out.is_empty() {
        return None;
    }
    put(&mut out, "jobtitle", lead.text(FieldKey::Title));
    put(&mut out, "company", lead.text(FieldKey::Company));
    Some(out)
}

fn deal(lead: &ApprovedLead, config: &HubSpotConfig, who: &str) -> BTreeMap<String, String> {
    let event = config.event.as_deref().unwrap_or("badge lead");
    let mut out = BTreeMap::new();
    put(&mut out, "dealname", Some(&text::clip(&format!("{who} – {event}"), 1_000)));
    put(&mut out, "pipeline", Some(&config.pipeline));
    put(&mut out, "dealstage", Some(&config.deal_stage));
    amount(lead, config, &mut out);
    // Noon UTC is the same day nearly everywhere.
    let close = lead.timeline().map(|w| format!("{}T12:00:00.000Z", w.end.format("%Y-%m-%d")));
    put(&mut out, "closedate", close.as_deref());
    out
}

/// A sum in a currency that the account is known not to have is left to the note.
fn amount(lead: &ApprovedLead, config: &HubSpotConfig, out: &mut BTreeMap<String, String>) {
    let Some(budget) = lead.budget() else { return };
    let Some(sum) = budget.max.or(budget.min).filter(|s| s.is_finite() && *s >= 0.0) else {
        return;
    };
    let currency = budget.currency.as_deref();
    let known = currency.filter(|c| config.currencies.iter().any(|k| k.eq_ignore_ascii_case(c)));
    if currency.is_some() && known.is_none() && !config.currencies.is_empty() {
        return;
    }
    put(out, "amount", Some(&sum.to_string()));
    put(out, "deal_currency_code", known);
}
