//! The model of a badge against the page that firmware teams get, by a phone that does one thing
//! at a time.
// Clippy takes helpers of tests for code.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod sim_support;

use confee_badge::confee::{
    AUDIO, Assembler, CAPABILITY, CONTROL, Capability, ClockData, EVENT, Event, Flags, HelloData,
    Message, Press, Released, Request, RingIdData, RingRangeData, STORAGE, Status, StoredRecord,
    records,
};
use confee_badge::simulated::{
    AirPlan, ConfeeConfig, Happening, LabelledFrames, LinkDrop, Peripheral,
};
use confee_badge::{LinkEvent, LinkFault};
use confee_domain::{Codec, MarkKind};
use sim_support::script::Script;

fn hello() -> Request {
    Request::Hello { major: 1, minor: 0 }
}

fn stream() -> Request {
    Request::Stream { on: true, codec: Codec::OPUS_MONO }
}

fn script(config: ConfeeConfig) -> Script {
    let mut script = Script::new(AirPlan::default(), config);
    script.open();
    script
}

/// Frames that arrived live: session, sequence, capture time.
fn live(script: &Script) -> Vec<(u32, u32, u32)> {
    let mut assembler = Assembler::new();
    let mut frames = Vec::new();
    for (characteristic, value) in &script.notified {
        if *characteristic == AUDIO
            && let Some(frame) = assembler.push(value).unwrap()
        {
            let expected = LabelledFrames { longest: 120 }.payload(frame.session, frame.seq);
            assert_eq!(frame.payload, expected);
            frames.push((frame.session, frame.seq, frame.captured_ms));
        }
    }
    frames
}

fn events(script: &Script) -> Vec<Event> {
    let of_event = script.notified.iter().filter(|(c, _)| *c == EVENT);
    let messages = of_event.map(|(_, v)| Message::parse(v).unwrap());
    messages
        .filter_map(|m| if let Message::Event(event) = m { Some(event) } else { None })
        .collect()
}

fn ring_id(script: &mut Script) -> u64 {
    RingIdData::parse(&script.done(Request::RingId)).unwrap().ring
}

fn range(script: &mut Script) -> RingRangeData {
    RingRangeData::parse(&script.done(Request::RingRange)).unwrap()
}

#[test]
fn the_capability_is_open_and_the_rest_needs_a_bond() {
    let plan = AirPlan { refuse_pairing: true, ..AirPlan::default() };
    let mut script = Script::new(plan, ConfeeConfig::default());
    script.connect();
    let capability = Capability::parse(&script.read(CAPABILITY).unwrap()).unwrap();
    assert_eq!((capability.ring_bytes, capability.codecs), (4 << 20, vec![Codec::OPUS_MONO]));
    for characteristic in [EVENT, AUDIO, STORAGE] {
        let refused = script.subscribe(characteristic);
        assert!(matches!(refused, LinkEvent::Failed { fault: LinkFault::NotSecure, .. }));
    }
    assert_eq!(script.read(uuid::Uuid::nil()), Err(LinkFault::Missing));
}

#[test]
fn a_bond_is_made_once_and_its_loss_is_named() {
    let drop = |at_ms| LinkDrop { at_ms, for_ms: 0, fault: LinkFault::Timeout };
    let plan = AirPlan {
        drops: vec![drop(8_000), drop(20_000)],
        forget_bond_at: Some(20_000),
        ..AirPlan::default()
    };
    let mut script = Script::new(plan, ConfeeConfig::default());
    script.open();
    script.run(9_000);
    script.open();
    assert_eq!(script.radio.traffic().pairings, 1);
    script.run(20_000);
    script.connect();
    let refused = script.subscribe(EVENT);
    assert!(matches!(refused, LinkEvent::Failed { fault: LinkFault::PairingLost, .. }));
    script.run(100);
    assert!(!script.radio.is_linked());
    script.radio.forget_keys(sim_support::script::BADGE);
    script.open();
    assert_eq!(script.radio.traffic().pairings, 2);
}

#[test]
fn nothing_is_sent_before_it_is_asked_for() {
    let mut script = script(ConfeeConfig::default());
    script.run(1_000);
    assert!(live(&script).is_empty());
    let data = HelloData::parse(&script.done(hello())).unwrap();
    assert!(data.session != 0 && data.flags.capturing() && !data.flags.streaming());
    assert!(Flags::parse(&script.done(stream())).unwrap().streaming());
    script.run(1_000);
    let frames = live(&script);
    assert!(frames.len() > 40, "{}", frames.len());
    assert!(frames.windows(2).all(|w| w[1].1 == w[0].1 + 1 && w[1].2 == w[0].2 + 20));
    script.done(Request::Stream { on: false, codec: Codec::OPUS_MONO });
    script.run(500);
    let count = live(&script).len();
    script.run(500);
    assert_eq!(live(&script).len(), count);
}

#[test]
fn bad_requests_get_their_status() {
    let mut script = script(ConfeeConfig::default());
    let ring = ring_id(&mut script);
    let end = range(&mut script).next;
    let table = [
        (Request::Hello { major: 2, minor: 0 }, Status::BadArguments),
        (Request::Stream { on: true, codec: Codec::OPUS_STEREO }, Status::BadArguments),
        (Request::RingRead { from: end + 1_000, records: 1 }, Status::OutOfRange),
        (Request::RingAdvance { ring, to: end + 1_000 }, Status::OutOfRange),
        (Request::RingAdvance { ring: ring ^ 1, to: 0 }, Status::WrongRing),
        (Request::RingRelease { ring: ring ^ 1, session: 1, seq: 1 }, Status::WrongRing),
        (Request::RingClear { ring: ring ^ 1 }, Status::WrongRing),
        (Request::RingAdvance { ring, to: 0 }, Status::Done),
        (Request::RingStop, Status::Done),
        (Request::Diagnostics, Status::Done),
    ];
    for (request, status) in table {
        assert_eq!(script.ask(request).0, status, "{request:?}");
    }
    let raw = [(vec![0x55, 200], Status::UnknownOp), (vec![0x03, 201, 1], Status::BadArguments)];
    for (bytes, status) in raw {
        let answers = script.write(bytes.clone());
        assert_eq!(answers, [(bytes[0], bytes[1], status, vec![])]);
    }
    assert!(script.write(vec![0x01]).is_empty());
}

#[test]
fn a_repeated_request_is_answered_again_and_not_done_again() {
    let mut script = script(ConfeeConfig::default());
    let mute = Request::Mute { on: true }.encode(77);
    let unmute = Request::Mute { on: false }.encode(78);
    let first = script.write(mute.clone());
    assert_eq!(script.write(mute), first);
    script.write(unmute.clone());
    assert_eq!(script.write(unmute).len(), 1);
    let mutes = events(&script).iter().filter(|e| matches!(e, Event::Mute { .. })).count();
    assert_eq!(mutes, 2);

    // The memory ends with the link: the next one counts its ids anew.
    let old = script.write(hello().encode(1));
    script.radio.run_until(script.radio.now_ms() + 500);
    script.connect();
    script.open();
    let new = script.write(hello().encode(1));
    assert!(old.len() == 1 && new.len() == 1 && old != new);
}

#[test]
fn a_read_brings_the_records_with_offsets_length_and_crc() {
    for mtu in [23, 61, 185, 247, 517] {
        let plan = AirPlan { mtu, per_interval: 40, ..AirPlan::default() };
        let mut script = Script::new(plan, ConfeeConfig::default());
        script.open();
        let oldest = range(&mut script).oldest;
        let (data, end) = script.read_stored(oldest, 64);
        let (next, crc, bytes) = end.expect("the end of the read");
        assert_eq!((next - oldest, bytes as usize), (64, data.len()));
        assert_eq!(crc, crc32fast::hash(&data));
        let session = script.badge.lock().unwrap().session();
        for (record, n) in records(&data).zip(0..) {
            let StoredRecord::Frame { session: s, seq, captured_ms, codec, payload } =
                record.unwrap()
            else {
                panic!("not a frame");
            };
            assert_eq!((s, seq, captured_ms, codec), (session, n, 20 * n, Ok(Codec::OPUS_MONO)));
            assert_eq!(payload, LabelledFrames { longest: 120 }.payload(session, n));
        }
        assert_eq!(range(&mut script).oldest, oldest, "the end of a read frees nothing");
        assert_eq!(script.read_stored(oldest, 2).1.map(|e| e.0), Some(oldest + 2));
    }
}

#[test]
fn only_an_advance_or_a_release_frees() {
    let press = (1_000, Happening::Press(Press::Double));
    let mut script = script(ConfeeConfig { agenda: vec![press], ..ConfeeConfig::default() });
    let (ring, session) = (ring_id(&mut script), script.badge.lock().unwrap().session());
    let peek = |script: &mut Script, session, seq| {
        Released::parse(&script.done(Request::RingRelease { ring, session, seq })).unwrap()
    };
    let oldest = peek(&mut script, 0, 0);
    assert_eq!((oldest.oldest, oldest.session, oldest.seq, oldest.kind), (0, session, 0, 1));
    assert_eq!(peek(&mut script, session, 10).seq, 10);
    assert_eq!(peek(&mut script, session ^ 1, 99).seq, 10, "another session");
    assert_eq!(peek(&mut script, session, 5).seq, 10, "never back");
    let mark = peek(&mut script, session, 90);
    assert_eq!((mark.oldest, mark.kind), (u64::from(mark.seq), 2), "a mark stands in the way");
    let (data, _) = script.read_stored(mark.oldest, 1);
    let Some(Ok(StoredRecord::Mark { what, number, .. })) = records(&data).next() else {
        panic!("not a mark");
    };
    assert_eq!((what, number), (MarkKind::Start, 1));
    script.done(Request::RingAdvance { ring, to: mark.oldest + 1 });
    assert_eq!(peek(&mut script, session, 90).seq, 90);
    let mut badge = script.badge.lock().unwrap();
    let freed = badge.ledger().take_freed();
    assert_eq!(
        freed.get(&session).map(|r| r.ranges().to_vec()),
        Some(std::iter::once(0..90).collect())
    );
}

#[test]
fn a_full_ring_overwrites_the_oldest_and_says_so() {
    let mut script = script(ConfeeConfig { ring_bytes: 8_000, ..ConfeeConfig::default() });
    script.run(5_000);
    let id = RingIdData::parse(&script.done(Request::RingId)).unwrap();
    let stored = range(&mut script);
    assert!(id.overwritten > 0 && stored.oldest >= id.overwritten);
    assert!(HelloData::parse(&script.done(hello())).unwrap().flags.nearly_full());
    assert_eq!(
        script.ask(Request::RingRead { from: 0, records: 1 }).0,
        Status::OutOfRange,
        "what is gone cannot be read"
    );
    // Overwritten while it is read: the read ends early, its length tells.
    script.done(stream());
    let from = range(&mut script).oldest + 20;
    script.badge.lock().unwrap().ledger().take_freed();
    let (data, end) = script.read_stored(from, 64);
    let (next, crc, bytes) = end.expect("an end in any case");
    assert!(next <= from + 64 && bytes as usize == data.len() && crc == crc32fast::hash(&data));
    assert!(script.badge.lock().unwrap().ledger().take_freed().is_empty());
}

#[test]
fn a_restart_is_a_new_session_with_the_time_where_the_badge_has_it() {
    for clock_survives in [true, false] {
        let agenda = vec![(6_000, Happening::Off), (9_000, Happening::On)];
        let mut script = script(ConfeeConfig { agenda, clock_survives, ..Default::default() });
        let before = script.badge.lock().unwrap().session();
        let unix_ms = 1_750_000_000_000;
        let asked = script.radio.now_ms();
        let clock = ClockData::parse(&script.done(Request::Clock { unix_ms })).unwrap();
        assert_eq!(clock.session, before);
        let lost = script.run(8_000);
        assert!(lost.iter().any(|e| matches!(e, LinkEvent::Disconnected { .. })));
        script.open();
        let after = HelloData::parse(&script.done(hello())).unwrap();
        assert!(after.session != before && after.session != 0);
        let (data, _) = script.read_stored(290, 30);
        let clocks: Vec<_> = records(&data)
            .filter_map(|r| match r.unwrap() {
                StoredRecord::Clock { session, badge_ms, unix_ms } => {
                    Some((session, badge_ms, unix_ms))
                }
                _ => None,
            })
            .collect();
        match (clock_survives, &clocks[..]) {
            (true, [(session, 0, at)]) => {
                assert_eq!(*session, after.session);
                let passed = 9_000 - asked;
                assert!((passed - 50..=passed).contains(&(at - unix_ms)), "{at}");
            }
            (false, []) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_was_not_in_flash_was_never_promised() {
    let agenda = vec![(5_500, Happening::Off), (6_000, Happening::On)];
    let config = ConfeeConfig { agenda, flash_every_ms: 1_000, ..ConfeeConfig::default() };
    let mut script = script(config);
    let session = script.badge.lock().unwrap().session();
    script.radio.run_until(5_400);
    let promised = range(&mut script).next;
    script.run(3_000);
    script.open();
    let ledger = script.badge.lock().unwrap().ledger().clone();
    let unwritten = ledger.unwritten.get(&session).expect("some were in RAM").clone();
    assert!(unwritten.ranges().iter().all(|r| u64::from(r.start) >= promised));
    let (data, _) = script.read_stored(promised, 1);
    let Some(Ok(StoredRecord::Frame { session: s, .. })) = records(&data).next() else {
        panic!("not a frame");
    };
    assert_ne!(s, session, "the position is used for the first time");
}

#[test]
fn mute_covers_radio_and_store_and_survives_power_off() {
    let agenda = vec![
        (6_000, Happening::Mute(true)),
        (8_000, Happening::Off),
        (9_000, Happening::On),
        (20_000, Happening::Mute(false)),
    ];
    let mut script = script(ConfeeConfig { agenda, ..ConfeeConfig::default() });
    script.done(stream());
    script.radio.run_until(7_900);
    script.run(0);
    let frames = live(&script);
    assert!(frames.last().is_some_and(|f| f.2 < 6_000));
    assert!(events(&script).iter().any(|e| matches!(e, Event::Mute { on: true, .. })));
    script.radio.run_until(12_000);
    script.run(0);
    script.open();
    let data = HelloData::parse(&script.done(hello())).unwrap();
    assert!(data.flags.muted() && !data.flags.capturing() && !data.flags.light());
    assert_eq!(data.next_seq, 0);
    assert!(data.session != 0, "muted, it still has a session");
    script.done(stream());
    script.radio.run_until(21_000);
    script.run(0);
    let first = live(&script).into_iter().find(|f| f.0 == data.session);
    assert_eq!(first, Some((data.session, 0, 11_000)), "the pause has its length");
}

#[test]
fn live_goes_before_stored_and_messages_before_both() {
    let plan = AirPlan { mtu: 185, per_interval: 2, ..AirPlan::default() };
    let mut script = Script::new(plan, ConfeeConfig::default());
    script.open();
    script.done(stream());
    let stored = range(&mut script);
    script.notified.clear();
    script.done(Request::RingRead { from: stored.oldest, records: 64 });
    script.run(300);
    let frames = live(&script);
    let bulk = script.notified.iter().filter(|(c, _)| *c == STORAGE).count();
    assert!(bulk > 15, "{bulk}");
    assert!((18..=21).contains(&frames.len()), "{}", frames.len());
    let asked_at = script.radio.now_ms();
    assert_eq!(script.ask(Request::RingId).0, Status::Done);
    assert!(script.radio.now_ms() - asked_at < 200);
}

#[test]
fn forget_drops_bond_and_store_when_the_link_ends() {
    let mut script = script(ConfeeConfig::default());
    let ring = ring_id(&mut script);
    script.done(Request::Forget { wipe: true });
    assert_eq!(ring_id(&mut script), ring);
    script.connect();
    assert!(!script.badge.lock().unwrap().is_bonded());
    script.radio.forget_keys(sim_support::script::BADGE);
    script.open();
    assert_ne!(ring_id(&mut script), ring);
}

#[test]
fn a_codec_and_the_last_sequence_begin_a_session() {
    let codecs = vec![Codec::OPUS_MONO, Codec::OPUS_STEREO];
    let mut script =
        script(ConfeeConfig { codecs, first_seq: 0xFFFF_FFFD - 500, ..Default::default() });
    let first = HelloData::parse(&script.done(hello())).unwrap().session;
    script.run(12_000);
    let second = HelloData::parse(&script.done(hello())).unwrap();
    assert!(second.session != first && second.next_seq < 1_000);
    script.done(Request::Stream { on: true, codec: Codec::OPUS_STEREO });
    let third = HelloData::parse(&script.done(hello())).unwrap();
    assert!(third.session != second.session && third.codec == Some(Ok(Codec::OPUS_STEREO)));
    let begun = events(&script).iter().filter(|e| matches!(e, Event::Session { .. })).count();
    assert_eq!(begun, 2);
    assert_eq!(
        script.badge.lock().unwrap().ledger().made[&first].ranges().last().unwrap().end,
        0xFFFF_FFFE
    );
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let run = |seed| {
        let plan = AirPlan {
            seed,
            loss: 0.1,
            duplicate: 0.1,
            reorder: 0.2,
            latency_ms: 1..=30,
            ..AirPlan::default()
        };
        let mut script = Script::new(plan, ConfeeConfig { seed, ..ConfeeConfig::default() });
        script.connect();
        script.subscribe(AUDIO);
        let request = stream().encode(1);
        let command = confee_badge::LinkCommand::Write {
            epoch: script.epoch,
            request: 999,
            characteristic: CONTROL,
            value: request,
            confirmed: true,
        };
        confee_badge::Link::submit(&script.radio, command);
        script.run(5_000);
        (script.notified.clone(), script.radio.traffic())
    };
    assert_eq!(run(3), run(3));
    assert_ne!(run(3).0, run(4).0);
    let traffic = run(5).1;
    assert!(traffic.lost > 0 && traffic.duplicated > 0 && traffic.reordered > 0, "{traffic:?}");
}
