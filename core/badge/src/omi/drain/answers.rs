//! What a device says of its store.

use super::feed::feed;
use super::plan::{Chunk, LiveMark};
use super::read::MOST_RECORDS;
use super::read::{Read, Step};
use super::{
    Asked, Custody, Drain, FAILURES, LOOK_MS, PAUSE_MS, RECORD_MS, StorageTrouble, VERSION,
};
use crate::event::{Backlog, BadgeEvent};
use crate::omi::flow::Flow;
use crate::omi::{Caps, Notice, RECORD_BYTES, RingInfo, StorageStatusCode as Code};
use crate::session::Cx;

impl Drain {
    /// A notification of the storage characteristic.
    pub(in crate::omi) fn on_notice(&mut self, value: &[u8], flow: &Flow, cx: &mut Cx<'_>) {
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

    pub(super) fn damaged(&mut self, cx: &mut Cx<'_>) {
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
