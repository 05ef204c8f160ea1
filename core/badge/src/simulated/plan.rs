use std::ops::{Range, RangeInclusive};

use crate::link::LinkFault;

/// What the air between phone and badge does, and when. All times are virtual milliseconds since
/// the radio was made; probabilities are 0 to 1. The same plan gives the same run.
#[derive(Debug, Clone)]
pub struct AirPlan {
    /// Of every random choice.
    pub seed: u64,
    /// ATT MTU of new links, 23 to 517.
    pub mtu: u16,
    /// Probability that a notification never reaches the phone.
    pub loss: f64,
    /// Probability that a notification comes twice.
    pub duplicate: f64,
    /// Probability that a notification is overtaken by a few others.
    pub reorder: f64,
    /// One way, radio and phone together.
    pub latency_ms: RangeInclusive<u64>,
    /// Connection interval.
    pub interval_ms: u64,
    /// Notifications that fit one connection interval.
    pub per_interval: u32,
    /// When the badge goes out of range.
    pub drops: Vec<LinkDrop>,
    /// The link is lost right after this many notifications, once.
    pub after_notifications: Option<u64>,
    /// Time between a loss of the link and the phone's notice of it (supervision timeout).
    pub notice_ms: u64,
    /// Whether notifications that are under way still arrive after the link was lost.
    pub stale: bool,
    /// Time to open a link.
    pub connect_takes_ms: u64,
    /// Time after which an attempt without an answer is given up.
    pub connect_timeout_ms: u64,
    /// Time to pair.
    pub pairing_takes_ms: u64,
    /// The wearer declines to pair.
    pub refuse_pairing: bool,
    /// The badge forgets its bonds (button held for 10 seconds).
    pub forget_bond_at: Option<u64>,
    /// When another phone holds the badge's only connection.
    pub busy: Vec<Range<u64>>,
    /// When the phone's Bluetooth is off.
    pub adapter_off: Vec<Range<u64>>,
    /// Probability that the answer to an operation is late, and by how much.
    pub late: (f64, u64),
    /// Probability that an operation is answered twice.
    pub answers_twice: f64,
    /// Probability that an operation is never answered.
    pub unanswered: f64,
    /// The first subscription fails.
    pub subscribe_fails_once: bool,
    /// When the MTU of a link that is up changes, and to what.
    pub mtu_changes: Vec<(u64, u16)>,
    /// From then on no choice is left to chance: everything arrives, once, in order, in time.
    pub calm_after: Option<u64>,
}

/// A time out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkDrop {
    /// From when.
    pub at_ms: u64,
    /// How long connecting is impossible.
    pub for_ms: u64,
    /// What the phone reports.
    pub fault: LinkFault,
}

impl Default for AirPlan {
    /// A good link: nothing is lost, MTU 247.
    fn default() -> Self {
        Self {
            seed: 0,
            mtu: 247,
            loss: 0.0,
            duplicate: 0.0,
            reorder: 0.0,
            latency_ms: 2..=6,
            interval_ms: 15,
            per_interval: 4,
            drops: Vec::new(),
            after_notifications: None,
            notice_ms: 0,
            stale: true,
            connect_takes_ms: 150,
            connect_timeout_ms: 10_000,
            pairing_takes_ms: 600,
            refuse_pairing: false,
            forget_bond_at: None,
            busy: Vec::new(),
            adapter_off: Vec::new(),
            late: (0.0, 0),
            answers_twice: 0.0,
            unanswered: 0.0,
            subscribe_fails_once: false,
            mtu_changes: Vec::new(),
            calm_after: None,
        }
    }
}

impl AirPlan {
    /// Whether the badge is out of range.
    pub(super) fn out_of_range(&self, now_ms: u64) -> bool {
        self.drops.iter().any(|d| (d.at_ms..d.at_ms.saturating_add(d.for_ms)).contains(&now_ms))
    }

    pub(super) fn is_busy(&self, now_ms: u64) -> bool {
        self.busy.iter().any(|r| r.contains(&now_ms))
    }

    pub(super) fn is_off(&self, now_ms: u64) -> bool {
        self.adapter_off.iter().any(|r| r.contains(&now_ms))
    }
}
