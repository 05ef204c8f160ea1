//! One connection in the Confee badge protocol, `docs/badge-protocol.md` section 8.

use confee_domain::{
    AudioFrame, BadgeIdentity, BadgeProblem, Codec, DialectName, LinkState, Mark, MarkKind,
    Microphones, StreamId,
};
use uuid::Uuid;

use super::drain::Drain;
use super::requests::{Answered, Requests, Turn};
use super::{
    AUDIO, Assembler, CAPABILITY, CONTROL, Capability, ClockData, DiagnosticsData, EVENT, Event,
    Flags, HelloData, MAJOR, MINOR, Message, Request, STORAGE, Status, WireError, stream_id,
};
use crate::client::Checkpoint;
use crate::event::BadgeEvent;
use crate::gatt::{BATTERY_LEVEL, FIRMWARE, MODEL, SERIAL};
use crate::link::LinkFault;
use crate::session::{Cx, Session, Taken};
use crate::text::clean;

/// The phone's and the badge's clocks are compared so often.
const CLOCK_MS: u64 = 5 * 60_000;

/// A badge that sends nothing but unknown frames is of no use; a single one may be a mistake.
const STRANGE: u8 = 25;

/// An open frame is given up when no fragment came for so long.
const IDLE_MS: u64 = 1_000;

/// What an operation was for.
mod tag {
    pub(super) const CAPABILITY: u16 = 1;
    pub(super) const MODEL: u16 = 2;
    pub(super) const SERIAL: u16 = 3;
    pub(super) const FIRMWARE: u16 = 4;
    pub(super) const BATTERY: u16 = 5;
    pub(super) const EVENT: u16 = 6;
    pub(super) const STORAGE: u16 = 7;
    pub(super) const AUDIO: u16 = 8;
    pub(super) const BATTERY_NOTIFY: u16 = 9;
    pub(super) const REQUEST: u16 = 10;
}

/// The numbering that live frames have now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Live {
    pub(super) stream: StreamId,
    pub(super) codec: Codec,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Negotiating,
    Securing,
    Subscribing,
    Greeting,
    Running,
}

/// The dialect on one connection.
pub(crate) struct ConfeeSession {
    characteristics: Vec<Uuid>,
    checkpoint: Option<Checkpoint>,
    phase: Phase,
    failure: Option<BadgeProblem>,
    capability: Option<Capability>,
    texts: [Option<String>; 3],
    requests: Requests,
    assembler: Assembler,
    live: Option<Live>,
    flags: Option<Flags>,
    muted: Option<bool>,
    drain: Option<Drain>,
    may_drain: bool,
    clock_due_ms: u64,
    /// When the last notification with audio came.
    heard_ms: u64,
    given_up: u64,
    /// Live frames of an unknown codec since the last good one.
    strange: u8,
}

impl ConfeeSession {
    /// A connection whose characteristics are known.
    pub(crate) fn new(
        characteristics: &[Uuid],
        checkpoint: Option<Checkpoint>,
        may_drain: bool,
    ) -> Self {
        Self {
            characteristics: characteristics.to_vec(),
            checkpoint,
            phase: Phase::Negotiating,
            failure: None,
            capability: None,
            texts: [None, None, None],
            requests: Requests::default(),
            assembler: Assembler::new(),
            live: None,
            flags: None,
            muted: None,
            drain: None,
            may_drain,
            clock_due_ms: 0,
            heard_ms: 0,
            given_up: 0,
            strange: 0,
        }
    }

    fn has(&self, characteristic: Uuid) -> bool {
        self.characteristics.contains(&characteristic)
    }

    fn on_capability(&mut self, value: &[u8]) {
        match Capability::parse(value) {
            Ok(capability) => {
                if capability.features.ring() && self.has(STORAGE) {
                    let (id, from) = (capability.badge_id, self.checkpoint);
                    self.drain = Some(Drain::new(id, from, self.may_drain));
                }
                self.capability = Some(capability);
            }
            Err(WireError::NoCodec | WireError::Codec(_)) => {
                self.failure = Some(BadgeProblem::UnknownCodec);
            }
            Err(error) => {
                tracing::warn!(%error, "a badge's capability cannot be read");
                self.failure = Some(BadgeProblem::UnknownProtocol);
            }
        }
    }

    /// Everything that can be read without a bond is here.
    fn introduce(&mut self, cx: &mut Cx<'_>) {
        let Some(capability) = &self.capability else { return };
        let [model, serial, firmware] = std::mem::take(&mut self.texts);
        cx.events.push_back(BadgeEvent::Identity(BadgeIdentity {
            badge_id: capability.badge_id,
            dialect: DialectName::Confee,
            model,
            firmware,
            serial,
            microphones: microphones(capability),
            light_proves_recording: Some(capability.features.light()),
            stores: self.drain.is_some(),
        }));
        self.phase = Phase::Securing;
        cx.ops.subscribe(tag::EVENT, EVENT);
        if self.drain.is_some() {
            cx.ops.subscribe(tag::STORAGE, STORAGE);
        }
        cx.ops.subscribe(tag::AUDIO, AUDIO);
        if self.has(BATTERY_LEVEL) {
            cx.ops.subscribe(tag::BATTERY_NOTIFY, BATTERY_LEVEL);
            cx.ops.read(tag::BATTERY, BATTERY_LEVEL);
        }
    }

    /// Ready only once the badge confirmed that it will notify.
    fn on_audio_subscribed(&mut self, cx: &mut Cx<'_>) {
        self.phase = Phase::Greeting;
        self.requests.push(Request::Hello { major: MAJOR, minor: MINOR });
        self.clock(cx);
        let codec = self.capability.as_ref().and_then(|c| c.codecs.first().copied());
        if let Some(codec) = codec {
            self.requests.push(Request::Stream { on: true, codec });
        }
        if self.capability.as_ref().is_some_and(|c| c.features.diagnostics()) {
            self.requests.push(Request::Diagnostics);
        }
        if self.drain.is_some() {
            self.requests.push(Request::RingId);
        }
    }

    fn clock(&mut self, cx: &Cx<'_>) {
        self.clock_due_ms = cx.now_ms + CLOCK_MS;
        let unix_ms = u64::try_from(cx.unix_ms).unwrap_or(0);
        self.requests.push(Request::Clock { unix_ms });
    }

    fn on_event_value(&mut self, value: &[u8], cx: &mut Cx<'_>) {
        match Message::parse(value) {
            Ok(Message::Answer { op, request, status, data }) => {
                match self.requests.answered(op, request) {
                    Some((asked, since_ms)) => {
                        let answer = Answered { asked: &asked, id: request, status, data };
                        self.on_answer(&answer, since_ms, cx);
                    }
                    None => cx.counters.stray += 1,
                }
            }
            Ok(Message::Event(event)) => self.on_event(&event, cx),
            Err(_) => cx.counters.malformed += 1,
        }
    }

    fn on_answer(&mut self, answer: &Answered<'_>, since_ms: u64, cx: &mut Cx<'_>) {
        let data = answer.data;
        match (answer.asked, answer.status) {
            (Request::Hello { .. } | Request::Stream { .. }, Status::NotAllowed) => {
                self.failure = Some(BadgeProblem::PairingLost);
            }
            (Request::Hello { .. }, Status::Done) => match HelloData::parse(data) {
                Ok(hello) => self.on_hello(&hello, cx),
                Err(_) => self.failure = Some(BadgeProblem::UnknownProtocol),
            },
            (Request::Hello { .. }, _) => self.failure = Some(BadgeProblem::UnknownProtocol),
            (Request::Stream { .. }, Status::Done) => {
                self.phase = Phase::Running;
                self.on_flags(Flags(data.first().copied().unwrap_or(0)), cx);
            }
            (Request::Stream { .. }, _) => self.failure = Some(BadgeProblem::UnknownCodec),
            (Request::Mute { .. }, Status::Done) => {
                self.on_flags(Flags(data.first().copied().unwrap_or(0)), cx);
            }
            (Request::Clock { .. }, Status::Done) => self.on_clock(data, since_ms, cx),
            (Request::Diagnostics, Status::Done) => {
                if let Ok(DiagnosticsData(counts)) = DiagnosticsData::parse(data) {
                    cx.events.push_back(BadgeEvent::Diagnostics(counts));
                }
            }
            _ => {
                if let Some(drain) = &mut self.drain {
                    let live = self.live;
                    drain.on_answer(answer, live, &mut self.requests, cx);
                }
            }
        }
    }

    fn on_hello(&mut self, hello: &HelloData, cx: &mut Cx<'_>) {
        match hello.codec {
            Some(Ok(codec)) if hello.session != 0 => self.on_session(hello.session, codec, cx),
            Some(Err(_)) => self.failure = Some(BadgeProblem::UnknownCodec),
            _ => {}
        }
        self.on_flags(hello.flags, cx);
    }

    fn on_session(&mut self, session: u32, codec: Codec, cx: &mut Cx<'_>) {
        let Some(capability) = &self.capability else { return };
        let stream = stream_id(capability.badge_id, session);
        if self.live.is_none_or(|l| l.stream != stream || l.codec != codec) {
            self.live = Some(Live { stream, codec });
            cx.events.push_back(BadgeEvent::Stream { stream, codec });
        }
    }

    /// The badge's time lies between the question and the answer: the middle is taken.
    fn on_clock(&mut self, data: &[u8], since_ms: u64, cx: &mut Cx<'_>) {
        let Ok(clock) = ClockData::parse(data) else {
            cx.counters.malformed += 1;
            return;
        };
        let (Some(capability), 1..) = (&self.capability, clock.session) else { return };
        let half = i64::try_from(cx.now_ms.saturating_sub(since_ms) / 2).unwrap_or(0);
        let stream = stream_id(capability.badge_id, clock.session);
        cx.custodian.anchor(stream, clock.badge_ms, cx.unix_ms - half);
    }

    fn on_event(&mut self, event: &Event, cx: &mut Cx<'_>) {
        match *event {
            Event::Button { press, session, seq, captured_ms, .. } => {
                self.mark(session, seq, captured_ms, press.mark(), cx);
            }
            Event::Mute { on, session, seq, captured_ms } => {
                let kind = if on { MarkKind::Muted } else { MarkKind::Unmuted };
                self.mark(session, seq, captured_ms, kind, cx);
                self.on_muted(on, cx);
            }
            Event::Session { session, codec } => match codec {
                Ok(codec) => self.on_session(session, codec, cx),
                Err(_) => self.failure = Some(BadgeProblem::UnknownCodec),
            },
            Event::Battery { percent, charging, .. } => {
                let (percent, charging) = (percent.min(100), Some(charging));
                cx.events.push_back(BadgeEvent::Battery { percent, charging });
            }
            Event::Ring { next, .. } => {
                if let Some(drain) = &mut self.drain {
                    drain.on_level(Some(next), None, cx);
                }
            }
            Event::State { flags } => self.on_flags(flags, cx),
        }
    }

    fn mark(&self, session: u32, seq: u32, captured_ms: u32, kind: MarkKind, cx: &mut Cx<'_>) {
        let Some(capability) = &self.capability else { return };
        let stream = stream_id(capability.badge_id, session);
        cx.custodian.mark(Mark { stream, seq, captured_ms, kind });
    }

    fn on_flags(&mut self, flags: Flags, cx: &mut Cx<'_>) {
        self.flags = Some(flags);
        self.on_muted(flags.muted(), cx);
        if let Some(drain) = &mut self.drain {
            drain.on_level(None, Some(flags.nearly_full()), cx);
        }
    }

    fn on_muted(&mut self, muted: bool, cx: &mut Cx<'_>) {
        if self.muted != Some(muted) {
            self.muted = Some(muted);
            cx.events.push_back(BadgeEvent::Muted(muted));
        }
    }

    fn on_audio(&mut self, value: &[u8], cx: &mut Cx<'_>) {
        let Some(badge_id) = self.capability.as_ref().map(|c| c.badge_id) else { return };
        self.heard_ms = cx.now_ms;
        let whole = match self.assembler.push(value) {
            Ok(whole) => whole,
            Err(error) => {
                self.strange += u8::from(matches!(error, WireError::Codec(_)));
                if self.strange >= STRANGE {
                    self.failure = Some(BadgeProblem::UnknownCodec);
                }
                cx.counters.malformed += 1;
                return;
            }
        };
        if let Some(frame) = whole {
            self.strange = 0;
            let stream = stream_id(badge_id, frame.session);
            let frame = AudioFrame {
                stream,
                seq: frame.seq,
                captured_ms: frame.captured_ms,
                codec: frame.codec,
                payload: frame.payload,
            };
            let taken = cx.custodian.frame(&frame);
            cx.counters.live += 1;
            cx.counters.frames += u64::from(taken == Taken::New);
            cx.counters.duplicates += u64::from(taken == Taken::Duplicate);
            cx.counters.refused += u64::from(taken == Taken::Refused);
        }
    }

    /// A frame whose fragments stopped coming is given up.
    fn expire_idle(&mut self, cx: &mut Cx<'_>) {
        if cx.now_ms.saturating_sub(self.heard_ms) >= IDLE_MS {
            self.assembler.expire();
        }
        let given_up = self.assembler.incomplete();
        cx.counters.incomplete += given_up - self.given_up;
        self.given_up = given_up;
    }

    /// Starts the next request when none is open.
    fn turn(&mut self, cx: &mut Cx<'_>) {
        if self.phase == Phase::Running && cx.now_ms >= self.clock_due_ms {
            self.clock(cx);
        }
        if let Some(drain) = &mut self.drain
            && self.phase == Phase::Running
            && !self.requests.is_busy()
        {
            drain.turn(self.live, &mut self.requests, cx);
        }
        match self.requests.turn(cx.now_ms) {
            Turn::Nothing => {}
            Turn::Write(priority, bytes) => {
                cx.ops.write(priority, tag::REQUEST, CONTROL, &bytes);
            }
            Turn::Silent => self.failure = Some(BadgeProblem::NoAnswer),
        }
    }

    fn on_failed(&mut self, tag: u16, fault: LinkFault) {
        match (tag, fault) {
            (_, LinkFault::NotSecure | LinkFault::PairingLost | LinkFault::BondedElsewhere) => {
                self.failure = Some(fault.problem());
            }
            // Nice to have; a request is sent again when its answer is late.
            (tag::MODEL | tag::SERIAL | tag::BATTERY | tag::BATTERY_NOTIFY | tag::REQUEST, _) => {}
            _ => self.failure = Some(fault.problem()),
        }
    }
}

fn microphones(capability: &Capability) -> Option<Microphones> {
    let (distance_mm, side_by_side) =
        (capability.microphone_mm, capability.features.side_by_side());
    (distance_mm > 0).then_some(Microphones { distance_mm, side_by_side })
}

impl Session for ConfeeSession {
    fn begin(&mut self, cx: &mut Cx<'_>) {
        cx.ops.read(tag::CAPABILITY, CAPABILITY);
        for (tag, what) in [(tag::MODEL, MODEL), (tag::SERIAL, SERIAL)] {
            if self.has(what) {
                cx.ops.read(tag, what);
            }
        }
        // Last, and always: its end is the sign that all was read.
        cx.ops.read(tag::FIRMWARE, FIRMWARE);
    }

    fn on_done(&mut self, tag: u16, result: Result<&[u8], LinkFault>, cx: &mut Cx<'_>) {
        match (tag, result) {
            (tag::CAPABILITY, Ok(value)) => self.on_capability(value),
            (tag::MODEL, Ok(text)) => self.texts[0] = Some(clean(text)),
            (tag::SERIAL, Ok(text)) => self.texts[1] = Some(clean(text)),
            (tag::FIRMWARE, result) => {
                self.texts[2] = result.ok().map(clean);
                self.introduce(cx);
            }
            (tag::EVENT, Ok(_)) => self.phase = Phase::Subscribing,
            (tag::AUDIO, Ok(_)) => self.on_audio_subscribed(cx),
            (tag::BATTERY, Ok(&[percent, ..])) => {
                let percent = percent.min(100);
                cx.events.push_back(BadgeEvent::Battery { percent, charging: None });
            }
            (tag, Err(fault)) => self.on_failed(tag, fault),
            _ => {}
        }
        self.turn(cx);
    }

    fn on_notified(&mut self, characteristic: Uuid, value: &[u8], cx: &mut Cx<'_>) {
        if characteristic == AUDIO {
            return self.on_audio(value, cx);
        }
        match characteristic {
            EVENT => self.on_event_value(value, cx),
            STORAGE => {
                if let Some(drain) = &mut self.drain {
                    drain.on_packet(value, self.live, cx);
                }
            }
            BATTERY_LEVEL => {
                if let Some(&percent) = value.first() {
                    let percent = percent.min(100);
                    cx.events.push_back(BadgeEvent::Battery { percent, charging: None });
                }
            }
            _ => cx.counters.stray += 1,
        }
        self.turn(cx);
    }

    fn on_durable(&mut self, records: u64, cx: &mut Cx<'_>) {
        if let Some(drain) = &mut self.drain {
            drain.on_durable(records);
        }
        self.turn(cx);
    }

    fn on_tick(&mut self, cx: &mut Cx<'_>) {
        self.expire_idle(cx);
        self.turn(cx);
    }

    fn mute(&mut self, on: bool, cx: &mut Cx<'_>) {
        self.requests.push_urgent(Request::Mute { on });
        self.turn(cx);
    }

    fn allow_drain(&mut self, on: bool, cx: &mut Cx<'_>) {
        self.may_drain = on;
        if let Some(drain) = &mut self.drain {
            drain.allow(on, &mut self.requests);
        }
        self.turn(cx);
    }

    fn state(&self) -> LinkState {
        match self.phase {
            Phase::Negotiating | Phase::Greeting => LinkState::Negotiating,
            Phase::Securing => LinkState::Securing,
            Phase::Subscribing => LinkState::Subscribing,
            Phase::Running if self.drain.as_ref().is_some_and(Drain::is_behind) => {
                LinkState::Draining
            }
            Phase::Running => LinkState::Streaming,
        }
    }

    fn failure(&self) -> Option<BadgeProblem> {
        self.failure
    }

    fn expects_audio(&self) -> bool {
        let flags = self.flags.unwrap_or(Flags(0));
        self.muted != Some(true) && flags.capturing()
    }
}
