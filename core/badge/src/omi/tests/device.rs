use std::collections::VecDeque;

use uuid::Uuid;

use crate::event::Diagnostics;
use crate::link::LinkFault;
use crate::omi::{
    Caps, Command, Custody, Features, Notice, RECORD_BYTES, RecordPacker, RingInfo, StorageStatus,
    StorageStatusCode, encode_diagnostics, fragment, uuids,
};

pub(super) const ALL: [Uuid; 13] = [
    uuids::AUDIO_DATA,
    uuids::AUDIO_CODEC,
    uuids::CHARGING,
    uuids::FEATURES,
    uuids::TIME_WRITE,
    uuids::DIAGNOSTICS,
    uuids::BUTTON,
    uuids::STORAGE_DATA,
    uuids::STORAGE_STATUS,
    uuids::BATTERY,
    uuids::MODEL,
    uuids::SERIAL,
    uuids::FIRMWARE,
];

/// An Omi device as far as a session can see it.
pub(super) struct Device {
    pub(super) codec: u8,
    pub(super) features: Option<u32>,
    pub(super) firmware: &'static str,
    pub(super) serial: &'static str,
    pub(super) status: usize,
    pub(super) custody: bool,
    pub(super) crc: bool,
    pub(super) ring_id: u64,
    pub(super) first: u64,
    pub(super) read: u64,
    pub(super) records: Vec<[u8; RECORD_BYTES]>,
    pub(super) unix_s: u32,
    pub(super) mtu: u16,
    pub(super) next_id: u16,
    pub(super) silent: bool,
    pub(super) spoiled_reads: u32,
    pub(super) holed_reads: u32,
    /// What every read gives, in place of the truth.
    pub(super) lie: Option<Vec<u8>>,
    pub(super) enabled: bool,
    pub(super) clock: Option<Vec<u8>>,
    pub(super) commands: Vec<Command>,
    pub(super) order: Vec<Uuid>,
    pub(super) out: VecDeque<(Uuid, Vec<u8>)>,
    pub(super) packer: RecordPacker,
    pub(super) captured: u32,
}

/// What frame `n` is made of.
pub(super) fn content(n: u32, length: usize) -> Vec<u8> {
    let mut frame = n.to_be_bytes().to_vec();
    frame.resize(length, (n % 251) as u8 + 1);
    frame
}

impl Default for Device {
    fn default() -> Self {
        Self {
            codec: 21,
            features: Some(Features::STORAGE | Features::BUTTON | Features::BATTERY),
            firmware: "3.0.20",
            serial: "0011223344556677",
            status: 16,
            custody: false,
            crc: false,
            ring_id: 77,
            first: 0,
            read: 0,
            records: Vec::new(),
            unix_s: 1_764_000_000,
            mtu: 247,
            next_id: 0,
            silent: false,
            spoiled_reads: 0,
            holed_reads: 0,
            lie: None,
            enabled: false,
            clock: None,
            commands: Vec::new(),
            order: Vec::new(),
            out: VecDeque::new(),
            packer: RecordPacker::default(),
            captured: 0,
        }
    }
}

impl Device {
    pub(super) fn with_custody() -> Self {
        Self { custody: true, crc: true, ..Self::default() }
    }

    /// Frames captured without a phone.
    pub(super) fn capture_alone(&mut self, frames: u32) {
        for _ in 0..frames {
            let frame = content(self.captured, 80);
            self.captured += 1;
            self.store(&frame, None);
        }
    }

    /// A frame captured with a phone; `sent` says whether the radio delivers it.
    pub(super) fn capture(&mut self, sent: bool) {
        let frame = content(self.captured, 80);
        self.captured += 1;
        let id = self.next_id;
        let (mut index, mut packet) = (0, Vec::new());
        while fragment(self.next_id, index, &frame, self.mtu, &mut packet) {
            if sent {
                self.out.push_back((uuids::AUDIO_DATA, packet.clone()));
            }
            self.next_id = self.next_id.wrapping_add(1);
            index += 1;
        }
        if self.enabled {
            self.store(&frame, Some(id));
        }
    }

    fn store(&mut self, frame: &[u8], live_id: Option<u16>) {
        if self.packer.push(frame) {
            return;
        }
        self.flush();
        assert!(self.packer.push(frame));
        if let Some(live_id) = live_id {
            let (ring, ring_seq) = (self.ring_id, self.write());
            self.notify(&Notice::LiveMark { ring, ring_seq, live_id });
        }
    }

    pub(super) fn flush(&mut self) {
        if !self.packer.is_empty() {
            let record = self.packer.finish(self.unix_s);
            self.records.push(record);
        }
    }

    pub(super) fn write(&self) -> u64 {
        self.first + self.records.len() as u64
    }

    pub(super) fn notify(&mut self, notice: &Notice<'_>) {
        let mut bytes = Vec::new();
        notice.encode(&mut bytes);
        self.out.push_back((uuids::STORAGE_DATA, bytes));
    }

    pub(super) fn read_value(&mut self, what: Uuid) -> Result<Vec<u8>, LinkFault> {
        self.order.push(what);
        if let Some(lie) = &self.lie {
            return Ok(lie.clone());
        }
        match what {
            uuids::AUDIO_CODEC => Ok(vec![self.codec]),
            uuids::SERIAL => Ok(self.serial.as_bytes().to_vec()),
            uuids::MODEL => Ok(b"Omi CV1".to_vec()),
            uuids::FIRMWARE => Ok(self.firmware.as_bytes().to_vec()),
            uuids::FEATURES => {
                self.features.map(|f| f.to_le_bytes().to_vec()).ok_or(LinkFault::Missing)
            }
            uuids::STORAGE_STATUS => {
                Ok(StorageStatus::default().encode()[..self.status.min(16)].to_vec())
            }
            uuids::BATTERY => Ok(vec![80]),
            uuids::CHARGING => Ok(vec![0]),
            uuids::DIAGNOSTICS => {
                let counts = Diagnostics { reset_cause: 4, uptime_s: 600, ..Default::default() };
                Ok(encode_diagnostics(&counts, 3_900, false).to_vec())
            }
            _ => Err(LinkFault::Missing),
        }
    }

    pub(super) fn write_value(&mut self, what: Uuid, value: &[u8]) {
        self.order.push(what);
        if what == uuids::TIME_WRITE {
            self.clock = Some(value.to_vec());
        } else if let Ok(command) = Command::parse(value) {
            self.commands.push(command);
            if !self.silent {
                self.answer(command);
            }
        }
    }

    fn ack(&mut self, status: StorageStatusCode) {
        self.notify(&Notice::Ack { status, granted: None });
    }

    fn answer(&mut self, command: Command) {
        use StorageStatusCode::{InvalidCommand, Ok, OutOfRange, RingIdMismatch};
        match command {
            Command::Info => {
                let custody = Custody { caps: Caps::ALL, version: 1, ring: self.ring_id };
                self.notify(&Notice::Info(RingInfo {
                    read: self.read,
                    write: self.write(),
                    capacity: 100_000,
                    dropped: 0,
                    record_bytes: RECORD_BYTES as u16,
                    custody: self.custody.then_some(custody),
                }));
            }
            Command::CustodyEnable { caps, .. } if self.custody => {
                self.enabled = true;
                self.notify(&Notice::Ack { status: Ok, granted: Some(caps) });
            }
            Command::AdvanceId { ring, .. } if self.custody && ring != self.ring_id => {
                self.ack(RingIdMismatch);
            }
            Command::AdvanceId { to, .. } if self.custody => self.free(to),
            Command::Advance { to } if to >= self.read || self.custody => self.free(to),
            Command::Advance { .. } => self.ack(OutOfRange),
            Command::Read { start, count } => self.send(start, count.unwrap_or(u32::MAX)),
            Command::Stop => self.ack(Ok),
            _ => self.ack(InvalidCommand),
        }
    }

    fn free(&mut self, to: u64) {
        if to > self.write() {
            return self.ack(StorageStatusCode::OutOfRange);
        }
        self.read = self.read.max(to);
        self.ack(StorageStatusCode::Ok);
    }

    fn send(&mut self, start: u64, count: u32) {
        if start < self.read || start > self.write() {
            return self.ack(StorageStatusCode::OutOfRange);
        }
        let next = self.write().min(start + u64::from(count));
        let (from, to) = ((start - self.first) as usize, (next - self.first) as usize);
        let bytes: Vec<u8> = self.records[from..to].concat();
        self.notify(&Notice::ReadBegin { start, count: (next - start) as u32 });
        let spoil = take_one(&mut self.spoiled_reads);
        let hole = take_one(&mut self.holed_reads);
        for (at, piece) in bytes.chunks(usize::from(self.mtu) - 4).enumerate() {
            let mut piece = piece.to_vec();
            piece[0] ^= u8::from(spoil && at == 1);
            if !(hole && at == 1) {
                self.notify(&Notice::Data(&piece));
            }
        }
        let crc = self.crc.then(|| crc32fast::hash(&bytes));
        self.notify(&Notice::Done { status: StorageStatusCode::Ok, next, crc });
    }
}

fn take_one(left: &mut u32) -> bool {
    let some = *left > 0;
    *left = left.saturating_sub(1);
    some
}
