//! Property definitions: what a portal describes about itself, and how an app may change it.

use serde::{Deserialize, Serialize};

use super::ObjectType;
use crate::errors::ApiError;

/// Properties with unique values that one object type may have, beside HubSpot's own.
pub const UNIQUE_PROPERTIES_MAX: usize = 10;

/// One choice of an enumeration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PropertyOption {
    /// What a person sees.
    pub label: String,
    /// The internal value that is stored.
    pub value: String,
    /// Place in the list.
    pub display_order: i32,
    /// Kept for old records, not offered any more; HubSpot still accepts it.
    pub hidden: bool,
}

/// What may be changed about a property.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ModificationMetadata {
    /// Whether it may go to the recycling bin.
    pub archivable: bool,
    /// Whether its definition is fixed.
    pub read_only_definition: bool,
    /// Whether its options are fixed.
    pub read_only_options: bool,
    /// Whether apps may not write values.
    pub read_only_value: bool,
}

/// A property as `GET /crm/properties/{version}/{objectType}` describes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PropertyDefinition {
    /// Internal name.
    pub name: String,
    /// What a person sees.
    pub label: String,
    /// `string`, `number`, `date`, `datetime`, `enumeration`, `bool` or `phone_number`.
    #[serde(rename = "type")]
    pub kind: String,
    /// How the form shows it: `text`, `textarea`, `select`, ...
    pub field_type: String,
    /// The group it is listed under.
    pub group_name: String,
    /// Free text.
    pub description: String,
    /// Choices of an enumeration.
    pub options: Vec<PropertyOption>,
    /// Place in the list; -1 is last.
    pub display_order: i32,
    /// Whether HubSpot computes the value.
    pub calculated: bool,
    /// Whether the options live elsewhere (owners, pipelines).
    pub external_options: bool,
    /// `OWNER` for owner properties.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referenced_object_type: Option<String>,
    /// In the recycling bin.
    pub archived: bool,
    /// Whether two records may not share a value. Fixed at creation.
    pub has_unique_value: bool,
    /// Not shown in HubSpot.
    pub hidden: bool,
    /// Offered on forms.
    pub form_field: bool,
    /// Built in.
    pub hubspot_defined: bool,
    /// What may be changed.
    pub modification_metadata: ModificationMetadata,
}

impl PropertyDefinition {
    /// Whether a value lies behind one of several internal values.
    #[must_use]
    pub fn offers(&self, value: &str) -> bool {
        self.options.iter().any(|o| o.value == value)
    }
}

/// The properties of one object type, in listing order.
#[derive(Debug, Clone, Default)]
pub struct TypeSchema {
    definitions: Vec<PropertyDefinition>,
}

impl TypeSchema {
    /// A schema of these definitions.
    #[must_use]
    pub fn new(definitions: Vec<PropertyDefinition>) -> Self {
        Self { definitions }
    }

    /// An active property.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&PropertyDefinition> {
        self.definitions.iter().find(|d| d.name == name && !d.archived)
    }

    /// A property in any state.
    pub fn any_mut(&mut self, name: &str) -> Option<&mut PropertyDefinition> {
        self.definitions.iter_mut().find(|d| d.name == name)
    }

    /// All properties that are archived, or all that are not.
    pub fn list(&self, archived: bool) -> impl Iterator<Item = &PropertyDefinition> {
        self.definitions.iter().filter(move |d| d.archived == archived)
    }

    /// Names of active properties whose values are unique.
    pub fn unique_names(&self) -> impl Iterator<Item = &str> {
        self.definitions
            .iter()
            .filter(|d| d.has_unique_value && !d.archived && !d.calculated)
            .map(|d| d.name.as_str())
    }

    /// Adds a custom property. An archived one of that name comes back instead, as observed at
    /// HubSpot.
    ///
    /// # Errors
    ///
    /// 400 for a definition HubSpot would refuse, 409 where the name is taken.
    pub fn create(
        &mut self,
        object: ObjectType,
        mut wanted: PropertyDefinition,
    ) -> Result<PropertyDefinition, ApiError> {
        check_definition(&wanted)?;
        if let Some(old) = self.any_mut(&wanted.name) {
            if old.archived {
                old.archived = false;
                return Ok(old.clone());
            }
            let text = format!("A property named '{}' already exists.", wanted.name);
            return Err(ApiError::new(409, Some("OBJECT_ALREADY_EXISTS"), text)
                .with_member("subCategory", "Properties.PROPERTY_WITH_NAME_EXISTS")
                .with("name", [wanted.name]));
        }
        let custom_unique =
            self.definitions.iter().filter(|d| d.has_unique_value && !d.hubspot_defined).count();
        if wanted.has_unique_value && custom_unique >= UNIQUE_PROPERTIES_MAX {
            let text = format!(
                "Object type {} has reached the limit of {UNIQUE_PROPERTIES_MAX} unique properties.",
                object.id()
            );
            return Err(ApiError::validation(text));
        }
        wanted.archived = false;
        wanted.calculated = false;
        wanted.hubspot_defined = false;
        wanted.modification_metadata =
            ModificationMetadata { archivable: true, ..ModificationMetadata::default() };
        self.definitions.push(wanted.clone());
        Ok(wanted)
    }

    /// Changes an active property; only the members that HubSpot's update takes.
    ///
    /// # Errors
    ///
    /// 404 for an unknown name, 400 where the definition is fixed or `hasUniqueValue` would
    /// change.
    pub fn update(
        &mut self,
        name: &str,
        change: &serde_json::Map<String, serde_json::Value>,
    ) -> Result<PropertyDefinition, ApiError> {
        let old = self
            .definitions
            .iter_mut()
            .find(|d| d.name == name && !d.archived)
            .ok_or_else(|| ApiError::not_found(name, false))?;
        if old.modification_metadata.read_only_definition {
            return Err(ApiError::validation(format!("Property '{name}' cannot be modified.")));
        }
        if let Some(unique) = change.get("hasUniqueValue")
            && unique.as_bool() != Some(old.has_unique_value)
        {
            return Err(ApiError::validation("hasUniqueValue cannot be changed once it is set."));
        }
        let mut merged = serde_json::to_value(&*old).unwrap_or_default();
        for key in ["label", "description", "groupName", "displayOrder", "hidden", "formField"]
            .into_iter()
            .chain(["options", "type", "fieldType"])
        {
            if let Some(value) = change.get(key) {
                merged[key] = value.clone();
            }
        }
        let wanted: PropertyDefinition = serde_json::from_value(merged)
            .map_err(|e| ApiError::validation(format!("Invalid input JSON: {e}")))?;
        check_definition(&wanted)?;
        *old = wanted.clone();
        Ok(wanted)
    }

    /// Moves a property to the recycling bin; its values stay with the records, unseen.
    ///
    /// # Errors
    ///
    /// 404 for an unknown name, 400 for one that HubSpot needs.
    pub fn archive(&mut self, name: &str) -> Result<(), ApiError> {
        let old = self
            .definitions
            .iter_mut()
            .find(|d| d.name == name && !d.archived)
            .ok_or_else(|| ApiError::not_found(name, false))?;
        if !old.modification_metadata.archivable {
            return Err(ApiError::validation(format!("Property '{name}' cannot be archived.")));
        }
        old.archived = true;
        Ok(())
    }
}

fn check_definition(wanted: &PropertyDefinition) -> Result<(), ApiError> {
    let required = [
        ("name", &wanted.name),
        ("label", &wanted.label),
        ("type", &wanted.kind),
        ("fieldType", &wanted.field_type),
        ("groupName", &wanted.group_name),
    ];
    let missing: Vec<&str> =
        required.iter().filter(|(_, v)| v.is_empty()).map(|(k, _)| *k).collect();
    if !missing.is_empty() {
        return Err(ApiError::validation(format!(
            "Invalid input JSON on line 1, column 2. Some required fields were not set: [{}]",
            missing.join(", ")
        )));
    }
    check_name(&wanted.name)?;
    check_kind(wanted)
}

fn check_name(name: &str) -> Result<(), ApiError> {
    let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !starts || !name.bytes().all(legal) || name.len() > 100 {
        let text = "Property name is invalid: use lower-case letters, digits and underscores, \
                    starting with a letter, at most 100 characters.";
        return Err(ApiError::validation(text).with("name", [name]));
    }
    Ok(())
}

fn check_kind(wanted: &PropertyDefinition) -> Result<(), ApiError> {
    if !fields_for(&wanted.kind).contains(&wanted.field_type.as_str()) {
        let text = format!(
            "Invalid fieldType '{}' for property type '{}'.",
            wanted.field_type, wanted.kind
        );
        return Err(ApiError::validation(text));
    }
    if wanted.has_unique_value && !matches!(wanted.kind.as_str(), "string" | "number") {
        return Err(ApiError::validation(format!(
            "Properties of type '{}' cannot have unique values.",
            wanted.kind
        )));
    }
    Ok(())
}

fn fields_for(kind: &str) -> &'static [&'static str] {
    match kind {
        "string" => &["text", "textarea", "html", "file", "phonenumber"],
        "number" => &["number"],
        "bool" => &["booleancheckbox"],
        "date" | "datetime" => &["date"],
        "enumeration" => &["select", "radio", "checkbox", "booleancheckbox"],
        "phone_number" => &["phonenumber"],
        _ => &[],
    }
}
