use confee_domain::{AudioFrame, Codec, LossCause, LossMap, LossSpan, StreamId};

use super::conceal::CONCEAL_MS;
use super::gap::{self, Mutes};
use super::{DecodeError, Decoder, Origin, Pcm};

/// The longest hole that a timeline bridges, 10 minutes; above it a new recording begins.
const MAX_GAP_MS: u64 = 600_000;

/// One frame of a [`Timeline`].
#[derive(Debug, Clone, Copy)]
pub struct Chunk<'a> {
    /// Milliseconds from the timeline's first frame.
    pub start_ms: u64,
    /// 1 or 2 channels, each of one frame's samples.
    pub channels: &'a [Vec<f32>],
    /// Where the samples come from.
    pub origin: Origin,
    /// Why it is not what the microphone heard; unset where it is, and in pauses of the badge.
    pub missing: Option<LossCause>,
}

/// What a [`Timeline`] has met, in frames.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Decoded from their own packets.
    pub decoded: u64,
    /// Taken from the spare copy in the next packet.
    pub recovered: u64,
    /// Guessed.
    pub concealed: u64,
    /// Filled with silence.
    pub silent: u64,
    /// Of the filled ones, those in pauses of the badge: no frame number is missing there.
    pub paused: u64,
    /// Packets that could not be decoded, also where the frame was recovered.
    pub damaged: u64,
    /// Came twice or too late and were left out.
    pub late: u64,
    /// Had a capture time before that of a frame before them; the time was not used.
    pub backwards: u64,
}

/// Turns the frames of one stream into PCM without holes: what is missing is recovered, guessed or
/// filled with silence of its own length, so time never shifts. A frame comes out when it goes
/// in; one that cannot be decoded waits for its successor, which may hold a spare copy.
///
/// Holes are found by frame numbers. Where the badge's clock runs 40 ms or more ahead of the
/// numbers, the badge paused and silence fills the pause; where it runs behind, the numbers count.
pub struct Timeline {
    codec: Codec,
    decoder: Decoder,
    pcm: Pcm,
    start: Option<Start>,
    next_seq: u64,
    latest_captured_ms: u32,
    end_ms: u64,
    /// Where the last real sound ended.
    sound_end_ms: u64,
    /// The newest frame was damaged and is not out yet.
    held: bool,
    mutes: Mutes,
    loss: LossMap,
    counts: Counts,
}

#[derive(Clone, Copy)]
struct Start {
    stream: StreamId,
    captured_ms: u32,
}

/// Where a timeline's chunks go.
type Sink<'a> = dyn FnMut(Chunk<'_>) + 'a;

impl Timeline {
    /// An empty timeline.
    ///
    /// # Errors
    /// [`DecodeError::Form`], see [`Decoder::new`].
    pub fn new(codec: Codec) -> Result<Self, DecodeError> {
        Ok(Self {
            codec,
            decoder: Decoder::new(codec)?,
            pcm: Pcm::new(),
            start: None,
            next_seq: 0,
            latest_captured_ms: 0,
            end_ms: 0,
            sound_end_ms: 0,
            held: false,
            mutes: Mutes::default(),
            loss: LossMap::default(),
            counts: Counts::default(),
        })
    }

    /// Takes the next frame, in ascending order of `seq`; others are counted and left out. A
    /// damaged packet is no error: it goes to [`Self::loss`].
    ///
    /// # Errors
    /// [`DecodeError::OtherStream`], [`DecodeError::CodecChanged`] and
    /// [`DecodeError::GapTooLong`]: the frame was not taken; finish this timeline and give the frame
    /// to a new one.
    pub fn push(&mut self, frame: &AudioFrame<'_>, sink: &mut Sink<'_>) -> Result<(), DecodeError> {
        let start = self.started(frame)?;
        let seq = u64::from(frame.seq);
        let Some(missing) = seq.checked_sub(self.next_seq) else {
            self.counts.late += 1;
            return Ok(());
        };
        let frame_ms = self.frame_ms();
        let by_number = self.end_ms + (missing + u64::from(self.held)) * frame_ms;
        let by_clock = u64::from(frame.captured_ms.saturating_sub(start.captured_ms));
        let backwards = frame.captured_ms < self.latest_captured_ms;
        let pause_ms = if backwards { 0 } else { gap::pause_ms(by_clock, by_number, frame_ms) };
        let gap_ms = missing * frame_ms + pause_ms;
        if gap_ms > MAX_GAP_MS {
            return Err(DecodeError::GapTooLong { gap_ms });
        }
        self.counts.backwards += u64::from(backwards);
        self.latest_captured_ms = self.latest_captured_ms.max(frame.captured_ms);
        self.next_seq = seq + 1;
        self.bridge(missing, pause_ms / frame_ms, frame.payload, sink);
        self.decode(frame.payload, sink);
        self.mutes.forget_before(self.captured_ms(self.end_ms));
        Ok(())
    }

    /// Says that the wearer had muted the badge from `from_ms` to `to_ms` on the badge's clock (the
    /// capture times of the marks). Holes in that time are then silence and not a loss. Must be
    /// said before the frame after the hole is pushed.
    pub fn muted(&mut self, from_ms: u32, to_ms: u32) {
        self.mutes.add(from_ms.into(), to_ms.into());
    }

    /// Brings out what waits for a successor. More frames may follow.
    pub fn finish(&mut self, sink: &mut Sink<'_>) {
        if std::mem::take(&mut self.held) {
            self.fill(Some(LossCause::Damaged), sink);
        }
    }

    /// Every stretch without its sound so far; recovered frames are not in it, nor are pauses
    /// that no mute explains, in which the badge recorded nothing.
    #[must_use]
    pub const fn loss(&self) -> &LossMap {
        &self.loss
    }

    /// What was met so far.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// Milliseconds that have come out.
    #[must_use]
    pub const fn duration_ms(&self) -> u64 {
        self.end_ms
    }

    fn started(&mut self, frame: &AudioFrame<'_>) -> Result<Start, DecodeError> {
        if frame.codec != self.codec {
            let (expected, found) = (self.codec, frame.codec);
            return Err(DecodeError::CodecChanged { expected, found });
        }
        let start = *self.start.get_or_insert_with(|| {
            self.next_seq = frame.seq.into();
            Start { stream: frame.stream, captured_ms: frame.captured_ms }
        });
        if frame.stream != start.stream {
            let (expected, found) = (start.stream, frame.stream);
            return Err(DecodeError::OtherStream { expected, found });
        }
        Ok(start)
    }

    fn frame_ms(&self) -> u64 {
        self.codec.frame_ms.into()
    }

    fn captured_ms(&self, at_ms: u64) -> u64 {
        at_ms + self.start.map_or(0, |s| u64::from(s.captured_ms))
    }

    /// Fills everything up to the frame with payload `next`: the damaged one that waits, the lost
    /// ones, the pause.
    fn bridge(&mut self, lost: u64, paused: u64, next: &[u8], sink: &mut Sink<'_>) {
        let held = u64::from(std::mem::take(&mut self.held));
        let recoverable = held + lost > 0 && paused == 0 && self.decoder.has_spare(next);
        for index in 0..held + lost {
            let cause = if index < held { LossCause::Damaged } else { LossCause::Lost };
            let last = index + 1 == held + lost;
            if !(last && recoverable && self.recover(next, sink)) {
                self.fill(Some(cause), sink);
            }
        }
        for _ in 0..paused {
            self.counts.paused += 1;
            self.fill(None, sink);
        }
    }

    fn recover(&mut self, next: &[u8], sink: &mut Sink<'_>) -> bool {
        let recovered = !self.mute_covers()
            && self.decoder.recover(next, &mut self.pcm) == Ok(Origin::Recovered);
        if recovered {
            self.counts.recovered += 1;
            self.sound_end_ms = self.end_ms + self.frame_ms();
            self.put(Origin::Recovered, None, sink);
        }
        recovered
    }

    fn decode(&mut self, packet: &[u8], sink: &mut Sink<'_>) {
        if self.decoder.decode(packet, &mut self.pcm).is_err() {
            self.counts.damaged += 1;
            self.held = true;
            return;
        }
        self.counts.decoded += 1;
        self.sound_end_ms = self.end_ms + self.frame_ms();
        self.put(Origin::Decoded, None, sink);
    }

    fn mute_covers(&self) -> bool {
        self.mutes.cover(self.captured_ms(self.end_ms), self.frame_ms())
    }

    /// One frame without its own sound; no cause where the badge paused.
    fn fill(&mut self, cause: Option<LossCause>, sink: &mut Sink<'_>) {
        let frame_ms = self.frame_ms();
        let muted = self.mute_covers();
        let cause = if muted { Some(LossCause::Muted) } else { cause };
        if let Some(cause) = cause {
            let (start_ms, end_ms) = (self.end_ms, self.end_ms + frame_ms);
            self.loss.push(LossSpan { start_ms, end_ms, cause });
        }
        let since_sound = self.end_ms - self.sound_end_ms;
        if cause.is_none() || muted || since_sound >= CONCEAL_MS {
            self.counts.silent += 1;
            self.pcm.silence(self.codec);
            return self.put(Origin::Silence, cause, sink);
        }
        self.counts.concealed += 1;
        self.decoder.conceal(&mut self.pcm);
        self.put(Origin::Concealed, cause, sink);
    }

    fn put(&mut self, origin: Origin, missing: Option<LossCause>, sink: &mut Sink<'_>) {
        let (start_ms, channels) = (self.end_ms, self.pcm.channels());
        sink(Chunk { start_ms, channels, origin, missing });
        self.end_ms += self.frame_ms();
    }
}
