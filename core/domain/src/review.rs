use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{FieldKey, FieldValue, Lead};

/// How many steps can be taken back.
const UNDO_DEPTH: usize = 50;

/// Where a lead is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Recorded, no draft yet.
    Captured,
    /// The draft is there, nobody has looked.
    Drafted,
    /// Someone is looking.
    InReview,
    /// Goes, or went, to the CRM.
    Approved,
    /// Goes nowhere.
    Rejected,
}

/// Why a lead was swiped away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// A student, job seeker, vendor or passer-by.
    NotALead,
    /// The CRM has it already.
    Duplicate,
    /// The recording is of no use.
    BadRecording,
    /// Anything else.
    Other,
}

/// What the rep, or the pipeline, does with a lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum ReviewAction {
    /// The card was opened.
    Open,
    /// One field was tapped as right.
    Confirm {
        /// Which.
        key: FieldKey,
    },
    /// One field was changed; unset clears it.
    Edit {
        /// Which.
        key: FieldKey,
        /// The new value, of the type the field holds.
        value: Option<FieldValue>,
    },
    /// Swiped right.
    Approve,
    /// Swiped left.
    Reject {
        /// Why.
        reason: RejectReason,
    },
    /// Takes the last action back.
    Undo,
    /// Opens an approved or rejected lead again; approving it once more updates the CRM.
    Reopen,
}

/// A person's change to a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// What the field held before the first change.
    pub old: Option<FieldValue>,
    /// What it holds now; unset where it was cleared.
    pub new: Option<FieldValue>,
    /// When, in Unix milliseconds.
    pub at_ms: i64,
}

/// What has to happen outside after an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Put the lead's ops into the outbox, in the same transaction.
    Enqueue,
    /// Withdraw the ops that have not left yet.
    CancelUnsent,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Snapshot {
    stage: Stage,
    confirmed: BTreeSet<FieldKey>,
    #[serde(with = "pairs")]
    edits: BTreeMap<FieldKey, Edit>,
    reject_reason: Option<RejectReason>,
}

/// A lead and everything decided about it: a pure reducer over [`ReviewAction`]s.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    now: Snapshot,
    past: Vec<Snapshot>,
    draft: Option<Lead>,
    version: u32,
    approved_at_ms: Option<i64>,
}

impl Review {
    /// A recorded talk that has no draft yet.
    #[must_use]
    pub fn captured() -> Self {
        let now = Snapshot {
            stage: Stage::Captured,
            confirmed: BTreeSet::new(),
            edits: BTreeMap::new(),
            reject_reason: None,
        };
        Self { now, past: Vec::new(), draft: None, version: 0, approved_at_ms: None }
    }

    /// The extraction's result. A better draft may replace one that nobody has touched.
    ///
    /// # Errors
    /// A person has already worked on the lead.
    pub fn draft(mut self, lead: Lead) -> Result<Self, ReviewError> {
        if !matches!(self.now.stage, Stage::Captured | Stage::Drafted) {
            return Err(ReviewError::Touched);
        }
        self.draft = Some(lead);
        self.now.stage = Stage::Drafted;
        Ok(self)
    }

    /// Where the lead is.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.now.stage
    }

    /// The extracted lead, before any edit.
    #[must_use]
    pub fn lead(&self) -> Option<&Lead> {
        self.draft.as_ref()
    }

    /// Counts approvals: the first approved lead is version 1.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// When it was last approved, Unix milliseconds.
    #[must_use]
    pub fn approved_at_ms(&self) -> Option<i64> {
        self.approved_at_ms.filter(|_| self.now.stage == Stage::Approved)
    }

    /// Why it was rejected.
    #[must_use]
    pub fn reject_reason(&self) -> Option<RejectReason> {
        self.now.reject_reason
    }

    /// The rep's changes.
    #[must_use]
    pub fn edits(&self) -> &BTreeMap<FieldKey, Edit> {
        &self.now.edits
    }

    /// Whether a person has confirmed or changed a field.
    #[must_use]
    pub fn is_confirmed(&self, key: FieldKey) -> bool {
        self.now.stage == Stage::Approved
            || self.now.confirmed.contains(&key)
            || self.now.edits.contains_key(&key)
    }

    /// Whether [`ReviewAction::Undo`] has anything to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Every field that the draft has or a person has touched, in reading order.
    #[must_use]
    pub fn keys(&self) -> Vec<FieldKey> {
        let mut keys = self.draft.as_ref().map_or_else(Vec::new, Lead::keys);
        keys.extend(self.now.edits.keys());
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The value of a field as it stands: the edit, or else the draft's.
    #[must_use]
    pub fn value(&self, key: FieldKey) -> Option<FieldValue> {
        match self.now.edits.get(&key) {
            Some(edit) => edit.new.clone(),
            None => self.draft.as_ref().and_then(|l| l.value(key)),
        }
    }

    /// The review after an action at a time (Unix milliseconds), and what has to happen outside.
    ///
    /// # Errors
    /// The action does not fit the stage, names no field, or the value has the wrong type. The
    /// review is unchanged then.
    pub fn apply(
        mut self,
        action: &ReviewAction,
        at_ms: i64,
    ) -> Result<(Self, Option<Effect>), ReviewError> {
        let before = self.now.clone();
        let effect = match action {
            ReviewAction::Undo => return self.undo(),
            ReviewAction::Open if self.now.stage == Stage::InReview => return Ok((self, None)),
            ReviewAction::Open => self.move_to(Stage::InReview, &[Stage::Drafted])?,
            ReviewAction::Confirm { key } => self.confirm(*key)?,
            ReviewAction::Edit { key, value } => self.edit(*key, value.clone(), at_ms)?,
            ReviewAction::Approve => self.approve(at_ms)?,
            ReviewAction::Reject { reason } => {
                self.move_to(Stage::Rejected, &[Stage::Drafted, Stage::InReview])?;
                self.now.reject_reason = Some(*reason);
                None
            }
            ReviewAction::Reopen => self.reopen()?,
        };
        self.past.push(before);
        if self.past.len() > UNDO_DEPTH {
            self.past.remove(0);
        }
        Ok((self, effect))
    }

    fn move_to(&mut self, to: Stage, from: &[Stage]) -> Result<Option<Effect>, ReviewError> {
        if !from.contains(&self.now.stage) {
            return Err(ReviewError::WrongStage { stage: self.now.stage });
        }
        self.now.stage = to;
        Ok(None)
    }

    fn touch(&mut self) -> Result<(), ReviewError> {
        self.move_to(Stage::InReview, &[Stage::Drafted, Stage::InReview]).map(|_| ())
    }

    fn confirm(&mut self, key: FieldKey) -> Result<Option<Effect>, ReviewError> {
        self.touch()?;
        if self.value(key).is_none() {
            return Err(ReviewError::NothingToConfirm { field: key.name() });
        }
        self.now.confirmed.insert(key);
        Ok(None)
    }

    fn edit(
        &mut self,
        key: FieldKey,
        value: Option<FieldValue>,
        at_ms: i64,
    ) -> Result<Option<Effect>, ReviewError> {
        self.touch()?;
        if value.as_ref().is_some_and(|v| !key.accepts(v)) {
            return Err(ReviewError::WrongType { field: key.name() });
        }
        if !self.exists_or_is_next(key) {
            return Err(ReviewError::NoSuchField { field: key.name() });
        }
        let old = self.draft.as_ref().and_then(|l| l.value(key));
        let new = value.and_then(tidy);
        self.now.edits.insert(key, Edit { old, new, at_ms });
        Ok(None)
    }

    fn exists_or_is_next(&self, key: FieldKey) -> bool {
        let drafted = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let lead = self.draft.as_ref();
        let edited = |is: fn(FieldKey) -> Option<u32>| {
            self.now.edits.keys().filter_map(|k| is(*k)).max().map_or(0, |i| i.saturating_add(1))
        };
        match key {
            FieldKey::Pain(i) => {
                let n = lead.map_or(0, |l| drafted(l.pains.len()));
                i <= n.max(edited(|k| if let FieldKey::Pain(i) = k { Some(i) } else { None }))
            }
            FieldKey::Competitor(i) => {
                let n = lead.map_or(0, |l| drafted(l.competitors.len()));
                i <= n.max(edited(|k| if let FieldKey::Competitor(i) = k { Some(i) } else { None }))
            }
            _ => true,
        }
    }

    fn approve(&mut self, at_ms: i64) -> Result<Option<Effect>, ReviewError> {
        self.move_to(Stage::Approved, &[Stage::Drafted, Stage::InReview])?;
        let names = [FieldKey::Name, FieldKey::Company, FieldKey::Email, FieldKey::Phone];
        if names.iter().all(|k| self.value(*k).is_none()) {
            return Err(ReviewError::Nobody);
        }
        self.version += 1;
        self.approved_at_ms = Some(at_ms);
        Ok(Some(Effect::Enqueue))
    }

    fn reopen(&mut self) -> Result<Option<Effect>, ReviewError> {
        let was = self.now.stage;
        self.move_to(Stage::InReview, &[Stage::Approved, Stage::Rejected])?;
        self.now.reject_reason = None;
        Ok((was == Stage::Approved).then_some(Effect::CancelUnsent))
    }

    fn undo(mut self) -> Result<(Self, Option<Effect>), ReviewError> {
        let Some(last) = self.past.pop() else { return Err(ReviewError::NothingToUndo) };
        let was = self.now.stage;
        self.now = last;
        let effect = match (was, self.now.stage) {
            (Stage::Approved, s) if s != Stage::Approved => Some(Effect::CancelUnsent),
            (s, Stage::Approved) if s != Stage::Approved => {
                self.version += 1;
                Some(Effect::Enqueue)
            }
            _ => None,
        };
        Ok((self, effect))
    }
}

/// A text of white space is no value.
fn tidy(value: FieldValue) -> Option<FieldValue> {
    match value {
        FieldValue::Text(t) => {
            let t = t.trim();
            (!t.is_empty()).then(|| FieldValue::Text(t.to_owned()))
        }
        other => Some(other),
    }
}

/// JSON objects need string keys; an edit map is stored as pairs.
mod pairs {
    use super::{BTreeMap, Edit, FieldKey};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        map: &BTreeMap<FieldKey, Edit>,
        out: S,
    ) -> Result<S::Ok, S::Error> {
        map.iter().collect::<Vec<_>>().serialize(out)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<FieldKey, Edit>, D::Error> {
        Ok(Vec::<(FieldKey, Edit)>::deserialize(from)?.into_iter().collect())
    }
}

/// Why an action does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// The stage does not allow it.
    #[error("a lead that is {stage:?} does not take this action; reopen it first")]
    WrongStage {
        /// Where the lead is.
        stage: Stage,
    },
    /// The value has another type than the field.
    #[error("the value does not fit the field {field}")]
    WrongType {
        /// The field.
        field: &'static str,
    },
    /// The list has no such place.
    #[error("there is no such entry in {field}; add entries one after the other")]
    NoSuchField {
        /// The list.
        field: &'static str,
    },
    /// The field is empty.
    #[error("the field {field} is empty; type a value instead of confirming it")]
    NothingToConfirm {
        /// The field.
        field: &'static str,
    },
    /// No name, company, e-mail or phone.
    #[error(
        "nobody can follow this lead up: add a name, a company, an e-mail address or a phone number before approving"
    )]
    Nobody,
    /// No step to take back.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// A draft came too late.
    #[error("someone has already worked on this lead; the new draft was not taken")]
    Touched,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lead::tests::{full_lead, talk};
    use crate::{ApprovedLead, LeadCard, ScoreRules};
    use proptest::prelude::*;

    fn drafted() -> Review {
        Review::captured().draft(full_lead()).unwrap()
    }

    fn text(t: &str) -> Option<FieldValue> {
        Some(FieldValue::Text(t.into()))
    }

    fn run(review: Review, actions: &[ReviewAction]) -> Review {
        actions.iter().fold(review, |r, a| r.apply(a, 7).unwrap().0)
    }

    #[test]
    fn a_swipe_approves_and_undo_takes_it_back() {
        let (r, effect) = drafted().apply(&ReviewAction::Approve, 5).unwrap();
        assert_eq!((r.stage(), r.version(), effect), (Stage::Approved, 1, Some(Effect::Enqueue)));
        let (r, effect) = r.apply(&ReviewAction::Undo, 6).unwrap();
        assert_eq!((r.stage(), effect), (Stage::Drafted, Some(Effect::CancelUnsent)));
        let (r, _) = r.apply(&ReviewAction::Approve, 7).unwrap();
        assert_eq!(r.version(), 2);
    }

    #[test]
    fn an_edit_keeps_the_old_value() {
        let edit = ReviewAction::Edit { key: FieldKey::Company, value: text("Acme Ltd") };
        let r = run(drafted(), std::slice::from_ref(&edit));
        assert_eq!(r.value(FieldKey::Company), text("Acme Ltd"));
        assert_eq!(r.edits()[&FieldKey::Company].old, text("Acme"));
        let card = LeadCard::new(&r, &talk(), &ScoreRules::shipped().unwrap());
        assert_eq!(card.headline, "Ada Byron, Acme Ltd");
        let r = run(r, &[ReviewAction::Approve]);
        let lead = ApprovedLead::from_review(&r, &talk(), &ScoreRules::shipped().unwrap()).unwrap();
        assert_eq!(lead.text(FieldKey::Company), Some("Acme Ltd"));
        assert_eq!(lead.json["contact"]["company"]["edited_from"], "Acme");
    }

    #[test]
    fn lists_grow_by_one_and_shrink() {
        let add = |i, v| ReviewAction::Edit { key: FieldKey::Pain(i), value: v };
        assert!(drafted().apply(&add(2, text("x")), 1).is_err());
        let r = run(drafted(), &[add(1, text("x")), add(2, text("y")), add(0, None)]);
        let r = run(r, &[ReviewAction::Approve]);
        let lead = ApprovedLead::from_review(&r, &talk(), &ScoreRules::shipped().unwrap()).unwrap();
        let pains = lead.json["pains"].as_array().unwrap();
        assert_eq!(pains.iter().map(|p| &p["value"]).collect::<Vec<_>>(), ["x", "y"]);
    }

    #[test]
    fn wrong_types_and_stages_are_refused() {
        let wrong = ReviewAction::Edit { key: FieldKey::Budget, value: text("lots") };
        assert!(matches!(drafted().apply(&wrong, 1), Err(ReviewError::WrongType { .. })));
        let err = Review::captured().apply(&ReviewAction::Approve, 1);
        assert!(matches!(err, Err(ReviewError::WrongStage { .. })));
        let done = run(drafted(), &[ReviewAction::Approve]);
        let confirm = ReviewAction::Confirm { key: FieldKey::Name };
        assert!(done.clone().apply(&confirm, 1).is_err());
        assert!(done.draft(full_lead()).is_err());
    }

    #[test]
    fn a_lead_nobody_can_follow_up_is_not_approved() {
        let clear = |key| ReviewAction::Edit { key, value: None };
        let keys = [FieldKey::Name, FieldKey::Company, FieldKey::Email, FieldKey::Phone];
        let r = run(drafted(), &keys.map(clear));
        assert_eq!(r.apply(&ReviewAction::Approve, 1).unwrap_err(), ReviewError::Nobody);
    }

    fn action() -> impl Strategy<Value = ReviewAction> {
        let key = prop_oneof![
            Just(FieldKey::Name),
            Just(FieldKey::Budget),
            (0u32..4).prop_map(FieldKey::Pain),
            (0u32..4).prop_map(FieldKey::Competitor),
        ];
        prop_oneof![
            Just(ReviewAction::Open),
            key.clone().prop_map(|key| ReviewAction::Confirm { key }),
            (key, proptest::option::of("\\PC{0,12}")).prop_map(|(key, t)| {
                ReviewAction::Edit { key, value: t.map(FieldValue::Text) }
            }),
            Just(ReviewAction::Approve),
            Just(ReviewAction::Reject { reason: RejectReason::Other }),
            Just(ReviewAction::Undo),
            Just(ReviewAction::Reopen),
        ]
    }

    proptest! {
        #[test]
        fn any_sequence_keeps_the_promises(actions in prop::collection::vec(action(), 0..40)) {
            let rules = ScoreRules::shipped().unwrap();
            let mut r = drafted();
            let mut queued = false;
            for a in actions {
                let before = r.clone();
                if let Ok((next, effect)) = r.clone().apply(&a, 9) {
                    queued = match effect {
                        Some(Effect::Enqueue) => true,
                        Some(Effect::CancelUnsent) => false,
                        None => queued,
                    };
                    prop_assert!(next.version() >= before.version());
                    r = next;
                }
                // The outbox holds the lead exactly while it is approved.
                prop_assert_eq!(queued, r.stage() == Stage::Approved);
                let json = serde_json::to_string(&r).unwrap();
                prop_assert_eq!(&serde_json::from_str::<Review>(&json).unwrap(), &r);
                let approved = ApprovedLead::from_review(&r, &talk(), &rules);
                prop_assert_eq!(approved.is_some(), r.stage() == Stage::Approved);
                prop_assert!(LeadCard::new(&r, &talk(), &rules).points <= 100);
            }
        }
    }
}
