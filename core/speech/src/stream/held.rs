use std::collections::VecDeque;

use confee_domain::{LossMap, LossSpan};

use super::{Sound, Voice};
use crate::RATE;

/// Samples of one decision: 16 ms, a whole number of milliseconds, so that cuts have exact times.
pub(super) const BLOCK: usize = 256;
pub(super) const BLOCK_MS: u64 = 16;
pub(super) const SAMPLES_PER_MS: u64 = RATE as u64 / 1000;

/// How long sound waits for its decision, and how long a decision lasts without a next one.
const PATIENCE_MS: u64 = 500;
/// Decisions about sound that has not come yet; a minute of them.
const AHEAD_MOST: usize = 4096;
/// Stretches without sound that are kept; older ones are forgotten.
const LOSSES_MOST: usize = 512;
/// Blocks that are forgotten at once: a second.
const FORGET_LEAST: usize = 64;

/// 16 ms of the stream.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Block {
    /// Level in dBFS, -100 to 0.
    pub(super) level: f32,
    pub(super) probability: f32,
    pub(super) speech: bool,
    pub(super) missing: bool,
}

/// The sound that may still be needed, in blocks counted from the stream's first.
pub(super) struct Held {
    origin_ms: u64,
    first: u64,
    decided: u64,
    sound: Vec<f32>,
    blocks: VecDeque<Block>,
    filling: Filling,
    samples: u64,
    voices: VecDeque<Voice>,
    losses: LossMap,
}

#[derive(Default)]
struct Filling {
    power: f32,
    samples: usize,
    missing: bool,
}

impl Held {
    pub(super) fn new(origin_ms: u64) -> Self {
        Self {
            origin_ms,
            first: 0,
            decided: 0,
            sound: Vec::new(),
            blocks: VecDeque::new(),
            filling: Filling::default(),
            samples: 0,
            voices: VecDeque::new(),
            losses: LossMap::default(),
        }
    }

    pub(super) fn push(&mut self, sound: &Sound<'_>) {
        let from = self.samples;
        self.samples += sound.pcm.len() as u64;
        if let Some(cause) = sound.missing {
            let start_ms = self.origin_ms + from / SAMPLES_PER_MS;
            let end_ms = self.origin_ms + self.samples.div_ceil(SAMPLES_PER_MS);
            self.losses.push(LossSpan { start_ms, end_ms, cause });
        }
        self.take_voice(sound.voice);
        self.sound.extend_from_slice(sound.pcm);
        let mut rest = sound.pcm;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(BLOCK - self.filling.samples));
            rest = later;
            self.filling.add(now, sound.missing.is_some());
            if self.filling.samples == BLOCK {
                self.complete();
            }
        }
    }

    /// Makes a block of what is left, shorter than others.
    pub(super) fn end(&mut self) {
        if self.filling.samples > 0 {
            self.complete();
        }
    }

    fn complete(&mut self) {
        let filling = std::mem::take(&mut self.filling);
        let level = 10.0 * (filling.power / filling.samples as f32).max(1e-10).log10();
        let (speech, probability) = (false, 0.0);
        self.blocks.push_back(Block { level, probability, speech, missing: filling.missing });
    }

    fn take_voice(&mut self, voices: &[Voice]) {
        for voice in voices {
            let newer = self.voices.back().is_none_or(|last| last.start_ms < voice.start_ms);
            if newer && self.voices.len() < AHEAD_MOST {
                self.voices.push_back(*voice);
            }
        }
    }

    /// The next block whose voice is known; with `last`, known or not.
    pub(super) fn decide(&mut self, last: bool) -> Option<u64> {
        let index = self.decided;
        let at_ms = self.ms(index);
        let waited = self.ms(self.first + self.blocks.len() as u64).saturating_sub(at_ms);
        let place = usize::try_from(index - self.first).ok()?;
        let missing = self.blocks.get(place)?.missing;
        let voice = self.voice_at(at_ms, last || waited > PATIENCE_MS)?;
        let block = self.blocks.get_mut(place)?;
        let unknown = (!missing, if missing { 0.0 } else { 0.5 });
        (block.speech, block.probability) = voice.map_or(unknown, |v| {
            (v.speech, if v.probability.is_finite() { v.probability.clamp(0.0, 1.0) } else { 0.0 })
        });
        self.decided += 1;
        Some(index)
    }

    /// The decision for 16 ms: none yet, none at all, or one.
    fn voice_at(&mut self, at_ms: u64, now: bool) -> Option<Option<Voice>> {
        let middle_ms = at_ms + BLOCK_MS / 2;
        while self.voices.get(1).is_some_and(|v| v.start_ms <= middle_ms) {
            self.voices.pop_front();
        }
        let Some(voice) = self.voices.front().copied() else { return now.then_some(None) };
        if voice.start_ms > middle_ms {
            return Some(None);
        }
        let sure = self.voices.len() > 1 || voice.start_ms + BLOCK_MS > middle_ms;
        let fresh = at_ms.saturating_sub(voice.start_ms) < PATIENCE_MS;
        (sure || now).then_some(fresh.then_some(voice))
    }

    /// Forgets what lies before a block, once it is worth moving the rest.
    pub(super) fn forget_before(&mut self, block: u64) {
        let count = block.min(self.decided).saturating_sub(self.first) as usize;
        if count < FORGET_LEAST {
            return;
        }
        self.blocks.drain(..count);
        self.sound.drain(..(count * BLOCK).min(self.sound.len()));
        self.first += count as u64;
        if self.losses.spans().len() > LOSSES_MOST {
            let spans = self.losses.spans();
            self.losses = spans[spans.len() - LOSSES_MOST / 2..].iter().copied().collect();
        }
    }

    pub(super) fn first(&self) -> u64 {
        self.first
    }

    pub(super) fn block(&self, index: u64) -> Option<&Block> {
        self.blocks.get(usize::try_from(index.checked_sub(self.first)?).ok()?)
    }

    pub(super) fn blocks(&self, from: u64, to: u64) -> impl Iterator<Item = &Block> {
        let place = |index: u64| (index.saturating_sub(self.first) as usize).min(self.blocks.len());
        let from = place(from);
        self.blocks.range(from..place(to).max(from))
    }

    /// The samples of blocks, or of all there is from the first on.
    pub(super) fn sound(&self, from: u64, to: Option<u64>) -> &[f32] {
        let place = |index: u64| index.saturating_sub(self.first) as usize * BLOCK;
        let end = to.map_or(self.sound.len(), place).min(self.sound.len());
        self.sound.get(place(from)..end).unwrap_or_default()
    }

    /// Stretches without sound that touch a time.
    pub(super) fn losses(&self, from_ms: u64, to_ms: u64) -> LossMap {
        let touching = |s: &&LossSpan| s.start_ms < to_ms && s.end_ms > from_ms;
        self.losses.spans().iter().filter(touching).copied().collect()
    }

    /// When a block begins.
    pub(super) fn ms(&self, block: u64) -> u64 {
        self.origin_ms + block * BLOCK_MS
    }

    /// Samples, blocks and decisions held.
    #[cfg(test)]
    pub(super) fn sizes(&self) -> (usize, usize, usize) {
        (self.sound.len(), self.blocks.len(), self.voices.len())
    }

    pub(super) fn samples(&self) -> u64 {
        self.samples
    }
}

impl Filling {
    fn add(&mut self, pcm: &[f32], missing: bool) {
        let finite = |s: &f32| if s.is_finite() { s.clamp(-1.0, 1.0) } else { 0.0 };
        self.power += pcm.iter().map(finite).map(|s| s * s).sum::<f32>();
        self.samples += pcm.len();
        self.missing |= missing;
    }
}
