//! Whatever radio, badge and app do: every frame that either side still has reaches the phone's
//! disk, once, and nothing is freed on the badge before. `CONFEE_BADGE_SEEDS` sets how many
//! schedules are tried.
// Clippy takes helpers of tests for code.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod sim_support;

use confee_badge::simulated::{AirPlan, ConfeeConfig, Happening, LabelledFrames};
use sim_support::phone::PhonePlan;
use sim_support::world::{World, seeds};

#[test]
fn no_schedule_of_trouble_loses_a_frame() {
    let (mut sum, mut longest) = ((0, 0, 0), (0, 0));
    let mut failed = Vec::new();
    for seed in seeds(40) {
        let mut world = World::troubled(seed);
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            world.run();
            world.check();
            world.check_marks();
        }));
        if let Err(panic) = result {
            eprintln!("seed {seed}: {}", world.account());
            let _ = panic;
            failed.push(seed);
            continue;
        }
        longest = longest.max((world.phone.radio.now_ms(), seed));
        let ledger = world.ledger();
        let count = |n: &confee_badge::simulated::Numbers| {
            n.values().map(confee_domain::SeqRanges::len).sum::<u64>()
        };
        sum.0 += count(&ledger.made);
        sum.1 += world.phone.disk.frames.len();
        sum.2 += world.phone.counters().duplicates;
    }
    assert!(failed.is_empty(), "seeds {failed:?}");
    println!("longest {longest:?}");
    println!("captured {}, on the phone {}, duplicates ignored {}", sum.0, sum.1, sum.2);
}

#[test]
#[ignore = "prints figures"]
fn how_far_a_lossy_link_falls_behind() {
    for loss in [0.0, 0.002, 0.01, 0.05, 0.15] {
        let air = AirPlan { seed: 5, loss, calm_after: Some(120_000), ..AirPlan::default() };
        let phone = PhonePlan { fsync_ms: 1_000, ..PhonePlan::default() };
        let frames = LabelledFrames { longest: 100 };
        let mut world = World::new(air, ConfeeConfig::default(), phone, frames);
        world.run_until(120_000);
        let behind = world.badge.lock().unwrap().stored_bytes();
        world.badge.lock().unwrap().happen(Happening::Mute(true));
        while world.badge.lock().unwrap().stored_bytes() > 0 {
            world.run_until(world.phone.radio.now_ms() + 500);
        }
        let after_s = (world.phone.radio.now_ms() - 120_000) / 1000;
        println!("loss {loss}: {behind} bytes behind after 120 s, empty {after_s} s later");
    }
}
