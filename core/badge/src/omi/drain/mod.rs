//! Fetching what the badge stored, and letting it free what is on disk here. One command is open
//! at a time: acknowledgements do not say what they answer.

mod access;
mod answers;
mod feed;
mod plan;
mod read;
mod runs;

use std::collections::VecDeque;

pub(super) use access::Signs;
pub use access::StorageTrouble;
pub(super) use plan::LiveMark;
pub(super) use runs::Runs;

use plan::{Chunk, Known, Plan, Span};
use read::{MOST_RECORDS, Read};

use super::flow::Flow;
use super::{Caps, Command, RingInfo};
use crate::event::Backlog;
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

    pub(super) fn begin_allowed(&mut self, allowed: bool) {
        self.allowed = allowed;
    }

    /// Everything that can be known without a command is known.
    pub(super) fn start(&mut self, signs: Signs) {
        if let Err(trouble) = signs.access() {
            tracing::info!(%trouble, "stored audio is not fetched");
            self.trouble = Some(trouble);
        }
        self.signs = Some(signs);
    }

    #[cfg(test)]
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
