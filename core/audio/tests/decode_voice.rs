//! Voice activity, denoising and levels on sound made from a seed.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod decode_support;

use confee_audio::voice::{Denoiser, LevelPolicy, Leveler, VadFrame, VadPolicy, VoiceActivity};
use decode_support::{dbfs, mix, noise, power, sine, snr, speech};
use proptest::prelude::*;

fn speech_share(sound: &[f32]) -> f64 {
    let mut vad = VoiceActivity::new(VadPolicy::default());
    let frames = vad.push(sound);
    frames.iter().filter(|f| f.speech).count() as f64 / frames.len() as f64
}

#[test]
fn speech_is_told_from_what_is_none() {
    let voice = speech(5.0, 21);
    let hall = |level| mix(&voice, &noise(5.0, level, 3));
    let table = [
        ("silence", vec![0.0; 80_000], 0.0..=0.0),
        ("quiet noise", noise(5.0, 0.003, 1), 0.0..=0.02),
        ("loud noise", noise(5.0, 0.3, 2), 0.0..=0.02),
        ("tone", sine(1_000.0, 16_000.0, 5.0, 0.3), 0.0..=0.02),
        ("hum", sine(50.0, 16_000.0, 5.0, 0.3), 0.0..=0.02),
        ("speech", voice.clone(), 0.6..=1.0),
        ("very loud noise", noise(5.0, 1.0, 8), 0.0..=0.02),
        ("speech in some noise", hall(0.02), 0.6..=1.0),
        ("speech in loud noise", hall(0.06), 0.6..=1.0),
        ("quiet speech", voice.iter().map(|s| 0.03 * s).collect(), 0.6..=1.0),
    ];
    for (name, sound, expected) in table {
        let share = speech_share(&sound);
        println!("{name}: {:.0} %", share * 100.0);
        assert!(expected.contains(&share), "{name}: {share}");
    }
}

#[test]
fn segments_hold_the_speech_and_little_else() {
    let mut sound = vec![0.0; 48_000];
    sound.extend(speech(4.0, 22));
    sound.extend(vec![0.0; 48_000]);
    let mut vad = VoiceActivity::new(VadPolicy::default());
    let mut segments = Vec::new();
    for chunk in sound.chunks(333) {
        vad.push(chunk);
        segments.extend_from_slice(vad.segments());
    }
    segments.extend_from_slice(vad.finish());
    let (first, last) = (segments.first().unwrap(), segments.last().unwrap());
    assert!((2_500..3_200).contains(&first.start_ms), "{segments:?}");
    assert!((6_800..7_700).contains(&last.end_ms), "{segments:?}");
    assert!(segments.windows(2).all(|w| w[0].end_ms <= w[1].start_ms));
}

fn denoised(sound: &[f32], chunk: usize) -> Vec<f32> {
    let (mut denoiser, mut out) = (Denoiser::new().unwrap(), Vec::new());
    sound.chunks(chunk).for_each(|c| denoiser.process(c, &mut out));
    denoiser.finish(&mut out);
    out
}

#[test]
fn noise_goes_speech_stays_and_nothing_is_late() {
    let voice = speech(4.0, 23);
    let noisy = mix(&voice, &noise(4.0, 0.02, 4));
    let out = denoised(&noisy, 1_000);
    assert_eq!(out.len(), noisy.len());
    let at = |shift: i32| {
        let from = |n: usize| out[n.saturating_add_signed(shift as isize)];
        (1_000..60_000).map(|n| f64::from(voice[n] * from(n))).sum::<f64>()
    };
    let best = (-40..=40).max_by(|a, b| at(*a).total_cmp(&at(*b))).unwrap();
    println!("delay {best} samples, {:.1} to {:.1} dB", snr(&voice, &noisy), snr(&voice, &out));
    assert!(best.abs() <= 2, "{best}");
    let hiss = noise(4.0, 0.02, 5);
    let quiet = denoised(&hiss, 160);
    let less = dbfs(&hiss[32_000..]) - dbfs(&quiet[32_000..]);
    println!("noise alone: {less:.1} dB less");
    assert!(less > 10.0, "{less}");
    assert!(power(&out) > 0.5 * power(&voice));
}

#[test]
fn the_denoiser_knows_speech_too() {
    let most = |sound: &[f32]| {
        let (mut denoiser, mut out) = (Denoiser::new().unwrap(), Vec::new());
        let mut sum = 0.0;
        for chunk in sound.chunks(160) {
            denoiser.process(chunk, &mut out);
            sum += denoiser.speech_probability();
        }
        sum / sound.chunks(160).count() as f32
    };
    let (voice, hiss) = (most(&speech(4.0, 24)), most(&noise(4.0, 0.05, 6)));
    println!("speech {voice:.2}, noise {hiss:.2}");
    assert!(voice > 0.5 && hiss < 0.2, "{voice} {hiss}");
}

/// Levels sound in 10 ms chunks; gives it and the gain after each.
fn levelled(sound: &[f32], speech: impl Fn(usize) -> bool) -> (Vec<f32>, Vec<f32>) {
    let (mut leveler, mut out) = (Leveler::new(LevelPolicy::default()), sound.to_vec());
    let mut gains = Vec::new();
    for (at, chunk) in out.chunks_mut(160).enumerate() {
        leveler.process(chunk, speech(at));
        gains.push(leveler.gain_db());
    }
    (out, gains)
}

#[test]
fn speech_of_any_level_comes_to_the_target_and_does_not_pump() {
    let voice = speech(20.0, 25);
    for db in [-30.0_f32, -20.0, -10.0, 0.0, 6.0] {
        let gain = 10_f32.powf((db - 20.0 * (power(&voice).sqrt() as f32).log10() - 23.0) / 20.0);
        let sound: Vec<f32> = voice.iter().map(|s| (s * gain).clamp(-1.0, 1.0)).collect();
        let before = dbfs(&sound);
        let (out, gains) = levelled(&sound, |_| true);
        let after = dbfs(&out[160_000..]);
        let aim = (before + 18.0).clamp(-23.0 - 5.0, -23.0).min(before + 18.0);
        println!("{before:.1} dBFS to {after:.1}");
        assert!((after - aim.max(before - 18.0)).abs() < 2.0, "{before} to {after}");
        let (low, high) =
            gains[1_000..].iter().fold((99.0_f32, -99.0_f32), |(l, h), g| (l.min(*g), h.max(*g)));
        assert!(high - low < 2.5, "the gain moves between {low} and {high}");
        assert!(out.iter().all(|s| s.abs() < 1.0));
    }
}

#[test]
fn noise_alone_is_never_made_louder() {
    let hiss = noise(10.0, 0.01, 7);
    assert!(levelled(&hiss, |_| false).1.iter().all(|g| *g <= 0.0));
    let quiet: Vec<f32> = speech(10.0, 26).iter().map(|s| 0.05 * s).chain(hiss).collect();
    let (_, gains) = levelled(&quiet, |at| at < 1_000);
    assert!(gains[999] > 10.0, "{}", gains[999]);
    assert_eq!(gains[1_150], gains[1_000]);
    assert!(gains[1_600..].iter().all(|g| *g <= 0.0));
}

/// Everything that a broken microphone may give.
fn bad_sounds() -> Vec<Vec<f32>> {
    let mut mixed = speech(1.0, 27);
    let odd = [f32::NAN, f32::INFINITY, -f32::INFINITY, f32::MAX, f32::MIN_POSITIVE];
    mixed.iter_mut().step_by(97).zip(odd.iter().cycle()).for_each(|(s, odd)| *s = *odd);
    let clipped = speech(1.0, 28).iter().map(|s| (100.0 * s).clamp(-1.0, 1.0)).collect();
    vec![
        vec![f32::NAN; 16_000],
        vec![f32::INFINITY; 16_000],
        vec![1.0; 16_000],
        vec![-1.0; 16_000],
        vec![f32::MIN_POSITIVE / 2.0; 16_000],
        vec![1e30; 16_000],
        mixed,
        clipped,
        vec![],
    ]
}

#[test]
fn a_broken_microphone_breaks_nothing() {
    for sound in bad_sounds() {
        let mut vad = VoiceActivity::new(VadPolicy::default());
        let good = |f: &VadFrame| (0.0..=1.0).contains(&f.probability);
        assert!(vad.push(&sound).iter().all(good));
        assert!(vad.push(&speech(1.0, 29)).iter().all(good));
        let out = denoised(&sound, 777);
        assert_eq!(out.len(), sound.len());
        assert!(out.iter().all(|s| s.abs() <= 1.0));
        let (out, gains) = levelled(&sound, |at| at % 3 != 0);
        assert!(out.iter().all(|s| s.abs() <= 1.0) && gains.iter().all(|g| g.abs() <= 18.0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chunks_do_not_matter(cuts in prop::collection::vec(0_usize..900, 1..30)) {
        let sound = &speech(1.2, 30)[..13_000];
        let mut vad = VoiceActivity::new(VadPolicy::default());
        let whole = vad.push(sound).to_vec();
        let mut vad = VoiceActivity::new(VadPolicy::default());
        let (mut denoiser, mut clean) = (Denoiser::new().unwrap(), Vec::new());
        let (mut parts, mut rest) = (Vec::new(), sound);
        for cut in cuts.iter().chain([&usize::MAX]) {
            let (now, later) = rest.split_at(rest.len().min(*cut));
            parts.extend_from_slice(vad.push(now));
            denoiser.process(now, &mut clean);
            rest = later;
        }
        denoiser.finish(&mut clean);
        prop_assert_eq!(parts, whole);
        prop_assert_eq!(clean, denoised(sound, 13_000));
    }
}
