//! What is sent next: messages before live audio before storage, over a bounded number of slots.

use std::collections::VecDeque;

use confee_domain::Codec;
use crc32fast::Hasher;
use uuid::Uuid;

use super::super::mischief::Mischief;
use super::super::ring::Ring;
use super::{ConfeeBadge, RecordName, hostile};
use crate::confee::{AUDIO, EVENT, FrameOut, STORAGE, StoragePacket, fragment};
use crate::gatt::BATTERY_LEVEL;

/// Transmit slots of the radio.
const SLOTS: usize = 20;
/// Of them: never given to storage.
const RESERVED: usize = 2;
/// Live frames that wait for a slot; one more is skipped.
const LIVE: usize = 32;
/// Messages that wait for a slot.
const MESSAGES: usize = 64;
/// ATT header of a notification, and the longest value.
const ATT: usize = 3;
const LONGEST_VALUE: usize = 512;

/// The transmit side of one link.
#[derive(Default)]
pub(super) struct Transmit {
    slots: VecDeque<(Uuid, Vec<u8>)>,
    messages: VecDeque<Vec<u8>>,
    live: VecDeque<LiveFrame>,
    next_fragment: u8,
    reading: Option<Reading>,
}

struct LiveFrame {
    session: u32,
    seq: u32,
    captured_ms: u32,
    codec: Codec,
    payload: Vec<u8>,
}

/// A read under way: records are fetched one by one, as flash would be.
struct Reading {
    request: u8,
    at: u64,
    to: u64,
    loaded: VecDeque<u8>,
    sent: u32,
    crc: Hasher,
}

impl Transmit {
    pub(super) fn push_message(&mut self, message: Vec<u8>) {
        if self.messages.len() < MESSAGES {
            self.messages.push_back(message);
        }
    }

    /// A new read takes the place of the one before.
    pub(super) fn start_reading(&mut self, request: u8, from: u64, to: u64) {
        let (loaded, crc) = (VecDeque::new(), Hasher::new());
        self.reading = Some(Reading { request, at: from, to, loaded, sent: 0, crc });
    }

    pub(super) fn stop_reading(&mut self) {
        self.reading = None;
    }

    pub(super) fn drop_live(&mut self) {
        self.live.clear();
        self.next_fragment = 0;
    }

    /// Fills the slots. Storage is sent only while no live frame waits, and leaves slots free.
    fn fill(&mut self, mtu: u16, ring: Option<&Ring<RecordName>>, listening: &[Uuid]) {
        while self.slots.len() < SLOTS {
            if let Some(message) = self.messages.pop_front() {
                if listening.contains(&EVENT) {
                    self.slots.push_back((EVENT, message));
                }
            } else if !self.live.is_empty() {
                self.push_fragment(mtu);
            } else if self.slots.len() < SLOTS - RESERVED
                && let Some(ring) = ring
                && let Some(packet) = self.reading.as_mut().and_then(|r| r.packet(mtu, ring))
            {
                if matches!(StoragePacket::parse(&packet), Ok(StoragePacket::End { .. })) {
                    self.reading = None;
                }
                self.slots.push_back((STORAGE, packet));
            } else {
                return;
            }
        }
    }

    fn push_fragment(&mut self, mtu: u16) {
        let Some(frame) = self.live.front() else { return };
        let out = FrameOut {
            session: frame.session,
            seq: frame.seq,
            captured_ms: frame.captured_ms,
            codec: frame.codec,
            payload: &frame.payload,
        };
        let mut value = Vec::new();
        if fragment(&out, mtu, self.next_fragment, &mut value) == Ok(true) {
            self.next_fragment += 1;
            self.slots.push_back((AUDIO, value));
        } else {
            self.live.pop_front();
            self.next_fragment = 0;
        }
    }
}

impl Reading {
    /// The next packet; the last one is the end.
    fn packet(&mut self, mtu: u16, ring: &Ring<RecordName>) -> Option<Vec<u8>> {
        let value = (usize::from(mtu.max(23)) - ATT).min(LONGEST_VALUE);
        let room = value - StoragePacket::DATA_HEADER;
        while self.loaded.len() < room && self.at < self.to {
            // Overwritten or freed meanwhile: the read ends with what there was.
            let Some(entry) = ring.get(self.at) else { break };
            self.loaded.extend(&entry.bytes);
            self.at += 1;
        }
        let request = self.request;
        if self.loaded.is_empty() {
            let (next, bytes) = (self.at, self.sent);
            let crc = self.crc.clone().finalize();
            return Some(StoragePacket::End { request, next, crc, bytes }.encode());
        }
        let bytes: Vec<u8> = self.loaded.drain(..room.min(self.loaded.len())).collect();
        self.crc.update(&bytes);
        let offset = self.sent;
        self.sent += bytes.len() as u32;
        Some(StoragePacket::Data { request, offset, bytes: &bytes }.encode())
    }
}

impl ConfeeBadge {
    /// A frame goes out live where a phone wants it; one that finds no room is skipped whole.
    pub(super) fn send_live(
        &mut self,
        session: u32,
        seq: u32,
        captured_ms: u32,
        codec: Codec,
        payload: Vec<u8>,
    ) {
        let Some(link) = &mut self.link else { return };
        if !link.streaming || !link.subscribed.contains(&AUDIO) {
            return;
        }
        if link.tx.live.len() < LIVE {
            link.tx.live.push_back(LiveFrame { session, seq, captured_ms, codec, payload });
        } else {
            self.ledger.not_sent += 1;
        }
    }

    pub(super) fn next_to_send(&mut self) -> Option<(Uuid, Vec<u8>)> {
        if let Some(again) = self.mischievous_notification() {
            return Some(again);
        }
        let link = self.link.as_mut()?;
        link.tx.fill(link.mtu, self.ring.as_ref(), &link.subscribed);
        let (characteristic, mut value) = link.tx.slots.pop_front()?;
        self.spoil_value(characteristic, &mut value);
        if self.is(Mischief::Flood)
            && let Some(link) = &mut self.link
        {
            link.repeat = Some((hostile::FLOOD - 1, characteristic, value.clone()));
        }
        Some((characteristic, value))
    }

    pub(super) fn notify_charge(&mut self, percent: u8) {
        if let Some(link) = &mut self.link
            && link.subscribed.contains(&BATTERY_LEVEL)
            && link.tx.slots.len() < SLOTS
        {
            link.tx.slots.push_back((BATTERY_LEVEL, vec![percent]));
        }
    }
}
