//! Bytes from anywhere never panic; nothing secret or personal is printed; a half-open breaker, a
//! sign-out and a policy hold back what they should.
#![allow(clippy::unwrap_used, reason = "test code")]

mod common;

use std::sync::Arc;

use common::{HOOK, KEY, TOKEN, answer, bare_lead, connectors, hubspot, lead, op, tokens, webhook};
use confee_domain::{Breaker, ConnectorId, OpState};
use confee_sync::{
    Connector, Journal, MemoryJournal, Network, Outbox, Outcome, Response, STUCK_AFTER_MS,
    SyncPolicy, TransportError, stuck_since,
};
use proptest::prelude::*;
use serde_json::json;

fn outbox(ops: Vec<confee_domain::Op>) -> Outbox<Arc<MemoryJournal>> {
    let journal = Arc::new(MemoryJournal::default());
    journal.enqueue(ops);
    Outbox::new(journal, connectors(), 5)
}

fn step() -> impl Strategy<Value = Option<String>> {
    let known = prop::sample::select(vec![
        json!({"step": "find"}),
        json!({"step": "check"}),
        json!({"step": "search"}),
        json!({"step": "upsert", "made": true}),
        json!({"step": "make_property"}),
        json!({"step": "patch", "id": "1", "fill": ["phone", "nothing"]}),
        json!({"step": "read", "id": "1"}),
        json!({"step": "associate"}),
    ]);
    prop_oneof![Just(None), known.prop_map(|s| Some(s.to_string())), "\\PC{0,20}".prop_map(Some),]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let half = prop::sample::select(vec![
        json!({"results": [{"id": 1}]}),
        json!({"results": {}}),
        json!([[[]]]),
        json!({"errors": 3}),
        json!({"errors": [null]}),
        json!({"message": "Existing ID: "}),
        json!({"message": "[{\"a"}),
        json!({"id": "x", "properties": [1]}),
        json!({"context": {"propertyName": []}}),
    ]);
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        (half, 0usize..60).prop_map(|(v, cut)| {
            let mut bytes = v.to_string().into_bytes();
            bytes.truncate(bytes.len().saturating_sub(cut));
            bytes
        }),
        Just(b"<html>".to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]
    #[test]
    fn any_answer_is_taken(
        status in any::<u16>(),
        small in 100u16..600,
        pick in any::<bool>(),
        body in body(),
        retry in "\\PC{0,30}",
        date in "\\PC{0,30}",
        cursor in step(),
        which in 0usize..15,
        now in any::<i64>(),
    ) {
        let status = if pick { status } else { small };
        let mut ops = hubspot().plan(&lead("l1", "ada@acme.io"));
        ops.extend(webhook().plan(&lead("l1", "ada@acme.io")));
        let mut one = ops[which % ops.len()].clone();
        one.depends_on.clear();
        one.next_at_ms = i64::MIN;
        if !one.kind.starts_with("assoc") {
            one.cursor = cursor;
        }
        let outbox = outbox(vec![one]);
        let headers = vec![("Retry-After".into(), retry), ("Date".into(), date)];
        for request in outbox.next_requests(now, Network::WIFI, 1).unwrap() {
            let response = Response { status, headers: headers.clone(), body: body.clone() };
            let moved = outbox.on_response(&request.ticket, &response, now).unwrap();
            let idle = matches!(moved, Outcome::Ignored | Outcome::Moved(OpState::Sending));
            prop_assert!(!idle);
        }
        outbox.next_wake().unwrap();
        outbox.troubles(now).unwrap();
    }
}

#[test]
fn debug_prints_nothing_of_the_lead_or_the_keys() {
    let person = lead("l1", "ada@acme.io");
    let mut ops = hubspot().plan(&person);
    ops.extend(webhook().plan(&person));
    let mut shown = format!("{ops:?} {:?}", tokens());
    let outbox = outbox(ops);
    for request in outbox.next_requests(2_000, Network::WIFI, 9).unwrap() {
        shown += &format!("{request:?}");
        let refusal = json!({"message": "ada@acme.io is no", "errors": [
            {"code": "INVALID_EMAIL", "context": {"propertyName": ["email"]}}]});
        let response = answer(422, &refusal);
        shown += &format!("{response:?}");
        outbox.on_response(&request.ticket, &response, 2_000).unwrap();
    }
    for connector in connectors() {
        for op in outbox.journal().ops().iter().filter(|o| o.connector == *connector.id()) {
            shown += &format!("{op:?} {:?} {:?}", op.problem, connector.prepare(op, &[], 0));
            shown += &format!("{:?}", connector.interpret(op, &answer(400, &json!({})), 0));
        }
    }
    let hidden =
        [TOKEN, HOOK, KEY, "ada@", "Ada", "Byron", "acme", "Acme", "4915550100", "s3cr3t", "Robin"];
    for secret in hidden {
        let at = shown.find(secret);
        assert_eq!(at.map(|i| &shown[i.saturating_sub(60)..i + 30]), None, "{secret}");
    }
}

#[test]
fn signing_out_pauses_the_connection_and_loses_nothing() {
    let outbox = outbox(hubspot().plan(&lead("l1", "ada@acme.io")));
    let request = outbox.next_requests(2_000, Network::WIFI, 4).unwrap().remove(0);
    outbox.on_response(&request.ticket, &answer(401, &json!({})), 2_000).unwrap();
    assert!(outbox.journal().ops().iter().all(|o| o.state == OpState::Pending));
    assert!(outbox.next_requests(9_000_000, Network::WIFI, 4).unwrap().is_empty());
    assert_eq!(outbox.next_wake().unwrap(), None);
    assert_eq!(outbox.troubles(0).unwrap()[0].code, "signed_out");
    outbox.credentials_changed(&ConnectorId("hubspot".into())).unwrap();
    assert_eq!(outbox.next_requests(9_000_000, Network::WIFI, 4).unwrap().len(), 1);
}

#[test]
fn a_failed_lead_blocks_its_own_children_only() {
    let mut ops = hubspot().plan(&bare_lead("l1"));
    ops.extend(hubspot().plan(&bare_lead("l2")));
    let outbox = outbox(ops);
    let requests = outbox.next_requests(2_000, Network::WIFI, 4).unwrap();
    assert_eq!(requests.len(), 2, "one request a lead");
    outbox.on_response(&requests[0].ticket, &answer(400, &json!({})), 2_000).unwrap();
    let states = |lead: &str| {
        let ops = outbox.journal().ops();
        ops.iter().filter(|o| o.lead_id == lead).map(|o| o.state).collect::<Vec<_>>()
    };
    assert_eq!(states("l1")[0], OpState::NeedsFix);
    assert!(states("l1")[1..].iter().all(|s| *s == OpState::BlockedParent));
    assert!(states("l2")[1..].iter().all(|s| *s == OpState::Pending));
    outbox.retry(&requests[0].ticket.op, 3_000).unwrap();
    assert!(states("l1").iter().all(|s| *s == OpState::Pending));
}

#[test]
fn the_network_policy_is_asked_each_time() {
    let outbox = outbox(hubspot().plan(&bare_lead("l1")));
    for network in [Network::OFFLINE, Network::MOBILE] {
        assert!(outbox.next_requests(2_000, network, 4).unwrap().is_empty());
    }
    outbox.set_policy(SyncPolicy { allow_metered: true });
    assert_eq!(outbox.next_requests(2_000, Network::MOBILE, 4).unwrap().len(), 1);
}

#[test]
fn failures_open_the_breaker_over_a_restart_and_one_probe_goes() {
    let ops: Vec<_> = (0..8).flat_map(|i| hubspot().plan(&bare_lead(&format!("l{i}")))).collect();
    let first = outbox(ops);
    for request in first.next_requests(2_000, Network::WIFI, 5).unwrap() {
        first.on_response(&request.ticket, &answer(502, &json!({})), 2_000).unwrap();
    }
    let journal = first.journal().clone();
    let Breaker::Open { until_ms } =
        journal.connector(&ConnectorId("hubspot".into())).unwrap().breaker
    else {
        panic!("the breaker is not open");
    };
    let second = Outbox::new(journal, connectors(), 9);
    second.start().unwrap();
    assert_eq!(second.troubles(2_000).unwrap()[0].retry_at_ms, Some(until_ms));
    assert!(second.next_requests(until_ms - 1, Network::WIFI, 4).unwrap().is_empty());
    let probe = second.next_requests(until_ms, Network::WIFI, 4).unwrap();
    assert_eq!(probe.len(), 1);
    assert!(second.next_requests(until_ms, Network::WIFI, 4).unwrap().is_empty());
    second.on_response(&probe[0].ticket, &answer(404, &json!({})), until_ms).unwrap();
    assert!(second.next_requests(until_ms, Network::WIFI, 4).unwrap().len() > 1);
}

#[test]
fn an_answer_to_another_process_is_taken_once() {
    let first = outbox(webhook().plan(&bare_lead("l1")));
    let request = first.next_requests(2_000, Network::WIFI, 1).unwrap().remove(0);
    let stored = serde_json::to_string(&request.ticket).unwrap();
    let second = Outbox::new(first.journal().clone(), connectors(), 6);
    let ticket = serde_json::from_str(&stored).unwrap();
    assert_eq!(second.start_with(std::slice::from_ref(&ticket)).unwrap(), 1);
    assert!(second.next_requests(3_000, Network::WIFI, 4).unwrap().is_empty(), "still under way");
    let ok = answer(200, &json!({}));
    assert_eq!(second.on_response(&ticket, &ok, 3_000).unwrap(), Outcome::Moved(OpState::Done));
    assert_eq!(second.on_response(&ticket, &ok, 3_000).unwrap(), Outcome::Ignored);
    let late = second.on_transport_error(&ticket, TransportError::MaybeSent, 3_000).unwrap();
    assert_eq!(late, Outcome::Ignored);
}

#[test]
fn the_servers_time_wins_and_a_day_of_failing_is_shown() {
    let outbox = outbox(webhook().plan(&bare_lead("l1")));
    let request = outbox.next_requests(2_000, Network::WIFI, 1).unwrap().remove(0);
    let headers = vec![("Retry-After".to_owned(), "3600".to_owned())];
    let busy = Response { headers, ..answer(429, &json!({})) };
    outbox.on_response(&request.ticket, &busy, 2_000).unwrap();
    let op = op(&outbox.journal().ops(), "event");
    assert_eq!((op.state, op.next_at_ms), (OpState::RetryWait, 3_602_000));
    assert_eq!(stuck_since(&op, 2_000 + STUCK_AFTER_MS - 1), None);
    assert_eq!(stuck_since(&op, 2_000 + STUCK_AFTER_MS), Some(2_000));
}
