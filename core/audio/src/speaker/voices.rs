use super::chain::Step;
use super::feature::{Feature, SIZE};
use super::gauss::{Gauss, Line, Sums};

/// Neighbouring blocks are alike, so each counts for less than one.
const SHARE: f32 = 0.35;
/// The most that one block may say.
const LIMIT: f32 = 3.0;
/// How likely the turn changes before a block within speech, and in a pause.
const CHANGE: f32 = 0.004;
const CHANGE_IN_PAUSE: f32 = 0.06;
/// Blocks that the common covariance counts for in each voice's own.
const COMMON: f64 = 150.0;
/// Directions that agree less than this say nothing.
const FAINT: f32 = 0.12;
/// Blocks with pitch that are needed to know a voice's.
const PITCHED: f32 = 10.0;
/// Least variance of pitch in octaves, of a delay in samples, and of a level difference in dB.
const LEAST: [f32; 3] = [0.01, 0.02, 0.3];

/// One of the two voices, as far as it is known.
pub(super) struct Voice {
    shape: Gauss,
    pitch: Line,
    delay: Line,
    level: Line,
}

/// Both voices, from how likely each block is the first one's.
pub(super) fn fit(features: &[Feature], first: &[f32]) -> [Voice; 2] {
    let second: Vec<f32> = first.iter().map(|p| 1.0 - p).collect();
    let sides = [first, &second];
    let sums = sides.map(|side| {
        let mut sums = Sums::new();
        active(features, side).for_each(|(feature, p)| sums.add(&feature.shape, p));
        sums
    });
    let scatters = sums.each_ref().map(Sums::scatter);
    let weight = (sums[0].weight + sums[1].weight).max(1.0);
    [0, 1].map(|n| {
        let covariance: [[f64; SIZE]; SIZE] = std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                let common = (scatters[0][i][j] + scatters[1][i][j]) / weight;
                let ridge = if i == j { 0.5 } else { 0.0 };
                (scatters[n][i][j] + COMMON * common) / (sums[n].weight + COMMON) + ridge
            })
        });
        voice(features, sides[n], Gauss::new(sums[n].mean(), &covariance))
    })
}

fn voice(features: &[Feature], side: &[f32], shape: Gauss) -> Voice {
    let pitch = active(features, side).filter_map(|(f, p)| f.pitch.map(|x| (x, p)));
    let places = active(features, side)
        .filter_map(|(f, p)| f.places.filter(|x| x.trust > FAINT).map(|x| (x, p * x.trust)));
    Voice {
        shape,
        pitch: Line::of(pitch, LEAST[0]),
        delay: Line::of(places.clone().map(|(x, w)| (x.delay, w)), LEAST[1]),
        level: Line::of(places.map(|(x, w)| (x.level_db, w)), LEAST[2]),
    }
}

fn active<'a>(
    features: &'a [Feature],
    side: &'a [f32],
) -> impl Iterator<Item = (&'a Feature, f32)> + Clone {
    features.iter().zip(side.iter().copied()).filter(|(f, _)| f.active)
}

/// What each block says for the first voice against the second.
pub(super) fn steps(features: &[Feature], voices: &[Voice; 2]) -> Vec<Step> {
    let mut pause = 0;
    let step = |feature: &Feature| {
        pause = if feature.active { 0 } else { pause + 1 };
        let change = if pause >= 2 { CHANGE_IN_PAUSE } else { CHANGE };
        let log_ratio = if feature.active { log_ratio(feature, voices) } else { 0.0 };
        Step { log_ratio, change }
    };
    features.iter().map(step).collect()
}

fn log_ratio(feature: &Feature, [a, b]: &[Voice; 2]) -> f32 {
    let shape = SHARE * (a.shape.log(&feature.shape) - b.shape.log(&feature.shape));
    let mut sum = shape.clamp(-LIMIT, LIMIT);
    let pitched = a.pitch.weight.min(b.pitch.weight) > PITCHED;
    if let Some(pitch) = feature.pitch.filter(|_| pitched) {
        sum += SHARE * robust(&a.pitch, &b.pitch, pitch);
    }
    if let Some(place) = feature.places.filter(|place| place.trust > FAINT) {
        sum += place.trust * robust(&a.delay, &b.delay, place.delay);
        sum += SHARE * place.trust * robust(&a.level, &b.level, place.level_db);
    }
    sum
}

/// Log ratio of two densities of which a fifth is anything: octave errors, echoes, other sounds.
fn robust(a: &Line, b: &Line, x: f32) -> f32 {
    let density = |line: &Line| 0.8 * line.log(x).exp() + 0.1;
    (density(a) / density(b)).ln()
}
