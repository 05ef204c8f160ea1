//! What capture produces and what the later stages must know of it: frames, gaps, quality.

mod badge;
mod codec;
mod frame;
mod loss;
mod quality;
mod ranges;
mod recording;
mod status;

pub use badge::{BadgeIdentity, DialectName, FoundBadge, Microphones};
pub use codec::{Codec, CodecError, Coding};
pub use frame::{AudioFrame, Mark, MarkKind, StreamId};
pub use loss::{AudioFacts, LossCause, LossMap, LossSpan};
pub use quality::{Quality, QualityReason, QualityVerdict};
pub use ranges::SeqRanges;
pub use recording::{Recording, RecordingState, RecordingSummary};
pub use status::{BadgeProblem, CaptureStatus, LinkState};
