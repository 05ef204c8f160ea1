//! Batch create, read, update and upsert, with HubSpot's two ways of failing: all or nothing, or
//! 207 where every input carries its own `objectWriteTraceId`.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::associations::AssociationInput;
use super::objects::{CreateInput, Record, View, missing_field};
use super::validate::Checked;
use super::{Call, ObjectType, Outcome, Portal, Reply, iso};
use crate::errors::ApiError;

/// Most inputs of one batch.
pub const BATCH_MAX: usize = 100;

/// Body of a batch.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchBody {
    /// The inputs.
    pub inputs: Option<Vec<BatchInput>>,
    /// Unique property of a batch read.
    #[serde(default)]
    pub id_property: Option<String>,
    /// Properties a batch read shows.
    #[serde(default)]
    pub properties: Vec<String>,
}

/// One input of a batch.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchInput {
    /// Record id or unique value.
    #[serde(default)]
    pub id: Value,
    /// Unique property the id belongs to.
    #[serde(default)]
    pub id_property: Option<String>,
    /// Values by internal name.
    #[serde(default)]
    pub properties: Option<Map<String, Value>>,
    /// Links to make (create only).
    #[serde(default)]
    pub associations: Option<Vec<AssociationInput>>,
    /// Names this input in a 207.
    #[serde(default)]
    pub object_write_trace_id: Option<String>,
}

impl BatchInput {
    fn key(&self) -> Result<String, ApiError> {
        match &self.id {
            Value::String(s) if !s.is_empty() => Ok(s.clone()),
            Value::Number(n) => Ok(n.to_string()),
            _ => Err(missing_field("id")),
        }
    }
}

/// What a batch writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchWrite {
    /// `batch/create`.
    Create,
    /// `batch/update`.
    Update,
    /// `batch/upsert`.
    Upsert,
}

struct Done {
    id: u64,
    new: Option<bool>,
    trace: Option<String>,
}

type Undo = Vec<(u64, Option<Record>)>;

impl Portal {
    /// `POST .../batch/{create|update|upsert}`.
    ///
    /// # Errors
    ///
    /// 400 and nothing written, unless every input has its own trace id.
    pub fn batch_write(
        &mut self,
        object: ObjectType,
        kind: BatchWrite,
        body: &BatchBody,
        call: Call,
    ) -> Outcome {
        let inputs = checked_inputs(body, kind != BatchWrite::Create)?;
        if kind == BatchWrite::Upsert {
            self.check_keys(object, inputs)?;
        }
        let traces: BTreeSet<&str> =
            inputs.iter().filter_map(|i| i.object_write_trace_id.as_deref()).collect();
        let partial = traces.len() == inputs.len();
        let mut undo = Undo::new();
        let (mut done, mut errors) = (Vec::new(), Vec::new());
        for input in inputs {
            match self.write_one(object, kind, input, call, &mut undo) {
                Ok(one) => done.push(one),
                Err(error) if partial => {
                    let trace = input.object_write_trace_id.clone();
                    errors.push(error.with("objectWriteTraceId", trace).batch_entry());
                }
                Err(error) => {
                    self.roll_back(object, undo);
                    return Err(error);
                }
            }
        }
        let results = self.batch_results(object, done);
        let status = if kind == BatchWrite::Create { 201 } else { 200 };
        Ok(batch_reply(status, results, errors, call))
    }

    /// `POST .../batch/read`.
    ///
    /// # Errors
    ///
    /// 400 for a batch HubSpot refuses.
    pub fn batch_read(&self, object: ObjectType, body: &BatchBody, call: Call) -> Outcome {
        let inputs = checked_inputs(body, true)?;
        if let Some(name) = body.id_property.as_deref() {
            self.check_unique_name(object, name)?;
        }
        let (mut results, mut missing) = (Vec::new(), Vec::new());
        let view = View { properties: body.properties.clone(), ..View::default() };
        for input in inputs {
            let key = input.key()?;
            match self.read(object, &key, body.id_property.as_deref(), &view) {
                Ok(reply) => results.push(reply.body),
                Err(_) => missing.push(key),
            }
        }
        let mut errors = Vec::new();
        if !missing.is_empty() {
            let text = format!(
                "Could not get some {} objects, they may be deleted or not exist. Check that ids \
                 are valid.",
                object.singular()
            );
            let error = ApiError::new(404, Some("OBJECT_NOT_FOUND"), text).with("ids", missing);
            errors.push(error.batch_entry());
        }
        Ok(batch_reply(200, results, errors, call))
    }

    fn write_one(
        &mut self,
        object: ObjectType,
        kind: BatchWrite,
        input: &BatchInput,
        call: Call,
        undo: &mut Undo,
    ) -> Result<Done, ApiError> {
        let (id, new) = match kind {
            BatchWrite::Create => (self.create_one(object, input, call)?, None),
            BatchWrite::Update => {
                let id = self.find(object, &input.key()?, input.id_property.as_deref())?;
                undo.push((id, self.store(object).get(id).cloned()));
                let properties = input.properties.clone().unwrap_or_default();
                let checked = self.check(object, &properties, self.store(object).get(id), call)?;
                (self.write(object, Some(id), checked, call)?, None)
            }
            BatchWrite::Upsert => {
                let (existing, checked) = self.plan_upsert(object, input, call)?;
                if let Some(id) = existing {
                    undo.push((id, self.store(object).get(id).cloned()));
                }
                (self.write(object, existing, checked, call)?, Some(existing.is_none()))
            }
        };
        if new != Some(false) && kind != BatchWrite::Update {
            undo.push((id, None));
        }
        Ok(Done { id, new, trace: input.object_write_trace_id.clone() })
    }

    fn create_one(
        &mut self,
        object: ObjectType,
        input: &BatchInput,
        call: Call,
    ) -> Result<u64, ApiError> {
        let create = CreateInput {
            properties: input.properties.clone(),
            associations: input.associations.clone(),
        };
        let reply = self.create(object, &create, call)?;
        let id = reply.body["id"].as_str().and_then(|s| s.parse().ok());
        id.ok_or_else(|| ApiError::new(500, None, "internal error"))
    }

    /// A key that is not unique fails the whole request, traced or not.
    fn check_keys(&self, object: ObjectType, inputs: &[BatchInput]) -> Result<(), ApiError> {
        let mut names = BTreeSet::new();
        for input in inputs {
            let name = input.id_property.as_deref().ok_or_else(|| missing_field("idProperty"))?;
            if names.insert(name) {
                self.check_unique_name(object, name)?;
            }
        }
        Ok(())
    }

    fn plan_upsert(
        &self,
        object: ObjectType,
        input: &BatchInput,
        call: Call,
    ) -> Result<(Option<u64>, Checked), ApiError> {
        let name = input.id_property.as_deref().ok_or_else(|| missing_field("idProperty"))?;
        let key = input.key()?;
        let mut properties = input.properties.clone().ok_or_else(|| missing_field("properties"))?;
        let existing = self.store(object).by_unique(name, &key);
        properties.entry(name).or_insert_with(|| key.into());
        let record = existing.and_then(|id| self.store(object).get(id));
        if let (Some(record), "email") = (record, name) {
            self.refuse_partial(object, record, &properties)?;
        }
        Ok((existing, self.check(object, &properties, record, call)?))
    }

    fn refuse_partial(
        &self,
        object: ObjectType,
        record: &Record,
        properties: &Map<String, Value>,
    ) -> Result<(), ApiError> {
        let written = |name: &&String| {
            let definition = self.schema(object).get(name);
            definition.is_some_and(|d| !d.modification_metadata.read_only_value)
                && name.as_str() != "lifecyclestage"
        };
        let left_out: Vec<&str> = record
            .properties
            .keys()
            .filter(written)
            .filter(|name| !properties.contains_key(name.as_str()))
            .map(String::as_str)
            .collect();
        if !self.settings.refuse_partial_email_upsert || left_out.is_empty() {
            return Ok(());
        }
        let text = "Partial upserts are not supported when email is the idProperty. Send every \
                    property, or use a custom unique property.";
        Err(ApiError::validation(text).with("propertyName", left_out))
    }

    fn roll_back(&mut self, object: ObjectType, undo: Undo) {
        let names = self.unique_names(object);
        for (id, before) in undo.into_iter().rev() {
            if before.is_none() {
                self.links.remove_all(object, id);
            }
            self.store_mut(object).put(id, before, &names);
        }
    }

    /// Last input first: HubSpot does not keep the order of the inputs either.
    fn batch_results(&self, object: ObjectType, done: Vec<Done>) -> Vec<Value> {
        let show = |one: Done| {
            let mut body = self.full(object, one.id);
            if let Some(new) = one.new {
                body["new"] = new.into();
            }
            if let Some(trace) = one.trace {
                body["objectWriteTraceId"] = trace.into();
            }
            body
        };
        done.into_iter().rev().map(show).collect()
    }
}

fn checked_inputs(body: &BatchBody, by_id: bool) -> Result<&[BatchInput], ApiError> {
    let inputs = body.inputs.as_deref().ok_or_else(|| missing_field("inputs"))?;
    if inputs.is_empty() {
        return Err(ApiError::validation("Batch input provided should have at least one object."));
    }
    if inputs.len() > BATCH_MAX {
        let text = format!(
            "The maximum number of inputs supported in a batch request for property history or \
             objects is {BATCH_MAX}; this request has {}.",
            inputs.len()
        );
        return Err(ApiError::validation(text));
    }
    if by_id {
        refuse_duplicates(inputs)?;
    }
    Ok(inputs)
}

fn refuse_duplicates(inputs: &[BatchInput]) -> Result<(), ApiError> {
    let mut seen = BTreeSet::new();
    let mut twice = BTreeSet::new();
    for input in inputs {
        let key = input.key()?;
        let folded = if input.id_property.as_deref() == Some("email") {
            key.trim().to_lowercase()
        } else {
            key
        };
        if !seen.insert((input.id_property.as_deref(), folded.clone())) {
            twice.insert(folded);
        }
    }
    if twice.is_empty() {
        return Ok(());
    }
    let list = twice.iter().cloned().collect::<Vec<_>>().join(", ");
    let text = format!("Duplicate IDs found in batch input: [{list}]. IDs must be unique");
    Err(ApiError::validation(text).with("ids", twice))
}

fn batch_reply(status: u16, results: Vec<Value>, errors: Vec<Value>, call: Call) -> Reply {
    let now = iso(call.now);
    let mut body = json!({
        "status": "COMPLETE",
        "results": results,
        "startedAt": now,
        "completedAt": now,
    });
    if errors.is_empty() {
        return Reply::new(status, body);
    }
    body["numErrors"] = errors.len().into();
    body["errors"] = errors.into();
    Reply::new(207, body)
}
