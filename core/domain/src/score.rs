use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{Authority, Budget, BudgetStatus, Confidence, DateWindow, Lead, StepKind};

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

    /// Scores a lead. `day` is the day of capture; `confirmed` says which fields a person has
    /// confirmed and whose points therefore count in full.
    #[must_use]
    pub fn score(&self, lead: &Lead, day: NaiveDate, confirmed: impl Fn(&str) -> bool) -> Score {
        let signals = signals(lead, day);
        let mut terms = Vec::new();
        for rule in &self.terms {
            let Some(found) = signals.iter().find(|s| s.signal == rule.signal) else { continue };
            let sure = if confirmed(found.field) { Confidence::CERTAIN } else { found.confidence };
            let points = weigh(rule.points, sure);
            if points != 0 {
                terms.push(ScoreTerm {
                    signal: name(rule.signal),
                    points,
                    field: found.field.to_owned(),
                });
            }
        }
        let sum = terms.iter().map(|t| t.points).sum::<i32>().clamp(0, 100).unsigned_abs();
        Score { points: sum, tier: self.tier(lead, sum), known: known(lead), terms }
    }

    fn tier(&self, lead: &Lead, points: u32) -> Tier {
        match points {
            _ if !lead.is_lead.value => Tier::Unqualified,
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

fn signals(lead: &Lead, day: NaiveDate) -> Vec<Found> {
    let mut found = Vec::new();
    let mut add = |signal: Option<Signal>, field: &'static str, confidence: Confidence| {
        if let Some(signal) = signal {
            found.push(Found { signal, field, confidence });
        }
    };
    if let Some(f) = &lead.next_step {
        let dated = f.value().due.is_some();
        let step = if dated { Signal::NextStepDated } else { Signal::NextStep };
        add(Some(step), "next_step", f.confidence());
        let engaged = matches!(f.value().kind, StepKind::Demo | StepKind::Proposal);
        add(engaged.then_some(Signal::Engaged), "next_step", f.confidence());
    }
    if let Some(f) = &lead.timeline {
        add(timeline(*f.value(), day), "timeline", f.confidence());
    }
    if let Some(f) = &lead.authority {
        add(authority(*f.value()), "authority", f.confidence());
    }
    if let Some(f) = &lead.budget {
        add(Some(budget(f.value())), "budget", f.confidence());
    }
    let surest = |all: Vec<Confidence>| all.into_iter().max();
    if let Some(c) = surest(lead.pains.iter().map(crate::Field::confidence).collect()) {
        add(Some(Signal::NeedStated), "pains", c);
    }
    if let Some(c) = surest(lead.competitors.iter().map(crate::Field::confidence).collect()) {
        add(Some(Signal::Competitor), "competitors", c);
    }
    found
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

/// Share of the eight things a rep should know that the talk told.
fn known(lead: &Lead) -> Confidence {
    let reachable = lead.contact.email.is_some() || lead.contact.phone.is_some();
    let facts = [
        lead.contact.name.is_some(),
        lead.contact.company.is_some(),
        reachable,
        lead.budget.is_some(),
        lead.timeline.is_some(),
        lead.authority.is_some(),
        !lead.pains.is_empty(),
        lead.next_step.is_some(),
    ];
    let count = facts.iter().filter(|f| **f).count();
    Confidence::permille(u16::try_from(count * 1000 / facts.len()).unwrap_or(1000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lead::tests::full_lead;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 18).unwrap()
    }

    #[test]
    fn shipped_rules_reach_exactly_100_points() {
        let rules = ScoreRules::shipped().unwrap();
        let score = rules.score(&full_lead(), day(), |_| true);
        assert_eq!((score.points, score.tier), (100, Tier::Hot));
        assert!(score.terms.iter().all(|t| !t.field.is_empty()));
    }

    #[test]
    fn doubt_costs_points_until_confirmed() {
        let rules = ScoreRules::shipped().unwrap();
        let doubtful = rules.score(&full_lead(), day(), |_| false);
        assert!(doubtful.points < 100);
        let same = rules.score(&full_lead(), day(), |_| false);
        assert_eq!(doubtful, same);
    }

    #[test]
    fn unknown_gives_nothing_and_no_budget_subtracts() {
        let rules = ScoreRules::shipped().unwrap();
        let mut lead = full_lead();
        lead.timeline = None;
        let without = rules.score(&lead, day(), |_| true);
        assert_eq!(without.points, 80);
        lead.budget = crate::lead::tests::no_budget();
        assert_eq!(rules.score(&lead, day(), |_| true).points, 80 - 15 - 10);
    }

    #[test]
    fn non_leads_are_unqualified() {
        let mut lead = full_lead();
        lead.is_lead.value = false;
        let score = ScoreRules::shipped().unwrap().score(&lead, day(), |_| true);
        assert_eq!(score.tier, Tier::Unqualified);
    }

    #[test]
    fn bad_rules_say_what_is_wrong() {
        let err = ScoreRules::parse(r#"{"name":"x","terms":[{"signal":"luck","points":1}]}"#);
        assert!(err.unwrap_err().to_string().contains("luck"));
    }
}
