//! What of a booth talk a recogniser still gets: a room, babble and a lossy radio in software, and
//! the scores of what comes out. Everything but [`hear`] is pure and seeded: the same settings
//! give the same samples everywhere.
//!
//! All sound is 16 kHz `f32`.

pub mod booth;
pub mod capture;
pub mod convolve;
pub mod entities;
pub mod fields;
pub mod grid;
pub mod hear;
pub mod level;
pub mod link;
pub mod plot;
pub mod report;
pub mod room;
pub mod talk;
pub mod words;

/// Samples a second.
pub const RATE: usize = 16_000;
