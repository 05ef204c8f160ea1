use crate::{RATE, WINDOW};

/// How a talk is cut into utterances. An engine that always hears a window of 30 s has the same
/// work for a second as for 28: few long utterances are cheap, many short ones are early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UtterancePolicy {
    /// Longest utterance in milliseconds, 4,000 to 29,000. Longer speech is split.
    pub longest_ms: u64,
    /// How far back a place to split is searched for, at most half of the longest.
    pub split_search_ms: u64,
    /// What an utterance takes along from before its first voice: soft consonants score low.
    pub preroll_ms: u64,
    /// Up to this length an utterance is short.
    pub short_ms: u64,
    /// The pause after the hangover that ends a short utterance.
    pub short_pause_ms: u64,
    /// The pause that ends one a little longer; less and less is needed from there on.
    pub pause_ms: u64,
    /// From this length on the least pause is enough.
    pub full_ms: u64,
    /// The least pause.
    pub full_pause_ms: u64,
    /// Missing sound this long ends an utterance.
    pub missing_ms: u64,
    /// Utterances with less voice are no speech and not heard.
    pub least_voice_ms: u64,
}

impl Default for UtterancePolicy {
    fn default() -> Self {
        Self {
            longest_ms: 28_000,
            split_search_ms: 8_000,
            preroll_ms: 250,
            short_ms: 5_000,
            short_pause_ms: 1_600,
            pause_ms: 700,
            full_ms: 24_000,
            full_pause_ms: 48,
            missing_ms: 1_000,
            least_voice_ms: 80,
        }
    }
}

impl UtterancePolicy {
    /// The same within what works.
    pub(super) fn sane(self) -> Self {
        let window_ms = (WINDOW / (RATE / 1000)) as u64;
        let longest_ms = self.longest_ms.clamp(4_000, window_ms - 1_000);
        let full_ms = self.full_ms.min(longest_ms);
        let full_pause_ms = self.full_pause_ms.max(16);
        let pause_ms = self.pause_ms.max(full_pause_ms);
        Self {
            longest_ms,
            split_search_ms: self.split_search_ms.clamp(500, longest_ms / 2),
            preroll_ms: self.preroll_ms.min(1_000),
            short_ms: self.short_ms.min(full_ms),
            short_pause_ms: self.short_pause_ms.max(pause_ms),
            pause_ms,
            full_ms,
            full_pause_ms,
            missing_ms: self.missing_ms.max(100),
            least_voice_ms: self.least_voice_ms,
        }
    }

    /// The pause that ends an utterance of a length.
    pub(super) fn pause_needed(&self, length_ms: u64) -> u64 {
        if length_ms < self.short_ms {
            return self.short_pause_ms;
        }
        if length_ms >= self.full_ms {
            return self.full_pause_ms;
        }
        let fall = self.pause_ms - self.full_pause_ms;
        self.pause_ms - fall * (length_ms - self.short_ms) / (self.full_ms - self.short_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_utterances_need_shorter_pauses() {
        let policy = UtterancePolicy::default().sane();
        let needed = [0, 4_999, 5_000, 14_500, 24_000, 60_000].map(|ms| policy.pause_needed(ms));
        assert_eq!(needed, [1_600, 1_600, 700, 374, 48, 48]);
        assert!((0..60).is_sorted_by_key(|s| std::cmp::Reverse(policy.pause_needed(s * 500))));
    }

    #[test]
    fn nonsense_becomes_workable() {
        for ms in [0, 1, 777, 30_000, u64::MAX] {
            let policy = UtterancePolicy {
                longest_ms: ms,
                split_search_ms: ms,
                preroll_ms: ms,
                short_ms: ms,
                short_pause_ms: ms,
                pause_ms: ms,
                full_ms: ms,
                full_pause_ms: ms,
                missing_ms: ms,
                least_voice_ms: ms,
            };
            let sane = policy.sane();
            assert!((4_000..=29_000).contains(&sane.longest_ms));
            assert_eq!(sane.sane(), sane);
            let _ = (0..70).map(|s| sane.pause_needed(s * 499)).collect::<Vec<_>>();
        }
    }
}
