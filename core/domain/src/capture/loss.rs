use serde::{Deserialize, Serialize};

use super::{Microphones, Quality};

/// Why a stretch of a recording has no sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "snake_case")]
pub enum LossCause {
    /// Neither the radio nor the badge's storage brought the frames.
    Lost,
    /// The wearer had muted the badge: nothing was ever recorded.
    Muted,
    /// The frames came, but could not be decoded or were damaged in storage.
    Damaged,
}

/// A stretch without sound, in milliseconds from the start of the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct LossSpan {
    /// First millisecond without sound.
    pub start_ms: u64,
    /// First millisecond with sound again.
    pub end_ms: u64,
    /// Why.
    pub cause: LossCause,
}

/// Every stretch of a recording that has no sound: ascending, not overlapping. Time never shifts:
/// a stretch is filled with concealment or silence of its own length.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LossMap(Vec<LossSpan>);

impl LossMap {
    /// Adds a stretch that is not before the last one; a stretch that touches the last one and has
    /// the same cause makes it longer. Empty stretches are left out.
    pub fn push(&mut self, span: LossSpan) {
        if span.start_ms >= span.end_ms {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.end_ms >= span.start_ms && last.cause == span.cause => {
                last.end_ms = last.end_ms.max(span.end_ms);
            }
            Some(last) if last.end_ms > span.start_ms => {
                let start_ms = last.end_ms;
                self.push(LossSpan { start_ms, ..span });
            }
            _ => self.0.push(span),
        }
    }

    /// The stretches.
    #[must_use]
    pub fn spans(&self) -> &[LossSpan] {
        &self.0
    }

    /// Milliseconds of `start_ms..end_ms` without sound, muted ones left out.
    #[must_use]
    pub fn lost_ms(&self, start_ms: u64, end_ms: u64) -> u64 {
        let lost = self.0.iter().filter(|s| s.cause != LossCause::Muted);
        lost.map(|s| s.end_ms.min(end_ms).saturating_sub(s.start_ms.max(start_ms))).sum()
    }
}

impl FromIterator<LossSpan> for LossMap {
    fn from_iter<I: IntoIterator<Item = LossSpan>>(spans: I) -> Self {
        let mut map = Self::default();
        spans.into_iter().for_each(|s| map.push(s));
        map
    }
}

/// What is known of the sound behind a transcript.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AudioFacts {
    /// Where there is no sound.
    #[serde(default)]
    pub loss: LossMap,
    /// How good the sound was; unset where it was not measured.
    #[serde(default)]
    pub quality: Option<Quality>,
    /// The two microphones it was heard with; unset with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microphones: Option<Microphones>,
}

/// Words this close to a gap may have been cut.
const NEAR_MS: u64 = 300;
/// What a gap in or beside words leaves of their confidence.
const BESIDE_GAP_PERMILLE: u16 = 700;

impl AudioFacts {
    /// What the sound leaves of the confidence in words heard at a time, in thousandths.
    #[must_use]
    pub fn trust_permille(&self, start_ms: u64, end_ms: u64) -> u16 {
        let sound = self.quality.as_ref().map_or(1000, Quality::trust_permille);
        let (from, to) = (start_ms.saturating_sub(NEAR_MS), end_ms.saturating_add(NEAR_MS));
        let gap = if self.loss.lost_ms(from, to) > 0 { BESIDE_GAP_PERMILLE } else { 1000 };
        sound.min(gap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start_ms: u64, end_ms: u64, cause: LossCause) -> LossSpan {
        LossSpan { start_ms, end_ms, cause }
    }

    #[test]
    fn stretches_join_and_never_overlap() {
        use LossCause::{Lost, Muted};
        let map: LossMap = [
            span(0, 20, Lost),
            span(20, 40, Lost),
            span(30, 60, Muted),
            span(80, 80, Lost),
            span(90, 100, Lost),
        ]
        .into_iter()
        .collect();
        assert_eq!(map.spans(), [span(0, 40, Lost), span(40, 60, Muted), span(90, 100, Lost)]);
        assert_eq!(map.lost_ms(10, 95), 30 + 5);
    }

    #[test]
    fn words_beside_a_gap_are_trusted_less() {
        let loss = [span(1000, 1100, LossCause::Lost), span(5000, 9000, LossCause::Muted)];
        let facts = AudioFacts { loss: loss.into_iter().collect(), ..AudioFacts::default() };
        assert_eq!(facts.trust_permille(0, 600), 1000);
        assert_eq!(facts.trust_permille(0, 800), 700);
        assert_eq!(facts.trust_permille(1300, 1500), 700);
        assert_eq!(facts.trust_permille(5000, 6000), 1000, "muting is no loss");
    }
}
