use realfft::num_complex::Complex32;

use crate::array::geometry::ArrayGeometry;
use crate::array::stft::{BINS, HOP, Stft, WINDOW};

/// Where sound comes from, as far as two microphones can tell.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Direction {
    /// Samples that microphone 1 hears it later than microphone 0; below 0 where it is earlier.
    pub delay_samples: f32,
    /// Angle from straight ahead, -90 to 90 degrees; positive towards microphone 0 (up, or left of
    /// the wearer).
    pub angle_deg: f32,
    /// How well the sound agrees with one direction, 0 to 1: about 0.2 and less for noise from
    /// everywhere, above 0.6 for a near voice.
    pub strength: f32,
}

/// Direction of arrival by generalised cross-correlation with phase transform (Knapp and Carter,
/// IEEE Trans. ASSP 24(4), 1976), streaming, one direction every 16 ms.
///
/// The correlation is read at every eighth of a sample within the delays that the spacing allows
/// (the values a zero-padded inverse transform would give), and a parabola through the highest
/// three finds the peak between them.
pub struct GccPhat {
    bank: Stft,
    correlator: Correlator,
}

impl GccPhat {
    /// Samples between two directions.
    pub const HOP: usize = HOP;

    /// For a pair of microphones.
    #[must_use]
    pub fn new(geometry: ArrayGeometry) -> Self {
        Self { bank: Stft::new(), correlator: Correlator::new(geometry) }
    }

    /// Takes samples of both microphones, any number, equally many (what one has more is ignored);
    /// calls `found` for every finished hop.
    pub fn process(&mut self, mut mics: [&[f32]; 2], mut found: impl FnMut(Direction)) {
        loop {
            let (taken, ready) = self.bank.take(mics);
            if ready {
                let [first, second] = &self.bank.spectra;
                found(self.correlator.update(first, second));
            }
            if taken == 0 {
                return;
            }
            mics = mics.map(|mic| &mic[taken..]);
        }
    }
}

/// Bins of 200 Hz to 6 kHz: below, the phase says nothing; above, there is little voice.
const FIRST: usize = 200 * WINDOW / 16_000;
const LAST: usize = 6_000 * WINDOW / 16_000;
const STEPS_PER_SAMPLE: f32 = 8.0;
/// Share of the past in the averaged cross-spectrum: some 50 ms.
const MEMORY: f32 = 0.7;

/// The correlation itself, on spectra of the filter bank.
pub(crate) struct Correlator {
    geometry: ArrayGeometry,
    cross: Vec<Complex32>,
    unit: Vec<Complex32>,
    /// One row of phase factors for every delay that is tried.
    turns: Vec<Complex32>,
    delays: Vec<f32>,
    peaks: Vec<f32>,
}

impl Correlator {
    pub(crate) fn new(geometry: ArrayGeometry) -> Self {
        let widest = geometry.max_delay();
        let steps = 2 * (widest * STEPS_PER_SAMPLE).ceil() as usize + 1;
        let step = 2.0 * widest / (steps - 1) as f32;
        let delays: Vec<f32> = (0..steps).map(|n| n as f32 * step - widest).collect();
        let turn = |delay: f32, bin: usize| {
            let angle = std::f32::consts::TAU * bin as f32 / WINDOW as f32 * delay;
            Complex32::from_polar(1.0, -angle)
        };
        let turns = delays.iter().flat_map(|&d| (FIRST..LAST).map(move |bin| turn(d, bin)));
        Self {
            geometry,
            cross: vec![Complex32::default(); LAST - FIRST],
            unit: vec![Complex32::default(); LAST - FIRST],
            turns: turns.collect(),
            peaks: vec![0.0; delays.len()],
            delays,
        }
    }

    pub(crate) fn update(&mut self, first: &[Complex32], second: &[Complex32]) -> Direction {
        debug_assert!(first.len() == BINS && second.len() == BINS);
        let pairs = first[FIRST..LAST].iter().zip(&second[FIRST..LAST]);
        for ((cross, unit), (a, b)) in self.cross.iter_mut().zip(&mut self.unit).zip(pairs) {
            *cross = *cross * MEMORY + a * b.conj() * (1.0 - MEMORY);
            let size = cross.norm();
            *unit = if size > 1e-20 { *cross / size } else { Complex32::default() };
        }
        let rows = self.turns.chunks_exact(LAST - FIRST);
        for (peak, row) in self.peaks.iter_mut().zip(rows) {
            let sum: f32 = self.unit.iter().zip(row).map(|(u, t)| u.re * t.re - u.im * t.im).sum();
            *peak = sum / (LAST - FIRST) as f32;
        }
        self.highest()
    }

    fn highest(&self) -> Direction {
        let best = (0..self.peaks.len()).max_by(|&a, &b| self.peaks[a].total_cmp(&self.peaks[b]));
        let Some(best) = best else { return Direction::default() };
        let top = self.peaks[best];
        let mut delay = self.delays[best];
        if best > 0 && best + 1 < self.peaks.len() {
            let (left, right) = (self.peaks[best - 1], self.peaks[best + 1]);
            let bend = left - 2.0 * top + right;
            if bend < -1e-9 {
                delay += 0.5 * (left - right) / bend * (self.delays[1] - self.delays[0]);
            }
        }
        Direction {
            delay_samples: delay,
            angle_deg: self.geometry.angle_of(delay),
            strength: top.clamp(0.0, 1.0),
        }
    }
}
