//! The resampler against sines: how clean, how flat, how much is folded back.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod decode_support;

use confee_audio::decode::{ResampleError, Resampler};
use decode_support::{dbfs, noise, power, sine, snr};
use proptest::prelude::*;

fn resampled(from_hz: u32, to_hz: u32, input: &[f32]) -> Vec<f32> {
    let mut resampler = Resampler::new(from_hz, to_hz).unwrap();
    let mut out = Vec::new();
    resampler.process(input, &mut out);
    resampler.finish(&mut out);
    out
}

/// Without the edges, where the filter sees silence.
fn middle(x: &[f32]) -> &[f32] {
    &x[x.len() / 8..x.len() * 7 / 8]
}

#[test]
fn tones_in_the_pass_band_come_out_as_they_are_and_when_they_are() {
    for (from, to) in
        [(48_000, 16_000), (16_000, 48_000), (44_100, 16_000), (8_000, 16_000), (22_050, 16_000)]
    {
        let top = 0.85 * from.min(to) as f32 / 2.0;
        for hz in [60.0, 440.0, 0.5 * top, top] {
            let out = resampled(from, to, &sine(hz, from as f32, 1.0, 0.5));
            let ideal = sine(hz, to as f32, 1.0, 0.5);
            assert_eq!(out.len(), ideal.len());
            let ratio = snr(middle(&ideal), middle(&out));
            println!("{from} to {to}, {hz} Hz: {ratio:.0} dB");
            assert!(ratio > 70.0, "{from} to {to}, {hz} Hz: {ratio:.1} dB");
        }
    }
}

#[test]
fn tones_that_do_not_fit_are_gone() {
    for from in [44_100, 48_000, 96_000] {
        for hz in [8_600.0, 10_000.0, 15_000.0, 20_000.0] {
            let out = resampled(from, 16_000, &sine(hz, from as f32, 1.0, 0.5));
            let left = dbfs(middle(&out));
            println!("{from} to 16000, {hz} Hz: {left:.0} dBFS");
            assert!(left < -80.0, "{from}, {hz} Hz: {left:.1} dBFS");
        }
    }
}

#[test]
fn up_and_down_again_gives_the_sound_back() {
    let sound: Vec<f32> = noise(1.0, 0.3, 1);
    let low = resampled(8_000, 16_000, &sound[..8_000]);
    let back = resampled(48_000, 16_000, &resampled(16_000, 48_000, &low));
    assert_eq!(back.len(), low.len());
    assert!(snr(middle(&low), middle(&back)) > 60.0);
}

#[test]
fn rates_that_no_microphone_has_are_refused() {
    assert_eq!(Resampler::new(0, 16_000).err(), Some(ResampleError::Rate { hz: 0 }));
    assert_eq!(Resampler::new(16_000, 200_000).err(), Some(ResampleError::Rate { hz: 200_000 }));
    let odd = ResampleError::Ratio { from_hz: 191_999, to_hz: 16_000 };
    assert_eq!(Resampler::new(191_999, 16_000).err(), Some(odd));
}

#[test]
fn what_is_not_a_number_does_not_spread() {
    let mut bad = sine(440.0, 48_000.0, 1.0, 1.0);
    bad[20_000] = f32::NAN;
    bad[20_001] = f32::INFINITY;
    let out = resampled(48_000, 16_000, &bad);
    assert!(out.iter().all(|s| s.is_finite()));
    let good = resampled(48_000, 16_000, &sine(440.0, 48_000.0, 1.0, 1.0));
    assert_eq!(out[..5_000], good[..5_000]);
    assert!(power(&out[9_000..]) > 0.49);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chunks_do_not_matter_and_the_length_is_right(
        rate in 0_usize..6, length in 0_usize..6_000, cuts in prop::collection::vec(0_usize..700, 0..20),
    ) {
        let (from, to) = [(48_000, 16_000), (16_000, 48_000), (44_100, 16_000), (8_000, 16_000), (16_000, 16_000), (11_025, 16_000)][rate];
        let input = &noise(0.4, 0.5, 2)[..length];
        let whole = resampled(from, to, input);
        let expected = (length as f64 * f64::from(to) / f64::from(from)).round() as usize;
        prop_assert_eq!(whole.len(), expected);
        let mut resampler = Resampler::new(from, to).unwrap();
        for _ in 0..2 {
            let (mut out, mut rest) = (Vec::new(), input);
            for cut in &cuts {
                let (now, later) = rest.split_at(rest.len().min(*cut));
                resampler.process(now, &mut out);
                rest = later;
            }
            resampler.process(rest, &mut out);
            resampler.finish(&mut out);
            prop_assert_eq!(&out, &whole);
        }
    }
}
