//! Stored frames into the phone's custody: into the live stream where it is proven which frames
//! they are, else into a stream of their own.

use confee_domain::{AudioFrame, StreamId};

use super::plan::{Chunk, Known};
use super::read::Read;
use super::runs::{Runs, StoredAt, clock};
use crate::event::BadgeEvent;
use crate::omi::Record;
use crate::omi::flow::{Flow, count};
use crate::omi::numbering::Numbering;
use crate::session::Cx;

/// A clock may be ahead of the phone's so far.
const AHEAD_S: i64 = 86_400;

/// What became of a read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Fed {
    /// The phone's queue is full: all of it has to be read again.
    pub(super) refused: bool,
    /// Number of the frame after the last one, or of the first one where the end was known.
    pub(super) edge: Option<u64>,
    pub(super) frames: u64,
}

/// Numbers of the packets that the frames of a read were.
#[derive(Debug, Clone, Copy)]
struct Chain {
    stream: StreamId,
    number: u64,
    /// Numbers that are possible.
    from: u64,
    to: u64,
}

/// The frames of one record; those that cannot be read are counted and left out.
fn frames(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let record = Record::parse(bytes).ok();
    record.into_iter().flat_map(|r| r.frames()).map_while(Result::ok)
}

pub(super) fn feed(
    read: &Read,
    chunk: &Chunk,
    ring: u64,
    flow: &Flow,
    runs: &mut Runs,
    cx: &mut Cx<'_>,
) -> Fed {
    let total: u64 = read.records().map(|(_, bytes)| frames(bytes).count() as u64).sum();
    let miscounted = chunk.frames.is_some_and(|n| n != total);
    let mut chain = if miscounted { None } else { chain(chunk.known, total, flow) };
    let from_end = matches!(chunk.known, Known::To { .. });
    let first = chain.map(|c| c.number);
    let mut all_proven = true;
    runs.read_from(read.start);
    for (record, bytes) in read.records() {
        let here = chain.zip(flow.numbering()).filter(|(c, n)| is_proven(c, n, bytes, cx));
        let taken = match here {
            Some((chain, numbering)) => feed_live(chain.number, numbering, bytes, flow, cx),
            None => feed_own(record, bytes, ring, flow, runs, cx),
        };
        if !taken {
            return Fed { refused: true, ..Fed::default() };
        }
        all_proven &= here.is_some();
        // Counted from the end, what comes later is the surer part.
        let next = chain.filter(|_| from_end || here.is_some());
        chain = next.map(|c| Chain { number: c.number + frames(bytes).count() as u64, ..c });
    }
    let edge = if from_end { first } else { chain.map(|c| c.number) };
    Fed { refused: false, edge: edge.filter(|_| all_proven), frames: total }
}

fn chain(known: Known, total: u64, flow: &Flow) -> Option<Chain> {
    let (stream, number, old) = match known {
        Known::Nothing => return None,
        Known::From { stream, number, old } => (stream, number, old),
        Known::To { stream, number, old } => (stream, number.checked_sub(total)?, old),
    };
    let (from, to) =
        if old { (0, flow.outage_number()?) } else { (flow.first_number()?, u64::MAX) };
    Some(Chain { stream, number, from, to })
}

/// Whether the frames of a record are those of the live stream. No frame that is remembered may
/// differ, and one has to be the same unless none of them ever came.
fn is_proven(chain: &Chain, numbering: &Numbering, record: &[u8], cx: &Cx<'_>) -> bool {
    let (mut same, mut claimed) = (false, false);
    if chain.stream != numbering.stream {
        return false;
    }
    for (number, frame) in (chain.number..).zip(frames(record)) {
        let seq = numbering.seq_of(number).filter(|_| (chain.from..chain.to).contains(&number));
        let Some(seq) = seq else { return false };
        match numbering.was(seq, frame) {
            Some(false) => return false,
            Some(true) => same = true,
            None => claimed |= cx.custodian.received.contains(numbering.stream, seq),
        }
    }
    same || !claimed
}

fn feed_live(
    first: u64,
    numbering: &Numbering,
    bytes: &[u8],
    flow: &Flow,
    cx: &mut Cx<'_>,
) -> bool {
    let (stream, codec) = (numbering.stream, flow.codec());
    (first..).zip(frames(bytes)).all(|(number, payload)| {
        let Some(seq) = numbering.seq_of(number) else { return false };
        let captured_ms = numbering.captured_ms(seq);
        let frame = AudioFrame { stream, seq, captured_ms, codec, payload };
        count(cx.custodian.frame(&frame), cx)
    })
}

fn feed_own(
    record: u64,
    bytes: &[u8],
    ring: u64,
    flow: &Flow,
    runs: &mut Runs,
    cx: &mut Cx<'_>,
) -> bool {
    let codec = flow.codec();
    let unix_s = Record::parse(bytes).map_or(0, |r| r.unix_s);
    let (run, begun) = runs.number(&StoredAt {
        badge_id: flow.badge_id(),
        ring,
        record,
        print: crc32fast::hash(bytes),
        unix_s,
        frame_ms: codec.frame_ms,
        frames: u32::try_from(frames(bytes).count()).unwrap_or(u32::MAX),
    });
    let stream = run.stream;
    let at_ms = |seq: u32| seq.saturating_mul(u32::from(codec.frame_ms));
    if begun {
        cx.events.push_back(BadgeEvent::Stream { stream, codec });
    }
    for (seq, payload) in (run.seq..).zip(frames(bytes)) {
        let captured_ms = at_ms(seq);
        let frame = AudioFrame { stream, seq, captured_ms, codec, payload };
        if !count(cx.custodian.frame(&frame), cx) {
            return false;
        }
    }
    let past = |s: &u32| i64::from(*s) <= cx.unix_ms.div_euclid(1000).saturating_add(AHEAD_S);
    match clock(unix_s).filter(past) {
        Some(unix_s) if run.is_clock_due() => {
            cx.custodian.anchor(stream, at_ms(run.seq), i64::from(unix_s) * 1000)
        }
        _ => true,
    }
}
