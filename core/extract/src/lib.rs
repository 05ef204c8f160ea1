//! From a transcript to a lead draft.
//!
//! Three steps, all deterministic: a [`Tagger`] proposes candidate spans, the [`normalize`]
//! grammars turn spans into values, the assembly decides which value stands and keeps the
//! others as alternatives. Every value carries the words it came from.

pub mod normalize;
pub mod text;
