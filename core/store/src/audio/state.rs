use std::collections::BTreeMap;
use std::ops::Range;

use confee_domain::{SeqRanges, StreamId};

use super::fields::Fields;
use super::record::{Record, kind};
use super::wire::MAX_PAYLOAD;

/// The badge's clock and the phone's, read at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockAnchor {
    /// Milliseconds since the stream began, on the badge's clock.
    pub badge_ms: u32,
    /// Unix milliseconds on the phone's clock.
    pub unix_ms: i64,
}

/// What the log knows of a stream, deleted segments included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamState {
    /// Frames that were appended, erased ones included. After opening, frames that are damaged in
    /// the log are not in it, so that the badge can be asked again.
    pub received: SeqRanges,
    /// Frames that are gone for good.
    pub dropped: SeqRanges,
    /// The badge, as in [`Record::StreamInfo`].
    pub badge: Option<[u8; 8]>,
    /// The anchor with the lowest badge time.
    pub first_anchor: Option<ClockAnchor>,
    /// The anchor with the highest badge time; the drift of the clocks shows against the first.
    pub last_anchor: Option<ClockAnchor>,
}

/// Frames by stream.
pub(super) type Held = BTreeMap<StreamId, SeqRanges>;

pub(super) fn hold(held: &mut Held, stream: StreamId, ranges: &SeqRanges) {
    let all = held.entry(stream).or_default();
    ranges.ranges().iter().for_each(|r| all.insert_range(r.clone()));
}

#[derive(Debug, Default)]
pub(super) struct Knowledge {
    pub(super) streams: BTreeMap<StreamId, StreamState>,
    pub(super) custody: BTreeMap<u64, u64>,
}

impl Knowledge {
    pub(super) fn has_frame(&self, stream: StreamId, seq: u32) -> bool {
        self.streams.get(&stream).is_some_and(|s| s.received.contains(seq))
    }

    pub(super) fn stream(&mut self, stream: StreamId) -> &mut StreamState {
        self.streams.entry(stream).or_default()
    }

    pub(super) fn note(&mut self, record: &Record<'_>) {
        match record {
            Record::Frame(f) => {
                self.stream(f.stream).received.insert(f.seq);
            }
            Record::Mark(_) => {}
            Record::Anchor { stream, badge_ms, unix_ms } => {
                let anchor = ClockAnchor { badge_ms: *badge_ms, unix_ms: *unix_ms };
                self.stream(*stream).note_anchor(anchor);
            }
            Record::Custody { ring, advanced_to } => {
                self.custody.insert(*ring, *advanced_to);
            }
            Record::StreamInfo { stream, badge } => self.stream(*stream).badge = Some(*badge),
            Record::Dropped { stream, range } => {
                self.stream(*stream).dropped.insert_range(range.clone());
            }
        }
    }

    /// What has to be written anew before segments are deleted; of the frames only `released`, so
    /// that damage to those in the log is still seen as missing frames.
    pub(super) fn carried(&self, released: &Held) -> Vec<Carried> {
        let custody = self.custody.iter();
        let custody =
            custody.map(|(&ring, &advanced_to)| Record::Custody { ring, advanced_to }.into());
        let streams = self.streams.iter().flat_map(|(&id, state)| {
            let frames = released.get(&id).into_iter().flat_map(move |r| chunks(id, r));
            state.facts(id).into_iter().map(Carried::from).chain(frames)
        });
        custody.chain(streams).collect()
    }
}

impl StreamState {
    fn note_anchor(&mut self, anchor: ClockAnchor) {
        if self.first_anchor.is_none_or(|first| anchor.badge_ms < first.badge_ms) {
            self.first_anchor = Some(anchor);
        }
        if self.last_anchor.is_none_or(|last| anchor.badge_ms >= last.badge_ms) {
            self.last_anchor = Some(anchor);
        }
    }

    /// Badge and anchors as records.
    pub(super) fn preface(&self, stream: StreamId) -> Vec<Record<'static>> {
        let badge = self.badge.map(|badge| Record::StreamInfo { stream, badge });
        let last = self.last_anchor.filter(|last| Some(*last) != self.first_anchor);
        let anchors = self.first_anchor.into_iter().chain(last);
        let anchors =
            anchors.map(|a| Record::Anchor { stream, badge_ms: a.badge_ms, unix_ms: a.unix_ms });
        badge.into_iter().chain(anchors).collect()
    }

    fn facts(&self, stream: StreamId) -> Vec<Record<'static>> {
        let mut facts = self.preface(stream);
        let dropped = self.dropped.ranges().iter();
        facts.extend(dropped.map(|range| Record::Dropped { stream, range: range.clone() }));
        facts
    }
}

/// Knowledge of deleted segments, on its way into the log again.
pub(super) enum Carried {
    Record(Record<'static>),
    Received { stream: StreamId, ranges: Vec<Range<u32>> },
}

impl From<Record<'static>> for Carried {
    fn from(record: Record<'static>) -> Self {
        Self::Record(record)
    }
}

impl Carried {
    pub(super) fn kind(&self) -> u8 {
        kind::CARRIED
            | match self {
                Self::Record(record) => record.kind(),
                Self::Received { .. } => kind::RECEIVED,
            }
    }

    pub(super) fn length(&self) -> usize {
        match self {
            Self::Record(record) => record.length(),
            Self::Received { ranges, .. } => 8 + RANGE_BYTES * ranges.len(),
        }
    }

    pub(super) fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Record(record) => record.put(out),
            Self::Received { stream, ranges } => {
                out.extend_from_slice(&stream.0.to_le_bytes());
                for range in ranges {
                    out.extend_from_slice(&range.start.to_le_bytes());
                    out.extend_from_slice(&range.end.to_le_bytes());
                }
            }
        }
    }
}

const RANGE_BYTES: usize = 8;
const RANGES_IN_RECORD: usize = (MAX_PAYLOAD - 8) / RANGE_BYTES;

fn chunks(stream: StreamId, ranges: &SeqRanges) -> impl Iterator<Item = Carried> + '_ {
    let chunks = ranges.ranges().chunks(RANGES_IN_RECORD);
    chunks.map(move |c| Carried::Received { stream, ranges: c.to_vec() })
}

/// The stream and the ranges of a [`Carried::Received`].
pub(super) fn read_received(payload: &[u8]) -> Option<(StreamId, SeqRanges)> {
    let mut fields = Fields(payload);
    let stream = StreamId(fields.u64()?);
    let mut ranges = SeqRanges::new();
    while let (Some(start), Some(end)) = (fields.u32(), fields.u32()) {
        ranges.insert_range(start..end);
    }
    Some((stream, ranges))
}
