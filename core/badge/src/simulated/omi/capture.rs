//! Capture and the live side.

use uuid::Uuid;

use super::super::confee::Happening;
use super::super::ledger::Fate;
use super::super::mischief::Mischief;
use super::{OmiBadge, storage};
use crate::confee::Press;
use crate::omi::{Button, fragment, uuids};

/// How often the charge is notified.
pub(super) const BATTERY_MS: u64 = 5_000;
/// Frames that wait for the radio.
const LIVE_FRAMES: usize = 64;
/// The connect callback sleeps that long before it asks for an MTU.
const SETTLE_MS: u64 = 1_300;
/// MTU below which nothing is sent.
const SMALLEST_MTU: u16 = 100;
const FLOOD: u8 = 10;

#[derive(Clone, Copy)]
pub(super) enum Due {
    Agenda,
    Frame,
    Battery,
    LateNotice,
    Swap,
}

impl OmiBadge {
    pub(super) fn live_until(&mut self, now_ms: u64) {
        while let Some((at, due)) = self.next_due().filter(|(at, _)| *at <= now_ms) {
            self.now_ms = self.now_ms.max(at);
            self.on_due(due);
        }
        self.now_ms = self.now_ms.max(now_ms);
    }

    pub(super) fn next_due(&self) -> Option<(u64, Due)> {
        let agenda = self.agenda.front().map(|(at, _)| (*at, Due::Agenda));
        if !self.on {
            return agenda;
        }
        let ends_us = self.frame_us + u64::from(self.config.codec.frame_ms) * 1000;
        let frame = Some((self.clock.when(ends_us), Due::Frame));
        let link = self.link.as_ref();
        let battery = link.map(|l| (l.battery_due_ms, Due::Battery));
        let late = link.and_then(|l| l.late.front()).map(|(at, _)| (*at, Due::LateNotice));
        let swap = self.is(Mischief::RingSwap).then_some((self.swap_due_ms, Due::Swap));
        [agenda, frame, battery, late, swap].into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    fn on_due(&mut self, due: Due) {
        match due {
            Due::Agenda => {
                if let Some((_, happening)) = self.agenda.pop_front() {
                    self.on_agenda(happening);
                }
            }
            Due::Frame => self.capture(),
            Due::Battery => {
                let charge = self.config.charge;
                if let Some(link) = &mut self.link {
                    link.battery_due_ms = self.now_ms + BATTERY_MS;
                }
                self.notify_small(uuids::BATTERY, vec![charge]);
            }
            Due::LateNotice => {
                if let Some(link) = &mut self.link
                    && let Some((_, notice)) = link.late.pop_front()
                {
                    link.notices.push_back(notice);
                }
            }
            Due::Swap => {
                self.swap_due_ms = self.now_ms + storage::SWAP_MS;
                self.format();
            }
        }
    }

    pub(super) fn on_agenda(&mut self, happening: Happening) {
        match happening {
            Happening::On if !self.on => self.switch_on(),
            _ if !self.on => {}
            Happening::Off => self.switch_off(),
            Happening::Press(press) => self.press(press),
            Happening::Charging(on) => {
                self.charging = on;
                self.notify_small(uuids::CHARGING, vec![on.into()]);
            }
            Happening::On | Happening::Mute(_) | Happening::Silence(_) => {}
        }
    }

    fn switch_on(&mut self) {
        self.on = true;
        self.since_ms = self.now_ms;
        self.boot += 1;
        (self.next_seq, self.next_id) = (0, 0);
        self.frame_us = self.clock.us(self.now_ms);
    }

    /// The record that is being filled is lost.
    fn switch_off(&mut self) {
        self.on = false;
        self.packer = crate::omi::RecordPacker::default();
        let lost = std::mem::take(&mut self.packed);
        self.gone(vec![lost], Fate::Unwritten);
        if !self.config.clock_survives {
            self.wall = None;
        }
        self.dropped = self.link.take().is_some();
    }

    fn press(&mut self, press: Press) {
        let button = match press {
            Press::Short => Button::Single,
            Press::Double => Button::Double,
            Press::Long => Button::Long,
        };
        for event in [Button::Down, Button::Up, button] {
            self.notify_small(uuids::BUTTON, event.encode().to_vec());
        }
    }

    fn capture(&mut self) {
        let (boot, seq) = (self.boot, self.next_seq);
        let payload = self.source.frame(boot, seq, self.config.codec);
        self.next_seq += 1;
        self.frame_us += u64::from(self.config.codec.frame_ms) * 1000;
        self.ledger.made(boot, seq);
        let listened = self.is_listened_to();
        let linked = self.link.is_some();
        let stored = match (linked, self.config.custody) {
            (false, _) => true,
            (true, true) => !listened || self.link.as_ref().is_some_and(|l| l.custody),
            (true, false) => false,
        };
        if listened {
            self.begin_marks();
        }
        let id = self.next_id;
        if listened {
            self.send_live(&payload);
        }
        if stored {
            self.store(boot, seq, id, &payload);
        } else {
            self.ledger.gone(boot, seq, Fate::Unwritten);
        }
    }

    /// Whether live audio goes anywhere.
    fn is_listened_to(&self) -> bool {
        self.link.as_ref().is_some_and(|l| {
            let settled = self.now_ms >= l.since_ms + SETTLE_MS;
            settled && l.mtu >= SMALLEST_MTU && l.subscribed.contains(&uuids::AUDIO_DATA)
        })
    }

    /// Cuts the frame up; a full transmit ring drops it whole. Firmware with custody lets a
    /// dropped frame have its packet ids, or its marks would mean other frames.
    fn send_live(&mut self, payload: &[u8]) {
        let Some(link) = &mut self.link else { return };
        let full = link.live_frames.len() >= LIVE_FRAMES;
        if full {
            self.ledger.not_sent += 1;
            if !self.config.custody {
                return;
            }
        }
        let (mut out, mut index) = (Vec::new(), 0);
        while fragment(self.next_id, index, payload, link.mtu, &mut out) {
            if !full {
                link.live.push_back(std::mem::take(&mut out));
            }
            self.next_id = self.next_id.wrapping_add(1);
            index += 1;
        }
        if !full {
            link.live_frames.push_back(usize::from(index));
        }
    }

    pub(super) fn notify_small(&mut self, characteristic: Uuid, value: Vec<u8>) {
        if let Some(link) = &mut self.link
            && link.subscribed.contains(&characteristic)
            && link.small.len() < LIVE_FRAMES
        {
            link.small.push_back((characteristic, value));
        }
    }

    pub(super) fn next_to_send(&mut self) -> Option<(Uuid, Vec<u8>)> {
        if let Some(again) = self.mischievous_notification() {
            return Some(again);
        }
        let (characteristic, value) = self.honest_notification()?;
        if self.is(Mischief::Flood)
            && let Some(link) = &mut self.link
        {
            link.repeat = Some((FLOOD - 1, characteristic, value.clone()));
        }
        Some((characteristic, value))
    }

    /// Small values and answers, then live audio, then what is stored.
    fn honest_notification(&mut self) -> Option<(Uuid, Vec<u8>)> {
        let link = self.link.as_mut()?;
        if let Some(small) = link.small.pop_front() {
            return Some(small);
        }
        while let Some(notice) = link.notices.pop_front() {
            if link.subscribed.contains(&uuids::STORAGE_DATA) {
                return Some((uuids::STORAGE_DATA, notice));
            }
        }
        if let Some(packet) = link.live.pop_front() {
            if let Some(left) = link.live_frames.front_mut() {
                *left -= 1;
                if *left == 0 {
                    link.live_frames.pop_front();
                }
            }
            return Some((uuids::AUDIO_DATA, packet));
        }
        self.stored_packet().map(|packet| (uuids::STORAGE_DATA, packet))
    }

    fn mischievous_notification(&mut self) -> Option<(Uuid, Vec<u8>)> {
        let garbage = self.is(Mischief::Garbage) && self.rng.u8(..) < 64;
        let link = self.link.as_mut()?;
        if let Some((left, characteristic, value)) = link.repeat.take() {
            if left > 1 {
                link.repeat = Some((left - 1, characteristic, value.clone()));
            }
            return Some((characteristic, value));
        }
        if !garbage || link.subscribed.is_empty() {
            return None;
        }
        let characteristic = *link.subscribed.get(self.rng.usize(..link.subscribed.len()))?;
        let length = self.rng.usize(..244);
        let value = std::iter::repeat_with(|| self.rng.u8(..)).take(length).collect();
        Some((characteristic, value))
    }
}
