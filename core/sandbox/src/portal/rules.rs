//! What an administrator can change while apps keep writing: the source of schema drift.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{ObjectType, Portal};

/// A change by the portal's administrator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AdminRule {
    /// A value must be given when a record is created (2026-09 on).
    RequireOnCreate {
        /// Object type.
        object: ObjectType,
        /// Internal name.
        property: String,
    },
    /// A value must be given where another property has a value (2026-09 on).
    RequireWhen {
        /// Object type.
        object: ObjectType,
        /// The property that becomes required.
        property: String,
        /// The property that controls it.
        when: String,
        /// The controlling value.
        equals: String,
    },
    /// Takes a choice away from an enumeration.
    RetireOption {
        /// Object type.
        object: ObjectType,
        /// Internal name.
        property: String,
        /// The choice's internal value.
        value: String,
    },
    /// Moves a property to the recycling bin.
    ArchiveProperty {
        /// Object type.
        object: ObjectType,
        /// Internal name.
        property: String,
    },
    /// Makes a property read-only for apps.
    ProtectProperty {
        /// Object type.
        object: ObjectType,
        /// Internal name.
        property: String,
    },
    /// Deactivates a user.
    DeactivateOwner {
        /// Owner id.
        owner_id: String,
    },
    /// Lifts every requirement again; retired options and archived properties stay as they are.
    LiftRequirements,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    pub(crate) on_create: BTreeMap<ObjectType, BTreeSet<String>>,
    pub(crate) conditional: Vec<Conditional>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conditional {
    pub(crate) object: ObjectType,
    pub(crate) property: String,
    pub(crate) when: String,
    pub(crate) equals: String,
}

impl Portal {
    /// Applies a change of the administrator. False where it names something that is not there.
    pub fn apply_rule(&mut self, rule: &AdminRule) -> bool {
        match rule {
            AdminRule::RequireOnCreate { object, property } => {
                let known = self.schema(*object).get(property).is_some();
                if known {
                    self.rules.on_create.entry(*object).or_default().insert(property.clone());
                }
                known
            }
            AdminRule::RequireWhen { object, property, when, equals } => {
                let schema = self.schema(*object);
                let known = schema.get(property).is_some() && schema.get(when).is_some();
                let rule = Conditional {
                    object: *object,
                    property: property.clone(),
                    when: when.clone(),
                    equals: equals.clone(),
                };
                if known && !self.rules.conditional.contains(&rule) {
                    self.rules.conditional.push(rule);
                }
                known
            }
            AdminRule::RetireOption { object, property, value } => {
                self.schema_mut(*object).any_mut(property).is_some_and(|d| {
                    let before = d.options.len();
                    d.options.retain(|o| &o.value != value);
                    d.options.len() < before
                })
            }
            AdminRule::ArchiveProperty { object, property } => {
                self.schema_mut(*object).any_mut(property).is_some_and(|d| {
                    d.archived = true;
                    true
                })
            }
            AdminRule::ProtectProperty { object, property } => {
                self.schema_mut(*object).any_mut(property).is_some_and(|d| {
                    d.modification_metadata.read_only_value = true;
                    true
                })
            }
            AdminRule::DeactivateOwner { owner_id } => {
                self.owners.iter_mut().find(|o| &o.id == owner_id).is_some_and(|o| {
                    o.archived = true;
                    true
                })
            }
            AdminRule::LiftRequirements => {
                self.rules = Rules::default();
                true
            }
        }
    }
}
