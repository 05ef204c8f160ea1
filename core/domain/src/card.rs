use serde::{Deserialize, Serialize};

use crate::{
    Alternative, Confidence, EvidenceSpan, Field, FieldKey, FieldValue, Lead, Lost, Review,
    ScoreRules, Stage, Tier, Transcript,
};

/// A lead as one card of the review deck: everything a screen shows, nothing it has to compute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct LeadCard {
    /// The lead's id.
    pub id: String,
    /// Where it is.
    pub stage: Stage,
    /// Name and company, or what else tells the card from its neighbours.
    pub headline: String,
    /// When the talk was, Unix milliseconds.
    pub captured_at_ms: i64,
    /// Whether we think it is a lead at all.
    pub is_lead: bool,
    /// Points, 0 to 100.
    pub points: u32,
    /// The points as a word.
    pub tier: Tier,
    /// Share of what one wants to know that is known, 0 to 1.
    pub known: f64,
    /// Where the points come from.
    pub terms: Vec<ScoreTermCard>,
    /// The fields that have a value or had one, in reading order.
    pub fields: Vec<FieldCard>,
    /// Labels of what was not said: what to ask next time.
    pub unknown: Vec<String>,
    /// Whether the last action can be taken back.
    pub can_undo: bool,
}

/// One summand of the score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct ScoreTermCard {
    /// The rule's name.
    pub signal: String,
    /// Points; may be negative.
    pub points: i32,
    /// The field that carries it.
    pub field: String,
}

/// What a person has done to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum FieldState {
    /// As extracted.
    Drafted,
    /// Tapped as right.
    Confirmed,
    /// Changed or added by hand.
    Edited,
    /// Emptied by hand.
    Cleared,
}

/// One field on the card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FieldCard {
    /// Which field; pass it back in an edit.
    pub key: FieldKey,
    /// What a person calls it.
    pub label: String,
    /// The value; unset where it was cleared.
    pub value: Option<FieldValue>,
    /// The value as text.
    pub display: String,
    /// How sure we are, 0 to 1; 1 for what a person typed or confirmed.
    pub confidence: f64,
    /// The words it came from; empty for what a person typed.
    pub quote: String,
    /// Where the words stand and when they were spoken.
    pub evidence: Vec<EvidenceSpan>,
    /// What else was said, with why it lost.
    pub alternatives: Vec<AlternativeCard>,
    /// What a person has done to it.
    pub state: FieldState,
    /// What we had extracted, where a person has changed it.
    pub old_display: Option<String>,
}

/// A value that was said but lost; one tap makes it the field's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AlternativeCard {
    /// The value, ready for an edit.
    pub value: FieldValue,
    /// The value as text.
    pub display: String,
    /// The words.
    pub quote: String,
    /// Why it lost.
    pub reason: Lost,
}

impl LeadCard {
    /// The card of a lead.
    #[must_use]
    pub fn new(review: &Review, talk: &Transcript, rules: &ScoreRules) -> Self {
        let fields = review.lead().map_or_else(Vec::new, |lead| field_cards(review, lead));
        let score = rules.score_review(review, talk.day());
        Self {
            id: talk.id().to_owned(),
            stage: review.stage(),
            headline: headline(&fields),
            captured_at_ms: talk.captured_at().timestamp_millis(),
            is_lead: review.lead().is_none_or(|l| l.is_lead.value),
            points: score.as_ref().map_or(0, |s| s.points),
            tier: score.as_ref().map_or(Tier::Cold, |s| s.tier),
            known: score.as_ref().map_or(0.0, |s| s.known.into()),
            terms: score.map_or_else(Vec::new, |s| {
                let term = |t: crate::ScoreTerm| ScoreTermCard {
                    signal: t.signal,
                    points: t.points,
                    field: t.field,
                };
                s.terms.into_iter().map(term).collect()
            }),
            unknown: unknown(&fields),
            fields,
            can_undo: review.can_undo(),
        }
    }
}

fn headline(fields: &[FieldCard]) -> String {
    let find =
        |key| fields.iter().find(|f| f.key == key && f.value.is_some()).map(|f| f.display.as_str());
    match (find(FieldKey::Name), find(FieldKey::Company)) {
        (Some(name), Some(company)) => format!("{name}, {company}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => {
            find(FieldKey::Email).or(find(FieldKey::Title)).unwrap_or("Unknown visitor").to_owned()
        }
    }
}

fn unknown(fields: &[FieldCard]) -> Vec<String> {
    let wanted = [
        FieldKey::Name,
        FieldKey::Company,
        FieldKey::Email,
        FieldKey::Budget,
        FieldKey::Timeline,
        FieldKey::Authority,
        FieldKey::Pain(0),
        FieldKey::NextStep,
    ];
    wanted
        .into_iter()
        .filter(|k| !fields.iter().any(|f| f.key.name() == k.name() && f.value.is_some()))
        .map(|k| k.label().to_owned())
        .collect()
}

fn field_cards(review: &Review, lead: &Lead) -> Vec<FieldCard> {
    review.keys().into_iter().map(|key| field_card(review, lead, key)).collect()
}

fn field_card(review: &Review, lead: &Lead, key: FieldKey) -> FieldCard {
    let drafted = lead.details(key);
    let edit = review.edits().get(&key);
    let value = review.value(key);
    let state = match (edit, review.is_confirmed(key)) {
        (Some(e), _) if e.new.is_none() => FieldState::Cleared,
        (Some(_), _) => FieldState::Edited,
        (None, true) => FieldState::Confirmed,
        (None, false) => FieldState::Drafted,
    };
    let (confidence, quote, evidence, alternatives) = match (&drafted, edit) {
        (Some(d), None) if state == FieldState::Drafted => {
            (d.confidence, d.quote.clone(), d.evidence.clone(), d.alternatives.clone())
        }
        (Some(d), None) => (1.0, d.quote.clone(), d.evidence.clone(), d.alternatives.clone()),
        (Some(d), Some(_)) => (1.0, String::new(), Vec::new(), d.alternatives.clone()),
        (None, _) => (1.0, String::new(), Vec::new(), Vec::new()),
    };
    FieldCard {
        key,
        label: key.label().to_owned(),
        display: value.as_ref().map_or_else(String::new, FieldValue::display),
        value,
        confidence,
        quote,
        evidence,
        alternatives,
        state,
        old_display: edit.and_then(|e| e.old.as_ref()).map(FieldValue::display),
    }
}

struct Details {
    value: FieldValue,
    confidence: f64,
    quote: String,
    evidence: Vec<EvidenceSpan>,
    alternatives: Vec<AlternativeCard>,
}

impl Details {
    fn of<T: Clone>(field: &Field<T>, wrap: fn(T) -> FieldValue) -> Self {
        let alternative = |a: &Alternative<T>| {
            let value = wrap(a.value.clone());
            AlternativeCard {
                display: value.display(),
                value,
                quote: a.quote.text().to_owned(),
                reason: a.reason,
            }
        };
        Self {
            value: wrap(field.value().clone()),
            confidence: field.confidence().into(),
            quote: field.text().to_owned(),
            evidence: field.evidence().spans().to_vec(),
            alternatives: field.alternatives().iter().map(alternative).collect(),
        }
    }
}

impl Lead {
    /// The fields that have a value, in reading order.
    #[must_use]
    pub fn keys(&self) -> Vec<FieldKey> {
        let list = |n: usize, key: fn(u32) -> FieldKey| {
            (0..u32::try_from(n).unwrap_or(u32::MAX)).map(key).collect::<Vec<_>>()
        };
        let mut keys = vec![
            FieldKey::Name,
            FieldKey::Title,
            FieldKey::Company,
            FieldKey::Email,
            FieldKey::Phone,
            FieldKey::Budget,
            FieldKey::Timeline,
            FieldKey::Authority,
            FieldKey::NextStep,
        ];
        keys.extend(list(self.pains.len(), FieldKey::Pain));
        keys.extend(list(self.competitors.len(), FieldKey::Competitor));
        keys.retain(|k| self.details(*k).is_some());
        keys.sort_unstable();
        keys
    }

    /// The value of a field.
    #[must_use]
    pub fn value(&self, key: FieldKey) -> Option<FieldValue> {
        self.details(key).map(|d| d.value)
    }

    /// The words of a field.
    #[must_use]
    pub fn quote(&self, key: FieldKey) -> Option<String> {
        self.details(key).map(|d| d.quote)
    }

    /// How sure we are of a field.
    #[must_use]
    pub fn confidence(&self, key: FieldKey) -> Option<Confidence> {
        self.details(key).map(|d| Confidence::from(d.confidence))
    }

    fn details(&self, key: FieldKey) -> Option<Details> {
        let text = |f: &Option<Field<String>>| f.as_ref().map(|f| Details::of(f, FieldValue::Text));
        let index = |i: u32| usize::try_from(i).unwrap_or(usize::MAX);
        match key {
            FieldKey::Name => text(&self.contact.name),
            FieldKey::Title => text(&self.contact.title),
            FieldKey::Company => text(&self.contact.company),
            FieldKey::Email => text(&self.contact.email),
            FieldKey::Phone => text(&self.contact.phone),
            FieldKey::Budget => self.budget.as_ref().map(|f| Details::of(f, FieldValue::Budget)),
            FieldKey::Timeline => {
                self.timeline.as_ref().map(|f| Details::of(f, FieldValue::Window))
            }
            FieldKey::Authority => {
                self.authority.as_ref().map(|f| Details::of(f, FieldValue::Authority))
            }
            FieldKey::Pain(i) => self.pains.get(index(i)).map(|f| Details::of(f, FieldValue::Text)),
            FieldKey::Competitor(i) => {
                self.competitors.get(index(i)).map(|f| Details::of(f, FieldValue::Competitor))
            }
            FieldKey::NextStep => {
                self.next_step.as_ref().map(|f| Details::of(f, FieldValue::NextStep))
            }
        }
    }
}
