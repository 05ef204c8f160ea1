//! What proposes names, companies, pains, rivals and next steps.

use std::ops::Range;

use confee_domain::{Relation, StepKind};

use crate::talk::{Talk, Turn};

/// What a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// A person's name.
    Name,
    /// An employer.
    Company,
    /// A rival, and what it is to the visitor.
    Competitor(Relation),
    /// A problem.
    Pain,
    /// Something to be done next.
    NextStep(StepKind),
    /// Words that only somebody says who is no lead.
    NotALead,
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

/// Labels spans of a talk. Implementations are deterministic: the same talk gives the same spans
/// on every device.
pub trait Tagger: Send + Sync {
    /// All spans, in any order; they may overlap.
    fn tag(&self, talk: &Talk<'_>) -> Vec<Span>;
}
