//! Fetching what the badge stored, and letting it free what is on disk here. One command is open
//! at a time: acknowledgements do not say what they answer.

mod access;
mod feed;
mod plan;
mod read;
mod runs;

use std::collections::VecDeque;

pub(super) use access::Signs;
pub use access::StorageTrouble;
pub(super) use plan::LiveMark;
pub(super) use runs::Runs;

use feed::feed;
use plan::{Chunk, Known, Plan, Span};
use read::{MOST_RECORDS, Read, Step};

use super::flow::Flow;
use super::{Caps, Command, Notice, RECORD_BYTES, RingInfo, StorageStatusCode as Code};
use crate::event::{Backlog, BadgeEvent};
use crate::session::Cx;

const VERSION: u8 = 1;
/// A command without an answer, or a read without data, for so long is given up.
const ANSWER_MS: u64 = 5_000;
/// Times that a command is sent.
const TRIES: u8 = 3;
/// Damaged or refused reads in a row after which the store is left alone.
const FAILURES: u8 = 8;
/// Pause after a refusal of the badge or of the phone's queue.
const PAUSE_MS: u64 = 1_000;
/// After a failure the store is tried again that late.
const LONG_PAUSE_MS: u64 = 60_000;
/// Reads that may wait for the disk while the next one is fetched.
const AHEAD: usize = 16;
/// Shortest time between two commands to free.
const FREE_MS: u64 = 1_000;
/// How often the ring is looked at.
const LOOK_MS: u64 = 10_000;
/// Stored live audio for which no mark comes for so long is fetched without proof.
const MARK_MS: u64 = 15_000;
/// Length of a record before any was seen: 440 bytes at 32 kbit/s.
const RECORD_MS: u64 = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Info,
    Enable,
    Free(u64),
    Read(Chunk),
    Stop,
}

#[derive(Debug)]
struct Open {
    asked: Asked,
    tries: u8,
    heard_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Custody {
    Unknown,
    None,
    Granted,
}

/// The stored side of one connection.
#[derive(Debug)]
pub(super) struct Drain {
    signs: Option<Signs>,
    trouble: Option<StorageTrouble>,
    allowed: bool,
    /// Ring and position of the last word to free, as the phone remembers it.
    checkpoint: Option<(u64, u64)>,
    old_mark: Option<LiveMark>,
    open: Option<Open>,
    read: Option<Read>,
    info: Option<RingInfo>,
    custody: Custody,
    plan: Plan,
    plan_ms: u64,
    most: u32,
    failures: u8,
    /// The last read that had no checksum and was not in order inside.
    unsound: Option<(u64, u32)>,
    awaiting: VecDeque<(u64, u64)>,
    durable: u64,
    ready: Option<u64>,
    freed_ms: Option<u64>,
    pub(super) runs: Runs,
    seen: (u64, u64),
    not_before_ms: u64,
    look_ms: u64,
    reported: Option<Backlog>,
}

/// What a drain wants written.
pub(super) type Wanted = Option<(Command, bool)>;

impl Drain {
    pub(super) fn new(checkpoint: Option<(u64, u64)>) -> Self {
        Self {
            signs: None,
            trouble: None,
            allowed: true,
            checkpoint,
            old_mark: None,
            open: None,
            read: None,
            info: None,
            custody: Custody::Unknown,
            plan: Plan::default(),
            plan_ms: 0,
            most: MOST_RECORDS,
            failures: 0,
            unsound: None,
            awaiting: VecDeque::new(),
            durable: 0,
            ready: None,
            freed_ms: None,
            runs: Runs::default(),
            seen: (0, 0),
            not_before_ms: 0,
            look_ms: 0,
            reported: None,
        }
    }

    /// What the connection before left behind.
    pub(super) fn resume(&mut self, mark: Option<LiveMark>, runs: Runs) {
        self.old_mark = mark;
        self.runs = runs;
    }

    /// Everything that can be known without a command is known.
    pub(super) fn start(&mut self, signs: Signs) {
        if let Err(trouble) = signs.access() {
            tracing::info!(%trouble, "stored audio is not fetched");
            self.trouble = Some(trouble);
        }
        self.signs = Some(signs);
    }

    pub(super) fn trouble(&self) -> Option<StorageTrouble> {
        self.trouble
    }

    /// The last place where ring and live stream met.
    pub(super) fn mark(&self) -> Option<LiveMark> {
        self.plan.mark().or(self.old_mark)
    }

    /// Whether audio from before this connection is still being fetched.
    pub(super) fn is_draining(&self) -> bool {
        self.trouble.is_none() && (self.plan.has_backlog() || self.read.is_some())
    }

    pub(super) fn on_durable(&mut self, records: u64) {
        self.durable = self.durable.max(records);
        self.check_durable();
    }

    fn check_durable(&mut self) {
        while let Some((receipt, to)) = self.awaiting.front().copied() {
            if receipt > self.durable {
                return;
            }
            self.ready = Some(to);
            self.awaiting.pop_front();
        }
    }

    /// Everything below `to` is in the phone's custody; it may be freed once it is on disk.
    fn when_durable(&mut self, to: u64, cx: &Cx<'_>) {
        let receipt = cx.custodian.receipt();
        if self.awaiting.len() >= AHEAD {
            self.awaiting.pop_back();
        }
        self.awaiting.push_back((receipt, to));
        self.check_durable();
    }

    #[cfg(test)]
    pub(super) fn footprint(&self) -> usize {
        let body = self.read.as_ref().map_or(0, Read::footprint);
        body + self.awaiting.len() + self.plan.footprint() + self.runs.footprint()
    }

    fn ring(&self) -> u64 {
        let granted = self.custody == Custody::Granted;
        let custody = self.info.and_then(|i| i.custody).filter(|_| granted);
        custody.map_or(0, |c| c.ring)
    }

    /// Pauses or goes on. A read that runs is stopped; nothing of it is freed.
    pub(super) fn allow(&mut self, on: bool, cx: &Cx<'_>) -> Wanted {
        self.allowed = on;
        if on || self.read.take().is_none() {
            return None;
        }
        Some((self.ask(Asked::Stop, 0, cx), true))
    }

    fn ask(&mut self, asked: Asked, tries: u8, cx: &Cx<'_>) -> Command {
        self.open = Some(Open { asked, tries, heard_ms: cx.now_ms });
        match asked {
            Asked::Info => Command::Info,
            Asked::Enable => Command::CustodyEnable { version: VERSION, caps: Caps::ALL },
            Asked::Free(to) => match self.ring() {
                0 => Command::Advance { to },
                ring => Command::AdvanceId { ring, to },
            },
            Asked::Read(chunk) => {
                self.read = Some(Read::new(chunk.start, chunk.count));
                Command::Read { start: chunk.start, count: Some(chunk.count) }
            }
            Asked::Stop => Command::Stop,
        }
    }

    /// The next command, if it is time for one; whether it is urgent.
    pub(super) fn turn(&mut self, flow: &Flow, cx: &mut Cx<'_>) -> Wanted {
        self.signs.as_ref()?;
        if self.trouble.is_some() {
            self.try_again(cx)?;
        }
        if let Some(open) = &self.open {
            let quiet = cx.now_ms.saturating_sub(open.heard_ms) >= ANSWER_MS;
            return if quiet { self.on_silence(cx) } else { None };
        }
        let asked = self.next(flow, cx)?;
        Some((self.ask(asked, 0, cx), false))
    }

    fn next(&mut self, flow: &Flow, cx: &mut Cx<'_>) -> Option<Asked> {
        let Some(info) = self.info else { return Some(Asked::Info) };
        if self.custody == Custody::Unknown {
            return Some(Asked::Enable);
        }
        let rested = self.freed_ms.is_none_or(|at| cx.now_ms >= at + FREE_MS);
        if let Some(to) = self.ready.filter(|_| rested) {
            self.ready = None;
            return Some(Asked::Free(to));
        }
        if cx.now_ms < self.not_before_ms {
            return None;
        }
        self.release_held(flow, cx);
        let may_read = self.allowed && self.awaiting.len() < AHEAD;
        if let Some(chunk) = self.plan.chunk(self.most).filter(|_| may_read) {
            return Some(Asked::Read(chunk));
        }
        self.plan_unmarked(info, cx);
        (cx.now_ms >= self.look_ms).then_some(Asked::Info)
    }

    /// Records whose frames all came live need not be fetched.
    fn release_held(&mut self, flow: &Flow, cx: &Cx<'_>) {
        while self.plan.front().is_some_and(|span| is_held(span, flow, cx)) {
            if let Some(to) = self.plan.done() {
                self.when_durable(to, cx);
            }
        }
    }

    /// Live audio is stored, but no mark says which: it is fetched in the end.
    fn plan_unmarked(&mut self, info: RingInfo, cx: &Cx<'_>) {
        let waited = cx.now_ms.saturating_sub(self.plan_ms) >= MARK_MS;
        if self.plan.front().is_none() && info.write > self.plan.planned && waited {
            self.plan.add(info.write, None);
            self.plan_ms = cx.now_ms;
        }
    }

    /// After a failure everything begins anew, once the pause is over.
    fn try_again(&mut self, cx: &Cx<'_>) -> Option<()> {
        let temporary =
            matches!(self.trouble, Some(StorageTrouble::NoAnswer | StorageTrouble::Damaged));
        if !temporary || cx.now_ms < self.not_before_ms {
            return None;
        }
        self.trouble = None;
        self.failures = 0;
        self.most = MOST_RECORDS;
        self.begin_anew();
        Some(())
    }

    /// Forgets positions: they are asked for again.
    fn begin_anew(&mut self) {
        (self.info, self.open, self.read, self.ready) = (None, None, None, None);
        (self.plan, self.custody) = (Plan::default(), Custody::Unknown);
        self.awaiting.clear();
    }

    fn fail(&mut self, trouble: StorageTrouble, cx: &Cx<'_>) {
        tracing::warn!(%trouble, "stored audio is left on the badge for now");
        self.trouble = Some(trouble);
        self.not_before_ms = cx.now_ms + LONG_PAUSE_MS;
        (self.open, self.read) = (None, None);
    }

    fn on_silence(&mut self, cx: &mut Cx<'_>) -> Wanted {
        let open = self.open.take()?;
        if let Asked::Read(_) = open.asked {
            self.damaged(cx);
            self.trouble.is_none().then(|| (self.ask(Asked::Stop, 0, cx), true))
        } else if open.tries + 1 < TRIES {
            Some((self.ask(open.asked, open.tries + 1, cx), false))
        } else {
            let silence = self.signs.as_ref().map_or(StorageTrouble::NoAnswer, Signs::silence);
            let known = self.info.is_some();
            self.fail(if known { StorageTrouble::NoAnswer } else { silence }, cx);
            None
        }
    }

    /// The command could not be written: tried again as if it had not been answered, but sooner.
    pub(super) fn on_write_failed(&mut self, cx: &Cx<'_>) {
        if let Some(open) = &mut self.open {
            open.heard_ms = (cx.now_ms + PAUSE_MS).saturating_sub(ANSWER_MS);
        }
    }

    /// The command is on the badge: it has its time to answer from now on.
    pub(super) fn on_written(&mut self, cx: &Cx<'_>) {
        if let Some(open) = &mut self.open {
            open.heard_ms = open.heard_ms.max(cx.now_ms);
        }
    }

    /// A notification of the storage characteristic.
    pub(super) fn on_notice(&mut self, value: &[u8], flow: &Flow, cx: &mut Cx<'_>) {
        let Ok(notice) = Notice::parse(value) else {
            cx.counters.malformed += 1;
            return;
        };
        let asked = self.open.as_ref().map(|o| o.asked);
        match (notice, asked) {
            (Notice::LiveMark { ring, ring_seq, live_id }, _) => {
                self.on_mark(ring, ring_seq, live_id, flow, cx);
            }
            (Notice::Ack { status, granted }, Some(asked)) => {
                self.on_ack(asked, status, granted, cx);
            }
            (Notice::Info(info), Some(Asked::Info)) => self.on_info(info, cx),
            (notice, Some(Asked::Read(chunk))) => self.on_read(&notice, &chunk, flow, cx),
            _ => cx.counters.stray += 1,
        }
    }

    fn on_ack(&mut self, asked: Asked, status: Code, granted: Option<Caps>, cx: &mut Cx<'_>) {
        match (asked, status) {
            // A late one of a command that was sent again.
            (Asked::Info | Asked::Read(_), Code::Ok) => {
                cx.counters.stray += 1;
                return;
            }
            (Asked::Enable, _) => {
                let caps = granted.unwrap_or(Caps::ALL);
                let wanted = Caps::APP_RECLAIM | Caps::RING_ID;
                let ok = status == Code::Ok && caps.has(wanted);
                self.custody = if ok { Custody::Granted } else { Custody::None };
                self.open = None;
                return self.on_custody(cx);
            }
            (Asked::Free(to), Code::Ok) => self.on_freed(to, cx),
            // The device had freed it by itself.
            (Asked::Free(to), Code::OutOfRange) if self.info.is_some_and(|i| to <= i.read) => {}
            (Asked::Info, Code::InvalidCommand) => {
                return self.fail(StorageTrouble::OldFirmware, cx);
            }
            (Asked::Stop, _) => {}
            _ => {
                // A position that the badge does not know is not given to it again.
                self.checkpoint = None;
                self.not_before_ms = cx.now_ms + PAUSE_MS;
                self.refused_by_badge(cx);
            }
        }
        self.open = None;
        self.read = None;
        if status == Code::RingIdMismatch {
            self.begin_anew();
        } else if status != Code::Ok {
            self.look_ms = cx.now_ms;
        }
    }

    /// The badge says no: without progress in between, that ends too.
    fn refused_by_badge(&mut self, cx: &Cx<'_>) {
        self.failures += 1;
        if self.failures >= FAILURES {
            self.fail(StorageTrouble::NoAnswer, cx);
        } else if let Some(info) = &self.info {
            // Positions may be wrong: what is planned is planned anew with the next look.
            let from = info.read;
            self.plan.begin_at(from);
            self.awaiting.clear();
            self.ready = None;
            self.info = None;
        }
    }

    fn on_freed(&mut self, to: u64, cx: &mut Cx<'_>) {
        self.freed_ms = Some(cx.now_ms);
        let ring = self.ring();
        self.checkpoint = Some((ring, to));
        self.runs.freed(to);
        if let Some(info) = &mut self.info {
            info.read = info.read.max(to);
            info.write = info.write.max(to);
        }
        cx.events.push_back(BadgeEvent::Custody { ring, advanced_to: to });
        self.report(cx);
    }

    fn on_info(&mut self, info: RingInfo, cx: &mut Cx<'_>) {
        self.open = None;
        self.look_ms = cx.now_ms + LOOK_MS;
        if usize::from(info.record_bytes) != RECORD_BYTES || info.read > info.write {
            cx.counters.malformed += 1;
            return self.fail(StorageTrouble::UnknownForm, cx);
        }
        let before = self.info.replace(info);
        let other =
            before.is_some_and(|b| b.custody.map(|c| c.ring) != info.custody.map(|c| c.ring));
        if other {
            self.begin_anew();
            self.info = Some(info);
        }
        let offered = info.custody.is_some_and(|c| {
            c.version == VERSION && c.ring != 0 && c.caps.has(Caps::APP_RECLAIM | Caps::RING_ID)
        });
        match self.custody {
            Custody::Unknown if offered => {}
            Custody::Unknown => {
                self.custody = Custody::None;
                self.on_custody(cx);
            }
            Custody::None => self.plan.add(info.write, None),
            Custody::Granted if before.is_none() => self.on_custody(cx),
            Custody::Granted => {}
        }
        self.plan.trim(info.read);
        self.report(cx);
    }

    /// It is known whose word frees what: plans what was stored until now.
    fn on_custody(&mut self, cx: &mut Cx<'_>) {
        let Some(info) = self.info else { return };
        let ring = self.ring();
        let replay = self.checkpoint.filter(|(r, to)| *r == ring && ring != 0 && *to <= info.write);
        if replay.is_none() {
            self.checkpoint = None;
        }
        let done = replay.map_or(info.read, |(_, to)| to.max(info.read));
        self.plan.begin_at(done);
        let mark = self.mark().filter(|m| m.ring == ring && ring != 0);
        self.plan.add(info.write, mark);
        self.plan_ms = cx.now_ms;
        // The last word to free may not have reached the badge: it is given again.
        self.ready = replay.map(|(_, to)| to).filter(|to| *to > info.read).or(self.ready);
    }

    fn on_mark(&mut self, ring: u64, ring_seq: u64, live_id: u16, flow: &Flow, cx: &mut Cx<'_>) {
        if self.custody != Custody::Granted || ring != self.ring() {
            cx.counters.stray += 1;
            self.look_ms = cx.now_ms;
            return;
        }
        let (Some(number), Some(numbering)) = (flow.number_of(live_id), flow.numbering()) else {
            return;
        };
        let stream = numbering.stream;
        self.plan.on_mark(LiveMark { ring, ring_seq, stream, number });
        self.plan_ms = cx.now_ms;
        if let Some(info) = &mut self.info {
            info.write = info.write.max(ring_seq);
        }
    }

    fn on_read(&mut self, notice: &Notice<'_>, chunk: &Chunk, flow: &Flow, cx: &mut Cx<'_>) {
        let step = self.read.as_mut().map_or(Step::Stray, |read| read.push(notice));
        if step != Step::Stray {
            self.on_written(cx);
        }
        match step {
            Step::More => {}
            Step::Stray => cx.counters.stray += 1,
            Step::Damaged => self.damaged(cx),
            Step::Ended(_) => {
                (self.open, self.read) = (None, None);
                self.not_before_ms = cx.now_ms + PAUSE_MS;
                self.refused_by_badge(cx);
            }
            Step::Done { next, proven } => {
                self.open = None;
                if let Some(read) = self.read.take() {
                    self.take(&read, chunk, next, proven, flow, cx);
                }
            }
        }
    }

    fn take(
        &mut self,
        read: &Read,
        chunk: &Chunk,
        next: u64,
        proven: bool,
        flow: &Flow,
        cx: &mut Cx<'_>,
    ) {
        if !read.is_sound() {
            // The same twice without a checksum: it is stored like that.
            let again = self.unsound.replace(read.print()) == Some(read.print());
            if !proven && !again {
                return self.damaged(cx);
            }
            cx.counters.malformed += 1;
        }
        let ring = self.ring();
        let fed = feed(read, chunk, ring, flow, &mut self.runs, cx);
        if fed.refused {
            // The badge keeps it; what was taken is known and not taken again.
            self.not_before_ms = cx.now_ms + PAUSE_MS;
            return;
        }
        self.failures = 0;
        self.most = (self.most * 2).min(MOST_RECORDS);
        self.seen.0 += next - read.start;
        self.seen.1 += fed.frames * u64::from(flow.codec().frame_ms);
        if let Some(to) = self.plan.fetched(chunk, next, fed.edge) {
            self.when_durable(to, cx);
        }
        self.plan_ms = cx.now_ms;
        self.report(cx);
    }

    fn damaged(&mut self, cx: &mut Cx<'_>) {
        cx.counters.damaged_reads += 1;
        (self.open, self.read) = (None, None);
        self.most = (self.most / 4).max(1);
        self.failures += 1;
        if self.failures >= FAILURES {
            self.fail(StorageTrouble::Damaged, cx);
        }
    }

    /// Tells the app what is left, when it changed.
    fn report(&mut self, cx: &mut Cx<'_>) {
        let Some(info) = &self.info else { return };
        let records = info.write.saturating_sub(info.read);
        let each = if self.seen.0 < 16 { RECORD_MS } else { self.seen.1 / self.seen.0 };
        let backlog = Backlog {
            records,
            ms: records.saturating_mul(each),
            overwritten: info.dropped,
            nearly_full: records.saturating_mul(10) > u64::from(info.capacity).saturating_mul(9),
        };
        if self.reported != Some(backlog) {
            self.reported = Some(backlog);
            cx.events.push_back(BadgeEvent::Backlog(backlog));
        }
    }
}

/// Whether every frame of some records came live and is in the phone's custody.
fn is_held(span: &Span, flow: &Flow, cx: &Cx<'_>) -> bool {
    let (Known::From { stream, number, .. }, Some(until)) = (span.known, span.until) else {
        return false;
    };
    let Some(numbering) = flow.numbering().filter(|n| n.stream == stream) else { return false };
    flow.first_number().is_some_and(|first| first <= number)
        && (number..until).all(|n| {
            numbering.seq_of(n).is_some_and(|seq| cx.custodian.received.contains(stream, seq))
        })
}
