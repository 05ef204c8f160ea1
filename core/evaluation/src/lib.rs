//! How right leads are: compared with gold leads, field by field, and how honest their confidence
//! is. The rules of comparison are those of `tests/evaluation/conversations.md`.

mod compare;
mod confidence;
mod gold;
mod plot;
mod report;
mod score;

pub use compare::{same_budget, same_company, same_name, same_pain, same_phone, same_title};
pub use confidence::{Observation, Reliability};
pub use gold::{Conversation, Gold, GoldContact, GoldStep};
pub use plot::diagram;
pub use report::{Summary, table};
pub use score::{Scores, Tally, score};
