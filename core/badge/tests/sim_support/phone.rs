//! A phone: the real client, a log that becomes durable now and then, and restarts of the app in
//! which everything that was not durable is lost.

use std::collections::BTreeMap;
use std::sync::Arc;

use confee_badge::simulated::{Numbers, Radio};
use confee_badge::{
    BadgeClient, BadgeEvent, BadgeIdentity, Checkpoint, ClientConfig, Counters, Intake, KnownBadge,
    Link, LinkCommand, LinkEvent, Now, Received,
};
use confee_domain::{AudioFrame, BadgeProblem, Codec, LinkState, Mark, SeqRanges, StreamId};

use super::script::Inbox;

/// The phone's wall clock at virtual time 0.
pub const UNIX_MS: i64 = 1_750_000_000_000;
const TICK_MS: u64 = 250;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub captured_ms: u32,
    pub codec: Codec,
    pub payload: Vec<u8>,
}

#[derive(Debug, Clone)]
enum Entry {
    Frame(StreamId, u32, Kept),
    Mark(Mark),
    Anchor(StreamId, u32, i64),
}

/// What is on the phone's disk.
#[derive(Default)]
pub struct Disk {
    pub frames: BTreeMap<(StreamId, u32), Kept>,
    pub ranges: BTreeMap<StreamId, SeqRanges>,
    pub marks: Vec<Mark>,
    pub anchors: Vec<(StreamId, u32, i64)>,
    pub custody: Option<Checkpoint>,
    /// What frames say of themselves (`LabelledFrames`), for badges without names on the wire.
    pub labels: Numbers,
    /// Frames that came twice are no failure.
    pub lenient: bool,
    order: Vec<StreamId>,
}

/// Session and sequence that a labelled frame says it is.
pub fn label(payload: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_le_bytes(payload.get(at..at + 4)?.try_into().ok()?));
    Some((number(0)?, number(4)?))
}

impl Disk {
    pub fn has(&self, stream: StreamId, seq: u32) -> bool {
        self.ranges.get(&stream).is_some_and(|r| r.contains(seq))
    }

    fn append(&mut self, entry: Entry) {
        match entry {
            Entry::Frame(stream, seq, kept) => {
                if let Some((session, seq)) = label(&kept.payload) {
                    self.labels.entry(session).or_default().insert(seq);
                }
                if let Some(before) = self.frames.get(&(stream, seq)) {
                    // The client remembers eight streams; the log refuses what it has.
                    let known = self.lenient || self.ranges.len() > 8 && *before == kept;
                    assert!(known, "frame {seq} of {stream:?} was taken twice");
                    return;
                }
                self.frames.insert((stream, seq), kept);
                self.ranges.entry(stream).or_default().insert(seq);
                if self.order.last() != Some(&stream) {
                    self.order.retain(|s| *s != stream);
                    self.order.push(stream);
                }
            }
            Entry::Mark(mark) => self.marks.push(mark),
            Entry::Anchor(stream, badge_ms, unix_ms) => {
                self.anchors.push((stream, badge_ms, unix_ms));
            }
        }
    }

    fn received(&self) -> Received {
        let of = |s: &StreamId| (*s, self.ranges.get(s).cloned().unwrap_or_default());
        Received::resume(self.order.iter().map(of))
    }
}

/// Taken, not yet durable.
#[derive(Default)]
struct Spool {
    entries: Vec<Entry>,
    custody: Option<Checkpoint>,
    taken: u64,
    limit: usize,
    refused: u64,
}

impl Spool {
    fn take(&mut self, entry: Entry) -> bool {
        let room = self.entries.len() < self.limit;
        if room {
            self.taken += 1;
            self.entries.push(entry);
        } else {
            self.refused += 1;
        }
        room
    }
}

impl Intake for Spool {
    fn frame(&mut self, frame: &AudioFrame<'_>) -> bool {
        let kept = Kept {
            captured_ms: frame.captured_ms,
            codec: frame.codec,
            payload: frame.payload.to_vec(),
        };
        self.take(Entry::Frame(frame.stream, frame.seq, kept))
    }

    fn mark(&mut self, mark: Mark) -> bool {
        self.take(Entry::Mark(mark))
    }

    fn anchor(&mut self, stream: StreamId, badge_ms: u32, unix_ms: i64) -> bool {
        self.take(Entry::Anchor(stream, badge_ms, unix_ms))
    }
}

#[derive(Debug, Clone)]
pub struct PhonePlan {
    pub peripheral: String,
    pub badge_id: Option<u64>,
    /// How often what was taken becomes durable.
    pub fsync_ms: u64,
    /// When the app is killed and started again.
    pub restarts: Vec<u64>,
    /// Entries that fit between two fsyncs.
    pub queue: usize,
    /// When the wearer mutes or unmutes in the app.
    pub mutes: Vec<(u64, bool)>,
}

impl Default for PhonePlan {
    fn default() -> Self {
        Self {
            peripheral: super::script::BADGE.to_owned(),
            badge_id: None,
            fsync_ms: 500,
            restarts: Vec::new(),
            queue: usize::MAX,
            mutes: Vec::new(),
        }
    }
}

pub struct Phone {
    pub radio: Arc<Radio>,
    pub disk: Disk,
    pub plan: PhonePlan,
    /// All problems that the client named, in order.
    pub problems: Vec<BadgeProblem>,
    pub states: Vec<LinkState>,
    pub identities: Vec<BadgeIdentity>,
    pub events: u64,
    /// Most commands that the client had for the radio at once.
    pub most_commands: usize,
    /// Print what goes over the air, except audio.
    pub trace: bool,
    client: BadgeClient,
    inbox: Arc<Inbox>,
    spool: Spool,
    counted: Counters,
    tick_at: u64,
    fsync_at: u64,
    restarts: usize,
    mutes: usize,
}

impl Phone {
    pub fn new(radio: Arc<Radio>, plan: PhonePlan) -> Self {
        let now_ms = radio.now_ms();
        let mut phone = Self {
            client: BadgeClient::new(ClientConfig::default()),
            inbox: Arc::default(),
            disk: Disk::default(),
            problems: Vec::new(),
            states: Vec::new(),
            identities: Vec::new(),
            events: 0,
            most_commands: 0,
            trace: false,
            spool: Spool { limit: plan.queue, ..Spool::default() },
            counted: Counters::default(),
            tick_at: now_ms,
            fsync_at: now_ms + plan.fsync_ms,
            restarts: 0,
            mutes: 0,
            radio,
            plan,
        };
        phone.start();
        phone
    }

    pub fn now(&self) -> Now {
        let mono_ms = self.radio.now_ms();
        Now { mono_ms, unix_ms: UNIX_MS + mono_ms as i64 }
    }

    pub fn client(&self) -> &BadgeClient {
        &self.client
    }

    /// Counters of all lives of the app.
    pub fn counters(&self) -> Counters {
        sum(self.counted, self.client.counters())
    }

    /// Entries that are taken and not durable.
    pub fn waiting(&self) -> usize {
        self.spool.entries.len()
    }

    /// The app starts with what is on disk.
    fn start(&mut self) {
        self.counted = sum(self.counted, self.client.counters());
        let config = ClientConfig {
            received: self.disk.received(),
            checkpoint: self.disk.custody,
            seed: self.radio.now_ms(),
            ..ClientConfig::default()
        };
        self.client = BadgeClient::new(config);
        self.spool = Spool { limit: self.plan.queue, ..Spool::default() };
        self.inbox = Arc::default();
        self.radio.attach(self.inbox.clone());
        let known =
            KnownBadge { peripheral: self.plan.peripheral.clone(), badge_id: self.plan.badge_id };
        let now = self.now();
        self.client.connect(known, now);
        self.pump();
    }

    /// Goes on until `until_ms`. `look` is called after every step of the radio, before anything
    /// more becomes durable.
    pub fn run_until(&mut self, until_ms: u64, look: &mut dyn FnMut(&Disk)) {
        while self.radio.now_ms() < until_ms {
            let next = [
                self.radio.next_at(),
                Some(self.tick_at),
                Some(self.fsync_at),
                self.plan.restarts.get(self.restarts).copied(),
                self.plan.mutes.get(self.mutes).map(|(at, _)| *at),
                Some(until_ms),
            ];
            let next = next.into_iter().flatten().min().unwrap_or(until_ms);
            self.radio.run_until(next.max(self.radio.now_ms()));
            look(&self.disk);
            self.step();
        }
    }

    fn step(&mut self) {
        let now = self.now();
        for event in self.inbox.take() {
            if self.trace
                && !matches!(&event, LinkEvent::Notified { characteristic, .. } if *characteristic == confee_badge::confee::AUDIO)
            {
                eprintln!("{:>7}     {}", self.radio.now_ms(), describe_event(&event));
            }
            self.client.on_link(event, now, &mut self.spool);
            self.pump();
        }
        if now.mono_ms >= self.tick_at {
            self.client.on_tick(now, &mut self.spool);
            self.tick_at = now.mono_ms + TICK_MS;
            self.pump();
        }
        if let Some((_, on)) = self.plan.mutes.get(self.mutes).filter(|(at, _)| now.mono_ms >= *at)
        {
            self.client.mute(*on, now, &mut self.spool);
            self.mutes += 1;
            self.pump();
        }
        if now.mono_ms >= self.fsync_at {
            self.fsync_at = now.mono_ms + self.plan.fsync_ms;
            self.fsync();
        }
        if self.plan.restarts.get(self.restarts).is_some_and(|at| now.mono_ms >= *at) {
            self.restarts += 1;
            self.start();
        }
    }

    pub fn fsync(&mut self) {
        for entry in std::mem::take(&mut self.spool.entries) {
            self.disk.append(entry);
        }
        self.disk.custody = self.spool.custody.or(self.disk.custody);
        let now = self.now();
        self.client.on_durable(self.spool.taken, now, &mut self.spool);
        self.pump();
    }

    /// Hands the client's commands to the radio and takes its events.
    fn pump(&mut self) {
        let mut commands = 0;
        while let Some(command) = self.client.poll_command() {
            commands += 1;
            assert!(commands < 64, "the client floods the radio: {command:?}");
            if let LinkCommand::Write { value, .. } = &command {
                assert!(value.len() <= 20, "a request of {} bytes", value.len());
            }
            if self.trace {
                eprintln!("{:>7} {}", self.radio.now_ms(), describe(&command));
            }
            self.radio.submit(command);
        }
        self.most_commands = self.most_commands.max(commands);
        while let Some(event) = self.client.poll_event() {
            self.events += 1;
            self.on_event(event);
        }
    }

    fn on_event(&mut self, event: BadgeEvent) {
        match event {
            BadgeEvent::Link(state) => {
                if let LinkState::Lost { problem, .. } = state {
                    self.problems.push(problem);
                }
                self.states.push(state);
            }
            BadgeEvent::Custody { ring, advanced_to } => {
                self.spool.custody = Some(Checkpoint { ring, advanced_to });
            }
            BadgeEvent::Identity(identity) => self.identities.push(identity),
            _ => {}
        }
    }

    /// An event that no radio of this phone sent.
    pub fn inject(&mut self, event: LinkEvent) {
        let now = self.now();
        self.client.on_link(event, now, &mut self.spool);
        self.pump();
    }
}

fn sum(a: Counters, b: Counters) -> Counters {
    Counters {
        notifications: a.notifications + b.notifications,
        live: a.live + b.live,
        frames: a.frames + b.frames,
        duplicates: a.duplicates + b.duplicates,
        incomplete: a.incomplete + b.incomplete,
        malformed: a.malformed + b.malformed,
        refused: a.refused + b.refused,
        damaged_reads: a.damaged_reads + b.damaged_reads,
        stray: a.stray + b.stray,
    }
}

fn describe(command: &LinkCommand) -> String {
    match command {
        LinkCommand::Write { value, characteristic, .. }
            if *characteristic == confee_badge::confee::CONTROL =>
        {
            format!("{:?}", confee_badge::confee::Request::parse(value))
        }
        other => format!("{other:?}"),
    }
}

fn describe_event(event: &LinkEvent) -> String {
    match event {
        LinkEvent::Notified { value, characteristic, .. }
            if *characteristic == confee_badge::confee::EVENT =>
        {
            format!("{:?}", confee_badge::confee::Message::parse(value))
        }
        LinkEvent::Notified { value, .. } => format!("storage {value:02x?}"),
        other => format!("{other:?}"),
    }
}
