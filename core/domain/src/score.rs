use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    Authority, Budget, BudgetStatus, Confidence, DateWindow, FieldKey, FieldValue, Lead, Review,
    StepKind,
};

/// The rule file that ships with the core; see [`ScoreRules::parse`] for the form.
const SHIPPED: &str = include_str!("../rules/score.json");

/// How promising a lead is: a sum of points, each from a field with evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// 0 to 100.
    pub points: u32,
    /// The points as a word.
    pub tier: Tier,
    /// Share of what one wants to know that is known, 0 to 1: the second number beside the tier.
    pub known: Confidence,
    /// Where the points come from.
    pub terms: Vec<ScoreTerm>,
}

/// Points as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Call tomorrow.
    Hot,
    /// Call this week.
    Warm,
    /// Keep in touch.
    Cold,
    /// No lead: a student, a job seeker, a vendor.
    Unqualified,
}

/// One summand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreTerm {
    /// The rule's name.
    pub signal: String,
    /// Points after weighing by confidence; may be negative.
    pub points: i32,
    /// The field whose words carry it, as in the lead's JSON.
    pub field: String,
}

/// Additive points and tier thresholds, read from a rule file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreRules {
    name: String,
    terms: Vec<Rule>,
    tiers: Thresholds,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    signal: Signal,
    points: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Thresholds {
    hot: u32,
    warm: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Signal {
    NextStepDated,
    NextStep,
    NeedStated,
    #[serde(rename = "timeline_3_months")]
    Timeline3Months,
    #[serde(rename = "timeline_6_months")]
    Timeline6Months,
    #[serde(rename = "timeline_12_months")]
    Timeline12Months,
    Decides,
    SharesDecision,
    Influences,
    BudgetAmount,
    BudgetAvailable,
    BudgetUndecided,
    NoBudget,
    Competitor,
    Engaged,
}

/// Why a rule file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the score rules cannot be read: {0}; compare them with the shipped rules/score.json")]
pub struct RuleError(#[from] serde_json::Error);

impl ScoreRules {
    /// Reads a rule file: `{"name", "terms": [{"signal", "points"}], "tiers": {"hot", "warm"}}`.
    /// A signal that is not listed gives no points.
    ///
    /// # Errors
    /// Not JSON, or a signal that does not exist.
    pub fn parse(json: &str) -> Result<Self, RuleError> {
        Ok(serde_json::from_str(json)?)
    }

    /// The rules that ship with the core, 100 points in all.
    ///
    /// # Errors
    /// Never for the shipped file; a test reads it.
    pub fn shipped() -> Result<Self, RuleError> {
        Self::parse(SHIPPED)
    }

    /// Scores a draft. `day` is the day of capture.
    #[must_use]
    pub fn score(&self, lead: &Lead, day: NaiveDate) -> Score {
        self.sum(&Facts::of_draft(lead), day)
    }

    /// Scores a lead as a person has left it: edits count, cleared fields do not, and what is
    /// confirmed counts in full.
    #[must_use]
    pub fn score_review(&self, review: &Review, day: NaiveDate) -> Option<Score> {
        Some(self.sum(&Facts::of_review(review, review.lead()?), day))
    }

    fn sum(&self, facts: &Facts, day: NaiveDate) -> Score {
        let signals = signals(facts, day);
        let mut terms = Vec::new();
        for rule in &self.terms {
            let Some(found) = signals.iter().find(|s| s.signal == rule.signal) else { continue };
            let points = weigh(rule.points, found.confidence);
            if points != 0 {
                let (signal, field) = (name(rule.signal), found.field.to_owned());
                terms.push(ScoreTerm { signal, points, field });
            }
        }
        let sum = terms.iter().map(|t| t.points).sum::<i32>().clamp(0, 100).unsigned_abs();
        Score { points: sum, tier: self.tier(facts, sum), known: facts.known(), terms }
    }

    fn tier(&self, facts: &Facts, points: u32) -> Tier {
        match points {
            _ if !facts.is_lead => Tier::Unqualified,
            p if p >= self.tiers.hot => Tier::Hot,
            p if p >= self.tiers.warm => Tier::Warm,
            _ => Tier::Cold,
        }
    }
}

fn name(signal: Signal) -> String {
    match serde_json::to_value(signal) {
        Ok(serde_json::Value::String(s)) => s,
        _ => String::new(),
    }
}

/// Points times confidence, rounded half away from zero, in integers.
fn weigh(points: i32, sure: Confidence) -> i32 {
    let exact = points * i32::from(sure.as_permille());
    (exact + 500 * exact.signum()) / 1000
}

struct Found {
    signal: Signal,
    field: &'static str,
    confidence: Confidence,
}

/// What is known of a lead, with how sure it is.
struct Facts {
    is_lead: bool,
    values: Vec<(FieldKey, FieldValue, Confidence)>,
}

impl Facts {
    fn of_draft(lead: &Lead) -> Self {
        let fact = |key: FieldKey| Some((key, lead.value(key)?, lead.confidence(key)?));
        Self {
            is_lead: lead.is_lead.value,
            values: lead.keys().into_iter().filter_map(fact).collect(),
        }
    }

    fn of_review(review: &Review, lead: &Lead) -> Self {
        let fact = |key: FieldKey| {
            let sure = if review.is_confirmed(key) { None } else { lead.confidence(key) };
            Some((key, review.value(key)?, sure.unwrap_or(Confidence::CERTAIN)))
        };
        Self {
            is_lead: lead.is_lead.value,
            values: review.keys().into_iter().filter_map(fact).collect(),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(key, ..)| key.name() == name)
    }

    /// Share of the eight things a rep should know that the talk told.
    fn known(&self) -> Confidence {
        let single = ["name", "company", "budget", "timeline", "authority", "pains", "next_step"];
        let reachable = self.has("email") || self.has("phone");
        let count = single.iter().filter(|n| self.has(n)).count() + usize::from(reachable);
        Confidence::permille(u16::try_from(count * 1000 / (single.len() + 1)).unwrap_or(1000))
    }
}

fn signals(facts: &Facts, day: NaiveDate) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (key, value, confidence) in &facts.values {
        for signal in signals_of(*key, value, day) {
            let field = key.name();
            match found.iter_mut().find(|f| f.signal == signal) {
                Some(known) => known.confidence = known.confidence.max(*confidence),
                None => found.push(Found { signal, field, confidence: *confidence }),
            }
        }
    }
    found
}

fn signals_of(key: FieldKey, value: &FieldValue, day: NaiveDate) -> Vec<Signal> {
    match value {
        FieldValue::NextStep(step) => {
            let dated = if step.due.is_some() { Signal::NextStepDated } else { Signal::NextStep };
            let engaged = matches!(step.kind, StepKind::Demo | StepKind::Proposal);
            [Some(dated), engaged.then_some(Signal::Engaged)].into_iter().flatten().collect()
        }
        FieldValue::Window(w) => timeline(*w, day).into_iter().collect(),
        FieldValue::Authority(a) => authority(*a).into_iter().collect(),
        FieldValue::Budget(b) => vec![budget(b)],
        FieldValue::Competitor(_) => vec![Signal::Competitor],
        FieldValue::Text(_) if matches!(key, FieldKey::Pain(_)) => vec![Signal::NeedStated],
        FieldValue::Text(_) => Vec::new(),
    }
}

/// How soon they mean to start, by the first day on which the purchase must stand.
fn timeline(w: DateWindow, day: NaiveDate) -> Option<Signal> {
    let open = w.start <= day + Days::new(1);
    let by = if open { w.end } else { w.start };
    let within = |months| day.checked_add_months(Months::new(months)).is_some_and(|d| by <= d);
    if within(3) {
        Some(Signal::Timeline3Months)
    } else if within(6) {
        Some(Signal::Timeline6Months)
    } else if within(12) {
        Some(Signal::Timeline12Months)
    } else {
        None
    }
}

fn authority(a: Authority) -> Option<Signal> {
    match a {
        Authority::DecisionMaker => Some(Signal::Decides),
        Authority::Shared => Some(Signal::SharesDecision),
        Authority::Influencer => Some(Signal::Influences),
        Authority::None => None,
    }
}

fn budget(b: &Budget) -> Signal {
    match (b.status, b.min.or(b.max)) {
        (BudgetStatus::Available, Some(_)) => Signal::BudgetAmount,
        (BudgetStatus::Available, None) => Signal::BudgetAvailable,
        (BudgetStatus::Undecided, _) => Signal::BudgetUndecided,
        (BudgetStatus::None, _) => Signal::NoBudget,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReviewAction;
    use crate::lead::tests::full_lead;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 18).unwrap()
    }

    fn certain(mut review: Review) -> Score {
        for key in full_lead().keys() {
            if let Ok((next, _)) = review.clone().apply(&ReviewAction::Confirm { key }, 1) {
                review = next;
            }
        }
        ScoreRules::shipped().unwrap().score_review(&review, day()).unwrap()
    }

    fn drafted(lead: Lead) -> Review {
        Review::captured().draft(lead).unwrap()
    }

    #[test]
    fn shipped_rules_reach_exactly_100_points() {
        let score = certain(drafted(full_lead()));
        assert_eq!((score.points, score.tier), (100, Tier::Hot));
        assert!(score.terms.iter().all(|t| !t.field.is_empty()));
    }

    #[test]
    fn doubt_costs_points_until_confirmed() {
        let rules = ScoreRules::shipped().unwrap();
        let doubtful = rules.score(&full_lead(), day());
        assert_eq!(doubtful.points, 72);
        assert_eq!(doubtful, rules.score(&full_lead(), day()));
        assert_eq!(Some(doubtful), rules.score_review(&drafted(full_lead()), day()));
    }

    #[test]
    fn unknown_gives_nothing_and_no_budget_subtracts() {
        let mut lead = full_lead();
        lead.timeline = None;
        assert_eq!(certain(drafted(lead.clone())).points, 80);
        lead.budget = crate::lead::tests::no_budget();
        assert_eq!(certain(drafted(lead)).points, 80 - 15 - 10);
    }

    #[test]
    fn cleared_fields_and_edits_count_as_they_stand() {
        let edit = |key, value| ReviewAction::Edit { key, value };
        let apply = |r: Review, a: &ReviewAction| r.apply(a, 1).unwrap().0;
        let cleared = apply(drafted(full_lead()), &edit(FieldKey::NextStep, None));
        let score = certain(cleared);
        assert_eq!((score.points, score.known.as_permille()), (75, 875));
        let none = Some(FieldValue::Authority(Authority::None));
        assert_eq!(
            certain(apply(drafted(full_lead()), &edit(FieldKey::Authority, none))).points,
            85
        );
    }

    #[test]
    fn non_leads_are_unqualified() {
        let mut lead = full_lead();
        lead.is_lead.value = false;
        assert_eq!(certain(drafted(lead)).tier, Tier::Unqualified);
    }

    #[test]
    fn bad_rules_say_what_is_wrong() {
        let err = ScoreRules::parse(r#"{"name":"x","terms":[{"signal":"luck","points":1}]}"#);
        assert!(err.unwrap_err().to_string().contains("luck"));
    }
}
