use confee_domain::{Codec, LinkState, StreamId};

/// What the app is told of a badge, besides audio. Low in number: never one per frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadgeEvent {
    /// The connection went a step on, or was lost.
    Link(LinkState),
    /// A badge advertises.
    Found(FoundBadge),
    /// Who answered; once per connection, before audio.
    Identity(BadgeIdentity),
    /// Audio of a stream may come now.
    Stream {
        /// Whose numbering.
        stream: StreamId,
        /// Its form.
        codec: Codec,
    },
    /// Charge.
    Battery {
        /// 0 to 100.
        percent: u8,
        /// Unset where the badge does not say.
        charging: Option<bool>,
    },
    /// The badge says whether it is muted.
    Muted(bool),
    /// What the badge still stores.
    Backlog(Backlog),
    /// Everything below a position of a ring is safe here and may be forgotten there. Keep it: it
    /// is repeated at the next connect.
    Custody {
        /// Which store incarnation.
        ring: u64,
        /// First position still needed.
        advanced_to: u64,
    },
    /// The badge's own counters; once per connection.
    Diagnostics(Diagnostics),
}

/// An advertising badge.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialectName {
    /// The Confee badge protocol, `docs/badge-protocol.md`.
    Confee,
    /// Omi devices.
    Omi,
}

/// Who a badge is.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Distance of two microphones in millimetres; 0 with one.
    pub microphone_mm: u8,
    /// Whether the recording light is wired to the microphone's power; unset where unknown.
    pub light_proves_recording: Option<bool>,
    /// Whether it keeps audio while there is no phone.
    pub stores: bool,
}

/// What a badge still stores.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Records that are not freed.
    pub records: u64,
    /// Their length in milliseconds, estimated from the frame length.
    pub ms: u64,
    /// Records that the badge overwrote before anyone had them.
    pub overwritten: u64,
    /// Over 90 percent full.
    pub nearly_full: bool,
}

/// A badge's counters since its start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Diagnostics {
    /// Reset cause, maker's number.
    pub reset_cause: u32,
    /// Seconds since the start.
    pub uptime_s: u32,
    /// Times the microphone's buffer ran over.
    pub mic_overruns: u32,
    /// Frames that the radio could not take.
    pub tx_drops: u32,
    /// Failed writes to the store.
    pub storage_errors: u32,
}

/// What was ignored, and why; shown by `confee badge info` and in the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Notifications.
    pub notifications: u64,
    /// Live frames, new or not: the badge's microphone is alive.
    pub live: u64,
    /// Frames taken, live and stored.
    pub frames: u64,
    /// Frames that came again.
    pub duplicates: u64,
    /// Frames given up because a fragment is missing.
    pub incomplete: u64,
    /// Notifications that break the protocol.
    pub malformed: u64,
    /// Frames that the phone could not take in time; they stay on the badge.
    pub refused: u64,
    /// Reads of the store that were damaged on the way and asked for again.
    pub damaged_reads: u64,
    /// Answers to no question: late, twice, or of an older connection.
    pub stray: u64,
}
