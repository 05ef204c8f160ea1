//! The model of an Omi device against what is known of the real ones, by a phone that does one
//! thing at a time.
// Clippy takes helpers of tests for code.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod sim_support;

use confee_badge::LinkEvent;
use confee_badge::confee::Press;
use confee_badge::omi::{
    Button, Caps, Command, LiveAssembler, LivePacket, Notice, RECORD_BYTES, Record, RingInfo,
    StorageStatus, StorageStatusCode, uuids,
};
use confee_badge::simulated::{AirPlan, Happening, LabelledFrames, OmiBadge, OmiConfig};
use sim_support::script::Script;

const FRAMES: LabelledFrames = LabelledFrames { longest: 90 };

fn script(air: AirPlan, config: OmiConfig) -> Script<OmiBadge> {
    Script::of(air, OmiBadge::new(config, FRAMES))
}

fn listen(script: &mut Script<OmiBadge>) {
    script.connect();
    listen_on(script);
}

fn listen_on(script: &mut Script<OmiBadge>) {
    for characteristic in [uuids::STORAGE_DATA, uuids::BUTTON, uuids::AUDIO_DATA] {
        let done = script.subscribe(characteristic);
        assert!(matches!(done, LinkEvent::Subscribed { .. }), "{done:?}");
    }
}

/// Notices that come within two seconds of a command.
fn command(script: &mut Script<OmiBadge>, command: Command) -> Vec<Vec<u8>> {
    let from = script.notified.len();
    let done = script.write_to(uuids::STORAGE_DATA, command.encode());
    assert!(matches!(done, LinkEvent::Written { .. }), "{done:?}");
    script.run(2_000);
    let new = script.notified[from..].iter().filter(|(c, _)| *c == uuids::STORAGE_DATA);
    new.map(|(_, v)| v.clone()).collect()
}

fn info(script: &mut Script<OmiBadge>) -> RingInfo {
    let notices = command(script, Command::Info);
    let mut infos = notices.iter().rev().filter_map(|n| match Notice::parse(n) {
        Ok(Notice::Info(info)) => Some(info),
        _ => None,
    });
    infos.next().expect("an answer to INFO")
}

fn ack(notices: &[Vec<u8>]) -> (StorageStatusCode, Option<Caps>) {
    let mut acks = notices.iter().filter_map(|n| match Notice::parse(n) {
        Ok(Notice::Ack { status, granted }) => Some((status, granted)),
        _ => None,
    });
    acks.next().expect("an acknowledgement")
}

/// Labels (start, place) of frames.
fn label(payload: &[u8]) -> (u32, u32) {
    let number = |at: usize| u32::from_le_bytes(payload[at..at + 4].try_into().unwrap());
    let (start, place) = (number(0), number(4));
    assert_eq!(payload, FRAMES.payload(start, place));
    (start, place)
}

fn live(script: &Script<OmiBadge>, mtu: u16) -> Vec<(u32, u32)> {
    let (mut assembler, mut frames) = (LiveAssembler::new(), Vec::new());
    for (_, value) in script.notified.iter().filter(|(c, _)| *c == uuids::AUDIO_DATA) {
        let packet = LivePacket::parse(value).unwrap();
        assembler.push(&packet, mtu, u64::MAX, &mut |_, frame| {
            frames.extend(frame.map(|f| label(f.payload)));
        });
    }
    frames
}

/// Frames of a whole read, after its length and checksum were compared.
fn stored(notices: &[Vec<u8>], crc_expected: bool) -> Vec<(u32, u32)> {
    let (mut data, mut count, mut ended) = (Vec::new(), 0, false);
    for notice in notices {
        match Notice::parse(notice).unwrap() {
            Notice::ReadBegin { count: c, .. } => count = c as usize,
            Notice::Data(bytes) => data.extend_from_slice(bytes),
            Notice::Done { status, crc, .. } => {
                assert_eq!(status, StorageStatusCode::Ok);
                assert_eq!(crc, crc_expected.then(|| crc32fast::hash(&data)));
                ended = true;
            }
            _ => {}
        }
    }
    assert!(ended && data.len() == count * RECORD_BYTES);
    let records = data.chunks(RECORD_BYTES).map(|r| Record::parse(r).unwrap());
    records.flat_map(|r| r.frames().map(|f| label(f.unwrap())).collect::<Vec<_>>()).collect()
}

#[test]
fn released_firmware_loses_what_nobody_listens_to() {
    let mut script = script(AirPlan::default(), OmiConfig::default());
    script.radio.run_until(5_000);
    script.connect();
    script.run(3_000);
    listen(&mut script);
    script.run(3_000);
    let heard = live(&script, 247);
    assert!(heard.len() > 80 && heard.windows(2).all(|w| w[1].1 == w[0].1 + 1));
    let state = info(&mut script);
    assert_eq!((state.read, state.custody), (0, None));
    let status = StorageStatus::parse(&script.read(uuids::STORAGE_STATUS).unwrap()).unwrap();
    assert_eq!((u64::from(status.unread_records), status.clock_valid), (state.write, false));
    let kept = stored(&command(&mut script, Command::Read { start: 0, count: None }), false);
    assert!(kept.len() > 200 && kept.last().unwrap().1 < 260, "stored without a link only");
    let ledger = script.badge.lock().unwrap().ledger().clone();
    let nowhere: u64 = ledger.unwritten.values().map(confee_domain::SeqRanges::len).sum();
    assert!(nowhere > 100, "{nowhere}");
    assert_eq!(
        ack(&command(&mut script, Command::CustodyEnable { version: 1, caps: Caps::ALL })).0,
        StorageStatusCode::InvalidCommand
    );
}

#[test]
fn storage_commands_and_their_codes() {
    use StorageStatusCode as Code;
    let mut script = script(AirPlan::default(), OmiConfig { custody: true, ..Default::default() });
    script.radio.run_until(10_000);
    script.write_to(uuids::TIME_WRITE, vec![1, 2, 3, 4]);
    listen(&mut script);
    let state = info(&mut script);
    let ring = state.custody.expect("the custody part").ring;
    assert!(state.write > 10);
    let beyond = state.write + 1_000;
    let table = [
        (Command::Advance { to: beyond }, Code::OutOfRange),
        (Command::Read { start: beyond, count: None }, Code::OutOfRange),
        (Command::AdvanceId { ring: ring ^ 1, to: 2 }, Code::RingIdMismatch),
        (Command::AdvanceId { ring, to: 2 }, Code::Ok),
        (Command::AdvanceId { ring, to: 1 }, Code::Ok),
        (Command::Stop, Code::Ok),
    ];
    for (what, code) in table {
        assert_eq!(ack(&command(&mut script, what)).0, code, "{what:?}");
    }
    assert_eq!(info(&mut script).read, 2);
    let freed = script.badge.lock().unwrap().ledger().take_freed();
    assert!(freed[&1].ranges()[0].start == 0 && freed[&1].len() > 8);
    let read = command(&mut script, Command::Read { start: 2, count: Some(3) });
    assert_eq!(stored(&read, false).first().map(|f| u64::from(f.1)), Some(freed[&1].len()));
}

#[test]
fn with_custody_everything_is_stored_and_live_marks_name_the_frames() {
    for mtu in [100, 185, 517] {
        let air = AirPlan { mtu, per_interval: 8, ..AirPlan::default() };
        let config = OmiConfig { custody: true, crc: true, first_id: 65_500, ..Default::default() };
        let mut script = script(air, config);
        script.connect();
        script.subscribe(uuids::STORAGE_DATA);
        let granted =
            ack(&command(&mut script, Command::CustodyEnable { version: 1, caps: Caps::ALL }));
        assert_eq!(granted, (StorageStatusCode::Ok, Some(Caps::ALL)));
        listen_on(&mut script);
        script.run(6_000);
        let end = info(&mut script).write;
        let notices = command(&mut script, Command::Read { start: 0, count: Some(end as u32) });
        let kept = stored(&notices, true);
        assert!(kept.windows(2).all(|w| w[1].1 == w[0].1 + 1) && kept[0] == (1, 0));
        check_marks(&script, mtu, &notices);
    }
}

/// The first frame after a record is the one whose packet the mark names.
fn check_marks(script: &Script<OmiBadge>, mtu: u16, read: &[Vec<u8>]) {
    let data: Vec<u8> = read
        .iter()
        .filter_map(|n| if let Ok(Notice::Data(d)) = Notice::parse(n) { Some(d) } else { None })
        .flatten()
        .copied()
        .collect();
    let firsts: Vec<(u32, u32)> = data
        .chunks(RECORD_BYTES)
        .map(|r| label(Record::parse(r).unwrap().frames().next().unwrap().unwrap()))
        .collect();
    let mut ids = std::collections::BTreeMap::new();
    let mut assembler = LiveAssembler::new();
    for (_, value) in script.notified.iter().filter(|(c, _)| *c == uuids::AUDIO_DATA) {
        let packet = LivePacket::parse(value).unwrap();
        assembler.push(&packet, mtu, u64::MAX, &mut |_, frame| {
            ids.extend(frame.map(|f| (f.number as u16, label(f.payload))));
        });
    }
    let mut compared = 0;
    for (_, value) in &script.notified {
        if let Ok(Notice::LiveMark { ring_seq, live_id, .. }) = Notice::parse(value)
            && let (Some(first), Some(named)) = (firsts.get(ring_seq as usize), ids.get(&live_id))
        {
            assert_eq!(first, named, "mark of record {ring_seq}");
            compared += 1;
        }
    }
    assert!(compared > 10, "{compared}");
}

#[test]
fn a_full_transmit_ring_drops_frames_and_a_full_store_the_oldest() {
    let air = AirPlan { per_interval: 1, interval_ms: 30, ..AirPlan::default() };
    let config = OmiConfig { ring_records: 4, ..OmiConfig::default() };
    let mut script = script(air, config);
    script.radio.run_until(5_000);
    listen(&mut script);
    script.run(10_000);
    let heard = live(&script, 247);
    assert!(heard.windows(2).any(|w| w[1].1 > w[0].1 + 1), "dropped frames");
    assert!(script.badge.lock().unwrap().ledger().not_sent > 50);
    let state = info(&mut script);
    assert!(state.dropped > 5 && state.write - state.read <= 4);
}

#[test]
fn nothing_is_sent_below_an_mtu_of_100() {
    let mut script = script(AirPlan { mtu: 99, ..AirPlan::default() }, OmiConfig::default());
    listen(&mut script);
    script.run(5_000);
    assert!(live(&script, 99).is_empty());
}

#[test]
fn a_restart_begins_ids_anew_and_presses_have_no_memory() {
    let agenda = vec![
        (6_000, Happening::Press(Press::Double)),
        (8_000, Happening::Off),
        (8_500, Happening::Press(Press::Short)),
        (9_000, Happening::On),
    ];
    let mut script = script(AirPlan::default(), OmiConfig { agenda, ..OmiConfig::default() });
    listen(&mut script);
    script.run(10_000);
    listen(&mut script);
    script.run(2_000);
    let heard = live(&script, 247);
    assert!(heard.iter().any(|f| f.0 == 1) && heard.iter().any(|f| f.0 == 2));
    let last = script.notified.iter().rfind(|(c, _)| *c == uuids::AUDIO_DATA).unwrap();
    assert!(LivePacket::parse(&last.1).unwrap().id < 200);
    let buttons: Vec<Button> = script
        .notified
        .iter()
        .filter(|(c, _)| *c == uuids::BUTTON)
        .filter_map(|(_, v)| Button::parse(v).unwrap())
        .collect();
    assert_eq!(buttons, [Button::Down, Button::Up, Button::Double]);
}
