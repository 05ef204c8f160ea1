use confee_domain::{BadgeProblem, Codec, LinkState, MarkKind};

use super::bench::{Bench, UNIX_MS};
use super::device::{Device, content};
use crate::event::BadgeEvent;
use crate::omi::{Button, LivePacket, uuids};
use crate::session::Session;
use confee_domain::DialectName;

fn seqs(bench: &Bench) -> Vec<u32> {
    bench.taken.frames.iter().map(|(_, seq, _)| *seq).collect()
}

fn packet(id: u16, n: u32) -> Vec<u8> {
    let mut out = Vec::new();
    LivePacket { id, index: 0, payload: &content(n, 80) }.encode(&mut out);
    out
}

#[test]
fn notifications_come_first_then_the_clock_then_what_can_be_read() {
    let mut bench = Bench::connected(Device::default());
    let order = [
        uuids::STORAGE_DATA,
        uuids::BUTTON,
        uuids::BATTERY,
        uuids::CHARGING,
        uuids::AUDIO_DATA,
        uuids::TIME_WRITE,
        uuids::AUDIO_CODEC,
        uuids::SERIAL,
    ];
    assert_eq!(bench.device.order[..8], order);
    let seconds = u32::try_from(UNIX_MS / 1000 + 1).unwrap();
    assert_eq!(bench.device.clock.as_deref(), Some(&seconds.to_le_bytes()[..]));
    let Some(BadgeEvent::Identity(who)) = bench.events.pop_front() else { panic!("no identity") };
    assert_eq!((who.dialect, who.stores, who.microphones), (DialectName::Omi, true, None));
    assert_eq!(who.model.as_deref(), Some("Omi CV1"));
    assert_eq!(who.serial.as_deref(), Some("0011223344556677"));
    assert_eq!(bench.state(), LinkState::Streaming);
    assert_eq!(bench.session.failure(), None);
    assert!(bench.session.expects_audio());
    assert!(bench.events.contains(&BadgeEvent::Battery { percent: 80, charging: None }));
    assert!(bench.events.contains(&BadgeEvent::Battery { percent: 80, charging: Some(false) }));
    assert!(
        bench.events.iter().any(|e| matches!(e, BadgeEvent::Diagnostics(d) if d.uptime_s == 600))
    );
}

#[test]
fn an_unknown_codec_is_refused_and_no_frame_is_taken() {
    for id in [0, 1, 10, 11, 19, 22, 255] {
        let mut bench = Bench::connected(Device { codec: id, ..Device::default() });
        assert_eq!(bench.session.failure(), Some(BadgeProblem::UnknownCodec), "{id}");
        bench.live(3, |_| false);
        assert!(bench.taken.frames.is_empty());
    }
}

#[test]
fn a_device_without_its_audio_characteristics_is_another_protocol() {
    let mut bench = Bench::new(Device::default());
    bench.session = crate::omi::OmiSession::new("x", &[uuids::AUDIO_DATA], None);
    bench.begin();
    assert_eq!(bench.session.failure(), Some(BadgeProblem::UnknownProtocol));
}

#[test]
fn the_badge_is_named_by_its_serial_number_else_by_the_peripheral() {
    let id = |serial, peripheral| {
        let mut bench = Bench::new(Device { serial, ..Device::default() });
        bench.session = crate::omi::OmiSession::new(peripheral, &super::device::ALL, None);
        bench.begin();
        match bench.events.pop_front() {
            Some(BadgeEvent::Identity(who)) => who.badge_id,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(id("S1", "a"), id("S1", "b"));
    assert_ne!(id("S1", "a"), id("S2", "a"));
    assert_eq!(id("", "a"), id("\0\0", "a"));
    assert_ne!(id("", "a"), id("", "b"));
}

#[test]
fn lost_packets_leave_their_numbers_free_and_repeated_ones_change_nothing() {
    let mut bench = Bench::connected(Device { next_id: 65_530, ..Device::default() });
    bench.live(12, |n| n == 3 || n == 8);
    assert_eq!(seqs(&bench), [0, 1, 2, 4, 5, 6, 7, 9, 10, 11]);
    assert_eq!(bench.streams().len(), 1);
    let again = packet(5, 11);
    bench.notify(uuids::AUDIO_DATA, &again);
    assert_eq!((bench.counters.duplicates, bench.counters.frames), (1, 10));
    assert_eq!(bench.counters.live, 10);
}

#[test]
fn a_late_packet_takes_its_own_place() {
    let mut bench = Bench::connected(Device::default());
    for (id, n) in [(0, 0), (1, 1), (3, 3), (2, 2), (4, 4), (1, 1)] {
        bench.notify(uuids::AUDIO_DATA, &packet(id, n));
    }
    assert_eq!(seqs(&bench), [0, 1, 3, 2, 4]);
    assert!(bench.taken.frames.iter().all(|(_, seq, payload)| *payload == content(*seq, 80)));
}

#[test]
fn frames_that_need_fragments_count_one_each() {
    let mut bench = Bench::connected(Device { mtu: 60, ..Device::default() });
    bench.live(10, |n| n == 4);
    bench.wait(500);
    assert_eq!(seqs(&bench), [0, 1, 2, 3, 5, 6, 7, 8, 9]);
}

#[test]
fn a_frame_that_exactly_fills_its_packet_is_taken_when_nothing_follows() {
    let mut bench = Bench::connected(Device { mtu: 86, ..Device::default() });
    bench.live(3, |_| false);
    assert_eq!(seqs(&bench), [0, 1]);
    bench.wait(500);
    assert_eq!(seqs(&bench), [0, 1, 2]);
}

#[test]
fn over_a_reconnect_the_stream_goes_on_with_a_gap_as_long_as_the_outage() {
    let mut bench = Bench::connected(Device::default());
    bench.live(10, |_| false);
    bench.reconnect(10_000, true);
    bench.live(5, |_| false);
    assert_eq!(bench.streams().len(), 1);
    let after = seqs(&bench)[10];
    assert!((500..=510).contains(&(after - 9)), "{after}");
    assert_eq!(seqs(&bench)[10..], [after, after + 1, after + 2, after + 3, after + 4]);
    // Both notes of the wall clock lie on one line.
    let notes: Vec<i64> =
        bench.taken.anchors.iter().map(|(_, badge, unix)| unix - i64::from(*badge)).collect();
    assert_eq!(notes.len(), 2);
    assert!((notes[0] - notes[1]).abs() <= 40, "{notes:?}");
}

#[test]
fn a_restart_of_the_device_begins_another_stream() {
    let restarts = [30_000, 5_000];
    for before in restarts {
        let mut bench = Bench::connected(Device { next_id: before, ..Device::default() });
        bench.live(10, |_| false);
        bench.device.next_id = 0;
        bench.reconnect(2_000, true);
        bench.live(10, |_| false);
        assert_eq!(bench.streams().len(), 2, "{before}");
        assert_eq!(seqs(&bench)[10], 0);
        let told = bench.events.iter().filter(|e| matches!(e, BadgeEvent::Stream { .. })).count();
        assert_eq!(told, 2);
    }
    // A step forward that is too long for the outage is a restart too.
    let mut bench = Bench::connected(Device { next_id: 60_000, ..Device::default() });
    bench.live(10, |_| false);
    bench.device.next_id = 0;
    bench.reconnect(2_000, true);
    bench.live(1, |_| false);
    assert_eq!(bench.streams().len(), 2);
}

#[test]
fn another_badge_or_a_restarted_app_begins_another_stream() {
    let mut bench = Bench::connected(Device::default());
    bench.live(3, |_| false);
    bench.reconnect(100, false);
    bench.live(3, |_| false);
    bench.device.serial = "8899";
    bench.reconnect(100, true);
    bench.live(3, |_| false);
    assert_eq!(bench.streams().len(), 3);
}

#[test]
fn audio_that_comes_before_the_codec_is_known_is_kept() {
    let mut bench = Bench::new(Device::default());
    bench.call(Session::begin);
    for id in 0..5 {
        bench.notify(uuids::AUDIO_DATA, &packet(id, u32::from(id)));
    }
    assert!(bench.taken.frames.is_empty());
    bench.settle();
    assert_eq!(seqs(&bench), [0, 1, 2, 3, 4]);
}

#[test]
fn ten_millisecond_frames() {
    let mut bench = Bench::connected(Device { codec: 20, ..Device::default() });
    bench.live(3, |_| false);
    let expected = Codec { frame_ms: 10, ..Codec::OPUS_MONO };
    assert!(
        bench
            .events
            .iter()
            .any(|e| matches!(e, BadgeEvent::Stream { codec, .. } if *codec == expected))
    );
}

#[test]
fn presses_mark_the_newest_frame_or_the_first_that_comes() {
    let mut bench = Bench::connected(Device::default());
    bench.press(Button::Double);
    assert!(bench.taken.marks.is_empty());
    bench.live(6, |_| false);
    for button in [Button::Down, Button::Up, Button::Single, Button::Long] {
        bench.press(button);
    }
    let marks: Vec<_> = bench.taken.marks.iter().map(|m| (m.kind, m.seq, m.captured_ms)).collect();
    assert_eq!(
        marks,
        [(MarkKind::Start, 0, 0), (MarkKind::Lead, 5, 100), (MarkKind::Stop, 5, 100)]
    );
}

#[test]
fn mute_is_not_spoken() {
    let mut bench = Bench::connected(Device::default());
    let before = bench.device.order.len();
    bench.call(|session, cx| session.mute(true, cx));
    bench.settle();
    assert_eq!(bench.device.order.len(), before);
    assert!(!bench.events.iter().any(|e| matches!(e, BadgeEvent::Muted(_))));
    assert!(bench.session.expects_audio());
}
