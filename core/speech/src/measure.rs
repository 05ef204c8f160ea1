use std::time::Duration;

/// What an engine takes on this device, the best of a few runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// The encoder over 30 s of sound.
    pub encoder: Duration,
    /// The decoder over [`Measured::TOKENS`] tokens, one after the other.
    pub decoder: Duration,
}

impl Measured {
    /// Tokens that are decoded for a measurement.
    pub const TOKENS: usize = 32;
    /// Runs; the first also warms up.
    pub(crate) const RUNS: usize = 2;

    /// The quicker parts of two runs.
    pub(crate) fn best(self, other: Self) -> Self {
        Self { encoder: self.encoder.min(other.encoder), decoder: self.decoder.min(other.decoder) }
    }
}
