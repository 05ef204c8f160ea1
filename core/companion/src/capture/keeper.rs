//! The thread that holds the badge: connection, custody, fsync, acknowledgement.

use std::ops::Range;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};

use confee_badge::{
    BadgeClient, BadgeEvent, Checkpoint, ClientConfig, Intake, Link, Now, Received, ReconnectPolicy,
};
use confee_domain::{AudioFrame, EngineEvent, Mark, StreamId};
use confee_store::{Admission, Record, Recovered, Spool, StoreError};

use super::inbox::{Ask, Bell, Inbox};
use super::shared::Shared;

/// Audio is on the disk at most so long after it came; the badge may forget it then.
const SYNC_MS: u64 = 500;
/// Longest sleep while nothing is expected.
const IDLE_MS: u64 = 60_000;
/// Entries of the queue that are handled before the disk and the app get their turn.
const BATCH: usize = 256;

pub(super) struct Keeper {
    link: Arc<dyn Link>,
    inbox: Arc<Inbox>,
    asks: Receiver<Ask>,
    overflow: u64,
    client: BadgeClient,
    spool: Arc<Mutex<Spool>>,
    shared: Arc<Shared>,
    bell: Arc<Bell>,
    synced_ms: u64,
    /// What is in the log but not yet on the disk.
    unsynced: bool,
    unsynced_ms: u64,
    live: Option<StreamId>,
    /// Stream, number and capture time of the newest live frame: where the app's marks go.
    newest: Option<(StreamId, u32, u32)>,
}

impl Keeper {
    pub(super) fn new(
        link: Arc<dyn Link>,
        (inbox, asks): (Arc<Inbox>, Receiver<Ask>),
        spool: Arc<Mutex<Spool>>,
        shared: Arc<Shared>,
        bell: Arc<Bell>,
        recovered: &Recovered,
        (policy, seed): (ReconnectPolicy, u64),
    ) -> Self {
        let streams = recovered.streams.iter().map(|(id, s)| (*id, s.received.clone()));
        let custody = recovered.custody.iter().next_back();
        let checkpoint = custody
            .map(|(ring, advanced_to)| Checkpoint { ring: *ring, advanced_to: *advanced_to });
        let received = Received::resume(streams);
        let config = ClientConfig { seed, policy, received, checkpoint, ..ClientConfig::default() };
        Self {
            link,
            inbox,
            asks,
            overflow: 0,
            client: BadgeClient::new(config),
            spool,
            shared,
            bell,
            synced_ms: 0,
            unsynced: false,
            unsynced_ms: 0,
            live: None,
            newest: None,
        }
    }

    /// Runs until told to stop. What has come is on the disk when it returns.
    pub(super) fn run(mut self) {
        loop {
            let wait = self.shared.clock.real(self.wait_ms());
            match self.asks.recv_timeout(wait) {
                Ok(Ask::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(ask) => {
                    self.handle(ask);
                    let mut more = 1;
                    while more < BATCH
                        && let Ok(ask) = self.asks.try_recv()
                    {
                        if matches!(ask, Ask::Stop) {
                            return self.end();
                        }
                        self.handle(ask);
                        more += 1;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.tick();
        }
        self.end();
    }

    fn end(mut self) {
        self.client.disconnect();
        self.flush();
        self.sync();
    }

    fn now(&self) -> Now {
        Now { mono_ms: self.shared.clock.mono_ms(), unix_ms: self.shared.clock.now_ms() }
    }

    fn wait_ms(&self) -> u64 {
        let now = self.now();
        let wake =
            self.client.next_wake_ms(now).map_or(IDLE_MS, |at| at.saturating_sub(now.mono_ms));
        let sync = (self.synced_ms + SYNC_MS).saturating_sub(now.mono_ms);
        if self.unsynced { wake.min(sync) } else { wake }
    }

    fn handle(&mut self, ask: Ask) {
        let (now, newest) = (self.now(), self.newest);
        let Self { client, spool, .. } = self;
        let mut intake = Log::new(spool);
        match ask {
            Ask::Link(event) => client.on_link(event, now, &mut intake),
            Ask::Scan => client.scan(),
            Ask::Connect(badge) => client.connect(badge, now),
            Ask::Disconnect => client.disconnect(),
            Ask::Mark(kind) => {
                if let Some((stream, seq, captured_ms)) = newest {
                    intake.mark(Mark { stream, seq, captured_ms, kind });
                }
            }
            Ask::Mute(on) => client.mute(on, now, &mut intake),
            Ask::Drain(on) => client.allow_drain(on, now, &mut intake),
            Ask::Foreground(on) => client.foreground(on, now),
            Ask::Erase(stream, seqs) => erase(spool, stream, &seqs),
            Ask::Stop => {}
        }
        let Log { wrote_ms, wrote, full, newest, .. } = intake;
        let fresh = newest.filter(|(stream, ..)| self.live.is_none_or(|live| live == *stream));
        self.newest = fresh.max(self.newest);
        self.unsynced |= wrote;
        self.unsynced_ms += wrote_ms;
        if full {
            self.shared.facts().disk_full = true;
        }
        self.flush();
    }

    fn tick(&mut self) {
        let now = self.now();
        let mut intake = Log::new(&self.spool);
        self.client.on_tick(now, &mut intake);
        if self.unsynced && now.mono_ms >= self.synced_ms + SYNC_MS {
            self.sync();
            let taken = self.client.taken();
            if !self.unsynced {
                let mut intake = Log::new(&self.spool);
                self.client.on_durable(taken, self.now(), &mut intake);
            }
        }
        self.flush();
        self.note_overflow();
        let mut facts = self.shared.facts();
        facts.last_live_ms = self.client.last_frame_age_ms(now).map(|age| now.mono_ms - age);
        let alive = facts.last_live_ms.is_some();
        drop(facts);
        if alive {
            self.shared.tell_sometimes();
        }
    }

    /// Commands go to the radio, events to the log and the app.
    fn flush(&mut self) {
        while let Some(command) = self.client.poll_command() {
            self.link.submit(command);
        }
        let mut changed = false;
        while let Some(event) = self.client.poll_event() {
            changed |= self.on_event(event);
        }
        if changed {
            self.shared.tell();
        }
    }

    /// True where the app's status changed by it.
    fn on_event(&mut self, event: BadgeEvent) -> bool {
        let mut facts = self.shared.facts();
        match event {
            BadgeEvent::Link(state) => facts.link = state,
            BadgeEvent::Battery { percent, .. } => facts.battery_percent = Some(percent),
            BadgeEvent::Muted(muted) => facts.muted = Some(muted),
            BadgeEvent::Backlog(backlog) => {
                facts.backlog_ms = Some(backlog.ms);
                facts.badge_nearly_full = backlog.nearly_full;
                facts.overwritten_records = backlog.overwritten;
            }
            BadgeEvent::Identity(badge) => {
                // What another badge said of itself does not hold for this one.
                (facts.muted, facts.battery_percent, facts.backlog_ms) = (None, None, None);
                facts.identity = Some(badge.clone());
                self.shared.bus.send(EngineEvent::BadgeConnected { badge });
                return false;
            }
            BadgeEvent::Found(badge) => {
                self.shared.bus.send(EngineEvent::BadgeFound { badge });
                return false;
            }
            BadgeEvent::Custody { ring, advanced_to } => {
                drop(facts);
                self.note(&Record::Custody { ring, advanced_to });
                return false;
            }
            BadgeEvent::Gone { stream, below } => {
                drop(facts);
                self.note(&Record::Dropped { stream, range: 0..below });
                return false;
            }
            BadgeEvent::Stream { stream, .. } => {
                self.live = Some(stream);
                self.newest = self.newest.filter(|(of, ..)| *of == stream);
                return false;
            }
            BadgeEvent::Diagnostics(counts) => {
                tracing::info!(?counts, "the badge's counters");
                return false;
            }
        }
        true
    }

    /// Frames that the queue could not take stay on a badge that stores; it must not be silent.
    fn note_overflow(&mut self) {
        for event in self.inbox.take_late() {
            self.handle(Ask::Link(event));
        }
        let overflow = self.inbox.overflow();
        if overflow > self.overflow {
            tracing::warn!(events = overflow - self.overflow, "the phone could not keep up");
            self.overflow = overflow;
        }
    }

    fn note(&mut self, record: &Record<'_>) {
        let noted = self.spool.lock().unwrap_or_else(PoisonError::into_inner).append(record);
        match noted {
            Ok(_) => self.unsynced = true,
            Err(error) => tracing::warn!(%error, "the audio log did not take a note"),
        }
    }

    fn sync(&mut self) {
        self.synced_ms = self.shared.clock.mono_ms();
        let mut spool = self.spool.lock().unwrap_or_else(PoisonError::into_inner);
        let synced = spool.sync();
        let full = spool.room() == Admission::Full;
        drop(spool);
        let mut facts = self.shared.facts();
        facts.disk_full = full;
        match synced {
            Ok(_) => {
                facts.stored_ms += std::mem::take(&mut self.unsynced_ms);
                self.unsynced = false;
                self.bell.ring();
            }
            Err(error) => tracing::warn!(%error, "audio is not yet on the disk"),
        }
    }
}

/// Overwrites what the log still holds of a conversation.
fn erase(spool: &Mutex<Spool>, stream: StreamId, seqs: &Range<u32>) {
    let erased = spool.lock().unwrap_or_else(PoisonError::into_inner).erase(stream, seqs);
    if let Err(error) = erased {
        tracing::warn!(%error, "audio is not yet erased from the log; the next start tries again");
    }
}

/// The audio log as the client sees it.
struct Log<'a> {
    spool: &'a Mutex<Spool>,
    wrote: bool,
    wrote_ms: u64,
    full: bool,
    newest: Option<(StreamId, u32, u32)>,
}

impl<'a> Log<'a> {
    fn new(spool: &'a Mutex<Spool>) -> Self {
        Self { spool, wrote: false, wrote_ms: 0, full: false, newest: None }
    }

    fn append(&mut self, record: &Record<'_>) -> bool {
        let mut spool = self.spool.lock().unwrap_or_else(PoisonError::into_inner);
        match spool.append(record) {
            Ok(_) => {
                self.wrote = true;
                true
            }
            // Nothing can ever make it fit: the badge must not be asked for it again.
            Err(StoreError::BadAudio { .. }) => true,
            Err(error) => {
                self.full |= matches!(error, StoreError::DiskFull);
                false
            }
        }
    }
}

impl Intake for Log<'_> {
    fn frame(&mut self, frame: &AudioFrame<'_>) -> bool {
        let taken = self.append(&Record::Frame(*frame));
        self.newest = self.newest.max(Some((frame.stream, frame.seq, frame.captured_ms)));
        self.wrote_ms += if taken { u64::from(frame.codec.frame_ms) } else { 0 };
        taken
    }

    fn mark(&mut self, mark: Mark) -> bool {
        self.append(&Record::Mark(mark))
    }

    fn anchor(&mut self, stream: StreamId, badge_ms: u32, unix_ms: i64) -> bool {
        self.append(&Record::Anchor { stream, badge_ms, unix_ms })
    }
}
