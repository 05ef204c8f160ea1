use confee_domain::Speaker;

use super::block::BLOCK_MS;
use super::feature::Feature;

/// A stretch of one speaker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// First millisecond, in steps of 64 ms.
    pub start_ms: u64,
    /// First millisecond after it.
    pub end_ms: u64,
    /// Who; none where it is not sure.
    pub speaker: Option<Speaker>,
    /// How likely it is the wearer, 0 to 1, over the stretch.
    pub probability: f32,
}

/// Who spoke when in a recording.
#[derive(Debug, Clone, Default)]
pub struct Speakers {
    sure: f32,
    blocks: Vec<Said>,
    turns: Vec<Turn>,
}

#[derive(Debug, Clone, Copy)]
struct Said {
    wearer: f32,
    active: bool,
}

/// What a block without clear speech counts, against one with it.
const FAINT: f32 = 0.05;
/// Pauses up to this many blocks (0.8 s) are within a turn.
const PAUSE: usize = 12;

impl Speakers {
    pub(super) fn new(features: &[Feature], wearer: Vec<f32>, sure: f32) -> Self {
        let said = |(f, wearer): (&Feature, f32)| Said { wearer, active: f.active };
        let blocks: Vec<Said> = features.iter().zip(wearer).map(said).collect();
        let sure = if sure.is_finite() { sure.clamp(0.5, 1.0) } else { 1.0 };
        let mut speakers = Self { sure, blocks, turns: Vec::new() };
        speakers.turns = speakers.find_turns();
        speakers
    }

    /// The speaker of a stretch, such as a word or a segment of a transcript, and how likely it is
    /// the wearer: none and 0.5 where nothing was heard. A stretch of both is nobody's.
    #[must_use]
    pub fn between(&self, start_ms: u64, end_ms: u64) -> (Option<Speaker>, f32) {
        let at =
            |ms: u64| usize::try_from(ms / BLOCK_MS).unwrap_or(usize::MAX).min(self.blocks.len());
        let end = at(end_ms.saturating_add(BLOCK_MS - 1));
        let (mut sum, mut weight) = (0.0, 0.0);
        for (n, block) in self.blocks[at(start_ms).min(end)..end].iter().enumerate() {
            let from = (at(start_ms) + n) as u64 * BLOCK_MS;
            let inside = (from + BLOCK_MS).min(end_ms).saturating_sub(from.max(start_ms));
            let counts = inside as f32 * if block.active { 1.0 } else { FAINT };
            sum += counts * block.wearer;
            weight += counts;
        }
        let probability = if weight > 0.0 { sum / weight } else { 0.5 };
        (self.name(probability), probability)
    }

    /// All stretches with speech in order, without overlap; those nobody is named for too.
    #[must_use]
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    fn name(&self, probability: f32) -> Option<Speaker> {
        match probability {
            p if p >= self.sure && p > 0.5 => Some(Speaker::Rep),
            p if p <= 1.0 - self.sure && p < 0.5 => Some(Speaker::Prospect),
            _ => None,
        }
    }

    fn find_turns(&self) -> Vec<Turn> {
        let mut turns: Vec<(std::ops::Range<usize>, Option<Speaker>)> = Vec::new();
        let active = self.blocks.iter().enumerate().filter(|(_, block)| block.active);
        for (at, block) in active {
            let speaker = self.name(block.wearer);
            match turns.last_mut() {
                Some((range, same)) if *same == speaker && at - range.end <= PAUSE => {
                    range.end = at + 1;
                }
                _ => turns.push((at..at + 1, speaker)),
            }
        }
        turns.into_iter().map(|(range, speaker)| self.turn(range, speaker)).collect()
    }

    fn turn(&self, range: std::ops::Range<usize>, speaker: Option<Speaker>) -> Turn {
        let (start_ms, end_ms) = (range.start as u64 * BLOCK_MS, range.end as u64 * BLOCK_MS);
        let heard = self.blocks[range].iter().filter(|block| block.active);
        let (sum, n) = heard.fold((0.0, 0), |(sum, n), b| (sum + b.wearer, n + 1));
        Turn { start_ms, end_ms, speaker, probability: sum / n.max(1) as f32 }
    }
}
