//! What reaches the keeper's thread: a bounded queue that callbacks only copy into.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use confee_badge::{KnownBadge, LinkEvent, LinkSink};
use confee_domain::StreamId;

/// Over a minute of notifications at the usual rate: a stalled disk must not lose audio.
const CAPACITY: usize = 4096;
/// At most one operation is open, so few such events can be.
const LATE: usize = 64;

/// One entry of the queue.
pub(super) enum Ask {
    Link(LinkEvent),
    Scan,
    Connect(KnownBadge),
    Disconnect,
    Mute(bool),
    Mark(confee_domain::MarkKind),
    Drain(bool),
    Foreground(bool),
    Erase(StreamId, Range<u32>),
    Stop,
}

/// The sending end.
pub(super) struct Inbox {
    queue: SyncSender<Ask>,
    overflow: AtomicU64,
    /// Events that must not be lost and found the queue full.
    late: Mutex<Vec<LinkEvent>>,
}

impl Inbox {
    pub(super) fn new() -> (std::sync::Arc<Self>, Receiver<Ask>) {
        let (queue, asks) = sync_channel(CAPACITY);
        (
            std::sync::Arc::new(Self {
                queue,
                overflow: AtomicU64::new(0),
                late: Mutex::default(),
            }),
            asks,
        )
    }

    /// Waits for room: for what the app asks. False once capture has ended.
    pub(super) fn ask(&self, ask: Ask) -> bool {
        self.queue.send(ask).is_ok()
    }

    /// What must be handled although the queue was full.
    pub(super) fn take_late(&self) -> Vec<LinkEvent> {
        std::mem::take(&mut *self.late.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Events that found the queue full. Frames among them stay on a badge that stores.
    pub(super) fn overflow(&self) -> u64 {
        self.overflow.load(Ordering::Relaxed)
    }
}

impl LinkSink for Inbox {
    fn on_event(&self, event: LinkEvent) {
        let Err(TrySendError::Full(Ask::Link(event))) = self.queue.try_send(Ask::Link(event))
        else {
            return;
        };
        self.overflow.fetch_add(1, Ordering::Relaxed);
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(event, LinkEvent::Notified { .. } | LinkEvent::Found { .. })
            && late.len() < LATE
        {
            late.push(event);
        }
    }
}

/// Rings when something new is in the log.
#[derive(Default)]
pub(super) struct Bell {
    rung: Mutex<bool>,
    ring: Condvar,
}

impl Bell {
    pub(super) fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.ring.notify_one();
    }

    /// Waits for a ring, at most so long.
    pub(super) fn wait(&self, at_most: Duration) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = self.ring.wait_timeout_while(rung, at_most, |rung| !*rung);
        let (mut rung, _) = wait.unwrap_or_else(PoisonError::into_inner);
        *rung = false;
    }
}
