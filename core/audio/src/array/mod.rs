//! Two microphones: where a voice comes from, and a beam towards it.
//!
//! The pair sits on the wearer's chest, either one above the other or side by side. Two
//! microphones tell directions apart only along the line that joins them: a vertical pair knows the
//! wearer (above) from a visitor (ahead) but not ahead from aside, a horizontal pair the reverse.

mod beam;
mod blend;
mod gcc;
mod geometry;
mod health;
mod hint;
mod separate;
mod stft;

pub use beam::{BeamFrame, BeamPolicy, Beamformer};
pub use gcc::{Direction, GccPhat};
pub use geometry::{ArrayGeometry, Axis, Target};
pub use health::{ChannelHealth, Fault};
pub use hint::Hint;
