//! A simulated badge and the air around it, on a thread of their own and a clock that they move.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use confee_companion::Clock;
use confee_companion::badge::simulated::{AirPlan, Peripheral, Radio, Shared, shared};

use crate::rig::START_MS;

/// What the phone's system calls the badge.
pub const PERIPHERAL: &str = "badge";
/// Real to virtual time; a machine that is busy makes virtual time slower, never wrong.
pub const SPEED: u64 = 40;
const STEP_MS: u64 = 10;
/// A wait of the engine never lasts longer in real time: the speed may change meanwhile.
const NAP: Duration = Duration::from_millis(20);

/// Virtual time, which only the booth moves.
#[derive(Debug)]
pub struct BoothClock {
    ms: AtomicU64,
    speed: AtomicU64,
}

impl Clock for BoothClock {
    fn now_ms(&self) -> i64 {
        START_MS + i64::try_from(self.mono_ms()).unwrap()
    }

    fn mono_ms(&self) -> u64 {
        self.ms.load(Ordering::SeqCst)
    }

    fn real(&self, ms: u64) -> Duration {
        let speed = self.speed.load(Ordering::SeqCst).max(1);
        Duration::from_micros(ms.saturating_mul(1000) / speed).min(NAP)
    }
}

/// Badge, air and clock until dropped.
pub struct Booth<P: Peripheral + 'static> {
    /// Shared with the engine.
    pub clock: Arc<BoothClock>,
    /// Shared with the phone.
    pub radio: Arc<Radio>,
    /// Let its lock go soon: the air waits for it.
    pub badge: Shared<P>,
    still: Arc<Mutex<()>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl<P: Peripheral + 'static> Booth<P> {
    /// Switches the badge on at virtual time 0.
    #[must_use]
    pub fn open(plan: AirPlan, badge: P) -> Self {
        let badge = shared(badge);
        let radio = Arc::new(Radio::new(plan));
        radio.add(PERIPHERAL, badge.clone());
        let clock = Arc::new(BoothClock { ms: AtomicU64::new(0), speed: AtomicU64::new(SPEED) });
        let (still, stop) = (Arc::new(Mutex::new(())), Arc::new(AtomicBool::new(false)));
        let thread = {
            let (radio, clock) = (Arc::clone(&radio), Arc::clone(&clock));
            let (still, stop) = (Arc::clone(&still), Arc::clone(&stop));
            std::thread::spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    step(&radio, &clock, &still);
                }
            })
        };
        Self { clock, radio, badge, still, stop, thread: Some(thread) }
    }

    /// Virtual milliseconds since the start.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.clock.mono_ms()
    }

    /// Virtual time goes so many times as fast as ours from now on.
    pub fn speed(&self, speed: u64) {
        self.clock.speed.store(speed, Ordering::SeqCst);
    }

    /// Waits until a virtual time.
    pub fn until(&self, ms: u64) {
        while self.now_ms() < ms {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Virtual time stands still while this is held.
    pub fn still(&self) -> MutexGuard<'_, ()> {
        self.still.lock().unwrap()
    }
}

fn step(radio: &Radio, clock: &BoothClock, still: &Mutex<()>) {
    let speed = clock.speed.load(Ordering::SeqCst);
    let step_ms = STEP_MS.max(speed / 10);
    {
        let _moving = still.lock().unwrap();
        let now_ms = clock.mono_ms() + step_ms;
        clock.ms.store(now_ms, Ordering::SeqCst);
        radio.run_until(now_ms);
    }
    std::thread::sleep(Duration::from_micros(step_ms * 1000 / speed));
}

impl<P: Peripheral + 'static> Drop for Booth<P> {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
