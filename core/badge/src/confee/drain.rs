//! Fetching what the badge stored, and letting the badge forget what is on disk here.

use std::collections::VecDeque;

use confee_domain::StreamId;

use super::read::{Read, Step};
use super::requests::{Answered, Requests};
use super::session::Live;
use super::stored::{Stored, store};
use super::{
    MAX_READ, ReadGranted, Released, Request, RingIdData, RingRangeData, Status, StoragePacket,
    StoredRecord, records, stream_id,
};
use crate::client::Checkpoint;
use crate::event::{Backlog, BadgeEvent};
use crate::session::Cx;

/// Records of one read: 1.3 s of 20 ms frames.
const CHUNK: u16 = MAX_READ;
/// Reads that may wait for the disk while the next one is fetched.
const AHEAD: usize = 16;
/// How often live audio that is on disk is released.
const RELEASE_MS: u64 = 2_000;
/// A read without a packet for so long is stopped and begun anew.
const STALL_MS: u64 = 1_000;
/// Pause after a refusal of the badge or of the phone's queue.
const PAUSE_MS: u64 = 1_000;
/// Damaged reads in a row after which stored audio is left alone for a while.
const FAILURES: u8 = 8;
const LONG_PAUSE_MS: u64 = 30_000;
const FRAME: u8 = 1;
/// Records that make a backlog: less is the ordinary repair of live audio.
const BEHIND: u64 = 250;

/// What the badge may free once the phone's disk has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Freeing {
    Advance(u64),
    Release { session: u32, seq: u32 },
}

/// The stored side of one connection.
#[derive(Debug)]
pub(super) struct Drain {
    badge_id: u64,
    allowed: bool,
    checkpoint: Option<Checkpoint>,
    ring: Option<u64>,
    overwritten: u64,
    nearly_full: bool,
    oldest: u64,
    next: u64,
    /// Where a run of reads goes on; unset between runs.
    cursor: Option<u64>,
    read: Option<Read>,
    /// What a read brought that ended with holes.
    partial: Option<Read>,
    chunk: u16,
    failures: u8,
    not_before_ms: u64,
    awaiting: VecDeque<(u64, Freeing)>,
    durable: u64,
    ready: Option<Freeing>,
    /// The oldest record as the last peek saw it, and how often in a row it was the same.
    head: Option<(Released, u32)>,
    reported: Option<Backlog>,
    /// The live stream and its end when the last peek was asked for.
    edge: Option<(StreamId, u32)>,
    gone: Option<(StreamId, u32)>,
}

impl Drain {
    pub(super) fn new(badge_id: u64, checkpoint: Option<Checkpoint>, allowed: bool) -> Self {
        Self {
            badge_id,
            allowed,
            checkpoint,
            ring: None,
            overwritten: 0,
            nearly_full: false,
            oldest: 0,
            next: 0,
            cursor: None,
            read: None,
            partial: None,
            chunk: CHUNK,
            failures: 0,
            not_before_ms: 0,
            awaiting: VecDeque::new(),
            durable: 0,
            ready: None,
            head: None,
            reported: None,
            edge: None,
            gone: None,
        }
    }

    /// Whether more is being fetched than the gaps of live audio.
    pub(super) fn is_behind(&self) -> bool {
        self.left() >= BEHIND
    }

    fn is_reading(&self) -> bool {
        self.cursor.is_some() || self.read.is_some()
    }

    /// Records from where reading stands to the end.
    fn left(&self) -> u64 {
        let at = self.cursor.or(self.read.as_ref().map(|r| r.from));
        at.map_or(0, |at| self.next.saturating_sub(at))
    }

    pub(super) fn allow(&mut self, on: bool, requests: &mut Requests) {
        self.allowed = on;
        if !on && self.read.take().is_some() {
            requests.push_urgent(Request::RingStop);
        }
    }

    /// The ring's end moved, or it fills up.
    pub(super) fn on_level(
        &mut self,
        next: Option<u64>,
        nearly_full: Option<bool>,
        cx: &mut Cx<'_>,
    ) {
        self.next = next.unwrap_or(self.next).max(self.next);
        self.nearly_full = nearly_full.unwrap_or(self.nearly_full);
        self.report(None, cx);
    }

    pub(super) fn on_durable(&mut self, records: u64) {
        self.durable = self.durable.max(records);
        while let Some((_, freeing)) = self.awaiting.front().filter(|(r, _)| *r <= self.durable) {
            self.ready = Some(*freeing);
            self.awaiting.pop_front();
        }
    }

    /// The next request of storage, if it is time for one.
    pub(super) fn turn(&mut self, live: Option<Live>, requests: &mut Requests, cx: &mut Cx<'_>) {
        let Some(ring) = self.ring else { return };
        if let Some(read) = &self.read {
            if cx.now_ms.saturating_sub(read.heard_ms) >= STALL_MS {
                requests.push_urgent(Request::RingStop);
                self.holes(cx);
            }
            return;
        }
        if let Some(freeing) = self.due(cx.now_ms) {
            self.edge = edge(live, cx);
            return requests.push(self.free(ring, freeing, cx));
        }
        if cx.now_ms < self.not_before_ms {
            return;
        }
        match self.cursor {
            Some(at) if at >= self.next => self.cursor = None,
            Some(_) if !self.allowed || self.awaiting.len() >= AHEAD => {}
            Some(from) => {
                let again = self.partial.as_ref().filter(|p| p.from == from).map(Read::granted);
                let records = again.unwrap_or_else(|| self.wanted(live, cx).min(self.chunk));
                requests.push(Request::RingRead { from, records });
            }
            None if self.awaiting.is_empty() => {
                self.not_before_ms = cx.now_ms + RELEASE_MS;
                self.edge = edge(live, cx);
                requests.push(Request::RingRelease { ring, session: 0, seq: 0 });
            }
            None => {}
        }
    }

    /// What the disk has and the badge may free now. Reads are acknowledged at once, live audio
    /// every few seconds.
    fn due(&mut self, now_ms: u64) -> Option<Freeing> {
        let waits = now_ms < self.not_before_ms;
        self.ready.take_if(|f| !(waits && matches!(f, Freeing::Release { .. })))
    }

    fn free(&mut self, ring: u64, freeing: Freeing, cx: &mut Cx<'_>) -> Request {
        match freeing {
            Freeing::Advance(to) => {
                self.checkpoint = Some(Checkpoint { ring, advanced_to: to });
                cx.events.push_back(BadgeEvent::Custody { ring, advanced_to: to });
                Request::RingAdvance { ring, to }
            }
            Freeing::Release { session, seq } => Request::RingRelease { ring, session, seq },
        }
    }

    /// Records that the next read should bring: up to a long stretch that is here already. On a
    /// lossy link short gaps lie close together, and asking for each alone would never catch up.
    fn wanted(&self, live: Option<Live>, cx: &Cx<'_>) -> u16 {
        let Some((head, _)) = self.head else { return CHUNK };
        let stream = stream_id(self.badge_id, head.session);
        if head.kind != FRAME || live.is_none_or(|l| l.stream != stream) {
            return CHUNK;
        }
        let ranges = cx.custodian.received.of(stream).map_or(&[][..], |r| r.ranges());
        let long = |r: &&std::ops::Range<u32>| r.end - r.start > CHUNK.into();
        let beyond = ranges.iter().filter(long).find(|r| r.start > head.seq);
        beyond.map_or(CHUNK, |r| u16::try_from(r.start - head.seq).unwrap_or(CHUNK))
    }

    /// An answer about storage.
    pub(super) fn on_answer(
        &mut self,
        answer: &Answered<'_>,
        live: Option<Live>,
        requests: &mut Requests,
        cx: &mut Cx<'_>,
    ) {
        let Answered { asked, id, status, data } = *answer;
        match (asked, status) {
            (_, Status::WrongRing) => requests.push(Request::RingId),
            (Request::RingId, Status::Done) => self.on_ring_id(data, requests, cx),
            (Request::RingRange, Status::Done) => self.on_range(data, cx),
            (Request::RingAdvance { .. }, Status::Done) => self.head = None,
            (Request::RingRelease { .. }, Status::Done) => self.on_head(data, live, cx),
            (Request::RingRead { from, .. }, Status::Done) => {
                let granted = ReadGranted::parse(data).ok();
                let (from, now) = (*from, cx.now_ms);
                let read = granted.and_then(|g| Read::new(id, from, g.records, g.bytes, now));
                self.read = read.map(|r| r.after(self.partial.take()));
                if self.read.is_none() {
                    self.damaged(cx);
                }
            }
            (Request::RingRead { .. } | Request::RingAdvance { .. }, Status::OutOfRange) => {
                self.cursor = None;
                requests.push(Request::RingRange);
            }
            (_, Status::Done) => {}
            _ => self.not_before_ms = cx.now_ms + PAUSE_MS,
        }
        self.report(live, cx);
    }

    fn on_ring_id(&mut self, data: &[u8], requests: &mut Requests, cx: &mut Cx<'_>) {
        let Ok(RingIdData { ring, overwritten }) = RingIdData::parse(data) else {
            cx.counters.malformed += 1;
            return;
        };
        if self.ring != Some(ring) {
            self.forget_positions();
        }
        self.ring = Some(ring);
        self.overwritten = overwritten;
        match self.checkpoint.filter(|c| c.ring == ring) {
            Some(Checkpoint { advanced_to: to, .. }) => {
                requests.push(Request::RingAdvance { ring, to });
            }
            None => self.checkpoint = None,
        }
        requests.push(Request::RingRange);
    }

    /// Positions of another store incarnation mean nothing.
    fn forget_positions(&mut self) {
        (self.oldest, self.next) = (0, 0);
        (self.cursor, self.read, self.head, self.ready) = (None, None, None, None);
        self.partial = None;
        self.awaiting.clear();
    }

    fn on_range(&mut self, data: &[u8], cx: &mut Cx<'_>) {
        match RingRangeData::parse(data) {
            Ok(range) if range.oldest <= range.next => {
                (self.oldest, self.next) = (range.oldest, range.next);
                self.not_before_ms = cx.now_ms;
            }
            _ => cx.counters.malformed += 1,
        }
    }

    /// The badge said what its oldest record is: fetched, waited for, or released when durable.
    fn on_head(&mut self, data: &[u8], live: Option<Live>, cx: &mut Cx<'_>) {
        let Ok(head) = Released::parse(data) else {
            cx.counters.malformed += 1;
            return;
        };
        let seen = self.head.filter(|(h, _)| *h == head).map_or(0, |(_, n)| n + 1);
        self.note_gone(head, cx);
        self.head = Some((head, seen));
        self.oldest = head.oldest;
        self.next = self.next.max(self.oldest + u64::from(head.kind != 0));
        let stream = stream_id(self.badge_id, head.session);
        match head.kind {
            0 => {}
            FRAME if cx.custodian.received.contains(stream, head.seq) => {
                let of = cx.custodian.received.of(stream);
                let seq = of.map_or(head.seq, |r| r.first_missing(head.seq));
                self.when_durable(Freeing::Release { session: head.session, seq }, cx);
                let is_live = live.is_some_and(|l| l.stream == stream);
                let pause = if is_live || seen > 0 { RELEASE_MS } else { 0 };
                self.not_before_ms = cx.now_ms + pause;
            }
            // The live edge: the frame is on its way, unless nothing came for two peeks.
            FRAME if seen < 2 && is_edge(stream, head.seq, live, cx) => {}
            _ => self.cursor = Some(head.oldest),
        }
        if self.is_reading() {
            self.not_before_ms = cx.now_ms;
        }
    }

    /// What is below the oldest record and not here exists nowhere.
    fn note_gone(&mut self, head: Released, cx: &mut Cx<'_>) {
        let before = self.head.map(|(h, _)| h).filter(|h| h.kind != 0 && h.session != head.session);
        let ended = before.map(|h| (stream_id(self.badge_id, h.session), u32::MAX));
        let now = match head.kind {
            0 => self.edge,
            _ => Some((stream_id(self.badge_id, head.session), head.seq)),
        };
        for (stream, below) in ended.into_iter().chain(now) {
            if self.gone != Some((stream, below)) {
                self.gone = Some((stream, below));
                cx.events.push_back(BadgeEvent::Gone { stream, below });
            }
        }
    }

    fn when_durable(&mut self, freeing: Freeing, cx: &Cx<'_>) {
        let receipt = cx.custodian.receipt();
        if receipt <= self.durable {
            self.ready = Some(freeing);
        } else {
            self.awaiting.push_back((receipt, freeing));
        }
    }

    /// A packet of the storage characteristic.
    pub(super) fn on_packet(&mut self, value: &[u8], live: Option<Live>, cx: &mut Cx<'_>) {
        let Ok(packet) = StoragePacket::parse(value) else {
            cx.counters.malformed += 1;
            return;
        };
        let step = self.read.as_mut().map_or(Step::Stray, |read| read.push(&packet, cx.now_ms));
        match step {
            Step::More => {}
            Step::Stray => cx.counters.stray += 1,
            Step::Holes => self.holes(cx),
            Step::Damaged => self.damaged(cx),
            Step::Whole(next) => {
                if let Some(read) = self.read.take() {
                    self.take(&read, next, cx);
                }
            }
        }
        self.report(live, cx);
    }

    /// A whole read goes into the phone's custody; the badge hears of it when it is durable.
    fn take(&mut self, read: &Read, next: u64, cx: &mut Cx<'_>) {
        (self.failures, self.chunk) = (0, (self.chunk * 2).min(CHUNK));
        let mut last = None;
        let (mut refused, mut unknown, mut count) = (false, false, 0);
        for record in records(read.body()) {
            let Ok(record) = record else { return self.damaged(cx) };
            count += 1;
            if let StoredRecord::Frame { session, seq, .. } = record {
                last = Some((stream_id(self.badge_id, session), seq));
            }
            match store(self.badge_id, &record, cx) {
                Stored::Safe => {}
                Stored::Refused => refused = true,
                Stored::Unknown => unknown = true,
            }
        }
        if count != read.granted() {
            return self.damaged(cx);
        }
        if unknown {
            tracing::warn!("the badge stored audio in an unknown form; it stays there");
            self.not_before_ms = cx.now_ms + LONG_PAUSE_MS;
            return;
        }
        if refused {
            // The badge keeps it; what was taken is known and will not be taken again.
            self.not_before_ms = cx.now_ms + PAUSE_MS;
            return;
        }
        self.when_durable(Freeing::Advance(next), cx);
        let joined = last.is_some_and(|(stream, seq)| is_joined(stream, seq, cx));
        self.cursor = (!joined && next < self.next).then_some(next);
        self.not_before_ms = cx.now_ms;
    }

    /// The same read once more: what came is kept.
    fn holes(&mut self, cx: &mut Cx<'_>) {
        cx.counters.damaged_reads += 1;
        self.partial = self.read.take();
        self.failed(cx);
    }

    fn damaged(&mut self, cx: &mut Cx<'_>) {
        cx.counters.damaged_reads += 1;
        (self.read, self.partial) = (None, None);
        self.chunk = (self.chunk / 2).max(1);
        self.failed(cx);
    }

    fn failed(&mut self, cx: &Cx<'_>) {
        self.failures += 1;
        if self.failures >= FAILURES {
            tracing::warn!("stored audio arrives damaged; trying again later");
            self.failures = 0;
            self.not_before_ms = cx.now_ms + LONG_PAUSE_MS;
        }
    }

    /// Tells the app what is left, when it changed.
    fn report(&mut self, live: Option<Live>, cx: &mut Cx<'_>) {
        let records = self.left();
        let frame_ms = live.map_or(20, |l| u64::from(l.codec.frame_ms));
        let ms = records.saturating_mul(frame_ms);
        let (overwritten, nearly_full) = (self.overwritten, self.nearly_full);
        let backlog = Backlog { records, ms, overwritten, nearly_full };
        if self.reported != Some(backlog) {
            self.reported = Some(backlog);
            cx.events.push_back(BadgeEvent::Backlog(backlog));
        }
    }
}

/// Whether what follows a frame is here already, to the newest or for a long stretch: to be
/// released and not read again.
fn is_joined(stream: StreamId, seq: u32, cx: &Cx<'_>) -> bool {
    let Some(ranges) = cx.custodian.received.of(stream) else { return false };
    let run = ranges.first_missing(seq.saturating_add(1)).saturating_sub(seq);
    let newest = ranges.ranges().last().map_or(0, |r| r.end);
    run > u32::from(CHUNK) || (run > 1 && seq.saturating_add(run) >= newest)
}

/// The live stream and the number after its newest frame here.
fn edge(live: Option<Live>, cx: &Cx<'_>) -> Option<(StreamId, u32)> {
    let stream = live?.stream;
    Some((stream, cx.custodian.received.of(stream)?.ranges().last()?.end))
}

/// Whether a frame is newer than everything of the live stream that came.
fn is_edge(stream: StreamId, seq: u32, live: Option<Live>, cx: &Cx<'_>) -> bool {
    live.is_some_and(|l| l.stream == stream)
        && cx
            .custodian
            .received
            .of(stream)
            .and_then(|r| r.ranges().last())
            .is_none_or(|r| r.end <= seq)
}
