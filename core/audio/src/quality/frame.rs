use super::histogram::decibel;
use super::policy::MeterPolicy;
use super::spectrum::Spectrum;

/// Samples a second.
pub(super) const RATE_HZ: u32 = 16_000;
/// Samples of one frame: 20 ms.
pub(super) const FRAME: usize = 320;
/// Milliseconds of one frame.
pub(super) const FRAME_MS: u32 = 20;
/// Levels are measured above this frequency: hum and rumble below it hide no speech.
const LEVEL_FROM_HZ: f64 = 80.0;
/// Frames over which the power is averaged to look for pauses.
const SMOOTH: usize = 5;
/// Frames that half of the lowest low-band power is remembered for: 4 s.
const LULL: u32 = 200;
/// Smallest amplitude that goes into a logarithm.
const TINY: f64 = 1e-7;
/// Factors whose product stays far from underflow, so that one logarithm serves all.
const PRODUCT: usize = 32;

/// What is known of the sound of one piece of PCM.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sound {
    /// The voice detector heard speech.
    pub speech: bool,
    /// Not what the microphone heard: concealed or silence in place of a lost frame.
    pub lost: bool,
    /// The wearer had muted the badge.
    pub muted: bool,
}

/// Levels of a frame of which every sample was heard, dBFS.
#[derive(Debug, Clone, Copy)]
pub(super) struct Levels {
    pub(super) speech: bool,
    pub(super) wind: bool,
    /// Above 80 Hz.
    pub(super) level_db: f32,
    /// The same over the last 100 ms; unset before there are as many.
    pub(super) smooth_db: Option<f32>,
    /// Of the whole window and of its part above 2 kHz.
    pub(super) band_db: f32,
    pub(super) high_db: f32,
    /// Mean of `|x|` and `ln |x|`.
    pub(super) mean_abs: f64,
    pub(super) mean_log: f64,
    /// Mean of the samples as they came.
    pub(super) mean: f32,
}

/// One frame of 20 ms, measured. All counts are samples.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Frame {
    pub(super) muted: u16,
    pub(super) lost: u16,
    pub(super) speech: u16,
    pub(super) clipped: u16,
    pub(super) levels: Option<Levels>,
}

/// Cuts a stream into frames and measures them. Its result does not depend on how the stream is
/// cut into pieces.
pub(super) struct Framer {
    samples: [f32; FRAME],
    filled: usize,
    frame: Frame,
    high_pass: HighPass,
    spectrum: Spectrum,
    /// Length and sign of the run of samples at the limit.
    run: u32,
    run_positive: bool,
    /// Powers of the last frames in turn, and how many follow each other without a hole.
    powers: [f64; SMOOTH],
    whole: u32,
    lulls: Lulls,
}

impl Framer {
    pub(super) fn new(policy: &MeterPolicy) -> Self {
        Self {
            samples: [0.0; FRAME],
            filled: 0,
            frame: Frame::default(),
            high_pass: HighPass::new(),
            spectrum: Spectrum::new(policy.wind_deep_hz, policy.wind_below_hz),
            run: 0,
            run_positive: false,
            powers: [0.0; SMOOTH],
            whole: 0,
            lulls: Lulls::default(),
        }
    }

    /// Takes one sample; a frame where it completes one. What is no number counts as lost.
    pub(super) fn push(&mut self, raw: f32, sound: Sound, policy: &MeterPolicy) -> Option<Frame> {
        let lost = sound.lost || !raw.is_finite();
        let sample = if raw.is_finite() { raw.clamp(-1.0, 1.0) } else { 0.0 };
        if sound.muted {
            self.frame.muted += 1;
        } else if lost {
            self.frame.lost += 1;
        } else {
            self.frame.speech += u16::from(sound.speech);
        }
        let heard = !(sound.muted || lost);
        self.frame.clipped += self.clipped(if heard { sample } else { 0.0 }, policy);
        if let Some(place) = self.samples.get_mut(self.filled) {
            *place = sample;
        }
        self.filled += 1;
        (self.filled == FRAME).then(|| self.complete(policy))
    }

    /// How many samples at the limit this one makes known.
    fn clipped(&mut self, sample: f32, policy: &MeterPolicy) -> u16 {
        if sample.abs() < policy.clip_level {
            self.run = 0;
            return 0;
        }
        let positive = sample > 0.0;
        self.run = if positive == self.run_positive { self.run.saturating_add(1) } else { 1 };
        self.run_positive = positive;
        match self.run.cmp(&policy.clip_run) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => policy.clip_run as u16,
            std::cmp::Ordering::Greater => 1,
        }
    }

    fn complete(&mut self, policy: &MeterPolicy) -> Frame {
        let mut frame = std::mem::take(&mut self.frame);
        self.filled = 0;
        let heard = frame.muted == 0 && frame.lost == 0;
        let samples = self.samples;
        let bands = self.spectrum.bands(&samples);
        let amplitudes = self.high_pass.measure(&samples);
        if !heard {
            self.whole = 0;
            return frame;
        }
        self.whole = self.whole.saturating_add(1);
        let smooth_db = self.smooth(amplitudes.power);
        // The window reaches into the frame before.
        let wind = self.whole > 1 && self.lulls.wind(bands, policy);
        frame.levels = Some(Levels {
            speech: usize::from(frame.speech) * 2 >= FRAME,
            wind,
            level_db: decibel(amplitudes.power),
            smooth_db,
            band_db: decibel(f64::from(bands.all)),
            high_db: decibel(f64::from(bands.high)),
            mean_abs: amplitudes.mean_abs,
            mean_log: amplitudes.mean_log,
            mean: samples.iter().sum::<f32>() / FRAME as f32,
        });
        frame
    }

    fn smooth(&mut self, power: f64) -> Option<f32> {
        let place = self.whole as usize % SMOOTH;
        if let Some(old) = self.powers.get_mut(place) {
            *old = power;
        }
        let mean = self.powers.iter().sum::<f64>() / SMOOTH as f64;
        (self.whole as usize >= SMOOTH).then(|| decibel(mean))
    }
}

/// Remembers how quiet the low band was in the last seconds, to tell bursts from rumble.
#[derive(Default)]
struct Lulls {
    smooth: f32,
    lowest: Option<f32>,
    lowest_before: Option<f32>,
    age: u32,
}

impl Lulls {
    fn wind(&mut self, bands: super::spectrum::Bands, policy: &MeterPolicy) -> bool {
        const SHARE: f32 = 0.25;
        self.smooth = if self.age == 0 && self.lowest.is_none() {
            bands.low
        } else {
            self.smooth + SHARE * (bands.low - self.smooth)
        };
        self.lowest = Some(self.lowest.map_or(self.smooth, |l| l.min(self.smooth)));
        self.age += 1;
        if self.age >= LULL {
            self.lowest_before = self.lowest.replace(self.smooth);
            self.age = 0;
        }
        let lowest = self.lowest.into_iter().chain(self.lowest_before).fold(f32::MAX, f32::min);
        let low_db = decibel(f64::from(bands.low));
        low_db >= policy.wind_dbfs
            && bands.low >= policy.wind_low_share * bands.all
            && bands.deep >= policy.wind_deep_share * bands.low
            && low_db - decibel(f64::from(lowest)) >= policy.wind_burst_db
    }
}

/// What one frame's filtered samples add up to.
struct Amplitudes {
    power: f64,
    mean_abs: f64,
    mean_log: f64,
}

/// Butterworth high-pass of second order; removes what a microphone adds of its own.
struct HighPass {
    b: [f64; 3],
    a: [f64; 2],
    state: [f64; 2],
}

impl HighPass {
    /// Bilinear transform of the analogue prototype.
    fn new() -> Self {
        let k = (std::f64::consts::PI * LEVEL_FROM_HZ / f64::from(RATE_HZ)).tan();
        let norm = 1.0 / (1.0 + std::f64::consts::SQRT_2 * k + k * k);
        Self {
            b: [norm, -2.0 * norm, norm],
            a: [2.0 * (k * k - 1.0) * norm, (1.0 - std::f64::consts::SQRT_2 * k + k * k) * norm],
            state: [0.0; 2],
        }
    }

    fn filter(&mut self, x: f64) -> f64 {
        let [b0, b1, b2] = self.b;
        let [a1, a2] = self.a;
        let [s1, s2] = self.state;
        let y = b0 * x + s1;
        self.state = [b1 * x - a1 * y + s2, b2 * x - a2 * y];
        y
    }

    fn measure(&mut self, samples: &[f32; FRAME]) -> Amplitudes {
        let (mut squares, mut abs, mut log) = (0.0, 0.0, 0.0);
        for group in samples.chunks(PRODUCT) {
            let mut product = 1.0;
            for sample in group {
                let y = self.filter(f64::from(*sample));
                squares += y * y;
                abs += y.abs();
                product *= y.abs().max(TINY);
            }
            log += f64::ln(product);
        }
        let n = FRAME as f64;
        Amplitudes { power: squares / n, mean_abs: abs / n, mean_log: log / n }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(samples: impl Iterator<Item = f32>) -> Vec<Frame> {
        let policy = MeterPolicy::default();
        let mut framer = Framer::new(&policy);
        samples.filter_map(|s| framer.push(s, Sound::default(), &policy)).collect()
    }

    #[test]
    fn only_runs_of_one_sign_are_clipped() {
        let policy = MeterPolicy::default();
        for (pattern, expected) in [
            (&[1.0, 0.0][..], 0),
            (&[1.0, 1.0, 0.0, 0.0][..], 0),
            (&[1.0, -1.0][..], 0),
            (&[1.0, 1.0, 1.0, 0.0][..], 240),
            (&[-1.0, -1.0, -1.0, -1.0, 0.5][..], 256),
            (&[0.98, 0.98, 0.98, 0.98][..], 0),
        ] {
            let found = frames(pattern.iter().copied().cycle().take(FRAME));
            assert_eq!(found[0].clipped, expected, "{pattern:?} {}", policy.clip_level);
        }
    }

    #[test]
    fn a_constant_offset_has_no_level_of_its_own() {
        let found = frames(std::iter::repeat_n(0.25, 20 * FRAME));
        let levels = found[19].levels.unwrap();
        assert!(levels.level_db < -90.0, "{}", levels.level_db);
        assert!((levels.mean - 0.25).abs() < 1e-4);
    }

    #[test]
    fn the_level_is_that_of_the_samples() {
        let sine = (0..20 * FRAME).map(|i| 0.1 * (i as f32 * 0.4).sin());
        let levels = frames(sine).last().unwrap().levels.unwrap();
        assert!((levels.level_db - -23.0).abs() < 0.2, "{}", levels.level_db);
        assert!((levels.smooth_db.unwrap() - -23.0).abs() < 0.2);
    }
}
