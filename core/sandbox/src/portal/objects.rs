//! Records: create, read, update, archive, and the uniqueness of values.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::associations::AssociationInput;
use super::validate::Checked;
use super::{Call, ObjectType, Outcome, Portal, Reply, iso};
use crate::errors::ApiError;

/// One record.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) id: u64,
    pub(crate) properties: BTreeMap<String, String>,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
    pub(crate) archived: bool,
    /// What search still shows, until the portal has counted `fresh_at` requests.
    pub(crate) stale: Option<BTreeMap<String, String>>,
    pub(crate) fresh_at: u64,
}

/// The records of one type.
#[derive(Debug, Clone, Default)]
pub(crate) struct Store {
    pub(crate) records: BTreeMap<u64, Record>,
    unique: HashMap<(String, String), u64>,
}

impl Store {
    pub(crate) fn live(&self) -> impl Iterator<Item = &Record> {
        self.records.values().filter(|r| !r.archived)
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Record> {
        self.records.get(&id).filter(|r| !r.archived)
    }

    pub(crate) fn by_unique(&self, name: &str, value: &str) -> Option<u64> {
        self.unique.get(&unique_key(name, value)).copied()
    }

    fn index(&mut self, id: u64, names: &[String], add: bool) {
        let Some(record) = self.records.get(&id) else { return };
        for name in names {
            let Some(value) = record.properties.get(name) else { continue };
            let key = unique_key(name, value);
            if add {
                self.unique.insert(key, id);
            } else if self.unique.get(&key) == Some(&id) {
                self.unique.remove(&key);
            }
        }
    }

    /// Puts a record in place (or takes it away) and keeps the unique index right.
    pub(crate) fn put(&mut self, id: u64, record: Option<Record>, names: &[String]) {
        self.index(id, names, false);
        match record {
            Some(record) => {
                let live = !record.archived;
                self.records.insert(id, record);
                if live {
                    self.index(id, names, true);
                }
            }
            None => {
                self.records.remove(&id);
            }
        }
    }
}

fn unique_key(name: &str, value: &str) -> (String, String) {
    let folded = if name == "email" { value.trim().to_lowercase() } else { value.to_owned() };
    (name.to_owned(), folded)
}

/// Body of a single create.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct CreateInput {
    /// Values by internal name.
    pub properties: Option<Map<String, Value>>,
    /// Links to make at once; the specification asks for it, the service does without.
    #[serde(default)]
    pub associations: Option<Vec<AssociationInput>>,
}

/// Which properties an answer holds.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// Names asked for; empty means the type's own few.
    pub properties: Vec<String>,
    /// Object types whose links are listed.
    pub associations: Vec<String>,
}

impl Portal {
    /// `POST /crm/objects/{version}/{objectType}`.
    ///
    /// # Errors
    ///
    /// 400 for values HubSpot refuses, 409 for a taken e-mail address.
    pub fn create(&mut self, object: ObjectType, input: &CreateInput, call: Call) -> Outcome {
        let properties = input.properties.as_ref().ok_or_else(|| missing_field("properties"))?;
        let checked = self.check(object, properties, None, call)?;
        let warnings = checked.warnings.clone();
        let links = self.resolve_links(object, input.associations.as_deref().unwrap_or(&[]))?;
        let id = self.write(object, None, checked, call)?;
        self.link_all(object, id, &links);
        Ok(Reply::new(201, with_warnings(self.full(object, id), warnings)))
    }

    /// `GET /crm/objects/{version}/{objectType}/{id}?idProperty=`.
    ///
    /// # Errors
    ///
    /// 404 for an unknown record, 400 where `idProperty` is not unique.
    pub fn read(
        &self,
        object: ObjectType,
        id: &str,
        id_property: Option<&str>,
        view: &View,
    ) -> Outcome {
        let id = self.find(object, id, id_property)?;
        let mut body = self.shown(object, id, &view.properties);
        if let Some(links) = self.listed_links(object, id, &view.associations) {
            body["associations"] = links;
        }
        Ok(Reply::new(200, body))
    }

    /// `GET /crm/objects/{version}/{objectType}`: a page by record id; `after` is the last id
    /// seen.
    #[must_use]
    pub fn list(&self, object: ObjectType, limit: usize, after: u64, view: &View) -> Reply {
        let mut page = self.store(object).live().filter(|r| r.id > after);
        let ids: Vec<u64> = page.by_ref().take(limit.clamp(1, 100)).map(|r| r.id).collect();
        let more = page.next().is_some();
        let results: Vec<Value> =
            ids.iter().map(|id| self.shown(object, *id, &view.properties)).collect();
        let mut body = json!({ "results": results });
        if let (true, Some(last)) = (more, ids.last()) {
            body["paging"] = json!({ "next": { "after": last.to_string() } });
        }
        Reply::new(200, body)
    }

    /// `PATCH /crm/objects/{version}/{objectType}/{id}?idProperty=`.
    ///
    /// # Errors
    ///
    /// 404 for an unknown record, 400 for values HubSpot refuses, 409 for a taken address.
    pub fn update(
        &mut self,
        object: ObjectType,
        id: &str,
        id_property: Option<&str>,
        properties: Option<&Map<String, Value>>,
        call: Call,
    ) -> Outcome {
        let id = self.find(object, id, id_property)?;
        let properties = properties.ok_or_else(|| missing_field("properties"))?;
        if properties.is_empty() {
            let text = "No properties found to update, please provide at least one.";
            return Err(ApiError::validation(text));
        }
        let checked = self.check(object, properties, self.store(object).get(id), call)?;
        let warnings = checked.warnings.clone();
        self.write(object, Some(id), checked, call)?;
        Ok(Reply::new(200, with_warnings(self.full(object, id), warnings)))
    }

    /// `DELETE /crm/objects/{version}/{objectType}/{id}`: to the recycling bin; 204 whether or
    /// not it was there.
    pub fn archive(&mut self, object: ObjectType, id: &str) -> Reply {
        if let Ok(id) = self.find(object, id, None) {
            let names = self.unique_names(object);
            if let Some(mut record) = self.store(object).get(id).cloned() {
                record.archived = true;
                self.store_mut(object).put(id, Some(record), &names);
            }
            self.links.remove_all(object, id);
        }
        Reply::new(204, Value::Null)
    }

    /// The record id behind an id or the value of a unique property.
    pub(crate) fn find(
        &self,
        object: ObjectType,
        id: &str,
        id_property: Option<&str>,
    ) -> Result<u64, ApiError> {
        let store = self.store(object);
        let Some(name) = id_property.filter(|n| *n != "hs_object_id") else {
            let known = id.parse().ok().and_then(|n| store.get(n));
            return known.map(|r| r.id).ok_or_else(|| ApiError::not_found(id, true));
        };
        self.check_unique_name(object, name)?;
        store.by_unique(name, id).ok_or_else(|| ApiError::not_found(id, false))
    }

    pub(crate) fn check_unique_name(&self, object: ObjectType, name: &str) -> Result<(), ApiError> {
        if self.schema(object).unique_names().any(|n| n == name) {
            return Ok(());
        }
        Err(ApiError::validation(format!(
            "Unable to perform update/upsert by non-unique {} property {name} in portal ID {}",
            object.id(),
            self.settings.portal_id
        )))
    }

    pub(crate) fn unique_names(&self, object: ObjectType) -> Vec<String> {
        self.schema(object).unique_names().map(str::to_owned).collect()
    }

    /// Stores checked values; the only place that changes a record.
    pub(crate) fn write(
        &mut self,
        object: ObjectType,
        id: Option<u64>,
        checked: Checked,
        call: Call,
    ) -> Result<u64, ApiError> {
        let names = self.unique_names(object);
        self.check_conflicts(object, id, &checked, &names)?;
        let id = id.unwrap_or_else(|| {
            self.next_id += 1;
            self.next_id - 1
        });
        let old = self.store(object).get(id).cloned();
        let lag = self.settings.index_lag;
        let requests = self.requests;
        let mut record = old.clone().unwrap_or_else(|| fresh(object, id, call));
        if record.fresh_at <= requests {
            record.stale = old.map(|r| r.properties);
        }
        record.fresh_at = if lag == 0 { 0 } else { requests + lag };
        for (name, value) in checked.values {
            if value.is_empty() {
                record.properties.remove(&name);
            } else {
                record.properties.insert(name, value);
            }
        }
        record.updated = call.now;
        record.properties.insert(object.modified_name().into(), iso(call.now));
        derive(object, &mut record);
        self.store_mut(object).put(id, Some(record), &names);
        Ok(id)
    }

    fn check_conflicts(
        &self,
        object: ObjectType,
        id: Option<u64>,
        checked: &Checked,
        names: &[String],
    ) -> Result<(), ApiError> {
        for name in names {
            let Some(value) = checked.values.get(name).filter(|v| !v.is_empty()) else { continue };
            let Some(holder) = self.store(object).by_unique(name, value) else { continue };
            if Some(holder) == id {
                continue;
            }
            if name == "email" {
                return Err(ApiError::contact_exists(holder));
            }
            let text = format!(
                "Cannot set PropertyValueCoordinates{{portalId={}, objectTypeId=ObjectTypeId{{\
                 legacyObjectType={}}}, propertyName={name}, value={value}}} on {}. {holder} \
                 already has that value.",
                self.settings.portal_id,
                object.singular(),
                id.unwrap_or(self.next_id),
            );
            let status = self.settings.unique_conflict_status;
            let category = if status == 409 { "CONFLICT" } else { "VALIDATION_ERROR" };
            return Err(ApiError::new(status, Some(category), text));
        }
        Ok(())
    }

    /// The answer to a write: every value that is set.
    pub(crate) fn full(&self, object: ObjectType, id: u64) -> Value {
        let Some(record) = self.store(object).get(id) else { return Value::Null };
        let schema = self.schema(object);
        let visible = |name: &String| schema.get(name).is_some();
        let properties: Map<String, Value> = record
            .properties
            .iter()
            .filter(|(name, _)| visible(name))
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect();
        envelope(record, properties)
    }

    /// The answer to a read: the named properties, unset ones as null, and the dates and id.
    pub(crate) fn shown(&self, object: ObjectType, id: u64, names: &[String]) -> Value {
        let Some(record) = self.store(object).records.get(&id) else { return Value::Null };
        envelope(record, self.pick(object, &record.properties, names))
    }

    pub(crate) fn pick(
        &self,
        object: ObjectType,
        values: &BTreeMap<String, String>,
        names: &[String],
    ) -> Map<String, Value> {
        let always = [object.created_name(), object.modified_name(), "hs_object_id"];
        let defaults = object.default_properties();
        let asked = names.iter().map(String::as_str).filter(|_| !names.is_empty());
        let own = if names.is_empty() { defaults } else { &always };
        let value = |name: &str| values.get(name).map_or(Value::Null, |v| v.clone().into());
        asked
            .chain(own.iter().copied())
            .filter(|name| self.schema(object).get(name).is_some())
            .map(|name| (name.to_owned(), value(name)))
            .collect()
    }
}

fn fresh(object: ObjectType, id: u64, call: Call) -> Record {
    let mut properties = BTreeMap::from([
        ("hs_object_id".to_owned(), id.to_string()),
        ("hs_object_source".to_owned(), "INTEGRATION".to_owned()),
        ("hs_object_source_label".to_owned(), "INTEGRATION".to_owned()),
        (object.created_name().to_owned(), iso(call.now)),
    ]);
    if matches!(object, ObjectType::Contact | ObjectType::Company) {
        properties.insert("lifecyclestage".into(), "lead".into());
    }
    Record {
        id,
        properties,
        created: call.now,
        updated: call.now,
        archived: false,
        stale: None,
        fresh_at: 0,
    }
}

fn derive(object: ObjectType, record: &mut Record) {
    if object != ObjectType::Contact {
        return;
    }
    match record.properties.get("email").and_then(|e| e.split_once('@')) {
        Some((_, host)) => {
            let host = host.to_owned();
            record.properties.insert("hs_email_domain".into(), host);
        }
        None => {
            record.properties.remove("hs_email_domain");
        }
    }
}

pub(crate) fn envelope(record: &Record, properties: Map<String, Value>) -> Value {
    json!({
        "id": record.id.to_string(),
        "properties": properties,
        "createdAt": iso(record.created),
        "updatedAt": iso(record.updated),
        "archived": record.archived,
    })
}

fn with_warnings(mut body: Value, warnings: Vec<Value>) -> Value {
    if !warnings.is_empty() {
        body["warnings"] = warnings.into();
    }
    body
}

/// 400 for a member the body lacks.
pub(crate) fn missing_field(name: &str) -> ApiError {
    ApiError::validation(format!(
        "Invalid input JSON on line 1, column 2. Some required fields were not set: [{name}]"
    ))
}
