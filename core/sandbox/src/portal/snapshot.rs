//! What the portal holds, for tests and people to look at.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::associations::Link;
use super::objects::Record;
use super::{ObjectType, Portal};

/// One record as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredObject {
    /// Record id.
    pub id: u64,
    /// Every value that is set, by internal name.
    pub properties: BTreeMap<String, String>,
}

/// Records of one type that look like the same thing twice. A hint: the portal itself allows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    /// Type of the records.
    pub object: ObjectType,
    /// What they share.
    pub key: String,
    /// Their record ids.
    pub ids: Vec<u64>,
}

/// The portal's content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalContent {
    /// Live records by type, in order of creation.
    pub objects: BTreeMap<ObjectType, Vec<StoredObject>>,
    /// Every link once.
    pub associations: BTreeSet<Link>,
    /// Number of live records by type.
    pub counts: BTreeMap<ObjectType, usize>,
    /// Records that look like the same thing twice.
    pub duplicates: Vec<Duplicate>,
    /// Names of custom properties by type.
    pub custom_properties: BTreeMap<ObjectType, Vec<String>>,
}

impl PortalContent {
    /// Live records of a type.
    #[must_use]
    pub fn of(&self, object: ObjectType) -> &[StoredObject] {
        self.objects.get(&object).map_or(&[], Vec::as_slice)
    }

    /// Whether two records are linked, whichever end is named first.
    #[must_use]
    pub fn linked(&self, a: (ObjectType, u64), b: (ObjectType, u64)) -> bool {
        self.associations.contains(&Link::new(a, b))
    }
}

impl Portal {
    /// A copy of everything that is stored.
    #[must_use]
    pub fn content(&self) -> PortalContent {
        let mut content =
            PortalContent { associations: self.links.all().clone(), ..PortalContent::default() };
        for object in ObjectType::ALL {
            let records: Vec<&Record> = self.store(object).live().collect();
            let stored = |r: &&Record| StoredObject { id: r.id, properties: r.properties.clone() };
            content.objects.insert(object, records.iter().map(stored).collect());
            content.counts.insert(object, records.len());
            content.duplicates.extend(duplicates(object, &records));
            let custom = self.schema(object).list(false).filter(|d| !d.hubspot_defined);
            content.custom_properties.insert(object, custom.map(|d| d.name.clone()).collect());
        }
        content
    }
}

fn duplicates(object: ObjectType, records: &[&Record]) -> Vec<Duplicate> {
    let mut groups: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for record in records {
        if let Some(key) = natural_key(object, record) {
            groups.entry(key).or_default().push(record.id);
        }
    }
    groups
        .into_iter()
        .filter(|(_, ids)| ids.len() > 1)
        .map(|(key, ids)| Duplicate { object, key, ids })
        .collect()
}

fn natural_key(object: ObjectType, record: &Record) -> Option<String> {
    let joined = |names: &[&str]| {
        let parts: Vec<String> = names
            .iter()
            .filter_map(|n| record.properties.get(*n))
            .map(|v| v.trim().to_lowercase())
            .collect();
        (!parts.is_empty()).then(|| parts.join(" | "))
    };
    match object {
        ObjectType::Contact => {
            joined(&["email"]).or_else(|| joined(&["firstname", "lastname", "company"]))
        }
        ObjectType::Company => joined(&["domain"]).or_else(|| joined(&["name"])),
        ObjectType::Deal => joined(&["dealname"]),
        ObjectType::Note => joined(&["hs_note_body"]),
        ObjectType::Task => joined(&["hs_task_subject", "hs_task_body", "hs_timestamp"]),
    }
}
