//! Frames of the Confee protocol cut into notifications and put together again.

use std::collections::BTreeMap;

use confee_badge::confee::{
    Assembled, Assembler, Fragment, FrameOut, MAX_FRAME, MAX_SEQ, WireError, fragment,
};
use confee_domain::Codec;
use proptest::prelude::*;

const CODEC: Codec = Codec::OPUS_MONO;

fn notifications(frame: &FrameOut<'_>, mtu: u16) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    let cut = |index| fragment(frame, mtu, index, &mut out).expect("fits").then(|| out.clone());
    (0..=127).map_while(cut).collect()
}

fn frame(session: u32, seq: u32, payload: &[u8]) -> FrameOut<'_> {
    FrameOut { session, seq, captured_ms: seq.wrapping_mul(20), codec: CODEC, payload }
}

/// What is in a frame, from its name: nothing of one frame is found in another.
fn contents(session: u32, seq: u32, length: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(u64::from(session) << 32 | u64::from(seq));
    std::iter::repeat_with(|| random.u8(..)).take(length).collect()
}

/// One frame of the property: how long it is, and what becomes of each of its fragments.
#[derive(Debug, Clone)]
struct Sent {
    length: usize,
    /// Sequences that the badge skipped before it.
    skipped: u32,
    /// Per fragment, repeated: how often it comes, and how much later each time.
    fates: Vec<Vec<u32>>,
}

fn sent() -> impl Strategy<Value = Sent> {
    let later = 0_u32..4;
    let fate = prop_oneof![
        8 => later.clone().prop_map(|l| vec![l]),
        1 => Just(Vec::new()),
        2 => prop::collection::vec(later, 2..4),
    ];
    let length = prop_oneof![4 => 1_usize..200, 1 => 1_usize..=1273];
    let skipped = prop_oneof![6 => Just(0_u32), 1 => 1_u32..90];
    (length, skipped, prop::collection::vec(fate, 1..9)).prop_map(|(length, skipped, fates)| Sent {
        length,
        skipped,
        fates,
    })
}

/// The notifications in the order they arrive, and the frames all of whose fragments are there.
type Arrivals = (Vec<Vec<u8>>, BTreeMap<(u32, u32), Vec<u8>>);

/// A fragment comes up to three sequences late, in any order with others of its moment.
fn arrivals(sent: &[Sent], mtu: u16, new_session_at: usize, seed: u64) -> Arrivals {
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut air, mut whole) = (Vec::new(), BTreeMap::new());
    let (mut session, mut seq, mut began) = (1, 0, 0);
    for (at, one) in sent.iter().enumerate() {
        if at == new_session_at {
            (session, seq, began) = (2, 0, seq);
        }
        seq += one.skipped;
        let payload = contents(session, seq, one.length);
        let parts = notifications(&frame(session, seq, &payload), mtu);
        let fates = || one.fates.iter().cycle();
        if fates().take(parts.len()).all(|fate| !fate.is_empty()) {
            whole.insert((session, seq), payload);
        }
        for (part, fate) in parts.into_iter().zip(fates()) {
            let moments = fate.iter().map(|later| began + seq + later);
            air.extend(moments.map(|moment| (moment, random.u32(..), part.clone())));
        }
        seq += 1;
    }
    air.sort_unstable();
    (air.into_iter().map(|(_, _, part)| part).collect(), whole)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn exactly_the_frames_all_of_whose_fragments_came(
        sent in prop::collection::vec(sent(), 1..60),
        mtu in prop_oneof![Just(23_u16), Just(185), Just(517), 23_u16..=517],
        new_session_at in 0_usize..60,
        seed in any::<u64>(),
    ) {
        let (air, whole) = arrivals(&sent, mtu, new_session_at, seed);
        let mut assembler = Assembler::new();
        let mut given = BTreeMap::new();
        for part in &air {
            let taken = assembler.push(part);
            prop_assert!(taken.is_ok(), "{taken:?}");
            if let Ok(Some(Assembled { session, seq, captured_ms, codec, payload })) = taken {
                prop_assert_eq!((captured_ms, codec), (seq * 20, CODEC));
                prop_assert!(given.insert((session, seq), payload.to_vec()).is_none(), "twice");
            }
        }
        prop_assert_eq!(given, whole);
    }

    #[test]
    fn every_split_is_exact(length in 1_usize..=1273, mtu in 23_u16..=517, reverse in any::<bool>()) {
        let payload = contents(1, 1, length);
        let mut parts = notifications(&frame(1, 1, &payload), mtu);
        for (index, part) in parts.iter().enumerate() {
            prop_assert!(part.len() <= usize::from(mtu - 3).min(512));
            let parsed = Fragment::parse(part).expect("ours");
            prop_assert_eq!(usize::from(parsed.index), index);
            prop_assert_eq!(parsed.last, index + 1 == parts.len());
            prop_assert_eq!(parsed.start.map(|s| usize::from(s.length)), (index == 0).then_some(length));
        }
        if reverse {
            parts.reverse();
        }
        let mut assembler = Assembler::new();
        let (last, others) = parts.split_last().expect("one at least");
        for part in others {
            prop_assert_eq!(assembler.push(part), Ok(None));
        }
        let whole = assembler.push(last).expect("good").expect("whole");
        prop_assert_eq!(whole.payload, payload);
    }

    #[test]
    fn any_bytes_are_a_frame_or_an_error(
        notifications in prop::collection::vec(hostile(), 0..80),
    ) {
        let mut assembler = Assembler::new();
        let mut given = 0;
        for notification in &notifications {
            if let Ok(Some(frame)) = assembler.push(notification) {
                prop_assert!((1..=MAX_FRAME).contains(&frame.payload.len()));
                prop_assert!(frame.session != 0 && frame.seq <= MAX_SEQ);
                given += 1;
            }
        }
        assembler.expire();
        let frames = given + assembler.incomplete();
        prop_assert!(frames <= notifications.len() as u64);
    }
}

/// Notifications that contradict each other about few frames, and some of no sense.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let seq = prop_oneof![6 => 0_u32..6, 1 => 90_u32..100, 1 => MAX_SEQ - 2..=u32::MAX];
    let place = (0_u8..4, any::<bool>()).prop_map(|(index, last)| index | u8::from(last) << 7);
    let body = prop::collection::vec(any::<u8>(), 0..8);
    let likely = (place, 0_u32..3, seq, 0_u16..12, body);
    let likely = likely.prop_map(|(place, session, seq, length, body)| {
        let mut bytes = vec![0x10, place];
        bytes.extend(session.to_le_bytes());
        bytes.extend(seq.to_le_bytes());
        if place & 0x7F == 0 {
            bytes.extend([0, 0, 0, 0, 0x11]);
            bytes.extend(length.to_le_bytes());
        }
        bytes.extend(body);
        bytes
    });
    prop_oneof![9 => likely, 1 => prop::collection::vec(any::<u8>(), 0..40)]
}

#[test]
fn frames_that_do_not_fit_are_refused() {
    let mut out = Vec::new();
    let mut cut = |length: usize, mtu| fragment(&frame(1, 0, &vec![0; length]), mtu, 0, &mut out);
    assert_eq!(cut(1273, 23), Ok(true));
    assert_eq!(cut(1274, 23), Err(WireError::FragmentLimit { length: 1274, mtu: 23 }));
    assert_eq!(cut(1280, 24), Ok(true));
    assert!(matches!(cut(1281, 517), Err(WireError::Length { .. })));
    assert!(matches!(cut(0, 517), Err(WireError::Length { .. })));
}

#[test]
fn frames_up_to_160_bytes_are_one_notification_at_an_mtu_of_185() {
    assert_eq!(notifications(&frame(1, 0, &[0; 160]), 185).len(), 1);
    assert_eq!(notifications(&frame(1, 0, &[0; 1280]), 517).len(), 3);
}

#[test]
fn a_contradiction_costs_its_own_frame_only() {
    let (good, bad) = (contents(1, 0, 30), contents(1, 1, 30));
    let good = notifications(&frame(1, 0, &good), 23);
    let bad = notifications(&frame(1, 1, &bad), 23);
    let mut changed = bad[1].clone();
    *changed.last_mut().expect("not empty") ^= 1;
    let mut too_soon = bad[1].clone();
    too_soon[1] |= 0x80;
    let mut longer = bad[3].clone();
    longer.push(0);
    let tables: [&[&Vec<u8>]; 4] = [
        &[&bad[0], &bad[1], &changed],
        &[&bad[0], &bad[2], &too_soon],
        &[&bad[3], &too_soon],
        &[&bad[0], &bad[1], &bad[2], &longer],
    ];
    for (row, table) in tables.iter().enumerate() {
        let mut assembler = Assembler::new();
        assert_eq!(assembler.push(&good[0]), Ok(None));
        let (wrong, before) = table.split_last().expect("one at least");
        assert!(before.iter().all(|part| assembler.push(part) == Ok(None)), "{row}");
        assert!(assembler.push(wrong).is_err(), "{row}");
        assert!(bad.iter().all(|part| assembler.push(part) == Ok(None)), "{row}");
        let rest: Vec<bool> =
            good[1..].iter().map(|p| assembler.push(p).expect("good").is_some()).collect();
        assert_eq!(rest, [false, false, true], "{row}");
        assert_eq!(assembler.incomplete(), 0, "{row}");
    }
}

#[test]
fn an_open_frame_is_given_up_by_age_by_a_fifth_or_by_the_timer() {
    let payload = [0; 30];
    let first = |seq| notifications(&frame(1, seq, &payload), 23).swap_remove(0);
    let whole = |seq| notifications(&frame(1, seq, &[1]), 23).swap_remove(0);

    let mut by_age = Assembler::new();
    for (notification, given_up) in [(first(0), 0), (whole(7), 0), (whole(8), 1), (first(0), 1)] {
        by_age.push(&notification).expect("good");
        assert_eq!(by_age.incomplete(), given_up);
    }

    let mut by_a_fifth = Assembler::new();
    for seq in [1, 2, 3, 4] {
        by_a_fifth.push(&first(seq)).expect("good");
    }
    assert_eq!(by_a_fifth.incomplete(), 0);
    by_a_fifth.push(&first(5)).expect("good");
    assert_eq!(by_a_fifth.incomplete(), 1);
    by_a_fifth.push(&first(0)).expect("good");
    assert_eq!(by_a_fifth.incomplete(), 2, "the oldest does not push out a newer one");

    let mut by_timer = Assembler::new();
    by_timer.push(&first(0)).expect("good");
    by_timer.expire();
    by_timer.expire();
    assert_eq!(by_timer.incomplete(), 1);
    assert_eq!(by_timer.push(&first(0)), Ok(None));
}

#[test]
fn a_numbering_that_begins_anew_within_a_session_goes_on() {
    let whole = |seq| notifications(&frame(1, seq, &[1]), 185).swap_remove(0);
    let mut assembler = Assembler::new();
    let given: Vec<bool> = [MAX_SEQ, 5, 6, 6, 7]
        .map(|seq| assembler.push(&whole(seq)).expect("good").is_some())
        .to_vec();
    assert_eq!(given, [true, true, true, false, true]);
}
