use serde::{Deserialize, Serialize};

use super::{Quality, QualityReason};

/// Why there is no badge. Each has its own sentence, because each needs something else done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum BadgeProblem {
    /// The phone's Bluetooth is off.
    #[error("Bluetooth is off: switch it on")]
    BluetoothOff,
    /// The app may not use Bluetooth.
    #[error("this app may not use Bluetooth: allow it in the phone's settings")]
    PermissionDenied,
    /// This device has no Bluetooth LE.
    #[error("this device has no Bluetooth LE: use another one")]
    Unsupported,
    /// No answer for a while.
    #[error("the badge is out of range or switched off: bring it closer")]
    OutOfRange,
    /// Phone or badge forgot the other.
    #[error(
        "the pairing was lost: forget the badge in the phone's Bluetooth settings, then pair again"
    )]
    PairingLost,
    /// The badge belongs to another phone.
    #[error(
        "the badge is paired with another phone: unpair it there, or hold its button for 10 seconds"
    )]
    BondedElsewhere,
    /// Another app or phone holds the badge's only connection.
    #[error("the badge is busy with another phone or app: close it there")]
    Busy,
    /// A stranger under the badge's name.
    #[error("this is not the badge that was paired: check its serial number")]
    NotOurBadge,
    /// A dialect that this version does not know.
    #[error("the badge speaks a newer or unknown protocol: update this app or the badge")]
    UnknownProtocol,
    /// A form of audio that this version cannot decode.
    #[error("the badge sends audio in a form this app cannot decode: update this app")]
    UnknownCodec,
    /// The badge did not answer in time.
    #[error("the badge did not answer: switch it off and on")]
    NoAnswer,
    /// The link is up, yet no audio comes.
    #[error("the badge is connected but sends no audio: switch it off and on")]
    NoAudio,
    /// Something else; the log has more.
    #[error("the connection to the badge failed: try again")]
    Other,
}

/// How far the connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// Nobody asked for a badge.
    Idle,
    /// Looking for badges.
    Scanning,
    /// Opening the link.
    Connecting,
    /// Reading what the badge offers.
    Discovering,
    /// Making the link secret, pairing where needed.
    Securing,
    /// Agreeing on protocol, codec and clock.
    Negotiating,
    /// Switching notifications on.
    Subscribing,
    /// Live audio flows, and what the badge had stored is fetched.
    Draining,
    /// Live audio flows, nothing is left on the badge.
    Streaming,
    /// No link; `retry` says whether it is tried again by itself.
    Lost {
        /// Why.
        problem: BadgeProblem,
        /// Whether another attempt comes by itself.
        retry: bool,
    },
}

/// The four facts that a capture screen shows, kept apart because each can fail alone.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct CaptureStatus {
    /// 1. The link.
    pub link: LinkState,
    /// 2. Milliseconds since the last frame; unset before the first.
    pub last_frame_age_ms: Option<u64>,
    /// 3. Audio still on the badge, in milliseconds; unset where the badge does not say.
    pub backlog_ms: Option<u64>,
    /// Whether the badge's storage is over 90 percent full: it will overwrite the oldest audio.
    pub badge_nearly_full: bool,
    /// Records that the badge overwrote before anybody had them, since its storage was made.
    pub overwritten_records: u64,
    /// 4. Audio safe on this phone, in milliseconds.
    pub stored_ms: u64,
    /// Audio that nobody has any more, in milliseconds.
    pub lost_ms: u64,
    /// Whether the badge is muted; unset where it has not said so over a live link.
    pub muted: Option<bool>,
    /// Charge in percent; unset where unknown.
    pub battery_percent: Option<u8>,
    /// The sound of the last seconds; unset before there is any.
    pub quality: Option<Quality>,
    /// What to tell the wearer now, if anything.
    pub warning: Option<QualityReason>,
    /// Whether the phone has no room for more audio; the badge keeps it meanwhile.
    pub phone_full: bool,
    /// Whether a conversation is being recorded now.
    pub in_conversation: bool,
}
