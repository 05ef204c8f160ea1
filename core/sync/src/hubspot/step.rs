use std::collections::BTreeMap;

use confee_domain::Op;
use serde::{Deserialize, Serialize};

/// Object types that we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Object {
    Companies,
    Contacts,
    Deals,
    Notes,
    Tasks,
}

impl Object {
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Companies => "companies",
            Self::Contacts => "contacts",
            Self::Deals => "deals",
            Self::Notes => "notes",
            Self::Tasks => "tasks",
        }
    }

    /// The group that a property of the type is listed under.
    pub(super) fn group(self) -> &'static str {
        match self {
            Self::Companies => "companyinformation",
            Self::Contacts => "contactinformation",
            Self::Deals => "dealinformation",
            Self::Notes => "note",
            Self::Tasks => "task",
        }
    }
}

/// What an op writes, as stored in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(super) enum Payload {
    /// A record with its property values.
    Record {
        object: Object,
        properties: BTreeMap<String, String>,
        /// Firm's own domain: look for the company first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        domain: Option<String>,
    },
    /// A link between two records, by the kinds of the ops that make them.
    Link { from: End, to: End },
}

/// One end of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct End {
    pub(super) object: Object,
    pub(super) kind: String,
}

impl Payload {
    pub(super) fn of(op: &Op) -> Option<Self> {
        serde_json::from_value(op.payload.clone()).ok()
    }

    pub(super) fn email(&self) -> Option<&str> {
        match self {
            Self::Record { object: Object::Contacts, properties, .. } => {
                properties.get("email").map(String::as_str)
            }
            _ => None,
        }
    }

    fn domain(&self) -> Option<&str> {
        match self {
            Self::Record { domain, .. } => domain.as_deref(),
            Self::Link { .. } => None,
        }
    }
}

/// Where an op stands within its requests; stored as the op's cursor. Holds no values of the lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum Step {
    /// Look for the contact by e-mail address.
    Find,
    /// Read a record that is there, to see what is empty.
    Read { id: String },
    /// Fill what was empty.
    Patch { id: String, fill: Vec<String> },
    /// Look whether our own record is there, by our key.
    Check,
    /// Look for the company by domain.
    Search,
    /// Make or update our own record by our key.
    Upsert {
        /// Our property was made a moment ago.
        made: bool,
    },
    /// Make our property.
    MakeProperty,
    /// Link two records.
    Associate,
}

impl Step {
    /// The op's step; its first one where the cursor is empty or of no use.
    pub(super) fn of(op: &Op, payload: &Payload) -> Self {
        let stored = op.cursor.as_deref().and_then(|c| serde_json::from_str(c).ok());
        stored.unwrap_or_else(|| Self::first(payload))
    }

    fn first(payload: &Payload) -> Self {
        match payload {
            Payload::Link { .. } => Self::Associate,
            _ if payload.email().is_some() => Self::Find,
            _ if payload.domain().is_some() => Self::Check,
            Payload::Record { .. } => Self::Upsert { made: false },
        }
    }

    /// What follows when our own record is not there.
    pub(super) fn when_absent(payload: &Payload) -> Self {
        if payload.domain().is_some() { Self::Search } else { Self::Upsert { made: false } }
    }

    pub(super) fn cursor(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
