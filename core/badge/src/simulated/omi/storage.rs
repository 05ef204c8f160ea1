//! The ring store of generation 3.

use std::collections::VecDeque;

use crc32fast::Hasher;

use super::super::ledger::Fate;
use super::super::mischief::Mischief;
use super::OmiBadge;
use crate::omi::{
    Caps, Command, Custody, Notice, RECORD_BYTES, RingInfo, StorageStatus, StorageStatusCode,
};

/// How often a store is formatted behind the phone's back.
pub(super) const SWAP_MS: u64 = 17_000;
const LATE_MS: u64 = 3_000;
const INVENTED: u64 = 10_000;
const VERSION: u8 = 1;
/// ATT header and the kind of a notice.
const DATA_HEADER: usize = 4;
const LONGEST_DATA: usize = 511;

/// A read under way.
pub(super) struct Reading {
    at: u64,
    to: u64,
    loaded: VecDeque<u8>,
    crc: Hasher,
}

impl OmiBadge {
    pub(super) fn on_command(&mut self, value: &[u8]) {
        use StorageStatusCode as Code;
        let command = match Command::parse(value) {
            Ok(command) => command,
            Err(_) => return self.acknowledge(Code::InvalidCommand, None),
        };
        match command {
            Command::Info => {
                let info = self.info();
                self.answer(&Notice::Info(info));
            }
            Command::Read { start, count } => self.start_reading(start, count),
            Command::Advance { to } => self.free(to),
            Command::Clear => {
                self.free(self.ring.readable_to());
                self.format();
            }
            Command::Stop => {
                if let Some(link) = &mut self.link {
                    link.reading = None;
                }
                self.acknowledge(Code::Ok, None);
            }
            Command::CustodyEnable { .. } | Command::AdvanceId { .. } if !self.config.custody => {
                self.acknowledge(Code::InvalidCommand, None);
            }
            Command::CustodyEnable { version: VERSION, caps } => {
                let granted = Caps(caps.0 & Caps::ALL.0);
                if let Some(link) = &mut self.link {
                    link.custody = granted.has(Caps::LIVE_PERSIST);
                }
                self.acknowledge(Code::Ok, Some(granted));
            }
            Command::CustodyEnable { .. } => self.acknowledge(Code::InvalidCommand, None),
            Command::AdvanceId { ring, .. } if ring != self.ring.id() => {
                self.acknowledge(Code::RingIdMismatch, None);
            }
            Command::AdvanceId { to, .. } => self.free(to),
        }
    }

    fn free(&mut self, to: u64) {
        if to > self.ring.readable_to() {
            return self.acknowledge(StorageStatusCode::OutOfRange, None);
        }
        self.ledger.freeings += 1;
        let freed = self.ring.free_to(to);
        self.gone(freed, Fate::Freed);
        self.acknowledge(StorageStatusCode::Ok, None);
    }

    fn start_reading(&mut self, start: u64, count: Option<u32>) {
        let (oldest, end) = (self.ring.oldest(), self.ring.readable_to());
        if !(oldest..=end).contains(&start) {
            return self.acknowledge(StorageStatusCode::OutOfRange, None);
        }
        let to = count.map_or(end, |c| end.min(start + u64::from(c)));
        if let Some(link) = &mut self.link {
            let (loaded, crc) = (VecDeque::new(), Hasher::new());
            link.reading = Some(Reading { at: start, to, loaded, crc });
        }
        let huge = self.is(Mischief::HugeLengths);
        let count = if huge { u32::MAX } else { u32::try_from(to - start).unwrap_or(u32::MAX) };
        self.answer(&Notice::ReadBegin { start, count });
    }

    /// The next piece of a read, or its end.
    pub(super) fn stored_packet(&mut self) -> Option<Vec<u8>> {
        let link = self.link.as_mut()?;
        let reading = link.reading.as_mut()?;
        let room = usize::from(link.mtu).saturating_sub(DATA_HEADER).clamp(1, LONGEST_DATA);
        let mut status = StorageStatusCode::Ok;
        while reading.loaded.len() < room && reading.at < reading.to {
            let Some(entry) = self.ring.get(reading.at) else {
                status = StorageStatusCode::OutOfRange;
                break;
            };
            reading.loaded.extend(&entry.bytes);
            reading.at += 1;
        }
        let mut out = Vec::new();
        if reading.loaded.is_empty() {
            let (next, crc) = (reading.at, reading.crc.clone().finalize());
            link.reading = None;
            let crc = self.config.crc.then(|| self.spoil_crc(crc));
            Notice::Done { status, next, crc }.encode(&mut out);
            return Some(out);
        }
        let bytes: Vec<u8> = reading.loaded.drain(..room.min(reading.loaded.len())).collect();
        reading.crc.update(&bytes);
        Notice::Data(&bytes).encode(&mut out);
        Some(out)
    }

    fn spoil_crc(&mut self, crc: u32) -> u32 {
        let once = self.is(Mischief::CrcOnce) && !self.crc_spoiled;
        if once || self.is(Mischief::CrcAlways) {
            self.crc_spoiled = true;
            return crc ^ 0x55;
        }
        crc
    }

    /// Packs a frame; a full record goes to the ring, and a phone that keeps custody hears of it.
    pub(super) fn store(&mut self, boot: u32, seq: u32, id: u16, payload: &[u8]) {
        if !self.packer.push(payload) {
            self.finish_record(id);
            if !self.packer.push(payload) {
                self.ledger.gone(boot, seq, Fate::Unwritten);
                return;
            }
        }
        self.packed.push((boot, seq));
    }

    /// `next_id`: packet id of the first frame that is not in the record.
    fn finish_record(&mut self, next_id: u16) {
        if self.packer.is_empty() {
            return;
        }
        let time = if self.is(Mischief::TimeTravel) { self.rng.u32(..) } else { self.unix_s() };
        let mut record = self.packer.finish(time);
        if self.is(Mischief::HugeLengths)
            && let Some(length) = record.get_mut(RECORD_BYTES - 440)
        {
            *length = 0xFF;
        }
        let names = std::mem::take(&mut self.packed);
        let overwritten = self.ring.push(names, record.to_vec());
        self.ring.flash();
        self.gone(overwritten, Fate::Overwritten);
        self.mark_live(next_id);
    }

    /// The first frame that is sent live begins a record, so that marks hold from there on.
    pub(super) fn begin_marks(&mut self) {
        let id = self.next_id;
        if let Some(link) = self.link.as_mut().filter(|l| l.custody && !l.marking) {
            link.marking = true;
            if self.packer.is_empty() {
                self.mark_live(id);
            } else {
                self.finish_record(id);
            }
        }
    }

    /// Tells which live packet is the first that is in no record.
    fn mark_live(&mut self, live_id: u16) {
        let (ring, ring_seq) = (self.ring.id(), self.ring.readable_to());
        if self.link.as_ref().is_some_and(|l| l.marking) {
            self.notify(&Notice::LiveMark { ring, ring_seq, live_id });
        }
    }

    pub(super) fn gone(&mut self, records: Vec<Vec<(u32, u32)>>, fate: Fate) {
        for (boot, seq) in records.into_iter().flatten() {
            self.ledger.gone(boot, seq, fate);
        }
    }

    pub(super) fn format(&mut self) {
        let id = self.rng.u64(..);
        let gone = self.ring.format(id);
        self.gone(gone, Fate::Wiped);
        if let Some(link) = &mut self.link {
            link.reading = None;
        }
    }

    fn info(&self) -> RingInfo {
        let more = if self.is(Mischief::MoreThanStored) { INVENTED } else { 0 };
        let custody = Custody { caps: Caps::ALL, version: VERSION, ring: self.ring.id() };
        RingInfo {
            read: self.ring.oldest(),
            write: self.ring.readable_to() + more,
            capacity: self.config.ring_records,
            dropped: self.ring.overwritten(),
            record_bytes: RECORD_BYTES as u16,
            custody: self.config.custody.then_some(custody),
        }
    }

    pub(super) fn storage_status(&self) -> Vec<u8> {
        let whole = self.config.ring_records.saturating_mul(RECORD_BYTES as u32);
        let used = u32::try_from(self.ring.bytes()).unwrap_or(u32::MAX);
        StorageStatus {
            used_bytes: used,
            unread_records: u32::try_from(self.stored_records()).unwrap_or(u32::MAX),
            free_bytes: whole.saturating_sub(used),
            clock_valid: self.wall.is_some(),
        }
        .encode()
        .to_vec()
    }

    fn acknowledge(&mut self, status: StorageStatusCode, granted: Option<Caps>) {
        self.answer(&Notice::Ack { status, granted });
    }

    fn answer(&mut self, notice: &Notice<'_>) {
        if self.is(Mischief::AnswersNever) {
            return;
        }
        let (late, twice) = (self.is(Mischief::AnswersLate), self.is(Mischief::AnswersTwice));
        if late {
            let mut out = Vec::new();
            notice.encode(&mut out);
            let at_ms = self.now_ms + LATE_MS;
            if let Some(link) = &mut self.link {
                link.late.push_back((at_ms, out));
            }
            return;
        }
        self.notify(notice);
        if twice {
            self.notify(notice);
        }
    }

    fn notify(&mut self, notice: &Notice<'_>) {
        let mut out = Vec::new();
        notice.encode(&mut out);
        if let Some(link) = &mut self.link {
            link.notices.push_back(out);
        }
    }
}
