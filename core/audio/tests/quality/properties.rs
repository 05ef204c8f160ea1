//! What holds for every sound.

use confee_audio::quality::{Meter, MeterPolicy, Sound};
use proptest::prelude::*;

use crate::scenes::{Noise, RATE, noise, talk};
use crate::{PAUSES, feed, metered};

#[test]
fn a_gain_changes_no_ratio() {
    let scene = || talk(21, 6, PAUSES).with_noise(Noise::Babble, 12.0, 21);
    let plain = metered(&scene()).whole();
    for gain in [0.1, 0.25, 2.0, 3.0] {
        let found = metered(&scene().map(|x| x * gain)).whole();
        let change = found.snr_db.unwrap() - plain.snr_db.unwrap();
        assert!(change.abs() < 0.5, "gain {gain} changed the ratio by {change}");
        let level = found.speech_dbfs.unwrap() - plain.speech_dbfs.unwrap();
        assert!(
            (level - 20.0 * gain.log10()).abs() < 0.5,
            "gain {gain} changed the level by {level}"
        );
    }
}

#[test]
fn more_noise_is_never_better() {
    for kind in [Noise::White, Noise::Pink, Noise::Babble] {
        let mut last = (f32::INFINITY, confee_domain::QualityVerdict::Good);
        let (clean, noise) = (talk(22, 6, PAUSES), noise(kind, 22, 6 * RATE));
        for snr in (0..12).map(|i| 36.0 - 4.0 * i as f32) {
            let found = metered(&clean.clone().plus(&noise, snr)).whole();
            let now = (found.snr_db.unwrap(), found.verdict);
            assert!(now.0 < last.0 + 0.1 && now.1 <= last.1, "{kind:?} at {snr}: {last:?} {now:?}");
            last = now;
        }
    }
}

#[test]
fn recent_forgets_and_whole_remembers() {
    let mut meter = metered(&talk(23, 6, PAUSES).with_noise(Noise::White, 0.0, 23));
    feed(&mut meter, &talk(24, 6, PAUSES).with_noise(Noise::White, 30.0, 24));
    let (recent, whole) = (meter.recent().snr_db.unwrap(), meter.whole().snr_db.unwrap());
    assert!((26.0..36.0).contains(&recent), "{recent}");
    assert!(whole < 20.0, "{whole}");
    meter.reset();
    assert_eq!(meter.whole_measures().unmuted_ms, 0);
    assert_eq!(meter.recent().snr_db, Some(recent));
}

fn any_sample() -> impl Strategy<Value = f32> {
    prop_oneof![
        8 => -1.0_f32..1.0,
        1 => Just(f32::NAN),
        1 => Just(f32::INFINITY),
        1 => any::<f32>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_length_of_pieces_changes_nothing(cuts in prop::collection::vec(1_usize..3_000, 1..40)) {
        let scene = talk(25, 2, PAUSES).with_noise(Noise::White, 10.0, 25);
        let sound = Sound { speech: true, ..Sound::default() };
        let (mut whole, mut pieces) =
            (Meter::new(MeterPolicy::default()), Meter::new(MeterPolicy::default()));
        whole.push(&scene.pcm, sound);
        let mut rest = &scene.pcm[..];
        for cut in cuts.into_iter().cycle() {
            let (piece, more) = rest.split_at(cut.min(rest.len()));
            pieces.push(piece, sound);
            rest = more;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(whole.whole_measures(), pieces.whole_measures());
        prop_assert_eq!(whole.recent(), pieces.recent());
        prop_assert_eq!(whole.warning(), pieces.warning());
    }

    #[test]
    fn any_samples_give_finite_figures(
        pieces in prop::collection::vec(
            (prop::collection::vec(any_sample(), 0..2_000), any::<[bool; 3]>()), 0..20)
    ) {
        let mut meter = Meter::new(MeterPolicy::default());
        for (pcm, [speech, lost, muted]) in &pieces {
            meter.push(pcm, Sound { speech: *speech, lost: *lost, muted: *muted });
        }
        meter.push(&vec![0.1; RATE], Sound { speech: true, ..Sound::default() });
        let found = meter.whole();
        for share in [found.speech_share, found.clipped_share, found.lost_share, found.wind_share] {
            prop_assert!((0.0..=1.0).contains(&share), "{found:?}");
        }
        prop_assert!(found.noise_dbfs.is_finite());
        prop_assert!(found.snr_db.is_none_or(f32::is_finite));
        prop_assert!(found.speech_dbfs.is_none_or(f32::is_finite));
    }
}
