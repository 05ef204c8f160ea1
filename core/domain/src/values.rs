use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Money the visitor can spend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Budget {
    /// Whether there is money at all.
    pub status: BudgetStatus,
    /// Lower bound in currency units; `min == max` for one number, unset for "up to".
    #[serde(serialize_with = "crate::number::serialize")]
    pub min: Option<f64>,
    /// Upper bound in currency units, unset for "at least".
    #[serde(serialize_with = "crate::number::serialize")]
    pub max: Option<f64>,
    /// ISO 4217 code, unset where the talk does not tell.
    pub currency: Option<String>,
    /// What one payment covers, unset where the talk does not tell.
    pub period: Option<Period>,
}

/// Whether there is money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum BudgetStatus {
    /// Money exists, or an amount was given as what they can spend.
    Available,
    /// Said to have none.
    None,
    /// Not decided yet.
    Undecided,
}

/// What one payment covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// A purchase.
    OneOff,
    /// Every month.
    Month,
    /// Every year.
    Year,
}

/// Days from `start` to `end`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct DateWindow {
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
}

impl DateWindow {
    /// A window; the two days may come in either order.
    #[must_use]
    pub fn new(a: NaiveDate, b: NaiveDate) -> Self {
        Self { start: a.min(b), end: a.max(b) }
    }

    /// One day.
    #[must_use]
    pub fn day(day: NaiveDate) -> Self {
        Self { start: day, end: day }
    }
}

/// What the visitor may decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// Signs or decides alone.
    DecisionMaker,
    /// One of several who decide.
    Shared,
    /// Evaluates or recommends; another decides.
    Influencer,
    /// No say.
    None,
}

/// A rival product or vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Competitor {
    /// Natural spelling.
    pub name: String,
    /// What it is to the visitor.
    pub relation: Relation,
}

/// What a rival is to the visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// In use now.
    Current,
    /// Being looked at.
    Evaluating,
    /// Was in use.
    Past,
}

/// What both agreed to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct NextStep {
    /// What will be done.
    pub kind: StepKind,
    /// By when, unset where no time was said.
    pub due: Option<DateWindow>,
}

/// What will be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Show the product.
    Demo,
    /// Telephone or video call.
    Call,
    /// Sit together.
    Meeting,
    /// Send papers, reports or prices.
    Email,
    /// A quote or an offer.
    Proposal,
    /// A free trial, test patch or pilot.
    Trial,
    /// Send a sample.
    Sample,
    /// Bring two people together.
    Intro,
    /// Travel to a site.
    Visit,
}

/// A job title, with what it says of its holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// As one would write it, unset for "I run procurement".
    pub title: Option<String>,
    /// Rank.
    pub seniority: Seniority,
    /// A lower-case word or two ("sales", "supply chain"), unset where the title does not tell.
    pub function: Option<String>,
}

/// Rank of a job title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Seniority {
    Owner,
    CLevel,
    Vp,
    Director,
    Head,
    Manager,
    Individual,
    Intern,
    Student,
}
