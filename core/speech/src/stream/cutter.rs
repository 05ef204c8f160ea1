use std::collections::VecDeque;

use confee_domain::{AudioFacts, Quality};

use super::held::{BLOCK, BLOCK_MS, Block, Held};
use super::{Sound, UtteranceFacts, UtterancePolicy};

/// From this probability on a block has a voice; below, speech that is on is a pause.
const VOICE: f32 = 0.35;
/// An onset is decided a few blocks late: so many are looked back for its first.
const ONSET_BLOCKS: u64 = 10;
/// Missing sound this close to an utterance belongs to its facts.
const NEAR_MS: u64 = 300;
/// A place to split is judged with so many blocks on either side.
const SPLIT_REACH: u64 = 4;
/// Voices this close to one another are one stretch.
const JOIN_BLOCKS: u64 = 12;

/// Sound that is to be heard at once.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Utterance {
    pub(super) pcm: Vec<f32>,
    pub(super) facts: UtteranceFacts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nobody speaks; nothing before the block may be taken.
    Idle { floor: u64 },
    /// Blocks of the running utterance: its first, and the one after its last speech.
    Running { start: u64, spoken: u64 },
}

/// Cuts sound into utterances; keeps the running one and what may become the next one's pre-roll.
pub(super) struct Cutter {
    policy: UtterancePolicy,
    held: Held,
    state: State,
    /// Blocks without sound up to now.
    missing: u64,
    quality: Option<Quality>,
    /// The worst within the running utterance.
    worst: Option<Quality>,
    ready: VecDeque<Utterance>,
}

impl Cutter {
    pub(super) fn new(policy: UtterancePolicy, origin_ms: u64) -> Self {
        Self {
            policy: policy.sane(),
            held: Held::new(origin_ms),
            state: State::Idle { floor: 0 },
            missing: 0,
            quality: None,
            worst: None,
            ready: VecDeque::new(),
        }
    }

    /// Takes sound; [`Self::next`] gives what became ready. A second at a time keeps memory small.
    pub(super) fn push(&mut self, sound: &Sound<'_>) {
        self.judge(sound.quality);
        self.held.push(sound);
        self.run(false);
    }

    /// Ends the stream: the running utterance becomes ready.
    pub(super) fn finish(&mut self) {
        self.held.end();
        self.run(true);
        if let State::Running { start, spoken } = self.state {
            self.close(start, spoken, spoken);
        }
    }

    pub(super) fn next(&mut self) -> Option<Utterance> {
        self.ready.pop_front()
    }

    /// The running utterance: its first millisecond and its sound so far.
    pub(super) fn running(&self) -> Option<(u64, &[f32])> {
        match self.state {
            State::Running { start, .. } => {
                Some((self.held.ms(start), self.held.sound(start, None)))
            }
            State::Idle { .. } => None,
        }
    }

    /// Samples taken so far.
    pub(super) fn samples(&self) -> u64 {
        self.held.samples()
    }

    fn judge(&mut self, quality: Option<&Quality>) {
        let Some(quality) = quality else { return };
        if self.worst.as_ref().is_none_or(|worst| quality.verdict < worst.verdict) {
            self.worst = Some(quality.clone());
        }
        if self.quality.as_ref() != Some(quality) {
            self.quality = Some(quality.clone());
        }
    }

    fn run(&mut self, last: bool) {
        while let Some(index) = self.held.decide(last) {
            let Some(block) = self.held.block(index).copied() else { break };
            self.missing = if block.missing { self.missing + 1 } else { 0 };
            match self.state {
                State::Idle { floor } => self.wait(index, block, floor),
                State::Running { start, spoken } => self.go_on(index, block, start, spoken),
            }
        }
    }

    fn long_missing(&self) -> bool {
        self.missing * BLOCK_MS >= self.policy.missing_ms
    }

    fn wait(&mut self, index: u64, block: Block, floor: u64) {
        if self.long_missing() {
            self.state = State::Idle { floor: index + 1 };
        } else if block.speech {
            let start = self.onset(index, floor);
            self.worst.clone_from(&self.quality);
            self.state = State::Running { start, spoken: index + 1 };
            return;
        }
        let keep = ONSET_BLOCKS + self.preroll();
        self.held.forget_before((index + 1).saturating_sub(keep).max(floor));
    }

    fn preroll(&self) -> u64 {
        self.policy.preroll_ms.div_ceil(BLOCK_MS)
    }

    /// First block of an utterance whose speech was decided at `index`.
    fn onset(&self, index: u64, floor: u64) -> u64 {
        let voiced = |at: &u64| self.held.block(*at).is_some_and(|b| b.probability >= VOICE);
        let before = (floor..index).rev().take(ONSET_BLOCKS as usize).take_while(voiced).count();
        let first = index - before as u64;
        first.saturating_sub(self.preroll()).max(floor).max(self.held.first())
    }

    fn go_on(&mut self, index: u64, block: Block, start: u64, spoken: u64) {
        let next = index + 1;
        let spoken = if block.speech { next } else { spoken };
        self.state = State::Running { start, spoken };
        if self.long_missing() {
            self.close(start, spoken.min(next - self.missing), next);
            return;
        }
        let pause_ms = (next - spoken) * BLOCK_MS;
        if pause_ms >= self.policy.pause_needed((spoken - start) * BLOCK_MS) {
            self.close(start, spoken, spoken);
        } else if (next - start) * BLOCK_MS >= self.policy.longest_ms {
            self.split(start, spoken, next);
        }
    }

    /// Cuts speech that goes on, where a voice is least likely and the sound is quietest.
    fn split(&mut self, start: u64, spoken: u64, next: u64) {
        let at = self.quietest(next.saturating_sub(self.policy.split_search_ms / BLOCK_MS), next);
        if spoken <= at {
            self.close(start, spoken, spoken);
            return;
        }
        self.close(start, at, at);
        self.worst.clone_from(&self.quality);
        self.state = State::Running { start: at, spoken };
    }

    /// The best block to cut before in `from..to`; of equal ones the last.
    fn quietest(&self, from: u64, to: u64) -> u64 {
        let range = || self.held.blocks(from, to).map(|b| b.level);
        let (low, high) = (range().fold(0.0, f32::min), range().fold(-100.0, f32::max));
        let cost = |b: &Block| b.probability + (b.level - low) / (high - low).max(1.0);
        let candidates = from + SPLIT_REACH..to.saturating_sub(SPLIT_REACH);
        let costs = candidates.map(|at| {
            let around =
                (at - SPLIT_REACH..).zip(self.held.blocks(at - SPLIT_REACH, at + SPLIT_REACH));
            let weighed = around.map(|(i, b)| {
                let away = if i < at { at - i } else { i + 1 - at };
                cost(b) * (SPLIT_REACH + 1 - away) as f32
            });
            // A little worse is taken for being later: fewer utterances.
            let early = 0.1 * (to - at) as f32 / (to - from) as f32;
            (at, weighed.sum::<f32>() / (SPLIT_REACH * (SPLIT_REACH + 1)) as f32 + early)
        });
        let best = costs.min_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        best.map_or(to, |(at, _)| at)
    }

    /// Makes an utterance of `start..end` and waits for speech from `floor` on.
    fn close(&mut self, start: u64, end: u64, floor: u64) {
        let facts = self.facts(start, end);
        if facts.voice_ms >= self.policy.least_voice_ms {
            let pcm = self.held.sound(start, Some(end)).to_vec();
            self.ready.push_back(Utterance { pcm, facts });
        }
        self.state = State::Idle { floor };
        self.held.forget_before(floor);
    }

    fn facts(&mut self, start: u64, end: u64) -> UtteranceFacts {
        let (start_ms, end_ms) = (self.held.ms(start), self.held.ms(end));
        let samples = self.held.sound(start, Some(end)).len();
        let loss = self.held.losses(start_ms.saturating_sub(NEAR_MS), end_ms + NEAR_MS);
        let quality = self.worst.take();
        let power: f32 = self.held.blocks(start, end).map(|b| 10_f32.powf(b.level / 10.0)).sum();
        let mean = power / end.saturating_sub(start).max(1) as f32;
        let mut facts = UtteranceFacts {
            start_ms,
            end_ms: start_ms + (samples as u64 * BLOCK_MS).div_ceil(BLOCK as u64),
            loudness_dbfs: 10.0 * mean.max(1e-10).log10(),
            audio: AudioFacts { loss, quality, microphones: None },
            ..UtteranceFacts::default()
        };
        let mut last = None;
        for (at, block) in (0_u64..).zip(self.held.blocks(start, end)) {
            if block.probability < VOICE || block.missing {
                continue;
            }
            facts.voice_ms += BLOCK_MS;
            let (from, to) = ((at * BLOCK_MS) as u32, ((at + 1) * BLOCK_MS) as u32);
            match facts.voice.last_mut() {
                Some(voice) if last.is_some_and(|l| at - l <= JOIN_BLOCKS) => voice.end = to,
                _ => facts.voice.push(from..to),
            }
            last = Some(at);
        }
        facts
    }
}

#[cfg(test)]
mod tests;
