use proptest::prelude::*;
use uuid::Uuid;

use super::bench::Bench;
use super::device::{ALL, Device};
use crate::link::LinkFault;
use crate::omi::{Caps, Custody, Notice, RingInfo, uuids};
use crate::session::Session;

/// Early packets of the largest size, one read, and the lists of a drain.
const MOST: usize = 1024 * 517 + 2 * 64 * 444 + 2_000;

#[derive(Debug, Clone)]
enum Step {
    Notify(Uuid, Vec<u8>),
    Notice(Vec<u8>),
    Done(u16, Option<Vec<u8>>),
    Live(u8),
    Wait(u16),
    Sync,
    Allow(bool),
    Mute(bool),
    Durable(u64),
    Reconnect(bool),
    Settle,
}

/// Well-formed notices that make no sense.
fn notice() -> impl Strategy<Value = Vec<u8>> {
    let small = prop_oneof![0_u64..2_000, any::<u64>()];
    let parts = (small.clone(), small, any::<u8>(), any::<u16>(), any::<u32>());
    (0_u8..7, parts, prop::collection::vec(any::<u8>(), 1..600)).prop_map(|(kind, p, data)| {
        let (a, b, byte, short, long) = p;
        let custody = Custody { caps: Caps(byte), version: 1, ring: b };
        let notice = match kind {
            0 => Notice::Ack { status: byte.into(), granted: Some(Caps(byte)) },
            1 | 2 => Notice::Info(RingInfo {
                read: a,
                write: b,
                capacity: long,
                dropped: a,
                record_bytes: if byte < 240 { 444 } else { short },
                custody: (byte % 2 == 0).then_some(custody),
            }),
            3 => Notice::Data(&data),
            4 => Notice::Done { status: (byte % 3).into(), next: a, crc: None },
            5 => Notice::ReadBegin { start: a, count: long },
            _ => Notice::LiveMark { ring: 77, ring_seq: a, live_id: short },
        };
        let mut bytes = Vec::new();
        notice.encode(&mut bytes);
        bytes
    })
}

fn step() -> impl Strategy<Value = Step> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..600);
    let strange = Uuid::from_u128(9);
    let anywhere = prop::sample::select(ALL.into_iter().chain([strange]).collect::<Vec<_>>());
    prop_oneof![
        4 => (anywhere, bytes()).prop_map(|(what, value)| Step::Notify(what, value)),
        6 => notice().prop_map(Step::Notice),
        1 => (0_u16..20, prop::option::of(bytes())).prop_map(|(tag, v)| Step::Done(tag, v)),
        2 => (1_u8..30).prop_map(Step::Live),
        2 => (1_u16..9_000).prop_map(Step::Wait),
        1 => Just(Step::Sync),
        1 => any::<bool>().prop_map(Step::Allow),
        1 => any::<bool>().prop_map(Step::Mute),
        1 => any::<u64>().prop_map(Step::Durable),
        1 => any::<bool>().prop_map(Step::Reconnect),
        2 => Just(Step::Settle),
    ]
}

fn run(bench: &mut Bench, step: Step) {
    match step {
        Step::Notify(what, value) => bench.notify(what, &value),
        Step::Notice(value) => bench.notify(uuids::STORAGE_DATA, &value),
        Step::Done(tag, value) => {
            let value = value.as_deref().ok_or(LinkFault::Other);
            bench.call(|session, cx| session.on_done(tag, value, cx));
        }
        Step::Live(frames) => bench.live(frames.into(), |n| n % 7 == 3),
        Step::Wait(ms) => bench.wait(ms.into()),
        Step::Sync => bench.sync(),
        Step::Allow(on) => bench.call(|session, cx| session.allow_drain(on, cx)),
        Step::Mute(on) => bench.call(|session, cx| session.mute(on, cx)),
        Step::Durable(records) => bench.call(|session, cx| session.on_durable(records, cx)),
        Step::Reconnect(remembers) => bench.reconnect(700, remembers),
        Step::Settle => bench.settle(),
    }
    let _ = (bench.session.state(), bench.session.failure(), bench.session.expects_audio());
}

/// What may happen to an honest device and an honest phone.
#[derive(Debug, Clone)]
enum Fate {
    Live { frames: u8, lost: u8 },
    Outage { alone: u16 },
    Crash { alone: u16 },
    Spoil(u8),
    Hole(u8),
    Refuse(u8),
    Wait(u16),
    Sync,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => (1_u8..120, 0_u8..40).prop_map(|(frames, lost)| Fate::Live { frames, lost }),
        1 => (0_u16..500).prop_map(|alone| Fate::Outage { alone }),
        1 => (0_u16..500).prop_map(|alone| Fate::Crash { alone }),
        1 => (1_u8..4).prop_map(Fate::Spoil),
        1 => (1_u8..4).prop_map(Fate::Hole),
        1 => (1_u8..20).prop_map(Fate::Refuse),
        2 => (1_u16..4_000).prop_map(Fate::Wait),
        2 => Just(Fate::Sync),
    ]
}

fn suffer(bench: &mut Bench, fate: &Fate) {
    match *fate {
        Fate::Live { frames, lost } => {
            bench.live(frames.into(), |n| n.wrapping_mul(0x9E37_79B9) >> 24 < u32::from(lost));
        }
        Fate::Outage { alone } | Fate::Crash { alone } => {
            bench.device.enabled = false;
            bench.device.capture_alone(alone.into());
            bench.device.unix_s += u32::from(alone) / 50;
            let outage_ms = u64::from(alone) * 20;
            match fate {
                Fate::Crash { .. } => bench.crash(outage_ms),
                _ => bench.reconnect(outage_ms, true),
            }
        }
        Fate::Spoil(reads) => bench.device.spoiled_reads += u32::from(reads),
        Fate::Hole(reads) => bench.device.holed_reads += u32::from(reads),
        Fate::Refuse(frames) => bench.taken.refuse += u32::from(frames),
        Fate::Wait(ms) => bench.wait(ms.into()),
        Fate::Sync => bench.sync(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_that_a_device_says_does_harm(
        lie in prop::option::of(prop::collection::vec(any::<u8>(), 0..40)),
        custody in any::<bool>(),
        mtu in 23_u16..=517,
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut device = Device { custody, mtu, lie, ..Device::default() };
        device.capture_alone(40);
        let mut bench = Bench::new(device);
        bench.call(Session::begin);
        for step in steps {
            run(&mut bench, step);
            prop_assert!(bench.session.footprint() <= MOST);
        }
    }

    #[test]
    fn custody_never_frees_what_is_not_on_disk_and_ends_with_everything(
        fates in prop::collection::vec(fate(), 0..25),
        first_id in any::<u16>(),
    ) {
        let mut device = Device { next_id: first_id, ..Device::with_custody() };
        device.capture_alone(100);
        let mut bench = Bench::connected(device);
        for fate in &fates {
            suffer(&mut bench, fate);
            bench.assert_custody();
        }
        bench.taken.refuse = 0;
        (bench.device.spoiled_reads, bench.device.holed_reads) = (0, 0);
        bench.live(20, |_| false);
        bench.wait(70_000);
        bench.drain();
        bench.assert_custody();
        prop_assert_eq!(bench.device.read, bench.device.write());
        let mut frames = bench.taken.frames.clone();
        frames.sort();
        // The number of a frame is the start of its content: within a stream it grows with seq.
        for pair in frames.windows(2).filter(|p| p[0].0 == p[1].0) {
            prop_assert!(pair[0].1 < pair[1].1, "a frame twice");
            prop_assert!(pair[0].2[..4] < pair[1].2[..4], "a frame in a wrong place");
        }
    }
}
