//! Links between records. HubSpot's are two-way: a link made from either end is one link.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Call, ObjectType, Outcome, Portal, Reply, iso};
use crate::errors::ApiError;

/// Default association type ids, from the first kind to the second, as HubSpot publishes them.
const TYPES: &[(ObjectType, ObjectType, u32)] = &[
    (ObjectType::Contact, ObjectType::Company, 279),
    (ObjectType::Company, ObjectType::Contact, 280),
    (ObjectType::Deal, ObjectType::Contact, 3),
    (ObjectType::Contact, ObjectType::Deal, 4),
    (ObjectType::Deal, ObjectType::Company, 341),
    (ObjectType::Company, ObjectType::Deal, 342),
    (ObjectType::Note, ObjectType::Contact, 202),
    (ObjectType::Contact, ObjectType::Note, 201),
    (ObjectType::Note, ObjectType::Company, 190),
    (ObjectType::Company, ObjectType::Note, 189),
    (ObjectType::Note, ObjectType::Deal, 214),
    (ObjectType::Deal, ObjectType::Note, 213),
    (ObjectType::Task, ObjectType::Contact, 204),
    (ObjectType::Contact, ObjectType::Task, 203),
    (ObjectType::Task, ObjectType::Company, 192),
    (ObjectType::Company, ObjectType::Task, 191),
    (ObjectType::Task, ObjectType::Deal, 216),
    (ObjectType::Deal, ObjectType::Task, 215),
];

/// Type ids of a record's primary company (and back).
const PRIMARY: &[(ObjectType, ObjectType, u32)] = &[
    (ObjectType::Contact, ObjectType::Company, 1),
    (ObjectType::Company, ObjectType::Contact, 2),
    (ObjectType::Deal, ObjectType::Company, 5),
    (ObjectType::Company, ObjectType::Deal, 6),
];

/// One link, kept once whichever end it was made from: contact to company, deal to contact and
/// company, note and task to the others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Link {
    /// Kind of the first end.
    pub from_type: ObjectType,
    /// Record id of the first end.
    pub from_id: u64,
    /// Kind of the second end.
    pub to_type: ObjectType,
    /// Record id of the second end.
    pub to_id: u64,
}

impl std::fmt::Display for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = |object: ObjectType| format!("{object:?}").to_lowercase();
        let (from, to) = (name(self.from_type), name(self.to_type));
        write!(f, "{from} {} – {to} {}", self.from_id, self.to_id)
    }
}

impl Link {
    /// The link between two records, in its kept direction.
    #[must_use]
    pub fn new(a: (ObjectType, u64), b: (ObjectType, u64)) -> Self {
        let (from, to) = if a >= b { (a, b) } else { (b, a) };
        Self { from_type: from.0, from_id: from.1, to_type: to.0, to_id: to.1 }
    }
}

/// A link asked for inside a create.
#[derive(Debug, Clone, Deserialize)]
pub struct AssociationInput {
    /// The other record.
    pub to: TargetInput,
    /// Association types, which also say what kind the other record is.
    #[serde(default)]
    pub types: Vec<TypeInput>,
}

/// Names the other record.
#[derive(Debug, Clone, Deserialize)]
pub struct TargetInput {
    /// Record id, as text or number.
    pub id: Value,
}

/// Names an association type.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TypeInput {
    /// `HUBSPOT_DEFINED`.
    #[serde(default)]
    pub association_category: Option<String>,
    /// HubSpot's number.
    pub association_type_id: u32,
}

/// Every link of the portal, findable from both ends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Associations {
    links: BTreeSet<Link>,
    ends: BTreeSet<(ObjectType, u64, ObjectType, u64)>,
}

impl Associations {
    fn insert(&mut self, a: (ObjectType, u64), b: (ObjectType, u64)) {
        self.links.insert(Link::new(a, b));
        self.ends.insert((a.0, a.1, b.0, b.1));
        self.ends.insert((b.0, b.1, a.0, a.1));
    }

    fn remove(&mut self, a: (ObjectType, u64), b: (ObjectType, u64)) {
        self.links.remove(&Link::new(a, b));
        self.ends.remove(&(a.0, a.1, b.0, b.1));
        self.ends.remove(&(b.0, b.1, a.0, a.1));
    }

    pub(crate) fn remove_all(&mut self, object: ObjectType, id: u64) {
        for kind in ObjectType::ALL {
            for other in self.of(object, id, kind) {
                self.remove((object, id), (kind, other));
            }
        }
    }

    pub(crate) fn of(&self, object: ObjectType, id: u64, to: ObjectType) -> Vec<u64> {
        let range = (object, id, to, 0)..=(object, id, to, u64::MAX);
        self.ends.range(range).map(|end| end.3).collect()
    }

    pub(crate) fn all(&self) -> &BTreeSet<Link> {
        &self.links
    }
}

fn default_type(from: ObjectType, to: ObjectType) -> Option<u32> {
    TYPES.iter().find(|(f, t, _)| (*f, *t) == (from, to)).map(|(_, _, id)| *id)
}

impl Portal {
    /// `PUT .../{from}/{id}/associations/default/{to}/{id}`; making a link again changes nothing.
    ///
    /// # Errors
    ///
    /// 404 for an unknown record, 400 for kinds that cannot be linked.
    pub fn associate(
        &mut self,
        from: (ObjectType, &str),
        to: (ObjectType, &str),
        call: Call,
    ) -> Outcome {
        let from_id = self.find(from.0, from.1, None)?;
        let to_id = self.find(to.0, to.1, None)?;
        let (Some(there), Some(back)) = (default_type(from.0, to.0), default_type(to.0, from.0))
        else {
            let text = format!("No association type between {} and {}", from.0.id(), to.0.id());
            return Err(ApiError::validation(text));
        };
        self.links.insert((from.0, from_id), (to.0, to_id));
        let entry = |a: u64, b: u64, kind: u32| {
            json!({
                "from": { "id": a.to_string() },
                "to": { "id": b.to_string() },
                "associationSpec":
                    { "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": kind },
            })
        };
        let now = iso(call.now);
        Ok(Reply::new(
            200,
            json!({
                "status": "COMPLETE",
                "results": [entry(from_id, to_id, there), entry(to_id, from_id, back)],
                "startedAt": now,
                "completedAt": now,
            }),
        ))
    }

    /// `DELETE .../{from}/{id}/associations/{to}/{id}`: 204 whether or not there was a link.
    ///
    /// # Errors
    ///
    /// 404 for an unknown record.
    pub fn dissociate(&mut self, from: (ObjectType, &str), to: (ObjectType, &str)) -> Outcome {
        let a = (from.0, self.find(from.0, from.1, None)?);
        let b = (to.0, self.find(to.0, to.1, None)?);
        self.links.remove(a, b);
        Ok(Reply::new(204, Value::Null))
    }

    /// `GET .../{from}/{id}/associations/{to}`; `after` is the last id seen.
    ///
    /// # Errors
    ///
    /// 404 for an unknown record.
    pub fn associations(
        &self,
        from: (ObjectType, &str),
        to: ObjectType,
        limit: usize,
        after: u64,
    ) -> Outcome {
        let id = self.find(from.0, from.1, None)?;
        let kind = default_type(from.0, to);
        let mut ids = self.links.of(from.0, id, to).into_iter().filter(|id| *id > after);
        let page: Vec<u64> = ids.by_ref().take(limit.clamp(1, 500)).collect();
        let types = json!([{ "category": "HUBSPOT_DEFINED", "typeId": kind, "label": null }]);
        let entry = |id: &u64| json!({ "toObjectId": id.to_string(), "associationTypes": types });
        let mut body = json!({ "results": page.iter().map(entry).collect::<Vec<_>>() });
        if let (true, Some(last)) = (ids.next().is_some(), page.last()) {
            body["paging"] = json!({ "next": { "after": last.to_string() } });
        }
        Ok(Reply::new(200, body))
    }

    /// The records that inline associations mean.
    pub(crate) fn resolve_links(
        &self,
        object: ObjectType,
        inputs: &[AssociationInput],
    ) -> Result<Vec<(ObjectType, u64)>, ApiError> {
        let mut targets = Vec::new();
        for input in inputs {
            let id = match &input.to.id {
                Value::String(s) => s.clone(),
                other => other.to_string(),
            };
            if input.types.is_empty() {
                let text = "Invalid input JSON: each association needs at least one type";
                return Err(ApiError::validation(text));
            }
            for wanted in &input.types {
                let to = target_kind(object, wanted.association_type_id)?;
                let known = self.find(to, &id, None).map_err(|_| invalid_target(to, &id))?;
                targets.push((to, known));
            }
        }
        Ok(targets)
    }

    pub(crate) fn link_all(&mut self, object: ObjectType, id: u64, to: &[(ObjectType, u64)]) {
        for target in to {
            self.links.insert((object, id), *target);
        }
    }

    /// The `associations` member of a read.
    pub(crate) fn listed_links(
        &self,
        object: ObjectType,
        id: u64,
        kinds: &[String],
    ) -> Option<Value> {
        let mut listed = Map::new();
        for kind in kinds.iter().filter_map(|k| ObjectType::parse(k)) {
            let ids = self.links.of(object, id, kind);
            if ids.is_empty() {
                continue;
            }
            let label = format!(
                "{}_to_{}",
                object.singular().to_lowercase(),
                kind.singular().to_lowercase()
            );
            let entry = |id: &u64| json!({ "id": id.to_string(), "type": label });
            let results: Vec<Value> = ids.iter().map(entry).collect();
            listed.insert(kind.plural().into(), json!({ "results": results }));
        }
        (!listed.is_empty()).then_some(Value::Object(listed))
    }
}

fn target_kind(from: ObjectType, type_id: u32) -> Result<ObjectType, ApiError> {
    let rows = || TYPES.iter().chain(PRIMARY).filter(move |(_, _, id)| *id == type_id);
    if let Some((_, to, _)) = rows().find(|(f, _, _)| *f == from) {
        return Ok(*to);
    }
    let text = match rows().next() {
        Some((expected, _, _)) => format!(
            "invalid from object type {} for associations to be created. expected: {}",
            from.id(),
            expected.id()
        ),
        None => format!("Association type {type_id} does not exist"),
    };
    Err(ApiError::validation(text))
}

fn invalid_target(kind: ObjectType, id: &str) -> ApiError {
    ApiError::validation("One or more associations are invalid")
        .with("INVALID_OBJECT_IDS", [format!("{}={id} is not valid", kind.singular())])
        .with("objectId", [id])
        .with("objectType", [kind.singular()])
}
