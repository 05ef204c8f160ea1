use std::sync::{Arc, Mutex, PoisonError};

use super::air::Air;
use super::peripheral::Peripheral;
use super::plan::AirPlan;
use crate::link::{Link, LinkCommand, LinkSink};

/// A phone's radio and the air around it, on a virtual clock. Deterministic: it acts only in
/// [`run_until`](Self::run_until), on the caller's thread.
///
/// ```
/// use std::sync::Arc;
/// use confee_badge::simulated::{AirPlan, Radio};
///
/// let radio = Arc::new(Radio::new(AirPlan { seed: 7, loss: 0.05, ..AirPlan::default() }));
/// radio.run_until(1_000);
/// assert_eq!(radio.now_ms(), 1_000);
/// ```
pub struct Radio(Mutex<Air>);

/// What the air did so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Notifications that badges sent.
    pub sent: u64,
    /// Of them: never arrived.
    pub lost: u64,
    /// Of them: arrived twice.
    pub duplicated: u64,
    /// Of them: overtaken.
    pub reordered: u64,
    /// Links opened.
    pub links: u64,
    /// Links lost without anybody's wish.
    pub drops: u64,
    /// Pairings made.
    pub pairings: u64,
}

impl Radio {
    /// A radio with no badge around.
    #[must_use]
    pub fn new(plan: AirPlan) -> Self {
        Self(Mutex::new(Air::new(plan)))
    }

    /// Puts a badge into reach. `peripheral` is the system's name for it.
    pub fn add(&self, peripheral: &str, badge: Arc<Mutex<dyn Peripheral>>) {
        self.air().add(peripheral, badge);
    }

    /// The phone forgets a badge's keys, as its Bluetooth settings can.
    pub fn forget_keys(&self, peripheral: &str) {
        self.air().forget_keys(peripheral);
    }

    /// Virtual milliseconds since the start.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.air().now_ms()
    }

    /// When the next thing happens; unset while nothing is planned.
    #[must_use]
    pub fn next_at(&self) -> Option<u64> {
        self.air().next_at()
    }

    /// Whether a link is up.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        self.air().is_linked()
    }

    /// What the air did so far.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.air().traffic
    }

    /// Lets time go on to `now_ms`; what happens on the way is reported to the sink in order.
    pub fn run_until(&self, now_ms: u64) {
        loop {
            let (sink, events, more) = {
                let mut air = self.air();
                let more = air.step(now_ms);
                (air.sink.clone(), air.take_reports(), more)
            };
            if let Some(sink) = sink {
                for event in events {
                    sink.on_event(event);
                }
            }
            if !more {
                return;
            }
        }
    }

    fn air(&self) -> std::sync::MutexGuard<'_, Air> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Link for Radio {
    /// May be called again: the app was restarted, and the system let its link go.
    fn attach(&self, sink: Arc<dyn LinkSink>) {
        self.air().attach(sink);
    }

    fn submit(&self, command: LinkCommand) {
        self.air().submit(command);
    }
}
