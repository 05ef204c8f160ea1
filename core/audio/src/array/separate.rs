use realfft::num_complex::Complex32;

use crate::array::geometry::Steering;
use crate::array::stft::BINS;

/// Share of the past in the covariances: a memory of about one second.
const KEEP: f32 = 0.985;
/// Weight of the known direction against what was heard, for the output that blocks the target.
const DIRECTION: f32 = 0.1;
/// Diagonal loading, as share of the mean power.
const LOAD: f32 = 0.001;
/// Power below which all frames weigh the same.
const FLOOR: f32 = 1e-7;
/// Keeps matrices of pure silence invertible.
const SILENCE: f32 = 1e-9;

type Pair = [Complex32; 2];

/// A 2 x 2 Hermitian matrix.
#[derive(Debug, Clone, Copy)]
struct Hermitian {
    first: f32,
    second: f32,
    cross: Complex32,
}

impl Hermitian {
    const ZERO: Self = Self { first: 0.0, second: 0.0, cross: Complex32::new(0.0, 0.0) };

    fn fade(&mut self, keep: f32, weight: f32, x: Pair) {
        self.first = keep * self.first + weight * x[0].norm_sqr();
        self.second = keep * self.second + weight * x[1].norm_sqr();
        self.cross = self.cross * keep + x[0] * x[1].conj() * weight;
    }

    fn loaded(mut self) -> Self {
        let load = LOAD * self.power() + SILENCE;
        self.first += load;
        self.second += load;
        self
    }

    fn power(&self) -> f32 {
        0.5 * (self.first + self.second)
    }

    /// The solution of `self * w = u` with length 1; none where there is no direction in it.
    fn solve(&self, u: Pair) -> Option<Pair> {
        let w =
            [u[0] * self.second - self.cross * u[1], u[1] * self.first - self.cross.conj() * u[0]];
        let size = (w[0].norm_sqr() + w[1].norm_sqr()).sqrt();
        (size.is_finite() && size > 1e-15).then(|| w.map(|c| c / size))
    }
}

/// A pair with no part in the direction of another: `across(w)` is blind to what `w` hears.
fn across(w: Pair) -> Pair {
    [w[1].conj(), -w[0].conj()]
}

fn dot(w: Pair, x: Pair) -> Complex32 {
    w[0].conj() * x[0] + w[1].conj() * x[1]
}

/// One frequency.
#[derive(Debug, Clone, Copy)]
struct Bin {
    /// Covariance weighted to frames in which the target is faint.
    without_target: Hermitian,
    /// Covariance weighted to frames in which the rest is faint.
    without_rest: Hermitian,
    /// Filter towards the target.
    beam: Pair,
    /// Filter that blocks the target.
    block: Pair,
    /// What the target sounds like in both microphones, from the geometry.
    steer: Pair,
}

impl Bin {
    fn new(steer: Pair) -> Self {
        Self {
            without_target: Hermitian::ZERO,
            without_rest: Hermitian::ZERO,
            beam: steer,
            block: across(steer),
            steer,
        }
    }

    fn learn(&mut self, keep: f32, weights: [f32; 2], x: Pair) {
        let [target, rest] = weights.map(|w| (1.0 - keep) * w);
        self.without_target.fade(keep, target, x);
        self.without_rest.fade(keep, rest, x);
        let mut held = self.without_rest.loaded();
        held.fade(1.0, DIRECTION * self.without_rest.power(), self.steer);
        self.block = held.solve(across(self.beam)).unwrap_or(self.block);
        let held = self.without_target.loaded();
        self.beam = held.solve(across(self.block)).unwrap_or(self.beam);
    }

    /// The target's part of `x[microphone]`.
    fn image(&self, x: Pair, microphone: usize) -> Complex32 {
        let heard = across(self.block);
        let gain = dot(self.beam, heard);
        if gain.norm_sqr() > 1e-12 {
            heard[microphone] * dot(self.beam, x) / gain
        } else {
            x[microphone]
        }
    }
}

/// Splits the sound of two microphones into a target and the rest.
///
/// Both filters adapt without knowing when who speaks: online independent vector analysis with
/// auxiliary functions (Taniguchi et al., HSCMA 2014), where the direction of the target holds the
/// blocking filter by a soft null (Li, Girin, Koishida 2020: geometrically constrained IVA). The
/// null of the blocking filter is the relative transfer function of the target in this very room,
/// and the beam is the distortionless filter of least power for it, over frames weighted by how
/// faint the target is (MLDR; Cho, Kim, Park 2019).
pub(crate) struct Separator {
    bins: Vec<Bin>,
    frames: u32,
}

impl Separator {
    pub(crate) fn new(steering: Steering) -> Self {
        let mut made = Self { bins: Vec::with_capacity(BINS), frames: 0 };
        made.steer(steering);
        made
    }

    /// Begins anew with another target.
    pub(crate) fn steer(&mut self, steering: Steering) {
        self.frames = 0;
        self.bins.clear();
        let one = Complex32::new(1.0, 0.0);
        self.bins.extend((0..BINS).map(|f| Bin::new([one, steering.transfer(f)])));
    }

    /// Learns from a frame.
    pub(crate) fn learn(&mut self, spectra: [&[Complex32]; 2], scratch: &mut [Complex32]) {
        self.image(spectra, 0, scratch);
        let (mut target, mut rest) = (0.0, 0.0);
        for (image, x) in scratch.iter().zip(spectra[0]) {
            target += image.norm_sqr();
            rest += (x - image).norm_sqr();
        }
        let weights = [target, rest].map(|power| (power / BINS as f32 + FLOOR).sqrt().recip());
        self.frames = self.frames.saturating_add(1);
        let keep = KEEP.min(self.frames as f32 / (self.frames as f32 + 2.0));
        for ((bin, &a), &b) in self.bins.iter_mut().zip(spectra[0]).zip(spectra[1]) {
            bin.learn(keep, weights, [a, b]);
        }
    }

    /// Writes the target's part of a microphone's spectrum.
    pub(crate) fn image(
        &self,
        spectra: [&[Complex32]; 2],
        microphone: usize,
        out: &mut [Complex32],
    ) {
        let pairs = spectra[0].iter().zip(spectra[1]);
        for ((out, bin), (&a, &b)) in out.iter_mut().zip(&self.bins).zip(pairs) {
            *out = bin.image([a, b], microphone);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_across_a_source_is_blind_to_it() {
        let source = [Complex32::new(1.0, 0.2), Complex32::new(-0.3, 0.9)];
        assert!(dot(across(source), source).norm() < 1e-6);
    }

    #[test]
    fn a_solution_solves() {
        let mut matrix = Hermitian::ZERO;
        matrix.fade(0.0, 1.0, [Complex32::new(1.0, 2.0), Complex32::new(0.5, -1.0)]);
        matrix.fade(1.0, 2.0, [Complex32::new(-0.4, 0.1), Complex32::new(2.0, 0.3)]);
        let u = [Complex32::new(0.3, 0.4), Complex32::new(-1.0, 0.2)];
        let w = matrix.solve(u).unwrap();
        let back = [
            w[0] * matrix.first + matrix.cross * w[1],
            matrix.cross.conj() * w[0] + w[1] * matrix.second,
        ];
        let ratio = [back[0] / u[0], back[1] / u[1]];
        assert!((ratio[0] - ratio[1]).norm() < 1e-4 && ratio[0].re > 0.0);
        assert!(Hermitian::ZERO.solve(u).is_none());
    }
}
