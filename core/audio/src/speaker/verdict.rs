use super::apart;
use super::feature::Feature;

/// How much louder the wearer is than a visitor, in dB: mean and spread over pairs of people.
const LOUDER_DB: (f32, f32) = (10.0, 4.5);
/// The same where the badge is not worn.
const TABLE_DB: (f32, f32) = (0.0, 4.0);
/// How much louder the louder part of one voice is that was split in two.
const SPLIT_DB: (f32, f32) = (4.3, 1.5);
/// How much duller the wearer is, in dB; voices themselves differ more.
const DULLER_DB: (f32, f32) = (4.0, 8.0);
/// Mean logit from two microphones for the wearer, negative for a visitor.
const LOGIT: (f32, f32) = (1.2, 1.0);
/// Distance at which two sides are as likely one voice as two, and how soon that changes.
const ONE_VOICE: (f32, f32) = (3.5, 0.4);
/// How likely the badge is not worn. More than it is in truth: a wrong name costs more than none.
const TABLE: f32 = 0.45;
/// Nothing is impossible.
const ODD: f32 = 1e-5;
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
    let enough = a.weight.min(b.weight) > LEAST;
    let two = match apart::distance(features, first).filter(|_| enough) {
        Some(distance) => logistic((distance - ONE_VOICE.0) / ONE_VOICE.1),
        None => 0.5,
    };
    let worn = |sign: f32| {
        normal(louder, (sign * LOUDER_DB.0, LOUDER_DB.1))
            * normal(duller, (sign * DULLER_DB.0, DULLER_DB.1))
    };
    let flat = normal(duller, (0.0, DULLER_DB.1));
    let table = normal(louder, TABLE_DB) * flat;
    let split = normal(louder.abs(), SPLIT_DB) * flat;
    let both = |sign| 0.5 * two * ((1.0 - TABLE) * worn(sign) + TABLE * table) + ODD;
    let one = 0.5 * (1.0 - two) * split + ODD;
    let role = |a_is: bool, b_is: bool| places(a, a_is) * places(b, b_is);
    let ways = [
        (role(true, false) * both(1.0), 1.0, 0.0),
        (role(false, true) * both(-1.0), 0.0, 1.0),
        (role(true, true) * one, 1.0, 1.0),
        (role(false, false) * one, 0.0, 0.0),
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
    if side.heard_by_two { normal(side.logit, (mean, LOGIT.1)) } else { 1.0 }
}

/// Density at a number of what has a mean and a spread, less a constant.
fn normal(x: f32, (mean, spread): (f32, f32)) -> f32 {
    (-0.5 * ((x - mean) / spread).powi(2)).exp() / spread
}

fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}
