use super::feature::SIZE;

type Row = [f64; SIZE];

/// Sums for a mean and a covariance.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    pub(super) weight: f64,
    first: Row,
    second: [Row; SIZE],
}

impl Sums {
    pub(super) const fn new() -> Self {
        Self { weight: 0.0, first: [0.0; SIZE], second: [[0.0; SIZE]; SIZE] }
    }

    pub(super) fn add(&mut self, x: &[f32; SIZE], weight: f32) {
        let (x, weight) = (x.map(f64::from), f64::from(weight));
        self.weight += weight;
        for i in 0..SIZE {
            self.first[i] += weight * x[i];
            for j in 0..=i {
                self.second[i][j] += weight * x[i] * x[j];
            }
        }
    }

    pub(super) fn mean(&self) -> Row {
        self.first.map(|sum| sum / self.weight.max(1e-9))
    }

    /// Lower half of the covariance times the weight.
    pub(super) fn scatter(&self) -> [Row; SIZE] {
        let mean = self.mean();
        std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                if j > i { 0.0 } else { self.second[i][j] - self.weight * mean[i] * mean[j] }
            })
        })
    }
}

/// A normal distribution with a full covariance.
#[derive(Debug, Clone)]
pub(super) struct Gauss {
    mean: Row,
    /// Cholesky factor of the covariance.
    root: [Row; SIZE],
    log_scale: f64,
}

impl Gauss {
    /// Of a mean and the lower half of a covariance.
    pub(super) fn new(mean: Row, covariance: &[Row; SIZE]) -> Self {
        let mut root = [[0.0; SIZE]; SIZE];
        let mut log_scale = 0.0;
        for i in 0..SIZE {
            for j in 0..=i {
                let dot: f64 = (0..j).map(|k| root[i][k] * root[j][k]).sum();
                let rest = covariance[i][j] - dot;
                root[i][j] = if i == j { rest.max(1e-3).sqrt() } else { rest / root[j][j] };
            }
            log_scale -= root[i][i].ln();
        }
        Self { mean, root, log_scale }
    }

    /// Logarithm of the density, less a constant.
    pub(super) fn log(&self, x: &[f32; SIZE]) -> f32 {
        let (mut z, mut sum) = ([0.0; SIZE], 0.0);
        for i in 0..SIZE {
            let dot: f64 = (0..i).map(|k| self.root[i][k] * z[k]).sum();
            z[i] = (f64::from(x[i]) - self.mean[i] - dot) / self.root[i][i];
            sum += z[i] * z[i];
        }
        (self.log_scale - 0.5 * sum) as f32
    }
}

/// A normal distribution of one number.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line {
    pub(super) weight: f32,
    pub(super) mean: f32,
    pub(super) variance: f32,
}

impl Line {
    /// Of weighted numbers; the variance is at least `least`.
    pub(super) fn of(numbers: impl Iterator<Item = (f32, f32)> + Clone, least: f32) -> Self {
        let weight: f32 = numbers.clone().map(|(_, w)| w).sum();
        let share = 1.0 / weight.max(1e-6);
        let mean = share * numbers.clone().map(|(x, w)| w * x).sum::<f32>();
        let variance = share * numbers.map(|(x, w)| w * (x - mean).powi(2)).sum::<f32>();
        Self { weight, mean, variance: variance.max(least) }
    }

    /// Logarithm of the density, less a constant.
    pub(super) fn log(&self, x: f32) -> f32 {
        -0.5 * ((x - self.mean).powi(2) / self.variance + self.variance.ln())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_density_falls_with_the_distance_in_its_own_spread() {
        let mut rng = fastrand::Rng::with_seed(1);
        let mut sums = Sums::new();
        let draw = |rng: &mut fastrand::Rng| -> [f32; SIZE] {
            let shared = rng.f32() - 0.5;
            std::array::from_fn(|i| 10.0 * shared + (rng.f32() - 0.5) + i as f32)
        };
        (0..2_000).for_each(|_| sums.add(&draw(&mut rng), 0.5));
        let covariance = sums.scatter().map(|row| row.map(|x| x / sums.weight));
        let gauss = Gauss::new(sums.mean(), &covariance);
        let middle = sums.mean().map(|x| x as f32);
        let along = middle.map(|x| x + 2.0);
        let mut across = middle;
        across[0] += 2.0;
        assert!(gauss.log(&middle) > gauss.log(&along));
        assert!(gauss.log(&along) > gauss.log(&across) + 5.0, "correlated numbers move together");
    }
}
