use std::collections::VecDeque;

use confee_domain::StreamId;

use super::LiveFrame;

/// Frames whose content is remembered: over five minutes at 20 ms.
const PRINTS: usize = 16_384;
/// Stretches with one distance between packet and frame numbers: one per reconnect.
const SEGMENTS: usize = 32;
/// A stream ends before its capture time would leave 31 bits.
const MAX_MS: u64 = 1 << 31;
/// How far stored frames may be ahead of the newest live one.
const AHEAD: u64 = 256;

/// Turns packet numbers of one stream into frame numbers, and remembers what the frames were.
#[derive(Debug, Clone)]
pub(super) struct Numbering {
    pub(super) stream: StreamId,
    frame_ms: u8,
    last: Placed,
    segments: Vec<Segment>,
    prints: VecDeque<(u32, u32)>,
}

#[derive(Debug, Clone, Copy)]
struct Placed {
    number: u64,
    ids: u32,
    seq: u32,
}

/// From here on one packet is one frame: `seq` grows with the packet number.
#[derive(Debug, Clone, Copy)]
struct Segment {
    number: u64,
    seq: u32,
}

impl Numbering {
    /// A stream that begins with this frame, as its frame 0.
    pub(super) fn new(stream: StreamId, frame_ms: u8, first: &LiveFrame<'_>) -> Self {
        let (number, ids) = (first.number, first.ids);
        let last = Placed { number, ids, seq: 0 };
        let mut new =
            Self { stream, frame_ms, last, segments: Vec::new(), prints: VecDeque::new() };
        new.note(last);
        new
    }

    /// Number of the newest frame.
    pub(super) fn newest(&self) -> u32 {
        self.last.seq
    }

    pub(super) fn frame_ms(&self) -> u8 {
        self.frame_ms
    }

    pub(super) fn captured_ms(&self, seq: u32) -> u32 {
        seq.saturating_mul(u32::from(self.frame_ms))
    }

    /// The frame number of the next frame. Lost packets leave their numbers free: exactly where
    /// every frame is one packet, else by the size of the frame before. `outage_ms` is how long
    /// there was no link: a gap is at least that long. `None`: the stream is full.
    pub(super) fn place(&mut self, frame: &LiveFrame<'_>, outage_ms: u64) -> Option<u32> {
        let ids = u64::from(self.last.ids.max(1));
        let lost = frame.number.checked_sub(self.last.number + ids)?;
        let by_ids = (lost + ids / 2) / ids;
        let by_time = outage_ms / u64::from(self.frame_ms.max(1));
        let seq = u64::from(self.last.seq) + 1 + by_ids.max(by_time);
        if seq * u64::from(self.frame_ms) >= MAX_MS {
            return None;
        }
        let seq = u32::try_from(seq).ok()?;
        let placed = Placed { number: frame.number, ids: frame.ids, seq };
        self.note(placed);
        self.last = placed;
        Some(seq)
    }

    fn note(&mut self, placed: Placed) {
        if placed.ids != 1 || self.last.ids != 1 {
            self.segments.clear();
            self.prints.clear();
        }
        let fits = self.at(placed.number).is_some_and(|seq| seq == placed.seq);
        if placed.ids == 1 && !fits {
            if self.segments.len() == SEGMENTS {
                self.segments.remove(0);
            }
            self.segments.push(Segment { number: placed.number, seq: placed.seq });
        }
    }

    fn at(&self, number: u64) -> Option<u32> {
        let segment = self.segments.iter().rev().find(|s| s.number <= number)?;
        u32::try_from(u64::from(segment.seq) + (number - segment.number)).ok()
    }

    /// The frame number that belongs to a packet number, where one packet is one frame.
    pub(super) fn seq_of(&self, number: u64) -> Option<u32> {
        self.at(number).filter(|_| number <= self.last.number + AHEAD)
    }

    /// Remembers what a frame was.
    pub(super) fn remember(&mut self, seq: u32, payload: &[u8]) {
        if self.segments.is_empty() || self.prints.back().is_some_and(|(last, _)| *last >= seq) {
            return;
        }
        if self.prints.len() == PRINTS {
            self.prints.pop_front();
        }
        self.prints.push_back((seq, crc32fast::hash(payload)));
    }

    /// Whether a frame was this one; unset where that is not remembered.
    pub(super) fn was(&self, seq: u32, payload: &[u8]) -> Option<bool> {
        let at = self.prints.binary_search_by_key(&seq, |(s, _)| *s).ok()?;
        self.prints.get(at).map(|(_, print)| *print == crc32fast::hash(payload))
    }
}
