//! Badges that break the protocol, by fault or by malice: the client never panics, keeps its
//! memory bounded, frees nothing that is not durable, and names or counts what is wrong.
// Clippy takes helpers of tests for code.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod sim_support;

use std::sync::Arc;

use confee_badge::simulated::{
    AirPlan, ConfeeBadge, ConfeeConfig, Happening, LabelledFrames, Mischief, Radio, shared,
};
use confee_badge::{BadgeEvent, Counters, Intake, LinkEvent};
use confee_domain::{BadgeProblem, LinkState};
use sim_support::phone::{Phone, PhonePlan};
use sim_support::world::{World, seeds};

/// Long enough for three formatted stores and a dozen late answers.
const RUN_MS: u64 = 40_000;

fn hostile(mischief: Mischief, seed: u64) -> World {
    let air = AirPlan {
        seed,
        mtu: [23, 185, 247, 517][seed as usize % 4],
        per_interval: 24,
        loss: if seed.is_multiple_of(3) { 0.02 } else { 0.0 },
        ..AirPlan::default()
    };
    let badge =
        ConfeeConfig { seed, ring_bytes: 100_000, mischief: vec![mischief], ..Default::default() };
    World::new(air, badge, PhonePlan::default(), LabelledFrames { longest: 80 })
}

fn run(mischief: Mischief, seed: u64) -> World {
    let mut world = hostile(mischief, seed);
    // A stored frame in an unknown form is passed over, or it would block the store for ever.
    world.strict = mischief != Mischief::WrongCodec;
    world.run_until(10_000);
    world.badge.lock().unwrap().happen(Happening::Press(confee_badge::confee::Press::Short));
    world.run_until(RUN_MS);
    let phone = &world.phone;
    assert!(phone.most_commands < 16, "{mischief:?}");
    assert!(phone.events < 2_000, "{mischief:?}: {} events", phone.events);
    let streams = phone.disk.ranges.len();
    assert!(streams < 200, "{mischief:?}: {streams} streams");
    world
}

/// Runs every seed; gives problems and counters over all of them.
fn all(mischief: Mischief) -> (Vec<BadgeProblem>, Counters, Vec<World>) {
    let worlds: Vec<World> = seeds(20).map(|seed| run(mischief, seed)).collect();
    let problems = worlds.iter().flat_map(|w| w.phone.problems.clone()).collect();
    let mut sum = Counters::default();
    for world in &worlds {
        let c = world.phone.counters();
        sum.malformed += c.malformed;
        sum.stray += c.stray;
        sum.duplicates += c.duplicates;
        sum.damaged_reads += c.damaged_reads;
        sum.incomplete += c.incomplete;
        sum.frames += c.frames;
    }
    println!("{mischief:?}: {sum:?}");
    (problems, sum, worlds)
}

/// Frames that the badge captured and neither lost nor gave to the phone by the end.
fn all_frames_are_right(worlds: &[World]) {
    for world in worlds {
        for ((stream, seq), kept) in &world.phone.disk.frames {
            let session = stream.0 as u32;
            assert_eq!(kept.payload, world.frames.payload(session, *seq));
        }
    }
}

/// Everything there is in such a run: client, radio, badge, and 40 seconds of audio on the disk.
const MOST_BYTES: u64 = 1 << 20;

#[test]
fn memory_stays_bounded() {
    for mischief in Mischief::ALL {
        let used = allocation_counter::measure(|| drop(run(mischief, 1)));
        assert!(used.bytes_max < MOST_BYTES, "{mischief:?}: {} bytes", used.bytes_max);
        println!("{mischief:?}: {} bytes", used.bytes_max);
    }
}

#[test]
fn a_flood_is_only_a_flood() {
    let (problems, counters, worlds) = all(Mischief::Flood);
    assert!(problems.is_empty(), "{problems:?}");
    assert!(counters.stray > 0 && counters.frames > 0);
    all_frames_are_right(&worlds);
}

#[test]
fn garbage_is_counted() {
    let (_, counters, worlds) = all(Mischief::Garbage);
    assert!(counters.malformed > 100 && counters.frames > 0);
    let longest = worlds.iter().flat_map(|w| w.phone.disk.frames.values());
    assert!(longest.map(|k| k.payload.len()).max().unwrap_or(0) <= 1280);
}

#[test]
fn lengths_beyond_what_there_is_are_named() {
    let (problems, counters, worlds) = all(Mischief::HugeLengths);
    assert!(problems.contains(&BadgeProblem::UnknownProtocol), "a capability out of range");
    assert!(counters.damaged_reads > 0 && counters.malformed > 0);
    all_frames_are_right(&worlds);
}

#[test]
fn an_unknown_codec_is_never_guessed() {
    let (problems, _, worlds) = all(Mischief::WrongCodec);
    assert!(problems.contains(&BadgeProblem::UnknownCodec));
    let codecs = worlds.iter().flat_map(|w| w.phone.disk.frames.values()).map(|k| k.codec);
    assert!(codecs.into_iter().all(|c| c == confee_domain::Codec::OPUS_MONO));
}

#[test]
fn texts_are_cleaned() {
    let (problems, _, worlds) = all(Mischief::HostileText);
    assert!(problems.is_empty(), "{problems:?}");
    for who in worlds.iter().flat_map(|w| &w.phone.identities) {
        for text in [&who.model, &who.firmware, &who.serial].into_iter().flatten() {
            assert!(text.chars().count() <= 64 && !text.chars().any(char::is_control), "{text:?}");
        }
    }
    all_frames_are_right(&worlds);
}

#[test]
fn jumping_clocks_lose_nothing() {
    let (problems, counters, worlds) = all(Mischief::TimeTravel);
    assert!(problems.is_empty() && counters.frames > 0, "{problems:?}");
    all_frames_are_right(&worlds);
}

#[test]
fn a_store_that_has_less_than_it_says_is_counted() {
    let (_, counters, worlds) = all(Mischief::MoreThanStored);
    assert!(counters.damaged_reads > 0 && counters.frames > 0);
    all_frames_are_right(&worlds);
}

#[test]
fn a_wrong_checksum_is_read_again_and_never_freed() {
    let (_, counters, worlds) = all(Mischief::CrcOnce);
    assert!(counters.damaged_reads >= worlds.len() as u64 / 2);
    all_frames_are_right(&worlds);
    let (_, counters, worlds) = all(Mischief::CrcAlways);
    assert!(counters.damaged_reads > worlds.len() as u64);
    all_frames_are_right(&worlds);
}

#[test]
fn late_and_double_answers_are_stray() {
    let (_, counters, worlds) = all(Mischief::AnswersTwice);
    assert!(counters.stray > 0 && counters.frames > 0);
    all_frames_are_right(&worlds);
    let (_, counters, worlds) = all(Mischief::AnswersLate);
    assert!(counters.stray > 0 || counters.frames > 0);
    all_frames_are_right(&worlds);
}

#[test]
fn silence_is_named() {
    let (problems, ..) = all(Mischief::AnswersNever);
    assert!(problems.iter().all(|p| *p == BadgeProblem::NoAnswer), "{problems:?}");
    assert!(problems.len() as u64 >= seeds(20).end);
}

#[test]
fn a_store_that_is_formatted_silently_costs_only_what_was_in_it() {
    let (problems, counters, worlds) = all(Mischief::RingSwap);
    assert!(problems.is_empty() && counters.frames > 0, "{problems:?}");
    all_frames_are_right(&worlds);
    for world in worlds {
        let ledger = world.ledger();
        assert!(ledger.wiped.values().any(|r| !r.is_empty()));
        let live = world.phone.counters().live;
        assert!(live > 1_000, "live audio goes on: {live}");
    }
}

#[test]
fn another_badge_of_the_same_name_is_refused() {
    let radio = Arc::new(Radio::new(AirPlan::default()));
    let badge = |badge_id, seed| {
        let config = ConfeeConfig { seed, badge_id, ..ConfeeConfig::default() };
        shared(ConfeeBadge::new(config, LabelledFrames { longest: 40 }))
    };
    let (ours, stranger) = (badge(11, 1), badge(22, 2));
    radio.add("ours", ours.clone());
    radio.add("stranger", stranger.clone());
    let found = scan(&radio);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|(_, name)| name.as_deref() == Some("Confee Badge")));
    for (peripheral, is_ours) in [("ours", true), ("stranger", false)] {
        let plan = PhonePlan {
            peripheral: peripheral.to_owned(),
            badge_id: Some(11),
            ..PhonePlan::default()
        };
        let mut phone = Phone::new(radio.clone(), plan);
        let until = radio.now_ms() + 20_000;
        phone.run_until(until, &mut |_| ());
        let refused = phone.problems.contains(&BadgeProblem::NotOurBadge);
        assert_eq!((refused, phone.disk.frames.is_empty()), (!is_ours, !is_ours));
        let retries = matches!(phone.client().state(), LinkState::Lost { retry: true, .. });
        assert!(!retries, "a stranger is not asked again");
    }
}

struct NoIntake;

impl Intake for NoIntake {
    fn frame(&mut self, _: &confee_domain::AudioFrame<'_>) -> bool {
        false
    }
    fn mark(&mut self, _: confee_domain::Mark) -> bool {
        false
    }
    fn anchor(&mut self, _: confee_domain::StreamId, _: u32, _: i64) -> bool {
        false
    }
}

/// What the client's own scan finds within two seconds.
fn scan(radio: &Arc<Radio>) -> Vec<(String, Option<String>)> {
    let inbox = Arc::new(sim_support::script::Inbox::default());
    confee_badge::Link::attach(&**radio, inbox.clone());
    let mut client = confee_badge::BadgeClient::new(confee_badge::ClientConfig::default());
    client.scan();
    while let Some(command) = client.poll_command() {
        confee_badge::Link::submit(&**radio, command);
    }
    radio.run_until(radio.now_ms() + 2_000);
    let now = confee_badge::Now { mono_ms: radio.now_ms(), unix_ms: 0 };
    for event in inbox.take() {
        client.on_link(event, now, &mut NoIntake);
    }
    let mut found = Vec::new();
    while let Some(event) = client.poll_event() {
        if let BadgeEvent::Found(badge) = event {
            found.push((badge.peripheral, badge.name));
        }
    }
    found.sort();
    found.dedup();
    found
}

#[test]
fn a_radio_that_makes_things_up_is_ignored() {
    let mut world = hostile(Mischief::AnswersTwice, 1);
    world.run_until(3_000);
    let mut rng = fastrand::Rng::with_seed(5);
    for _ in 0..2_000 {
        let (epoch, request) = (rng.u32(0..4), rng.u32(0..60));
        let length = rng.usize(..64);
        let value: Vec<u8> = std::iter::repeat_with(|| rng.u8(..)).take(length).collect();
        let characteristic = *rng
            .choice(&[
                confee_badge::confee::AUDIO,
                confee_badge::confee::EVENT,
                confee_badge::confee::STORAGE,
                uuid::Uuid::nil(),
            ])
            .unwrap();
        let fault = confee_badge::LinkFault::Other;
        let event = match rng.u8(0..9) {
            0 => LinkEvent::Connected { epoch },
            1 => LinkEvent::Discovered {
                epoch,
                characteristics: vec![characteristic],
                mtu: rng.u16(..),
            },
            2 => LinkEvent::Mtu { epoch, mtu: rng.u16(..) },
            3 => LinkEvent::Read { epoch, request, value },
            4 => LinkEvent::Written { epoch, request },
            5 => LinkEvent::Subscribed { epoch, request },
            6 => LinkEvent::Failed { epoch, request, fault },
            7 => LinkEvent::Notified { epoch, characteristic, value },
            _ if rng.u8(..) < 8 => LinkEvent::Disconnected { epoch, fault },
            _ => LinkEvent::ServicesChanged { epoch: epoch + 1_000 },
        };
        world.phone.inject(event);
        let until = world.phone.radio.now_ms() + rng.u64(0..40);
        world.run_until(until);
    }
    assert!(world.phone.counters().stray > 0);
    world.run_until(world.phone.radio.now_ms() + 60_000);
    assert!(world.phone.counters().frames > 0, "it comes back");
}
