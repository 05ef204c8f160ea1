//! Who speaks, the wearer or the visitor: from level, spectrum and pitch of a recording as a whole,
//! and from the delay between two microphones where there are two.
//!
//! The two voices of a recording are told apart without any knowledge of them, and what is learnt
//! goes with the [`WhoSpeaks`] that learnt it: no voice is kept or known again. Which of the two is
//! the wearer follows from the badge's place on the chest: nearer, so louder, and duller.

mod apart;
mod block;
mod chain;
mod ear;
mod feature;
mod gauss;
mod model;
mod speakers;
mod verdict;
mod voices;

pub use speakers::{Speakers, Turn};

use crate::array::Hint;
use crate::voice::VadFrame;
use block::Blocks;

/// How sure to be, and for how long to listen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpeakerPolicy {
    /// Probability from which a speaker is named, 0.5 to 1.
    pub sure: f32,
    /// The shortest turn that is believed, in milliseconds.
    pub min_turn_ms: u32,
    /// Sound after this many milliseconds is nobody's; an hour takes 1.3 MB, and 5 MB more while it
    /// is judged.
    pub max_ms: u64,
}

impl Default for SpeakerPolicy {
    fn default() -> Self {
        Self { sure: 0.7, min_turn_ms: 700, max_ms: 9 * 3_600_000 }
    }
}

/// Listens to one recording, any length of chunk at a time, and judges it as a whole at the end.
///
/// Kept are band levels of every 64 ms, not sound.
pub struct WhoSpeaks {
    policy: SpeakerPolicy,
    blocks: Blocks,
}

impl WhoSpeaks {
    /// Has heard nothing.
    #[must_use]
    pub fn new(policy: SpeakerPolicy) -> Self {
        Self { policy, blocks: Blocks::new(policy.max_ms) }
    }

    /// Takes the next samples (16 kHz, as the recogniser gets them but at the badge's own levels),
    /// the decisions on speech that became ready, and of two microphones the hints that did. Each
    /// of the three goes on where its last call ended; they need not be of the same samples.
    pub fn push(&mut self, pcm: &[f32], speech: &[VadFrame], hints: &[Hint]) {
        self.blocks.push(pcm, speech, hints);
    }

    /// Judges all that was heard.
    #[must_use]
    pub fn finish(self) -> Speakers {
        let blocks = self.blocks.finish();
        let features = feature::of(&blocks);
        let odds = model::judge(&features, self.policy.min_turn_ms);
        Speakers::new(&features, odds, self.policy.sure)
    }
}
