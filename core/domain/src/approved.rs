use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Budget, Competitor, DateWindow, FieldKey, FieldValue, Lead, NextStep, Rep, Review, ScoreRules,
    Stage, Transcript,
};

/// One value that a person has approved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApprovedValue {
    /// Which field.
    pub key: FieldKey,
    /// Its value.
    pub value: FieldValue,
    /// The words it came from; unset where the rep typed it.
    pub quote: Option<String>,
}

/// What leaves the phone: the approved values, and the lead's JSON with the edits in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApprovedLead {
    /// The conversation's id.
    pub id: String,
    /// Counts approvals, from 1.
    pub version: u32,
    /// When the talk was.
    pub captured_at: DateTime<FixedOffset>,
    /// When the rep approved it, Unix milliseconds.
    pub approved_at_ms: i64,
    /// Who approved it.
    pub rep: Rep,
    /// Every field that has a value.
    pub values: Vec<ApprovedValue>,
    /// The lead in the contract's shape, with the edits applied and the score of confirmed fields.
    pub json: Value,
}

impl ApprovedLead {
    /// The approved values of a review; `None` unless it is approved.
    #[must_use]
    pub fn from_review(review: &Review, talk: &Transcript, rules: &ScoreRules) -> Option<Self> {
        if review.stage() != Stage::Approved {
            return None;
        }
        let draft = review.lead()?;
        let mut scored = draft.clone();
        scored.score = rules.score_review(review, talk.day())?;
        Some(Self {
            id: draft.id.clone(),
            version: review.version(),
            captured_at: talk.captured_at(),
            approved_at_ms: review.approved_at_ms()?,
            rep: talk.rep().clone(),
            values: values(review, draft),
            json: with_edits(review, &scored),
        })
    }

    /// A text field.
    #[must_use]
    pub fn text(&self, key: FieldKey) -> Option<&str> {
        self.values.iter().find_map(|v| match (&v.value, v.key == key) {
            (FieldValue::Text(t), true) => Some(t.as_str()),
            _ => None,
        })
    }

    /// The budget.
    #[must_use]
    pub fn budget(&self) -> Option<&Budget> {
        self.values.iter().find_map(|v| match &v.value {
            FieldValue::Budget(b) => Some(b),
            _ => None,
        })
    }

    /// The timeline.
    #[must_use]
    pub fn timeline(&self) -> Option<DateWindow> {
        self.values.iter().find_map(|v| match &v.value {
            FieldValue::Window(w) => Some(*w),
            _ => None,
        })
    }

    /// The next step, with its words.
    #[must_use]
    pub fn next_step(&self) -> Option<(&NextStep, Option<&str>)> {
        self.values.iter().find_map(|v| match &v.value {
            FieldValue::NextStep(s) => Some((s, v.quote.as_deref())),
            _ => None,
        })
    }

    /// The rivals.
    pub fn competitors(&self) -> impl Iterator<Item = &Competitor> {
        self.values.iter().filter_map(|v| match &v.value {
            FieldValue::Competitor(c) => Some(c),
            _ => None,
        })
    }
}

fn values(review: &Review, draft: &Lead) -> Vec<ApprovedValue> {
    review
        .keys()
        .into_iter()
        .filter_map(|key| {
            let value = review.value(key)?;
            let quote = if review.edits().contains_key(&key) { None } else { draft.quote(key) };
            Some(ApprovedValue { key, value, quote })
        })
        .collect()
}

/// Edited fields carry the new value, full confidence, no evidence, and the old value beside it.
fn with_edits(review: &Review, lead: &Lead) -> Value {
    let mut out = json!(lead);
    let mut cleared = Vec::new();
    for (key, edit) in review.edits() {
        let place = match *key {
            FieldKey::Pain(i) | FieldKey::Competitor(i) => list_place(&mut out, *key, i),
            _ if out["contact"].get(key.name()).is_some() => Some(&mut out["contact"][key.name()]),
            _ => Some(&mut out[key.name()]),
        };
        let Some(place) = place else { continue };
        *place = match &edit.new {
            Some(v) => json!({"value": v.to_json(), "confidence": 1, "text": null, "evidence": [],
                "alternatives": [], "edited_from": edit.old.as_ref().map(FieldValue::to_json)}),
            None => Value::Null,
        };
        if edit.new.is_none() {
            cleared.push(key.name());
        }
    }
    for list in ["pains", "competitors"].iter().filter(|l| cleared.contains(l)) {
        if let Some(items) = out[*list].as_array_mut() {
            items.retain(|item| !item.is_null());
        }
    }
    out
}

fn list_place(out: &mut Value, key: FieldKey, index: u32) -> Option<&mut Value> {
    let items = out[key.name()].as_array_mut()?;
    let index = usize::try_from(index).ok()?;
    if index >= items.len() {
        items.push(Value::Null);
        return items.last_mut();
    }
    items.get_mut(index)
}
