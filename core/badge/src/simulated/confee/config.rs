use std::ops::Range;

use confee_domain::Codec;

use super::super::mischief::Mischief;
use crate::confee::{Features, Press, Status};

/// What a simulated Confee badge is, and what will happen to it.
#[derive(Debug, Clone)]
pub struct ConfeeConfig {
    /// Of every random choice.
    pub seed: u64,
    /// Advertised name.
    pub name: String,
    /// Never changes.
    pub badge_id: u64,
    /// Device information: serial number.
    pub serial: String,
    /// Device information: model.
    pub model: String,
    /// Device information: firmware version.
    pub firmware: String,
    /// What it can send, preferred first; captured is the first.
    pub codecs: Vec<Codec>,
    /// Distance of the microphones in millimetres; 0 with one.
    pub microphone_mm: u8,
    /// What it has.
    pub features: Features,
    /// Largest coded frame in bytes.
    pub max_frame: u16,
    /// Size of the store.
    pub ring_bytes: u32,
    /// How often records go from RAM to flash; 0: each at once.
    pub flash_every_ms: u64,
    /// Parts per million by which its clock is fast.
    pub drift_ppm: i32,
    /// Whether the wall clock goes on while it is off.
    pub clock_survives: bool,
    /// Charge at the start, percent.
    pub charge: u8,
    /// Minutes that a percent lasts; 0: for ever.
    pub minutes_per_percent: u32,
    /// Sequence of the first frame after the first power-on.
    pub first_seq: u32,
    /// What happens when, virtual milliseconds.
    pub agenda: Vec<(u64, Happening)>,
    /// When requests of storage are refused, and how.
    pub refusals: Vec<(Range<u64>, Status)>,
    /// How it breaks the protocol.
    pub mischief: Vec<Mischief>,
}

/// Something that the wearer or the world does to a badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// The button.
    Press(Press),
    /// Muted or not, on the badge.
    Mute(bool),
    /// Silence begins or ends; a badge that pauses in silence captures nothing.
    Silence(bool),
    /// Put on the charger or taken off.
    Charging(bool),
    /// Switched off, or the power fails.
    Off,
    /// Switched on.
    On,
}

impl Default for ConfeeConfig {
    /// One microphone, Opus 20 ms, 4 MB of store, an exact clock, nothing happens.
    fn default() -> Self {
        let features = Features::RING
            .with(Features::BUTTON)
            .with(Features::MUTE)
            .with(Features::LIGHT)
            .with(Features::CLOCK)
            .with(Features::DIAGNOSTICS)
            .with(Features::BATTERY)
            .with(Features::PAUSES);
        Self {
            seed: 1,
            name: "Confee Badge".to_owned(),
            badge_id: 0x00C0_FFEE_0000_0001,
            serial: "CB1-000001".to_owned(),
            model: "Confee Badge 1".to_owned(),
            firmware: "1.0.0".to_owned(),
            codecs: vec![Codec::OPUS_MONO],
            microphone_mm: 0,
            features,
            max_frame: 1280,
            ring_bytes: 4 << 20,
            flash_every_ms: 0,
            drift_ppm: 0,
            clock_survives: true,
            charge: 90,
            minutes_per_percent: 10,
            first_seq: 0,
            agenda: Vec::new(),
            refusals: Vec::new(),
            mischief: Vec::new(),
        }
    }
}
