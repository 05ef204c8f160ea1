use std::collections::{BTreeMap, BTreeSet, VecDeque};

use confee_domain::{AudioFrame, LinkState, Mark, StreamId};
use uuid::Uuid;

use super::device::{ALL, Device};
use crate::event::{BadgeEvent, Counters};
use crate::omi::{OmiMemory, OmiSession, uuids};
use crate::received::Received;
use crate::session::{Custodian, Cx, GattKind, GattOps, Intake, Session};

/// What the phone took.
#[derive(Default)]
pub(super) struct Taken {
    pub(super) frames: Vec<(StreamId, u32, Vec<u8>)>,
    pub(super) marks: Vec<Mark>,
    pub(super) anchors: Vec<(StreamId, u32, i64)>,
    /// Frames that are refused from now on.
    pub(super) refuse: u32,
}

impl Intake for Taken {
    fn frame(&mut self, frame: &AudioFrame<'_>) -> bool {
        if self.refuse > 0 {
            self.refuse -= 1;
            return false;
        }
        assert_eq!(frame.captured_ms, frame.seq * u32::from(frame.codec.frame_ms));
        self.frames.push((frame.stream, frame.seq, frame.payload.to_vec()));
        true
    }

    fn mark(&mut self, mark: Mark) -> bool {
        self.marks.push(mark);
        true
    }

    fn anchor(&mut self, stream: StreamId, badge_ms: u32, unix_ms: i64) -> bool {
        self.anchors.push((stream, badge_ms, unix_ms));
        true
    }
}

/// A session, its device, and a phone around it.
pub(super) struct Bench {
    pub(super) session: OmiSession,
    pub(super) device: Device,
    pub(super) taken: Taken,
    pub(super) events: VecDeque<BadgeEvent>,
    pub(super) counters: Counters,
    pub(super) received: Received,
    pub(super) now_ms: u64,
    pub(super) log: Option<Vec<String>>,
    /// Frames that are on the phone's disk.
    pub(super) durable: usize,
    receipts: u64,
    ops: GattOps,
}

pub(super) const UNIX_MS: i64 = 1_764_000_000_000;

impl Bench {
    pub(super) fn new(device: Device) -> Self {
        Self {
            session: OmiSession::new("AA:BB", &ALL, None),
            device,
            taken: Taken::default(),
            events: VecDeque::new(),
            counters: Counters::default(),
            received: Received::new(),
            now_ms: 1_000,
            log: None,
            durable: 0,
            receipts: 0,
            ops: GattOps::default(),
        }
    }

    /// Connected, negotiated, and everything done that can be done at once.
    pub(super) fn connected(device: Device) -> Self {
        let mut bench = Self::new(device);
        bench.begin();
        bench
    }

    pub(super) fn begin(&mut self) {
        self.call(Session::begin);
        self.settle();
    }

    pub(super) fn call(&mut self, call: impl FnOnce(&mut OmiSession, &mut Cx<'_>)) {
        let unix_ms = UNIX_MS + i64::try_from(self.now_ms).unwrap();
        let mut cx = Cx {
            now_ms: self.now_ms,
            unix_ms,
            mtu: self.device.mtu,
            ops: &mut self.ops,
            custodian: Custodian {
                intake: &mut self.taken,
                received: &mut self.received,
                taken: &mut self.receipts,
            },
            events: &mut self.events,
            counters: &mut self.counters,
        };
        call(&mut self.session, &mut cx);
    }

    fn note(&mut self, direction: &str, what: Uuid, value: &[u8]) {
        if let Some(log) = &mut self.log {
            let hex: String = value.iter().map(|b| format!("{b:02x}")).collect();
            let what = what.to_string();
            log.push(format!("{direction} {} {hex}", &what[4..8]).trim_end().to_owned());
        }
    }

    /// One operation of the radio; false where none waits.
    fn operate(&mut self) -> bool {
        let Some(op) = self.ops.pop() else { return false };
        let what = op.characteristic;
        let result = match op.kind {
            GattKind::Read => {
                let value = self.device.read_value(what);
                self.note("read", what, value.as_deref().unwrap_or_default());
                value
            }
            GattKind::Write { value, .. } => {
                self.note("write", what, &value);
                self.device.write_value(what, &value);
                Ok(Vec::new())
            }
            GattKind::Subscribe => {
                self.note("subscribe", what, &[]);
                self.device.order.push(what);
                Ok(Vec::new())
            }
        };
        let result = result.as_ref().map(Vec::as_slice).map_err(|f| *f);
        self.call(|session, cx| session.on_done(op.tag, result, cx));
        true
    }

    pub(super) fn notify(&mut self, what: Uuid, value: &[u8]) {
        self.note("notify", what, value);
        self.call(|session, cx| session.on_notified(what, value, cx));
    }

    /// Until neither side has anything to say.
    pub(super) fn settle(&mut self) {
        loop {
            while let Some((what, value)) = self.device.out.pop_front() {
                self.notify(what, &value);
            }
            if !self.operate() {
                return;
            }
        }
    }

    pub(super) fn wait(&mut self, ms: u64) {
        let until = self.now_ms + ms;
        while self.now_ms < until {
            self.now_ms += 250.min(until - self.now_ms);
            self.call(Session::on_tick);
            self.settle();
        }
    }

    /// The disk has everything.
    pub(super) fn sync(&mut self) {
        let records = self.receipts;
        self.durable = self.taken.frames.len();
        self.call(|session, cx| session.on_durable(records, cx));
        self.settle();
    }

    /// Live frames, 20 ms each, of which the radio loses some.
    pub(super) fn live(&mut self, frames: u32, lost: impl Fn(u32) -> bool) {
        for n in 0..frames {
            self.now_ms += 20;
            self.device.capture(!lost(n));
            self.settle();
        }
    }

    /// Waits and syncs until everything that can be freed is.
    pub(super) fn drain(&mut self) {
        for _ in 0..60 {
            self.sync();
            self.wait(1_000);
        }
    }

    pub(super) fn checkpoint(&self) -> Option<(u64, u64)> {
        self.events.iter().rev().find_map(|e| match e {
            BadgeEvent::Custody { ring, advanced_to } => Some((*ring, *advanced_to)),
            _ => None,
        })
    }

    /// The link is lost and comes back after a while; the phone remembers, or was restarted.
    pub(super) fn reconnect(&mut self, outage_ms: u64, remembers: bool) {
        let memory = if remembers { self.session.memory() } else { OmiMemory::default() };
        self.device.out.clear();
        self.device.enabled = false;
        self.now_ms += outage_ms;
        self.ops.clear();
        self.session = OmiSession::new("AA:BB", &ALL, self.checkpoint()).with_memory(memory);
        self.begin();
    }

    /// The app dies: what is not on disk is gone, and so is what it remembered.
    pub(super) fn crash(&mut self, outage_ms: u64) {
        self.taken.frames.truncate(self.durable);
        self.received = Received::new();
        for (stream, seq, _) in &self.taken.frames {
            self.received.insert(*stream, *seq);
        }
        self.receipts = 0;
        self.reconnect(outage_ms, false);
    }

    pub(super) fn state(&self) -> LinkState {
        self.session.state()
    }

    pub(super) fn streams(&self) -> BTreeSet<StreamId> {
        self.taken.frames.iter().map(|(stream, ..)| *stream).collect()
    }

    /// Contents that were taken, with how often.
    pub(super) fn contents(&self) -> BTreeMap<u32, u32> {
        let mut all = BTreeMap::new();
        for (_, _, payload) in &self.taken.frames {
            let n = u32::from_be_bytes(payload[..4].try_into().unwrap());
            *all.entry(n).or_default() += 1;
        }
        all
    }

    pub(super) fn commands(&self, of: fn(&crate::omi::Command) -> bool) -> usize {
        self.device.commands.iter().filter(|c| of(c)).count()
    }

    /// Nothing was freed that is not on the phone's disk.
    pub(super) fn assert_custody(&self) {
        let durable = &self.taken.frames[..self.durable];
        let number = |payload: &[u8]| u32::from_be_bytes(payload[..4].try_into().unwrap());
        let contents: BTreeSet<u32> = durable.iter().map(|(_, _, p)| number(p)).collect();
        let freed = (self.device.read - self.device.first) as usize;
        for record in &self.device.records[..freed] {
            let record = crate::omi::Record::parse(record).unwrap();
            for frame in record.frames() {
                let n = number(frame.unwrap());
                assert!(contents.contains(&n), "frame {n} was freed and is not on disk");
            }
        }
    }

    pub(super) fn press(&mut self, button: crate::omi::Button) {
        self.notify(uuids::BUTTON, &button.encode());
    }
}
