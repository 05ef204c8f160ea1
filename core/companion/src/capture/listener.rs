//! The thread behind the log: from frames to conversations in files of their own.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use confee_badge::{ClockPair, MergePolicy, wall_clock};
use confee_domain::{
    AudioFrame, EngineEvent, LinkState, Mark, Recording, RecordingState, RecordingSummary, StreamId,
};
use confee_store::{Position, Record, Spool, StoreError, TalkPart, Within};
use uuid::Builder;

use super::CaptureConfig;
use super::ear::{Ear, Talk};
use super::inbox::Bell;
use super::monitor::Monitor;
use super::recogniser::Readers;
use super::shared::Shared;
use crate::desk::Desk;

/// How often the thread looks without being called.
const LOOK_MS: u64 = 250;
/// Without a frame for so long a conversation has ended; longer while the badge is away but
/// stores.
const QUIET_MS: u64 = 60_000;
const AWAY_MS: u64 = 10 * 60_000;
/// How often audio that no conversation needs is deleted.
const RELEASE_MS: u64 = 30_000;
/// Streams that are heard at a time: the live one and stored ones.
const EARS: usize = 8;
/// Marks that wait for the first frame of their stream.
const EARLY: usize = 64;

pub(super) struct Listener {
    desk: Arc<Desk>,
    spool: Arc<Mutex<Spool>>,
    shared: Arc<Shared>,
    bell: Arc<Bell>,
    config: CaptureConfig,
    readers: Readers,
    at: Position,
    ears: BTreeMap<StreamId, Ear>,
    /// Frames of older conversations that are still in the log, by stream.
    cut: BTreeMap<StreamId, u32>,
    /// Marks of streams of which no frame has come.
    early: Vec<Mark>,
    monitor: Monitor,
    lost_ms: u64,
    released_ms: u64,
    /// Since when the badge has been heard live, on the phone's clock.
    live_since_ms: Option<u64>,
}

impl Listener {
    pub(super) fn new(
        desk: Arc<Desk>,
        spool: Arc<Mutex<Spool>>,
        shared: Arc<Shared>,
        bell: Arc<Bell>,
        config: CaptureConfig,
        readers: Readers,
    ) -> Self {
        Self {
            desk,
            spool,
            shared,
            bell,
            config,
            readers,
            at: Position::default(),
            ears: BTreeMap::new(),
            cut: BTreeMap::new(),
            early: Vec::new(),
            monitor: Monitor::default(),
            lost_ms: 0,
            released_ms: 0,
            live_since_ms: None,
        }
    }

    pub(super) fn run(mut self) {
        self.readers.resume(&self.desk);
        while !self.shared.is_stopped() {
            self.bell.wait(self.shared.clock.real(LOOK_MS));
            if let Err(error) = self.look() {
                tracing::warn!(%error, "the audio log cannot be heard; trying again");
            }
        }
    }

    fn look(&mut self) -> Result<(), StoreError> {
        self.read_log()?;
        let now_ms = self.shared.clock.mono_ms();
        let mut talks = Vec::new();
        for ear in self.ears.values_mut() {
            talks.append(&mut ear.advance(now_ms));
        }
        talks.append(&mut self.quiet_streams(now_ms));
        for talk in &talks {
            self.keep(talk)?;
        }
        self.tell();
        if now_ms.saturating_sub(self.released_ms) >= RELEASE_MS {
            self.released_ms = now_ms;
            self.release()?;
        }
        Ok(())
    }

    fn read_log(&mut self) -> Result<(), StoreError> {
        let mut reader = self.lock().reader(self.at);
        let now_ms = self.shared.clock.mono_ms();
        loop {
            let position = reader.position();
            let Some(record) = reader.next()? else { break };
            match record {
                Record::Frame(frame) => self.on_frame(&frame, position, now_ms)?,
                Record::Mark(mark) => match self.ears.get_mut(&mark.stream) {
                    Some(ear) => ear.mark(&mark),
                    None if self.early.len() < EARLY => self.early.push(mark),
                    None => tracing::warn!("too many marks of streams without audio"),
                },
                Record::Dropped { stream, range } => {
                    if let Some(ear) = self.ears.get_mut(&stream) {
                        ear.gone(range.end);
                    }
                }
                _ => {}
            }
        }
        self.at = reader.position();
        Ok(())
    }

    fn on_frame(
        &mut self,
        frame: &AudioFrame<'_>,
        position: Position,
        now_ms: u64,
    ) -> Result<(), StoreError> {
        let pair = self.shared.facts().identity.as_ref().and_then(|badge| badge.microphones);
        self.monitor.frame(frame, pair);
        let cut = match self.cut.get(&frame.stream) {
            Some(cut) => *cut,
            None => {
                let cut = self.desk.store.cut_until(frame.stream)?;
                self.cut.insert(frame.stream, cut);
                cut
            }
        };
        if frame.seq < cut {
            return Ok(());
        }
        if !self.ears.contains_key(&frame.stream) {
            self.make_room(now_ms)?;
            let merge = MergePolicy { stores: self.stores(), ..MergePolicy::default() };
            let spool = Arc::clone(&self.spool);
            let ear = Ear::new(frame.stream, frame.codec, pair, merge, &self.config.cut, spool);
            self.ears.extend(ear.map(|ear| (frame.stream, ear)));
            self.catch_up(frame.stream);
        }
        if let Some(ear) = self.ears.get_mut(&frame.stream) {
            ear.frame(frame, position, now_ms);
        }
        Ok(())
    }

    /// Tells a new ear what the log said of its stream before its first frame.
    fn catch_up(&mut self, stream: StreamId) {
        let dropped = self.lock().stream(stream).and_then(|s| Some(s.dropped.ranges().last()?.end));
        let Some(ear) = self.ears.get_mut(&stream) else { return };
        ear.gone(dropped.unwrap_or(0));
        self.early.retain(|mark| {
            let ours = mark.stream == stream;
            if ours {
                ear.mark(mark);
            }
            !ours
        });
    }

    fn stores(&self) -> bool {
        self.shared.facts().identity.as_ref().is_none_or(|badge| badge.stores)
    }

    /// The stream that was quiet longest ends when there are too many.
    fn make_room(&mut self, now_ms: u64) -> Result<(), StoreError> {
        if self.ears.len() < EARS {
            return Ok(());
        }
        let quiet = self.ears.iter().min_by_key(|(_, ear)| ear.heard_ms).map(|(id, _)| *id);
        if let Some(mut ear) = quiet.and_then(|id| self.ears.remove(&id)) {
            for talk in ear.end(now_ms) {
                self.keep(&talk)?;
            }
            self.lost_ms += ear.lost_ms();
        }
        Ok(())
    }

    /// Streams from which nothing came for long end their conversation.
    fn quiet_streams(&mut self, now_ms: u64) -> Vec<Talk> {
        let link_up = matches!(self.shared.facts().link, LinkState::Streaming);
        let patience = if link_up || !self.stores() { QUIET_MS } else { AWAY_MS };
        self.live_since_ms = link_up.then(|| self.live_since_ms.unwrap_or(now_ms));
        // A badge that was away has not been quiet: what it stored comes now.
        let live_since_ms = self.live_since_ms.unwrap_or(0);
        let quiet = |ear: &&mut Ear| {
            now_ms.saturating_sub(ear.heard_ms.max(live_since_ms)) >= patience
                && ear.in_conversation()
                && (link_up || !ear.is_waiting())
        };
        self.ears.values_mut().filter(quiet).flat_map(|ear| ear.end(now_ms)).collect()
    }

    /// Puts a conversation into its own file and the database, and has it read.
    fn keep(&mut self, talk: &Talk) -> Result<(), StoreError> {
        let id = recording_id(talk);
        let spool = self.lock();
        let (until, preface) = (spool.durable(), spool.preface(talk.stream));
        let started_at_ms = spool.stream(talk.stream).and_then(|s| {
            let pair = |a: confee_store::ClockAnchor| ClockPair {
                badge_ms: a.badge_ms,
                unix_ms: a.unix_ms,
            };
            let (first, last) = (pair(s.first_anchor?), pair(s.last_anchor?));
            Some(wall_clock(first, last, talk.captured_ms))
        });
        let mut reader = spool.reader(talk.from);
        drop(spool);
        let within = Within::Seqs(talk.first_seq..talk.end_seq);
        let parts = [TalkPart { stream: talk.stream, within }];
        self.desk.talks.seal(&id, &mut reader, until, &parts, &preface)?;
        let recording = Recording {
            id,
            stream: talk.stream,
            first_seq: talk.first_seq,
            end_seq: talk.end_seq,
            started_at_ms,
            duration_ms: talk.duration_ms,
            marked: talk.marked,
            audio: talk.audio.clone(),
            state: RecordingState::Waiting,
        };
        self.desk.store.save_recording(&recording)?;
        tracing::info!(id = recording.id, ms = recording.duration_ms, "conversation kept");
        let summary = RecordingSummary::from(&recording);
        self.desk.bus.send(EngineEvent::Recorded { recording: summary });
        self.readers.read(recording);
        Ok(())
    }

    /// Deletes what no conversation needs: before a conversation begins, seconds are kept.
    fn release(&mut self) -> Result<(), StoreError> {
        let needed = self.ears.values_mut().filter_map(Ear::keep_from).min();
        let before = needed.unwrap_or(self.at).min(self.at);
        self.lock().release(before).map(drop)
    }

    fn tell(&mut self) {
        let lost_ms = self.lost_ms + self.ears.values().map(Ear::lost_ms).sum::<u64>();
        let in_conversation = self.ears.values().any(Ear::in_conversation);
        let read = self.monitor.read();
        let mut facts = self.shared.facts();
        let warning = read.as_ref().and_then(|(_, warning)| *warning);
        let changed = facts.in_conversation != in_conversation || facts.warning != warning;
        facts.lost_ms = lost_ms;
        facts.in_conversation = in_conversation;
        facts.warning = warning;
        if let Some((quality, _)) = read {
            facts.quality = Some(quality);
        }
        drop(facts);
        if changed {
            self.shared.tell();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Spool> {
        self.spool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same cut always has the same id, also after a crash in the middle of it: an UUID (version
/// 8) from the stream and the first frame.
fn recording_id(talk: &Talk) -> String {
    let bytes = (u128::from(talk.stream.0) << 64) | u128::from(talk.first_seq);
    Builder::from_custom_bytes(bytes.to_be_bytes()).into_uuid().to_string()
}
