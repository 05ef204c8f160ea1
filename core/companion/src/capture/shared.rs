//! What both threads and the app know: the four facts.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use confee_domain::{BadgeIdentity, CaptureStatus, EngineEvent, LinkState, Quality, QualityReason};

use crate::clock::Clock;
use crate::events::Bus;

/// The app hears of a steady capture this often.
const STATUS_MS: u64 = 1_000;

pub(super) struct Shared {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) bus: Bus,
    facts: Mutex<Facts>,
    stopped: AtomicBool,
}

/// The parts of a [`CaptureStatus`], each written by the thread that knows it.
pub(super) struct Facts {
    pub(super) link: LinkState,
    pub(super) last_live_ms: Option<u64>,
    pub(super) backlog_ms: Option<u64>,
    pub(super) badge_nearly_full: bool,
    pub(super) overwritten_records: u64,
    pub(super) stored_ms: u64,
    pub(super) lost_ms: u64,
    pub(super) muted: Option<bool>,
    pub(super) battery_percent: Option<u8>,
    pub(super) identity: Option<BadgeIdentity>,
    pub(super) quality: Option<Quality>,
    pub(super) warning: Option<QualityReason>,
    pub(super) in_conversation: bool,
    pub(super) disk_full: bool,
    told_ms: u64,
}

impl Shared {
    pub(super) fn new(clock: Arc<dyn Clock>, bus: Bus) -> Self {
        let facts = Facts {
            link: LinkState::Idle,
            last_live_ms: None,
            backlog_ms: None,
            badge_nearly_full: false,
            overwritten_records: 0,
            stored_ms: 0,
            lost_ms: 0,
            muted: None,
            battery_percent: None,
            identity: None,
            quality: None,
            warning: None,
            in_conversation: false,
            disk_full: false,
            told_ms: 0,
        };
        Self { clock, bus, facts: Mutex::new(facts), stopped: AtomicBool::new(false) }
    }

    pub(super) fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn status(&self) -> CaptureStatus {
        self.facts().status(self.clock.mono_ms())
    }

    /// Tells the app how it stands, at once.
    pub(super) fn tell(&self) {
        let now_ms = self.clock.mono_ms();
        let mut facts = self.facts();
        facts.told_ms = now_ms;
        let status = facts.status(now_ms);
        drop(facts);
        self.bus.send(EngineEvent::Capture { status });
    }

    /// Tells the app how it stands unless it was told a moment ago.
    pub(super) fn tell_sometimes(&self) {
        let told_ms = self.facts().told_ms;
        if self.clock.mono_ms().saturating_sub(told_ms) >= STATUS_MS {
            self.tell();
        }
    }

    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }
}

impl Facts {
    /// What the badge last said of itself counts only while its link is up.
    fn status(&self, now_ms: u64) -> CaptureStatus {
        let up = matches!(self.link, LinkState::Draining | LinkState::Streaming);
        CaptureStatus {
            link: self.link,
            last_frame_age_ms: self.last_live_ms.map(|at| now_ms.saturating_sub(at)),
            backlog_ms: self.backlog_ms,
            badge_nearly_full: self.badge_nearly_full && up,
            overwritten_records: self.overwritten_records,
            stored_ms: self.stored_ms,
            lost_ms: self.lost_ms,
            muted: self.muted.filter(|_| up),
            battery_percent: self.battery_percent,
            quality: self.quality.clone(),
            warning: self.warning,
            phone_full: self.disk_full,
            in_conversation: self.in_conversation,
        }
    }
}
