use confee_domain::LinkState;

use super::bench::Bench;
use super::device::Device;
use crate::event::BadgeEvent;
use crate::omi::{Command, Notice, StorageTrouble, uuids};
use crate::session::Session;

fn frees(bench: &Bench) -> usize {
    bench.commands(|c| matches!(c, Command::Advance { .. } | Command::AdvanceId { .. }))
}

fn reads(bench: &Bench) -> usize {
    bench.commands(|c| matches!(c, Command::Read { .. }))
}

#[test]
fn stored_audio_is_fetched_whole_and_freed_only_when_it_is_on_disk() {
    for custody in [false, true] {
        let mut device = if custody { Device::with_custody() } else { Device::default() };
        device.capture_alone(1_003);
        device.flush();
        let mut bench = Bench::connected(device);
        bench.wait(5_000);
        assert_eq!(bench.taken.frames.len(), 1_003, "custody {custody}");
        assert_eq!((frees(&bench), bench.device.read), (0, 0), "nothing is on disk yet");
        bench.drain();
        assert_eq!(bench.device.read, bench.device.write());
        assert!(bench.contents().values().all(|n| *n == 1));
        let seqs: Vec<u32> = bench.taken.frames.iter().map(|(_, seq, _)| *seq).collect();
        assert_eq!(seqs, (0..1_003).collect::<Vec<_>>(), "one stream without holes");
        let ring = if custody { 77 } else { 0 };
        assert_eq!(bench.checkpoint(), Some((ring, bench.device.write())));
        let last = bench.events.iter().rev().find_map(|e| match e {
            BadgeEvent::Backlog(backlog) => Some(*backlog),
            _ => None,
        });
        assert_eq!(last.map(|b| (b.records, b.ms, b.nearly_full)), Some((0, 0, false)));
        assert_eq!(bench.state(), LinkState::Streaming);
    }
}

#[test]
fn freeing_waits_for_the_receipt_of_the_last_record() {
    let mut device = Device::default();
    device.capture_alone(20);
    device.flush();
    let mut bench = Bench::connected(device);
    // The last record's frames, the note of its clock, and all before them.
    let receipts = 20 + 1;
    bench.call(|session, cx| session.on_durable(receipts - 1, cx));
    bench.wait(3_000);
    assert_eq!(frees(&bench), 0);
    bench.call(|session, cx| session.on_durable(receipts, cx));
    bench.wait(3_000);
    assert_eq!(frees(&bench), 1);
}

#[test]
fn damaged_reads_are_asked_for_again_and_never_freed() {
    for (spoiled_reads, holed_reads, crc) in [(2, 0, true), (0, 2, true), (0, 2, false)] {
        let mut device = Device { crc, spoiled_reads, holed_reads, ..Device::with_custody() };
        device.capture_alone(500);
        device.flush();
        let mut bench = Bench::connected(device);
        bench.drain();
        assert_eq!(bench.counters.damaged_reads, 2);
        assert_eq!(bench.contents().len(), 500);
        assert!(bench.contents().values().all(|n| *n == 1));
        assert_eq!(bench.device.read, bench.device.write());
    }
}

#[test]
fn a_store_that_stays_damaged_is_left_alone_by_name_while_live_audio_goes_on() {
    let mut device = Device { spoiled_reads: 1_000, ..Device::with_custody() };
    device.capture_alone(500);
    device.flush();
    let mut bench = Bench::connected(device);
    bench.wait(2_000);
    assert_eq!(bench.session.storage_trouble(), Some(StorageTrouble::Damaged));
    assert_eq!((bench.device.read, frees(&bench)), (0, 0));
    bench.live(10, |_| false);
    assert_eq!(bench.counters.live, 10);
    assert_eq!(bench.session.failure(), None);
    // Later it is tried again.
    bench.device.spoiled_reads = 0;
    bench.wait(61_000);
    bench.drain();
    assert_eq!(bench.session.storage_trouble(), None);
    assert!(bench.contents().len() >= 510);
    bench.assert_custody();
}

#[test]
fn a_record_that_is_stored_broken_is_taken_as_far_as_it_goes() {
    let mut device = Device::default();
    device.capture_alone(50);
    device.flush();
    device.records[3][443] = 0xFF;
    let mut bench = Bench::connected(device);
    bench.drain();
    assert_eq!(bench.device.read, bench.device.write(), "the same twice: it is stored like that");
    assert_eq!(bench.counters.malformed, 1);
    assert_eq!(bench.contents().len(), 50);
}

#[test]
fn refused_frames_keep_their_records_on_the_badge() {
    let mut device = Device::with_custody();
    device.capture_alone(200);
    device.flush();
    let mut bench = Bench::new(device);
    bench.taken.refuse = 1;
    bench.begin();
    bench.sync();
    assert_eq!((bench.counters.refused, frees(&bench)), (1, 0));
    bench.drain();
    assert!(bench.contents().len() == 200 && bench.contents().values().all(|n| *n == 1));
    assert_eq!(bench.device.read, bench.device.write());
}

#[test]
fn a_pause_stops_a_read_and_frees_nothing_of_it() {
    let mut device = Device::with_custody();
    device.capture_alone(500);
    device.flush();
    let mut bench = Bench::new(device);
    let session = crate::omi::OmiSession::new("x", &super::device::ALL, None);
    bench.session = session.with_drain(false);
    bench.begin();
    bench.drain();
    assert_eq!((reads(&bench), frees(&bench)), (0, 0));
    bench.call(|session, cx| session.allow_drain(true, cx));
    bench.settle();
    bench.drain();
    assert_eq!(bench.contents().len(), 500);
}

#[test]
fn live_audio_that_came_is_freed_unread_and_what_was_lost_is_fetched_into_its_place() {
    let mut bench = Bench::connected(Device::with_custody());
    bench.live(300, |_| false);
    bench.drain();
    assert!(reads(&bench) <= 1, "at most the records before the first mark");
    let whole = bench.device.read;
    assert!(whole + 2 >= bench.device.write());
    bench.live(300, |n| (100..120).contains(&n));
    bench.drain();
    assert!(reads(&bench) >= 1 && reads(&bench) < 12, "{}", reads(&bench));
    let stored: u32 = bench.contents().values().sum();
    assert_eq!(bench.contents().len(), 600);
    assert_eq!(stored, 600, "nothing twice");
    assert_eq!(bench.streams().len(), 1);
    for (_, seq, payload) in &bench.taken.frames {
        assert_eq!(payload[..4], seq.to_be_bytes());
    }
    bench.assert_custody();
}

#[test]
fn after_an_outage_stored_frames_join_the_live_stream_as_far_as_is_proven() {
    let mut bench = Bench::connected(Device::with_custody());
    bench.live(200, |_| false);
    bench.drain();
    bench.live(50, |_| false);
    // The link goes; what was not freed stays stored, and capture goes on alone.
    bench.device.enabled = false;
    bench.device.capture_alone(400);
    bench.reconnect(8_000, true);
    bench.live(100, |_| false);
    bench.drain();
    bench.live(20, |_| false);
    bench.drain();
    assert_eq!(bench.contents().len(), 770);
    let twice = bench.contents().values().filter(|n| **n > 1).count();
    assert!(twice <= 12, "only records that are partly proven: {twice}");
    bench.assert_custody();
}

#[test]
fn without_proof_both_are_kept() {
    let mut bench = Bench::connected(Device::with_custody());
    bench.live(100, |_| false);
    // Nothing durable, the app is restarted: its numbering is gone.
    bench.reconnect(1_000, false);
    bench.drain();
    assert_eq!(bench.streams().len(), 2);
    assert!(bench.contents().values().any(|n| *n == 2));
    bench.assert_custody();
}

#[test]
fn marks_that_lie_about_the_numbers_lose_nothing() {
    let mut bench = Bench::connected(Device::with_custody());
    for n in 0..400_u32 {
        bench.now_ms += 20;
        bench.device.capture(n % 50 != 0);
        for (what, value) in &mut bench.device.out {
            if *what == uuids::STORAGE_DATA && value.first() == Some(&6) {
                value[18] = value[18].wrapping_add(3);
            }
        }
        bench.settle();
    }
    bench.drain();
    assert!((0..400).all(|n| bench.contents().contains_key(&n) || n % 50 == 0));
    let live = bench.taken.frames[0].0;
    for (stream, seq, payload) in &bench.taken.frames {
        // The first frame was lost before the stream began.
        assert!(*stream != live || payload[..4] == (seq + 1).to_be_bytes(), "in a wrong place");
    }
}

#[test]
fn another_ring_voids_what_was_known_of_the_old_one() {
    let mut device = Device::with_custody();
    device.capture_alone(300);
    device.flush();
    let mut bench = Bench::connected(device);
    bench.drain();
    assert_eq!(bench.checkpoint(), Some((77, 60)));
    // Formatted while away: positions begin anew, the old one would free what nobody has.
    bench.device.ring_id = 78;
    (bench.device.read, bench.device.records) = (0, Vec::new());
    bench.device.capture_alone(500);
    bench.device.flush();
    bench.device.commands.clear();
    bench.reconnect(1_000, true);
    assert_eq!(frees(&bench), 0);
    bench.drain();
    assert_eq!(bench.contents().len(), 800);
    assert_eq!(bench.device.read, bench.device.write());
    // And under way: the badge says so to the next word to free.
    bench.device.ring_id = 79;
    (bench.device.read, bench.device.records) = (0, Vec::new());
    bench.device.capture_alone(500);
    bench.device.flush();
    bench.drain();
    assert_eq!(bench.contents().len(), 1_300);
    bench.assert_custody();
}

#[test]
fn the_last_word_to_free_is_given_again_after_a_reconnect() {
    let mut device = Device::with_custody();
    device.capture_alone(300);
    device.flush();
    let mut bench = Bench::connected(device);
    bench.drain();
    let (_, to) = bench.checkpoint().unwrap();
    bench.device.read = 10;
    bench.device.commands.clear();
    bench.reconnect(1_000, false);
    assert!(bench.device.commands.contains(&Command::AdvanceId { ring: 77, to }));
    assert_eq!((bench.device.read, reads(&bench)), (to, 0));
}

#[test]
fn a_position_without_a_ring_is_never_given_again() {
    let mut device = Device::default();
    device.capture_alone(300);
    device.flush();
    let mut bench = Bench::connected(device);
    bench.drain();
    bench.device.read = 10;
    bench.device.commands.clear();
    bench.reconnect(1_000, true);
    assert_eq!(frees(&bench), 0);
    let before = bench.taken.frames.len();
    bench.drain();
    assert_eq!(bench.device.read, bench.device.write());
    assert!(bench.taken.frames.len() >= before);
}

#[test]
fn what_was_taken_and_not_freed_is_known_when_it_comes_again() {
    for custody in [false, true] {
        let mut device = if custody { Device::with_custody() } else { Device::default() };
        device.capture_alone(500);
        device.flush();
        let mut bench = Bench::connected(device);
        bench.wait(3_000);
        bench.reconnect(1_000, true);
        bench.drain();
        assert_eq!(bench.taken.frames.len(), 500);
        assert_eq!(bench.counters.duplicates, 500);
        assert_eq!(bench.device.read, bench.device.write());
    }
}

#[test]
fn a_silent_store_costs_only_the_store() {
    let table = [
        ("3.0.20", StorageTrouble::NoAnswer),
        ("3.0.19", StorageTrouble::OldFirmware),
        ("dev", StorageTrouble::UnknownVersion),
    ];
    for (firmware, trouble) in table {
        let mut bench = Bench::connected(Device { silent: true, firmware, ..Device::default() });
        bench.wait(4_000);
        assert_eq!(bench.session.storage_trouble(), None);
        bench.wait(16_000);
        assert_eq!(bench.session.storage_trouble(), Some(trouble));
        assert_eq!(bench.device.commands, [Command::Info; 3]);
        bench.live(5, |_| false);
        assert_eq!((bench.counters.live, bench.session.failure()), (5, None));
    }
}

#[test]
fn old_stores_are_sent_no_command_at_all() {
    let old = Device { status: 8, firmware: "2.0.1", ..Device::default() };
    let none = Device { features: Some(0), ..Device::default() };
    let untold = Device { features: None, status: 0, firmware: "x", ..Device::default() };
    let table = [
        (old, StorageTrouble::OldFirmware, true),
        (none, StorageTrouble::NoStorage, false),
        (untold, StorageTrouble::OldFirmware, true),
    ];
    for (device, trouble, stores) in table {
        let mut bench = Bench::connected(device);
        bench.wait(30_000);
        assert_eq!(bench.session.storage_trouble(), Some(trouble));
        assert!(bench.device.commands.is_empty());
        assert!(
            bench.events.iter().any(|e| matches!(e, BadgeEvent::Identity(i) if i.stores == stores))
        );
    }
}

#[test]
fn a_clock_that_jumps_begins_another_stream_and_unset_clocks_are_not_placed() {
    let mut device = Device { unix_s: 0, ..Device::default() };
    device.capture_alone(100);
    device.flush();
    device.unix_s = 1_763_000_000;
    device.capture_alone(100);
    device.flush();
    device.unix_s += 3_600;
    device.capture_alone(100);
    device.flush();
    let mut bench = Bench::connected(device);
    bench.drain();
    assert_eq!(bench.contents().len(), 300);
    let anchors = &bench.taken.anchors;
    let unix: Vec<i64> = anchors.iter().map(|(_, _, unix)| *unix / 1000).collect();
    assert_eq!(unix, [1_763_000_000, 1_763_003_600]);
    assert_eq!(bench.streams().len(), 2);
}

#[test]
fn late_and_foreign_notices_are_counted() {
    let mut bench = Bench::connected(Device::with_custody());
    bench.wait(500);
    let strays = [
        Notice::Ack { status: 0.into(), granted: None },
        Notice::Done { status: 0.into(), next: 9, crc: None },
        Notice::Data(&[1, 2, 3]),
        Notice::ReadBegin { start: 0, count: 4 },
        Notice::LiveMark { ring: 5, ring_seq: 5, live_id: 5 },
    ];
    for notice in &strays {
        bench.device.notify(notice);
        bench.settle();
    }
    assert_eq!(bench.counters.stray, 5);
    assert_eq!(frees(&bench), 0);
}
