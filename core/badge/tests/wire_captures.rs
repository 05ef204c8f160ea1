//! A short connection in bytes, kept in a file: neither the way in nor the way out can drift
//! unseen. A new file: `cargo test -p confee-badge --test wire_captures -- --ignored`.

use std::fmt::Write as _;

use confee_badge::Diagnostics;
use confee_badge::confee::{
    Advanced, Assembler, Capability, ClockData, DiagnosticsData, Event, Features, Flags, FrameOut,
    HelloData, Message, Press, ReadGranted, Released, Request, RingIdData, RingRangeData, Status,
    StoragePacket, StoredRecord, fragment, records,
};
use confee_domain::{Codec, MarkKind};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/confee.txt");
const CODEC: Codec = Codec::OPUS_MONO;
const SESSION: u32 = 0x5EED_0001;
const RING: u64 = 0x0123_4567_89AB_CDEF;
const NOW: u64 = 1_795_000_000_000;
const MTU: u16 = 40;

/// One value: `>` from the phone, `<` from the badge, and of which characteristic.
type Line = (char, &'static str, Vec<u8>);

fn request(lines: &mut Vec<Line>, id: u8, request: Request, data: &[u8]) {
    lines.push(('>', "control", request.encode(id)));
    let op = request.op();
    let answer = Message::Answer { op, request: id, status: Status::Done, data };
    lines.push(('<', "event", answer.encode()));
}

fn event(lines: &mut Vec<Line>, event: Event) {
    lines.push(('<', "event", Message::Event(event).encode()));
}

fn connection() -> Vec<Line> {
    let mut lines = Vec::new();
    let capability = Capability {
        minor: 0,
        features: Features::RING.with(Features::BUTTON).with(Features::MUTE).with(Features::CLOCK),
        codecs: vec![Codec::OPUS_STEREO, CODEC],
        microphone_mm: 12,
        max_frame: 320,
        badge_id: 0x00C0_FFEE_0000_0042,
        ring_bytes: 8 << 20,
    };
    lines.push(('<', "capability", capability.encode().to_vec()));
    negotiate(&mut lines);
    live(&mut lines);
    drain(&mut lines);
    part(&mut lines);
    lines
}

fn negotiate(lines: &mut Vec<Line>) {
    let flags = Flags::CAPTURING.with(Flags::LIGHT);
    let codec = Some(Ok(CODEC));
    let hello = HelloData { session: SESSION, codec, next_seq: 4, badge_ms: 80, flags };
    request(lines, 1, Request::Hello { major: 1, minor: 0 }, &hello.encode());
    let clock = ClockData { session: SESSION, badge_ms: 81 };
    request(lines, 2, Request::Clock { unix_ms: NOW }, &clock.encode());
    let flags = flags.with(Flags::STREAMING);
    request(lines, 3, Request::Stream { on: true, codec: CODEC }, &flags.encode());
}

fn live(lines: &mut Vec<Line>) {
    for (seq, length) in [(4, 10), (5, 60)] {
        let payload: Vec<u8> = (0..length).map(|i| i ^ seq as u8).collect();
        let captured_ms = seq * 20;
        let frame =
            FrameOut { session: SESSION, seq, captured_ms, codec: CODEC, payload: &payload };
        let mut out = Vec::new();
        for index in 0..=127 {
            if !fragment(&frame, MTU, index, &mut out).expect("fits") {
                break;
            }
            lines.push(('<', "audio", out.clone()));
        }
    }
    let (press, session) = (Press::Short, SESSION);
    event(lines, Event::Button { press, number: 7, session, seq: 5, captured_ms: 101 });
    event(lines, Event::Battery { percent: 81, charging: false, millivolts: 3912 });
}

fn drain(lines: &mut Vec<Line>) {
    let id = RingIdData { ring: RING, overwritten: 0 };
    request(lines, 4, Request::RingId, &id.encode());
    let range = RingRangeData { oldest: 900, next: 903 };
    request(lines, 5, Request::RingRange, &range.encode());
    let bytes = stored();
    let granted = ReadGranted { records: 3, bytes: bytes.len() as u32 };
    request(lines, 6, Request::RingRead { from: 900, records: 64 }, &granted.encode());
    let (mut offset, cut) = (0, usize::from(MTU) - 3 - StoragePacket::DATA_HEADER);
    for part in bytes.chunks(cut) {
        let packet = StoragePacket::Data { request: 6, offset, bytes: part };
        lines.push(('<', "storage", packet.encode()));
        offset += part.len() as u32;
    }
    let crc = crc32fast::hash(&bytes);
    let end = StoragePacket::End { request: 6, next: 903, crc, bytes: offset };
    lines.push(('<', "storage", end.encode()));
    let advance = Request::RingAdvance { ring: RING, to: 903 };
    request(lines, 7, advance, &Advanced { oldest: 903 }.encode());
    let release = Request::RingRelease { ring: RING, session: SESSION, seq: 5 };
    let left = Released { oldest: 904, session: SESSION, seq: 5, kind: 1 };
    request(lines, 8, release, &left.encode());
}

fn stored() -> Vec<u8> {
    let mut bytes = Vec::new();
    let (session, payload) = (SESSION, &[0xB8, 1, 2, 3, 4][..]);
    let codec = Ok(CODEC);
    let what = MarkKind::Start;
    for record in [
        StoredRecord::Clock { session, badge_ms: 1, unix_ms: NOW - 80 },
        StoredRecord::Frame { session, seq: 3, captured_ms: 60, codec, payload },
        StoredRecord::Mark { session, seq: 3, captured_ms: 61, what, number: 6 },
    ] {
        record.encode_into(&mut bytes);
    }
    bytes
}

fn part(lines: &mut Vec<Line>) {
    request(lines, 9, Request::Mute { on: true }, &Flags::MUTED.encode());
    event(lines, Event::Mute { on: true, session: SESSION, seq: 6, captured_ms: 120 });
    event(lines, Event::State { flags: Flags::MUTED });
    event(lines, Event::Ring { oldest: 904, next: 906 });
    let counters = Diagnostics {
        reset_cause: 1,
        uptime_s: 3600,
        mic_overruns: 0,
        tx_drops: 2,
        storage_errors: 0,
    };
    request(lines, 10, Request::Diagnostics, &DiagnosticsData(counters).encode());
    event(lines, Event::Session { session: SESSION + 1, codec: Ok(CODEC) });
    request(lines, 11, Request::RingStop, &[]);
    request(lines, 12, Request::Forget { wipe: false }, &[]);
}

/// Reads values as the side that gets them does.
#[derive(Default)]
struct Reading {
    assembler: Assembler,
    read: Vec<u8>,
}

impl Reading {
    fn of(&mut self, characteristic: &str, bytes: &[u8]) -> String {
        match characteristic {
            "capability" => {
                let capability = Capability::parse(bytes).expect("good");
                assert_eq!(capability.encode(), bytes);
                format!("{capability:?}")
            }
            "control" => {
                let (id, request) = Request::parse(bytes).expect("good");
                assert_eq!(request.encode(id), bytes);
                format!("{id} {request:?}")
            }
            "event" => {
                let message = Message::parse(bytes).expect("good");
                assert_eq!(message.encode(), bytes);
                format!("{message:?}{}", data(&message))
            }
            "audio" => {
                let whole = self.assembler.push(bytes).expect("good");
                whole.map_or_else(|| "part of a frame".into(), |frame| format!("{frame:?}"))
            }
            "storage" => self.stored(bytes),
            other => panic!("no characteristic {other}"),
        }
    }

    fn stored(&mut self, bytes: &[u8]) -> String {
        let packet = StoragePacket::parse(bytes).expect("good");
        assert_eq!(packet.encode(), bytes);
        match packet {
            StoragePacket::Data { request, offset, bytes } => {
                assert_eq!(offset as usize, self.read.len());
                self.read.extend(bytes);
                format!("{request} at {offset}")
            }
            StoragePacket::End { crc, .. } => {
                assert_eq!(crc32fast::hash(&self.read), crc);
                let list: Result<Vec<_>, _> = records(&self.read).collect();
                format!("{packet:?} {:?}", list.expect("good"))
            }
        }
    }
}

fn data(message: &Message<'_>) -> String {
    let Message::Answer { op, data, .. } = *message else { return String::new() };
    match op {
        0x01 => format!(" {:?}", HelloData::parse(data)),
        0x02 | 0x04 => format!(" {:?}", Flags::parse(data)),
        0x03 => format!(" {:?}", ClockData::parse(data)),
        0x10 => format!(" {:?}", RingIdData::parse(data)),
        0x11 => format!(" {:?}", RingRangeData::parse(data)),
        0x12 => format!(" {:?}", ReadGranted::parse(data)),
        0x13 => format!(" {:?}", Advanced::parse(data)),
        0x14 => format!(" {:?}", Released::parse(data)),
        0x20 => format!(" {:?}", DiagnosticsData::parse(data)),
        _ => String::new(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes all");
        text
    })
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().map(|c| c.to_digit(16).expect("hex")).collect();
    digits.chunks_exact(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}

fn text() -> String {
    let mut reading = Reading::default();
    let mut text = String::from(
        "# A connection in the Confee protocol: direction (> from the phone), characteristic, value, reading.\n",
    );
    for (direction, characteristic, value) in connection() {
        let read = reading.of(characteristic, &value);
        writeln!(text, "{direction} {characteristic} {} {read}", hex(&value)).expect("a string");
    }
    text
}

#[test]
fn the_capture_is_read_as_it_was() {
    let capture = std::fs::read_to_string(FILE).expect("the capture is in the repository");
    let mut reading = Reading::default();
    let lines = capture.lines().filter(|l| !l.starts_with('#'));
    let mut count = 0;
    for line in lines {
        let mut fields = line.splitn(4, ' ').skip(1);
        let mut field = || fields.next().expect("four fields");
        let (characteristic, value, expected) = (field(), field(), field());
        assert_eq!(reading.of(characteristic, &unhex(value)), expected, "{line}");
        count += 1;
    }
    assert!(count > 30);
    assert_eq!(text(), capture, "the same connection gives other bytes now");
}

#[test]
#[ignore = "writes the capture anew"]
fn write_the_capture() {
    std::fs::write(FILE, text()).expect("the folder is there");
}
