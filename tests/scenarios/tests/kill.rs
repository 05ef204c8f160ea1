//! A process that dies anywhere between approval and the CRM loses nothing and doubles nothing.
//!
//! Every round has a folder, a sandbox and a child process of its own. The child is this test
//! binary; it approves one of two leads and syncs, and is ended on the way. Then the folder is
//! opened without a probe, drained, and the sandbox is compared with what was approved.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod child;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use child::{LEAD, OPEN_LEAD, Order, run};
use confee_companion::{Companion, CrashPoint};
use confee_domain::{ReviewAction, Stage};
use confee_sandbox::{BlockingSandbox, ObjectType};
use confee_scenarios::rig::{self, Address, HandClock};
use confee_scenarios::{crm, talks};

const RANDOM_ROUNDS: usize = 200;
const KILL_ROUNDS: usize = 40;
/// Every so many random rounds the process dies a second time, while it recovers.
const TWICE_EVERY: usize = 4;
const SEED: u64 = 11;

/// A round: how each process in turn ends.
type Round = Vec<Order>;

/// The child's part; a test only in name.
#[test]
fn child() {
    child::act();
}

/// Runs rounds on as many threads as there are cores. Returns how many processes died.
fn run_all(rounds: Vec<Round>) -> usize {
    let queue = Mutex::new(VecDeque::from(rounds));
    let (died, faults) = (Mutex::new(0), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let Some(round) = queue.lock().unwrap().pop_front() else { break };
            match play(&round) {
                Ok(deaths) => *died.lock().unwrap() += deaths,
                Err(fault) => faults.lock().unwrap().push(format!("{round:?}: {fault}")),
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let faults = faults.into_inner().unwrap();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    died.into_inner().unwrap()
}

/// Plays a round and returns how many of its processes died.
fn play(round: &Round) -> Result<usize, String> {
    let (folder, clock) = (tempfile::tempdir().unwrap(), HandClock::start());
    let crm = rig::sandbox(&clock);
    let (mut died, mut approved) = (0, false);
    for order in round {
        let end = run(folder.path(), &Address::of(&crm), order);
        died += usize::from(end.died);
        approved |= end.said.iter().any(|line| line == "approved");
        if !end.died && !end.said.iter().any(|line| line == "synced") {
            return Err(format!("the child failed: {}", end.said.join(", ")));
        }
    }
    let engine = Companion::open(rig::config(folder.path(), &clock, None)).unwrap();
    let checked = recover(&engine, &crm, &clock, approved);
    engine.shutdown();
    checked.map(|()| died)
}

/// Opens what the dead process left, and checks what the sandbox holds after a drain.
fn recover(
    engine: &Companion,
    crm: &BlockingSandbox,
    clock: &HandClock,
    acknowledged: bool,
) -> Result<(), String> {
    let runtime = rig::runtime();
    let stage = |n| runtime.block_on(engine.lead(&talks::id(n))).map(|card| card.stage);
    let approved = stage(LEAD) == Ok(Stage::Approved);
    if acknowledged && !approved {
        return Err(format!("the approval was acknowledged, but the lead is {:?}", stage(LEAD)));
    }
    let at = Address::of(crm);
    engine.connect(rig::hubspot(&at, 30_000)).unwrap();
    engine.connect(rig::webhook(&at)).unwrap();
    if !approved {
        nothing_was_sent(crm)?;
        runtime.block_on(engine.add_conversation(talks::talk(LEAD))).unwrap();
        runtime.block_on(engine.review(&talks::id(LEAD), ReviewAction::Approve)).unwrap();
    }
    engine.set_network(rig::WIFI);
    let left = rig::settle(engine, clock, &runtime);
    let problems = runtime.block_on(engine.sync_problems()).unwrap();
    if left > 0 || !problems.is_empty() {
        return Err(format!("{left} ops wait; for a person: {problems:?}"));
    }
    if stage(OPEN_LEAD).is_ok_and(|s| s != Stage::Drafted) {
        return Err("the other lead was approved by nobody".into());
    }
    crm::exactly_once(&crm.state(), &[LEAD])
}

fn nothing_was_sent(crm: &BlockingSandbox) -> Result<(), String> {
    let state = crm.state();
    let records: usize = ObjectType::ALL.iter().map(|o| state.portal.of(*o).len()).sum();
    let hooks: u64 = state.webhooks.values().map(|hook| hook.total).sum();
    match (records, hooks) {
        (0, 0) => Ok(()),
        found => Err(format!("records and deliveries before the approval: {found:?}")),
    }
}

fn points() -> impl Iterator<Item = CrashPoint> {
    CrashPoint::ALL.into_iter().chain(CrashPoint::APPROVAL)
}

/// How often a process that nobody ends passes each point; by whether it connects after the
/// approval.
fn passages(late: bool) -> &'static BTreeMap<u8, u64> {
    static COUNTS: [OnceLock<BTreeMap<u8, u64>>; 2] = [OnceLock::new(), OnceLock::new()];
    COUNTS[usize::from(late)].get_or_init(|| {
        let (folder, clock) = (tempfile::tempdir().unwrap(), HandClock::start());
        let crm = rig::sandbox(&clock);
        let order = Order { late, ..Order::default() };
        let end = run(folder.path(), &Address::of(&crm), &order);
        assert!(!end.died && end.said.contains(&"synced".to_owned()), "{:?}", end.said);
        crm::exactly_once(&crm.state(), &[LEAD]).unwrap();
        let mut counts = BTreeMap::new();
        for point in end.said.iter().filter_map(|line| line.strip_prefix("at ")) {
            *counts.entry(point.parse().unwrap()).or_default() += 1;
        }
        counts
    })
}

fn count(late: bool, point: CrashPoint) -> u64 {
    passages(late).get(&point.number()).copied().unwrap_or_default()
}

#[test]
fn death_at_every_point_loses_and_doubles_nothing() {
    let mut rounds = Vec::new();
    for (late, point) in [false, true].into_iter().flat_map(|l| points().map(move |p| (l, p))) {
        let last = count(late, point);
        assert!(last > 0, "{point:?} is never passed");
        let mut chosen = vec![1, 2, 3, last.div_ceil(2), last];
        chosen.retain(|n| *n <= last);
        chosen.sort_unstable();
        chosen.dedup();
        // With the connection made later only the storing of ops differs.
        chosen.truncate(if late && CrashPoint::ALL.contains(&point) { 1 } else { 5 });
        rounds.extend(chosen.into_iter().map(|n| vec![Order::abort(late, point, n)]));
    }
    let planned = rounds.len();
    assert!(planned > 40, "{planned}");
    assert_eq!(run_all(rounds), planned, "a process did not die where it should");
}

#[test]
fn death_at_random_points_loses_and_doubles_nothing() {
    let mut random = fastrand::Rng::with_seed(SEED);
    let all: Vec<CrashPoint> = points().collect();
    let mut order = || {
        let (late, point) = (random.bool(), all[random.usize(..all.len())]);
        Order::abort(late, point, random.u64(1..=count(late, point)))
    };
    let rounds: Vec<Round> = (0..RANDOM_ROUNDS)
        .map(|i| if i % TWICE_EVERY == 0 { vec![order(), order()] } else { vec![order()] })
        .collect();
    // The second process of a round may have less left to do than its order says.
    let died = run_all(rounds);
    assert!(died >= RANDOM_ROUNDS, "only {died} processes died");
}

#[test]
fn kill_nine_at_random_moments_loses_and_doubles_nothing() {
    let mut random = fastrand::Rng::with_seed(SEED);
    let lines: u64 = passages(false).values().sum();
    let order = |_| {
        let after = u32::try_from(random.u64(0..lines)).unwrap();
        let wait = Duration::from_micros(random.u64(0..3_000));
        vec![Order { late: random.bool(), kill: Some((after, wait)), ..Order::default() }]
    };
    let rounds: Vec<Round> = (0..KILL_ROUNDS).map(order).collect();
    let died = run_all(rounds);
    assert!(died >= KILL_ROUNDS / 2, "only {died} processes died");
}
