//! Which values the portal takes.

use confee_sandbox::portal::ObjectType;
use confee_sandbox::{AdminRule, PortalSettings};
use serde_json::{Value, json};

use crate::common::{Fake, body, refusal};

#[test]
fn refused_values_name_their_code() {
    use ObjectType::{Company, Contact, Deal, Note, Task};
    let stage = json!({ "dealname": "D", "pipeline": "default", "dealstage": "won" });
    let table = [
        (Contact, json!({ "nickname": "x" }), "PROPERTY_DOESNT_EXIST"),
        (Contact, json!({ "email": "nobody@" }), "INVALID_EMAIL"),
        (Contact, json!({ "email": "a b@c.de" }), "INVALID_EMAIL"),
        (Contact, json!({ "email": "a..b@c.de" }), "INVALID_EMAIL"),
        (Contact, json!({ "hs_object_id": "5" }), "READ_ONLY_VALUE"),
        (Contact, json!({ "createdate": "2026-01-01" }), "READ_ONLY_VALUE"),
        (Contact, json!({ "hs_lead_status": "Warm" }), "INVALID_OPTION"),
        (Contact, json!({ "lifecyclestage": "Customer" }), "INVALID_OPTION"),
        (Contact, json!({ "hubspot_owner_id": "1" }), "INVALID_OWNER_ID"),
        (Contact, json!({ "date_of_birth": "first of May" }), "INVALID_DATE"),
        (Contact, json!({ "date_of_birth": "2026-02-30" }), "INVALID_DATE"),
        (Company, json!({ "name": "C", "annualrevenue": "1,000" }), "INVALID_NUMBER"),
        (Company, json!({ "name": "C", "numberofemployees": "NaN" }), "INVALID_NUMBER"),
        (Deal, stage, "INVALID_OPTION"),
        (Note, json!({ "hs_timestamp": "tomorrow" }), "INVALID_LONG"),
        (Task, json!({ "hs_timestamp": "0", "hs_task_type": "to do" }), "INVALID_OPTION"),
    ];
    for (object, properties, code) in table {
        let mut fake = Fake::default();
        let outcome = fake.create(object, properties.clone());
        let (status, codes) = refusal(outcome);
        assert_eq!(status, 400, "{properties}");
        assert!(codes.contains(&code), "{properties}: {codes:?}");
        assert_eq!(fake.count(object), 0, "nothing is written");
    }
}

#[test]
fn scalars_are_taken_as_text_but_lists_and_objects_are_not() {
    let mut fake = Fake::default();
    let company = json!({ "name": "C", "annualrevenue": 12.5, "city": true, "zip": null });
    let made = body(fake.create(ObjectType::Company, company));
    assert_eq!(made["properties"]["annualrevenue"], "12.5");
    assert_eq!(made["properties"]["city"], "true");
    assert_eq!(made["properties"]["zip"], Value::Null);
    for bad in [json!(["a"]), json!({ "value": "a" })] {
        let error = fake.create(ObjectType::Company, json!({ "name": bad })).unwrap_err();
        assert_eq!(error.status, 400);
        assert!(error.message.contains("Cannot deserialize"), "{}", error.message);
    }
}

#[test]
fn times_are_kept_as_iso_and_dates_as_days() {
    let table = [
        ("hs_timestamp", json!("1764586800000"), "2025-12-01T11:00:00Z"),
        ("hs_timestamp", json!(1_764_586_800_250_u64), "2025-12-01T11:00:00.250Z"),
        ("hs_timestamp", json!("2025-12-01T12:00:00+01:00"), "2025-12-01T11:00:00Z"),
        ("hs_timestamp", json!("2025-12-01"), "2025-12-01T00:00:00Z"),
    ];
    for (name, sent, kept) in table {
        let made = body(Fake::default().create(ObjectType::Note, json!({ name: sent })));
        assert_eq!(made["properties"][name], kept, "{sent}");
    }
}

#[test]
fn dates_are_normalised_with_a_warning_since_2026_09_and_refused_before() {
    let sent = json!({ "date_of_birth": "1990-01-01T08:30:00Z" });
    let mut fake = Fake::default();
    let made = body(fake.create(ObjectType::Contact, sent.clone()));
    assert_eq!(made["properties"]["date_of_birth"], "1990-01-01");
    assert_eq!(made["warnings"][0]["category"], "PROPERTY_VALUE_NORMALIZED");
    let plain = body(fake.create(ObjectType::Contact, json!({ "date_of_birth": "1990-01-01" })));
    assert_eq!(plain["warnings"], Value::Null);
    fake.call.enforces_rules = false;
    let error = fake.create(ObjectType::Contact, sent).unwrap_err();
    assert!(error.violations[0].message.contains("not midnight"), "{:?}", error.violations);
}

#[test]
fn required_properties_are_asked_for() {
    use ObjectType::{Company, Contact, Deal, Note, Task};
    let deal = json!({ "dealname": "D", "pipeline": "default" });
    let table = [
        (Contact, json!({}), vec![]),
        (Company, json!({ "city": "Bonn" }), vec!["name", "domain"]),
        (Company, json!({ "domain": "a.example" }), vec![]),
        (Deal, deal, vec!["dealstage"]),
        (Note, json!({ "hs_note_body": "x" }), vec!["hs_timestamp"]),
        (Task, json!({ "hs_timestamp": "" }), vec!["hs_timestamp"]),
    ];
    for (object, properties, missing) in table {
        match Fake::default().create(object, properties) {
            Ok(_) => assert!(missing.is_empty(), "{object:?}"),
            Err(error) => {
                assert_eq!(error.context["properties"], missing, "{object:?}");
                assert_eq!(error.violations[0].code, "MISSING_REQUIRED_PROPERTY");
            }
        }
    }
}

#[test]
fn the_lifecycle_only_moves_forward_unless_it_is_cleared() {
    let mut fake = Fake::default();
    let id = fake.make(ObjectType::Contact, json!({ "lifecyclestage": "opportunity" }));
    let mut stage = |to: &str| {
        let made = body(fake.update(ObjectType::Contact, &id, json!({ "lifecyclestage": to })));
        made["properties"]["lifecyclestage"].clone()
    };
    assert_eq!(stage("lead"), "opportunity");
    assert_eq!(stage("customer"), "customer");
    assert_eq!(stage(""), Value::Null);
    assert_eq!(stage("lead"), "lead");
}

#[test]
fn administrators_change_what_is_taken() {
    let contact = ObjectType::Contact;
    let name = |s: &str| s.to_owned();
    let required = AdminRule::RequireOnCreate { object: contact, property: name("jobtitle") };
    let conditional = AdminRule::RequireWhen {
        object: contact,
        property: name("state"),
        when: name("country"),
        equals: name("US"),
    };
    let retired = AdminRule::RetireOption {
        object: contact,
        property: name("hs_lead_status"),
        value: name("NEW"),
    };
    let archived = AdminRule::ArchiveProperty { object: contact, property: name("city") };
    let locked = AdminRule::ProtectProperty { object: contact, property: name("phone") };
    let gone = AdminRule::DeactivateOwner { owner_id: name("71001") };
    let table = [
        (required, json!({}), "MISSING_REQUIRED_PROPERTY", true),
        (conditional, json!({ "country": "US" }), "MISSING_CONDITIONAL_REQUIRED_PROPERTY", true),
        (retired, json!({ "hs_lead_status": "NEW" }), "INVALID_OPTION", false),
        (archived, json!({ "city": "Bonn" }), "PROPERTY_DOESNT_EXIST", false),
        (locked, json!({ "phone": "1" }), "READ_ONLY_VALUE", false),
        (gone, json!({ "hubspot_owner_id": "71001" }), "INVALID_OWNER_ID", false),
    ];
    for (rule, properties, code, only_new_versions) in table {
        let mut fake = Fake::default();
        assert!(fake.create(contact, properties.clone()).is_ok(), "{code} before the rule");
        assert!(fake.portal.apply_rule(&rule), "{code}");
        assert_eq!(refusal(fake.create(contact, properties.clone())), (400, vec![code]));
        fake.call.enforces_rules = false;
        assert_eq!(fake.create(contact, properties).is_ok(), only_new_versions, "{code} in v3");
    }
    let unknown = AdminRule::ArchiveProperty { object: contact, property: name("nickname") };
    assert!(!Fake::default().portal.apply_rule(&unknown));
}

#[test]
fn a_required_property_binds_creation_only() {
    let mut fake = Fake::default();
    let id = fake.make(ObjectType::Contact, json!({ "firstname": "A" }));
    let property = "jobtitle".to_owned();
    fake.portal.apply_rule(&AdminRule::RequireOnCreate { object: ObjectType::Contact, property });
    assert!(fake.update(ObjectType::Contact, &id, json!({ "firstname": "B" })).is_ok());
    fake.portal.apply_rule(&AdminRule::LiftRequirements);
    assert!(fake.create(ObjectType::Contact, json!({ "firstname": "C" })).is_ok());
}

#[test]
fn custom_properties_follow_hubspots_rules() {
    let mut fake = Fake::default();
    for n in 0..10 {
        fake.unique(ObjectType::Deal, &format!("op_{n}")).unwrap();
    }
    let eleventh = fake.unique(ObjectType::Deal, "op_10").unwrap_err();
    assert_eq!((eleventh.status, eleventh.category), (400, Some("VALIDATION_ERROR")));
    let taken = fake.unique(ObjectType::Deal, "op_3").unwrap_err();
    assert_eq!((taken.status, taken.category), (409, Some("OBJECT_ALREADY_EXISTS")));
    let schema = fake.portal.schema_mut(ObjectType::Deal);
    let change = json!({ "hasUniqueValue": false });
    assert_eq!(schema.update("op_3", change.as_object().unwrap()).unwrap_err().status, 400);
    let change = json!({ "label": "Operation" });
    assert_eq!(schema.update("op_3", change.as_object().unwrap()).unwrap().label, "Operation");
    assert_eq!(schema.update("dealname", change.as_object().unwrap()).unwrap_err().status, 400);
    schema.archive("op_3").unwrap();
    assert!(schema.get("op_3").is_none());
    assert!(fake.unique(ObjectType::Deal, "op_3").is_ok(), "an archived property comes back");
    for bad in ["Op", "1op", "op id", ""] {
        assert_eq!(fake.unique(ObjectType::Task, bad).unwrap_err().status, 400, "{bad}");
    }
}

#[test]
fn archived_properties_hide_their_values() {
    let mut fake = Fake::with(PortalSettings::default());
    let id = fake.make(ObjectType::Contact, json!({ "city": "Bonn", "firstname": "A" }));
    let property = "city".to_owned();
    fake.portal.apply_rule(&AdminRule::ArchiveProperty { object: ObjectType::Contact, property });
    let made = body(fake.update(ObjectType::Contact, &id, json!({ "firstname": "B" })));
    assert_eq!(made["properties"]["city"], Value::Null);
}
