//! Whatever radio, badge and app do: every frame that either side still has reaches the phone's
//! disk, once, and nothing is freed on the badge before. `CONFEE_BADGE_SEEDS` sets how many
//! schedules are tried.
#![cfg(feature = "simulated")]

mod sim_support;

use sim_support::world::{World, seeds};

#[test]
fn no_schedule_of_trouble_loses_a_frame() {
    let (mut sum, mut longest) = ((0, 0, 0), (0, 0));
    let mut failed = Vec::new();
    for seed in seeds(60) {
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
        let count = |n: &confee_badge::simulated::Numbers| n.values().map(|r| r.len()).sum::<u64>();
        sum.0 += count(&ledger.made);
        sum.1 += world.phone.disk.frames.len();
        sum.2 += world.phone.counters().duplicates;
    }
    assert!(failed.is_empty(), "seeds {failed:?}");
    println!("longest {longest:?}");
    println!("captured {}, on the phone {}, duplicates ignored {}", sum.0, sum.1, sum.2);
}
