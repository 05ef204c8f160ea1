use super::feature::{Feature, SIZE};

/// Blocks of speech of one side in a row whose mean is one sample of a voice (1 s).
const UNIT: usize = 16;
/// What tells voices apart whatever their level: the spectrum's shape, and pitch.
const TRAITS: usize = SIZE;
/// Variance of a voice's samples before any was heard, of the shape in dB and of pitch in octaves.
const SHAPE_VARIANCE: f32 = 1.0;
const PITCH_VARIANCE: f32 = 0.008;
/// How many samples that is worth.
const PRIOR: f32 = 8.0;
/// Least voiced blocks of a sample.
const VOICED: usize = 4;

type Traits = [f32; TRAITS];

/// How far the two sides differ in what level does not change, in spreads of one voice: below 3
/// where one voice was split in two, mostly above 4 for two people.
/// None where too little was heard of one of them.
pub(super) fn distance(features: &[Feature], first: &[f32]) -> Option<f32> {
    let sides = units(features, first);
    let enough = sides.iter().all(|side| side.len() >= 2);
    enough.then(|| (0..TRAITS).map(|n| gap(&sides, n)).sum::<f32>().max(0.0).sqrt())
}

/// Means over a second of each side.
fn units(features: &[Feature], first: &[f32]) -> [Vec<Traits>; 2] {
    let mut sides = [Vec::new(), Vec::new()];
    let (mut run, mut last) = (Vec::new(), 0);
    for (feature, p) in features.iter().zip(first).filter(|(f, _)| f.active) {
        let side = usize::from(*p < 0.5);
        if side != last {
            run.clear();
            last = side;
        }
        run.push(feature);
        if run.len() == UNIT {
            sides[side].push(mean(&run));
            run.clear();
        }
    }
    sides
}

fn mean(run: &[&Feature]) -> Traits {
    let mut traits: Traits =
        std::array::from_fn(|n| run.iter().map(|f| f.shape[n]).sum::<f32>() / run.len() as f32);
    let pitches: Vec<f32> = run.iter().filter_map(|f| f.pitch).collect();
    // Pitch takes the place of the level.
    traits[0] = if pitches.len() < VOICED {
        f32::NAN
    } else {
        pitches.iter().sum::<f32>() / pitches.len() as f32
    };
    traits
}

/// Squared distance of the means of one trait in spreads, less what chance makes of it.
fn gap(sides: &[Vec<Traits>; 2], n: usize) -> f32 {
    let side = |side: &[Traits]| {
        let kept = side.iter().map(|traits| traits[n]).filter(|x| x.is_finite());
        let count = kept.clone().count() as f32;
        let mean = kept.clone().sum::<f32>() / count.max(1.0);
        (count, mean, kept.map(|x| (x - mean).powi(2)).sum::<f32>())
    };
    let (a, b) = (side(&sides[0]), side(&sides[1]));
    if a.0.min(b.0) < 2.0 {
        return 0.0;
    }
    let prior = if n == 0 { PITCH_VARIANCE } else { SHAPE_VARIANCE };
    let variance = (a.2 + b.2 + PRIOR * prior) / (a.0 + b.0 - 2.0 + PRIOR);
    (a.1 - b.1).powi(2) / variance - 1.0 / a.0 - 1.0 / b.0
}
