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
    let enough = a.weight.min(b.weight) > LEAST;
    let two = match apart::distance(features, first).filter(|_| enough) {
        Some(distance) => logistic((distance - ONE_VOICE.0) / ONE_VOICE.1),
        None => 0.5,
    };
    weigh(a, b, two)
}

/// Weighs the four ways in which two sides can be wearer and visitor; `two` is how likely they are
/// two voices.
fn weigh(a: Side, b: Side, two: f32) -> (f32, f32) {
    let (louder, duller) = (a.level_db - b.level_db, a.tilt_db - b.tilt_db);
    let flat = normal(duller, (0.0, DULLER_DB.1));
    let table = normal(louder, TABLE_DB) * flat;
    let split = normal(louder.abs(), SPLIT_DB) * flat;
    let both = |sign: f32| {
        let worn = normal(louder, (sign * LOUDER_DB.0, LOUDER_DB.1))
            * normal(duller, (sign * DULLER_DB.0, DULLER_DB.1));
        0.5 * two * ((1.0 - TABLE) * worn + TABLE * table) + ODD
    };
    let one = 0.5 * (1.0 - two) * split + ODD;
    let role = |a_is: bool, b_is: bool| places(a, a_is) * places(b, b_is);
    let (first, second) = (role(true, false) * both(1.0), role(false, true) * both(-1.0));
    let (all, none) = (role(true, true) * one, role(false, false) * one);
    let sum = first + second + all + none;
    ((first + all) / sum, (second + all) / sum)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sides(louder_db: f32, duller_db: f32) -> [Side; 2] {
        let side = |level_db, tilt_db| Side { weight: 500.0, level_db, tilt_db, ..Side::default() };
        [side(-30.0, 20.0 + duller_db), side(-30.0 - louder_db, 20.0)]
    }

    #[test]
    fn the_louder_of_two_voices_is_the_wearer_where_it_is_clear() {
        for (louder_db, duller_db, least, most) in [
            (12.0, 0.0, 0.95, 1.0),
            (7.0, 4.0, 0.8, 1.0),
            (7.0, -8.0, 0.7, 0.95),
            (3.0, 0.0, 0.5, 0.7),
            (0.0, 0.0, 0.49, 0.51),
            (-10.0, 0.0, 0.0, 0.1),
        ] {
            let [a, b] = sides(louder_db, duller_db);
            let (first, second) = weigh(a, b, 0.99);
            let text = format!("{louder_db} dB louder, {duller_db} dB duller: {first}, {second}");
            assert!((least..=most).contains(&first), "{text}");
            assert!((first + second - 1.0).abs() < 0.05, "{text}");
            let swapped = weigh(b, a, 0.99);
            assert!((swapped.1 - first).abs() < 1e-4, "{text}");
        }
    }

    #[test]
    fn one_voice_is_nobodys_unless_two_microphones_know_it() {
        let [mut a, mut b] = sides(4.5, 1.0);
        let (first, second) = weigh(a, b, 0.01);
        assert!((0.4..0.6).contains(&first) && (0.4..0.6).contains(&second), "{first}, {second}");
        for logit in [1.5, -1.5] {
            (a.heard_by_two, b.heard_by_two) = (true, true);
            (a.logit, b.logit) = (logit, logit);
            let (first, second) = weigh(a, b, 0.01);
            let right = |p: f32| if logit > 0.0 { p > 0.9 } else { p < 0.1 };
            assert!(right(first) && right(second), "{logit}: {first}, {second}");
        }
    }

    #[test]
    fn two_microphones_outweigh_levels() {
        let [mut a, mut b] = sides(4.0, 0.0);
        (a.heard_by_two, b.heard_by_two) = (true, true);
        (a.logit, b.logit) = (-1.5, 1.5);
        let (first, second) = weigh(a, b, 0.99);
        assert!(first < 0.1 && second > 0.9, "{first}, {second}");
    }

    #[test]
    fn extremes_stay_probabilities() {
        for louder_db in [-200.0, 0.0, 200.0] {
            let [mut a, mut b] = sides(louder_db, -300.0);
            (a.heard_by_two, b.heard_by_two) = (true, true);
            (a.logit, b.logit) = (8.0, -8.0);
            let (first, second) = weigh(a, b, 1.0);
            assert!((0.0..=1.0).contains(&first) && (0.0..=1.0).contains(&second));
        }
    }
}
