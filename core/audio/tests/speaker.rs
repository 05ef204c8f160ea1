//! Wearer and visitor told apart in seeded talks of made-up voices. Rooms and spoken voices are
//! judged by `examples/who`.

use std::f32::consts::TAU;

use confee_audio::array::{Direction, Hint};
use confee_audio::speaker::{SpeakerPolicy, Speakers, WhoSpeaks};
use confee_audio::voice::VadFrame;
use confee_domain::Speaker;
use fastrand::Rng;
use proptest::prelude::*;

const RATE: usize = 16_000;
const FRAME: usize = 256;
const NOISE: f32 = 3e-4;

/// A throat: pitch in Hz, how long its tract is against the others', how fast high tones fall.
#[derive(Clone, Copy)]
struct Throat {
    pitch: f32,
    tract: f32,
    fall: f32,
}

const LOW: Throat = Throat { pitch: 110.0, tract: 1.0, fall: 1.2 };
const HIGH: Throat = Throat { pitch: 195.0, tract: 1.17, fall: 1.0 };

struct Talk {
    sound: Vec<f32>,
    turns: Vec<(usize, usize, Speaker)>,
}

/// Turns of 1.5 to 5 seconds in alternation with pauses between; each a little louder or fainter.
fn talk(seconds: usize, seed: u64, cast: [(Throat, f32, Speaker); 2]) -> Talk {
    let mut rng = Rng::with_seed(seed);
    let (mut sound, mut turns) = (vec![0.0; RATE / 2], Vec::new());
    for (throat, level_db, speaker) in cast.into_iter().cycle() {
        if sound.len() > seconds * RATE {
            break;
        }
        let start = sound.len();
        let level = 10_f32.powf((level_db + 4.0 * rng.f32() - 2.0) / 20.0);
        let end = start + rng.usize(3 * RATE / 2..5 * RATE);
        while sound.len() < end {
            syllable(&mut sound, throat, level, &mut rng);
        }
        turns.push((start, sound.len(), speaker));
        sound.resize(sound.len() + rng.usize(RATE / 8..RATE / 2), 0.0);
    }
    sound.iter_mut().for_each(|x| *x += NOISE * (rng.f32() - 0.5));
    Talk { sound, turns }
}

fn syllable(sound: &mut Vec<f32>, throat: Throat, level: f32, rng: &mut Rng) {
    let length = rng.usize(RATE / 9..RATE / 4);
    let pitch = throat.pitch * (0.9 + 0.2 * rng.f32());
    let formants = [300.0 + 500.0 * rng.f32(), 1_000.0 + 1_200.0 * rng.f32(), 2_600.0, 3_600.0]
        .map(|hz| hz * throat.tract);
    let lines: Vec<f32> = (1..60)
        .map(|n| n as f32 * pitch)
        .take_while(|hz| *hz < 6_500.0)
        .map(|hz| {
            let near: f32 = formants.iter().map(|p| 1.0 / (1.0 + ((hz - p) / 120.0).powi(2))).sum();
            (0.02 + near) * (hz / 300.0).powf(-throat.fall)
        })
        .collect();
    let power = 0.5 * lines.iter().map(|a| a * a).sum::<f32>();
    let gain = level / power.sqrt() * (0.6 + 0.8 * rng.f32());
    for n in 0..length {
        let envelope = (std::f32::consts::PI * n as f32 / length as f32).sin();
        let turn = pitch * n as f32 / RATE as f32;
        // Harmonics by recurrence: sin((k + 1) x) = 2 cos(x) sin(k x) - sin((k - 1) x).
        let (sin, cos) = (TAU * turn.fract()).sin_cos();
        let (mut last, mut now, mut voiced) = (0.0, sin, 0.0);
        for amplitude in &lines {
            voiced += amplitude * now;
            (last, now) = (now, 2.0 * cos * now - last);
        }
        sound.push(gain * envelope * voiced);
    }
}

/// Speech where the talk has turns.
fn vad(talk: &Talk) -> Vec<VadFrame> {
    let frame = |n: usize| {
        let speech = talk.turns.iter().any(|(start, end, _)| (*start..*end).contains(&(n * FRAME)));
        let probability = if speech { 0.9 } else { 0.05 };
        VadFrame { start_ms: 16 * n as u64, probability, speech }
    };
    (0..talk.sound.len() / FRAME).map(frame).collect()
}

/// What a vertical pair tells of each turn.
fn hints(talk: &Talk) -> Vec<Hint> {
    let hint = |n: usize| {
        let at = n * FRAME;
        let turn = talk.turns.iter().find(|(start, end, _)| (*start..*end).contains(&at));
        let wobble = 0.3 * ((n * 37 % 11) as f32 / 10.0 - 0.5);
        let (delay_samples, probability) = match turn.map(|turn| turn.2) {
            Some(Speaker::Rep) => (1.8 + wobble, 0.85),
            Some(Speaker::Prospect) => (0.4 + wobble, 0.15),
            None => (wobble, 0.5),
        };
        let direction = Direction { delay_samples, angle_deg: 0.0, strength: 0.5 };
        Hint { speaker: None, probability, direction, level_difference_db: 0.0 }
    };
    (0..talk.sound.len() / FRAME).map(hint).collect()
}

fn judged(talk: &Talk, hints: &[Hint]) -> Speakers {
    let mut who = WhoSpeaks::new(SpeakerPolicy::default());
    who.push(&talk.sound, &vad(talk), hints);
    who.finish()
}

/// Shares of the speech that were named right and wrong.
fn shares(talk: &Talk, speakers: &Speakers) -> (f32, f32) {
    let (mut right, mut wrong, mut all) = (0, 0, 0);
    for (start, end, truth) in &talk.turns {
        for at in (*start..*end).step_by(RATE / 50) {
            let ms = (at / 16) as u64;
            all += 1;
            match speakers.between(ms, ms + 20).0 {
                Some(speaker) if speaker == *truth => right += 1,
                Some(_) => wrong += 1,
                None => {}
            }
        }
    }
    (right as f32 / all as f32, wrong as f32 / all as f32)
}

fn cast(wearer: Throat, visitor: Throat, louder_db: f32) -> [(Throat, f32, Speaker); 2] {
    [(wearer, -28.0, Speaker::Rep), (visitor, -28.0 - louder_db, Speaker::Prospect)]
}

#[test]
fn the_louder_voice_is_the_wearer() {
    for seed in 0..2 {
        for (wearer, visitor) in [(LOW, HIGH), (HIGH, LOW)] {
            for louder_db in [7.0, 10.0, 15.0] {
                let talk = talk(45, seed, cast(wearer, visitor, louder_db));
                let (right, wrong) = shares(&talk, &judged(&talk, &[]));
                assert!(right > 0.85, "{louder_db} dB, {seed}: {right} right");
                assert!(wrong < 0.03, "{louder_db} dB, {seed}: {wrong} wrong");
            }
        }
    }
}

#[test]
fn equally_loud_voices_are_nobodys() {
    for seed in 0..3 {
        for louder_db in [0.0, 1.0] {
            let talk = talk(60, seed, cast(LOW, HIGH, louder_db));
            let (right, wrong) = shares(&talk, &judged(&talk, &[]));
            assert!(right + wrong < 0.1, "{louder_db} dB, {seed}: {right} right, {wrong} wrong");
        }
    }
}

#[test]
fn one_voice_is_not_made_two() {
    for seed in 0..4 {
        for throat in [LOW, HIGH] {
            let alone = [(throat, -28.0, Speaker::Rep); 2];
            let talk = talk(45, seed, alone);
            let (right, wrong) = shares(&talk, &judged(&talk, &[]));
            assert!(right + wrong < 0.1, "{seed}: {right} right, {wrong} wrong");
        }
    }
}

#[test]
fn two_microphones_tell_at_any_level() {
    for louder_db in [-3.0, 0.0, 10.0] {
        let talk = talk(60, 5, cast(HIGH, LOW, louder_db));
        let (right, wrong) = shares(&talk, &judged(&talk, &hints(&talk)));
        assert!(right > 0.9 && wrong < 0.02, "{louder_db} dB: {right} right, {wrong} wrong");
    }
    let alone = talk(30, 6, [(LOW, -30.0, Speaker::Prospect); 2]);
    let (right, wrong) = shares(&alone, &judged(&alone, &hints(&alone)));
    assert!(right > 0.9 && wrong < 0.02, "visitor alone: {right} right, {wrong} wrong");
}

#[test]
fn chunks_do_not_matter() {
    let talk = talk(30, 7, cast(LOW, HIGH, 10.0));
    let (frames, hints) = (vad(&talk), hints(&talk));
    let whole = judged(&talk, &hints);
    let mut rng = Rng::with_seed(7);
    let mut who = WhoSpeaks::new(SpeakerPolicy::default());
    let (mut pcm, mut frames, mut hints) = (&talk.sound[..], &frames[..], &hints[..]);
    while pcm.len() + frames.len() + hints.len() > 0 {
        let (a, b, c) = (rng.usize(0..900), rng.usize(0..4), rng.usize(0..4));
        let (a, b, c) = (a.min(pcm.len()), b.min(frames.len()), c.min(hints.len()));
        who.push(&pcm[..a], &frames[..b], &hints[..c]);
        (pcm, frames, hints) = (&pcm[a..], &frames[b..], &hints[c..]);
    }
    assert_eq!(who.finish().turns(), whole.turns());
}

#[test]
fn turns_are_in_order_and_agree_with_stretches() {
    let talk = talk(60, 8, cast(LOW, HIGH, 10.0));
    let speakers = judged(&talk, &[]);
    let turns = speakers.turns();
    assert!(turns.len() >= talk.turns.len() / 2, "{} of {}", turns.len(), talk.turns.len());
    assert!(turns.windows(2).all(|pair| pair[0].end_ms <= pair[1].start_ms), "{turns:?}");
    for turn in turns.iter().filter(|turn| turn.speaker.is_some()) {
        let (speaker, probability) = speakers.between(turn.start_ms, turn.end_ms);
        assert_eq!(speaker, turn.speaker);
        assert!((probability - turn.probability).abs() < 0.05, "{turn:?}: {probability}");
    }
}

#[test]
fn what_was_not_heard_is_nobodys() {
    let silence = WhoSpeaks::new(SpeakerPolicy::default()).finish();
    assert_eq!((silence.between(0, 1_000), silence.turns()), ((None, 0.5), &[][..]));
    let talk = talk(60, 9, cast(LOW, HIGH, 12.0));
    let policy = SpeakerPolicy { max_ms: 40_000, ..SpeakerPolicy::default() };
    let mut who = WhoSpeaks::new(policy);
    who.push(&talk.sound, &vad(&talk), &[]);
    let speakers = who.finish();
    assert!(speakers.turns().iter().any(|turn| turn.speaker.is_some()));
    assert!(speakers.turns().iter().all(|turn| turn.end_ms <= 40_000));
    assert_eq!(speakers.between(41_000, 50_000), (None, 0.5));
    assert_eq!(speakers.between(u64::MAX - 5, u64::MAX), (None, 0.5));
    assert_eq!(speakers.between(9_000, 2_000), (None, 0.5), "a stretch that ends before it begins");
}

#[test]
fn a_higher_bar_names_less() {
    let talk = talk(60, 10, cast(LOW, HIGH, 6.0));
    let named = |sure| {
        let mut who = WhoSpeaks::new(SpeakerPolicy { sure, ..SpeakerPolicy::default() });
        who.push(&talk.sound, &vad(&talk), &[]);
        let turns = who.finish().turns().to_vec();
        let named = turns.iter().filter(|turn| turn.speaker.is_some());
        named.map(|turn| turn.end_ms - turn.start_ms).sum::<u64>()
    };
    assert!(named(0.6) >= named(0.9) && named(0.9) >= named(0.999));
    assert_eq!(named(1.0), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn nothing_makes_it_panic(
        pcm in prop::collection::vec(prop::num::f32::ANY, 0..20_000),
        speech in prop::collection::vec((0..u64::MAX, prop::num::f32::ANY), 0..40),
        hint in prop::collection::vec(prop::array::uniform4(prop::num::f32::ANY), 0..80),
        ends in (0..u64::MAX, 0..u64::MAX),
    ) {
        let mut who = WhoSpeaks::new(SpeakerPolicy::default());
        let frame = |probability| move |n: usize| {
            VadFrame { start_ms: 16 * n as u64, probability, speech: true }
        };
        let mut frames: Vec<VadFrame> = (0..90).map(frame(1.0)).collect();
        frames.extend(speech.iter().map(|(start_ms, probability)| {
            VadFrame { start_ms: *start_ms, probability: *probability, speech: true }
        }));
        let hints: Vec<Hint> = hint.iter().map(|[probability, delay, strength, level]| Hint {
            speaker: None,
            probability: *probability,
            direction: Direction { delay_samples: *delay, angle_deg: 0.0, strength: *strength },
            level_difference_db: *level,
        }).collect();
        who.push(&pcm, &[], &hints);
        who.push(&pcm, &frames[..90], &hints);
        who.push(&pcm, &frames[90..], &hints);
        let speakers = who.finish();
        prop_assert!((0.0..=1.0).contains(&speakers.between(ends.0, ends.1).1));
        for turn in speakers.turns() {
            prop_assert!((0.0..=1.0).contains(&turn.probability));
            prop_assert!(turn.start_ms < turn.end_ms);
        }
    }
}
