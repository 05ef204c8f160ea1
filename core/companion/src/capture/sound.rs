//! One stream's sound: decoded without holes, two microphones made one, measured, searched for
//! speech.

use confee_audio::decode::{Chunk, DecodeError, Origin, Timeline};
use confee_audio::quality::{Meter, MeterPolicy, Sound as Measured};
use confee_audio::voice::{VadPolicy, VoiceActivity};
use confee_domain::{AudioFrame, Codec, LossCause, LossMap, LossSpan, Microphones};

use crate::mono::Mono;

/// Decoder, beam, voice activity and quality meter of one stream, fed in order.
pub(super) struct Sound {
    timeline: Timeline,
    ear: Heard,
}

/// What listens to the decoded sound.
struct Heard {
    mono: Mono,
    voice: VoiceActivity,
    meter: Meter,
    speech: bool,
}

/// What one frame brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The frame's own place on the timeline.
    At { start_ms: u64 },
    /// 16 ms were judged.
    Speech { start_ms: u64, speech: bool },
}

impl Sound {
    pub(super) fn new(codec: Codec, pair: Option<Microphones>) -> Result<Self, DecodeError> {
        let ear = Heard {
            mono: Mono::new(codec.channels, pair),
            voice: VoiceActivity::new(VadPolicy::default()),
            meter: Meter::new(MeterPolicy::default()),
            speech: false,
        };
        Ok(Self { timeline: Timeline::new(codec)?, ear })
    }

    /// Takes the next frame, with the holes before it.
    pub(super) fn push(
        &mut self,
        frame: &AudioFrame<'_>,
        step: &mut dyn FnMut(Step),
    ) -> Result<(), DecodeError> {
        let Self { timeline, ear } = self;
        let mut last_ms = None;
        timeline.push(frame, &mut |chunk| {
            ear.hear(&chunk, step);
            last_ms = Some(chunk.start_ms);
        })?;
        if let Some(start_ms) = last_ms {
            step(Step::At { start_ms });
        }
        Ok(())
    }

    pub(super) fn muted(&mut self, from_ms: u32, to_ms: u32) {
        self.timeline.muted(from_ms, to_ms);
    }

    pub(super) fn meter(&mut self) -> &mut Meter {
        &mut self.ear.meter
    }

    pub(super) fn loss(&self) -> &LossMap {
        self.timeline.loss()
    }

    pub(super) fn duration_ms(&self) -> u64 {
        self.timeline.duration_ms()
    }
}

impl Heard {
    fn hear(&mut self, chunk: &Chunk<'_>, step: &mut dyn FnMut(Step)) {
        let Self { mono, voice, meter, speech } = self;
        let pcm = mono.mix(chunk.channels, *speech, |frame| {
            meter.microphone_failed(frame.health.reason().is_some());
        });
        for frame in voice.push(pcm) {
            *speech = frame.speech;
            step(Step::Speech { start_ms: frame.start_ms, speech: frame.speech });
        }
        let lost = matches!(chunk.missing, Some(LossCause::Lost | LossCause::Damaged));
        // What the badge did not capture on purpose says nothing of the sound.
        let muted = chunk.origin == Origin::Silence && !lost;
        meter.push(pcm, Measured { speech: *speech, lost, muted });
    }
}

/// The part of a loss map from one time to another, counted from the first.
pub(super) fn part(loss: &LossMap, from_ms: u64, to_ms: u64) -> LossMap {
    let spans = loss.spans().iter().map(|span| LossSpan {
        start_ms: span.start_ms.clamp(from_ms, to_ms) - from_ms,
        end_ms: span.end_ms.clamp(from_ms, to_ms) - from_ms,
        cause: span.cause,
    });
    spans.collect()
}

/// Milliseconds that are missing, muting left out.
pub(super) fn lost_ms(loss: &LossMap) -> u64 {
    let lost = loss.spans().iter().filter(|s| s.cause != LossCause::Muted);
    lost.map(|s| s.end_ms - s.start_ms).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_loss_map_counts_from_its_start() {
        let span = |start_ms, end_ms| LossSpan { start_ms, end_ms, cause: LossCause::Lost };
        let loss: LossMap = [span(0, 100), span(900, 1100), span(5000, 6000)].into_iter().collect();
        let part = part(&loss, 1000, 5500);
        assert_eq!(part.spans(), [span(0, 100), span(4000, 4500)]);
        assert_eq!((lost_ms(&part), lost_ms(&loss)), (600, 1300));
    }
}
