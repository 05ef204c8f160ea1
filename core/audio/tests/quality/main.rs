//! The quality meter against scenes whose truth is known.

mod properties;
mod recordings;
mod scenes;
mod warnings;

use confee_audio::quality::{Meter, MeterPolicy, Sound};
use confee_domain::QualityReason::{self, *};
use confee_domain::QualityVerdict::{self, *};
use scenes::{Noise, RATE, Talk, talk};

/// Pauses between phrases as people make them, in milliseconds.
const PAUSES: std::ops::Range<usize> = 300..1200;
/// Somebody who never takes breath.
const NO_PAUSES: std::ops::Range<usize> = 5..30;

fn metered(talk: &Talk) -> Meter {
    let mut meter = Meter::new(MeterPolicy::default());
    feed(&mut meter, talk);
    meter
}

fn feed(meter: &mut Meter, talk: &Talk) {
    for (pcm, speech) in talk.pcm.chunks(160).zip(talk.speech.chunks(160)) {
        meter.push(pcm, Sound { speech: speech[0], ..Sound::default() });
    }
}

/// Errors of the ratio at several true ones.
fn snr_errors(kind: Noise, pauses: std::ops::Range<usize>) -> Vec<(i32, f32)> {
    let seconds = if kind == Noise::Babble { 24 } else { 8 };
    let (clean, noise) = (talk(51, seconds, pauses), scenes::noise(kind, 51, seconds * RATE));
    let found = [-5, 0, 5, 10, 15, 20, 25, 40].into_iter().map(|truth| {
        let scene = clean.clone().plus(&noise, truth as f32);
        let snr = metered(&scene).whole().snr_db.expect("there is speech");
        (truth, snr - truth as f32)
    });
    found.collect()
}

#[test]
fn the_ratio_is_right_within_3_db() {
    for kind in [Noise::White, Noise::Pink, Noise::Babble] {
        for (truth, error) in snr_errors(kind, PAUSES) {
            let allowed = if (0..=25).contains(&truth) { 3.0 } else { 5.0 };
            assert!(error.abs() <= allowed, "{kind:?} at {truth} dB: {error:+}");
        }
    }
}

#[test]
fn without_pauses_it_is_nearly_as_good() {
    for kind in [Noise::White, Noise::Pink] {
        for (truth, error) in snr_errors(kind, NO_PAUSES) {
            let allowed = if (0..=25).contains(&truth) { 3.0 } else { 5.0 };
            assert!(error.abs() <= allowed, "{kind:?} at {truth} dB: {error:+}");
        }
    }
    // Voices around somebody who never pauses look like more of him.
    for (truth, error) in snr_errors(Noise::Babble, NO_PAUSES) {
        let allowed = if truth < 0 { 10.0 } else { 7.0 };
        assert!(error.abs() <= allowed, "babble at {truth} dB: {error:+}");
    }
}

fn scene(seed: u64) -> Talk {
    talk(seed, 6, PAUSES).with_noise(Noise::Pink, 30.0, seed)
}

fn loud(seed: u64, kind: Noise, snr_db: f32) -> Talk {
    talk(seed, 6, PAUSES).with_noise(kind, snr_db, seed)
}

#[test]
fn each_trouble_has_its_verdict_and_first_reason() {
    type Case = (&'static str, fn(u64) -> Talk, QualityVerdict, Option<QualityReason>);
    let cases: [Case; 18] = [
        ("good", scene, Good, None),
        ("hall at 15 dB", |s| loud(s, Noise::Babble, 15.5), Good, None),
        ("hall at 10 dB", |s| loud(s, Noise::Babble, 9.0), Fair, Some(LoudSurroundings)),
        ("hall at 3 dB", |s| loud(s, Noise::Babble, 3.0), Poor, Some(LoudSurroundings)),
        ("hall at -5 dB", |s| loud(s, Noise::Babble, -5.0), Poor, Some(LoudSurroundings)),
        ("fan at 3 dB", |s| loud(s, Noise::White, 3.0), Poor, Some(LoudSurroundings)),
        ("fan at 9 dB", |s| loud(s, Noise::Pink, 9.0), Fair, Some(LoudSurroundings)),
        ("far too loud", |s| scene(s).map(|x| (x * 20.0).clamp(-1.0, 1.0)), Poor, Some(Clipping)),
        (
            "a little too loud",
            |s| scene(s).map(|x| (x * 4.0).clamp(-1.0, 1.0)),
            Fair,
            Some(Clipping),
        ),
        ("under a jacket", |s| scene(s).muffled(2_500.0), Fair, Some(Muffled)),
        ("under a thick coat", |s| scene(s).muffled(700.0), Poor, Some(Muffled)),
        ("wind", |s| scene(s).with_wind(0.2, 500, s), Fair, Some(WindOrHandling)),
        ("much wind", |s| scene(s).with_wind(0.4, 1_500, s), Poor, Some(WindOrHandling)),
        ("quiet", |s| scene(s).map(|x| x * 0.05), Fair, Some(TooQuiet)),
        ("very quiet", |s| scene(s).map(|x| x * 0.015), Poor, Some(TooQuiet)),
        ("offset", |s| scene(s).map(|x| x + 0.2), Good, None),
        (
            "silence",
            |s| Talk { speech: vec![false; 6 * RATE], ..scene(s).map(|_| 0.0) },
            Poor,
            Some(NoSpeech),
        ),
        (
            "only noise",
            |s| Talk { speech: vec![false; 6 * RATE], ..scene(s) },
            Poor,
            Some(NoSpeech),
        ),
    ];
    for (name, scene, verdict, reason) in cases {
        for seed in [3, 4] {
            let meter = metered(&scene(seed));
            let (found, measures) = (meter.whole(), meter.whole_measures());
            assert_eq!(
                (found.verdict, found.reasons.first().copied()),
                (verdict, reason),
                "{name}, seed {seed}: {found:?} {measures:?}"
            );
        }
    }
}

#[test]
fn hum_and_rumble_are_no_wind() {
    let hum = |i: usize| 0.05 * (std::f32::consts::TAU * 50.0 * i as f32 / RATE as f32).sin();
    let mut at = 0..;
    let humming = scene(5).map(|x| x + at.next().map_or(0.0, hum));
    let mut rumble = scenes::noise(Noise::White, 9, 6 * RATE).into_iter();
    let (mut one, mut two) = (0.0, 0.0);
    let rumbling = scene(6).map(|x| {
        one += 0.02 * (rumble.next().unwrap_or(0.0) - one);
        two += 0.02 * (one - two);
        x + 0.3 * two
    });
    for (name, scene) in [("hum", humming), ("rumble", rumbling)] {
        let found = metered(&scene).whole();
        assert!(found.wind_share < 0.05, "{name}: {found:?}");
    }
}

#[test]
fn lost_and_muted_time_are_told_apart() {
    let mut meter = Meter::new(MeterPolicy::default());
    let scene = scene(7);
    for (i, (pcm, speech)) in scene.pcm.chunks(320).zip(scene.speech.chunks(320)).enumerate() {
        let (lost, muted) = (i % 20 == 7, (200..300).contains(&i));
        meter.push(pcm, Sound { speech: speech[0], lost, muted });
    }
    let found = meter.whole();
    assert!((found.lost_share - 0.05).abs() < 0.005, "{found:?}");
    assert_eq!((found.verdict, &found.reasons[..]), (Fair, &[LostFrames][..]));
    assert_eq!(meter.whole_measures().unmuted_ms, 4_000);
}

#[test]
fn the_offset_is_measured() {
    let measures = metered(&scene(8).map(|x| x + 0.1)).whole_measures();
    assert!((measures.offset - 0.1).abs() < 0.01, "{measures:?}");
}

#[test]
fn a_failed_microphone_is_passed_on() {
    let mut meter = metered(&scene(9));
    meter.microphone_failed(true);
    let found = meter.whole();
    assert_eq!((found.verdict, &found.reasons[..]), (Fair, &[MicrophoneFailed][..]));
    meter.microphone_failed(false);
    assert_eq!(meter.whole().reasons, []);
}

#[test]
fn before_any_sound_there_is_no_speech() {
    let meter = Meter::new(MeterPolicy::default());
    for found in [meter.recent(), meter.whole()] {
        assert_eq!(&found.reasons[..], [NoSpeech]);
        assert_eq!((found.snr_db, found.speech_dbfs, found.lost_share), (None, None, 0.0));
    }
}

#[test]
#[ignore = "a figure, not a check: run with --release --nocapture"]
fn speed() {
    let scene = talk(11, 60, PAUSES).with_noise(Noise::Pink, 15.0, 11);
    let begun = std::time::Instant::now();
    let meter = metered(&scene);
    let pushed = begun.elapsed().as_secs_f64();
    println!("{:.0} times real time, {:?}", 60.0 / pushed, meter.whole().verdict);
}
