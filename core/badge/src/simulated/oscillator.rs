/// A badge's own clock: runs fast or slow against the virtual one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Oscillator {
    ppm: i32,
}

const MILLION: u64 = 1_000_000;

impl Oscillator {
    /// `ppm` parts per million too fast; real ones stay within 100.
    pub(super) fn new(ppm: i32) -> Self {
        Self { ppm: ppm.clamp(-900_000, 900_000) }
    }

    fn rate(self) -> u64 {
        MILLION.saturating_add_signed(self.ppm.into())
    }

    /// Its microseconds at a virtual millisecond.
    pub(super) fn us(self, now_ms: u64) -> u64 {
        let us = u128::from(now_ms) * u128::from(self.rate()) / 1000;
        u64::try_from(us).unwrap_or(u64::MAX)
    }

    /// The first virtual millisecond at which it shows `us` or more.
    pub(super) fn when(self, us: u64) -> u64 {
        let ms = (u128::from(us) * 1000).div_ceil(u128::from(self.rate()));
        u64::try_from(ms).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_clock_gains_its_parts_per_million() {
        let (day_ms, fast) = (86_400_000, Oscillator::new(50));
        assert_eq!(fast.us(day_ms) / 1000 - day_ms, 4_320);
        for ppm in [-100, -1, 0, 7, 100] {
            let clock = Oscillator::new(ppm);
            for us in [0, 1, 20_000, 999_999, 86_400_000_000] {
                let when = clock.when(us);
                assert!(clock.us(when) >= us, "{ppm} {us}");
                assert!(when == 0 || clock.us(when - 1) < us, "{ppm} {us}");
            }
        }
    }
}
