//! Voice activity, levels, denoising for playback, and where a conversation begins and ends.

pub mod cutter;
