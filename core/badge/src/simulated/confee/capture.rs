//! What goes on without a phone: capture, the store, the button, the power.

use confee_domain::MarkKind;

use super::super::ledger::Fate;
use super::super::mischief::Mischief;
use super::{ConfeeBadge, Happening, RecordName, WallClock, hostile};
use crate::confee::{Event, Flags, MAX_SEQ, Press, StoredRecord};

/// How often the phone is told what is stored.
pub(super) const RING_MS: u64 = 5_000;
const MINUTE_MS: u64 = 60_000;
const NEARLY_FULL: usize = 90;

/// What is due next.
#[derive(Clone, Copy)]
pub(super) enum Due {
    Agenda,
    Frame,
    Flash,
    Ring,
    LateAnswer,
    Charge,
    Swap,
}

impl ConfeeBadge {
    pub(super) fn live_until(&mut self, now_ms: u64) {
        while let Some((at, due)) = self.next_due().filter(|(at, _)| *at <= now_ms) {
            self.now_ms = self.now_ms.max(at);
            self.on_due(due);
            self.tell_changes();
        }
        self.now_ms = self.now_ms.max(now_ms);
    }

    /// The next thing that happens by itself.
    pub(super) fn next_due(&self) -> Option<(u64, Due)> {
        let agenda = self.agenda.front().map(|(at, _)| (*at, Due::Agenda));
        if !self.on {
            return agenda;
        }
        let frame = self.is_capturing().then(|| {
            let ends_us = self.mic.frame_us + u64::from(self.mic.codec.frame_ms) * 1000;
            (self.clock.when(ends_us), Due::Frame)
        });
        let flash = (self.config.flash_every_ms > 0).then_some((self.flash_due_ms, Due::Flash));
        let swap = self.is(Mischief::RingSwap).then_some((self.swap_due_ms, Due::Swap));
        let link = self.link.as_ref();
        let ring = link.map(|l| (l.ring_due_ms, Due::Ring));
        let late = link.and_then(|l| l.late.front()).map(|(at, _)| (*at, Due::LateAnswer));
        let charge = link.map(|_| ((self.now_ms / MINUTE_MS + 1) * MINUTE_MS, Due::Charge));
        let all = [agenda, frame, flash, ring, late, charge, swap];
        all.into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    fn on_due(&mut self, due: Due) {
        match due {
            Due::Agenda => {
                if let Some((_, happening)) = self.agenda.pop_front() {
                    self.on_agenda(happening);
                }
            }
            Due::Frame => self.capture(),
            Due::Flash => {
                self.flash_due_ms = self.now_ms + self.config.flash_every_ms;
                if let Some(ring) = &mut self.ring {
                    ring.flash();
                }
            }
            Due::Ring => self.tell_ring(),
            Due::LateAnswer => self.send_late_answer(),
            Due::Charge => {}
            Due::Swap => {
                self.swap_due_ms = self.now_ms + hostile::SWAP_MS;
                self.format(Fate::Wiped);
            }
        }
    }

    pub(super) fn on_agenda(&mut self, happening: Happening) {
        match happening {
            Happening::On if !self.on => self.switch_on(),
            Happening::Mute(on) if !self.on => self.muted = on,
            _ if !self.on => {}
            Happening::Press(press) => self.press(press),
            Happening::Mute(on) => self.mute(on),
            Happening::Silence(on) => self.hush(on),
            Happening::Charging(on) => self.charging = on,
            Happening::Off => self.switch_off(),
            Happening::On => {}
        }
    }

    pub(super) fn is_capturing(&self) -> bool {
        self.on && !self.muted && !self.silent
    }

    pub(super) fn switch_on(&mut self) {
        self.on = true;
        self.since_ms = self.now_ms;
        self.flash_due_ms = self.now_ms + self.config.flash_every_ms;
        self.begin_session();
    }

    fn switch_off(&mut self) {
        self.on = false;
        let lost = self.ring.as_mut().map(super::super::ring::Ring::lose_power);
        self.gone(lost.unwrap_or_default(), Fate::Unwritten);
        if !self.config.clock_survives {
            self.wall = None;
        }
        self.dropped = self.link.take().is_some();
    }

    /// A new numbering. Where the time is known it is stored at once, so that audio which no phone
    /// heard live can be placed.
    pub(super) fn begin_session(&mut self) {
        let now_us = self.clock.us(self.now_ms);
        self.mic.session = self.rng.u32(1..);
        (self.mic.began_us, self.mic.frame_us, self.mic.next_seq) = (now_us, now_us, 0);
        let (session, codec) = (self.mic.session, self.mic.codec);
        if let Some(WallClock { unix_ms, at_us }) = self.wall {
            let unix_ms = unix_ms + (now_us - at_us) / 1000;
            let record = StoredRecord::Clock { session, badge_ms: 0, unix_ms };
            self.store(RecordName::Clock { session }, &record);
        }
        self.tell(Event::Session { session, codec: Ok(codec) });
    }

    fn capture(&mut self) {
        if self.mic.next_seq > MAX_SEQ {
            let frame_us = self.mic.frame_us;
            self.begin_session();
            (self.mic.began_us, self.mic.frame_us) = (frame_us, frame_us);
        }
        let (session, seq, codec) = (self.mic.session, self.mic.next_seq, self.mic.codec);
        let captured_ms = self.spoil_time(session_ms(self.mic.frame_us, self.mic.began_us));
        let mut payload = self.source.frame(session, seq, codec);
        payload.truncate(self.config.max_frame.into());
        self.ledger.made(session, seq);
        let record =
            StoredRecord::Frame { session, seq, captured_ms, codec: Ok(codec), payload: &payload };
        self.store(RecordName::Frame { session, seq }, &record);
        self.mic.next_seq += 1;
        self.mic.frame_us += u64::from(codec.frame_ms) * 1000;
        self.send_live(session, seq, captured_ms, codec, payload);
    }

    /// Session, sequence and capture time of this moment.
    pub(super) fn place(&self) -> (u32, u32, u32) {
        (self.mic.session, self.mic.next_seq, self.badge_ms())
    }

    pub(super) fn badge_ms(&self) -> u32 {
        session_ms(self.clock.us(self.now_ms), self.mic.began_us)
    }

    fn press(&mut self, press: Press) {
        if !self.config.features.button() {
            return;
        }
        self.presses = self.presses.wrapping_add(1);
        let (number, (session, seq, captured_ms)) = (self.presses, self.place());
        self.mark(press.mark(), number);
        self.tell(Event::Button { press, number, session, seq, captured_ms });
    }

    /// The frame under way is thrown away; the next one begins when capture goes on.
    pub(super) fn mute(&mut self, on: bool) {
        if self.muted == on {
            return;
        }
        self.muted = on;
        let (session, seq, captured_ms) = self.place();
        self.mark(if on { MarkKind::Muted } else { MarkKind::Unmuted }, 0);
        self.mic.frame_us = self.clock.us(self.now_ms);
        self.tell(Event::Mute { on, session, seq, captured_ms });
    }

    fn hush(&mut self, on: bool) {
        self.silent = on && self.config.features.pauses();
        self.mic.frame_us = self.clock.us(self.now_ms);
    }

    fn mark(&mut self, what: MarkKind, number: u16) {
        let (session, seq, captured_ms) = self.place();
        let [made, ..] = &mut self.ledger.marks;
        *made += 1;
        let record = StoredRecord::Mark { session, seq, captured_ms, what, number };
        self.store(RecordName::Mark { session, seq }, &record);
    }

    fn store(&mut self, name: RecordName, record: &StoredRecord<'_>) {
        let mut bytes = Vec::new();
        record.encode_into(&mut bytes);
        self.spoil_record(&mut bytes);
        let Some(ring) = &mut self.ring else { return };
        let overwritten = ring.push(name, bytes);
        if self.config.flash_every_ms == 0 {
            ring.flash();
        }
        self.gone(overwritten, Fate::Overwritten);
    }

    /// Notes what left the store.
    pub(super) fn gone(&mut self, names: Vec<RecordName>, fate: Fate) {
        for name in names {
            match name {
                RecordName::Frame { session, seq } => self.ledger.gone(session, seq, fate),
                RecordName::Mark { .. } => {
                    let [_, freed, lost] = &mut self.ledger.marks;
                    *(if fate == Fate::Freed { freed } else { lost }) += 1;
                }
                RecordName::Clock { .. } => {}
            }
        }
    }

    pub(super) fn flags(&self) -> Flags {
        let streaming = self.link.as_ref().is_some_and(|l| l.streaming);
        let full = self.ring.as_ref().is_some_and(|r| r.percent() > NEARLY_FULL);
        let light = self.is_capturing() && self.config.features.light();
        [
            (self.muted, Flags::MUTED),
            (self.is_capturing(), Flags::CAPTURING),
            (streaming, Flags::STREAMING),
            (light, Flags::LIGHT),
            (self.charging, Flags::CHARGING),
            (full, Flags::NEARLY_FULL),
        ]
        .into_iter()
        .filter(|(set, _)| *set)
        .fold(Flags::default(), |flags, (_, flag)| flags.with(flag))
    }

    /// Percent.
    pub(super) fn charge(&self) -> u8 {
        let per_percent = u64::from(self.config.minutes_per_percent) * MINUTE_MS;
        let used = self.now_ms.checked_div(per_percent).unwrap_or(0);
        self.config.charge.saturating_sub(u8::try_from(used).unwrap_or(u8::MAX)).max(1)
    }
}

fn session_ms(us: u64, began_us: u64) -> u32 {
    u32::try_from(us.saturating_sub(began_us) / 1000).unwrap_or(u32::MAX)
}
