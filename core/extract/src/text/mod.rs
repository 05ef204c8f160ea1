//! Tokens with character offsets, and spoken numbers: what all grammars read.

mod number;
mod token;

pub use number::{Number, number_at, ordinal_at};
pub(crate) use number::{ORDINALS, TENS, UNITS};
pub use token::{Kind, Token, tokenize};
