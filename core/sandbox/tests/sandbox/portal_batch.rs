//! Batches.

use confee_sandbox::PortalSettings;
use confee_sandbox::portal::batch::BatchWrite;
use confee_sandbox::portal::{ObjectType, Outcome};
use serde_json::{Value, json};

use crate::common::{Fake, body};

fn upsert(fake: &mut Fake, object: ObjectType, inputs: Value) -> Outcome {
    let input = serde_json::from_value(json!({ "inputs": inputs })).unwrap();
    fake.portal.batch_write(object, BatchWrite::Upsert, &input, fake.call)
}

fn keyed() -> Fake {
    let mut fake = Fake::default();
    for object in ObjectType::ALL {
        fake.unique(object, "op").unwrap();
    }
    fake
}

fn input(id: &str, properties: Value) -> Value {
    json!({ "id": id, "idProperty": "op", "properties": properties })
}

fn traced(id: &str, properties: Value) -> Value {
    let mut input = input(id, properties);
    input["objectWriteTraceId"] = id.into();
    input
}

#[test]
fn upsert_creates_once_and_then_updates() {
    let mut fake = keyed();
    let note = json!([input("k1", json!({ "hs_timestamp": "0", "hs_note_body": "a" }))]);
    let first = body(upsert(&mut fake, ObjectType::Note, note.clone()));
    let again = body(upsert(&mut fake, ObjectType::Note, note));
    assert_eq!(
        (&first["results"][0]["new"], &again["results"][0]["new"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(first["results"][0]["id"], again["results"][0]["id"]);
    assert_eq!(first["results"][0]["properties"]["op"], "k1");
    let part = json!([input("k1", json!({ "hs_note_body": "b" }))]);
    let changed = body(upsert(&mut fake, ObjectType::Note, part));
    assert_eq!(changed["results"][0]["properties"]["hs_note_body"], "b");
    assert_eq!(fake.count(ObjectType::Note), 1);
}

#[test]
fn one_bad_input_undoes_the_whole_batch() {
    let mut fake = keyed();
    upsert(&mut fake, ObjectType::Company, json!([input("old", json!({ "name": "Old" }))]))
        .unwrap();
    let before = fake.portal.content();
    let inputs = json!([
        input("new", json!({ "name": "New" })),
        input("old", json!({ "name": "Changed" })),
        input("bad", json!({ "name": "Bad", "nickname": "x" })),
    ]);
    let error = upsert(&mut fake, ObjectType::Company, inputs).unwrap_err();
    assert_eq!(error.violations[0].code, "PROPERTY_DOESNT_EXIST");
    assert_eq!(fake.portal.content(), before);
    let retry = json!([input("new", json!({ "name": "New" }))]);
    let made = body(upsert(&mut fake, ObjectType::Company, retry));
    assert_eq!(made["results"][0]["new"], true, "the undone key is free again");
}

#[test]
fn trace_ids_make_failures_partial() {
    let mut fake = keyed();
    let inputs = json!([
        traced("a", json!({ "name": "A" })),
        traced("b", json!({ "nickname": "B" })),
        traced("c", json!({ "name": "C" })),
    ]);
    let reply = upsert(&mut fake, ObjectType::Company, inputs).unwrap();
    assert_eq!(reply.status, 207);
    assert_eq!(reply.body["numErrors"], 1);
    assert_eq!(reply.body["errors"][0]["context"]["objectWriteTraceId"], json!(["b"]));
    assert_eq!(reply.body["errors"][0]["category"], "VALIDATION_ERROR");
    let order: Vec<&str> = reply.body["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["objectWriteTraceId"].as_str().unwrap())
        .collect();
    assert_eq!(order, ["c", "a"], "results do not follow the inputs");
    assert_eq!(fake.count(ObjectType::Company), 2);
}

#[test]
fn malformed_batches_are_refused_whole() {
    let many: Vec<Value> =
        (0..101).map(|n| input(&n.to_string(), json!({ "name": "x" }))).collect();
    let twice = [input("k", json!({ "name": "A" })), input("k", json!({ "name": "B" }))];
    let by_name = json!([{ "id": "A", "idProperty": "name", "properties": {} }]);
    let by_name_traced = json!([{ "id": "A", "idProperty": "name", "properties": {},
        "objectWriteTraceId": "t" }]);
    let no_key = json!([{ "id": "A", "properties": { "name": "A" } }]);
    let no_id = json!([{ "idProperty": "op", "properties": { "name": "A" } }]);
    let table = [
        (json!(many), "100"),
        (json!(twice), "Duplicate IDs found in batch input: [k]"),
        (json!([]), "at least one"),
        (by_name, "non-unique 0-2 property name"),
        (by_name_traced, "non-unique 0-2 property name"),
        (no_key, "[idProperty]"),
        (no_id, "[id]"),
    ];
    for (inputs, expected) in table {
        let mut fake = keyed();
        let error = upsert(&mut fake, ObjectType::Company, inputs).unwrap_err();
        assert_eq!(error.status, 400, "{expected}");
        assert!(error.message.contains(expected), "{}", error.message);
        assert_eq!(fake.count(ObjectType::Company), 0);
    }
    let mut fake = keyed();
    let full: Vec<Value> =
        (0..100).map(|n| input(&n.to_string(), json!({ "name": "x" }))).collect();
    assert_eq!(upsert(&mut fake, ObjectType::Company, json!(full)).unwrap().status, 200);
}

#[test]
fn upsert_by_email_wants_every_property_again() {
    let by_email = |properties: Value| json!([{ "id": "ada@example.com", "idProperty": "email", "properties": properties }]);
    let whole = json!({ "firstname": "Ada", "phone": "1" });
    let mut fake = Fake::default();
    upsert(&mut fake, ObjectType::Contact, by_email(whole.clone())).unwrap();
    let again = body(upsert(&mut fake, ObjectType::Contact, by_email(whole.clone())));
    assert_eq!(again["results"][0]["new"], false);
    let part = json!({ "phone": "2" });
    let error = upsert(&mut fake, ObjectType::Contact, by_email(part.clone())).unwrap_err();
    assert_eq!(error.context["propertyName"], ["firstname"]);
    let settings =
        PortalSettings { refuse_partial_email_upsert: false, ..PortalSettings::default() };
    let mut lenient = Fake::with(settings);
    upsert(&mut lenient, ObjectType::Contact, by_email(whole)).unwrap();
    let changed = body(upsert(&mut lenient, ObjectType::Contact, by_email(part)));
    assert_eq!(changed["results"][0]["properties"]["phone"], "2");
}

#[test]
fn an_upsert_by_key_still_meets_the_taken_email() {
    let mut fake = keyed();
    fake.make(ObjectType::Contact, json!({ "email": "ada@example.com" }));
    let inputs = json!([traced("k", json!({ "email": "ada@example.com" }))]);
    let reply = upsert(&mut fake, ObjectType::Contact, inputs).unwrap();
    assert_eq!(reply.status, 207);
    assert_eq!(reply.body["errors"][0]["category"], "CONFLICT");
    assert_eq!(fake.count(ObjectType::Contact), 1);
}

#[test]
fn batch_read_names_what_is_missing() {
    let mut fake = keyed();
    upsert(
        &mut fake,
        ObjectType::Deal,
        json!([input(
            "k",
            json!({ "dealname": "D",
        "pipeline": "default", "dealstage": "contractsent" })
        )]),
    )
    .unwrap();
    let ask = json!({ "idProperty": "op", "inputs": [{ "id": "k" }, { "id": "nothing" }],
        "properties": ["dealname"] });
    let ask = serde_json::from_value(ask).unwrap();
    let reply = fake.portal.batch_read(ObjectType::Deal, &ask, fake.call).unwrap();
    assert_eq!(reply.status, 207);
    assert_eq!(reply.body["results"][0]["properties"]["dealname"], "D");
    assert_eq!(reply.body["errors"][0]["context"]["ids"], json!(["nothing"]));
}

#[test]
fn batch_create_and_update_work_on_record_ids() {
    let mut fake = Fake::default();
    let inputs =
        json!({ "inputs": [{ "properties": { "name": "A" } }, { "properties": { "name": "B" } }] });
    let inputs = serde_json::from_value(inputs).unwrap();
    let made = fake.portal.batch_write(ObjectType::Company, BatchWrite::Create, &inputs, fake.call);
    let made = made.unwrap();
    assert_eq!(made.status, 201);
    let id = &made.body["results"][0]["id"];
    let change = json!({ "inputs": [{ "id": id, "properties": { "city": "Bonn" } }] });
    let change = serde_json::from_value(change).unwrap();
    let done = fake.portal.batch_write(ObjectType::Company, BatchWrite::Update, &change, fake.call);
    assert_eq!(body(done)["results"][0]["properties"]["city"], "Bonn");
}
