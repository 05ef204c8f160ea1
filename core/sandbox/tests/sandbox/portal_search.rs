//! Search and its lag.

use confee_sandbox::PortalSettings;
use confee_sandbox::portal::{ObjectType, Outcome};
use serde_json::{Value, json};

use crate::common::{Fake, body};

fn search(fake: &Fake, ask: Value) -> Outcome {
    fake.portal.search(ObjectType::Company, &serde_json::from_value(ask).unwrap())
}

fn names(outcome: Outcome) -> Vec<String> {
    let found = body(outcome);
    let name = |r: &Value| r["properties"]["name"].as_str().unwrap().to_owned();
    found["results"].as_array().unwrap().iter().map(name).collect()
}

fn filled() -> Fake {
    let mut fake = Fake::default();
    for (name, domain, people) in
        [("Acme", "acme.example", "5"), ("Bolt", "", "40"), ("Acme Rail", "rail.example", "300")]
    {
        let company = json!({ "name": name, "domain": domain, "numberofemployees": people });
        fake.make(ObjectType::Company, company);
    }
    fake
}

#[test]
fn operators_find_what_they_should() {
    let filter = |name: &str, operator: &str, value: Value| json!({ "propertyName": name, "operator": operator, "value": value });
    let between = json!({ "propertyName": "numberofemployees", "operator": "BETWEEN",
        "value": "10", "highValue": "300" });
    let listed = json!({ "propertyName": "name", "operator": "IN", "values": ["acme", "bolt"] });
    let table = [
        (filter("name", "EQ", json!("acme")), vec!["Acme"]),
        (filter("name", "NEQ", json!("Acme")), vec!["Bolt", "Acme Rail"]),
        (filter("domain", "HAS_PROPERTY", json!("")), vec!["Acme", "Acme Rail"]),
        (filter("domain", "NOT_HAS_PROPERTY", json!("")), vec!["Bolt"]),
        (filter("numberofemployees", "GT", json!(40)), vec!["Acme Rail"]),
        (filter("numberofemployees", "GTE", json!("40")), vec!["Bolt", "Acme Rail"]),
        (filter("numberofemployees", "LT", json!("40")), vec!["Acme"]),
        (filter("name", "CONTAINS_TOKEN", json!("rail")), vec!["Acme Rail"]),
        (filter("name", "CONTAINS_TOKEN", json!("ac*")), vec!["Acme", "Acme Rail"]),
        (filter("name", "NOT_CONTAINS_TOKEN", json!("acme")), vec!["Bolt"]),
        (between, vec!["Bolt", "Acme Rail"]),
        (listed, vec!["Acme", "Bolt"]),
    ];
    let fake = filled();
    for (filter, expected) in table {
        let ask = json!({ "filterGroups": [{ "filters": [filter] }] });
        assert_eq!(names(search(&fake, ask)), expected, "{filter}");
    }
}

#[test]
fn groups_are_alternatives_and_pages_are_cut() {
    let fake = filled();
    let eq =
        |v: &str| json!({ "filters": [{ "propertyName": "name", "operator": "EQ", "value": v }] });
    let ask = json!({ "filterGroups": [eq("Bolt"), eq("Acme")] });
    assert_eq!(names(search(&fake, ask)), ["Acme", "Bolt"]);
    let sorts = json!([{ "propertyName": "name", "direction": "DESCENDING" }]);
    let ask = json!({ "sorts": sorts, "limit": 2 });
    let page = body(search(&fake, ask.clone()));
    assert_eq!((&page["total"], &page["paging"]["next"]["after"]), (&json!(3), &json!("2")));
    assert_eq!(names(search(&fake, ask)), ["Bolt", "Acme Rail"]);
    let rest = json!({ "sorts": sorts, "limit": 2, "after": "2" });
    assert_eq!(names(search(&fake, rest)), ["Acme"]);
    assert_eq!(names(search(&fake, json!({ "query": "RAIL" }))), ["Acme Rail"]);
}

#[test]
fn too_much_and_unknown_is_refused() {
    let fake = filled();
    let filter = json!({ "propertyName": "name", "operator": "EQ", "value": "x" });
    let group = json!({ "filters": [filter] });
    let table = [
        json!({ "filterGroups": vec![group; 6] }),
        json!({ "filters": vec![filter; 7] }),
        json!({ "filters": [{ "propertyName": "name", "operator": "LIKE", "value": "x" }] }),
        json!({ "filters": [{ "propertyName": "nickname", "operator": "EQ", "value": "x" }] }),
    ];
    for ask in table {
        assert_eq!(search(&fake, ask.clone()).unwrap_err().status, 400, "{ask}");
    }
}

#[test]
fn the_index_lags_by_requests() {
    let mut fake = Fake::with(PortalSettings { index_lag: 3, ..PortalSettings::default() });
    let id = fake.make(ObjectType::Company, json!({ "name": "Old" }));
    let mut after_request = |expected: &[&str]| {
        fake.portal.tick();
        assert_eq!(names(search(&fake, json!({}))), expected);
    };
    after_request(&[]);
    after_request(&[]);
    after_request(&["Old"]);
    fake.update(ObjectType::Company, &id, json!({ "name": "New" })).unwrap();
    assert_eq!(names(search(&fake, json!({}))), ["Old"], "search still shows the old state");
    for _ in 0..3 {
        fake.portal.tick();
    }
    assert_eq!(names(search(&fake, json!({}))), ["New"]);
}
