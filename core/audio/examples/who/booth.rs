use std::f32::consts::{PI, TAU};

use confee_audio::array::Axis;
use confee_domain::Speaker;
use fastrand::Rng;
use realfft::RealFftPlanner;

use super::Heard;
use super::talk::Talk;

pub(crate) type Pair = [Vec<f32>; 2];
type Place = [f32; 3];

pub(crate) const SPACING_M: f32 = 0.04;
const RATE: f32 = 16_000.0;
const SPEED_M_S: f32 = 343.0;
const BADGE_M: f32 = 1.3;
/// Level of the wearer, and of the microphones' own noise, relative to full scale.
const WEARER: f32 = 0.04;
const SELF_NOISE: f32 = 0.04 * 0.007;
/// Spread of the loudness of one voice's turns in dB.
const LIVELY_DB: f32 = 2.5;
/// Talkers of the crowd.
const CROWD: usize = 8;
/// Half the length of a fractional delay.
const REACH: i32 = 8;

/// A shoebox room with a badge in it.
pub(crate) struct Booth {
    seed: u64,
    size: Place,
    rt60_s: f32,
    mics: [Place; 2],
    badge: Place,
    yaw: f32,
}

impl Booth {
    /// Even seeds are damped booths, odd ones halls.
    pub(crate) fn new(seed: u64, axis: Axis) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut between = |low: f32, high: f32| low + (high - low) * rng.f32();
        let (size, rt60_s) = if seed.is_multiple_of(2) {
            ([between(5.0, 6.5), between(4.5, 5.5), between(2.6, 3.0)], between(0.15, 0.3))
        } else {
            ([between(14.0, 18.0), between(12.0, 15.0), between(3.5, 4.5)], between(0.5, 0.8))
        };
        let badge = [size[0] * between(0.42, 0.58), size[1] * between(0.42, 0.58), BADGE_M];
        let yaw = between(0.0, TAU);
        let half = 0.5 * SPACING_M;
        let offset = match axis {
            Axis::Vertical => [0.0, 0.0, half],
            Axis::Horizontal => [-half * yaw.sin(), half * yaw.cos(), 0.0],
        };
        let mics = [1.0, -1.0].map(|side| std::array::from_fn(|i| badge[i] + side * offset[i]));
        Self { seed, size, rt60_s, mics, badge, yaw }
    }

    /// The talk with its wearer, visitor and a crowd of other talks' voices.
    pub(crate) fn talk(&self, talk: &Talk, talks: &[Talk], number: usize) -> Heard {
        let (mut rng, mut turns) = (Rng::with_seed(self.seed ^ 0x5eed), Rng::with_seed(self.seed));
        let mut between = |low: f32, high: f32| low + (high - low) * rng.f32();
        let mouth = self.place(0.0, between(0.04, 0.08), BADGE_M + between(0.19, 0.23));
        let visitor = self.place(between(-0.35, 0.35), between(0.8, 1.5), between(1.5, 1.7));
        let dull_db = between(-8.0, -3.0);
        let own = shelf(&only(talk, Speaker::Rep, &mut turns), dull_db);
        let mut babble = [Vec::new(), Vec::new()];
        for n in 0..CROWD {
            let turn = TAU * (n as f32 + between(0.0, 1.0)) / CROWD as f32;
            let spot = self.place(turn, between(2.0, 6.0), between(1.4, 1.7));
            let other = &talks[(number + 1 + n) % talks.len()].channels[0];
            let shift = (between(0.1, 0.9) * other.len() as f32) as usize;
            let length = talk.channels[0].len();
            let voice: Vec<f32> = other.iter().cycle().skip(shift).take(length).copied().collect();
            add(&mut babble, &self.hear(&voice, spot));
        }
        Heard {
            wearer: self.hear(&own, mouth),
            visitor: self.hear(&only(talk, Speaker::Prospect, &mut turns), visitor),
            babble,
        }
    }

    fn place(&self, turn: f32, ahead: f32, height: f32) -> Place {
        let (sin, cos) = (self.yaw + turn).sin_cos();
        let spot = [self.badge[0] + ahead * cos, self.badge[1] + ahead * sin, height];
        std::array::from_fn(|i| spot[i].clamp(0.2, self.size[i] - 0.2))
    }

    fn hear(&self, sound: &[f32], from: Place) -> Pair {
        self.mics.map(|mic| convolve(sound, &self.response(from, mic)))
    }

    /// Image sources (Allen and Berkley, JASA 65(4), 1979), absorption by Eyring.
    fn response(&self, from: Place, mic: Place) -> Vec<f32> {
        let [x, y, z] = self.size;
        let surface = 2.0 * (x * y + y * z + z * x);
        let reflection = (-0.5 * 0.161 * x * y * z / (surface * self.rt60_s)).exp();
        let length = (self.rt60_s * RATE) as usize;
        let far = self.rt60_s * SPEED_M_S;
        let mut taps = vec![0.0; length + 2 * REACH as usize];
        let axis = |i: usize| {
            let reach = (far / (2.0 * self.size[i])).ceil() as i32 + 1;
            let image = move |n: i32, flip: bool| {
                let own = if flip { -from[i] } else { from[i] };
                let place = own + 2.0 * n as f32 * self.size[i] - mic[i];
                (place, if flip { (n - 1).abs() + n.abs() } else { 2 * n.abs() })
            };
            (-reach..=reach)
                .flat_map(move |n| [image(n, false), image(n, true)])
                .collect::<Vec<_>>()
        };
        let [across, along, up] = [axis(0), axis(1), axis(2)];
        for (dx, nx) in across {
            for (dy, ny) in &along {
                for (dz, nz) in &up {
                    let distance = (dx * dx + dy * dy + dz * dz).sqrt();
                    if distance < far {
                        let level = reflection.powi(nx + ny + nz) / distance;
                        tap(&mut taps, distance / SPEED_M_S * RATE, level);
                    }
                }
            }
        }
        taps
    }
}

fn tap(taps: &mut [f32], delay: f32, level: f32) {
    let whole = delay.floor() as i32;
    for n in 1 - REACH..=REACH {
        let t = n as f32 - (delay - whole as f32);
        let sinc = if t.abs() < 1e-6 { 1.0 } else { (PI * t).sin() / (PI * t) };
        let window = 0.5 + 0.5 * (PI * t / (REACH as f32 + 1.0)).cos();
        if let Some(to) = usize::try_from(whole + n).ok().and_then(|at| taps.get_mut(at)) {
            *to += level * window * sinc;
        }
    }
}

/// The turns of one speaker, each as loud as it happens to be.
fn only(talk: &Talk, speaker: Speaker, rng: &mut Rng) -> Vec<f32> {
    let sound = &talk.channels[0];
    let mut kept = vec![0.0; sound.len()];
    for turn in talk.turns.iter().filter(|turn| turn.speaker == speaker) {
        let range = turn.start.min(sound.len())..turn.end.min(sound.len());
        // The sum of four evenly spread numbers has a spread of 1 / sqrt(3).
        let normal = 3_f32.sqrt() * ((0..4).map(|_| rng.f32()).sum::<f32>() - 2.0);
        let gain = 10_f32.powf(LIVELY_DB * normal / 20.0);
        kept[range.clone()].iter_mut().zip(&sound[range]).for_each(|(to, from)| *to = gain * from);
    }
    kept
}

/// High shelf at 2.5 kHz (R. Bristow-Johnson's cookbook): what the chest does not hear.
fn shelf(sound: &[f32], gain_db: f32) -> Vec<f32> {
    let a = 10_f32.powf(gain_db / 40.0);
    let (sin, cos) = (TAU * 2_500.0 / RATE).sin_cos();
    let slope = a.sqrt() * sin * 2_f32.sqrt();
    let (more, less) = (a + 1.0, a - 1.0);
    let b = [
        a * (more + less * cos + slope),
        -2.0 * a * (less + more * cos),
        a * (more + less * cos - slope),
    ];
    let c = [more - less * cos + slope, 2.0 * (less - more * cos), more - less * cos - slope];
    let (mut x, mut y) = ([0.0; 2], [0.0; 2]);
    let step = |now: &f32| {
        let out = (b[0] * now + b[1] * x[0] + b[2] * x[1] - c[1] * y[0] - c[2] * y[1]) / c[0];
        (x, y) = ([*now, x[0]], [out, y[0]]);
        out
    };
    sound.iter().map(step).collect()
}

fn convolve(sound: &[f32], taps: &[f32]) -> Vec<f32> {
    const LENGTH: usize = 1 << 16;
    let mut planner = RealFftPlanner::<f32>::new();
    let (forward, inverse) = (planner.plan_fft_forward(LENGTH), planner.plan_fft_inverse(LENGTH));
    let spectrum = |part: &[f32]| {
        let (mut time, mut bins) = (forward.make_input_vec(), forward.make_output_vec());
        time[..part.len()].copy_from_slice(part);
        forward.process(&mut time, &mut bins).map(|()| bins).unwrap_or_default()
    };
    let filter = spectrum(taps);
    let step = LENGTH - taps.len();
    let mut out = vec![0.0; sound.len() + LENGTH];
    for (n, part) in sound.chunks(step).enumerate() {
        let mut bins = spectrum(part);
        bins.iter_mut().zip(&filter).for_each(|(x, h)| *x *= h);
        (bins[0].im, bins[LENGTH / 2].im) = (0.0, 0.0);
        let mut time = inverse.make_output_vec();
        if inverse.process(&mut bins, &mut time).is_ok() {
            let to = &mut out[n * step..n * step + LENGTH];
            to.iter_mut().zip(&time).for_each(|(y, x)| *y += x / LENGTH as f32);
        }
    }
    out.truncate(sound.len());
    out
}

fn add(to: &mut Pair, from: &Pair) {
    for (to, from) in to.iter_mut().zip(from) {
        to.resize(from.len(), 0.0);
        to.iter_mut().zip(from).for_each(|(a, b)| *a += b);
    }
}

/// Level while there is sound.
fn level(sound: &[f32]) -> f32 {
    let powers: Vec<f32> =
        sound.chunks(256).map(|c| c.iter().map(|x| x * x).sum::<f32>() / c.len() as f32).collect();
    let loudest = powers.iter().copied().fold(0.0, f32::max);
    let kept: Vec<f32> = powers.into_iter().filter(|p| *p > 1e-3 * loudest).collect();
    (kept.iter().sum::<f32>() / kept.len().max(1) as f32).sqrt().max(1e-9)
}

pub(crate) fn mix(
    heard: &Heard,
    louder_db: f32,
    babble_db: Option<f32>,
    alone: Option<Speaker>,
) -> Vec<Vec<f32>> {
    let own = WEARER / level(&heard.wearer[0]);
    let visitor_level = WEARER * 10_f32.powf(-louder_db / 20.0);
    let visitor = visitor_level / level(&heard.visitor[0]);
    let heard_of = |who, gain| if alone.is_none_or(|only| only == who) { gain } else { 0.0 };
    let (own, visitor) = (heard_of(Speaker::Rep, own), heard_of(Speaker::Prospect, visitor));
    let babble = babble_db
        .map_or(0.0, |db| visitor_level * 10_f32.powf(-db / 20.0) / level(&heard.babble[0]));
    let mut rng = Rng::with_seed(99);
    let sound = |mic: usize| {
        let noise = SELF_NOISE * 3_f32.sqrt();
        let parts = heard.wearer[mic].iter().zip(&heard.visitor[mic]).zip(&heard.babble[mic]);
        let mut sum: Vec<f32> =
            parts.map(|((w, v), b)| own * w + visitor * v + babble * b).collect();
        sum.iter_mut().for_each(|x| *x += noise * (2.0 * rng.f32() - 1.0));
        sum
    };
    [0, 1].map(sound).to_vec()
}
