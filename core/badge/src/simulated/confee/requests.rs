//! Section 5 of the protocol: requests and their answers.

use super::super::ledger::Fate;
use super::super::mischief::Mischief;
use super::{ConfeeBadge, RecordName, WallClock, hostile};
use crate::confee::{
    Advanced, Cleared, ClockData, DiagnosticsData, EVENT, Event, HelloData, MAJOR, Message,
    ReadGranted, Released, Request, RingIdData, RingRangeData, STORAGE, Status, WireError,
};
use crate::event::Diagnostics;
use confee_domain::Codec;

type Answer = Result<Vec<u8>, Status>;

/// Ops from here on are about storage.
const STORAGE_OPS: std::ops::Range<u8> = 0x10..0x20;
const FRAME: u8 = 1;
const MARK: u8 = 2;
const CLOCK: u8 = 3;

impl ConfeeBadge {
    pub(super) fn on_request(&mut self, value: &[u8]) {
        let Some((op, request)) = Request::header(value) else { return };
        let known = self.link.as_ref().and_then(|l| l.answered.as_ref());
        if let Some((_, answer)) = known.filter(|(asked, _)| asked == value) {
            let answer = answer.clone();
            return self.send_answer(answer);
        }
        let result = match Request::parse(value) {
            Ok((id, request)) => self.perform(id, &request),
            Err(WireError::Kind { what: "request", .. }) => Err(Status::UnknownOp),
            Err(_) => Err(Status::BadArguments),
        };
        let (status, data) = match &result {
            Ok(data) => (Status::Done, &data[..]),
            Err(status) => (*status, &[][..]),
        };
        let answer = Message::Answer { op, request, status, data }.encode();
        if let Some(link) = &mut self.link {
            link.answered = Some((value.to_vec(), answer.clone()));
        }
        self.send_answer(answer);
        if op == (Request::Hello { major: 0, minor: 0 }).op() {
            self.tell_charge();
        }
    }

    fn perform(&mut self, id: u8, request: &Request) -> Answer {
        if STORAGE_OPS.contains(&request.op()) {
            self.admit_storage()?;
        }
        match *request {
            Request::Hello { major: MAJOR, .. } => Ok(self.hello()),
            Request::Hello { .. } => Err(Status::BadArguments),
            Request::Stream { on, codec } => self.stream(on, codec),
            Request::Clock { unix_ms } => Ok(self.set_clock(unix_ms)),
            Request::Mute { .. } if !self.config.features.mute() => Err(Status::UnknownOp),
            Request::Mute { on } => {
                self.mute(on);
                Ok(self.flags().encode())
            }
            Request::Diagnostics if !self.config.features.diagnostics() => Err(Status::UnknownOp),
            Request::Diagnostics => Ok(DiagnosticsData(self.diagnostics()).encode()),
            Request::Forget { wipe } => {
                self.forget = Some(wipe);
                Ok(Vec::new())
            }
            _ => self.perform_on_ring(id, request),
        }
    }

    fn admit_storage(&self) -> Result<(), Status> {
        if self.ring.is_none() {
            return Err(Status::UnknownOp);
        }
        let refused = self.config.refusals.iter().find(|(when, _)| when.contains(&self.now_ms));
        refused.map_or(Ok(()), |(_, status)| Err(*status))
    }

    fn perform_on_ring(&mut self, id: u8, request: &Request) -> Answer {
        let more = if self.is(Mischief::MoreThanStored) { hostile::INVENTED } else { 0 };
        let Some(ring) = &mut self.ring else { return Err(Status::UnknownOp) };
        if let Request::RingAdvance { ring: id, .. }
        | Request::RingRelease { ring: id, .. }
        | Request::RingClear { ring: id } = *request
        {
            if id != ring.id() {
                return Err(Status::WrongRing);
            }
            self.ledger.freeings += 1;
        }
        match *request {
            Request::RingId => {
                Ok(RingIdData { ring: ring.id(), overwritten: ring.overwritten() }.encode())
            }
            Request::RingRange => {
                let (oldest, next) = (ring.oldest(), ring.readable_to() + more);
                Ok(RingRangeData { oldest, next }.encode())
            }
            Request::RingAdvance { to, .. } if to > ring.readable_to() => Err(Status::OutOfRange),
            Request::RingAdvance { to, .. } => {
                let freed = ring.free_to(to);
                let oldest = ring.oldest();
                self.gone(freed, Fate::Freed);
                Ok(Advanced { oldest }.encode())
            }
            Request::RingRelease { session, seq, .. } => Ok(self.release(session, seq)),
            Request::RingClear { .. } => Ok(Cleared { ring: self.format(Fate::Freed) }.encode()),
            Request::RingRead { from, records } => self.read(id, from, records),
            Request::RingStop => {
                if let Some(link) = &mut self.link {
                    link.tx.stop_reading();
                }
                Ok(Vec::new())
            }
            _ => Err(Status::UnknownOp),
        }
    }

    /// Only frames go; a mark or a clock stands in the way until it was read.
    fn release(&mut self, session: u32, before: u32) -> Vec<u8> {
        let Some(ring) = &mut self.ring else { return Vec::new() };
        let freed = ring.free_while(|name| {
            matches!(*name, RecordName::Frame { session: s, seq } if s == session && seq < before)
        });
        let oldest = ring.oldest();
        let (session, seq, kind) = match ring.get(oldest).map(|e| e.name) {
            None => (0, 0, 0),
            Some(RecordName::Frame { session, seq }) => (session, seq, FRAME),
            Some(RecordName::Mark { session, seq }) => (session, seq, MARK),
            Some(RecordName::Clock { session }) => (session, 0, CLOCK),
        };
        self.gone(freed, Fate::Freed);
        Released { oldest, session, seq, kind }.encode()
    }

    fn read(&mut self, id: u8, from: u64, records: u16) -> Answer {
        let (Some(ring), Some(link)) = (&self.ring, &mut self.link) else {
            return Err(Status::NotReady);
        };
        if !link.subscribed.contains(&STORAGE) {
            return Err(Status::NotReady);
        }
        if !(ring.oldest()..=ring.readable_to()).contains(&from) {
            return Err(Status::OutOfRange);
        }
        let to = ring.readable_to().min(from + u64::from(records));
        let bytes: usize = (from..to).filter_map(|at| ring.get(at)).map(|e| e.bytes.len()).sum();
        link.tx.start_reading(id, from, to);
        let granted = ReadGranted { records: (to - from) as u16, bytes: bytes as u32 };
        Ok(self.spoil_grant(granted, records).encode())
    }

    fn hello(&self) -> Vec<u8> {
        let (session, next_seq, badge_ms) = self.place();
        let (codec, flags) = (Some(Ok(self.mic.codec)), self.flags());
        HelloData { session, codec, next_seq, badge_ms: self.spoiled_ms(badge_ms), flags }.encode()
    }

    fn stream(&mut self, on: bool, codec: Codec) -> Answer {
        if on && !self.config.codecs.contains(&codec) {
            return Err(Status::BadArguments);
        }
        if let Some(link) = &mut self.link {
            link.streaming = on;
            if !on {
                link.tx.drop_live();
            }
        }
        if on && codec != self.mic.codec {
            self.mic.codec = codec;
            self.begin_session();
        }
        Ok(self.flags().encode())
    }

    fn set_clock(&mut self, unix_ms: u64) -> Vec<u8> {
        self.wall = Some(WallClock { unix_ms, at_us: self.clock.us(self.now_ms) });
        let badge_ms = self.spoiled_ms(self.badge_ms());
        ClockData { session: self.mic.session, badge_ms }.encode()
    }

    fn diagnostics(&self) -> Diagnostics {
        Diagnostics {
            reset_cause: 1,
            uptime_s: u32::try_from((self.now_ms - self.since_ms) / 1000).unwrap_or(u32::MAX),
            mic_overruns: 0,
            tx_drops: u32::try_from(self.ledger.not_sent).unwrap_or(u32::MAX),
            storage_errors: 0,
        }
    }

    fn send_answer(&mut self, answer: Vec<u8>) {
        if self.is(Mischief::AnswersNever) {
            return;
        }
        let (late, twice) = (self.is(Mischief::AnswersLate), self.is(Mischief::AnswersTwice));
        let at_ms = self.now_ms + hostile::LATE_MS;
        let Some(link) = &mut self.link else { return };
        if late {
            link.late.push_back((at_ms, answer));
            return;
        }
        if twice {
            link.tx.push_message(answer.clone());
        }
        link.tx.push_message(answer);
    }

    pub(super) fn send_late_answer(&mut self) {
        let Some(link) = &mut self.link else { return };
        if let Some((_, answer)) = link.late.pop_front() {
            link.tx.push_message(answer);
        }
    }

    /// Notifies an event where a phone listens.
    pub(super) fn tell(&mut self, event: Event) {
        if let Some(link) = &mut self.link
            && link.subscribed.contains(&EVENT)
        {
            link.tx.push_message(Message::Event(event).encode());
        }
    }

    pub(super) fn tell_ring(&mut self) {
        let more = if self.is(Mischief::MoreThanStored) { hostile::INVENTED } else { 0 };
        if let Some(link) = &mut self.link {
            link.ring_due_ms = self.now_ms + super::capture::RING_MS;
        }
        let Some(ring) = self.ring.as_ref().filter(|r| !r.is_empty()) else { return };
        let (oldest, next) = (ring.oldest(), ring.readable_to() + more);
        self.tell(Event::Ring { oldest, next });
    }

    fn tell_charge(&mut self) {
        let (percent, charging) = (self.charge(), self.charging);
        let millivolts = 3300 + u16::from(percent) * 9;
        self.tell(Event::Battery { percent, charging, millivolts });
    }

    /// Notifies flags and charge where they changed.
    pub(super) fn tell_changes(&mut self) {
        let (flags, percent) = (self.flags(), self.charge());
        let Some(link) = &mut self.link else { return };
        let (old_flags, old_charge) = (link.flags, link.charge);
        (link.flags, link.charge) = (flags, percent);
        if flags != old_flags {
            self.tell(Event::State { flags });
        }
        if percent != old_charge {
            self.tell_charge();
            self.notify_charge(percent);
        }
    }
}
