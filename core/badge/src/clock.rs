/// The badge's clock and the phone's, read at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockPair {
    /// Milliseconds since the stream began, on the badge's clock.
    pub badge_ms: u32,
    /// Unix milliseconds on the phone's clock.
    pub unix_ms: i64,
}

/// Pairs closer together say nothing of drift: an answer takes some hundred milliseconds.
const DRIFT_SPAN_MS: u32 = 10 * 60_000;
/// No quartz is worse; a larger drift is a wall clock that somebody set.
const MAX_DRIFT_PPM: i64 = 500;

/// The wall-clock time of a moment of a stream from the pairs with its lowest and highest badge
/// time: offset of the nearer pair, drift from both where they are far enough apart.
#[must_use]
pub fn wall_clock(first: ClockPair, last: ClockPair, badge_ms: u32) -> i64 {
    let span = i64::from(last.badge_ms) - i64::from(first.badge_ms);
    let gained = last.unix_ms - first.unix_ms - span;
    let far = i64::from(badge_ms) - i64::from(last.badge_ms);
    let near = i64::from(badge_ms) - i64::from(first.badge_ms);
    let drifts = span >= i64::from(DRIFT_SPAN_MS)
        && gained.saturating_abs() <= span * MAX_DRIFT_PPM / 1_000_000;
    if drifts {
        return first.unix_ms + near + gained * near / span;
    }
    if near.abs() < far.abs() { first.unix_ms + near } else { last.unix_ms + far }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(badge_ms: u32, unix_ms: i64) -> ClockPair {
        ClockPair { badge_ms, unix_ms }
    }

    #[test]
    fn one_pair_gives_the_offset() {
        let only = pair(5_000, 1_000_000);
        assert_eq!(wall_clock(only, only, 0), 995_000);
        assert_eq!(wall_clock(only, only, 65_000), 1_060_000);
    }

    #[test]
    fn drift_is_taken_out_before_between_and_after() {
        // A badge that runs 100 ppm slow over an hour.
        let (first, last) = (pair(0, 0), pair(3_600_000, 3_600_360));
        assert_eq!(wall_clock(first, last, 1_800_000), 1_800_180);
        assert_eq!(wall_clock(first, last, 7_200_000), 7_200_720);
    }

    #[test]
    fn a_wall_clock_that_was_set_is_no_drift() {
        let (first, last) = (pair(0, 0), pair(3_600_000, 7_200_000));
        assert_eq!(wall_clock(first, last, 100_000), 100_000);
        assert_eq!(wall_clock(first, last, 3_500_000), 7_100_000);
    }
}
