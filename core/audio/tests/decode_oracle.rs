//! The decoder against libopus, and against bytes that are no audio.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod decode_support;

use std::sync::LazyLock;

use confee_audio::decode::{DecodeError, Decoder, Origin, Pcm};
use confee_domain::{Codec, Coding};
use decode_support::{
    Coder, codec, coders, encode, opus_channels, samples, snr, speech, to_float, voip_fec,
};
use proptest::prelude::*;

fn reference(coder: Coder) -> opus::Decoder {
    opus::Decoder::new(16_000, opus_channels(coder.codec)).unwrap()
}

fn size(codec: Codec) -> usize {
    codec.samples() * usize::from(codec.channels)
}

#[test]
fn received_frames_are_those_of_libopus_bit_by_bit() {
    let sound = speech(3.0, 1);
    for coder in coders() {
        let (mut ours, mut theirs) = (Decoder::new(coder.codec).unwrap(), reference(coder));
        let mut pcm = Pcm::new();
        let mut expected = vec![0; size(coder.codec)];
        for (at, packet) in encode(coder, &sound).iter().enumerate() {
            ours.decode(packet, &mut pcm).unwrap();
            let length = theirs.decode(packet, &mut expected, false).unwrap();
            assert_eq!(length, coder.codec.samples());
            assert!(samples(&pcm) == expected, "{coder:?}, packet {at}");
        }
    }
}

/// Every seventh packet is lost. Gives what we and libopus make of the lost frames, and what they
/// were.
fn lossy(coder: Coder, recover: bool) -> (Vec<f32>, Vec<f32>, Vec<f32>, Vec<Origin>) {
    let packets = encode(coder, &speech(6.0, 2));
    let (mut ours, mut theirs) = (Decoder::new(coder.codec).unwrap(), reference(coder));
    let mut whole = reference(coder);
    let mut pcm = Pcm::new();
    let mut reference = vec![0; size(coder.codec)];
    let (mut made, mut expected, mut sent, mut origins) = (vec![], vec![], vec![], vec![]);
    for (at, packet) in packets.iter().enumerate() {
        let mut clean = vec![0; size(coder.codec)];
        whole.decode(packet, &mut clean, false).unwrap();
        if at % 7 != 3 {
            ours.decode(packet, &mut pcm).unwrap();
            theirs.decode(packet, &mut reference, false).unwrap();
            continue;
        }
        let Some(next) = packets.get(at + 1) else { break };
        if recover {
            origins.push(ours.recover(next, &mut pcm).unwrap());
            theirs.decode(next, &mut reference, true).unwrap();
        } else {
            ours.conceal(&mut pcm);
            theirs.decode(&[], &mut reference, false).unwrap();
        }
        made.extend(to_float(&samples(&pcm)));
        expected.extend(to_float(&reference));
        sent.extend(to_float(&clean));
    }
    (made, expected, sent, origins)
}

#[test]
fn recovered_frames_are_close_to_what_was_sent() {
    for coder in [voip_fec(1, 10), voip_fec(1, 20), voip_fec(2, 20)] {
        let (made, expected, sent, origins) = lossy(coder, true);
        let recovered = origins.iter().filter(|o| **o == Origin::Recovered).count();
        assert!(recovered * 2 > origins.len(), "{coder:?}: {recovered} of {}", origins.len());
        let (ours, theirs) = (snr(&sent, &made), snr(&sent, &expected));
        println!(
            "recovered, {coder:?}: {ours:.1} dB, libopus {theirs:.1} dB, alike {:.1} dB",
            snr(&expected, &made)
        );
        assert!(
            ours > 4.0 && ours > theirs - 1.0,
            "{coder:?}: {ours:.1} dB, libopus {theirs:.1} dB"
        );
    }
}

#[test]
fn concealed_frames_are_better_than_silence() {
    for coder in coders() {
        let (made, expected, sent, _) = lossy(coder, false);
        let (ours, theirs) = (snr(&sent, &made), snr(&sent, &expected));
        println!(
            "concealed, {coder:?}: {ours:.1} dB, libopus {theirs:.1} dB, alike {:.1} dB",
            snr(&expected, &made)
        );
        assert!(
            ours > 2.0 && ours > theirs - 3.0,
            "{coder:?}: {ours:.1} dB, libopus {theirs:.1} dB"
        );
    }
}

#[test]
fn without_a_spare_copy_recovery_is_concealment() {
    let coder = coders()[0];
    let packets = encode(coder, &speech(1.0, 3));
    let (mut a, mut b) = (Decoder::new(coder.codec).unwrap(), Decoder::new(coder.codec).unwrap());
    let (mut recovered, mut concealed) = (Pcm::new(), Pcm::new());
    for packet in &packets[..40] {
        a.decode(packet, &mut recovered).unwrap();
        b.decode(packet, &mut concealed).unwrap();
    }
    assert_eq!(a.recover(&packets[41], &mut recovered), Ok(Origin::Concealed));
    b.conceal(&mut concealed);
    assert_eq!(recovered, concealed);
}

#[test]
fn what_is_not_a_frame_of_the_stream_has_a_name() {
    let sound = speech(0.5, 4);
    let mut pcm = Pcm::new();
    let long = &encode(voip_fec(1, 20), &sound)[10];
    let stereo =
        &encode(Coder { application: opus::Application::LowDelay, ..voip_fec(2, 10) }, &sound)[10];
    let mut short = Decoder::new(codec(1, 10)).unwrap();
    assert_eq!(
        short.decode(long, &mut pcm),
        Err(DecodeError::Duration { expected: 160, found: 320 })
    );
    assert_eq!(
        short.decode(stereo, &mut pcm),
        Err(DecodeError::ChannelCount { expected: 1, found: 2 })
    );
    assert_eq!(short.decode(&[], &mut pcm), Err(DecodeError::Empty));
    assert_eq!(short.decode(&[0x83], &mut pcm), Err(DecodeError::Invalid));
    assert_eq!(pcm, Pcm::new());
    let raw = Codec { coding: Coding::Pcm16, channels: 1, frame_ms: 10 };
    let wrong = Decoder::new(raw).unwrap().decode(&[0; 319], &mut pcm);
    assert_eq!(wrong, Err(DecodeError::PcmSize { expected: 320, found: 319 }));
    let form = Codec { frame_ms: 15, ..raw };
    assert_eq!(Decoder::new(form).err(), Some(DecodeError::Form { channels: 1, frame_ms: 15 }));
}

#[test]
fn uncompressed_frames_come_out_as_they_went_in_and_fade_where_lost() {
    let raw = Codec { coding: Coding::Pcm16, channels: 2, frame_ms: 10 };
    let mut decoder = Decoder::new(raw).unwrap();
    let sent: Vec<i16> = (0..320).map(|n| (n * 97 % 4_001 - 2_000) as i16).collect();
    let bytes: Vec<u8> = sent.iter().flat_map(|s| s.to_le_bytes()).collect();
    let mut pcm = Pcm::new();
    decoder.decode(&bytes, &mut pcm).unwrap();
    assert_eq!(samples(&pcm), sent);
    let mut levels = vec![];
    for _ in 0..7 {
        decoder.conceal(&mut pcm);
        levels.push(decode_support::power(pcm.first()));
    }
    assert!(levels[0] > 0.0 && levels[1..].windows(2).all(|w| w[1] <= w[0]), "{levels:?}");
    assert_eq!(levels[6], 0.0);
}

fn any_codec() -> impl Strategy<Value = Codec> {
    const IDS: [u8; 8] = [0x00, 0x01, 0x02, 0x03, 0x10, 0x11, 0x12, 0x13];
    prop::sample::select(&IDS[..]).prop_map(|id| Codec::from_id(id).unwrap())
}

/// Whatever is done with whatever bytes, a whole frame of finite samples is there or an error.
fn survive(codec: Codec, steps: &[(u8, Vec<u8>)]) -> Result<(), TestCaseError> {
    let mut decoder = Decoder::new(codec).unwrap();
    let mut pcm = Pcm::new();
    for (what, bytes) in steps {
        let given = match what % 4 {
            0 => {
                decoder.conceal(&mut pcm);
                true
            }
            1 => decoder.recover(bytes, &mut pcm).is_ok(),
            _ => decoder.decode(bytes, &mut pcm).is_ok(),
        };
        if given {
            prop_assert_eq!(pcm.channels().len(), usize::from(codec.channels));
            prop_assert!(pcm.channels().iter().all(|c| c.len() == codec.samples()));
            prop_assert!(pcm.channels().iter().flatten().all(|s| s.abs() <= 1.0));
        }
    }
    Ok(())
}

static PACKETS: LazyLock<Vec<Vec<Vec<u8>>>> =
    LazyLock::new(|| coders().into_iter().map(|c| encode(c, &speech(0.5, 5))).collect());

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_break_it(
        codec in any_codec(),
        steps in prop::collection::vec((any::<u8>(), prop::collection::vec(any::<u8>(), 0..90)), 0..12),
    ) {
        survive(codec, &steps)?;
    }

    /// The first byte is a right one, so that the rest is looked at.
    #[test]
    fn no_payload_breaks_it(
        long in any::<bool>(), stereo in any::<bool>(), kind in 0_u8..32,
        steps in prop::collection::vec((any::<u8>(), prop::collection::vec(any::<u8>(), 1..160)), 1..12),
    ) {
        let codec = codec(1 + u8::from(stereo), if long { 20 } else { 10 });
        let steps: Vec<_> = steps.into_iter().map(|(what, mut bytes)| {
            bytes[0] = kind << 3 | u8::from(stereo) << 2;
            (what, bytes)
        }).collect();
        survive(codec, &steps)?;
    }

    #[test]
    fn no_bit_error_breaks_it(
        which in 0_usize..12,
        flips in prop::collection::vec((any::<u8>(), any::<u16>(), any::<u8>()), 25),
    ) {
        let coder = coders()[which];
        let mut steps: Vec<_> = PACKETS[which].iter().cloned().zip(flips).map(
            |(mut bytes, (what, at, mask))| {
                let at = usize::from(at) % bytes.len();
                bytes[at] ^= mask;
                if what & 64 != 0 { bytes.truncate(at + 1); }
                (what, bytes)
            }).collect();
        steps.push((3, vec![0; 3]));
        survive(coder.codec, &steps)?;
    }
}
