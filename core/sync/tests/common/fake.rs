use std::collections::{BTreeMap, BTreeSet};

use confee_sync::{Method, Request, Response};
use serde_json::{Value, json};
use url::Url;

use super::answer;

/// A HubSpot and a webhook receiver that remember what was done, with nothing else right.
#[derive(Default)]
pub(crate) struct Fake {
    pub(crate) records: BTreeMap<String, Vec<Value>>,
    pub(crate) links: BTreeSet<(String, String)>,
    pub(crate) key_on: BTreeSet<String>,
    pub(crate) hooks: BTreeMap<String, u32>,
    pub(crate) creations: u32,
    next_id: u32,
}

impl Fake {
    pub(crate) fn handle(&mut self, request: &Request) -> Response {
        let url = Url::parse(&request.url).unwrap();
        if url.host_str() == Some("hooks.example.com") {
            let id = request.headers.iter().find(|(n, _)| n == "webhook-id").unwrap().1.clone();
            *self.hooks.entry(id).or_default() += 1;
            return answer(200, &json!("Accepted"));
        }
        let path: Vec<String> = url.path_segments().unwrap().map(decode).collect();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let by = url.query_pairs().find(|(k, _)| k == "idProperty").map(|(_, v)| v.into_owned());
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        match (request.method, &path[1..]) {
            (Method::Post, ["properties", _, kind]) => self.make_property(kind),
            (Method::Post, ["objects", _, kind, "search"]) => self.search(kind, &body),
            (Method::Post, ["objects", _, kind, "batch", "upsert"]) => self.upsert(kind, &body),
            (Method::Get, ["objects", _, kind, id]) => self.get(kind, id, by.as_deref()),
            (Method::Patch, ["objects", _, kind, id]) => self.patch(kind, id, &body),
            (Method::Put, ["objects", _, a, x, "associations", "default", b, y]) => {
                self.link((*a, *x), (*b, *y))
            }
            other => panic!("no such request: {other:?}"),
        }
    }

    /// Puts a record there that is not ours.
    pub(crate) fn plant(&mut self, kind: &str, properties: Value) -> String {
        self.next_id += 1;
        let id = self.next_id.to_string();
        let record = json!({"id": id, "properties": properties});
        self.records.entry(kind.into()).or_default().push(record);
        id
    }

    fn find(&mut self, kind: &str, name: &str, value: &str) -> Option<&mut Value> {
        let all = self.records.entry(kind.into()).or_default();
        all.iter_mut().find(|r| match name {
            "id" => r["id"] == value,
            _ => r["properties"][name] == value,
        })
    }

    fn make_property(&mut self, kind: &str) -> Response {
        let new = self.key_on.insert(kind.into());
        answer(if new { 201 } else { 409 }, &json!({"name": "confee_key"}))
    }

    fn get(&mut self, kind: &str, id: &str, by: Option<&str>) -> Response {
        if by == Some("confee_key") && !self.key_on.contains(kind) {
            return answer(400, &json!({"message": "non-unique property confee_key"}));
        }
        match self.find(kind, by.unwrap_or("id"), id) {
            Some(record) => answer(200, record),
            None => answer(404, &json!({"message": "resource not found"})),
        }
    }

    fn search(&mut self, kind: &str, body: &Value) -> Response {
        let domain = body["filterGroups"][0]["filters"][0]["value"].as_str().unwrap();
        let all = self.records.entry(kind.into()).or_default();
        let hits: Vec<&Value> =
            all.iter().filter(|r| r["properties"]["domain"] == domain).collect();
        answer(200, &json!({"total": hits.len(), "results": hits}))
    }

    fn upsert(&mut self, kind: &str, body: &Value) -> Response {
        let input = &body["inputs"][0];
        if !self.key_on.contains(kind) {
            let text = "Unable to perform update/upsert by non-unique property confee_key";
            return answer(400, &json!({"category": "VALIDATION_ERROR", "message": text}));
        }
        let key = input["id"].as_str().unwrap();
        let email = input["properties"]["email"].as_str();
        if let (Some(email), None) = (email, self.find(kind, "confee_key", key))
            && let Some(other) = self.find(kind, "email", email)
        {
            let text =
                format!("Contact already exists. Existing ID: {}", other["id"].as_str().unwrap());
            return answer(409, &json!({"category": "CONFLICT", "message": text}));
        }
        let mut properties = input["properties"].clone();
        properties["confee_key"] = json!(key);
        if let Some(old) = self.find(kind, "confee_key", key) {
            merge(old, &properties);
            let result = json!({"id": old["id"], "new": false});
            return answer(200, &json!({"results": [result]}));
        }
        self.creations += 1;
        let id = self.plant(kind, properties);
        answer(
            200,
            &json!({"status": "COMPLETE", "results": [{"id": id, "new": true}], "warnings": [{}]}),
        )
    }

    fn patch(&mut self, kind: &str, id: &str, body: &Value) -> Response {
        match self.find(kind, "id", id) {
            Some(record) => {
                merge(record, &body["properties"]);
                answer(200, record)
            }
            None => answer(404, &json!({"message": "Object not found."})),
        }
    }

    fn link(&mut self, a: (&str, &str), b: (&str, &str)) -> Response {
        for (kind, id) in [a, b] {
            if self.find(kind, "id", id).is_none() {
                return answer(404, &json!({"message": "Object not found."}));
            }
        }
        self.links.insert((format!("{}/{}", a.0, a.1), format!("{}/{}", b.0, b.1)));
        answer(200, &json!({"status": "COMPLETE"}))
    }

    pub(crate) fn count(&self, kind: &str) -> usize {
        self.records.get(kind).map_or(0, Vec::len)
    }
}

fn merge(record: &mut Value, properties: &Value) {
    for (name, value) in properties.as_object().unwrap() {
        record["properties"][name] = value.clone();
    }
}

fn decode(segment: &str) -> String {
    let bytes = segment.as_bytes();
    let (mut out, mut i) = (Vec::new(), 0);
    while i < bytes.len() {
        let hex = segment.get(i + 1..i + 3).and_then(|h| u8::from_str_radix(h, 16).ok());
        match (bytes[i], hex) {
            (b'%', Some(byte)) => (out.push(byte), i += 3),
            (byte, _) => (out.push(byte), i += 1),
        };
    }
    String::from_utf8(out).unwrap()
}
