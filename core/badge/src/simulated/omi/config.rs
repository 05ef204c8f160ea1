use confee_domain::Codec;

use super::super::confee::Happening;
use super::super::mischief::Mischief;
use crate::omi::Features;

/// What a simulated Omi device is, and what will happen to it.
#[derive(Debug, Clone)]
pub struct OmiConfig {
    /// Of every random choice.
    pub seed: u64,
    /// Advertised name.
    pub name: String,
    /// Device information: serial number.
    pub serial: String,
    /// Device information: model.
    pub model: String,
    /// Device information: firmware version.
    pub firmware: String,
    /// Opus mono, 20 ms (id 21) or 10 ms (id 20).
    pub codec: Codec,
    /// Feature bits.
    pub features: u32,
    /// Whether the firmware has the custody extension.
    pub custody: bool,
    /// Whether a read ends with a CRC.
    pub crc: bool,
    /// Records that fit the store.
    pub ring_records: u32,
    /// Packet id of the first notification of audio.
    pub first_id: u16,
    /// Parts per million by which its clock is fast.
    pub drift_ppm: i32,
    /// Whether the wall clock goes on while it is off.
    pub clock_survives: bool,
    /// Charge, percent.
    pub charge: u8,
    /// What happens when, virtual milliseconds; mute and silence are not known here.
    pub agenda: Vec<(u64, Happening)>,
    /// How it breaks its protocol.
    pub mischief: Vec<Mischief>,
}

impl Default for OmiConfig {
    /// A released device, 20 ms frames, a small store.
    fn default() -> Self {
        Self {
            seed: 1,
            name: "Omi".to_owned(),
            serial: "0123456789ABCDEF".to_owned(),
            model: "Omi CV 1".to_owned(),
            firmware: "3.0.20".to_owned(),
            codec: Codec::OPUS_MONO,
            features: Features::BUTTON | Features::BATTERY | Features::STORAGE,
            custody: false,
            crc: false,
            ring_records: 8_192,
            first_id: 0,
            drift_ppm: 0,
            clock_survives: true,
            charge: 80,
            agenda: Vec::new(),
            mischief: Vec::new(),
        }
    }
}
