//! Omi devices and the real client. With custody: whatever radio, device and app do, every frame
//! that either side still has reaches the phone's disk and nothing is freed before. As released:
//! nothing twice, and what was lost leaves a gap of its length.
// Clippy takes helpers of tests for code.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod sim_support;

use std::collections::BTreeMap;
use std::sync::Arc;

use confee_badge::LinkFault;
use confee_badge::simulated::{
    AirPlan, Happening, LabelledFrames, Ledger, LinkDrop, Mischief, OmiBadge, OmiConfig, Radio,
    Shared, shared,
};
use confee_domain::{BadgeProblem, StreamId};
use fastrand::Rng;
use sim_support::phone::{Disk, Phone, PhonePlan, label};
use sim_support::script::BADGE;
use sim_support::world::seeds;

const TROUBLE_MS: u64 = 60_000;
const PEACE_MS: u64 = 120_000;
/// Capture goes on: what is younger may still be on its way.
const YOUNG: u32 = 20_000 / 20;

struct World {
    badge: Shared<OmiBadge>,
    frames: LabelledFrames,
    phone: Phone,
}

impl World {
    fn new(air: AirPlan, badge: OmiConfig, phone: PhonePlan, frames: LabelledFrames) -> Self {
        let badge = shared(OmiBadge::new(badge, frames));
        let radio = Arc::new(Radio::new(air));
        radio.add(BADGE, badge.clone());
        Self { badge, frames, phone: Phone::new(radio, phone) }
    }

    fn run_until(&mut self, until_ms: u64) {
        let badge = self.badge.clone();
        let mut look = |disk: &Disk| {
            for (start, ranges) in badge.lock().unwrap().ledger().take_freed() {
                let on_disk = disk.labels.get(&start);
                for range in ranges.ranges() {
                    let missing = on_disk.and_then(|d| d.missing(range.clone()).next());
                    assert!(
                        on_disk.is_some() && missing.is_none(),
                        "freed {range:?} of start {start}, not on disk: {missing:?}"
                    );
                }
            }
        };
        self.phone.run_until(until_ms, &mut look);
    }

    fn ledger(&self) -> Ledger {
        self.badge.lock().unwrap().ledger().clone()
    }

    /// How often each frame is on the phone's disk.
    fn copies(&self) -> BTreeMap<(u32, u32), Vec<(StreamId, u32)>> {
        let mut copies: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for ((stream, seq), kept) in &self.phone.disk.frames {
            let (start, place) = label(&kept.payload).expect("a labelled frame");
            assert_eq!(kept.payload, self.frames.payload(start, place), "mixed up");
            copies.entry((start, place)).or_default().push((*stream, *seq));
        }
        copies
    }

    /// Frames that neither side lost and that the phone lacks.
    fn missing(&self) -> Vec<(u32, u32)> {
        let ledger = self.ledger();
        let newest = ledger.made.last_key_value().map_or(0, |(start, _)| *start);
        let mut missing = Vec::new();
        for (&start, made) in &ledger.made {
            let end = made.ranges().last().map_or(0, |r| r.end);
            let old = if start == newest { end.saturating_sub(YOUNG) } else { end };
            let on_disk = self.phone.disk.labels.get(&start);
            let numbers = made.ranges().iter().cloned().flatten().filter(|n| *n < old);
            missing.extend(
                numbers
                    .filter(|n| !on_disk.is_some_and(|d| d.contains(*n)))
                    .filter(|n| !ledger.is_lost(start, *n))
                    .map(|n| (start, n)),
            );
        }
        let badge = self.badge.lock().unwrap();
        missing.retain(|frame| !badge.unfinished().contains(frame));
        missing
    }

    fn account(&self) -> String {
        let badge = self.badge.lock().unwrap();
        format!(
            "state {:?}, problems {:?}, counters {:?}, {} records stored, traffic {:?}",
            self.phone.client().state(),
            self.phone.problems,
            self.phone.counters(),
            badge.stored_records(),
            self.phone.radio.traffic(),
        )
    }
}

fn troubled(seed: u64) -> World {
    let mut rng = Rng::with_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x0417);
    let some = |rng: &mut Rng, most: f64| if rng.bool() { rng.f64() * most } else { 0.0 };
    let drops = (0..rng.usize(0..6)).map(|_| LinkDrop {
        at_ms: rng.u64(0..TROUBLE_MS),
        for_ms: *rng.choice(&[0, 3_000, 9_000]).unwrap(),
        fault: LinkFault::Timeout,
    });
    let drops = drops.collect();
    // Without a CRC a read whose pieces changed places cannot be told from a good one; loss can.
    let crc = rng.bool();
    let most = if crc { 0.1 } else { 0.0 };
    let air = AirPlan {
        seed,
        mtu: *rng.choice(&[100, 185, 247, 517]).unwrap(),
        loss: some(&mut rng, 0.05),
        duplicate: some(&mut rng, most),
        reorder: some(&mut rng, most / 2.0),
        latency_ms: 1..=rng.u64(1..40),
        per_interval: rng.u32(4..10),
        drops,
        stale: rng.bool(),
        calm_after: Some(TROUBLE_MS),
        ..AirPlan::default()
    };
    let mut agenda = Vec::new();
    for _ in 0..rng.usize(0..3) {
        let at = rng.u64(1_000..TROUBLE_MS - 5_000);
        agenda.extend([(at, Happening::Off), (at + rng.u64(1..4_000), Happening::On)]);
    }
    let badge = OmiConfig {
        seed,
        custody: true,
        crc,
        ring_records: *rng.choice(&[60, 8_192]).unwrap(),
        first_id: rng.u16(..),
        agenda,
        ..OmiConfig::default()
    };
    let mut restarts: Vec<u64> = (0..rng.usize(0..3)).map(|_| rng.u64(0..TROUBLE_MS)).collect();
    restarts.sort_unstable();
    let fsync_ms = *rng.choice(&[20, 300, 2_000]).unwrap();
    let phone = PhonePlan { fsync_ms, restarts, ..PhonePlan::default() };
    World::new(air, badge, phone, LabelledFrames { longest: 90 })
}

#[test]
fn with_custody_no_schedule_of_trouble_loses_a_frame() {
    let (mut frames, mut twice, mut failed) = (0, 0, Vec::new());
    for seed in seeds(40) {
        let mut world = troubled(seed);
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            world.run_until(TROUBLE_MS);
            let end = TROUBLE_MS + PEACE_MS;
            while world.phone.radio.now_ms() < end && !world.missing().is_empty() {
                world.run_until(world.phone.radio.now_ms() + 10_000);
            }
            let missing = world.missing();
            assert!(missing.is_empty(), "{} missing: {:?}", missing.len(), missing.first());
            world.copies()
        }));
        match result {
            Ok(copies) => {
                frames += copies.len();
                twice += copies.values().filter(|c| c.len() > 1).count();
            }
            Err(_) => {
                eprintln!("seed {seed}: {}", world.account());
                failed.push(seed);
            }
        }
    }
    println!("{frames} frames, {twice} of them kept twice");
    assert!(failed.is_empty(), "seeds {failed:?}");
    assert!(twice * 5 < frames, "what is proven to be the same is kept once: {twice} of {frames}");
}

#[test]
fn a_good_link_with_custody_keeps_everything_once() {
    let config = OmiConfig { custody: true, crc: true, ..OmiConfig::default() };
    let (air, phone) = (AirPlan::default(), PhonePlan::default());
    let mut world = World::new(air, config, phone, LabelledFrames { longest: 90 });
    world.run_until(60_000);
    assert!(world.missing().is_empty(), "{}", world.account());
    let copies = world.copies();
    let twice = copies.values().filter(|c| c.len() > 1).count();
    // Stored before the first live mark: nothing proves that they are the same.
    assert!(twice < 100, "{twice} of {}", copies.len());
}

#[test]
fn released_firmware_gives_nothing_twice_and_gaps_of_the_right_length() {
    for seed in seeds(20) {
        let air = AirPlan {
            seed,
            loss: 0.05,
            duplicate: 0.1,
            mtu: if seed.is_multiple_of(2) { 247 } else { 185 },
            ..AirPlan::default()
        };
        let config = OmiConfig { seed, features: 0, first_id: 65_000, ..OmiConfig::default() };
        let frames = LabelledFrames { longest: 90 };
        let mut world = World::new(air, config, PhonePlan::default(), frames);
        world.run_until(30_000);
        world.phone.fsync();
        let copies = world.copies();
        assert!(copies.len() > 1_000, "{}", world.account());
        assert!(copies.values().all(|c| c.len() == 1), "seed {seed}: twice");
        let shift =
            |((_, place), c): (&(u32, u32), &Vec<(StreamId, u32)>)| place.wrapping_sub(c[0].1);
        let first = copies.iter().next().map(shift);
        assert!(
            copies.iter().all(|c| Some(shift(c)) == first),
            "seed {seed}: a gap too long or short"
        );
        let streams: std::collections::BTreeSet<_> = copies.values().map(|c| c[0].0).collect();
        assert_eq!(streams.len(), 1);
        for ((_, seq), kept) in &world.phone.disk.frames {
            assert_eq!(kept.captured_ms, seq * 20);
        }
        assert!(world.phone.counters().duplicates > 0);
    }
}

#[test]
fn released_firmware_is_drained_and_freed_only_when_durable() {
    for seed in seeds(10) {
        let air = AirPlan {
            seed,
            loss: 0.01,
            drops: vec![LinkDrop { at_ms: 20_000, for_ms: 15_000, fault: LinkFault::Timeout }],
            calm_after: Some(50_000),
            ..AirPlan::default()
        };
        let config = OmiConfig { seed, ..OmiConfig::default() };
        let frames = LabelledFrames { longest: 90 };
        let mut world = World::new(air, config, PhonePlan::default(), frames);
        world.run_until(120_000);
        assert!(world.missing().is_empty(), "seed {seed}: {}", world.account());
        assert!(world.ledger().freed.values().any(|r| r.len() > 500));
        world.copies();
    }
}

#[test]
fn no_mischief_of_an_omi_device_breaks_the_client() {
    for mischief in Mischief::ALL {
        let mut problems = Vec::new();
        for seed in seeds(20) {
            let config = OmiConfig {
                seed,
                custody: seed.is_multiple_of(2),
                crc: !seed.is_multiple_of(3),
                mischief: vec![mischief],
                agenda: vec![(9_000, Happening::Charging(true))],
                ..OmiConfig::default()
            };
            let air = AirPlan {
                seed,
                per_interval: 24,
                drops: vec![LinkDrop { at_ms: 8_000, for_ms: 5_000, fault: LinkFault::Timeout }],
                ..AirPlan::default()
            };
            let frames = LabelledFrames { longest: 80 };
            let mut world = World::new(air, config, PhonePlan::default(), frames);
            // Each jump of time or ids is a stream of its own; the client remembers eight.
            world.phone.disk.lenient = matches!(mischief, Mischief::Garbage | Mischief::TimeTravel);
            if matches!(mischief, Mischief::HugeLengths | Mischief::Garbage) {
                // What is stored is itself broken: there is nothing right to compare with.
                world.phone.run_until(40_000, &mut |_| ());
            } else {
                world.run_until(40_000);
                world.copies();
            }
            let phone = &world.phone;
            assert!(phone.events < 2_000 && phone.most_commands < 16, "{mischief:?}");
            // Random packet ids look like restarts of the device, each with a stream of its own.
            let streams = phone.disk.ranges.len();
            assert!(streams < 200 || mischief == Mischief::Garbage, "{mischief:?}: {streams}");
            for who in &phone.identities {
                for text in [&who.model, &who.firmware, &who.serial].into_iter().flatten() {
                    let clean = !text.chars().any(char::is_control);
                    assert!(clean && text.chars().count() <= 64, "{text:?}");
                }
            }
            problems.extend(phone.problems.iter().copied());
            let named = problems.contains(&BadgeProblem::UnknownCodec);
            assert_eq!(named, mischief == Mischief::WrongCodec, "{mischief:?}");
        }
        println!("{mischief:?}: {} problems", problems.len());
    }
}
