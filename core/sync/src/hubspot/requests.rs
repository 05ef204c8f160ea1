use confee_domain::Op;
use serde_json::{Value, json};
use url::Url;

use super::HubSpot;
use super::step::{End, Object, Payload, Step};
use crate::connector::PrepareError;
use crate::machine::problem;
use crate::request::{Method, Request};

impl HubSpot {
    pub(super) fn request(&self, op: &Op, parents: &[Op]) -> Result<Request, PrepareError> {
        let payload = Payload::of(op).ok_or_else(unreadable)?;
        let step = Step::of(op, &payload);
        let (method, url, body) = match &payload {
            Payload::Link { from, to } => {
                (Method::Put, self.link_url(from, to, parents)?, Value::Null)
            }
            Payload::Record { object, properties, domain } => match step {
                Step::Find => {
                    let email = payload.email().ok_or_else(unreadable)?;
                    let url = self.read_url(*object, email, Some("email"), &payload);
                    (Method::Get, url, Value::Null)
                }
                Step::Read { id } => {
                    (Method::Get, self.read_url(*object, &id, None, &payload), Value::Null)
                }
                Step::Check => {
                    let by = Some(self.config.key_property.as_str());
                    let url = self.read_url(*object, &op.idem_key, by, &payload);
                    (Method::Get, url, Value::Null)
                }
                Step::Patch { id, fill } => {
                    let filled: serde_json::Map<String, Value> = fill
                        .iter()
                        .filter_map(|p| Some((p.clone(), json!(properties.get(p)?))))
                        .collect();
                    let url =
                        self.url(&["crm", "objects", &self.config.version, object.path(), &id]);
                    (Method::Patch, url, json!({"properties": filled}))
                }
                Step::Search => {
                    let domain = domain.as_deref().ok_or_else(unreadable)?;
                    (Method::Post, self.object_url(*object, &["search"]), search_body(domain))
                }
                Step::MakeProperty => {
                    let url = self.url(&["crm", "properties", &self.config.version, object.path()]);
                    (Method::Post, url, self.property_body(*object))
                }
                Step::Upsert { .. } | Step::Associate => {
                    let url = self.object_url(*object, &["batch", "upsert"]);
                    let input = json!({
                        "id": op.idem_key,
                        "idProperty": self.config.key_property,
                        "properties": properties,
                    });
                    (Method::Post, url, json!({"inputs": [input]}))
                }
            },
        };
        self.sign(method, url, &body)
    }

    fn sign(&self, method: Method, url: Url, body: &Value) -> Result<Request, PrepareError> {
        let token = self.tokens.token(&self.id).map_err(PrepareError::Token)?;
        let mut headers = vec![
            ("authorization".to_owned(), format!("Bearer {}", token.expose())),
            ("accept".to_owned(), "application/json".to_owned()),
        ];
        let body = if body.is_null() {
            Vec::new()
        } else {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
            body.to_string().into_bytes()
        };
        let timeout_ms = self.config.timeout_ms;
        Ok(Request { method, url: url.into(), headers, body, timeout_ms })
    }

    fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    fn object_url(&self, object: Object, rest: &[&str]) -> Url {
        let head = ["crm", "objects", self.config.version.as_str(), object.path()];
        self.url(&[head.as_slice(), rest].concat())
    }

    fn read_url(&self, object: Object, id: &str, by: Option<&str>, payload: &Payload) -> Url {
        let mut url = self.object_url(object, &[id]);
        let mut names = vec![self.config.key_property.as_str()];
        if let Payload::Record { properties, .. } = payload {
            names.extend(properties.keys().map(String::as_str));
        }
        let mut query = url.query_pairs_mut();
        if let Some(by) = by {
            query.append_pair("idProperty", by);
        }
        query.append_pair("properties", &names.join(","));
        drop(query);
        url
    }

    /// Idempotent: linking twice leaves one link.
    fn link_url(&self, from: &End, to: &End, parents: &[Op]) -> Result<Url, PrepareError> {
        let id = |end: &End| {
            let op = parents.iter().find(|p| p.kind == end.kind);
            op.and_then(|p| p.remote_id.as_deref()).ok_or_else(unreadable)
        };
        let (a, b) = (id(from)?, id(to)?);
        let (from, to) = (from.object, to.object);
        Ok(self.object_url(from, &[a, "associations", "default", to.path(), b]))
    }

    fn property_body(&self, object: Object) -> Value {
        json!({
            "name": self.config.key_property,
            "label": "Confee key",
            "description": "Written by Confee Companion so that no lead arrives twice.",
            "type": "string",
            "fieldType": "text",
            "groupName": object.group(),
            "hasUniqueValue": true,
            "formField": false,
        })
    }
}

fn search_body(domain: &str) -> Value {
    json!({
        "filterGroups": [
            {"filters": [{"propertyName": "domain", "operator": "EQ", "value": domain}]}
        ],
        "properties": ["domain"],
        "limit": 2,
    })
}

fn unreadable() -> PrepareError {
    let text =
        "This entry of the outbox cannot be read any more. Open the lead and approve it again.";
    PrepareError::Problem(Box::new(problem("outbox_entry_unreadable", text)))
}
