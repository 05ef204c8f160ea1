use serde::{Deserialize, Serialize};

/// An advertising badge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct FoundBadge {
    /// The system's name for it, to connect with.
    pub peripheral: String,
    /// Advertised name; two badges may have the same.
    pub name: Option<String>,
    /// Signal strength, dBm.
    pub rssi: Option<i16>,
    /// How it talks.
    pub dialect: DialectName,
}

/// The protocols that are spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum DialectName {
    /// The Confee badge protocol, `docs/badge-protocol.md`.
    Confee,
    /// Omi devices.
    Omi,
}

/// How a badge's two microphones sit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Microphones {
    /// Millimetres between them.
    pub distance_mm: u8,
    /// Side by side, the first at the wearer's left; otherwise one above the other, the first on
    /// top.
    pub side_by_side: bool,
}

/// Who a badge is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct BadgeIdentity {
    /// Never changes, not the address; from the serial number where the badge has no id.
    pub badge_id: u64,
    /// How it talks.
    pub dialect: DialectName,
    /// Maker's model, cleaned of control characters, at most 64 characters.
    pub model: Option<String>,
    /// Firmware version, likewise.
    pub firmware: Option<String>,
    /// Serial number, likewise.
    pub serial: Option<String>,
    /// Its two microphones; unset with one.
    pub microphones: Option<Microphones>,
    /// Whether the recording light is wired to the microphone's power; unset where unknown.
    pub light_proves_recording: Option<bool>,
    /// Whether it keeps audio while there is no phone.
    pub stores: bool,
}
