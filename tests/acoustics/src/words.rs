//! Texts as words that can be compared, and the word error rate.

mod align;
mod normal;
mod numbers;

pub use align::{Edits, Step, align, edits};
pub use normal::{Word, normal};
