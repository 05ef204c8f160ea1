//! When the wearer is warned.

use confee_audio::quality::{Meter, MeterPolicy, Sound};
use confee_domain::QualityReason::{self, *};

use crate::PAUSES;
use crate::scenes::{Noise, RATE, Talk, talk};

/// The changes of the warning while scenes are played, in seconds.
fn changes(meter: &mut Meter, scenes: &[(Talk, Sound)]) -> Vec<(f32, Option<QualityReason>)> {
    let (mut samples, mut last, mut seen) = (0, meter.warning(), Vec::new());
    for (scene, sound) in scenes {
        for (pcm, speech) in scene.pcm.chunks(320).zip(scene.speech.chunks(320)) {
            meter.push(pcm, Sound { speech: speech[0] && !sound.lost, ..*sound });
            samples += pcm.len();
            if meter.warning() != last {
                last = meter.warning();
                seen.push((samples as f32 / RATE as f32, last));
            }
        }
    }
    seen
}

fn hall(seed: u64, seconds: usize, snr_db: f32) -> (Talk, Sound) {
    (talk(seed, seconds, PAUSES).with_noise(Noise::White, snr_db, seed), Sound::default())
}

fn new() -> Meter {
    Meter::new(MeterPolicy::default())
}

#[test]
fn a_hall_that_grows_loud_and_quiet_again() {
    let seen = changes(&mut new(), &[hall(31, 10, 25.0), hall(32, 15, 0.0), hall(33, 20, 25.0)]);
    let [(on, Some(LoudSurroundings)), (off, None)] = seen[..] else { panic!("{seen:?}") };
    assert!((13.0..18.0).contains(&on) && (30.0..35.0).contains(&off), "{seen:?}");
}

#[test]
fn good_sound_and_short_trouble_warn_of_nothing() {
    let lost = (talk(34, 2, PAUSES), Sound { lost: true, ..Sound::default() });
    assert_eq!(changes(&mut new(), &[hall(35, 20, 12.0), lost, hall(36, 20, 20.0)]), []);
}

#[test]
fn a_lost_link_is_told() {
    let lost = (talk(37, 10, PAUSES), Sound { lost: true, ..Sound::default() });
    let seen = changes(&mut new(), &[hall(38, 5, 20.0), lost, hall(39, 10, 20.0)]);
    let [(on, Some(LostFrames)), (off, None)] = seen[..] else { panic!("{seen:?}") };
    assert!((8.0..8.5).contains(&on) && (20.0..21.5).contains(&off), "{seen:?}");
}

#[test]
fn muting_takes_every_warning_away() {
    let muted = (talk(40, 10, PAUSES), Sound { muted: true, ..Sound::default() });
    let seen = changes(&mut new(), &[hall(41, 10, 0.0), muted]);
    let [(_, Some(LoudSurroundings)), (off, None)] = seen[..] else { panic!("{seen:?}") };
    assert!((10.0..10.2).contains(&off), "{seen:?}");
}

#[test]
fn a_minute_without_speech_is_told() {
    let mut meter = new();
    let mut silent = |seconds: usize| {
        let mut seen = meter.warning();
        for _ in 0..seconds {
            meter.push(&[0.0; RATE], Sound::default());
            seen = meter.warning();
        }
        seen
    };
    assert_eq!(silent(58), None);
    assert_eq!(silent(4), Some(NoSpeech));
}

#[test]
fn a_failed_microphone_is_told() {
    let mut meter = new();
    meter.microphone_failed(true);
    let seen = changes(&mut meter, &[hall(42, 5, 25.0)]);
    let [(on, Some(MicrophoneFailed))] = seen[..] else { panic!("{seen:?}") };
    assert!((3.0..3.2).contains(&on), "{seen:?}");
}
