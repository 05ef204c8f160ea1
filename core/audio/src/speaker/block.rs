use crate::array::Hint;
use crate::voice::VadFrame;

use super::ear::{BANDS, Ear, FRAME, Heard};

/// Frames of a block.
const FRAMES: usize = 4;
/// Milliseconds of a block.
pub(super) const BLOCK_MS: u64 = 64;
/// Steps of a band's level, and the lowest level, in dB.
const STEP_DB: f32 = 0.5;
const LOWEST_DB: f32 = -120.0;
/// Steps of pitch in an octave, and the lowest in Hz.
const PITCH_STEPS: f32 = 48.0;
const PITCH_LOWEST_HZ: f32 = 60.0;
/// Steps of a delay in a sample, of a level difference in a dB, and of a logit.
const DELAY_STEPS: f32 = 16.0;
const LEVEL_STEPS: f32 = 8.0;
const LOGIT_STEPS: f32 = 16.0;

/// What is kept of 64 ms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Block {
    bands: [u8; BANDS],
    pitch: u8,
    voiced: u8,
    /// Probability of speech in steps of 1/255.
    speech: u8,
    pair: Pair,
}

/// What two microphones tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Pair {
    delay: i8,
    level: i8,
    logit: i8,
    trust: u8,
}

/// What two microphones tell of a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Places {
    /// Delay in samples.
    pub(super) delay: f32,
    /// Level difference in dB.
    pub(super) level_db: f32,
    /// Logit of the wearer.
    pub(super) logit: f32,
    /// How far it is one direction, 0 to 1.
    pub(super) trust: f32,
}

impl Block {
    pub(super) fn band_db(&self, band: usize) -> f32 {
        f32::from(self.bands[band]) * STEP_DB + LOWEST_DB
    }

    pub(super) fn speech(&self) -> f32 {
        f32::from(self.speech) / 255.0
    }

    /// Pitch in octaves above 60 Hz; none where it is not voiced.
    pub(super) fn pitch(&self) -> Option<f32> {
        (self.voiced > 0).then(|| f32::from(self.pitch) / PITCH_STEPS)
    }

    pub(super) fn places(&self) -> Option<Places> {
        let Pair { delay, level, logit, trust } = self.pair;
        (trust > 0).then(|| Places {
            delay: f32::from(delay) / DELAY_STEPS,
            level_db: f32::from(level) / LEVEL_STEPS,
            logit: f32::from(logit) / LOGIT_STEPS,
            trust: f32::from(trust) / 255.0,
        })
    }
}

/// Gathers blocks.
pub(super) struct Blocks {
    ear: Ear,
    most: usize,
    waiting: Vec<f32>,
    frames: [Heard; FRAMES],
    filled: usize,
    hints: [Option<Hint>; FRAMES],
    hinted: usize,
    sound: Vec<Block>,
    speech: Vec<u8>,
    pairs: Vec<Pair>,
}

/// Periodicity from which a frame is a vowel.
const VOICED: f32 = 0.6;

impl Blocks {
    pub(super) fn new(max_ms: u64) -> Self {
        Self {
            ear: Ear::new(),
            most: usize::try_from(max_ms / BLOCK_MS).unwrap_or(usize::MAX),
            waiting: Vec::with_capacity(FRAME),
            frames: [Heard::default(); FRAMES],
            filled: 0,
            hints: [None; FRAMES],
            hinted: 0,
            sound: Vec::new(),
            speech: Vec::new(),
            pairs: Vec::new(),
        }
    }

    pub(super) fn push(&mut self, pcm: &[f32], speech: &[VadFrame], hints: &[Hint]) {
        speech.iter().for_each(|frame| self.note(frame));
        hints.iter().for_each(|hint| self.hint(*hint));
        let mut rest = pcm;
        while !rest.is_empty() && self.sound.len() < self.most {
            let (now, later) = rest.split_at(rest.len().min(FRAME - self.waiting.len()));
            self.waiting
                .extend(now.iter().map(|s| if s.is_finite() { s.clamp(-1.0, 1.0) } else { 0.0 }));
            rest = later;
            if let Some(frame) = self.waiting.first_chunk::<FRAME>() {
                self.frames[self.filled] = self.ear.hear(frame);
                self.waiting.clear();
                self.filled += 1;
                if self.filled == FRAMES {
                    self.filled = 0;
                    self.sound.push(sound(&self.frames));
                }
            }
        }
    }

    fn note(&mut self, frame: &VadFrame) {
        let at = usize::try_from(frame.start_ms / BLOCK_MS).unwrap_or(usize::MAX);
        if at < self.most {
            if self.speech.len() <= at {
                self.speech.resize(at + 1, 0);
            }
            let share = frame.probability.clamp(0.0, 1.0) * 255.0 / FRAMES as f32;
            self.speech[at] = self.speech[at].saturating_add(share.round() as u8);
        }
    }

    fn hint(&mut self, hint: Hint) {
        self.hints[self.hinted] = Some(hint);
        self.hinted += 1;
        if self.hinted == FRAMES {
            self.hinted = 0;
            if self.pairs.len() < self.most {
                self.pairs.push(pair(&self.hints));
            }
        }
    }

    pub(super) fn finish(self) -> Vec<Block> {
        let mut blocks = self.sound;
        for (at, block) in blocks.iter_mut().enumerate() {
            block.speech = self.speech.get(at).copied().unwrap_or_default();
            block.pair = self.pairs.get(at).copied().unwrap_or_default();
        }
        blocks
    }
}

fn sound(frames: &[Heard; FRAMES]) -> Block {
    let bands = std::array::from_fn(|band| {
        let power = frames.iter().map(|f| f.bands[band]).sum::<f32>() / FRAMES as f32;
        ((10.0 * power.max(1e-12).log10() - LOWEST_DB) / STEP_DB).round() as u8
    });
    let mut pitches: Vec<f32> =
        frames.iter().filter(|f| f.voiced > VOICED).map(|f| f.pitch_hz).collect();
    pitches.sort_by(f32::total_cmp);
    let middle = pitches.get(pitches.len() / 2).copied().unwrap_or(PITCH_LOWEST_HZ);
    let pitch = (PITCH_STEPS * (middle / PITCH_LOWEST_HZ).log2()).round() as u8;
    // One frame alone is chance.
    let voiced = if pitches.len() < 2 { 0 } else { pitches.len() as u8 };
    Block { bands, pitch, voiced, ..Block::default() }
}

fn pair(hints: &[Option<Hint>; FRAMES]) -> Pair {
    let all = || hints.iter().flatten();
    let weight = |h: &Hint| h.direction.strength.clamp(0.0, 1.0).powi(2) + 1e-6;
    let sum: f32 = all().map(weight).sum();
    let mean = |of: &dyn Fn(&Hint) -> f32| all().map(|h| weight(h) * of(h)).sum::<f32>() / sum;
    let steps = |value: f32, steps: f32| (value * steps).round() as i8;
    let logit = |h: &Hint| {
        let p = h.probability.clamp(0.001, 0.999);
        (p / (1.0 - p)).ln()
    };
    let strength = all().map(|h| h.direction.strength).sum::<f32>() / FRAMES as f32;
    Pair {
        delay: steps(mean(&|h: &Hint| h.direction.delay_samples), DELAY_STEPS),
        level: steps(mean(&|h: &Hint| h.level_difference_db), LEVEL_STEPS),
        logit: steps(mean(&logit), LOGIT_STEPS),
        // Zero means that there is no second microphone.
        trust: ((255.0 * strength).round() as u8).max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::array::Direction;

    #[test]
    fn a_block_keeps_what_it_heard() {
        let bands = std::array::from_fn(|band| 10_f32.powf(-0.3 * band as f32 - 1.0));
        let heard = Heard { bands, pitch_hz: 120.0, voiced: 0.9 };
        let block = sound(&[heard; FRAMES]);
        for band in 0..BANDS {
            let db = -3.0 * band as f32 - 10.0;
            assert!((block.band_db(band) - db).abs() <= 0.5 * STEP_DB, "band {band}");
        }
        assert!((block.pitch().unwrap() - 1.0).abs() < 0.02);
        let unvoiced = Heard { voiced: 0.1, ..heard };
        assert_eq!(sound(&[unvoiced, heard, unvoiced, unvoiced]).pitch(), None);
    }

    #[test]
    fn hints_without_direction_count_less() {
        let hint = |delay_samples, strength| {
            let direction = Direction { delay_samples, angle_deg: 0.0, strength };
            Some(Hint { speaker: None, probability: 0.9, direction, level_difference_db: 1.5 })
        };
        let pair = pair(&[hint(1.5, 0.6), hint(1.5, 0.6), hint(-1.5, 0.0), hint(-1.5, 0.0)]);
        let places = Block { pair, ..Block::default() }.places().unwrap();
        assert!((places.delay - 1.5).abs() < 0.05, "{places:?}");
        assert!((places.level_db - 1.5).abs() < 0.1, "{places:?}");
        assert!((places.logit - 9_f32.ln()).abs() < 0.1, "{places:?}");
        assert!((places.trust - 0.3).abs() < 0.01, "{places:?}");
        assert_eq!(Block::default().places(), None);
    }

    #[test]
    fn speech_is_noted_by_its_time() {
        let mut blocks = Blocks::new(200);
        let frame = |start_ms| VadFrame { start_ms, probability: 1.0, speech: true };
        let frames: Vec<VadFrame> = [0, 16, 64, 80, 96, 112, 100_000].map(frame).to_vec();
        blocks.push(&[0.0; 6 * FRAMES * FRAME], &frames, &[]);
        let blocks = blocks.finish();
        assert_eq!(blocks.len(), 3, "no more than 200 ms");
        let speech: Vec<f32> = blocks.iter().map(Block::speech).collect();
        assert!((speech[0] - 0.5).abs() < 0.01 && speech[1] > 0.99 && speech[2] == 0.0);
    }
}
