//! A model of firmware that follows `docs/badge-protocol.md`.

mod capture;
mod config;
mod hostile;
mod requests;
mod transmit;

use std::collections::VecDeque;

use confee_domain::Codec;
use fastrand::Rng;
use uuid::Uuid;

pub use config::{ConfeeConfig, Happening};

use super::ledger::Ledger;
use super::mischief::{Mischief, hostile_text};
use super::oscillator::Oscillator;
use super::peripheral::{Characteristic, Peripheral};
use super::ring::Ring;
use super::source::FrameSource;
use crate::confee::{
    AUDIO, CAPABILITY, CONTROL, Capability, EVENT, Flags, MINOR, SERVICE, STORAGE,
};
use crate::gatt::{BATTERY_LEVEL, FIRMWARE, MODEL, SERIAL};
use crate::link::LinkFault;
use transmit::Transmit;

/// A simulated badge that speaks the Confee protocol.
pub struct ConfeeBadge {
    config: ConfeeConfig,
    source: Box<dyn FrameSource>,
    rng: Rng,
    clock: Oscillator,
    now_ms: u64,
    agenda: VecDeque<(u64, Happening)>,
    on: bool,
    since_ms: u64,
    muted: bool,
    silent: bool,
    charging: bool,
    presses: u16,
    mic: Microphone,
    wall: Option<WallClock>,
    ring: Option<Ring<RecordName>>,
    flash_due_ms: u64,
    swap_due_ms: u64,
    ledger: Ledger,
    link: Option<PhoneLink>,
    bonded: bool,
    dropped: bool,
    crc_spoiled: bool,
    forget: Option<bool>,
}

/// The session that is captured.
struct Microphone {
    session: u32,
    codec: Codec,
    /// Badge time at its beginning.
    began_us: u64,
    next_seq: u32,
    /// Badge time at which the frame under way began.
    frame_us: u64,
}

/// The phone's time at a badge time.
#[derive(Clone, Copy)]
struct WallClock {
    unix_ms: u64,
    at_us: u64,
}

/// What a record is, besides its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RecordName {
    Frame { session: u32, seq: u32 },
    Mark { session: u32, seq: u32 },
    Clock { session: u32 },
}

/// The badge's side of a link; gone with it.
struct PhoneLink {
    mtu: u16,
    subscribed: Vec<Uuid>,
    streaming: bool,
    /// The last request and its answer: a repeated one is answered, not done, again.
    answered: Option<(Vec<u8>, Vec<u8>)>,
    late: VecDeque<(u64, Vec<u8>)>,
    ring_due_ms: u64,
    flags: Flags,
    charge: u8,
    repeat: Option<(u8, Uuid, Vec<u8>)>,
    tx: Transmit,
}

impl ConfeeBadge {
    /// A badge that is switched on at virtual time 0.
    #[must_use]
    pub fn new(config: ConfeeConfig, source: impl FrameSource + 'static) -> Self {
        let mut rng = Rng::with_seed(config.seed);
        let mut agenda = config.agenda.clone();
        agenda.sort_by_key(|(at, _)| *at);
        let ring =
            config.features.ring().then(|| Ring::new(rng.u64(..), config.ring_bytes as usize));
        let codec = config.codecs.first().copied().unwrap_or(Codec::OPUS_MONO);
        let mic = Microphone { session: 0, codec, began_us: 0, next_seq: 0, frame_us: 0 };
        let mut badge = Self {
            clock: Oscillator::new(config.drift_ppm),
            source: Box::new(source),
            rng,
            now_ms: 0,
            agenda: agenda.into(),
            on: false,
            since_ms: 0,
            muted: false,
            silent: false,
            charging: false,
            presses: 0,
            mic,
            wall: None,
            ring,
            flash_due_ms: config.flash_every_ms,
            swap_due_ms: hostile::SWAP_MS,
            ledger: Ledger::default(),
            link: None,
            bonded: false,
            dropped: false,
            crc_spoiled: false,
            forget: None,
            config,
        };
        badge.switch_on();
        badge.mic.next_seq = badge.config.first_seq;
        badge
    }

    /// What became of every frame.
    pub fn ledger(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    /// The session that is captured; never 0.
    #[must_use]
    pub fn session(&self) -> u32 {
        self.mic.session
    }

    /// Bytes in the store.
    #[must_use]
    pub fn stored_bytes(&self) -> usize {
        self.ring.as_ref().map_or(0, Ring::bytes)
    }

    /// Whether it is muted.
    #[must_use]
    pub fn is_muted(&self) -> bool {
        self.muted
    }

    /// The wearer or the world does something now.
    pub fn happen(&mut self, happening: Happening) {
        self.on_agenda(happening);
        self.tell_changes();
    }

    fn is(&self, mischief: Mischief) -> bool {
        self.config.mischief.contains(&mischief)
    }

    fn capability(&self) -> Vec<u8> {
        let capability = Capability {
            minor: MINOR,
            features: self.config.features,
            codecs: self.config.codecs.clone(),
            microphone_mm: self.config.microphone_mm,
            max_frame: self.config.max_frame,
            badge_id: self.config.badge_id,
            ring_bytes: if self.ring.is_some() { self.config.ring_bytes } else { 0 },
        };
        capability.encode().to_vec()
    }

    fn text(&self, text: &str) -> Vec<u8> {
        if self.is(Mischief::HostileText) { hostile_text() } else { text.as_bytes().to_vec() }
    }

    fn format(&mut self, fate: super::ledger::Fate) -> u64 {
        let id = self.rng.u64(..);
        let gone = self.ring.as_mut().map(|r| r.format(id)).unwrap_or_default();
        self.gone(gone, fate);
        if let Some(link) = &mut self.link {
            link.tx.stop_reading();
        }
        id
    }
}

impl Peripheral for ConfeeBadge {
    fn name(&self) -> Option<String> {
        Some(String::from_utf8_lossy(&self.text(&self.config.name)).into_owned())
    }

    fn services(&self) -> Vec<Uuid> {
        vec![SERVICE]
    }

    fn characteristics(&self) -> Vec<Characteristic> {
        let open = [CAPABILITY, MODEL, SERIAL, FIRMWARE, BATTERY_LEVEL];
        let bonded = [CONTROL, EVENT, AUDIO, STORAGE];
        let open = open.map(|uuid| Characteristic { uuid, protected: false });
        let bonded = bonded.map(|uuid| Characteristic { uuid, protected: true });
        open.into_iter().chain(bonded).collect()
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
            subscribed: Vec::new(),
            streaming: false,
            answered: None,
            late: VecDeque::new(),
            ring_due_ms: self.now_ms + capture::RING_MS,
            flags: self.flags(),
            charge: self.charge(),
            repeat: None,
            tx: Transmit::default(),
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
        if let Some(wipe) = self.forget.take() {
            self.bonded = false;
            if wipe {
                self.format(super::ledger::Fate::Wiped);
            }
        }
    }

    fn dropped_link(&mut self) -> bool {
        std::mem::take(&mut self.dropped)
    }

    fn is_bonded(&self) -> bool {
        self.bonded
    }

    fn set_bonded(&mut self, bonded: bool) {
        self.bonded = bonded;
    }

    fn read(&mut self, characteristic: Uuid) -> Result<Vec<u8>, LinkFault> {
        match characteristic {
            CAPABILITY => Ok(self.spoil_capability(self.capability())),
            MODEL => Ok(self.text(&self.config.model)),
            SERIAL => Ok(self.text(&self.config.serial)),
            FIRMWARE => Ok(self.text(&self.config.firmware)),
            BATTERY_LEVEL => Ok(vec![self.charge()]),
            _ => Err(LinkFault::Missing),
        }
    }

    fn write(&mut self, characteristic: Uuid, value: &[u8]) -> Result<(), LinkFault> {
        if characteristic != CONTROL {
            return Err(LinkFault::Missing);
        }
        self.on_request(value);
        self.tell_changes();
        Ok(())
    }

    fn subscribe(&mut self, characteristic: Uuid) -> Result<(), LinkFault> {
        if ![EVENT, AUDIO, STORAGE, BATTERY_LEVEL].contains(&characteristic) {
            return Err(LinkFault::Missing);
        }
        let link = self.link.as_mut().ok_or(LinkFault::Closed)?;
        if !link.subscribed.contains(&characteristic) {
            link.subscribed.push(characteristic);
        }
        Ok(())
    }

    fn next_notification(&mut self) -> Option<(Uuid, Vec<u8>)> {
        self.next_to_send()
    }
}
