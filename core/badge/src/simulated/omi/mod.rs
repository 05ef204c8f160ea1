//! A model of Omi firmware: live audio and the ring store of generation 3, as released or with
//! the custody extension.

mod capture;
mod config;
mod storage;

use std::collections::VecDeque;

use fastrand::Rng;
use uuid::Uuid;

pub use config::OmiConfig;

use super::confee::Happening;
use super::ledger::Ledger;
use super::mischief::{Mischief, hostile_text};
use super::oscillator::Oscillator;
use super::peripheral::{Characteristic, Peripheral};
use super::ring::Ring;
use super::source::FrameSource;
use crate::event::Diagnostics;
use crate::link::LinkFault;
use crate::omi::{
    Features, RECORD_BYTES, RecordPacker, codec_id, encode_diagnostics, parse_time, uuids,
};
use storage::Reading;

const SERVED: [Uuid; 14] = [
    uuids::AUDIO_DATA,
    uuids::AUDIO_CODEC,
    uuids::CHARGING,
    uuids::FEATURES,
    uuids::TIME_WRITE,
    uuids::TIME_READ,
    uuids::DIAGNOSTICS,
    uuids::BUTTON,
    uuids::STORAGE_DATA,
    uuids::STORAGE_STATUS,
    uuids::BATTERY,
    uuids::MODEL,
    uuids::SERIAL,
    uuids::FIRMWARE,
];
const NOTIFYING: [Uuid; 5] =
    [uuids::AUDIO_DATA, uuids::CHARGING, uuids::BUTTON, uuids::STORAGE_DATA, uuids::BATTERY];

/// A simulated Omi device. Without pairing, as shipped.
pub struct OmiBadge {
    config: OmiConfig,
    source: Box<dyn FrameSource>,
    rng: Rng,
    clock: Oscillator,
    now_ms: u64,
    agenda: VecDeque<(u64, Happening)>,
    on: bool,
    since_ms: u64,
    charging: bool,
    /// Number of the start, in place of a session: labels frames, is not on the wire.
    boot: u32,
    next_seq: u32,
    frame_us: u64,
    /// Packet id of the next notification of audio.
    next_id: u16,
    /// Unix seconds at a badge time.
    wall: Option<(u32, u64)>,
    ring: Ring<Vec<(u32, u32)>>,
    packer: RecordPacker,
    packed: Vec<(u32, u32)>,
    swap_due_ms: u64,
    ledger: Ledger,
    link: Option<PhoneLink>,
    dropped: bool,
    crc_spoiled: bool,
}

/// The device's side of a link.
struct PhoneLink {
    mtu: u16,
    since_ms: u64,
    subscribed: Vec<Uuid>,
    custody: bool,
    /// Whether live marks hold: everything sent is stored.
    marking: bool,
    battery_due_ms: u64,
    notices: VecDeque<Vec<u8>>,
    late: VecDeque<(u64, Vec<u8>)>,
    /// Small values: button, battery, charging.
    small: VecDeque<(Uuid, Vec<u8>)>,
    live: VecDeque<Vec<u8>>,
    live_frames: VecDeque<usize>,
    reading: Option<Reading>,
    repeat: Option<(u8, Uuid, Vec<u8>)>,
}

impl OmiBadge {
    /// A device that is switched on at virtual time 0. Its frames are labelled with the number of
    /// the start (from 1) and their place since then.
    #[must_use]
    pub fn new(config: OmiConfig, source: impl FrameSource + 'static) -> Self {
        let mut rng = Rng::with_seed(config.seed);
        let mut agenda = config.agenda.clone();
        agenda.sort_by_key(|(at, _)| *at);
        let ring = Ring::new(rng.u64(..), config.ring_records as usize * RECORD_BYTES);
        Self {
            clock: Oscillator::new(config.drift_ppm),
            source: Box::new(source),
            now_ms: 0,
            agenda: agenda.into(),
            on: true,
            since_ms: 0,
            charging: false,
            boot: 1,
            next_seq: 0,
            frame_us: 0,
            next_id: config.first_id,
            wall: None,
            ring,
            packer: RecordPacker::default(),
            packed: Vec::new(),
            swap_due_ms: storage::SWAP_MS,
            ledger: Ledger::default(),
            link: None,
            dropped: false,
            crc_spoiled: false,
            rng,
            config,
        }
    }

    /// What became of every frame; sessions are numbers of starts.
    pub fn ledger(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    /// Records in the store.
    #[must_use]
    pub fn stored_records(&self) -> u64 {
        self.ring.readable_to() - self.ring.oldest()
    }

    /// Frames of the record that is being filled, by start and place: not stored yet, not lost.
    #[must_use]
    pub fn unfinished(&self) -> &[(u32, u32)] {
        &self.packed
    }

    /// The wearer or the world does something now.
    pub fn happen(&mut self, happening: Happening) {
        self.on_agenda(happening);
    }

    fn is(&self, mischief: Mischief) -> bool {
        self.config.mischief.contains(&mischief)
    }

    fn text(&self, text: &str) -> Vec<u8> {
        if self.is(Mischief::HostileText) { hostile_text() } else { text.as_bytes().to_vec() }
    }

    fn codec_id(&self) -> u8 {
        if self.is(Mischief::WrongCodec) { 99 } else { codec_id(self.config.codec).unwrap_or(0) }
    }

    fn diagnostics(&self) -> Vec<u8> {
        let counted = Diagnostics {
            reset_cause: 1,
            uptime_s: u32::try_from((self.now_ms - self.since_ms) / 1000).unwrap_or(u32::MAX),
            mic_overruns: 0,
            tx_drops: u32::try_from(self.ledger.not_sent).unwrap_or(u32::MAX),
            storage_errors: 0,
        };
        encode_diagnostics(&counted, 4_000, self.charging).to_vec()
    }

    /// Unix seconds now; 0 where the clock was never set.
    fn unix_s(&self) -> u32 {
        let passed = |at_us: u64| (self.clock.us(self.now_ms) - at_us) / 1_000_000;
        self.wall.map_or(0, |(unix_s, at_us)| unix_s.wrapping_add(passed(at_us) as u32))
    }
}

impl Peripheral for OmiBadge {
    fn name(&self) -> Option<String> {
        Some(String::from_utf8_lossy(&self.text(&self.config.name)).into_owned())
    }

    fn services(&self) -> Vec<Uuid> {
        vec![uuids::AUDIO_SERVICE]
    }

    fn characteristics(&self) -> Vec<Characteristic> {
        SERVED.map(|uuid| Characteristic { uuid, protected: false }).to_vec()
    }

    fn is_on(&self) -> bool {
        self.on
    }

    fn advance(&mut self, now_ms: u64) {
        self.live_until(now_ms);
    }

    fn next_at(&self) -> Option<u64> {
        self.next_due().map(|(at, _)| at)
    }

    fn connected(&mut self, mtu: u16) {
        self.link = Some(PhoneLink {
            mtu,
            since_ms: self.now_ms,
            subscribed: Vec::new(),
            custody: false,
            marking: false,
            battery_due_ms: self.now_ms + capture::BATTERY_MS,
            notices: VecDeque::new(),
            late: VecDeque::new(),
            small: VecDeque::new(),
            live: VecDeque::new(),
            live_frames: VecDeque::new(),
            reading: None,
            repeat: None,
        });
        self.dropped = false;
    }

    fn mtu_changed(&mut self, mtu: u16) {
        if let Some(link) = &mut self.link {
            link.mtu = mtu;
        }
    }

    fn disconnected(&mut self) {
        self.link = None;
    }

    fn dropped_link(&mut self) -> bool {
        std::mem::take(&mut self.dropped)
    }

    fn is_bonded(&self) -> bool {
        false
    }

    fn set_bonded(&mut self, _bonded: bool) {}

    fn read(&mut self, characteristic: Uuid) -> Result<Vec<u8>, LinkFault> {
        Ok(match characteristic {
            uuids::AUDIO_CODEC => vec![self.codec_id()],
            uuids::FEATURES => Features(self.config.features).encode().to_vec(),
            uuids::TIME_READ => self.unix_s().to_le_bytes().to_vec(),
            uuids::DIAGNOSTICS => self.diagnostics(),
            uuids::STORAGE_STATUS => self.storage_status(),
            uuids::BATTERY => vec![self.config.charge],
            uuids::CHARGING => vec![self.charging.into()],
            uuids::BUTTON => vec![0; 8],
            uuids::MODEL => self.text(&self.config.model),
            uuids::SERIAL => self.text(&self.config.serial),
            uuids::FIRMWARE => self.text(&self.config.firmware),
            uuids::AUDIO_DATA => Vec::new(),
            _ => return Err(LinkFault::Missing),
        })
    }

    fn write(&mut self, characteristic: Uuid, value: &[u8]) -> Result<(), LinkFault> {
        match characteristic {
            uuids::STORAGE_DATA => self.on_command(value),
            uuids::TIME_WRITE => {
                let unix_s = parse_time(value).map_err(|_| LinkFault::Other)?;
                self.wall = Some((unix_s, self.clock.us(self.now_ms)));
            }
            _ => return Err(LinkFault::Missing),
        }
        Ok(())
    }

    fn subscribe(&mut self, characteristic: Uuid) -> Result<(), LinkFault> {
        if !NOTIFYING.contains(&characteristic) {
            return Err(LinkFault::Missing);
        }
        let link = self.link.as_mut().ok_or(LinkFault::Closed)?;
        if !link.subscribed.contains(&characteristic) {
            link.subscribed.push(characteristic);
        }
        if characteristic == uuids::CHARGING {
            link.small.push_back((characteristic, vec![self.charging.into()]));
        }
        Ok(())
    }

    fn next_notification(&mut self) -> Option<(Uuid, Vec<u8>)> {
        self.next_to_send()
    }
}
