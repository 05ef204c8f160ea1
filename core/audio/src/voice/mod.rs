//! Voice activity, levels, denoising for playback, and where a conversation begins and ends.

mod activity;
pub mod cutter;
mod denoise;
mod floor;
mod level;

pub use activity::{SpeechSegment, VadFrame, VadPolicy, VoiceActivity};
pub use denoise::Denoiser;
pub use level::{LevelPolicy, Leveler};

/// A sample that later stages can take: not finite is 0, beyond full scale is full scale.
fn sane(sample: f32) -> f32 {
    if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 }
}
