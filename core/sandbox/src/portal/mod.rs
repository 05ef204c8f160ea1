//! The fake portal: objects, properties, rules, associations and search, without any network.

pub mod associations;
pub mod batch;
pub mod catalogue;
pub mod limits;
pub mod objects;
pub mod properties;
pub mod rules;
pub mod search;
pub mod snapshot;
pub mod validate;

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::errors::ApiError;
use associations::Associations;
use catalogue::{Owner, Pipeline};
use objects::Store;
use properties::TypeSchema;
use rules::Rules;

/// The kinds of record the portal keeps. The order is that of association ends: a link is kept
/// from the later kind to the earlier one (contact to company, note to deal).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ObjectType {
    /// `companies`, 0-2.
    #[serde(rename = "companies")]
    Company,
    /// `contacts`, 0-1.
    #[serde(rename = "contacts")]
    Contact,
    /// `deals`, 0-3.
    #[serde(rename = "deals")]
    Deal,
    /// `notes`, 0-46.
    #[serde(rename = "notes")]
    Note,
    /// `tasks`, 0-27.
    #[serde(rename = "tasks")]
    Task,
}

impl ObjectType {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Company, Self::Contact, Self::Deal, Self::Note, Self::Task];

    /// Reads a path segment: plural, singular or type id.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| {
            text == t.id() || text == t.plural() || text.eq_ignore_ascii_case(t.singular())
        })
    }

    /// HubSpot's object type id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Contact => "0-1",
            Self::Company => "0-2",
            Self::Deal => "0-3",
            Self::Note => "0-46",
            Self::Task => "0-27",
        }
    }

    /// The name in paths.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Contact => "contacts",
            Self::Company => "companies",
            Self::Deal => "deals",
            Self::Note => "notes",
            Self::Task => "tasks",
        }
    }

    /// The name in HubSpot's messages.
    #[must_use]
    pub fn singular(self) -> &'static str {
        match self {
            Self::Contact => "CONTACT",
            Self::Company => "COMPANY",
            Self::Deal => "DEAL",
            Self::Note => "NOTE",
            Self::Task => "TASK",
        }
    }

    /// The property group of its standard properties.
    #[must_use]
    pub fn group(self) -> &'static str {
        match self {
            Self::Contact => "contactinformation",
            Self::Company => "companyinformation",
            Self::Deal => "dealinformation",
            Self::Note => "note",
            Self::Task => "task",
        }
    }

    pub(crate) fn created_name(self) -> &'static str {
        match self {
            Self::Note | Self::Task => "hs_createdate",
            _ => "createdate",
        }
    }

    pub(crate) fn modified_name(self) -> &'static str {
        if self == Self::Contact { "lastmodifieddate" } else { "hs_lastmodifieddate" }
    }

    /// Properties of an answer that asked for none in particular.
    pub(crate) fn default_properties(self) -> &'static [&'static str] {
        match self {
            Self::Contact => &[
                "createdate",
                "email",
                "firstname",
                "hs_object_id",
                "lastmodifieddate",
                "lastname",
            ],
            Self::Company => {
                &["createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"]
            }
            Self::Deal => &[
                "amount",
                "closedate",
                "createdate",
                "dealname",
                "dealstage",
                "hs_lastmodifieddate",
                "hs_object_id",
                "pipeline",
            ],
            Self::Note | Self::Task => &["hs_createdate", "hs_lastmodifieddate", "hs_object_id"],
        }
    }
}

/// What a request knows beside its body.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// The portal's time.
    pub now: DateTime<Utc>,
    /// Whether the API version enforces the rules of the portal's administrator (2026-09 on) and
    /// normalises dates instead of refusing them.
    pub enforces_rules: bool,
}

/// A status and a JSON body; `Null` is no body.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Value,
}

impl Reply {
    /// A reply.
    #[must_use]
    pub fn new(status: u16, body: Value) -> Self {
        Self { status, body }
    }
}

/// What every portal operation gives.
pub type Outcome = Result<Reply, ApiError>;

/// How the portal behaves where accounts or evidence differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PortalSettings {
    /// Account number in error texts.
    pub portal_id: u64,
    /// Requests after which a write shows up in search; 0 is at once.
    pub index_lag: u64,
    /// Status for a taken value of a unique property: 400 was observed at HubSpot, 409 is what
    /// some clients expect. A contact's taken e-mail is always 409 on create and update.
    pub unique_conflict_status: u16,
    /// Whether batch upsert by `email` refuses to update a record when the input leaves out a
    /// property that was written before. HubSpot documents partial upserts by e-mail as
    /// unsupported, without saying what happens.
    pub refuse_partial_email_upsert: bool,
    /// `accountType` of the account details.
    pub account_type: String,
}

impl Default for PortalSettings {
    fn default() -> Self {
        Self {
            portal_id: 20_000_001,
            index_lag: 0,
            unique_conflict_status: 400,
            refuse_partial_email_upsert: true,
            account_type: "DEVELOPER_TEST".into(),
        }
    }
}

/// The portal.
#[derive(Debug, Clone)]
pub struct Portal {
    pub(crate) settings: PortalSettings,
    pub(crate) schemas: BTreeMap<ObjectType, TypeSchema>,
    pub(crate) stores: BTreeMap<ObjectType, Store>,
    pub(crate) links: Associations,
    pub(crate) pipelines: Vec<Pipeline>,
    pub(crate) owners: Vec<Owner>,
    pub(crate) rules: Rules,
    pub(crate) next_id: u64,
    pub(crate) requests: u64,
}

impl Portal {
    /// A fresh portal.
    #[must_use]
    pub fn new(settings: PortalSettings) -> Self {
        let pipelines = vec![catalogue::sales_pipeline()];
        let schema = |t: ObjectType| (t, catalogue::standard(t, &pipelines));
        Self {
            schemas: ObjectType::ALL.into_iter().map(schema).collect(),
            stores: ObjectType::ALL.into_iter().map(|t| (t, Store::default())).collect(),
            settings,
            links: Associations::default(),
            owners: catalogue::owners(),
            pipelines,
            rules: Rules::default(),
            next_id: 30_000_000_001,
            requests: 0,
        }
    }

    /// Counts a request; search lag is measured in these.
    pub fn tick(&mut self) {
        self.requests += 1;
    }

    /// The properties of an object type.
    #[must_use]
    pub fn schema(&self, object: ObjectType) -> &TypeSchema {
        self.schemas.get(&object).unwrap_or_else(|| unreachable!("every type has a schema"))
    }

    /// The properties of an object type, to change.
    pub fn schema_mut(&mut self, object: ObjectType) -> &mut TypeSchema {
        self.schemas.entry(object).or_default()
    }

    pub(crate) fn store(&self, object: ObjectType) -> &Store {
        self.stores.get(&object).unwrap_or_else(|| unreachable!("every type has a store"))
    }

    pub(crate) fn store_mut(&mut self, object: ObjectType) -> &mut Store {
        self.stores.entry(object).or_default()
    }

    /// Deal pipelines.
    #[must_use]
    pub fn pipelines(&self) -> &[Pipeline] {
        &self.pipelines
    }

    /// Owners, active or archived.
    pub fn owners(&self, archived: bool) -> impl Iterator<Item = &Owner> {
        self.owners.iter().filter(move |o| o.archived == archived)
    }

    /// How the portal was set up.
    #[must_use]
    pub fn settings(&self) -> &PortalSettings {
        &self.settings
    }
}

/// HubSpot's timestamps: ISO 8601 in UTC, milliseconds only where there are any.
#[must_use]
pub fn iso(time: DateTime<Utc>) -> String {
    let whole = time.timestamp_subsec_millis() == 0;
    time.to_rfc3339_opts(if whole { SecondsFormat::Secs } else { SecondsFormat::Millis }, true)
}
