use std::collections::VecDeque;

use confee_domain::{BadgeIdentity, BadgeProblem, Codec, DialectName, LinkState, MarkKind};
use uuid::Uuid;

#[cfg(test)]
use super::drain::StorageTrouble;
use super::drain::{Drain, LiveMark, Runs, Signs, Wanted};
use super::flow::{Carried, Flow, When};
use super::identity::badge_id;
use super::{
    Button, Features, battery_percent, charging, clean_text, codec, diagnostics, encode_time, uuids,
};
use crate::event::BadgeEvent;
use crate::link::LinkFault;
use crate::session::{Cx, Priority, Session};

/// Live packets that wait for codec and identity: 20 s, 10 s of short frames.
const EARLY: usize = 1024;
/// Longest of them.
const EARLY_BYTES: usize = 517;
/// Times that the codec is read.
const CODEC_TRIES: u8 = 3;

mod tag {
    pub(super) const STORAGE_NOTIFY: u16 = 1;
    pub(super) const BUTTON_NOTIFY: u16 = 2;
    pub(super) const BATTERY_NOTIFY: u16 = 3;
    pub(super) const CHARGING_NOTIFY: u16 = 4;
    pub(super) const AUDIO: u16 = 5;
    pub(super) const TIME: u16 = 6;
    pub(super) const CODEC: u16 = 7;
    pub(super) const SERIAL: u16 = 8;
    pub(super) const MODEL: u16 = 9;
    pub(super) const FIRMWARE: u16 = 10;
    pub(super) const FEATURES: u16 = 11;
    pub(super) const STATUS: u16 = 12;
    pub(super) const BATTERY: u16 = 13;
    pub(super) const CHARGING: u16 = 14;
    pub(super) const DIAGNOSTICS: u16 = 15;
    pub(super) const COMMAND: u16 = 16;
}

/// What the next connection has to know of this one: where the numbering of frames stood, and
/// which stored frames are known. Made by [`OmiSession::memory`].
#[derive(Debug, Clone, Default)]
pub(crate) struct OmiMemory {
    carried: Option<Carried>,
    badge_id: Option<u64>,
    mark: Option<LiveMark>,
    runs: Runs,
}

/// One connection to an Omi device.
#[derive(Debug)]
pub(crate) struct OmiSession {
    peripheral: String,
    characteristics: Vec<Uuid>,
    memory: OmiMemory,
    subscribed: bool,
    failure: Option<BadgeProblem>,
    codec: Option<Codec>,
    codec_tries: u8,
    /// Reads that identity and streams wait for.
    unread: Vec<u16>,
    serial: Option<String>,
    model: Option<String>,
    signs: Signs,
    early: VecDeque<(When, Vec<u8>)>,
    flow: Option<Flow>,
    drain: Drain,
    presses: VecDeque<MarkKind>,
    battery: (Option<u8>, Option<bool>),
}

impl OmiSession {
    /// For a link whose services are known. `peripheral` is the system's name for it, which names
    /// the badge where it has no serial number; `checkpoint` is ring and position of the last
    /// [`BadgeEvent::Custody`].
    pub(crate) fn new(
        peripheral: &str,
        characteristics: &[Uuid],
        checkpoint: Option<(u64, u64)>,
    ) -> Self {
        Self {
            peripheral: peripheral.to_owned(),
            characteristics: characteristics.to_vec(),
            memory: OmiMemory::default(),
            subscribed: false,
            failure: None,
            codec: None,
            codec_tries: 0,
            unread: Vec::new(),
            serial: None,
            model: None,
            signs: Signs::default(),
            early: VecDeque::new(),
            flow: None,
            drain: Drain::new(checkpoint),
            presses: VecDeque::new(),
            battery: (None, None),
        }
    }

    /// Goes on with the numbering of the connection before.
    #[must_use]
    pub(crate) fn with_memory(mut self, memory: OmiMemory) -> Self {
        self.memory = memory;
        self
    }

    /// Whether bulk transfer may begin at once.
    #[must_use]
    pub(crate) fn with_drain(mut self, allowed: bool) -> Self {
        self.drain.begin_allowed(allowed);
        self
    }

    /// For the next connection.
    pub(crate) fn memory(&self) -> OmiMemory {
        let Some(flow) = &self.flow else { return self.memory.clone() };
        OmiMemory {
            carried: flow.carried(),
            badge_id: Some(flow.badge_id()),
            mark: self.drain.mark(),
            runs: self.drain.runs.clone(),
        }
    }

    /// Why stored audio is not fetched; unset where it is, or where that is not known yet.
    #[cfg(test)]
    pub(crate) fn storage_trouble(&self) -> Option<StorageTrouble> {
        self.drain.trouble()
    }

    /// Things held in memory.
    #[cfg(test)]
    pub(super) fn footprint(&self) -> usize {
        let early: usize = self.early.iter().map(|(_, bytes)| bytes.len()).sum();
        early + self.presses.len() + self.drain.footprint()
    }

    fn has(&self, characteristic: Uuid) -> bool {
        self.characteristics.contains(&characteristic)
    }

    fn on_codec(&mut self, result: Result<&[u8], LinkFault>, cx: &mut Cx<'_>) {
        match result {
            Ok(&[id]) => match codec(id) {
                Ok(codec) => self.codec = Some(codec),
                Err(error) => {
                    tracing::warn!(%error, "live audio cannot be taken");
                    self.failure = Some(BadgeProblem::UnknownCodec);
                }
            },
            Ok(_) => self.failure = Some(BadgeProblem::UnknownCodec),
            Err(fault) if is_secured(fault) => self.failure = Some(fault.problem()),
            Err(_) if self.codec_tries + 1 < CODEC_TRIES => {
                self.codec_tries += 1;
                self.unread.push(tag::CODEC);
                cx.ops.read(tag::CODEC, uuids::AUDIO_CODEC);
            }
            Err(LinkFault::Missing) => self.failure = Some(BadgeProblem::UnknownProtocol),
            Err(_) => self.failure = Some(BadgeProblem::NoAnswer),
        }
    }

    /// One of the reads that all else waits for has ended.
    fn on_read(&mut self, tag: u16, result: Result<&[u8], LinkFault>, cx: &mut Cx<'_>) {
        let Some(at) = self.unread.iter().position(|t| *t == tag) else {
            cx.counters.stray += 1;
            return;
        };
        self.unread.remove(at);
        match (tag, result) {
            (tag::CODEC, result) => self.on_codec(result, cx),
            (tag::SERIAL, Ok(text)) => self.serial = clean_text(text),
            (tag::MODEL, Ok(text)) => self.model = clean_text(text),
            (tag::FIRMWARE, Ok(text)) => self.signs.firmware = clean_text(text),
            (tag::FEATURES, Ok(bytes)) => self.signs.features = Features::parse(bytes).ok(),
            (tag::STATUS, Ok(bytes)) => {
                self.signs.status = Some(bytes.iter().copied().take(EARLY_BYTES).collect());
            }
            _ => {}
        }
        self.introduce(cx);
    }

    /// Once everything is read that identity and audio depend on.
    fn introduce(&mut self, cx: &mut Cx<'_>) {
        let Some(codec) = self.codec.filter(|_| self.unread.is_empty() && self.flow.is_none())
        else {
            return;
        };
        let id = badge_id(self.serial.as_deref(), &self.peripheral);
        let stores = self.signs.features.map_or(self.has(uuids::STORAGE_DATA), |f| {
            f.has(Features::STORAGE) && self.has(uuids::STORAGE_DATA)
        });
        cx.events.push_back(BadgeEvent::Identity(BadgeIdentity {
            badge_id: id,
            dialect: DialectName::Omi,
            model: self.model.take(),
            firmware: self.signs.firmware.clone(),
            serial: self.serial.take(),
            microphones: None,
            light_proves_recording: None,
            stores,
        }));
        let memory = std::mem::take(&mut self.memory);
        if memory.badge_id == Some(id) {
            self.drain.resume(memory.mark, memory.runs);
        }
        let mut flow = Flow::new(id, codec, memory.carried);
        for (when, bytes) in self.early.drain(..) {
            flow.on_packet(&bytes, when, cx);
        }
        for kind in self.presses.drain(..) {
            flow.mark(kind, cx);
        }
        self.flow = Some(flow);
        self.drain.start(std::mem::take(&mut self.signs));
        self.turn(cx);
    }

    fn on_audio(&mut self, value: &[u8], cx: &mut Cx<'_>) {
        let when = When::now(cx);
        match &mut self.flow {
            Some(flow) => flow.on_packet(value, when, cx),
            None if self.early.len() < EARLY && value.len() <= EARLY_BYTES => {
                self.early.push_back((when, value.to_vec()));
            }
            None => cx.counters.refused += 1,
        }
    }

    fn on_button(&mut self, value: &[u8], cx: &mut Cx<'_>) {
        let kind = match Button::parse(value) {
            Ok(Some(Button::Single)) => MarkKind::Lead,
            Ok(Some(Button::Double)) => MarkKind::Start,
            Ok(Some(Button::Long)) => MarkKind::Stop,
            Ok(_) => return,
            Err(_) => {
                cx.counters.malformed += 1;
                return;
            }
        };
        match &mut self.flow {
            Some(flow) => flow.mark(kind, cx),
            None if self.presses.len() < EARLY => self.presses.push_back(kind),
            None => cx.counters.refused += 1,
        }
    }

    fn on_battery(&mut self, percent: Option<u8>, charging: Option<bool>, cx: &mut Cx<'_>) {
        let now = (percent.or(self.battery.0), charging.or(self.battery.1));
        if now != self.battery
            && let Some(percent) = now.0
        {
            cx.events.push_back(BadgeEvent::Battery { percent, charging: now.1 });
        }
        self.battery = now;
    }

    fn on_small_value(&mut self, characteristic: Uuid, value: &[u8], cx: &mut Cx<'_>) {
        let read = match characteristic {
            uuids::BATTERY => battery_percent(value).map(|p| (Some(p), None)),
            _ => charging(value).map(|c| (None, Some(c))),
        };
        match read {
            Ok((percent, charging)) => self.on_battery(percent, charging, cx),
            Err(_) => cx.counters.malformed += 1,
        }
    }

    /// Sends the next command to the store.
    fn turn(&mut self, cx: &mut Cx<'_>) {
        if let Some(flow) = &self.flow {
            let wanted = self.drain.turn(flow, cx);
            write(wanted, cx);
        }
    }

    fn on_subscribed(&mut self, tag: u16, result: Result<&[u8], LinkFault>) {
        match (tag, result) {
            (tag::AUDIO, Ok(_)) => self.subscribed = true,
            (tag::STORAGE_NOTIFY, Ok(_)) => self.signs.reachable = true,
            (tag::AUDIO, Err(LinkFault::Missing)) => {
                self.failure = Some(BadgeProblem::UnknownProtocol);
            }
            (tag::AUDIO, Err(fault)) => self.failure = Some(fault.problem()),
            (_, Err(fault)) if is_secured(fault) => self.failure = Some(fault.problem()),
            _ => {}
        }
    }
}

fn write(wanted: Wanted, cx: &mut Cx<'_>) {
    if let Some((command, urgent)) = wanted {
        let priority = match command {
            _ if urgent => Priority::Urgent,
            super::Command::Read { .. } => Priority::Bulk,
            super::Command::Advance { .. } | super::Command::AdvanceId { .. } => Priority::Ack,
            _ => Priority::Control,
        };
        cx.ops.write(priority, tag::COMMAND, uuids::STORAGE_DATA, &command.encode());
    }
}

/// The link is not what the badge wants: nothing else will work either.
fn is_secured(fault: LinkFault) -> bool {
    matches!(fault, LinkFault::NotSecure | LinkFault::PairingLost | LinkFault::BondedElsewhere)
}

impl Session for OmiSession {
    fn memory(&self) -> Option<OmiMemory> {
        Some(Self::memory(self))
    }

    fn begin(&mut self, cx: &mut Cx<'_>) {
        if !self.has(uuids::AUDIO_DATA) || !self.has(uuids::AUDIO_CODEC) {
            self.failure = Some(BadgeProblem::UnknownProtocol);
            return;
        }
        let notify = [
            (tag::STORAGE_NOTIFY, uuids::STORAGE_DATA),
            (tag::BUTTON_NOTIFY, uuids::BUTTON),
            (tag::BATTERY_NOTIFY, uuids::BATTERY),
            (tag::CHARGING_NOTIFY, uuids::CHARGING),
            (tag::AUDIO, uuids::AUDIO_DATA),
        ];
        for (tag, what) in notify.into_iter().filter(|(_, what)| self.has(*what)) {
            cx.ops.subscribe(tag, what);
        }
        if self.has(uuids::TIME_WRITE) {
            let time = encode_time(cx.unix_ms);
            cx.ops.write(Priority::Control, tag::TIME, uuids::TIME_WRITE, &time);
        }
        let needed = [
            (tag::CODEC, uuids::AUDIO_CODEC),
            (tag::SERIAL, uuids::SERIAL),
            (tag::MODEL, uuids::MODEL),
            (tag::FIRMWARE, uuids::FIRMWARE),
            (tag::FEATURES, uuids::FEATURES),
            (tag::STATUS, uuids::STORAGE_STATUS),
        ];
        for (tag, what) in needed {
            if self.has(what) {
                self.unread.push(tag);
                cx.ops.read(tag, what);
            }
        }
        let more = [
            (tag::BATTERY, uuids::BATTERY),
            (tag::CHARGING, uuids::CHARGING),
            (tag::DIAGNOSTICS, uuids::DIAGNOSTICS),
        ];
        for (tag, what) in more.into_iter().filter(|(_, what)| self.has(*what)) {
            cx.ops.read(tag, what);
        }
    }

    fn on_done(&mut self, tag: u16, result: Result<&[u8], LinkFault>, cx: &mut Cx<'_>) {
        match (tag, result) {
            (tag::STORAGE_NOTIFY..=tag::AUDIO, result) => self.on_subscribed(tag, result),
            (tag::CODEC..=tag::STATUS, result) => self.on_read(tag, result, cx),
            (tag::BATTERY, Ok(value)) => self.on_small_value(uuids::BATTERY, value, cx),
            (tag::CHARGING, Ok(value)) => self.on_small_value(uuids::CHARGING, value, cx),
            (tag::DIAGNOSTICS, Ok(value)) => match diagnostics(value) {
                Ok(counts) => cx.events.push_back(BadgeEvent::Diagnostics(counts)),
                Err(_) => cx.counters.malformed += 1,
            },
            (tag::COMMAND, Ok(_)) => self.drain.on_written(cx),
            (tag::COMMAND, Err(_)) => self.drain.on_write_failed(cx),
            // Nice to have; the clock is set again at the next connect.
            _ => {}
        }
        self.turn(cx);
    }

    fn on_notified(&mut self, characteristic: Uuid, value: &[u8], cx: &mut Cx<'_>) {
        match characteristic {
            uuids::AUDIO_DATA => return self.on_audio(value, cx),
            uuids::BUTTON => self.on_button(value, cx),
            uuids::BATTERY | uuids::CHARGING => self.on_small_value(characteristic, value, cx),
            uuids::STORAGE_DATA => match &self.flow {
                Some(flow) => self.drain.on_notice(value, flow, cx),
                None => cx.counters.stray += 1,
            },
            _ => cx.counters.stray += 1,
        }
        self.turn(cx);
    }

    fn on_durable(&mut self, records: u64, cx: &mut Cx<'_>) {
        self.drain.on_durable(records);
        self.turn(cx);
    }

    fn on_tick(&mut self, cx: &mut Cx<'_>) {
        if let Some(flow) = &mut self.flow {
            flow.on_tick(cx);
        }
        self.turn(cx);
    }

    /// Released firmware cannot be muted by the phone and does not say whether it is.
    fn mute(&mut self, _on: bool, _cx: &mut Cx<'_>) {}

    fn allow_drain(&mut self, on: bool, cx: &mut Cx<'_>) {
        let wanted = self.drain.allow(on, cx);
        write(wanted, cx);
        self.turn(cx);
    }

    fn state(&self) -> LinkState {
        match &self.flow {
            _ if !self.subscribed => LinkState::Subscribing,
            None => LinkState::Negotiating,
            Some(_) if self.drain.is_draining() => LinkState::Draining,
            Some(_) => LinkState::Streaming,
        }
    }

    fn failure(&self) -> Option<BadgeProblem> {
        self.failure
    }

    fn expects_audio(&self) -> bool {
        self.subscribed && self.flow.is_some()
    }
}
