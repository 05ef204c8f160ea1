//! Whether a sandbox holds every lead exactly once.

use std::collections::BTreeMap;

use confee_sandbox::{ObjectType, PortalState};

use crate::talks;

const KEY: &str = "confee_key";
/// Kinds of record, as in our keys.
const KINDS: [(&str, ObjectType); 5] = [
    ("company", ObjectType::Company),
    ("contact", ObjectType::Contact),
    ("deal", ObjectType::Deal),
    ("note", ObjectType::Note),
    ("task", ObjectType::Task),
];
/// Which records of a lead are linked.
const LINKS: [(usize, usize); 9] =
    [(1, 0), (2, 1), (2, 0), (3, 1), (3, 0), (3, 2), (4, 1), (4, 0), (4, 2)];

fn key(n: usize, kind: &str) -> String {
    match kind {
        "company" => format!("badge:company:{}", talks::domain(n)),
        _ => format!("badge:{}:{kind}", talks::id(n)),
    }
}

/// What is wrong, if anything: a record, link or event of these leads that is missing, doubled or
/// made for nobody.
///
/// # Errors
/// One line per fault.
pub fn exactly_once(state: &PortalState, leads: &[usize]) -> Result<(), String> {
    let mut faults = Vec::new();
    let ids = records(state, leads, &mut faults);
    for (n, own) in leads.iter().zip(&ids) {
        for (a, b) in LINKS {
            if let (Some(from), Some(to)) = (own[a], own[b])
                && !state.portal.linked((KINDS[a].1, from), (KINDS[b].1, to))
            {
                faults.push(format!("{}: {} – {} missing", talks::id(*n), KINDS[a].0, KINDS[b].0));
            }
        }
    }
    let (links, expected) = (state.portal.associations.len(), leads.len() * LINKS.len());
    if links != expected {
        faults.push(format!("{links} links, expected {expected}"));
    }
    faults.extend(state.portal.duplicates.iter().map(|d| format!("{:?} {}", d.object, d.key)));
    events(state, leads, &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// Record ids by lead and kind; `None` where there is not exactly one.
fn records(
    state: &PortalState,
    leads: &[usize],
    faults: &mut Vec<String>,
) -> Vec<[Option<u64>; 5]> {
    let mut out = vec![[None; 5]; leads.len()];
    for (place, (kind, object)) in KINDS.into_iter().enumerate() {
        let stored = state.portal.of(object);
        if stored.len() != leads.len() {
            faults.push(format!("{} of {kind}, expected {}", stored.len(), leads.len()));
        }
        let mut by_key: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for record in stored {
            let key = record.properties.get(KEY).map_or("", String::as_str);
            by_key.entry(key).or_default().push(record.id);
        }
        for (own, n) in out.iter_mut().zip(leads) {
            match by_key.get(key(*n, kind).as_str()).map(Vec::as_slice) {
                Some([one]) => own[place] = Some(*one),
                found => faults.push(format!(
                    "{}: {} of {kind}",
                    talks::id(*n),
                    found.map_or(0, <[u64]>::len)
                )),
            }
        }
    }
    out
}

fn events(state: &PortalState, leads: &[usize], faults: &mut Vec<String>) {
    let events = state.webhooks.get("leads").map_or(&[][..], |hook| &hook.events);
    if events.len() != leads.len() {
        faults.push(format!("{} webhook events, expected {}", events.len(), leads.len()));
    }
    for n in leads {
        let id = format!("badge:{}:event", talks::id(*n));
        let sound = |e: &&confee_sandbox::WebhookEvent| {
            e.id == id
                && e.valid
                && e.same_body
                && e.accepted > 0
                && e.body.contains(&talks::id(*n))
        };
        if events.iter().filter(sound).count() != 1 {
            let seen: Vec<_> = events
                .iter()
                .map(|e| (&e.id, e.deliveries, e.accepted, e.valid, e.same_body))
                .collect();
            faults.push(format!("{id}: not one sound webhook event in {seen:?}"));
        }
    }
}
