//! The booth on the demo's talk, cut short.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::path::Path;

use confee_acoustics::RATE;
use confee_acoustics::booth::{Mics, Scene, mix, voices};
use confee_acoustics::capture::{Capture, capture};
use confee_acoustics::level::{active_power, power, to_db};
use confee_acoustics::link::Link;
use confee_acoustics::talk::Talk;
use confee_domain::Speaker;

fn talk() -> Talk {
    let story = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core/cli/src/demo/story.opus");
    let mut talk = Talk::load(&story).unwrap();
    talk.pcm.truncate(20 * RATE);
    talk
}

#[test]
fn a_talk_splits_into_its_two_voices() {
    let talk = talk();
    let (rep, visitor) = (talk.stem(Speaker::Rep), talk.stem(Speaker::Prospect));
    for (at, sample) in talk.pcm.iter().enumerate() {
        assert!(rep[at] == 0.0 || visitor[at] == 0.0);
        assert!((rep[at] + visitor[at]).abs() <= sample.abs());
    }
    let kept = power(&rep) + power(&visitor);
    assert!(kept > 0.97 * power(&talk.pcm), "{kept} of {}", power(&talk.pcm));
    let voice = talk.voice(Speaker::Rep);
    assert!(voice.len() < rep.len() && active_power(&voice) > 0.0);
}

#[test]
fn levels_are_those_asked_for() {
    let talk = talk();
    let voices = voices(std::slice::from_ref(&talk), "");
    for (snr, wearer_db, mics) in
        [(20.0, 10.0, Mics::One), (5.0, 6.0, Mics::Vertical), (0.0, 16.0, Mics::Horizontal)]
    {
        let scene = Scene { snr_db: Some(snr), wearer_db, mics, ..Scene::default() };
        let mix = mix(&talk, &voices, &scene);
        let visitor = active_power(&mix.visitor[0]);
        let measured = to_db(visitor / power(&mix.babble[0]));
        assert!((measured - f64::from(snr)).abs() < 0.2, "asked {snr}, got {measured}");
        let louder = to_db(active_power(&mix.wearer[0]) / visitor);
        assert!((louder - f64::from(wearer_db)).abs() < 0.2, "asked {wearer_db}, got {louder}");
        assert_eq!(mix.mics.len(), if mics == Mics::One { 1 } else { 2 });
        let peak = mix.mics[0].iter().fold(0.0_f32, |p, s| p.max(s.abs()));
        assert!((0.05..1.0).contains(&peak), "{peak}");
        assert!(mix.mics.iter().all(|m| m.len() == talk.pcm.len()));
    }
}

#[test]
fn a_vertical_pair_hears_the_wearer_first_and_louder_above() {
    let talk = talk();
    let scene = Scene { mics: Mics::Vertical, rt60_s: 0.0, ..Scene::default() };
    let mix = mix(&talk, &[], &scene);
    let louder = to_db(power(&mix.wearer[0]) / power(&mix.wearer[1]));
    assert!((1.0..2.5).contains(&louder), "{louder}");
    let far = to_db(power(&mix.visitor[0]) / power(&mix.visitor[1]));
    assert!(far.abs() < 0.3, "{far}");
}

#[test]
fn the_same_seed_gives_the_same_samples() {
    let talk = talk();
    let voices = voices(std::slice::from_ref(&talk), "");
    let of = |seed| {
        let scene = Scene { snr_db: Some(10.0), seed, overlap: 0.5, ..Scene::default() };
        let link = Link { loss: 0.05, burst: 3.0, ..Link::default() };
        capture(&talk, &voices, &Capture { scene, link, ..Capture::default() }).unwrap()
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1).0, of(2).0);
}

#[test]
fn beam_and_denoiser_keep_the_time() {
    let talk = talk();
    let plain = Capture::default();
    let pair = Scene { mics: Mics::Vertical, ..Scene::default() };
    let beam = Capture { scene: pair, beam: true, ..plain };
    let denoise = Capture { denoise: true, ..plain };
    let reference = mix(&talk, &[], &plain.scene);
    for settings in [plain, beam, denoise] {
        let (pcm, loss) = capture(&talk, &[], &settings).unwrap();
        assert!(loss.spans().is_empty());
        assert!(talk.pcm.len() - pcm.len() < RATE / 50);
        // Opus delays by 6.5 ms, which no decoder of packets can take back.
        let best = (0..400)
            .max_by_key(|lag| {
                let pairs = pcm[*lag..].iter().zip(&reference.mics[0]);
                (1e6 * pairs.map(|(a, b)| f64::from(a * b)).sum::<f64>()) as i64
            })
            .unwrap();
        assert!((90..130).contains(&best), "{settings:?}: {best} samples late");
    }
}

#[test]
fn turns_overlap_where_asked() {
    let talk = talk();
    let both = |overlap| {
        let scene = Scene { overlap, rt60_s: 0.0, ..Scene::default() };
        let mix = mix(&talk, &[], &scene);
        let loud = |s: &&[f32]| power(s) > 1e-8;
        let frames = mix.wearer[0].chunks(800).zip(mix.visitor[0].chunks(800));
        frames.filter(|(a, b)| loud(a) && loud(b)).count()
    };
    assert!(both(1.0) > both(0.0) + 4, "{} {}", both(1.0), both(0.0));
}
