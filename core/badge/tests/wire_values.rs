//! Every value of the Confee protocol out and in again, and bytes of no sense.

use confee_badge::Diagnostics;
use confee_badge::confee::{
    Advanced, Capability, Cleared, ClockData, DiagnosticsData, Event, Features, Flags, Fragment,
    HelloData, MAX_SEQ, Message, Press, ReadGranted, Released, Request, RingIdData, RingRangeData,
    Status, StoragePacket, StoredRecord, WireError, records, stream_id,
};
use confee_domain::{Codec, CodecError, Coding, MarkKind, StreamId};
use proptest::prelude::*;

fn codec() -> impl Strategy<Value = Codec> {
    let coding = prop_oneof![Just(Coding::Pcm16), Just(Coding::Opus)];
    let form = (coding, 1_u8..=2, prop_oneof![Just(10_u8), Just(20)]);
    form.prop_map(|(coding, channels, frame_ms)| Codec { coding, channels, frame_ms })
}

fn any_codec() -> impl Strategy<Value = Result<Codec, CodecError>> {
    any::<u8>().prop_map(Codec::from_id)
}

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..most)
}

fn request() -> impl Strategy<Value = Request> {
    prop_oneof![
        any::<(u8, u8)>().prop_map(|(major, minor)| Request::Hello { major, minor }),
        (any::<bool>(), codec()).prop_map(|(on, codec)| Request::Stream { on, codec }),
        any::<u64>().prop_map(|unix_ms| Request::Clock { unix_ms }),
        any::<bool>().prop_map(|on| Request::Mute { on }),
        Just(Request::RingId),
        Just(Request::RingRange),
        (any::<u64>(), 1_u16..=64).prop_map(|(from, records)| Request::RingRead { from, records }),
        any::<(u64, u64)>().prop_map(|(ring, to)| Request::RingAdvance { ring, to }),
        any::<(u64, u32, u32)>().prop_map(|(ring, session, seq)| Request::RingRelease {
            ring,
            session,
            seq
        }),
        any::<u64>().prop_map(|ring| Request::RingClear { ring }),
        Just(Request::RingStop),
        Just(Request::Diagnostics),
        any::<bool>().prop_map(|wipe| Request::Forget { wipe }),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let press = prop_oneof![Just(Press::Short), Just(Press::Double), Just(Press::Long)];
    prop_oneof![
        (press, any::<(u16, u32, u32, u32)>()).prop_map(|(press, (n, session, seq, at))| {
            Event::Button { press, number: n, session, seq, captured_ms: at }
        }),
        any::<(bool, u32, u32, u32)>().prop_map(|(on, session, seq, captured_ms)| {
            Event::Mute { on, session, seq, captured_ms }
        }),
        (any::<u32>(), any_codec()).prop_map(|(session, codec)| Event::Session { session, codec }),
        (0_u8..=100, any::<(bool, u16)>()).prop_map(|(percent, (charging, millivolts))| {
            Event::Battery { percent, charging, millivolts }
        }),
        any::<(u64, u64)>().prop_map(|(a, b)| Event::Ring { oldest: a.min(b), next: a.max(b) }),
        any::<u8>().prop_map(|flags| Event::State { flags: Flags(flags) }),
    ]
}

/// A record, and the payload that it borrows.
fn record() -> impl Strategy<Value = (StoredRecord<'static>, Vec<u8>)> {
    let kinds =
        [MarkKind::Lead, MarkKind::Start, MarkKind::Stop, MarkKind::Muted, MarkKind::Unmuted];
    let payload = prop::collection::vec(any::<u8>(), 1..=1280);
    let frame = (1_u32.., 0..=MAX_SEQ, any::<u32>(), any_codec(), payload);
    prop_oneof![
        frame.prop_map(|(session, seq, captured_ms, codec, payload)| {
            (StoredRecord::Frame { session, seq, captured_ms, codec, payload: &[] }, payload)
        }),
        (any::<(u32, u32, u32, u16)>(), prop::sample::select(kinds.to_vec())).prop_map(
            |((session, seq, captured_ms, number), what)| {
                (StoredRecord::Mark { session, seq, captured_ms, what, number }, Vec::new())
            }
        ),
        any::<(u32, u32, u64)>().prop_map(|(session, badge_ms, unix_ms)| {
            (StoredRecord::Clock { session, badge_ms, unix_ms }, Vec::new())
        }),
        (4_u8..).prop_map(|kind| (StoredRecord::Unknown { kind }, Vec::new())),
    ]
}

fn with_payload<'a>(record: &StoredRecord<'static>, bytes: &'a [u8]) -> StoredRecord<'a> {
    match *record {
        StoredRecord::Frame { session, seq, captured_ms, codec, .. } => {
            StoredRecord::Frame { session, seq, captured_ms, codec, payload: bytes }
        }
        other => other,
    }
}

proptest! {
    #[test]
    fn capabilities(
        (minor, features, microphone_mm) in any::<(u8, u32, u8)>(),
        codecs in prop::collection::vec(codec(), 1..=8),
        max_frame in 1_u16..=1280,
        (badge_id, ring_bytes) in any::<(u64, u32)>(),
        appended in bytes(9),
    ) {
        let features = Features(features);
        let capability =
            Capability { minor, features, codecs, microphone_mm, max_frame, badge_id, ring_bytes };
        let mut value = capability.encode().to_vec();
        for length in 0..Capability::LENGTH {
            prop_assert!(Capability::parse(&value[..length]).is_err());
        }
        value.extend(appended);
        prop_assert_eq!(Capability::parse(&value), Ok(capability));
    }

    #[test]
    fn requests(request in request(), id in any::<u8>()) {
        let value = request.encode(id);
        prop_assert!(value.len() <= 20);
        prop_assert_eq!(Request::header(&value), Some((request.op(), id)));
        prop_assert_eq!(Request::parse(&value), Ok((id, request)));
        for length in 0..value.len() {
            prop_assert!(Request::parse(&value[..length]).is_err());
        }
        let longer = [&value[..], &[0]].concat();
        prop_assert!(Request::parse(&longer).is_err());
    }

    #[test]
    fn answers(op in 0_u8..128, request in any::<u8>(), status in any::<u8>(), data in bytes(18)) {
        let status = Status::from_id(status);
        let message = Message::Answer { op, request, status, data: &data };
        let encoded = message.encode();
        prop_assert_eq!(Message::parse(&encoded), Ok(message));
    }

    #[test]
    fn data_of_answers(
        (session, codec, seq, ms) in (1_u32.., any_codec(), any::<u32>(), any::<u32>()),
        (a, b, records, bytes, kind) in any::<(u64, u64, u16, u32, u8)>(),
        counters in any::<(u8, u32, u32, u32, u32)>(),
    ) {
        let flags = Flags(kind);
        let hello = HelloData { session, codec: Some(codec), next_seq: seq, badge_ms: ms, flags };
        prop_assert_eq!(HelloData::parse(&hello.encode()), Ok(hello));
        let silent = HelloData { session: 0, codec: None, ..hello };
        prop_assert_eq!(HelloData::parse(&silent.encode()), Ok(silent));
        let clock = ClockData { session, badge_ms: ms };
        prop_assert_eq!(ClockData::parse(&clock.encode()), Ok(clock));
        let id = RingIdData { ring: a, overwritten: b };
        prop_assert_eq!(RingIdData::parse(&id.encode()), Ok(id));
        let range = RingRangeData { oldest: a.min(b), next: a.max(b) };
        prop_assert_eq!(RingRangeData::parse(&range.encode()), Ok(range));
        let granted = ReadGranted { records, bytes };
        prop_assert_eq!(ReadGranted::parse(&granted.encode()), Ok(granted));
        let advanced = Advanced { oldest: a };
        prop_assert_eq!(Advanced::parse(&advanced.encode()), Ok(advanced));
        let released = Released { oldest: a, session, seq, kind };
        prop_assert_eq!(Released::parse(&released.encode()), Ok(released));
        let cleared = Cleared { ring: a };
        prop_assert_eq!(Cleared::parse(&cleared.encode()), Ok(cleared));
        prop_assert_eq!(Flags::parse(&flags.encode()), Ok(flags));
        let (cause, uptime_s, mic_overruns, tx_drops, storage_errors) = counters;
        let reset_cause = cause.into();
        let counters = DiagnosticsData(Diagnostics {
            reset_cause, uptime_s, mic_overruns, tx_drops, storage_errors,
        });
        prop_assert_eq!(DiagnosticsData::parse(&counters.encode()), Ok(counters));
        for data in [hello.encode(), released.encode(), id.encode(), counters.encode()] {
            prop_assert!(data.len() + 3 <= 20);
        }
        prop_assert!(HelloData::parse(&hello.encode()[1..]).is_err());
        prop_assert!(Released::parse(&released.encode()[1..]).is_err());
    }

    #[test]
    fn events(event in event(), appended in bytes(3)) {
        let message = Message::Event(event);
        let mut value = message.encode();
        prop_assert!(value.len() <= 20);
        for length in 0..value.len() {
            prop_assert!(Message::parse(&value[..length]).is_err());
        }
        value.extend(appended);
        prop_assert_eq!(Message::parse(&value), Ok(message));
    }

    #[test]
    fn storage_packets((request, offset, next, crc) in any::<(u8, u32, u64, u32)>(), bytes in bytes(40)) {
        let data = StoragePacket::Data { request, offset, bytes: &bytes };
        let encoded = data.encode();
        prop_assert_eq!(StoragePacket::parse(&encoded), Ok(data));
        let end = StoragePacket::End { request, next, crc, bytes: offset };
        let encoded = end.encode();
        prop_assert_eq!(StoragePacket::parse(&encoded), Ok(end));
    }

    #[test]
    fn stored_records(list in prop::collection::vec(record(), 0..6), cut in any::<prop::sample::Index>()) {
        let list: Vec<_> = list.iter().map(|(r, payload)| with_payload(r, payload)).collect();
        let (mut value, mut ends) = (Vec::new(), vec![0]);
        for record in &list {
            record.encode_into(&mut value);
            ends.push(value.len());
        }
        prop_assert_eq!(records(&value).collect::<Result<Vec<_>, _>>(), Ok(list));
        let cut = cut.index(value.len() + 1);
        let found: Vec<_> = records(&value[..cut]).collect();
        let whole = ends.iter().filter(|e| **e != 0 && **e <= cut).count();
        prop_assert_eq!(found.iter().filter(|r| r.is_ok()).count(), whole);
        prop_assert_eq!(found.len() - whole, usize::from(!ends.contains(&cut)));
    }

    #[test]
    fn any_bytes_are_a_value_or_an_error(value in bytes(64)) {
        if let Ok(capability) = Capability::parse(&value) {
            prop_assert_eq!(Capability::parse(&capability.encode()), Ok(capability));
        }
        if let Ok((id, request)) = Request::parse(&value) {
            prop_assert_eq!(request.encode(id), &value[..]);
        }
        if let Ok(message) = Message::parse(&value) {
            let encoded = message.encode();
            prop_assert_eq!(Message::parse(&encoded), Ok(message));
        }
        if let Ok(packet) = StoragePacket::parse(&value) {
            let encoded = packet.encode();
            prop_assert_eq!(StoragePacket::parse(&encoded), Ok(packet));
        }
        prop_assert!(records(&value).count() <= value.len() / 3 + 1);
        let _ = Fragment::parse(&value);
    }
}

/// A good capability with other bytes at an offset.
fn capability(at: usize, other: &[u8]) -> Result<Capability, WireError> {
    let good = Capability {
        minor: 0,
        features: Features::RING.with(Features::CLOCK),
        codecs: vec![Codec::OPUS_MONO],
        microphone_mm: 0,
        max_frame: 160,
        badge_id: 5,
        ring_bytes: 0,
    };
    let mut value = good.encode();
    value[at..at + other.len()].copy_from_slice(other);
    Capability::parse(&value)
}

#[test]
fn hostile_capabilities_are_refused_by_name() {
    let value = |what, value| Err(WireError::Value { what, value });
    let table = [
        (capability(0, b"BC"), Err(WireError::Magic)),
        (capability(2, &[2]), Err(WireError::Version { major: 2 })),
        (capability(2, &[0]), Err(WireError::Version { major: 0 })),
        (capability(8, &[0]), Err(WireError::NoCodec)),
        (capability(8, &[1, 0x21]), Err(WireError::NoCodec)),
        (capability(8, &[8, 0xFF]), Err(WireError::NoCodec)),
        (capability(8, &[9]), value("number of codecs", 9)),
        (capability(8, &[255]), value("number of codecs", 255)),
        (capability(18, &[0, 0]), value("largest frame", 0)),
        (capability(18, &[1, 5]), value("largest frame", 1281)),
    ];
    for (row, (found, expected)) in table.into_iter().enumerate() {
        assert_eq!(found, expected, "{row}");
    }
    let known = capability(8, &[3, 0x99, 0x11, 0x21]).map(|c| c.codecs);
    assert_eq!(known, Ok(vec![Codec::OPUS_MONO]));
    assert!(Capability::parse(b"CB\x02").is_err_and(|e| e == WireError::Version { major: 2 }));
}

#[test]
fn hostile_fragments_are_refused_by_name() {
    let first = |at: usize, other: &[u8]| {
        let mut value = [0; 18];
        value[..2].copy_from_slice(&[0x10, 0x80]);
        value[2] = 1;
        value[14] = 0x11;
        value[15] = 1;
        value[at..at + other.len()].copy_from_slice(other);
        Fragment::parse(&value).map(|f| f.seq)
    };
    let value = |what, value| Err(WireError::Value { what, value });
    let table = [
        (first(0, &[0x10]), Ok(0)),
        (first(0, &[0x20]), Err(WireError::Version { major: 2 })),
        (first(0, &[0x11]), Err(WireError::Version { major: 1 })),
        (first(0, &[0x00]), Err(WireError::Version { major: 0 })),
        (first(2, &[0]), value("session", 0)),
        (first(6, &[0xFE, 0xFF, 0xFF, 0xFF]), value("sequence", 0xFFFF_FFFE)),
        (first(6, &[0xFD, 0xFF, 0xFF, 0xFF]), Ok(MAX_SEQ)),
        (first(14, &[0x20]), Err(WireError::Codec(CodecError::Reserved { id: 0x20 }))),
        (first(14, &[0x30]), Err(WireError::Codec(CodecError::Unknown { id: 0x30 }))),
        (first(15, &[0, 0]), value("frame length", 0)),
        (first(15, &[0xFF, 0xFF]), value("frame length", 0xFFFF)),
    ];
    for (row, (found, expected)) in table.into_iter().enumerate() {
        assert_eq!(found, expected, "{row}");
    }
    let short = Fragment::parse(&[0x10, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(short, Err(WireError::TooShort { what: "audio fragment", needed: 14, got: 11 }));
}

#[test]
fn hostile_messages_and_requests_are_refused_by_name() {
    let kind = |what, kind| WireError::Kind { what, kind };
    let value = |what, value| WireError::Value { what, value };
    let messages: [(&[u8], WireError); 6] = [
        (&[0, 1], kind("event", 0)),
        (&[7, 1], kind("event", 7)),
        (&[1, 4, 0, 0], kind("button press", 4)),
        (&[2, 2], value("mute switch", 2)),
        (&[4, 101, 0, 0, 0], value("charge", 101)),
        (&[0x81, 1], WireError::TooShort { what: "message", needed: 3, got: 2 }),
    ];
    for (bytes, error) in messages {
        assert_eq!(Message::parse(bytes), Err(error));
    }
    let requests: [(&[u8], WireError); 5] = [
        (&[0x7F, 1], kind("request", 0x7F)),
        (&[2, 1, 1, 0x44], WireError::Codec(CodecError::Unknown { id: 0x44 })),
        (&[4, 1, 7], value("mute switch", 7)),
        (&[0x12, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], value("number of records to read", 0)),
        (&[0x12, 1, 0, 0, 0, 0, 0, 0, 0, 0, 65, 0], value("number of records to read", 65)),
    ];
    for (bytes, error) in requests {
        assert_eq!(Request::parse(bytes), Err(error));
    }
}

#[test]
fn a_damaged_record_does_not_hide_those_behind_it() {
    let clock = StoredRecord::Clock { session: 1, badge_ms: 2, unix_ms: 3 };
    let bodies: [(u8, &[u8]); 5] = [
        (1, &[]),
        (1, &[0; 14]),
        (1, &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x11]),
        (2, &[9; 15]),
        (3, &[0; 15]),
    ];
    for (kind, body) in bodies {
        let mut value = vec![kind, body.len() as u8, 0];
        value.extend(body);
        clock.encode_into(&mut value);
        let found: Vec<_> = records(&value).map(|r| r.expect("whole")).collect();
        assert!(matches!(found[0], StoredRecord::Damaged { kind: k, .. } if k == kind), "{kind}");
        assert_eq!(found[1..], [clock]);
    }
}

#[test]
fn a_stream_is_named_by_badge_and_session_for_ever() {
    let table = [(0, 7, 7), (1, 1, 0x100B_05E5_0000_0001), (u64::MAX, 1, 0xF2CB_BD7B_0000_0001)];
    for (badge_id, session, id) in table {
        assert_eq!(stream_id(badge_id, session), StreamId(id), "{badge_id:x}");
    }
}

#[test]
fn errors_say_what_to_do() {
    let errors = [
        WireError::TooShort { what: "capability", needed: 32, got: 3 },
        WireError::Magic,
        WireError::Version { major: 2 },
        WireError::NoCodec,
        WireError::FragmentConflict { what: "last fragment" },
        WireError::Kind { what: "event", kind: 9 },
    ];
    for error in errors {
        let sentence = error.to_string();
        let advice = sentence.rsplit(": ").next().expect("one part at least");
        assert!(advice.starts_with("update") || advice.starts_with("choose"), "{sentence}");
    }
}
