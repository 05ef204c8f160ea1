//! A crash at every change of the disk, a full disk at every byte, and any order of everything.

use proptest::prelude::*;

use crate::fault_disk::{Cut, FaultDisk};
use crate::support::try_open;
use crate::world::{Step, World};

/// A day in small: three streams' worth of everything, several segments, two releases.
fn day() -> Vec<Step> {
    let mut steps = Vec::new();
    for i in 0_u32..60 {
        steps.push(Step::Frame(u64::from(i % 2), i / 2 + i % 7));
        match i {
            12..=17 => steps.push(Step::Other(i as u8)),
            30 => steps.extend([Step::Read, Step::Release { all: false }]),
            40 => steps.push(Step::Erase(0, 13..17)),
            50 => steps.push(Step::Release { all: true }),
            _ if i % 5 == 4 => steps.push(Step::Sync),
            _ if i % 8 == 6 => steps.push(Step::Read),
            _ => {}
        }
    }
    steps.push(Step::Sync);
    steps
}

/// What comes after a crash: the badge sends what it has, and everything goes on.
fn next_day(world: &mut World) {
    for seq in 0..40 {
        world.step(&Step::Frame(0, seq));
        world.step(&Step::Frame(1, seq));
    }
    for step in [Step::Sync, Step::Read, Step::Cut(Cut::Power)] {
        world.step(&step);
    }
    assert_eq!(world.failures, 0);
}

fn run(disk: FaultDisk) -> Option<World> {
    let mut world = World::new(disk.clone())?;
    for step in day().iter().take_while(|_| !disk.is_dead()) {
        world.step(step);
    }
    Some(world)
}

#[test]
fn a_crash_at_every_change_loses_nothing_that_was_synced() {
    let disk = FaultDisk::default();
    let world = run(disk.clone()).unwrap();
    assert_eq!(world.failures, 0);
    let changes = disk.changes();
    assert!(changes > 60, "{changes}");
    for die_at in 1..=changes {
        for last_bytes in [0, 1, 30, 31, 32, 33, 40, 97, 98, usize::MAX] {
            for cut in [Cut::Process, Cut::Power, Cut::Mixed(die_at), Cut::Mixed(die_at + 1000)] {
                let disk = FaultDisk::default();
                disk.plan(|p| (p.die_at, p.last_bytes) = (Some(die_at), last_bytes));
                let mut world = run(disk.clone()).unwrap_or_else(|| {
                    World::new(disk.after(cut)).expect("a log that was never opened opens")
                });
                world.restart(cut);
                world.failures = 0;
                next_day(&mut world);
            }
        }
    }
}

#[test]
fn a_crash_while_opening_is_one_more_crash() {
    for die_at in 1..12 {
        for last_bytes in [0, 1, 31] {
            let disk = FaultDisk::default();
            disk.plan(|p| (p.die_at, p.last_bytes) = (Some(50), 45));
            let mut world = run(disk).unwrap();
            let again = world.disk.after(Cut::Mixed(die_at));
            again.plan(|p| (p.die_at, p.last_bytes) = (Some(die_at), last_bytes));
            let _ = try_open(&again);
            world.disk = again;
            world.restart(Cut::Mixed(die_at + 1));
            world.failures = 0;
            next_day(&mut world);
        }
    }
}

#[test]
fn a_full_disk_at_every_byte_costs_only_the_record_that_did_not_fit() {
    for space in 0..2_600 {
        let mut world = World::new(FaultDisk::default()).unwrap();
        world.step(&Step::Space(Some(space)));
        day().iter().for_each(|step| world.step(step));
        let failures = world.failures;
        assert!(failures > 0 || space > 1_000, "{space}");
        world.step(&Step::Space(None));
        world.step(&Step::Sync);
        world.step(&Step::Read);
        assert_eq!(world.failures, failures);
        world.step(&Step::Cut(Cut::Power));
        world.failures = 0;
        next_day(&mut world);
    }
}

#[test]
fn a_sync_that_fails_is_not_followed_by_one_that_seems_to_work() {
    let mut world = World::new(FaultDisk::default()).unwrap();
    (0..20).for_each(|seq| world.step(&Step::Frame(0, seq)));
    world.step(&Step::Sync);
    (20..23).for_each(|seq| world.step(&Step::Frame(0, seq)));
    world.step(&Step::FailingSync);
    assert_eq!(world.failures, 1);
    world.failures = 0;
    next_day(&mut world);
}

fn step() -> impl Strategy<Value = Step> {
    let cut = prop_oneof![
        Just(Cut::Process),
        Just(Cut::Power),
        any::<u64>().prop_map(Cut::Mixed),
        any::<u64>().prop_map(Cut::Mixed),
    ];
    prop_oneof![
        12 => (0..2_u64, 0..80_u32).prop_map(|(stream, seq)| Step::Frame(stream, seq)),
        4 => any::<u8>().prop_map(Step::Other),
        5 => Just(Step::Sync),
        3 => Just(Step::Read),
        1 => any::<bool>().prop_map(|all| Step::Release { all }),
        1 => (0..2_u64, 0..80_u32, 1..9_u32).prop_map(|(s, from, n)| Step::Erase(s, from..from + n)),
        1 => cut.prop_map(Step::Cut),
        1 => prop::option::of(0..500_u64).prop_map(Step::Space),
        1 => Just(Step::FailingSync),
    ]
}

proptest! {
    #[test]
    fn any_order_of_anything_keeps_the_promise(steps in prop::collection::vec(step(), 0..120)) {
        let mut world = World::new(FaultDisk::default()).unwrap();
        steps.iter().for_each(|step| world.step(step));
        world.restart(Cut::Mixed(steps.len() as u64));
        world.failures = 0;
        next_day(&mut world);
    }
}
