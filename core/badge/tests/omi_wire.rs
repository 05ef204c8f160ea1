//! The Omi dialect on the wire: every value in both directions, and bytes of no sense.

use confee_badge::Diagnostics;
use confee_badge::omi::{
    Arrival, Button, Caps, Command, Custody, Features, LiveAssembler, LivePacket, MAX_COMMAND,
    Notice, OmiError, RECORD_AUDIO, Record, RecordPacker, RingInfo, StorageStatus,
    StorageStatusCode, battery_percent, charging, clean_text, codec, codec_id, diagnostics,
    encode_diagnostics, encode_time, firmware_version, fragment, parse_time, uuids,
};
use confee_domain::{Codec, Coding};
use proptest::prelude::*;

#[test]
fn identifiers_are_those_of_the_firmware() {
    let table = [
        (uuids::AUDIO_SERVICE, "19b10000-e8f2-537e-4f6c-d104768a1214"),
        (uuids::AUDIO_DATA, "19b10001-e8f2-537e-4f6c-d104768a1214"),
        (uuids::AUDIO_CODEC, "19b10002-e8f2-537e-4f6c-d104768a1214"),
        (uuids::CHARGING, "19b10013-e8f2-537e-4f6c-d104768a1214"),
        (uuids::FEATURES, "19b10021-e8f2-537e-4f6c-d104768a1214"),
        (uuids::TIME_WRITE, "19b10031-e8f2-537e-4f6c-d104768a1214"),
        (uuids::DIAGNOSTICS, "19b10041-e8f2-537e-4f6c-d104768a1214"),
        (uuids::BUTTON, "23ba7925-0000-1000-7450-346eac492e92"),
        (uuids::STORAGE_DATA, "30295781-4301-eabd-2904-2849adfeae43"),
        (uuids::STORAGE_STATUS, "30295782-4301-eabd-2904-2849adfeae43"),
        (uuids::BATTERY, "00002a19-0000-1000-8000-00805f9b34fb"),
        (uuids::SERIAL, "00002a25-0000-1000-8000-00805f9b34fb"),
    ];
    for (uuid, text) in table {
        assert_eq!(uuid.to_string(), text);
    }
}

#[test]
fn two_codecs_are_known_and_every_other_one_is_refused_by_name() {
    for id in 0..=u8::MAX {
        match codec(id) {
            Ok(known) => {
                assert!(matches!(id, 20 | 21));
                assert_eq!(codec_id(known), Some(id));
                assert_eq!((known.coding, known.channels), (Coding::Opus, 1));
                assert_eq!(known.frame_ms, if id == 20 { 10 } else { 20 });
            }
            Err(error) => assert_eq!(error, OmiError::Codec { id }),
        }
    }
    assert_eq!(codec_id(Codec::OPUS_STEREO), None);
}

#[test]
fn small_values() {
    assert_eq!(battery_percent(&[100]), Ok(100));
    assert_eq!(battery_percent(&[101]), Err(OmiError::Range { what: "charge" }));
    assert!(battery_percent(&[]).is_err() && battery_percent(&[1, 2]).is_err());
    assert_eq!((charging(&[1]), charging(&[0])), (Ok(true), Ok(false)));
    assert!(charging(&[2]).is_err() && charging(&[]).is_err());
    assert_eq!(Button::parse(&[3, 0, 0, 0, 9, 9, 9, 9]), Ok(Some(Button::Long)));
    assert_eq!(Button::parse(&[0; 8]), Ok(None));
    assert_eq!(Button::parse(&[0xFF; 8]), Err(OmiError::Button { event: -1 }));
    assert!(Button::parse(&[1, 0, 0]).is_err());
    for button in [Button::Single, Button::Double, Button::Long, Button::Down, Button::Up] {
        assert_eq!(Button::parse(&button.encode()), Ok(Some(button)));
    }
    let features = Features(Features::STORAGE | Features::BUTTON);
    assert_eq!(Features::parse(&features.encode()), Ok(features));
    assert!(features.has(Features::STORAGE) && !features.has(Features::SPEAKER));
    assert!(Features::parse(&[1, 2, 3]).is_err());
}

#[test]
fn time_is_whole_seconds_within_its_range() {
    assert_eq!(encode_time(1_764_000_000_999), 1_764_000_000_u32.to_le_bytes());
    assert_eq!(parse_time(&encode_time(1_764_000_000_999)), Ok(1_764_000_000));
    assert_eq!(encode_time(-1), [0; 4]);
    assert_eq!(encode_time(i64::MAX), [0xFF; 4]);
    assert!(parse_time(&[0; 5]).is_err() && parse_time(&[0; 3]).is_err());
}

#[test]
fn counters_of_another_version_are_refused() {
    let counters = Diagnostics {
        reset_cause: 1,
        uptime_s: 2,
        mic_overruns: 3,
        tx_drops: u32::MAX,
        storage_errors: 5,
    };
    let mut bytes = encode_diagnostics(&counters, 3_900, true);
    assert_eq!(diagnostics(&bytes), Ok(counters));
    assert!(diagnostics(&bytes[..24]).is_err());
    bytes[0] = 2;
    assert!(diagnostics(&bytes).is_err());
}

#[test]
fn text_is_cleaned() {
    assert_eq!(clean_text(b" Omi CV1\0\r\n").as_deref(), Some("Omi CV1"));
    assert_eq!(clean_text(b"\x1b[31mred\xff\xfe"), Some("[31mred".to_owned()));
    assert_eq!(clean_text("a\u{202E}b\u{200B}c".as_bytes()).as_deref(), Some("abc"));
    assert_eq!(clean_text(b"\0\0 \t"), None);
    assert_eq!(clean_text(&[b'x'; 4096]).map(|t| t.len()), Some(64));
}

#[test]
fn firmware_versions() {
    assert_eq!(firmware_version("3.0.20"), Some((3, 0, 20)));
    assert_eq!(firmware_version("v2.0.10-beta+3"), Some((2, 0, 10)));
    assert_eq!(firmware_version("3.1"), Some((3, 1, 0)));
    for bad in ["", "three", "3", "99999.0.1", ".1.2", "-3.0.1"] {
        assert_eq!(firmware_version(bad), None, "{bad}");
    }
}

#[test]
fn answers_of_other_lengths_are_none() {
    let list_of_one_file = [1, 0, 0, 0, 1, 0, 0, 0, 2];
    assert!(Notice::parse(&list_of_one_file).is_err());
    assert!(Notice::parse(&[6]).is_err(), "a bare status of generation 1");
    assert!(Notice::parse(&[]).is_err());
    assert_eq!(Notice::parse(&[7, 0]), Err(OmiError::Kind { kind: 7 }));
    assert!(StorageStatus::parse(&[0; 8]).is_err());
}

#[test]
fn a_record_shows_when_it_is_shifted() {
    let mut packer = RecordPacker::default();
    while packer.push(&[7; 80]) {}
    let record = packer.finish(9);
    assert!(packer.is_empty());
    let read = Record::parse(&record).unwrap();
    assert_eq!((read.unix_s, read.frames().count()), (9, 5));
    assert!(read.frames().all(|f| f == Ok(&[7; 80][..])));
    let mut shifted = record;
    shifted.rotate_left(60);
    assert!(Record::parse(&shifted).unwrap().frames().any(|f| f.is_err()));
    assert!(Record::parse(&record[1..]).is_err());
    assert!(!packer.push(&[]) && !packer.push(&[1; 256]));
}

fn status() -> impl Strategy<Value = StorageStatusCode> {
    any::<u8>().prop_map(StorageStatusCode::from)
}

fn command() -> impl Strategy<Value = Command> {
    let count = prop::option::of(1..=u32::MAX);
    prop_oneof![
        Just(Command::Info),
        (any::<u64>(), count).prop_map(|(start, count)| Command::Read { start, count }),
        any::<u64>().prop_map(|to| Command::Advance { to }),
        Just(Command::Clear),
        Just(Command::Stop),
        (any::<u8>(), any::<u8>())
            .prop_map(|(version, caps)| Command::CustodyEnable { version, caps: Caps(caps) }),
        (any::<u64>(), any::<u64>()).prop_map(|(ring, to)| Command::AdvanceId { ring, to }),
    ]
}

fn info() -> impl Strategy<Value = RingInfo> {
    let custody = (any::<u8>(), any::<u8>(), any::<u64>())
        .prop_map(|(caps, version, ring)| Custody { caps: Caps(caps), version, ring });
    let numbers = (any::<u64>(), any::<u64>(), any::<u32>(), any::<u64>(), any::<u16>());
    (numbers, prop::option::of(custody)).prop_map(|(n, custody)| RingInfo {
        read: n.0,
        write: n.1,
        capacity: n.2,
        dropped: n.3,
        record_bytes: n.4,
        custody,
    })
}

/// Feeds packets and collects what comes out: numbers of frames with their payloads.
fn assemble(packets: &[(u16, u8, Vec<u8>)], mtu: u16) -> (Vec<(u64, Vec<u8>)>, Vec<Arrival>) {
    let mut assembler = LiveAssembler::new();
    let (mut frames, mut arrivals) = (Vec::new(), Vec::new());
    let mut sink = |arrival, frame: Option<confee_badge::omi::LiveFrame<'_>>| match frame {
        Some(frame) => frames.push((frame.number, frame.payload.to_vec())),
        None => arrivals.push(arrival),
    };
    for (id, index, payload) in packets {
        let packet = LivePacket { id: *id, index: *index, payload };
        assembler.push(&packet, mtu, u64::MAX, &mut sink);
    }
    assembler.flush(&mut sink);
    (frames, arrivals)
}

fn split(frames: &[Vec<u8>], first: u16, mtu: u16) -> Vec<(u16, u8, Vec<u8>)> {
    let mut packets = Vec::new();
    let (mut id, mut out) = (first, Vec::new());
    for frame in frames {
        let mut index = 0;
        while fragment(id, index, frame, mtu, &mut out) {
            let packet = LivePacket::parse(&out).expect("a packet of ours");
            packets.push((packet.id, packet.index, packet.payload.to_vec()));
            (id, index) = (id.wrapping_add(1), index + 1);
        }
    }
    packets
}

#[test]
fn a_short_packet_is_a_frame_at_once_a_full_one_when_the_next_begins() {
    let mut assembler = LiveAssembler::new();
    let mut count = 0;
    let mut push = |id, payload: &[u8]| {
        let packet = LivePacket { id, index: 0, payload };
        assembler.push(&packet, 100, u64::MAX, &mut |_, f| count += usize::from(f.is_some()));
        (count, assembler.is_open())
    };
    assert_eq!(push(0, &[1; 80]), (1, false));
    assert_eq!(push(1, &[1; 94]), (1, true));
    assert_eq!(push(2, &[1; 80]), (3, false));
}

#[test]
fn a_device_that_sends_smaller_packets_than_the_mtu_costs_one_frame() {
    let frames = vec![vec![5; 150]; 4];
    let packets = split(&frames, 0, 100);
    let (got, _) = assemble(&packets, 247);
    assert_eq!(got.len(), 4);
    assert_eq!(got[0].1.len(), 94, "cut off before it was known");
    assert!(got[1..].iter().all(|(_, payload)| *payload == frames[0]));
}

#[test]
fn the_rules_of_packet_ids() {
    let p = |id: u16| (id, 0, vec![1_u8; 40]);
    use Arrival::{Duplicate, Gap, Late, Next, Reset};
    let table: [(&[u16], &[Arrival]); 6] = [
        (&[5, 6, 6, 7], &[Next, Next, Duplicate, Next]),
        (&[5, 9, 10], &[Next, Gap, Next]),
        (&[65_535, 0, 1], &[Next, Next, Next]),
        (&[65_530, 3], &[Next, Gap]),
        (&[40_000, 0, 1], &[Next, Gap, Next]),
        (&[30_000, 0, 1, 3, 2], &[Next, Reset, Next, Gap, Late]),
    ];
    for (ids, expected) in table {
        let packets: Vec<_> = ids.iter().map(|id| p(*id)).collect();
        assert_eq!(assemble(&packets, 247).1, expected, "{ids:?}");
    }
}

#[test]
fn two_fragments_under_one_id_are_one_frame() {
    let packets = [(9, 0, vec![1; 94]), (9, 1, vec![2; 30]), (10, 0, vec![3; 40])];
    let (frames, _) = assemble(&packets, 100);
    assert_eq!(frames.len(), 2);
    assert_eq!(frames[0].1.len(), 124);
}

proptest! {
    #[test]
    fn commands_come_back(command in command()) {
        let bytes = command.encode();
        prop_assert!(bytes.len() <= MAX_COMMAND);
        prop_assert_eq!(Command::parse(&bytes), Ok(command));
    }

    #[test]
    fn notices_come_back(
        status in status(),
        granted in prop::option::of(any::<u8>().prop_map(Caps)),
        info in info(),
        data in prop::collection::vec(any::<u8>(), 1..300),
        (next, ring, live_id, count) in any::<(u64, u64, u16, u32)>(),
        crc in prop::option::of(any::<u32>()),
    ) {
        let notices = [
            Notice::Ack { status, granted },
            Notice::Info(info),
            Notice::Data(&data),
            Notice::Done { status, next, crc },
            Notice::ReadBegin { start: next, count },
            Notice::LiveMark { ring, ring_seq: next, live_id },
        ];
        let mut bytes = Vec::new();
        for notice in notices {
            bytes.clear();
            notice.encode(&mut bytes);
            prop_assert_eq!(Notice::parse(&bytes), Ok(notice));
        }
    }

    #[test]
    fn status_comes_back(used in any::<u32>(), unread in any::<u32>(), clock in any::<bool>()) {
        let status = StorageStatus {
            used_bytes: used,
            unread_records: unread,
            free_bytes: !used,
            clock_valid: clock,
        };
        prop_assert_eq!(StorageStatus::parse(&status.encode()), Ok(status));
    }

    #[test]
    fn records_hold_what_was_packed(
        frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..200), 0..12),
        unix_s in any::<u32>(),
    ) {
        let mut packer = RecordPacker::default();
        let packed: Vec<_> = frames.iter().take_while(|f| packer.push(f)).collect();
        let bytes = packer.finish(unix_s);
        prop_assert_eq!(bytes.last(), Some(&0));
        let record = Record::parse(&bytes).unwrap();
        prop_assert_eq!(record.unix_s, unix_s);
        let read: Result<Vec<_>, _> = record.frames().collect();
        prop_assert_eq!(read, Ok(packed.iter().map(|f| f.as_slice()).collect()));
    }

    #[test]
    fn any_bytes_are_a_value_or_a_named_error(bytes in prop::collection::vec(any::<u8>(), 0..700)) {
        let _ = (Notice::parse(&bytes), Command::parse(&bytes), Button::parse(&bytes));
        let _ = (StorageStatus::parse(&bytes), Features::parse(&bytes), diagnostics(&bytes));
        let _ = (battery_percent(&bytes), charging(&bytes), parse_time(&bytes));
        let text = clean_text(&bytes);
        prop_assert!(text.is_none_or(|t| t.chars().count() <= 64 && !t.contains(char::is_control)));
        let mut record = bytes.clone();
        record.resize(444, 0);
        let mut total = 0;
        let record = Record::parse(&record).unwrap();
        for frame in record.frames().flatten() {
            prop_assert!(!frame.is_empty());
            total += 1 + frame.len();
        }
        prop_assert!(total <= RECORD_AUDIO);
    }

    #[test]
    fn frames_whose_fragments_all_came_come_out_once_and_whole(
        sizes in prop::collection::vec(1_usize..=160, 1..30),
        first in any::<u16>(),
        mtu in 23_u16..=517,
        fates in prop::collection::vec(0_u8..10, 400),
    ) {
        let content = |(i, n): (usize, &usize)| -> Vec<u8> { (0..*n).map(|k| (i * 31 + k) as u8).collect() };
        let frames: Vec<Vec<u8>> = sizes.iter().enumerate().map(content).collect();
        let packets = split(&frames, first, mtu);
        let mut sent = Vec::new();
        let mut lost = vec![false; packets.len()];
        for (at, packet) in packets.iter().enumerate() {
            match fates[at % fates.len()] {
                0 => lost[at] = true,
                1 => sent.extend([packet.clone(), packet.clone()]),
                _ => sent.push(packet.clone()),
            }
        }
        let (got, arrivals) = assemble(&sent, mtu);
        prop_assert!(!arrivals.contains(&Arrival::Reset) && !arrivals.contains(&Arrival::Late));
        let chunk = usize::from(mtu) - 6;
        let mut rest = got.iter().map(|(_, payload)| payload);
        let mut at = 0;
        for frame in &frames {
            let end = at + frame.len().div_ceil(chunk);
            let whole = lost[at..end].iter().all(|l| !l);
            // There is no end mark: a full last packet needs the one after it.
            let ended = frame.len() % chunk != 0 || !lost.get(end).is_some_and(|l| *l);
            if whole && ended {
                prop_assert!(rest.any(|g| g == frame), "a whole frame is missing");
            }
            at = end;
        }
        let closed = got.len().saturating_sub(1);
        prop_assert!(got.iter().take(closed).all(|(_, g)| frames.contains(g)), "a cut frame");
        prop_assert!(got.windows(2).all(|w| w[0].0 < w[1].0));
    }

    #[test]
    fn packets_without_sense_do_no_harm(
        packets in prop::collection::vec(
            (any::<u16>(), any::<u8>(), prop::collection::vec(any::<u8>(), 1..600)), 0..80),
        mtu in any::<u16>(),
    ) {
        let (frames, _) = assemble(&packets, mtu);
        prop_assert!(frames.len() <= packets.len());
        prop_assert!(frames.iter().all(|(_, payload)| payload.len() <= 1280));
    }
}
