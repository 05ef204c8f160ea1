//! What an administrator can change while apps keep writing: the source of schema drift.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::properties::PropertyDefinition;
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
    /// Applies a change of the administrator. False where it names something that is not
    /// there, or changes nothing.
    pub fn apply_rule(&mut self, rule: &AdminRule) -> bool {
        match rule {
            AdminRule::RequireOnCreate { object, property } => {
                self.require_on_create(*object, property)
            }
            AdminRule::RequireWhen { object, property, when, equals } => {
                self.require_when(Conditional {
                    object: *object,
                    property: property.clone(),
                    when: when.clone(),
                    equals: equals.clone(),
                })
            }
            AdminRule::RetireOption { object, property, value } => {
                self.change(*object, property, |d| d.options.retain(|o| &o.value != value))
            }
            AdminRule::ArchiveProperty { object, property } => {
                self.change(*object, property, |d| d.archived = true)
            }
            AdminRule::ProtectProperty { object, property } => {
                self.change(*object, property, |d| d.modification_metadata.read_only_value = true)
            }
            AdminRule::DeactivateOwner { owner_id } => {
                let owner = self.owners.iter_mut().find(|o| &o.id == owner_id);
                owner.map(|o| o.archived = true).is_some()
            }
            AdminRule::LiftRequirements => {
                self.rules = Rules::default();
                true
            }
        }
    }

    fn require_on_create(&mut self, object: ObjectType, property: &str) -> bool {
        let known = self.schema(object).get(property).is_some();
        if known {
            self.rules.on_create.entry(object).or_default().insert(property.to_owned());
        }
        known
    }

    fn require_when(&mut self, rule: Conditional) -> bool {
        let schema = self.schema(rule.object);
        let known = schema.get(&rule.property).is_some() && schema.get(&rule.when).is_some();
        if known && !self.rules.conditional.contains(&rule) {
            self.rules.conditional.push(rule);
        }
        known
    }

    /// Whether there is such a property and `edit` changed it.
    fn change(
        &mut self,
        object: ObjectType,
        property: &str,
        edit: impl FnOnce(&mut PropertyDefinition),
    ) -> bool {
        let Some(definition) = self.schema_mut(object).any_mut(property) else { return false };
        let before = definition.clone();
        edit(definition);
        *definition != before
    }
}
