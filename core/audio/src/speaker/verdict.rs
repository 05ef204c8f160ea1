use super::feature::Feature;

/// How much louder the wearer is than a visitor, in dB: mean and spread over pairs of people.
const LOUDER_DB: (f32, f32) = (10.0, 4.5);
/// Spread of the difference where the badge is not worn, or between two parts of one voice.
const ALIKE_DB: f32 = 3.0;
/// How much duller the wearer is, in dB.
const DULLER_DB: (f32, f32) = (4.0, 6.0);
/// Mean logit from two microphones for the wearer, negative for a visitor.
const LOGIT: (f32, f32) = (1.2, 1.0);
/// How likely the badge is worn and both speak, one voice was split in two, or it is not worn.
const BOTH: f32 = 0.7;
const ONE: f32 = 0.2;
/// Less speech of a voice than this (blocks, 1 s) tells nothing of it.
const LEAST: f32 = 16.0;

/// What is known of one of the voices.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    weight: f32,
    level_db: f32,
    tilt_db: f32,
    logit: f32,
    heard_by_two: bool,
}

/// How likely the first and the second voice are the wearer's.
pub(super) fn wearer(features: &[Feature], first: &[f32]) -> (f32, f32) {
    let a = side(features.iter().zip(first.iter().copied()));
    let b = side(features.iter().zip(first.iter().map(|p| 1.0 - p)));
    let louder = a.level_db - b.level_db;
    let duller = a.tilt_db - b.tilt_db;
    let sure = if a.weight.min(b.weight) < LEAST { 0.0 } else { 1.0 };
    let roles = |a_wearer: bool, b_wearer: bool| places(a, a_wearer) * places(b, b_wearer);
    let apart = |sign: f32| {
        sure * BOTH
            * 0.5
            * normal(louder, sign * LOUDER_DB.0, LOUDER_DB.1)
            * normal(duller, sign * DULLER_DB.0, DULLER_DB.1)
    };
    let flat = normal(louder, 0.0, ALIKE_DB) * normal(duller, 0.0, DULLER_DB.1);
    let table = (1.0 - BOTH - ONE) * flat + 1e-12;
    let one = ONE * flat + 1e-12;
    let ways = [
        (roles(true, false) * (apart(1.0) + 0.5 * table), 1.0, 0.0),
        (roles(false, true) * (apart(-1.0) + 0.5 * table), 0.0, 1.0),
        (roles(true, true) * 0.5 * one, 1.0, 1.0),
        (roles(false, false) * 0.5 * one, 0.0, 0.0),
    ];
    let sum: f32 = ways.iter().map(|(p, ..)| p).sum();
    let of = |pick: fn(&(f32, f32, f32)) -> f32| {
        ways.iter().map(|way| way.0 * pick(way)).sum::<f32>() / sum
    };
    (of(|way| way.1), of(|way| way.2))
}

fn side<'a>(features: impl Iterator<Item = (&'a Feature, f32)>) -> Side {
    let mut side = Side::default();
    let mut heard = 0.0;
    for (feature, p) in features.filter(|(f, _)| f.active) {
        side.weight += p;
        side.level_db += p * feature.shape[0];
        side.tilt_db += p * feature.tilt_db;
        if let Some(places) = feature.places {
            heard += p;
            side.logit += p * places.logit;
        }
    }
    let weight = side.weight.max(1e-3);
    side.level_db /= weight;
    side.tilt_db /= weight;
    side.heard_by_two = heard > LEAST;
    side.logit /= heard.max(1e-3);
    side
}

/// How well what two microphones tell fits the wearer, or a visitor.
fn places(side: Side, wearer: bool) -> f32 {
    let mean = if wearer { LOGIT.0 } else { -LOGIT.0 };
    if side.heard_by_two { normal(side.logit, mean, LOGIT.1) } else { 1.0 }
}

fn normal(x: f32, mean: f32, spread: f32) -> f32 {
    (-0.5 * ((x - mean) / spread).powi(2)).exp() / spread
}
