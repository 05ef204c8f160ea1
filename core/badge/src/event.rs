use confee_domain::{BadgeIdentity, Codec, FoundBadge, LinkState, StreamId};

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
    /// Frames of a stream below a number that are not on this phone exist nowhere: the badge
    /// overwrote them or never had them.
    Gone {
        /// Whose numbering.
        stream: StreamId,
        /// First number that may still come.
        below: u32,
    },
    /// The badge's own counters; once per connection.
    Diagnostics(Diagnostics),
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
