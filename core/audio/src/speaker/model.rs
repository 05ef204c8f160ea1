use super::block::BLOCK_MS;
use super::chain::{Chain, Step};
use super::feature::{Feature, SIZE};
use super::gauss::{Gauss, Line, Sums};
use super::verdict;

/// Rounds of fitting.
const ROUNDS: usize = 12;
/// Less speech than this says nothing (1.5 s).
const LEAST_BLOCKS: usize = 24;
/// Neighbouring blocks are alike, so each counts for less than one.
const SHARE: f32 = 0.35;
/// The most that one block may say.
const LIMIT: f32 = 3.0;
/// How likely the turn changes before a block within speech, and in a pause.
const CHANGE: f32 = 0.004;
const CHANGE_IN_PAUSE: f32 = 0.06;
/// Blocks on either side for the first guess.
const SMOOTH: usize = 6;
/// Blocks that the common covariance counts for in each voice's own.
const COMMON: f64 = 150.0;
/// Directions that agree less than this say nothing.
const FAINT: f32 = 0.12;

/// One of the two voices, as far as it is known.
struct Voice {
    shape: Gauss,
    pitch: Line,
    delay: Line,
    level: Line,
}

/// Probability of the wearer at each block; nothing where there is too little speech.
pub(super) fn judge(features: &[Feature], min_turn_ms: u32) -> Vec<f32> {
    if features.iter().filter(|f| f.active).count() < LEAST_BLOCKS {
        return vec![0.5; features.len()];
    }
    let least = (u64::from(min_turn_ms) / BLOCK_MS).clamp(2, 64) as usize;
    let chain = Chain::new(least);
    let mut first = guess(features);
    for _ in 0..ROUNDS {
        let voices = fit(features, &first);
        first = chain.posterior(&steps(features, &voices));
    }
    let (a, b) = verdict::wearer(features, &first);
    first.iter().map(|p| p * a + (1.0 - p) * b).collect()
}

/// The louder half of smoothed levels; of two microphones also what comes from above.
fn guess(features: &[Feature]) -> Vec<f32> {
    let active: Vec<usize> = (0..features.len()).filter(|at| features[*at].active).collect();
    let score = |feature: &Feature| {
        let logit = feature.places.map_or(0.0, |p| p.logit);
        feature.shape[0] + 3.0 * logit
    };
    let smooth: Vec<f32> = (0..active.len())
        .map(|at| {
            let near = &active[at.saturating_sub(SMOOTH)..(at + SMOOTH + 1).min(active.len())];
            near.iter().map(|n| score(&features[*n])).sum::<f32>() / near.len() as f32
        })
        .collect();
    let (low, high) = two_means(&smooth);
    let mut first = vec![0.5; features.len()];
    for (at, value) in active.into_iter().zip(&smooth) {
        first[at] = 1.0 / (1.0 + (-(value - 0.5 * (low + high))).exp());
    }
    first
}

/// Middles of the two halves that differ the most (k-means with two).
fn two_means(values: &[f32]) -> (f32, f32) {
    let mut low = values.iter().copied().fold(f32::MAX, f32::min);
    let mut high = values.iter().copied().fold(f32::MIN, f32::max);
    for _ in 0..20 {
        let middle = 0.5 * (low + high);
        let mean = |above: bool, old: f32| {
            let kept = values.iter().filter(|v| (**v > middle) == above);
            let (sum, n) = kept.fold((0.0, 0), |(sum, n), v| (sum + v, n + 1));
            if n == 0 { old } else { sum / n as f32 }
        };
        (low, high) = (mean(false, low), mean(true, high));
    }
    (low, high)
}

fn fit(features: &[Feature], first: &[f32]) -> [Voice; 2] {
    let mut sums = [Sums::new(), Sums::new()];
    for (feature, p) in active(features, first) {
        sums[0].add(&feature.shape, p);
        sums[1].add(&feature.shape, 1.0 - p);
    }
    let weight = sums[0].weight + sums[1].weight;
    let scatters = [sums[0].scatter(), sums[1].scatter()];
    let voice = |n: usize| {
        let covariance: [[f64; SIZE]; SIZE] = std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                let common = (scatters[0][i][j] + scatters[1][i][j]) / weight.max(1.0);
                let ridge = if i == j { 0.5 } else { 0.0 };
                (scatters[n][i][j] + COMMON * common) / (sums[n].weight + COMMON) + ridge
            })
        });
        let of = move |p: f32| if n == 0 { p } else { 1.0 - p };
        let place = move |(f, p): (&Feature, f32)| {
            f.places.filter(|x| x.trust > FAINT).map(|x| (x, of(p) * x.trust))
        };
        Voice {
            shape: Gauss::new(sums[n].mean(), &covariance),
            pitch: Line::of(
                active(features, first).filter_map(|(f, p)| f.pitch.map(|x| (x, of(p)))),
                0.01,
            ),
            delay: Line::of(
                active(features, first).filter_map(place).map(|(x, w)| (x.delay, w)),
                0.02,
            ),
            level: Line::of(
                active(features, first).filter_map(place).map(|(x, w)| (x.level_db, w)),
                0.3,
            ),
        }
    };
    [voice(0), voice(1)]
}

fn active<'a>(
    features: &'a [Feature],
    first: &'a [f32],
) -> impl Iterator<Item = (&'a Feature, f32)> + Clone {
    features.iter().zip(first.iter().copied()).filter(|(f, _)| f.active)
}

fn steps(features: &[Feature], voices: &[Voice; 2]) -> Vec<Step> {
    let [a, b] = voices;
    let mut pause = 0;
    let step = |feature: &Feature| {
        pause = if feature.active { 0 } else { pause + 1 };
        let change = if pause >= 2 { CHANGE_IN_PAUSE } else { CHANGE };
        if !feature.active {
            return Step { log_ratio: 0.0, change };
        }
        let mut log_ratio = (SHARE * (a.shape.log(&feature.shape) - b.shape.log(&feature.shape)))
            .clamp(-LIMIT, LIMIT);
        if let Some(pitch) = feature.pitch.filter(|_| a.pitch.weight.min(b.pitch.weight) > 10.0) {
            // One in five is an octave off or a consonant.
            log_ratio += SHARE * robust(&a.pitch, &b.pitch, pitch);
        }
        if let Some(place) = feature.places.filter(|p| p.trust > FAINT) {
            log_ratio += place.trust * robust(&a.delay, &b.delay, place.delay);
            log_ratio += SHARE * place.trust * robust(&a.level, &b.level, place.level_db);
        }
        Step { log_ratio, change }
    };
    features.iter().map(step).collect()
}

/// Log ratio of two densities of which a share is anything.
fn robust(a: &Line, b: &Line, x: f32) -> f32 {
    let density = |line: &Line| 0.8 * line.log(x).exp() + 0.1;
    (density(a) / density(b)).ln()
}
