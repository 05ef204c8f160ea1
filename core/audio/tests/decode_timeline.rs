//! Frames with holes become sound without holes, and the time never shifts.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod decode_support;

use confee_audio::decode::{DecodeError, Origin, Timeline};
use confee_domain::{AudioFrame, Codec, Coding, LossCause, LossSpan, StreamId};
use decode_support::{Coder, Heard, codec, encode, frame, power, snr, speech, voip_fec};
use proptest::prelude::*;

const FRAME_MS: u64 = 20;

fn lost(start_ms: u64, end_ms: u64) -> LossSpan {
    LossSpan { start_ms, end_ms, cause: LossCause::Lost }
}

fn run(codec: Codec, frames: &[AudioFrame<'_>]) -> (Timeline, Heard) {
    let (mut timeline, mut heard) = (Timeline::new(codec).unwrap(), Heard::default());
    for frame in frames {
        timeline.push(frame, &mut |c| heard.take(c)).unwrap();
    }
    timeline.finish(&mut |c| heard.take(c));
    (timeline, heard)
}

fn origins(heard: &Heard) -> String {
    let letter = |origin: &Origin| match origin {
        Origin::Decoded => 'd',
        Origin::Recovered => 'r',
        Origin::Concealed => 'c',
        Origin::Silence => '.',
    };
    heard.chunks.iter().map(|(_, origin)| letter(origin)).collect()
}

/// A frame of uncompressed sound with its number in every sample.
fn numbered(seq: u32, samples: usize) -> Vec<u8> {
    (seq as i16 + 1).to_le_bytes().repeat(samples)
}

const RAW: Codec = Codec { coding: Coding::Pcm16, channels: 1, frame_ms: 20 };

#[test]
fn a_single_lost_frame_comes_from_its_successor() {
    let coder = voip_fec(1, 20);
    let packets = encode(coder, &speech(2.0, 11));
    let frames: Vec<_> = (0..).zip(&packets).map(|(seq, p)| frame(coder.codec, seq, p)).collect();
    let (_, whole) = run(coder.codec, &frames);
    let kept: Vec<_> = frames.iter().filter(|f| f.seq % 10 != 5).copied().collect();
    let (timeline, heard) = run(coder.codec, &kept);
    let counts = timeline.counts();
    assert_eq!(counts.recovered + counts.concealed, packets.len() as u64 / 10);
    assert!(counts.recovered >= counts.concealed * 2, "{counts:?}");
    assert_eq!(timeline.loss().lost_ms(0, 2_000), counts.concealed * FRAME_MS);
    assert!(snr(&whole.pcm, &heard.pcm) > 12.0, "{}", snr(&whole.pcm, &heard.pcm));
}

#[test]
fn a_hole_is_a_fading_guess_then_silence_then_the_spare_copy() {
    let coder = voip_fec(1, 20);
    let packets = encode(coder, &speech(1.0, 12));
    let frames: Vec<_> = (0..).zip(&packets).map(|(seq, p)| frame(coder.codec, seq, p)).collect();
    let kept: Vec<_> = frames.iter().filter(|f| !(10..20).contains(&f.seq)).copied().collect();
    let (timeline, heard) = run(coder.codec, &kept);
    assert_eq!(origins(&heard), format!("{}ccc......r{}", "d".repeat(10), "d".repeat(30)));
    assert_eq!(timeline.loss().spans(), [lost(200, 380)]);
    let level = |frame: usize| power(&heard.pcm[frame * 320..(frame + 1) * 320]);
    assert!(level(12) < level(10) && level(13) == 0.0);
    assert_eq!(timeline.duration_ms(), 1_000);
}

#[test]
fn damaged_packets_wait_for_a_spare_copy() {
    let coder = voip_fec(1, 20);
    let packets = encode(coder, &speech(1.0, 12));
    let bad = [0xFF_u8, 0xFF];
    let damaged = |seq: u32| matches!(seq, 10 | 20 | 21 | 49);
    let frames: Vec<_> = (0..)
        .zip(&packets)
        .map(|(seq, p)| frame(coder.codec, seq, if damaged(seq) { &bad } else { p }))
        .collect();
    let (timeline, heard) = run(coder.codec, &frames);
    let expected = format!("{}r{}cr{}c", "d".repeat(10), "d".repeat(9), "d".repeat(27));
    assert_eq!(origins(&heard), expected);
    assert_eq!((timeline.counts().damaged, timeline.counts().recovered), (4, 2));
    let span = |start_ms| LossSpan { start_ms, end_ms: start_ms + 20, cause: LossCause::Damaged };
    assert_eq!(timeline.loss().spans(), [span(400), span(980)]);
}

#[test]
fn the_badges_clock_explains_pauses_and_mutes() {
    let at = |seq: u32, captured_ms: u32| AudioFrame {
        stream: StreamId(1),
        seq,
        captured_ms,
        codec: RAW,
        payload: &[1; 640],
    };
    let mut timeline = Timeline::new(RAW).unwrap();
    let mut heard = Heard::default();
    let mut sink = |c: confee_audio::decode::Chunk<'_>| heard.take(c);
    timeline.muted(5_140, 5_299);
    // Small drift, a mute, a clock that jumps back, a sleep without a mark, a lost frame in a mute.
    for frame in [at(7, 5_000), at(8, 5_059), at(9, 5_079), at(10, 5_300), at(11, 4_000)] {
        timeline.push(&frame, &mut sink).unwrap();
    }
    timeline.push(&at(12, 5_500), &mut sink).unwrap();
    timeline.muted(5_510, 5_545);
    timeline.push(&at(14, 5_540), &mut sink).unwrap();
    timeline.finish(&mut sink);
    assert_eq!(origins(&heard), "ddd............dd........d.d");
    let muted = |start_ms, end_ms| LossSpan { start_ms, end_ms, cause: LossCause::Muted };
    assert_eq!(timeline.loss().spans(), [muted(100, 300), muted(520, 540)]);
    let counts = timeline.counts();
    assert_eq!((counts.backwards, counts.paused, counts.silent), (1, 20, 21));
}

#[test]
fn what_does_not_belong_is_refused_or_left_out() {
    let (mut timeline, mut heard) = (Timeline::new(RAW).unwrap(), Heard::default());
    let payload = numbered(0, 320);
    let mut push = |frame: AudioFrame<'_>| timeline.push(&frame, &mut |c| heard.take(c));
    let good = frame(RAW, 40, &payload);
    push(good).unwrap();
    push(good).unwrap();
    push(frame(RAW, 3, &payload)).unwrap();
    let other = AudioFrame { stream: StreamId(2), ..frame(RAW, 41, &payload) };
    assert!(matches!(push(other), Err(DecodeError::OtherStream { .. })));
    let changed = frame(Codec::OPUS_MONO, 41, &payload);
    assert!(matches!(push(changed), Err(DecodeError::CodecChanged { .. })));
    let gap_ms = 30_001 * FRAME_MS;
    let far = frame(RAW, 41 + 30_001, &payload);
    assert_eq!(push(far), Err(DecodeError::GapTooLong { gap_ms }));
    assert!(push(frame(RAW, u32::MAX, &payload)).is_err());
    push(frame(RAW, 41 + 30_000, &payload)).unwrap();
    assert_eq!(heard.chunks.len(), 30_002);
    assert_eq!((timeline.counts().late, timeline.counts().decoded), (2, 2));
}

#[test]
fn two_channels_stay_together() {
    let coder = Coder { codec: codec(2, 10), ..voip_fec(2, 10) };
    let packets = encode(coder, &speech(1.0, 13));
    let mut timeline = Timeline::new(coder.codec).unwrap();
    let mut total = [0, 0];
    for (seq, packet) in (0..).zip(&packets).filter(|(seq, _)| seq % 4 != 1) {
        let frame = frame(coder.codec, seq, packet);
        let add = |(sum, channel): (&mut usize, &Vec<f32>)| *sum += channel.len();
        let mut sink = |c: confee_audio::decode::Chunk<'_>| {
            assert_eq!(c.channels.len(), 2);
            total.iter_mut().zip(c.channels).for_each(add);
        };
        timeline.push(&frame, &mut sink).unwrap();
    }
    assert_eq!(total, [16_000, 16_000]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every kept frame is at its own time, whatever is lost, doubled or damaged, and all chunks
    /// follow each other.
    #[test]
    fn every_frame_is_at_its_time(fates in prop::collection::vec(0_u8..6, 2..150)) {
        let frames: Vec<(u32, Vec<u8>)> = (0..).zip(&fates).flat_map(|(seq, fate)| match fate {
            0 => vec![],
            1 => vec![(seq, vec![0; 7])],
            2 => vec![(seq, numbered(seq, 320)), (seq, numbered(seq, 320))],
            _ => vec![(seq, numbered(seq, 320))],
        }).collect();
        let frames: Vec<_> = frames.iter().map(|(seq, p)| frame(RAW, *seq, p)).collect();
        let (timeline, heard) = run(RAW, &frames);
        let first = frames.first().map_or(0, |f| f.seq);
        let count = frames.last().map_or(0, |f| u64::from(f.seq - first) + 1);
        prop_assert_eq!(timeline.duration_ms(), count * FRAME_MS);
        prop_assert_eq!(heard.pcm.len() as u64, count * 320);
        for (at, (start_ms, origin)) in heard.chunks.iter().enumerate() {
            prop_assert_eq!(*start_ms, at as u64 * FRAME_MS);
            let seq = first + at as u32;
            let kept = frames.iter().any(|f| f.seq == seq && f.payload.len() == 640);
            prop_assert_eq!(*origin == Origin::Decoded, kept);
            let middle = heard.pcm[at * 320 + 200];
            prop_assert!(!kept || middle == (seq + 1) as f32 / 32_768.0);
        }
        let gone = heard.chunks.iter().filter(|(_, o)| *o != Origin::Decoded).count() as u64;
        prop_assert_eq!(timeline.loss().lost_ms(0, u64::MAX), gone * FRAME_MS);
    }

    /// Whatever a badge says of its clock and numbers, the sound is as long as it says and memory
    /// is bounded by the longest gap.
    #[test]
    fn no_clock_and_no_number_breaks_it(
        steps in prop::collection::vec((0_u32..40, 0_u32..3_000, prop::collection::vec(any::<u8>(), 0..50)), 1..30),
        mutes in prop::collection::vec((any::<u32>(), any::<u32>()), 0..4),
    ) {
        let (mut timeline, mut heard) = (Timeline::new(Codec::OPUS_MONO).unwrap(), Heard::default());
        mutes.iter().for_each(|(from, to)| timeline.muted(*from, *to));
        let mut seq = u32::MAX - 1_000;
        for (step, captured_ms, payload) in &steps {
            seq = seq.saturating_add(*step).saturating_sub(3);
            let frame = AudioFrame {
                stream: StreamId(1), seq, captured_ms: *captured_ms, codec: Codec::OPUS_MONO, payload,
            };
            timeline.push(&frame, &mut |c| heard.take(c)).unwrap();
        }
        timeline.finish(&mut |c| heard.take(c));
        prop_assert_eq!(heard.pcm.len() as u64, timeline.duration_ms() * 16);
        let whole = timeline.loss().lost_ms(0, u64::MAX);
        prop_assert!(whole <= timeline.duration_ms());
        prop_assert!(heard.pcm.iter().all(|s| s.abs() <= 1.0));
    }
}
