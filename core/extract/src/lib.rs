//! From a transcript to a lead draft.
//!
//! Three steps, all deterministic: a [`Tagger`] proposes candidate spans, the [`normalize`]
//! grammars turn spans into values, the assembly decides which value stands and keeps the
//! others as alternatives. Every value carries the words it came from.

mod assembly;
mod extractor;
mod lexicon;
pub mod normalize;
mod roles;
mod rules;
mod similar;
mod tagger;
mod talk;
pub mod text;

pub use extractor::{Extractor, Sources};
pub use tagger::{MoneyRole, Owner, Polarity, Reading, Span, Tag, Tagger, TimeRole};
pub use talk::{Role, Talk, Turn};
