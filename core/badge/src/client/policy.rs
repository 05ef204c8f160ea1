use confee_domain::BadgeProblem;

/// When a lost badge is tried again. Plain data: the host may change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReconnectPolicy {
    /// Delay before the second attempt; the first one is immediate.
    pub base_ms: u64,
    /// Longest delay while the app is on the screen.
    pub cap_foreground_ms: u64,
    /// Longest delay otherwise.
    pub cap_background_ms: u64,
    /// Connect without a timeout and let the system wait for the badge: for hosts whose system
    /// does so at no cost (CoreBluetooth; Android with `autoConnect`).
    pub parked: bool,
}

impl Default for ReconnectPolicy {
    fn default() -> Self {
        Self { base_ms: 1_000, cap_foreground_ms: 5_000, cap_background_ms: 60_000, parked: false }
    }
}

impl ReconnectPolicy {
    /// Delay before attempt `attempt` (0 is the first after a loss), with `jitter` in 0.0..1.0
    /// taking away up to a quarter.
    #[must_use]
    pub fn delay_ms(&self, attempt: u32, foreground: bool, jitter: f64) -> u64 {
        let Some(doublings) = attempt.checked_sub(1) else { return 0 };
        let cap = if foreground { self.cap_foreground_ms } else { self.cap_background_ms };
        let full = self.base_ms.saturating_mul(1 << doublings.min(20)).min(cap);
        full - (full as f64 * 0.25 * jitter.clamp(0.0, 1.0)) as u64
    }
}

/// How long each step may take, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Opening the link; not used by a parked connect.
    pub connect_ms: u64,
    /// Finding services and the MTU.
    pub discover_ms: u64,
    /// A subscription or read: the first may show a pairing dialog.
    pub secure_ms: u64,
    /// A write.
    pub write_ms: u64,
    /// From the services to live audio.
    pub negotiate_ms: u64,
    /// Without a frame while there should be some.
    pub audio_ms: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect_ms: 30_000,
            discover_ms: 15_000,
            secure_ms: 30_000,
            write_ms: 5_000,
            negotiate_ms: 60_000,
            audio_ms: 5_000,
        }
    }
}

/// What ends the wait after a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retry {
    /// Time.
    After,
    /// The phone's Bluetooth.
    WhenOn,
    /// Only a person.
    Never,
}

/// What can heal a problem.
pub(crate) fn retry(problem: BadgeProblem) -> Retry {
    use BadgeProblem as P;
    match problem {
        P::OutOfRange | P::Busy | P::NoAnswer | P::NoAudio | P::Other => Retry::After,
        P::BluetoothOff => Retry::WhenOn,
        P::PermissionDenied
        | P::Unsupported
        | P::PairingLost
        | P::BondedElsewhere
        | P::NotOurBadge
        | P::UnknownProtocol
        | P::UnknownCodec => Retry::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_the_cap_and_jitter_only_shortens() {
        let policy = ReconnectPolicy::default();
        let delays: Vec<u64> = (0..9).map(|n| policy.delay_ms(n, false, 0.0)).collect();
        assert_eq!(delays, [0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
        assert_eq!(policy.delay_ms(40, true, 0.0), 5000);
        assert_eq!(policy.delay_ms(2, true, 1.0), 1500);
        assert_eq!(policy.delay_ms(u32::MAX, true, f64::NAN), 5000);
    }
}
