//! Records, uniqueness and associations.

use confee_sandbox::portal::objects::View;
use confee_sandbox::portal::{ObjectType, Portal, PortalSettings};
use serde_json::{Value, json};

use crate::common::{Fake, body, time};

fn read(portal: &Portal, object: ObjectType, id: &str, by: Option<&str>, names: &[&str]) -> Value {
    let properties = names.iter().map(|n| (*n).to_owned()).collect();
    let view = View { properties, associations: vec!["contacts".into()] };
    body(portal.read(object, id, by, &view))
}

#[test]
fn a_contact_is_found_by_id_email_and_own_key() {
    let mut fake = Fake::default();
    fake.unique(ObjectType::Contact, "badge_op_id").unwrap();
    let values = json!({ "email": "Ada@Example.com", "badge_op_id": "badge:1", "phone": "5" });
    let id = fake.make(ObjectType::Contact, values);
    let ways =
        [(id.as_str(), None), ("ADA@example.COM", Some("email")), ("badge:1", Some("badge_op_id"))];
    for (key, by) in ways {
        let seen = read(&fake.portal, ObjectType::Contact, key, by, &["phone", "city", "nonsense"]);
        assert_eq!(seen["id"], id.as_str());
        assert_eq!(seen["properties"]["phone"], "5");
        assert_eq!(seen["properties"]["city"], Value::Null);
        assert!(seen["properties"].get("city").is_some(), "asked for but not set");
        assert!(seen["properties"].get("nonsense").is_none());
    }
    let seen = read(&fake.portal, ObjectType::Contact, &id, None, &[]);
    assert_eq!(seen["properties"]["email"], "ada@example.com");
    assert_eq!(seen["createdAt"], "2026-11-22T10:00:00Z");
}

#[test]
fn what_is_not_there_is_404_and_what_is_not_unique_is_400() {
    let fake = Fake::default();
    let status = |id: &str, by| {
        fake.portal.read(ObjectType::Contact, id, by, &View::default()).unwrap_err().status
    };
    assert_eq!(status("12", None), 404);
    assert_eq!(status("ada@example.com", None), 404);
    assert_eq!(status("ada@example.com", Some("email")), 404);
    assert_eq!(status("Ada", Some("firstname")), 400);
}

#[test]
fn a_taken_email_is_a_conflict_that_names_the_record() {
    let mut fake = Fake::default();
    let first = fake.make(ObjectType::Contact, json!({ "email": "ada@example.com" }));
    let error =
        fake.create(ObjectType::Contact, json!({ "email": "ADA@example.com" })).unwrap_err();
    assert_eq!((error.status, error.category), (409, Some("CONFLICT")));
    assert_eq!(error.message, format!("Contact already exists. Existing ID: {first}"));
    let other = fake.make(ObjectType::Contact, json!({ "email": "bob@example.com" }));
    let taken = json!({ "email": "ada@example.com" });
    assert_eq!(fake.update(ObjectType::Contact, &other, taken.clone()).unwrap_err().status, 409);
    fake.update(ObjectType::Contact, &first, json!({ "email": "" })).unwrap();
    assert!(fake.update(ObjectType::Contact, &other, taken).is_ok(), "a cleared value is free");
}

#[test]
fn a_taken_unique_value_is_refused_with_the_configured_status() {
    for status in [400, 409] {
        let settings =
            PortalSettings { unique_conflict_status: status, ..PortalSettings::default() };
        let mut fake = Fake::with(settings);
        fake.unique(ObjectType::Note, "op").unwrap();
        let note = json!({ "hs_timestamp": "0", "op": "k" });
        let first = fake.make(ObjectType::Note, note.clone());
        let error = fake.create(ObjectType::Note, note.clone()).unwrap_err();
        assert_eq!(error.status, status);
        assert!(error.message.contains(&format!("{first} already has that value")));
        fake.portal.archive(ObjectType::Note, &first);
        assert!(fake.create(ObjectType::Note, note).is_ok(), "an archived record frees its value");
    }
}

#[test]
fn two_companies_may_share_a_domain_and_are_reported() {
    let mut fake = Fake::default();
    for name in ["Acme", "ACME Ltd"] {
        fake.make(ObjectType::Company, json!({ "name": name, "domain": "acme.example" }));
    }
    let content = fake.portal.content();
    assert_eq!(content.counts[&ObjectType::Company], 2);
    assert_eq!(content.duplicates.len(), 1);
    assert_eq!(content.duplicates[0].ids.len(), 2);
}

#[test]
fn updates_change_what_they_name_and_archived_records_are_gone() {
    let mut fake = Fake::default();
    let id = fake.make(ObjectType::Contact, json!({ "firstname": "A", "lastname": "B" }));
    fake.call.now = time("2026-11-22T10:00:01.5Z");
    let made = body(fake.update(ObjectType::Contact, &id, json!({ "firstname": "" })));
    assert_eq!(made["properties"]["firstname"], Value::Null);
    assert_eq!(made["properties"]["lastname"], "B");
    assert_eq!(made["updatedAt"], "2026-11-22T10:00:01.500Z");
    assert_eq!(fake.update(ObjectType::Contact, &id, json!({})).unwrap_err().status, 400);
    assert_eq!(fake.portal.archive(ObjectType::Contact, &id).status, 204);
    assert_eq!(fake.portal.archive(ObjectType::Contact, &id).status, 204);
    assert_eq!(
        fake.update(ObjectType::Contact, &id, json!({ "city": "x" })).unwrap_err().status,
        404
    );
}

#[test]
fn pages_follow_the_record_ids() {
    let mut fake = Fake::default();
    let ids: Vec<String> =
        (0..5).map(|n| fake.make(ObjectType::Company, json!({ "name": n }))).collect();
    let mut seen = Vec::new();
    let mut after = 0;
    loop {
        let page = fake.portal.list(ObjectType::Company, 2, after, &View::default()).body;
        let results = page["results"].as_array().unwrap();
        seen.extend(results.iter().map(|r| r["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["paging"]["next"]["after"].as_str() else { break };
        after = next.parse().unwrap();
    }
    assert_eq!(seen, ids);
}

#[test]
fn a_link_is_one_link_from_either_end() {
    let mut fake = Fake::default();
    let contact = fake.make(ObjectType::Contact, json!({ "firstname": "A" }));
    let company = fake.make(ObjectType::Company, json!({ "name": "C" }));
    let (a, b) = ((ObjectType::Contact, contact.as_str()), (ObjectType::Company, company.as_str()));
    for (from, to, kind) in [(a, b, 279), (a, b, 279), (b, a, 280)] {
        let reply = body(fake.portal.associate(from, to, fake.call));
        assert_eq!(reply["results"][0]["associationSpec"]["associationTypeId"], kind);
    }
    let content = fake.portal.content();
    assert_eq!(content.associations.len(), 1);
    let link = content.associations.first().unwrap();
    assert_eq!((link.from_type, link.to_type), (ObjectType::Contact, ObjectType::Company));
    for (from, to, other) in [(a, b, &company), (b, a, &contact)] {
        let listed = body(fake.portal.associations(from, to.0, 500, 0));
        assert_eq!(listed["results"][0]["toObjectId"], other.as_str());
    }
    let missing = (ObjectType::Company, "1");
    assert_eq!(fake.portal.associate(a, missing, fake.call).unwrap_err().status, 404);
    fake.portal.dissociate(b, a).unwrap();
    assert!(fake.portal.content().associations.is_empty());
}

#[test]
fn links_can_be_made_with_the_record() {
    let mut fake = Fake::default();
    let contact = fake.make(ObjectType::Contact, json!({ "firstname": "A" }));
    let mut note = |id: &str, kind: u32| {
        let input = json!({
            "properties": { "hs_timestamp": "0" },
            "associations": [{ "to": { "id": id }, "types":
                [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": kind }] }],
        });
        let input = serde_json::from_value(input).unwrap();
        fake.portal.create(ObjectType::Note, &input, fake.call)
    };
    let wrong_kind = note(&contact, 204).unwrap_err();
    assert!(wrong_kind.message.starts_with("invalid from object type 0-46"));
    let nobody = note("1", 202).unwrap_err();
    assert_eq!(nobody.context["INVALID_OBJECT_IDS"], ["CONTACT=1 is not valid"]);
    let made = body(note(&contact, 202));
    assert_eq!(fake.count(ObjectType::Note), 1, "a refused link writes no record");
    let seen = read(&fake.portal, ObjectType::Note, made["id"].as_str().unwrap(), None, &[]);
    assert_eq!(seen["associations"]["contacts"]["results"][0]["id"], contact.as_str());
    fake.portal.archive(ObjectType::Contact, &contact);
    assert!(fake.portal.content().associations.is_empty());
}
