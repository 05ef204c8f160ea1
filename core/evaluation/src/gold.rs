use confee_domain::{Authority, Budget, Competitor, DateWindow, StepKind, Transcript};
use serde::Deserialize;

/// A talk with what a careful person would type from hearing it.
#[derive(Debug, Clone, Deserialize)]
pub struct Conversation {
    /// The form of its text: `clean`, `lower`, `whisper` or `asr`.
    #[serde(default)]
    pub variant: String,
    /// The lead.
    pub gold: Gold,
    /// The talk.
    #[serde(flatten)]
    pub talk: Transcript,
}

/// A lead without evidence.
#[derive(Debug, Clone, Deserialize)]
pub struct Gold {
    /// Whether it is one.
    pub is_lead: bool,
    /// The visitor.
    pub contact: GoldContact,
    /// Money.
    pub budget: Option<Budget>,
    /// When they mean to decide, buy or go live.
    pub timeline: Option<DateWindow>,
    /// What the visitor may decide.
    pub authority: Option<Authority>,
    /// Problems, in the talk's words.
    #[serde(default)]
    pub pains: Vec<String>,
    /// Rivals.
    #[serde(default)]
    pub competitors: Vec<Competitor>,
    /// What both agreed to.
    pub next_step: Option<GoldStep>,
}

/// Who the visitor is.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct GoldContact {
    /// As full as spoken.
    pub name: Option<String>,
    /// As said, without articles.
    pub title: Option<String>,
    /// In natural spelling.
    pub company: Option<String>,
    /// Normalised.
    pub email: Option<String>,
    /// Digits.
    pub phone: Option<String>,
}

/// What both agreed to.
#[derive(Debug, Clone, Deserialize)]
pub struct GoldStep {
    /// What is to be done.
    pub kind: StepKind,
    /// When.
    pub due: Option<DateWindow>,
}
