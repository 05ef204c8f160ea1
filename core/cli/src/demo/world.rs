//! The simulated booth: a badge, the air, and a clock that runs faster than ours.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use confee_companion::Clock;
use confee_companion::badge::LinkFault;
use confee_companion::badge::confee::Press;
use confee_companion::badge::simulated::{
    AirPlan, ConfeeBadge, ConfeeConfig, Happening, LinkDrop, LoopingFrames, Radio, Traffic, shared,
};

/// What the phone's system calls the badge.
pub(crate) const PERIPHERAL: &str = "demo-badge";
/// Length of a packet of the recording.
const FRAME_MS: u64 = 20;

/// A clock that runs `speed` times as fast as ours until the talk is over.
pub(crate) struct FastClock {
    start: Instant,
    unix_ms: i64,
    speed: u32,
    over: OnceLock<Instant>,
}

impl FastClock {
    /// From now on it runs as ours: what is computed takes as long as it takes, and receivers refuse
    /// signatures from the future.
    pub(crate) fn slow_down(&self) {
        let _ = self.over.set(Instant::now());
    }
}

impl Clock for FastClock {
    fn now_ms(&self) -> i64 {
        self.unix_ms + i64::try_from(self.mono_ms()).unwrap_or(i64::MAX)
    }

    fn mono_ms(&self) -> u64 {
        let over = self.over.get();
        let fast = over.unwrap_or(&Instant::now()).duration_since(self.start) * self.speed;
        let slow = over.map_or(Duration::ZERO, Instant::elapsed);
        u64::try_from((fast + slow).as_millis()).unwrap_or(u64::MAX)
    }

    fn real(&self, ms: u64) -> Duration {
        let speed = if self.over.get().is_some() { 1 } else { self.speed.max(1) };
        Duration::from_micros(ms.saturating_mul(1000) / u64::from(speed))
    }
}

/// Badge and air, on a thread of their own until dropped.
pub(crate) struct World {
    pub(crate) clock: Arc<FastClock>,
    pub(crate) radio: Arc<Radio>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl World {
    /// A badge that hears `packets` and is out of range for a while in the middle; its wearer
    /// marks the lead and ends the talk.
    pub(crate) fn start(packets: Vec<Vec<u8>>, unix_ms: i64, speed: u32) -> Self {
        let length_ms = packets.len() as u64 * FRAME_MS;
        let drop = LinkDrop { at_ms: length_ms / 3, for_ms: 14_000, fault: LinkFault::Timeout };
        let plan = AirPlan {
            seed: 20,
            loss: 0.03,
            duplicate: 0.01,
            reorder: 0.01,
            notice_ms: 4_000,
            drops: vec![drop],
            ..AirPlan::default()
        };
        let agenda = vec![
            (length_ms / 2, Happening::Press(Press::Short)),
            (length_ms, Happening::Press(Press::Long)),
        ];
        let config = ConfeeConfig { agenda, drift_ppm: 35, ..ConfeeConfig::default() };
        let badge = shared(ConfeeBadge::new(config, LoopingFrames::new(packets)));
        let radio = Arc::new(Radio::new(plan));
        radio.add(PERIPHERAL, badge);
        let clock =
            Arc::new(FastClock { start: Instant::now(), unix_ms, speed, over: OnceLock::new() });
        let stop = Arc::new(AtomicBool::new(false));
        let thread = {
            let (radio, clock, stop) = (radio.clone(), clock.clone(), stop.clone());
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    radio.run_until(clock.mono_ms());
                    std::thread::sleep(clock.real(10).max(Duration::from_millis(1)));
                }
            })
        };
        Self { clock, radio, stop, thread: Some(thread) }
    }

    pub(crate) fn traffic(&self) -> Traffic {
        self.radio.traffic()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
