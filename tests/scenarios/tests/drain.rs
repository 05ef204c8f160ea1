//! Many approved leads reach the CRM once each, and the engine's memory stays flat.
//!
//! The engine runs in a process of its own, so that the sandbox's records do not count as its
//! memory. `CONFEE_DRAIN_LEADS=1000` drains a thousand.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use confee_companion::Companion;
use confee_domain::ReviewAction;
use confee_scenarios::rig::{self, Address, HandClock};
use confee_scenarios::{crm, memory, talks};

const LEADS: &str = "CONFEE_DRAIN_LEADS";
const USUAL: usize = 150;
/// Things made in the CRMs for one lead.
const OPS: u64 = 15;
/// What the memory may grow between a fifth of the leads and all of them.
const GROWTH_KIB: u64 = 8 * 1_024;

fn leads() -> usize {
    let asked = std::env::var(LEADS).ok().and_then(|n| n.parse().ok());
    asked.unwrap_or(USUAL).min(talks::DIFFERENT)
}

/// The engine's part; a test only in name. Says its memory at a fifth of the leads and at the end.
#[test]
fn child() {
    let Ok(folder) = std::env::var("CONFEE_DRAIN_FOLDER") else { return };
    let var = |name: &str| std::env::var(name).unwrap();
    let at = Address {
        hubspot: var("CONFEE_DRAIN_HUBSPOT"),
        webhook: var("CONFEE_DRAIN_WEBHOOK"),
        token: var("CONFEE_DRAIN_TOKEN"),
    };
    let (clock, runtime) = (HandClock::start(), rig::runtime());
    let engine = Companion::open(rig::config(Path::new(&folder), &clock, None)).unwrap();
    engine.connect(rig::hubspot(&at, 30_000)).unwrap();
    engine.connect(rig::webhook(&at)).unwrap();
    let begin = Instant::now();
    for n in 0..leads() {
        runtime.block_on(engine.add_conversation(talks::talk(n))).unwrap();
        runtime.block_on(engine.review(&talks::id(n), ReviewAction::Approve)).unwrap();
    }
    println!("ack approved_ms {}", begin.elapsed().as_millis());
    let (begin, fifth) = (Instant::now(), leads() as u64 * OPS / 5);
    engine.set_network(rig::WIFI);
    while engine.sync_status().done < fifth {
        std::thread::sleep(Duration::from_millis(20));
    }
    println!("ack early_kib {}", memory::resident_kib().unwrap_or(0));
    assert_eq!(rig::settle(&engine, &clock, &runtime), 0);
    println!("ack late_kib {}", memory::resident_kib().unwrap_or(0));
    println!("ack drained_ms {}", begin.elapsed().as_millis());
    engine.shutdown();
}

#[test]
fn many_leads_arrive_once_each_in_flat_memory() {
    let (folder, clock) = (tempfile::tempdir().unwrap(), HandClock::start());
    let crm = rig::sandbox(&clock);
    let at = Address::of(&crm);
    let out = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env("CONFEE_DRAIN_FOLDER", folder.path())
        .env("CONFEE_DRAIN_HUBSPOT", &at.hubspot)
        .env("CONFEE_DRAIN_WEBHOOK", &at.webhook)
        .env("CONFEE_DRAIN_TOKEN", &at.token)
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let said = String::from_utf8(out.stdout).unwrap();
    let figure = |name: &str| -> u64 {
        let word = format!("ack {name} ");
        let line = said.lines().find_map(|l| l.split_once(&word)).unwrap();
        line.1.trim().parse().unwrap()
    };
    crm::exactly_once(&crm.state(), &(0..leads()).collect::<Vec<_>>()).unwrap();
    let (early, late) = (figure("early_kib"), figure("late_kib"));
    println!(
        "{} leads: approved in {} ms, drained in {} ms, {} requests, {early} KiB at a fifth, {late} KiB at the end",
        leads(),
        figure("approved_ms"),
        figure("drained_ms"),
        crm.state().totals.requests,
    );
    assert!(late <= early + GROWTH_KIB, "memory grew from {early} to {late} KiB");
}
