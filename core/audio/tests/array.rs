//! The two-microphone beam in small seeded scenes. Floors are well under what was measured; the
//! real rooms are judged by `examples/rooms.rs`.

mod array_scene;

use array_scene::{
    BADGE, MOUTH, Place, RATE, VISITOR, add, aside, heard, noise, pair, power, si_sdr, talker,
};
use confee_audio::array::{
    ArrayGeometry, Axis, BeamFrame, BeamPolicy, Beamformer, Fault, GccPhat, Target,
};
use confee_domain::{QualityReason, Speaker};
use proptest::prelude::*;

const SECONDS: usize = 7;
const SAMPLES: usize = SECONDS * RATE;
/// The beam has to learn first.
const SETTLED: usize = 2 * RATE;

fn geometry(vertical: bool) -> ArrayGeometry {
    let axis = if vertical { Axis::Vertical } else { Axis::Horizontal };
    ArrayGeometry { spacing_m: 0.04, axis }
}

fn beamed(beam: &mut Beamformer, mics: &[Vec<f32>; 2]) -> (Vec<f32>, Vec<BeamFrame>) {
    let (mut out, mut frames) = (Vec::new(), Vec::new());
    for (a, b) in mics[0].chunks(320).zip(mics[1].chunks(320)) {
        frames.extend(beam.process([a, b], true, &mut out));
    }
    (out, frames)
}

/// SI-SDR of the settled part of the output, best of the two microphones as reference.
fn quality(out: &[f32], target: &[Vec<f32>; 2]) -> f32 {
    let end = out.len();
    let of = |t: &Vec<f32>| {
        si_sdr(&out[SETTLED + Beamformer::DELAY..end], &t[SETTLED..end - Beamformer::DELAY])
    };
    target.iter().map(of).fold(f32::MIN, f32::max)
}

fn best_single(mics: &[Vec<f32>; 2], target: &[Vec<f32>; 2]) -> f32 {
    let of = |m: usize| si_sdr(&mics[m][SETTLED..], &target[m][SETTLED..]);
    of(0).max(of(1))
}

fn with_self_noise(mut mics: [Vec<f32>; 2], seed: u64) -> [Vec<f32>; 2] {
    let length = mics[0].len();
    add(&mut mics, &[noise(2 * seed, length, 8e-4), noise(2 * seed + 1, length, 8e-4)], 1.0);
    mics
}

/// Visitor and one neighbour, equally loud.
fn neighbour(
    degrees: f32,
    reflection: f32,
    seed: u64,
    samples: usize,
) -> ([Vec<f32>; 2], [Vec<f32>; 2]) {
    let mics = pair(false);
    let target = heard(&talker(seed, samples), VISITOR, mics, reflection);
    let other = heard(&talker(seed + 100, samples), aside(degrees, 1.4), mics, reflection);
    let mut mix = with_self_noise(target.clone(), seed);
    add(&mut mix, &other, (power(&target[0]) / power(&other[0])).sqrt());
    (mix, target)
}

#[test]
fn a_neighbour_at_the_side_is_suppressed() {
    for (degrees, reflection, floor) in
        [(60.0, 0.0, 8.0), (-90.0, 0.0, 8.0), (60.0, 0.3, 6.0), (90.0, 0.3, 6.0)]
    {
        let gains: Vec<f32> = (0..3)
            .map(|seed| {
                let (mix, target) = neighbour(degrees, reflection, seed, SAMPLES);
                let mut beam = Beamformer::new(geometry(false), BeamPolicy::default());
                quality(&beamed(&mut beam, &mix).0, &target) - best_single(&mix, &target)
            })
            .collect();
        let mean = gains.iter().sum::<f32>() / gains.len() as f32;
        assert!(mean > floor, "{degrees} degrees, echoes {reflection}: {gains:?}");
    }
}

/// The beam must not cost a lone visitor anything that matters.
fn quiet(vertical: bool, reflection: f32, seed: u64) {
    let target = heard(&talker(seed, SAMPLES), VISITOR, pair(vertical), reflection);
    let mix = with_self_noise(target.clone(), seed);
    let mut beam = Beamformer::new(geometry(vertical), BeamPolicy::default());
    let (out, frames) = beamed(&mut beam, &mix);
    let (before, after) = (best_single(&mix, &target), quality(&out, &target));
    let share = frames.iter().map(|f| f.share).fold(0.0, f32::max);
    // Above 25 dB a loss is neither heard nor does a recogniser mind.
    assert!(
        after > before.min(25.0) - 0.1,
        "vertical {vertical}, echoes {reflection}: {before} to {after}, share {share}"
    );
}

#[test]
fn a_quiet_room_is_left_as_it_is() {
    quiet(false, 0.0, 1);
    quiet(false, 0.4, 2);
    quiet(true, 0.0, 3);
}

#[test]
#[ignore = "known gap: strong lone echoes from floor and ceiling pass for noise"]
fn a_quiet_room_with_strong_echoes_is_left_as_it_is() {
    quiet(true, 0.4, 4);
    quiet(true, 0.4, 5);
}

fn fault_after(spoil: impl Fn(&mut [f32]), bad: usize) -> (Option<Fault>, f32) {
    let target = heard(&talker(7, SAMPLES), VISITOR, pair(false), 0.2);
    let mut mix = with_self_noise(target.clone(), 7);
    spoil(&mut mix[bad]);
    let mut beam = Beamformer::new(geometry(false), BeamPolicy::default());
    let (out, frames) = beamed(&mut beam, &mix);
    let fault = frames.iter().rev().find_map(|f| f.health.faults[bad]);
    assert!(frames.iter().all(|f| f.health.faults[1 - bad].is_none()), "the good one was blamed");
    (fault, quality(&out, &target) - best_single(&mix, &target))
}

#[test]
fn a_failed_microphone_is_left_out() {
    for bad in 0..2 {
        let (fault, gain) = fault_after(|m| m.fill(0.0), bad);
        assert!(fault == Some(Fault::Silent) && gain > -0.1, "silent {bad}: {fault:?} {gain}");
        let (fault, gain) = fault_after(|m| m.iter_mut().for_each(|x| *x *= 0.18), bad);
        assert!(fault == Some(Fault::Weak) && gain > -0.1, "weak {bad}: {fault:?} {gain}");
        let (fault, gain) = fault_after(rub, bad);
        assert!(fault == Some(Fault::Noisy) && gain > -0.5, "rubbing {bad}: {fault:?} {gain}");
        let (fault, gain) =
            fault_after(|m| m.iter_mut().for_each(|x| *x = (40.0 * *x).clamp(-1.0, 1.0)), bad);
        assert!(fault == Some(Fault::Clipped) && gain > -0.1, "clipped {bad}: {fault:?} {gain}");
    }
}

/// Low noise in bursts of half a second, 12 dB over the voice.
fn rub(sound: &mut [f32]) {
    let mut low = 0.0;
    for (n, (x, w)) in sound.iter_mut().zip(noise(9, SAMPLES, 1.0)).enumerate() {
        low = 0.96 * low + 0.28 * w;
        if n % (3 * RATE / 2) > RATE {
            *x += 0.2 * low;
        }
    }
}

#[test]
fn the_report_names_a_failed_microphone() {
    let mix = [noise(1, RATE, 0.05), vec![0.0; RATE]];
    let mut beam = Beamformer::new(geometry(true), BeamPolicy::default());
    let (_, frames) = beamed(&mut beam, &mix);
    let last = frames.last().unwrap();
    assert_eq!(last.health.reason(), Some(QualityReason::MicrophoneFailed));
    assert_eq!((last.health.only(), last.share), (Some(0), 0.0));
}

#[test]
fn microphones_that_differ_by_3_db_still_make_a_beam() {
    let (mut mix, target) = neighbour(60.0, 0.0, 1, SAMPLES);
    mix[1].iter_mut().for_each(|x| *x *= 0.71);
    let mut beam = Beamformer::new(geometry(false), BeamPolicy::default());
    let gain = quality(&beamed(&mut beam, &mix).0, &target) - best_single(&mix, &target);
    assert!(gain > 5.0, "{gain}");
}

#[test]
fn directions_are_found_between_samples() {
    for vertical in [false, true] {
        for degrees in [-80.0, -45.0, -20.0, 0.0, 10.0, 30.0, 60.0_f32] {
            let (sin, cos) = degrees.to_radians().sin_cos();
            let from: Place = if vertical {
                [3.0 * cos, 0.0, BADGE[2] + 3.0 * sin]
            } else {
                [3.0 * cos, 3.0 * sin, BADGE[2]]
            };
            let mics = heard(&noise(3, RATE, 0.1), from, pair(vertical), 0.0);
            let mut found = Vec::new();
            GccPhat::new(geometry(vertical)).process([&mics[0], &mics[1]], |d| found.push(d));
            assert_eq!(found.len(), RATE / GccPhat::HOP);
            for d in &found[8..] {
                let delay = geometry(vertical).max_delay() * sin;
                assert!((d.delay_samples - delay).abs() < 0.08, "{degrees}: {d:?}");
                assert!(d.strength > 0.7, "{degrees}: {d:?}");
            }
        }
    }
}

#[test]
fn unrelated_noise_has_no_direction() {
    let mut strongest = 0.0_f32;
    let (a, b) = (noise(4, RATE, 0.1), noise(5, RATE, 0.1));
    GccPhat::new(geometry(true)).process([&a, &b], |d| strongest = strongest.max(d.strength));
    assert!(strongest < 0.3, "{strongest}");
}

/// Wearer and visitor in turns of two seconds, the wearer first.
fn turns(vertical: bool) -> [Vec<f32>; 2] {
    let speak = |seed, first: bool| {
        let mut sound = talker(seed, SAMPLES);
        for (n, x) in sound.iter_mut().enumerate() {
            *x *= if (n / (2 * RATE)).is_multiple_of(2) == first { 0.4 } else { 0.0 };
        }
        sound
    };
    let mut mix = heard(&speak(11, true), MOUTH, pair(vertical), 0.3);
    add(&mut mix, &heard(&speak(12, false), VISITOR, pair(vertical), 0.3), 1.0);
    with_self_noise(mix, 11)
}

#[test]
fn a_vertical_pair_tells_wearer_from_visitor() {
    let mix = turns(true);
    let mut beam = Beamformer::new(geometry(true), BeamPolicy::default());
    let (out, frames) = beamed(&mut beam, &mix);
    let (mut right, mut wrong) = (0, 0);
    for frame in &frames {
        let at = frame.start as usize;
        let loud = power(&mix[0][at..at + Beamformer::HOP]) > 1e-5;
        let settled = at % (2 * RATE) > RATE / 2;
        let truth =
            if (at / (2 * RATE)).is_multiple_of(2) { Speaker::Rep } else { Speaker::Prospect };
        if loud
            && settled
            && let Some(named) = frame.hint.speaker
        {
            *(if named == truth { &mut right } else { &mut wrong }) += 1;
        }
    }
    assert!(right > 150 && wrong * 50 < right, "right {right}, wrong {wrong}");
    let (own, before) = (RATE..2 * RATE, RATE + Beamformer::DELAY..2 * RATE + Beamformer::DELAY);
    let change = power(&out[before]) / power(&mix[0][own]);
    assert!((0.95..1.05).contains(&change), "the wearer's voice changed: {change}");
}

#[test]
fn a_horizontal_pair_names_nobody() {
    let mut beam = Beamformer::new(geometry(false), BeamPolicy::default());
    let (_, frames) = beamed(&mut beam, &turns(false));
    assert!(frames.iter().all(|f| f.hint.speaker.is_none()));
}

#[test]
fn the_beam_turns_to_the_wearer() {
    let mics = pair(true);
    let wearer = heard(&talker(21, SAMPLES), MOUTH, mics, 0.0);
    let other = heard(&talker(22, SAMPLES), VISITOR, mics, 0.0);
    let mut mix = with_self_noise(wearer.clone(), 21);
    add(&mut mix, &other, (power(&wearer[0]) / power(&other[0])).sqrt());
    let mut beam = Beamformer::new(geometry(true), BeamPolicy::default());
    beam.steer(Target::Wearer);
    let gain = quality(&beamed(&mut beam, &mix).0, &wearer) - best_single(&mix, &wearer);
    assert!(gain > 5.0, "{gain}");
    assert_eq!(beam.target(), Target::Wearer);
}

#[test]
fn what_is_inside_comes_out_at_the_end() {
    let sound = talker(31, 5_000);
    let mut out = Vec::new();
    let policy = BeamPolicy { strength: 0.0, ..BeamPolicy::default() };
    let mut beam = Beamformer::new(geometry(true), policy);
    drop(beam.process([&sound, &sound], true, &mut out));
    beam.finish(&mut out);
    assert!(out.len() >= sound.len() + Beamformer::DELAY);
    for (n, x) in sound.iter().enumerate() {
        assert!((out[n + Beamformer::DELAY] - x).abs() < 1e-4, "sample {n}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn chunks_of_any_length_give_the_same_sound(sizes in prop::collection::vec(1_usize..900, 1..12)) {
        let (mix, _) = neighbour(60.0, 0.0, 1, 12_000);
        let mut whole = Vec::new();
        let mut beam = Beamformer::new(geometry(false), BeamPolicy::default());
        let expected = beam.process([&mix[0], &mix[1]], true, &mut whole).count();
        let mut beam = Beamformer::new(geometry(false), BeamPolicy::default());
        let (mut parts, mut frames, mut at) = (Vec::new(), 0, 0);
        for size in sizes.iter().cycle() {
            let end = (at + size).min(12_000);
            frames += beam.process([&mix[0][at..end], &mix[1][at..end]], true, &mut parts).count();
            at = end;
            if at == 12_000 { break; }
        }
        prop_assert_eq!(frames, expected);
        prop_assert_eq!(parts, whole);
    }

    #[test]
    fn no_input_breaks_it(seed in any::<u64>()) {
        let mut rng = fastrand::Rng::with_seed(seed);
        let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN_POSITIVE, 0.0, 1.0];
        let mut sound = || -> Vec<f32> {
            let share = rng.f32();
            (0..6_000)
                .map(|_| if rng.f32() < share { odd[rng.usize(0..odd.len())] } else { rng.f32() - 0.5 })
                .collect()
        };
        let (a, b) = (sound(), sound());
        let mut beam = Beamformer::new(geometry(seed % 2 == 0), BeamPolicy::default());
        let mut out = Vec::new();
        let frames: Vec<_> = beam.process([&a, &b[..5_000]], seed % 3 == 0, &mut out).collect();
        let finite = |x: &f32| x.is_finite();
        prop_assert!(out.iter().all(finite));
        prop_assert!(frames.iter().all(|f| f.hint.probability.is_finite() && f.share.is_finite()
            && f.hint.level_difference_db.is_finite() && f.hint.direction.angle_deg.is_finite()));
        // It must work again afterwards.
        let (mix, _) = neighbour(60.0, 0.0, 1, 48_000);
        out.clear();
        drop(beam.process([&mix[0][..48_000], &mix[1][..48_000]], true, &mut out));
        prop_assert!(power(&out[32_000..]) > 0.1 * power(&mix[0][32_000..48_000]));
    }
}
