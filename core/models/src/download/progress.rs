/// Where a download stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullProgress {
    /// The model's name.
    pub model: String,
    /// Which of its sources, from 0.
    pub source_index: usize,
    /// Bytes of the phase that are done; those of an earlier try count.
    pub received: u64,
    /// All bytes of the phase, where known.
    pub total: Option<u64>,
    /// What is done now.
    pub phase: Phase,
}

/// Steps of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// A request is out, or a pause before the next one.
    Connecting,
    /// Bytes come in.
    Downloading,
    /// What came is hashed and looked into.
    Verifying,
    /// Weights are converted.
    Converting,
    /// The model is installed.
    Done,
}

/// Hears how a download goes; called from several threads, and not to be slow.
pub trait Progress: Send + Sync {
    /// At most ten times a second within a phase, and once at each change of it.
    fn progress(&self, progress: PullProgress);
}

impl<F: Fn(PullProgress) + Send + Sync> Progress for F {
    fn progress(&self, progress: PullProgress) {
        self(progress);
    }
}

/// Lets through one report in 100 ms, and every first one of a phase or source.
#[derive(Debug, Default)]
pub struct Throttle {
    last: Option<(usize, Phase, i64)>,
}

impl Throttle {
    /// Whether a report may go out at this time in Unix milliseconds.
    pub fn lets_through(&mut self, source_index: usize, phase: Phase, now_ms: i64) -> bool {
        // A clock that was set back must not silence it.
        let held = self.last.is_some_and(|(source, last, at)| {
            source == source_index
                && last == phase
                && (at..at.saturating_add(100)).contains(&now_ms)
        });
        if !held {
            self.last = Some((source_index, phase, now_ms));
        }
        !held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_a_second_and_every_change() {
        let mut throttle = Throttle::default();
        let count = (0..5_000).filter(|ms| throttle.lets_through(0, Phase::Downloading, *ms));
        assert_eq!(count.count(), 50);
        assert!(throttle.lets_through(0, Phase::Verifying, 4_999));
        assert!(throttle.lets_through(1, Phase::Verifying, 4_999));
        assert!(!throttle.lets_through(1, Phase::Verifying, 5_000));
        assert!(throttle.lets_through(1, Phase::Verifying, 10), "the clock was set back");
    }
}
