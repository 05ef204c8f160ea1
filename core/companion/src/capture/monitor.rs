//! What the wearer has to be warned of now: hears frames as they come, without waiting for those
//! that are still on the badge.

use confee_domain::{AudioFrame, Microphones, Quality, QualityReason};

use super::sound::Sound;

#[derive(Default)]
pub(super) struct Monitor {
    stream: Option<(confee_domain::StreamId, Sound)>,
}

impl Monitor {
    /// Takes a frame of the live stream; stored ones, which are older, are left out by the
    /// timeline.
    pub(super) fn frame(&mut self, frame: &AudioFrame<'_>, pair: Option<Microphones>) {
        if self.stream.as_ref().is_none_or(|(stream, _)| *stream != frame.stream) {
            self.stream = Sound::new(frame.codec, pair).ok().map(|sound| (frame.stream, sound));
        }
        let Some((_, sound)) = &mut self.stream else { return };
        if sound.push(frame, &mut |_| {}).is_err() {
            self.stream = None;
        }
    }

    /// The sound of the last seconds, and what to warn of.
    pub(super) fn read(&mut self) -> Option<(Quality, Option<QualityReason>)> {
        let (_, sound) = self.stream.as_mut()?;
        Some((sound.meter().recent(), sound.meter().warning()))
    }
}
