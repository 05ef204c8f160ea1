/// Lowest level that is told apart, dBFS; digital silence counts as this.
pub(super) const FLOOR_DB: f32 = -100.0;
const STEP_DB: f32 = 0.5;
/// Up to +3 dBFS.
const BINS: usize = 206;

/// How often each level occurred, in steps of half a decibel: percentiles and means of hours in
/// constant memory.
#[derive(Debug, Clone)]
pub(super) struct LevelHistogram {
    bins: [u32; BINS],
    total: u32,
}

impl Default for LevelHistogram {
    fn default() -> Self {
        Self { bins: [0; BINS], total: 0 }
    }
}

impl LevelHistogram {
    /// Counts one level; levels outside the range count at its ends.
    pub(super) fn add(&mut self, level_db: f32) {
        let place = ((level_db - FLOOR_DB) / STEP_DB).floor();
        // The cast saturates and turns NaN into 0.
        let index = (place as usize).min(BINS - 1);
        if let Some(bin) = self.bins.get_mut(index) {
            *bin = bin.saturating_add(1);
            self.total = self.total.saturating_add(1);
        }
    }

    /// How many were counted.
    pub(super) fn len(&self) -> u32 {
        self.total
    }

    /// The level below which `share` (0 to 1) of all lie, interpolated within a step.
    pub(super) fn percentile(&self, share: f32) -> Option<f32> {
        let wanted = f64::from(share) * f64::from(self.total);
        let mut below = 0.0;
        for (index, &count) in self.bins.iter().enumerate().filter(|(_, c)| **c > 0) {
            let count = f64::from(count);
            if below + count >= wanted {
                let part = ((wanted - below) / count) as f32;
                return Some(FLOOR_DB + (index as f32 + part) * STEP_DB);
            }
            below += count;
        }
        None
    }

    /// Mean power of the levels up to `most_db`, relative to full scale.
    pub(super) fn mean_power(&self, most_db: f32) -> Option<f64> {
        let mut count = 0.0;
        let mut sum = 0.0;
        for (index, &bin) in self.bins.iter().enumerate().filter(|(_, c)| **c > 0) {
            let centre = FLOOR_DB + (index as f32 + 0.5) * STEP_DB;
            if centre <= most_db {
                count += f64::from(bin);
                sum += f64::from(bin) * power(centre);
            }
        }
        (count > 0.0).then(|| sum / count)
    }
}

/// Decibels as power.
pub(super) fn power(db: f32) -> f64 {
    10_f64.powf(f64::from(db) / 10.0)
}

/// Power as decibels, not below [`FLOOR_DB`].
pub(super) fn decibel(power: f64) -> f32 {
    (10.0 * power.max(1e-30).log10()).max(f64::from(FLOOR_DB)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_and_means_of_known_levels() {
        let mut levels = LevelHistogram::default();
        assert_eq!(levels.percentile(0.5), None);
        assert_eq!(levels.mean_power(0.0), None);
        (0..100).for_each(|i| levels.add(-80.0 + i as f32 * 0.5));
        assert!((levels.percentile(0.1).unwrap() - -75.0).abs() < 0.1);
        assert!((levels.percentile(0.5).unwrap() - -55.0).abs() < 0.1);
        let quiet = decibel(levels.mean_power(-79.2).unwrap());
        assert!((-79.8..-79.2).contains(&quiet), "{quiet}");
    }

    #[test]
    fn levels_out_of_range_count_at_the_ends() {
        let mut levels = LevelHistogram::default();
        [f32::NAN, f32::NEG_INFINITY, -300.0].into_iter().for_each(|l| levels.add(l));
        assert!(levels.percentile(1.0).unwrap() <= FLOOR_DB + STEP_DB);
        levels.add(f32::INFINITY);
        assert_eq!(levels.len(), 4);
        assert!(levels.percentile(1.0).unwrap() > 2.0);
    }
}
