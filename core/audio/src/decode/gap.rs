/// A badge's clock and its frame numbers may disagree by less than this without meaning anything.
pub(super) const DRIFT_MS: u64 = 40;

/// When the wearer had muted the badge, on the badge's clock.
#[derive(Debug, Default)]
pub(super) struct Mutes(Vec<(u64, u64)>);

impl Mutes {
    pub(super) fn add(&mut self, from_ms: u64, to_ms: u64) {
        match self.0.last_mut() {
            Some(last) if (last.0..=last.1).contains(&from_ms) => last.1 = last.1.max(to_ms),
            _ => self.0.push((from_ms, to_ms)),
        }
    }

    /// Whether the middle of a frame is muted; marks are as exact as [`DRIFT_MS`].
    pub(super) fn cover(&self, start_ms: u64, frame_ms: u64) -> bool {
        let middle = start_ms + frame_ms / 2;
        let covers = |(from, to): &(u64, u64)| {
            (from.saturating_sub(DRIFT_MS)..to + DRIFT_MS).contains(&middle)
        };
        self.0.iter().any(covers)
    }

    pub(super) fn forget_before(&mut self, ms: u64) {
        self.0.retain(|(_, to)| to + DRIFT_MS >= ms);
    }
}

/// Milliseconds that passed without frames and without frame numbers (a mute, a sleeping badge):
/// whole frames, 0 below [`DRIFT_MS`]. Both arguments are from the start of the timeline.
pub(super) fn pause_ms(by_clock: u64, by_number: u64, frame_ms: u64) -> u64 {
    let ahead = by_clock.saturating_sub(by_number);
    if ahead < DRIFT_MS { 0 } else { ahead / frame_ms * frame_ms }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_drift_is_no_pause_and_pauses_are_whole_frames() {
        let table = [(0, 500, 0), (539, 500, 0), (540, 500, 40), (559, 500, 40), (560, 500, 60)];
        for (clock, number, pause) in table {
            assert_eq!(pause_ms(clock, number, 20), pause, "{clock} {number}");
        }
        assert_eq!(pause_ms(559, 500, 10), 50);
    }

    #[test]
    fn mutes_cover_with_tolerance_and_are_forgotten() {
        let mut mutes = Mutes::default();
        mutes.add(1_000, 2_000);
        mutes.add(1_500, 3_000);
        let covered = [900, 940, 960, 2_980, 3_020, 3_040].map(|ms| mutes.cover(ms, 20));
        assert_eq!(covered, [false, false, true, true, true, false]);
        mutes.forget_before(3_041);
        assert!(!mutes.cover(2_000, 20));
    }
}
