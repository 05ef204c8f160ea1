use std::collections::VecDeque;

use confee_domain::StreamId;

use super::read::MOST_RECORDS;

/// Stretches that wait at most; more are joined, with loss of what is known of them.
const SPANS: usize = 256;
/// Stretches from which on those of the live stream are joined.
const JOINED: usize = 32;
/// Frames of one record at most, and at least.
const FRAMES: std::ops::RangeInclusive<u64> = 1..=220;

/// A place where ring and live stream meet: frame `number` of `stream` is the first one that is in
/// no record below `ring_seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::omi) struct LiveMark {
    pub(in crate::omi) ring: u64,
    pub(in crate::omi) ring_seq: u64,
    pub(in crate::omi) stream: StreamId,
    pub(in crate::omi) number: u64,
}

/// What is known of the packet numbers of some records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Nothing,
    /// The first frame was this one; `old`: of the connection before.
    From {
        stream: StreamId,
        number: u64,
        old: bool,
    },
    /// The frame after the last one was this one.
    To {
        stream: StreamId,
        number: u64,
        old: bool,
    },
}

impl Known {
    /// The same of another frame; nothing where its number is not known.
    fn moved(self, number: Option<u64>) -> Self {
        match (self, number) {
            (Self::From { stream, old, .. }, Some(number)) => Self::From { stream, number, old },
            (Self::To { stream, old, .. }, Some(number)) => Self::To { stream, number, old },
            _ => Self::Nothing,
        }
    }
}

/// Records to fetch, or to free where their frames came live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u64,
    pub(super) end: u64,
    /// What may be freed once all of it is here.
    pub(super) frees: u64,
    pub(super) known: Known,
    /// Of the frame after the last one, where both ends are known.
    pub(super) until: Option<u64>,
}

impl Span {
    fn is_followed_by(&self, known: Known, until: Option<u64>) -> bool {
        match (self.known, self.until, known, until) {
            (
                Known::From { stream, .. },
                Some(end),
                Known::From { stream: next, number, .. },
                Some(_),
            ) => stream == next && end == number,
            _ => false,
        }
    }
}

/// What to fetch next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) start: u64,
    pub(super) count: u32,
    pub(super) known: Known,
    /// Frames it has to have, where that is known.
    pub(super) frames: Option<u64>,
}

/// The stretches of the ring that the phone still has to see to, in order.
#[derive(Debug, Default)]
pub(super) struct Plan {
    spans: VecDeque<Span>,
    /// Up to here everything is planned or done.
    pub(super) planned: u64,
    mark: Option<LiveMark>,
}

impl Plan {
    /// Everything below is done.
    pub(super) fn begin_at(&mut self, position: u64) {
        self.spans.clear();
        self.planned = position;
    }

    pub(super) fn front(&self) -> Option<&Span> {
        self.spans.front()
    }

    pub(super) fn mark(&self) -> Option<LiveMark> {
        self.mark
    }

    /// Whether something is left that was stored before the live audio of now.
    pub(super) fn has_backlog(&self) -> bool {
        self.spans.iter().any(|s| s.until.is_none())
    }

    /// Records up to `end` of which nothing is known; `mark` is one of an earlier connection.
    pub(super) fn add(&mut self, end: u64, mark: Option<LiveMark>) {
        let inside = mark.filter(|m| (self.planned..end).contains(&m.ring_seq));
        if let Some(LiveMark { ring_seq, stream, number, .. }) = inside {
            self.push(ring_seq, Known::To { stream, number, old: true }, None);
            self.push(end, Known::From { stream, number, old: true }, None);
        } else {
            self.push(end, Known::Nothing, None);
        }
    }

    /// A live mark came.
    pub(super) fn on_mark(&mut self, mark: LiveMark) {
        let (stream, number) = (mark.stream, mark.number);
        let before = self.mark.filter(|m| m.ring_seq == self.planned && m.stream == stream);
        if mark.ring_seq > self.planned {
            let records = mark.ring_seq - self.planned;
            let frames = before.and_then(|b| number.checked_sub(b.number));
            match (before, frames) {
                // Records cannot be empty: the device stored audio that it did not send.
                (Some(_), Some(n)) if n < records.saturating_mul(*FRAMES.start()) => {
                    self.push(mark.ring_seq, Known::To { stream, number, old: false }, None);
                }
                (Some(b), Some(n)) if n <= records.saturating_mul(*FRAMES.end()) => {
                    let known = Known::From { stream, number: b.number, old: false };
                    self.push(mark.ring_seq, known, Some(number));
                }
                (Some(_), _) => self.push(mark.ring_seq, Known::Nothing, None),
                (None, _) => {
                    self.push(mark.ring_seq, Known::To { stream, number, old: false }, None);
                }
            }
        }
        if mark.ring_seq == self.planned {
            self.mark = Some(mark);
        }
    }

    #[cfg(test)]
    pub(super) fn footprint(&self) -> usize {
        self.spans.len()
    }

    fn push(&mut self, end: u64, known: Known, until: Option<u64>) {
        let start = self.planned;
        if end <= start {
            return;
        }
        self.planned = end;
        let len = self.spans.len();
        match self.spans.back_mut() {
            Some(last) if len >= JOINED && last.is_followed_by(known, until) => {
                (last.end, last.frees, last.until) = (end, end, until);
            }
            Some(last) if len >= SPANS => {
                (last.end, last.frees) = (end, end);
                (last.known, last.until) = (Known::Nothing, None);
            }
            _ => self.spans.push_back(Span { start, end, frees: end, known, until }),
        }
    }

    /// The badge no longer has what is below.
    pub(super) fn trim(&mut self, oldest: u64) {
        while self.spans.front().is_some_and(|s| s.end <= oldest) {
            self.spans.pop_front();
        }
        if let Some(front) = self.spans.front_mut()
            && front.start < oldest
        {
            front.start = oldest;
            if !matches!(front.known, Known::To { .. }) {
                (front.known, front.until) = (Known::Nothing, None);
            }
        }
        self.planned = self.planned.max(oldest);
    }

    /// The next read of at most `most` records.
    pub(super) fn chunk(&self, most: u32) -> Option<Chunk> {
        let span = self.spans.front()?;
        let left = span.end - span.start;
        let count = u32::try_from(left).unwrap_or(u32::MAX).min(most).min(MOST_RECORDS);
        let all = u64::from(count) == left;
        let frames = match (span.known, span.until) {
            (Known::From { number, .. }, Some(until)) if all => until.checked_sub(number),
            _ => None,
        };
        let start = match span.known {
            Known::To { .. } => span.end - u64::from(count),
            _ => span.start,
        };
        Some(Chunk { start, count, known: span.known, frames })
    }

    /// A chunk is here, up to `next`; `edge` is the number of the frame after it, or of its first
    /// one where it was fetched from the end. Gives what may be freed when all is on disk.
    pub(super) fn fetched(&mut self, chunk: &Chunk, next: u64, edge: Option<u64>) -> Option<u64> {
        let span = self.spans.front_mut()?;
        if let Known::To { .. } = chunk.known {
            let whole = next == chunk.start + u64::from(chunk.count);
            span.end = if whole { chunk.start } else { span.end };
            span.known = chunk.known.moved(edge.filter(|_| whole));
        } else {
            span.start = next.clamp(span.start, span.end);
            span.known = chunk.known.moved(edge);
            span.until = span.until.filter(|_| span.known != Known::Nothing);
        }
        if span.start < span.end {
            // Fetched from the end: nothing is free before the beginning is here.
            return (!matches!(chunk.known, Known::To { .. })).then_some(span.start);
        }
        self.done()
    }

    /// The first stretch is here. Gives what may be freed when it is on disk.
    pub(super) fn done(&mut self) -> Option<u64> {
        self.spans.pop_front().map(|s| s.frees)
    }
}
