use super::block::{Block, Places};
use super::ear::{BANDS, middle_hz};

/// Numbers of a block: its level in dB and what its spectrum looks like.
pub(super) const SIZE: usize = 10;
/// Blocks over which the noise is taken to be steady, 16 s.
const STEADY: usize = 250;
/// Share of blocks that are below the noise found, and how much louder noise is on the average.
const QUIET_SHARE: f32 = 0.12;
const QUIET_BIAS_DB: f32 = 2.0;
/// A block counts when it is this much above the noise,
const ABOVE_DB: f32 = 5.0;
/// and at most this much below the loudest nearby.
const BELOW_DB: f32 = 24.0;
/// Blocks that are nearby: half a second on either side.
const NEARBY: usize = 8;
/// Probability from which a block is speech.
const SPEECH: f32 = 0.4;

/// What a block sounds like, freed of the noise.
#[derive(Debug, Clone, Copy)]
pub(super) struct Feature {
    /// Whether somebody is heard clearly enough to be judged by it.
    pub(super) active: bool,
    /// Level in dB, then the shape of the spectrum.
    pub(super) shape: [f32; SIZE],
    /// Low tones over high ones, in dB.
    pub(super) tilt_db: f32,
    /// Pitch in octaves.
    pub(super) pitch: Option<f32>,
    /// What two microphones tell.
    pub(super) places: Option<Places>,
}

/// Features of all blocks of a recording.
pub(super) fn of(blocks: &[Block]) -> Vec<Feature> {
    let mut features = Vec::with_capacity(blocks.len());
    for part in blocks.chunks(STEADY) {
        // A short end has too little quiet of its own.
        let from = features.len().min(blocks.len().saturating_sub(STEADY));
        let noise = noise(&blocks[from..(from + STEADY).min(blocks.len())]);
        features.extend(part.iter().map(|block| feature(block, &noise)));
    }
    let levels: Vec<f32> = features.iter().map(|f| f.shape[0]).collect();
    for (at, feature) in features.iter_mut().enumerate() {
        let near = &levels[at.saturating_sub(NEARBY)..(at + NEARBY + 1).min(levels.len())];
        let loudest = near.iter().copied().fold(f32::MIN, f32::max);
        feature.active &= feature.shape[0] > loudest - BELOW_DB;
    }
    features
}

fn noise(blocks: &[Block]) -> [f32; BANDS] {
    std::array::from_fn(|band| {
        let mut levels: Vec<f32> = blocks.iter().map(|b| b.band_db(band)).collect();
        levels.sort_by(f32::total_cmp);
        let quiet = (QUIET_SHARE * levels.len() as f32) as usize;
        10_f32.powf((levels.get(quiet).copied().unwrap_or(-120.0) + QUIET_BIAS_DB) / 10.0)
    })
}

fn feature(block: &Block, noise: &[f32; BANDS]) -> Feature {
    let heard: [f32; BANDS] = std::array::from_fn(|b| 10_f32.powf(block.band_db(b) / 10.0));
    // What is left is never less than a tenth of the noise, or every change of it would count.
    let clean: [f32; BANDS] =
        std::array::from_fn(|b| (heard[b] - noise[b]).max(0.1 * noise[b]).max(1e-11));
    let within = |powers: &[f32; BANDS], low: f32, high: f32| {
        let kept = (0..BANDS).filter(|b| (low..high).contains(&middle_hz(*b)));
        kept.map(|b| powers[b]).sum::<f32>()
    };
    let voice = |powers| within(powers, 180.0, 4_200.0);
    let above = db(voice(&heard) / voice(noise).max(1e-12));
    let mut shape = [0.0; SIZE];
    shape[0] = db(voice(&clean));
    let logs = clean.map(db);
    for (order, to) in shape.iter_mut().enumerate().skip(1) {
        *to = cosine(&logs, order);
    }
    Feature {
        active: block.speech() >= SPEECH && above > ABOVE_DB,
        shape,
        tilt_db: db(within(&clean, 180.0, 850.0) / within(&clean, 1_900.0, 4_200.0).max(1e-12)),
        pitch: block.pitch(),
        places: block.places(),
    }
}

fn cosine(logs: &[f32; BANDS], order: usize) -> f32 {
    let turn = std::f32::consts::PI * order as f32 / BANDS as f32;
    let sum: f32 = logs.iter().enumerate().map(|(b, l)| l * (turn * (b as f32 + 0.5)).cos()).sum();
    sum * 2.0 / BANDS as f32
}

fn db(power: f32) -> f32 {
    10.0 * power.max(1e-12).log10()
}
