//! The whole review without a terminal: made-up talks, the real review rules, a drawn buffer.

mod loop_;
mod made_up;
mod picture;
mod reducer;
mod screens;
mod svg;
mod units;
