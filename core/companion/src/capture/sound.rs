//! One stream's sound: decoded without holes, measured, searched for speech.

use confee_audio::decode::{Chunk, DecodeError, Origin, Timeline};
use confee_audio::quality::{Meter, MeterPolicy, Sound as Measured};
use confee_audio::voice::{VadPolicy, VoiceActivity};
use confee_domain::{AudioFrame, Codec, LossCause, LossMap};

/// Decoder, voice activity and quality meter of one stream, fed in order.
pub(super) struct Sound {
    timeline: Timeline,
    voice: VoiceActivity,
    pub(super) meter: Meter,
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
    pub(super) fn new(codec: Codec) -> Result<Self, DecodeError> {
        Ok(Self {
            timeline: Timeline::new(codec)?,
            voice: VoiceActivity::new(VadPolicy::default()),
            meter: Meter::new(MeterPolicy::default()),
            speech: false,
        })
    }

    /// Takes the next frame, with the holes before it.
    pub(super) fn push(
        &mut self,
        frame: &AudioFrame<'_>,
        step: &mut dyn FnMut(Step),
    ) -> Result<(), DecodeError> {
        let Self { timeline, voice, meter, speech } = self;
        let mut last_ms = None;
        timeline.push(frame, &mut |chunk| {
            hear(&chunk, voice, meter, speech, step);
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

    pub(super) fn loss(&self) -> &LossMap {
        self.timeline.loss()
    }

    pub(super) fn duration_ms(&self) -> u64 {
        self.timeline.duration_ms()
    }
}

fn hear(
    chunk: &Chunk<'_>,
    voice: &mut VoiceActivity,
    meter: &mut Meter,
    speech: &mut bool,
    step: &mut dyn FnMut(Step),
) {
    let Some(pcm) = chunk.channels.first() else { return };
    for frame in voice.push(pcm) {
        *speech = frame.speech;
        step(Step::Speech { start_ms: frame.start_ms, speech: frame.speech });
    }
    let lost = matches!(chunk.origin, Origin::Concealed | Origin::Silence);
    meter.push(pcm, Measured { speech: *speech, lost, muted: false });
}

/// The part of a loss map from one time to another, counted from the first.
pub(super) fn part(loss: &LossMap, from_ms: u64, to_ms: u64) -> LossMap {
    let spans = loss.spans().iter().map(|span| confee_domain::LossSpan {
        start_ms: span.start_ms.clamp(from_ms, to_ms) - from_ms,
        end_ms: span.end_ms.clamp(from_ms, to_ms) - from_ms,
        cause: span.cause,
    });
    spans.collect()
}

/// Whether anything but muting is missing.
pub(super) fn lost_ms(loss: &LossMap) -> u64 {
    let lost = loss.spans().iter().filter(|s| s.cause != LossCause::Muted);
    lost.map(|s| s.end_ms - s.start_ms).sum()
}
