//! Any interleaving of lost requests, lost answers, limits, failures, sign-outs and restarts ends
//! with every effect at the remote exactly once.
#![allow(clippy::unwrap_used, reason = "test code")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use common::fake::Fake;
use common::{answer, connectors, hubspot, lead, webhook};
use confee_domain::{ApprovedLead, ConnectorId, FieldKey, FieldValue, OpState};
use confee_sync::{
    Connector, Journal, MemoryJournal, Network, Outbox, PreparedRequest, Response, TransportError,
};
use proptest::prelude::*;
use serde_json::json;

#[derive(Debug, Clone, Copy)]
enum Fault {
    None,
    LostRequest,
    NotSent,
    LostAnswer,
    Limit,
    DailyLimit,
    ServerError,
    ServerErrorAfterwards,
    SignedOut,
    Html,
    Truncated,
    Locked,
    Restart,
    RestartAfterwards,
    Doubled,
}

fn fault() -> impl Strategy<Value = Fault> {
    use Fault::*;
    prop_oneof![
        6 => Just(None),
        1 => prop::sample::select(vec![
            LostRequest, NotSent, LostAnswer, Limit, DailyLimit, ServerError,
            ServerErrorAfterwards, SignedOut, Html, Truncated, Locked, Restart, RestartAfterwards,
            Doubled,
        ]),
    ]
}

struct World {
    journal: Arc<MemoryJournal>,
    outbox: Outbox<Arc<MemoryJournal>>,
    fake: Fake,
    now: i64,
    in_flight: Vec<PreparedRequest>,
}

impl World {
    fn new(leads: &[ApprovedLead]) -> Self {
        let journal = Arc::new(MemoryJournal::default());
        for lead in leads {
            journal.enqueue(hubspot().plan(lead));
            journal.enqueue(webhook().plan(lead));
        }
        let outbox = Outbox::new(journal.clone(), connectors(), 7);
        Self { journal, outbox, fake: Fake::default(), now: 10_000, in_flight: vec![] }
    }

    fn restart(&mut self) {
        self.in_flight.clear();
        self.outbox = Outbox::new(self.journal.clone(), connectors(), 8);
        self.outbox.start().unwrap();
    }

    fn ask(&mut self, limit: usize) {
        let new = self.outbox.next_requests(self.now, Network::WIFI, limit).unwrap();
        let ops = self.journal.ops();
        for request in new {
            let op = ops.iter().find(|o| o.id == request.ticket.op).unwrap();
            for parent in self.journal.parents(op).unwrap() {
                assert_eq!(parent.state, OpState::Done, "a child overtook its parent");
            }
            let rival = self.in_flight.iter().any(|r| {
                let other = ops.iter().find(|o| o.id == r.ticket.op).unwrap();
                other.lead_id == op.lead_id && other.connector == op.connector
            });
            assert!(!rival, "two requests of one lead are under way");
            self.in_flight.push(request);
        }
    }

    fn serve(&mut self, which: usize, fault: Fault) {
        if self.in_flight.is_empty() {
            return;
        }
        let request = self.in_flight.swap_remove(which % self.in_flight.len());
        let ticket = &request.ticket;
        let (outbox, now) = (&self.outbox, self.now);
        let take = |r: Response| {
            outbox.on_response(ticket, &r, now).unwrap();
        };
        let lose = |e| {
            outbox.on_transport_error(ticket, e, now).unwrap();
        };
        let page = Response { status: 200, headers: vec![], body: b"<html>log in".to_vec() };
        let policy =
            |name: &str| answer(429, &json!({"errorType": "RATE_LIMIT", "policyName": name}));
        match fault {
            Fault::None => take(self.fake.handle(&request.request)),
            Fault::LostRequest => lose(TransportError::MaybeSent),
            Fault::NotSent => lose(TransportError::NotSent),
            Fault::LostAnswer => {
                self.fake.handle(&request.request);
                lose(TransportError::MaybeSent);
            }
            Fault::Limit => take(policy("TEN_SECONDLY_ROLLING")),
            Fault::DailyLimit => take(policy("DAILY")),
            Fault::ServerError => take(answer(503, &json!({}))),
            Fault::ServerErrorAfterwards => {
                self.fake.handle(&request.request);
                take(answer(500, &json!({})));
            }
            Fault::SignedOut => take(answer(401, &json!({"category": "INVALID_AUTHENTICATION"}))),
            // Webhook receivers answer 200 with any body.
            Fault::Html | Fault::Truncated if request.request.url.contains("hooks") => {
                take(self.fake.handle(&request.request));
            }
            Fault::Html => take(page),
            Fault::Truncated => {
                let mut cut = self.fake.handle(&request.request);
                cut.body.truncate(cut.body.len() / 2);
                take(cut);
            }
            Fault::Locked => take(answer(423, &json!({}))),
            Fault::Restart => self.restart(),
            Fault::RestartAfterwards => {
                self.fake.handle(&request.request);
                self.restart();
            }
            Fault::Doubled => {
                let first = self.fake.handle(&request.request);
                let again = self.fake.handle(&request.request);
                take(first);
                take(again);
            }
        }
    }

    fn settle(&mut self) {
        for round in 0..5_000 {
            self.outbox.credentials_changed(&ConnectorId("hubspot".into())).unwrap();
            self.outbox.credentials_changed(&ConnectorId("make".into())).unwrap();
            self.ask(4);
            if self.in_flight.is_empty() {
                match self.outbox.next_wake().unwrap() {
                    Some(at) => self.now = self.now.max(at),
                    None => return,
                }
            }
            self.serve(round, Fault::None);
        }
        panic!("it does not come to rest");
    }

    fn check(&self, leads: &[ApprovedLead]) {
        for op in self.journal.ops() {
            assert_eq!(op.state, OpState::Done, "{}: {:?}", op.id, op.problem.map(|p| p.sentence));
        }
        let emails: BTreeSet<&str> = leads.iter().filter_map(|l| l.text(FieldKey::Email)).collect();
        assert_eq!(self.fake.count("contacts"), emails.len());
        assert_eq!(self.fake.count("companies"), 1, "one firm for all");
        for kind in ["deals", "notes", "tasks"] {
            assert_eq!(self.fake.count(kind), leads.len(), "{kind}");
        }
        assert_eq!(self.fake.hooks.len(), leads.len());
        let mut keys = BTreeMap::new();
        for record in self.fake.records.values().flatten() {
            *keys.entry(record["properties"]["confee_key"].to_string()).or_insert(0) += 1;
        }
        assert!(keys.values().all(|n| *n == 1));
        let contact_links = if emails.len() < leads.len() { emails.len() } else { leads.len() };
        assert_eq!(self.fake.links.len(), leads.len() * 8 + contact_links);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn every_effect_arrives_once(
        script in prop::collection::vec((fault(), 0usize..8, 0i64..40_000, 1usize..5), 0..120),
        same_person in any::<bool>(),
        edit_at in 0usize..150,
    ) {
        let second = if same_person { "ada@acme.io" } else { "bob@acme.io" };
        let mut leads = vec![lead("l1", "ada@acme.io"), lead("l2", second), lead("l3", "eve@acme.io")];
        let mut world = World::new(&leads);
        for (i, (fault, which, pause, limit)) in script.into_iter().enumerate() {
            if i == edit_at {
                edit(&mut world, &mut leads);
            }
            world.now += pause;
            world.ask(limit);
            world.serve(which, fault);
        }
        world.settle();
        world.check(&leads);
    }
}

fn edit(world: &mut World, leads: &mut [ApprovedLead]) {
    let lead = &mut leads[2];
    lead.version = 2;
    lead.values[3].value = FieldValue::Text("eve@acme.io".into());
    lead.values[8].value = FieldValue::Text("corrected pain".into());
    world.journal.enqueue(hubspot().plan(lead));
}

#[test]
fn an_edit_under_way_is_not_lost() {
    let mut leads =
        vec![lead("l1", "a@acme.io"), lead("l2", "b@acme.io"), lead("l3", "eve@acme.io")];
    for steps in 0..60 {
        let mut world = World::new(&leads);
        leads[2] = lead("l3", "eve@acme.io");
        for i in 0..steps {
            world.ask(3);
            world.serve(i, Fault::None);
        }
        world.ask(3);
        edit(&mut world, &mut leads);
        world.settle();
        world.check(&leads);
        let notes = &world.fake.records["notes"];
        let corrected = |n: &&serde_json::Value| n.to_string().contains("corrected pain");
        assert_eq!(notes.iter().filter(corrected).count(), 1, "after {steps} steps");
        leads[2] = lead("l3", "eve@acme.io");
    }
}

#[test]
fn people_and_firms_that_are_there_are_adopted_and_only_filled() {
    let leads = [lead("l1", "ada@acme.io")];
    let mut world = World::new(&leads);
    world
        .fake
        .plant("contacts", json!({"email": "ada@acme.io", "firstname": "Augusta", "phone": ""}));
    let firm = world.fake.plant("companies", json!({"domain": "acme.io", "name": "ACME Inc"}));
    world.settle();
    let contact = &world.fake.records["contacts"][0]["properties"];
    assert_eq!(
        (&contact["firstname"], &contact["phone"]),
        (&json!("Augusta"), &json!("+4915550100"))
    );
    assert_eq!(contact.get("confee_key"), None);
    assert_eq!(world.fake.records["companies"][0]["properties"]["name"], "ACME Inc");
    assert_eq!(common::op(&world.journal.ops(), "company").remote_id, Some(firm));
    assert_eq!((world.fake.count("contacts"), world.fake.count("companies")), (1, 1));
}

#[test]
fn two_firms_of_one_domain_are_left_alone() {
    let mut world = World::new(&[lead("l1", "ada@acme.io")]);
    for name in ["ACME Inc", "ACME Ltd"] {
        world.fake.plant("companies", json!({"domain": "acme.io", "name": name}));
    }
    world.settle();
    assert_eq!(world.fake.count("companies"), 3);
}

#[test]
fn a_deleted_record_is_made_again_once() {
    let mut world = World::new(&[lead("l1", "ada@acme.io")]);
    while common::op(&world.journal.ops(), "assoc:deal:contact").state != OpState::Done {
        world.ask(1);
        world.serve(0, Fault::None);
    }
    world.fake.records.remove("tasks");
    while common::op(&world.journal.ops(), "task").state != OpState::Done {
        world.ask(1);
        world.serve(0, Fault::None);
    }
    world.fake.records.remove("tasks");
    world.settle();
    assert_eq!(world.fake.count("tasks"), 1);
    assert!(world.journal.ops().iter().all(|o| o.state == OpState::Done));
}
