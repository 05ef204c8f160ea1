//! What proposes names, firms, sums, times, pains, rivals and next steps.

use std::ops::Range;

use confee_domain::{Authority, BudgetStatus, Relation, StepKind};

use crate::talk::{Talk, Turn};

/// What a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// A person's name.
    Name,
    /// A job title, or a function said as one.
    Title,
    /// An employer or other firm.
    Company,
    /// An e-mail address as it is spoken.
    Email,
    /// A phone number as it is spoken.
    Phone,
    /// Letters said one by one.
    Spelled,
    /// An amount of money.
    Money(MoneyRole),
    /// A time.
    Time(TimeRole),
    /// A rival, and what it is to the visitor.
    Competitor(Relation),
    /// A product or vendor that is no rival.
    Tool,
    /// A problem.
    Pain,
    /// Something to be done next.
    NextStep(StepKind),
    /// Words that tell how the visitor decides.
    Authority(Authority),
    /// Words that tell the state of the money.
    Funds(BudgetStatus),
    /// Words that only somebody says who is no lead.
    NotALead,
}

/// What an amount of money is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyRole {
    /// What the visitor can or may spend.
    Budget,
    /// The same, taken back or corrected later.
    Old,
    /// A price of the rep.
    Price,
    /// What a problem or the present way costs; revenue.
    Cost,
    /// Anything else.
    Other,
}

/// What a time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeRole {
    /// When the visitor means to decide, buy or go live.
    Purchase,
    /// The same, taken back or corrected later.
    Old,
    /// When the next step is due.
    Due,
    /// Anything else.
    Other,
}

/// Whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The main visitor's.
    Prospect,
    /// The rep's.
    Rep,
    /// Somebody else's.
    Third,
}

/// Whether it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Polarity {
    /// Said to hold; a next step: agreed to.
    Stated,
    /// A next step that was agreed to besides the main one.
    Besides,
    /// Said not to hold; a next step: refused.
    Negated,
    /// Left open; a next step: proposed, without an answer.
    Open,
}

/// A labelled piece of one turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// What it is.
    pub tag: Tag,
    /// Which turn.
    pub turn: usize,
    /// First character, in Unicode scalar values.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// Whose it is.
    pub owner: Owner,
    /// Whether it holds.
    pub polarity: Polarity,
    /// How sure the tagger is, in thousandths.
    pub score: u16,
}

impl Span {
    /// A span over tokens of a turn.
    pub(crate) fn over(
        tag: Tag,
        turn: &Turn,
        tokens: &Range<usize>,
        (owner, polarity): (Owner, Polarity),
        score: u16,
    ) -> Self {
        let Range { start, end } = turn.chars(tokens);
        Self { tag, turn: turn.index, start, end, owner, polarity, score }
    }
}

/// What a tagger makes of a talk.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// All spans, in any order; they may overlap.
    pub spans: Vec<Span>,
    /// For each turn how surely a visitor speaks, in thousandths; empty if nothing was found out.
    pub visitor: Vec<u16>,
    /// How surely the talk is with a possible customer, in thousandths.
    pub lead: Option<u16>,
    /// How surely the visitor decides alone, with others, recommends, has no say; in thousandths.
    /// What is missing to 1000: it was not told.
    pub authority: Option<[u16; 4]>,
}

/// Labels a talk. Implementations are deterministic: the same talk gives the same labels on every
/// device.
pub trait Tagger: Send + Sync {
    /// What is found in the talk.
    fn tag(&self, talk: &Talk<'_>) -> Reading;
}
