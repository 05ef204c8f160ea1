//! The booth: wearer, visitor and a hall full of other talks, as one or two microphones on the
//! wearer's chest hear them.

use std::f32::consts::TAU;

use confee_audio::array::Axis;
use confee_domain::Speaker;
use fastrand::Rng;
use serde::Serialize;

use crate::RATE;
use crate::convolve::Convolver;
use crate::level::{active_power, from_db, gain, power};
use crate::room::{Place, Room};
use crate::talk::Talk;

/// Metres between the microphones of a pair.
pub const SPACING_M: f32 = 0.04;
/// The badge on the chest of a standing person.
const BADGE_HEIGHT_M: f32 = 1.30;
/// From the badge to the wearer's mouth: ahead and up, 22 cm in all.
const MOUTH_M: (f32, f32) = (0.06, 0.21);
/// The visitor, as tall as the wearer.
const VISITOR_M: (f32, f32) = (1.0, 0.26);
/// Active level of the visitor at microphone 0, re full scale; the wearer is louder.
const VISITOR_DBFS: f64 = -34.0;
/// The microphones' own noise against the visitor: 65 dB(A) of talk in parts with 65 dB of SNR.
const SELF_NOISE_DB: f64 = -36.0;
/// A mouth sends less of its treble down to the chest: above about 2 kHz.
const CHEST_HZ: f32 = 2_000.0;
const CHEST_GAIN: f32 = 0.63;
const FEWEST_TALKERS: usize = 8;

/// How the badge is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Mics {
    /// One microphone.
    One,
    /// Two, one above the other.
    Vertical,
    /// Two, side by side.
    Horizontal,
}

impl Mics {
    /// How a pair is mounted; none for one microphone.
    #[must_use]
    pub fn axis(self) -> Option<Axis> {
        match self {
            Self::One => None,
            Self::Vertical => Some(Axis::Vertical),
            Self::Horizontal => Some(Axis::Horizontal),
        }
    }
}

/// Settings of a mix.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Scene {
    /// Active level of the visitor over mean level of the babble, both at microphone 0, in dB;
    /// none is a hall without babble. The wearer does not count.
    pub snr_db: Option<f32>,
    /// Active level of the wearer over the visitor's at microphone 0, in dB.
    pub wearer_db: f32,
    /// Share of turns that begin before the turn before them ends, 0 to 1.
    pub overlap: f32,
    /// The badge.
    pub mics: Mics,
    /// How long the hall rings, seconds.
    pub rt60_s: f32,
    /// Of the room, the talkers' places and what they say.
    pub seed: u64,
}

impl Default for Scene {
    fn default() -> Self {
        let mics = Mics::One;
        Self { snr_db: None, wearer_db: 10.0, overlap: 0.0, mics, rt60_s: 0.6, seed: 1 }
    }
}

/// What the microphones hear, whole and in parts. Every part has one signal a microphone.
#[derive(Debug, Clone)]
pub struct Mix {
    /// The sum.
    pub mics: Vec<Vec<f32>>,
    /// The wearer alone.
    pub wearer: Vec<Vec<f32>>,
    /// The visitor alone.
    pub visitor: Vec<Vec<f32>>,
    /// The other talks alone, without the microphones' own noise.
    pub babble: Vec<Vec<f32>>,
}

/// A wearer in a hall.
struct Booth {
    room: Room,
    badge: Place,
    yaw: f32,
    mics: Vec<Place>,
}

/// Mixes a talk into a booth; `voices` say the babble, each long and without pauses. Fewer than 8
/// of them speak at several places.
#[must_use]
pub fn mix(talk: &Talk, voices: &[Vec<f32>], scene: &Scene) -> Mix {
    let mut rng = Rng::with_seed(scene.seed);
    let booth = Booth::new(scene, &mut rng);
    let length = talk.pcm.len();
    let (wearer, visitor) = stems(talk, scene, &mut rng);
    let mut visitor = booth.heard(&visitor, booth.point(0.0, VISITOR_M.0, VISITOR_M.1));
    let level = from_db(VISITOR_DBFS);
    scale(&mut visitor, level, active_power);
    let mut wearer = booth.heard(&chest(&wearer), booth.point(0.0, MOUTH_M.0, MOUTH_M.1));
    scale(&mut wearer, level * from_db(scene.wearer_db.into()), active_power);
    let mut babble = vec![vec![0.0; length]; booth.mics.len()];
    if let Some(snr) = scene.snr_db {
        babble = booth.babble(voices, length, &mut rng);
        scale(&mut babble, level * from_db(-f64::from(snr)), power);
    }
    let mut mics = own_noise(level * from_db(SELF_NOISE_DB), booth.mics.len(), length, &mut rng);
    for part in [&wearer, &visitor, &babble] {
        add(&mut mics, part);
    }
    Mix { mics, wearer, visitor, babble }
}

/// What may be babble for a talk: the voices of the others, or its own where there are none.
#[must_use]
pub fn voices(talks: &[Talk], without: &str) -> Vec<Vec<f32>> {
    let others: Vec<&Talk> = talks.iter().filter(|t| t.id != without).collect();
    let chosen = if others.is_empty() { talks.iter().collect() } else { others };
    let both = |t: &&Talk| [t.voice(Speaker::Rep), t.voice(Speaker::Prospect)];
    let all = chosen.iter().flat_map(both).filter(|v| v.len() > RATE);
    all.map(|mut voice| {
        let factor = gain(active_power(&voice), 1.0);
        voice.iter_mut().for_each(|s| *s *= factor);
        voice
    })
    .collect()
}

impl Booth {
    fn new(scene: &Scene, rng: &mut Rng) -> Self {
        let mut within = |low: f32, high: f32| low + (high - low) * rng.f32();
        let size = [within(14.0, 18.0), within(12.0, 15.0), within(3.5, 4.5)];
        let badge = [size[0] * within(0.42, 0.58), size[1] * within(0.42, 0.58), BADGE_HEIGHT_M];
        let yaw = within(0.0, TAU);
        let room = Room { size, rt60_s: scene.rt60_s, order: 9, seed: scene.seed };
        let mut booth = Self { room, badge, yaw, mics: vec![badge] };
        let half = 0.5 * SPACING_M;
        booth.mics = match scene.mics {
            Mics::One => vec![badge],
            Mics::Vertical => vec![booth.point(0.0, 0.0, half), booth.point(0.0, 0.0, -half)],
            Mics::Horizontal => {
                vec![booth.point(0.25, half, 0.0), booth.point(-0.25, half, 0.0)]
            }
        };
        booth
    }

    /// A place as the wearer sees it: turns to his left from straight ahead, metres along the
    /// floor, metres above the badge.
    fn point(&self, turns: f32, metres: f32, up: f32) -> Place {
        let angle = self.yaw + TAU * turns;
        let [x, y, z] = self.badge;
        let inside = |value: f32, axis: usize| value.clamp(0.2, self.room.size[axis] - 0.2);
        [
            inside(x + metres * angle.cos(), 0),
            inside(y + metres * angle.sin(), 1),
            inside(z + up, 2),
        ]
    }

    fn heard(&self, sound: &[f32], from: Place) -> Vec<Vec<f32>> {
        let responses = self.room.responses(from, &self.mics);
        responses.iter().map(|r| Convolver::new(r).apply(sound)).collect()
    }

    /// Talkers all around, 2 to 6 m away.
    fn babble(&self, voices: &[Vec<f32>], length: usize, rng: &mut Rng) -> Vec<Vec<f32>> {
        let mut sum = vec![vec![0.0; length]; self.mics.len()];
        let count = voices.len().clamp(FEWEST_TALKERS, 2 * FEWEST_TALKERS);
        let mut order: Vec<usize> = (0..voices.len()).collect();
        rng.shuffle(&mut order);
        for (n, voice) in order.iter().cycle().take(count).enumerate() {
            let around = (n as f32 + rng.f32()) / count as f32;
            let place = self.point(around, 2.0 + 4.0 * rng.f32(), 0.1 + 0.3 * rng.f32());
            let voice = &voices[*voice];
            let start = rng.usize(..voice.len().max(1));
            let sound: Vec<f32> = voice.iter().cycle().skip(start).take(length).copied().collect();
            add(&mut sum, &self.heard(&sound, place));
        }
        sum
    }
}

/// Wearer and visitor; where they overlap, a turn is brought forward into the one before it.
fn stems(talk: &Talk, scene: &Scene, rng: &mut Rng) -> (Vec<f32>, Vec<f32>) {
    let mut stems = (talk.stem(Speaker::Rep), talk.stem(Speaker::Prospect));
    if scene.overlap <= 0.0 {
        return stems;
    }
    for pair in talk.transcript.segments().windows(2) {
        let (before, turn) = (&pair[0], &pair[1]);
        if before.speaker == turn.speaker || rng.f32() >= scene.overlap {
            continue;
        }
        let early_ms = turn.start_ms.saturating_sub(before.end_ms) + 200 + rng.u64(..600);
        let early_ms = early_ms.min((before.end_ms - before.start_ms) / 2);
        let stem = if turn.speaker == Some(Speaker::Rep) { &mut stems.0 } else { &mut stems.1 };
        bring_forward(stem, (turn.start_ms, turn.end_ms), early_ms);
    }
    stems
}

fn bring_forward(stem: &mut [f32], (start_ms, end_ms): (u64, u64), early_ms: u64) {
    let at = |ms: u64| usize::try_from(ms).unwrap_or(usize::MAX).saturating_mul(RATE / 1000);
    let (start, end) = (at(start_ms).min(stem.len()), at(end_ms).min(stem.len()));
    let early = at(early_ms).min(start);
    stem.copy_within(start..end, start - early);
    stem[(end - early).max(start - early)..end].fill(0.0);
}

/// A first-order shelf.
fn chest(sound: &[f32]) -> Vec<f32> {
    let share = 1.0 - (-TAU * CHEST_HZ / RATE as f32).exp();
    let mut low = 0.0;
    let shelf = |s: &f32| {
        low += share * (s - low);
        low + CHEST_GAIN * (s - low)
    };
    sound.iter().map(shelf).collect()
}

/// Brings all signals to a power that is measured in the first.
fn scale(part: &mut [Vec<f32>], to: f64, measure: fn(&[f32]) -> f64) {
    let factor = part.first().map_or(0.0, |first| gain(measure(first), to));
    part.iter_mut().flatten().for_each(|s| *s *= factor);
}

fn add(sum: &mut [Vec<f32>], part: &[Vec<f32>]) {
    for (sum, part) in sum.iter_mut().zip(part) {
        sum.iter_mut().zip(part).for_each(|(s, p)| *s += p);
    }
}

fn own_noise(power: f64, mics: usize, length: usize, rng: &mut Rng) -> Vec<Vec<f32>> {
    // Uniform in -1..1 has a third of its peak's power.
    let level = (3.0 * power).sqrt() as f32;
    (0..mics).map(|_| (0..length).map(|_| level * (2.0 * rng.f32() - 1.0)).collect()).collect()
}
