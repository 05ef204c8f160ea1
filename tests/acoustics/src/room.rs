//! Rooms: image sources (Allen and Berkley, JASA 65, 1979) for the early sound, arrivals from all
//! sides for the rest.

use std::f32::consts::{PI, TAU};

use fastrand::Rng;

use crate::RATE;

/// Speed of sound.
pub const SPEED_M_S: f32 = 343.0;
/// Samples to both sides that a fractional delay reaches.
const REACH: i32 = 20;
/// Arrivals a second in the diffuse tail; above some thousand the ear hears noise.
const TAIL_RATE: f32 = 8_000.0;
/// No response is longer.
const LONGEST_S: f32 = 1.5;

/// Metres: x, y along the walls, z up.
pub type Place = [f32; 3];

/// A room with six equal walls.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// Metres along x, y, z.
    pub size: Place,
    /// Seconds in which sound falls by 60 dB; 0 or less is open air.
    pub rt60_s: f32,
    /// Reflections that are followed one by one, 8 to 10 for a natural sound.
    pub order: i32,
    /// Of the diffuse tail.
    pub seed: u64,
}

/// One arrival of a sound.
struct Arrival {
    seconds: f32,
    level: f32,
}

impl Room {
    /// Share of the pressure that a wall sends back (Eyring's formula).
    #[must_use]
    pub fn reflection(&self) -> f32 {
        if self.rt60_s <= 0.0 {
            return 0.0;
        }
        let [x, y, z] = self.size;
        let surface = 2.0 * (x * y + y * z + x * z);
        (-0.161 * x * y * z / (surface * self.rt60_s)).exp().sqrt()
    }

    /// Impulse responses from a place to each microphone; the direct sound at 1 m has level 1. All
    /// microphones hear the same tail from the same sides, so they agree as in a real room.
    #[must_use]
    pub fn responses(&self, from: Place, mics: &[Place]) -> Vec<Vec<f32>> {
        let seconds = if self.rt60_s > 0.0 { self.rt60_s.min(LONGEST_S) } else { 0.05 };
        let reach = mics.iter().map(|m| distance(from, *m)).fold(0.0, f32::max) / SPEED_M_S;
        let samples = ((seconds + reach) * RATE as f32) as usize + 2 * REACH as usize;
        let mut out = vec![vec![0.0; samples]; mics.len()];
        for (response, mic) in out.iter_mut().zip(mics) {
            self.images(from, *mic).for_each(|arrival| add(response, &arrival));
        }
        if self.rt60_s > 0.0 {
            self.add_tail(from, mics, &mut out);
        }
        out
    }

    /// When the first image is missing that is beyond `order`: from then on the tail takes over.
    fn mixing_s(&self) -> f32 {
        let shortest = self.size.iter().copied().fold(f32::MAX, f32::min);
        self.order as f32 * shortest / SPEED_M_S
    }

    fn images(&self, from: Place, to: Place) -> impl Iterator<Item = Arrival> + '_ {
        let order = if self.rt60_s > 0.0 { self.order } else { 0 };
        let wall = self.reflection();
        let range = move || -order..=order;
        let cells = range().flat_map(move |x| range().map(move |y| (x, y)));
        let cells = cells.flat_map(move |(x, y)| range().map(move |z| [x, y, z]));
        let near = cells.filter(move |c| c.iter().map(|n| n.abs()).sum::<i32>() <= order);
        let arrivals = near.map(move |cell| {
            let metres = distance(self.image(from, cell), to).max(0.01);
            let walls = cell.iter().map(|n| n.abs()).sum();
            Arrival { seconds: metres / SPEED_M_S, level: wall.powi(walls) / metres }
        });
        let end = if order > 0 { self.mixing_s() } else { f32::INFINITY };
        arrivals.filter(move |a| a.seconds <= end)
    }

    /// Mirror image of a place after `cell` reflections along each axis.
    fn image(&self, place: Place, cell: [i32; 3]) -> Place {
        let along = |axis: usize| {
            let (n, size) = (cell[axis], self.size[axis]);
            let inside = if n % 2 == 0 { place[axis] } else { size - place[axis] };
            n as f32 * size + inside
        };
        [along(0), along(1), along(2)]
    }

    /// Late sound: arrivals from random sides whose energy follows that of the images, `4 pi c / V`
    /// a second, falling with the room's decay.
    fn add_tail(&self, from: Place, mics: &[Place], out: &mut [Vec<f32>]) {
        let bits = from.iter().fold(self.seed, |h, x| {
            (h ^ u64::from(x.to_bits())).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let mut rng = Rng::with_seed(bits);
        let volume: f32 = self.size.iter().product();
        let energy = 2.0 * TAU * SPEED_M_S / volume / TAIL_RATE;
        let middle = middle(mics);
        let end = self.rt60_s.min(LONGEST_S);
        let mut at = self.mixing_s();
        while at < end {
            // Uniform in -1..1 has a third of its peak's power.
            let level = (3.0 * energy * 10_f32.powf(-6.0 * at / self.rt60_s)).sqrt();
            let level = level * (2.0 * rng.f32() - 1.0);
            let side = direction(&mut rng);
            for (response, mic) in out.iter_mut().zip(mics) {
                let ahead: f32 = (0..3).map(|i| side[i] * (mic[i] - middle[i])).sum();
                add(response, &Arrival { seconds: at - ahead / SPEED_M_S, level });
            }
            at += -(1.0 - rng.f32()).ln() / TAIL_RATE;
        }
    }
}

/// Metres between two places.
#[must_use]
pub fn distance(a: Place, b: Place) -> f32 {
    (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f32>().sqrt()
}

fn middle(places: &[Place]) -> Place {
    let count = places.len().max(1) as f32;
    [0, 1, 2].map(|i| places.iter().map(|p| p[i]).sum::<f32>() / count)
}

/// A unit vector, every side equally likely.
fn direction(rng: &mut Rng) -> Place {
    let z = 2.0 * rng.f32() - 1.0;
    let (angle, radius) = (TAU * rng.f32(), (1.0 - z * z).max(0.0).sqrt());
    [radius * angle.cos(), radius * angle.sin(), z]
}

/// Adds a windowed sinc, so that delays are true to a fraction of a sample.
fn add(response: &mut [f32], arrival: &Arrival) {
    let delay = arrival.seconds * RATE as f32;
    let whole = delay.floor();
    for tap in -REACH..=REACH {
        let Ok(at) = usize::try_from(whole as i32 + tap) else { continue };
        let t = tap as f32 - (delay - whole);
        let window = 0.5 + 0.5 * (PI * t / (REACH as f32 + 1.0)).cos();
        let sinc = if t.abs() < 1e-6 { 1.0 } else { (PI * t).sin() / (PI * t) };
        if let Some(sample) = response.get_mut(at) {
            *sample += arrival.level * window * sinc;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALL: Room = Room { size: [15.0, 12.0, 4.0], rt60_s: 0.6, order: 9, seed: 5 };

    #[test]
    fn direct_sound_comes_when_and_as_loud_as_it_must() {
        let mic = [7.0, 6.0, 1.3];
        for metres in [0.22_f32, 1.0, 2.5, 4.75] {
            for room in [HALL, Room { rt60_s: 0.0, ..HALL }] {
                let response = &room.responses([7.0 + metres, 6.0, 1.3], &[mic])[0];
                let delay = metres / SPEED_M_S * RATE as f32;
                let (from, to) = ((delay - 12.0).max(0.0) as usize, (delay + 12.0) as usize);
                let early = &response[from..to];
                let sum: f32 = early.iter().sum();
                let centre: f32 =
                    early.iter().enumerate().map(|(n, h)| (from + n) as f32 * h).sum::<f32>() / sum;
                assert!((sum * metres - 1.0).abs() < 0.03, "{metres}: level {}", sum * metres);
                assert!((centre - delay).abs() < 0.15, "{metres}: delay {centre} {delay}");
            }
        }
    }

    #[test]
    fn the_room_falls_silent_as_fast_as_asked() {
        for rt60_s in [0.3_f32, 0.6, 0.8] {
            let room = Room { rt60_s, ..HALL };
            let response = &room.responses([9.0, 7.0, 1.6], &[[7.0, 6.0, 1.3]])[0];
            // Backward integration (Schroeder, JASA 37, 1965), -5 to -25 dB.
            let mut left: f64 = response.iter().map(|h| f64::from(*h).powi(2)).sum();
            let (all, mut from, mut to) = (left, 0, 0);
            for (n, h) in response.iter().enumerate() {
                left -= f64::from(*h).powi(2);
                from = if left > all * 10_f64.powf(-0.5) { n } else { from };
                to = if left > all * 10_f64.powf(-2.5) { n } else { to };
            }
            let measured = 3.0 * (to - from) as f32 / RATE as f32;
            assert!((measured / rt60_s - 1.0).abs() < 0.3, "{rt60_s}: {measured}");
        }
    }

    #[test]
    fn energy_does_not_jump_where_the_tail_begins() {
        let response = &HALL.responses([9.0, 7.0, 1.6], &[[7.0, 6.0, 1.3]])[0];
        let energy = |from_s: f32, to_s: f32| -> f32 {
            let range = (from_s * RATE as f32) as usize..(to_s * RATE as f32) as usize;
            response[range].iter().map(|h| h * h).sum()
        };
        let at = HALL.mixing_s();
        let step = energy(at, at + 0.03) / energy(at - 0.03, at);
        assert!((0.25..2.0).contains(&step), "{step}");
    }

    #[test]
    fn the_same_seed_gives_the_same_room() {
        let mics = [[7.0, 6.0, 1.32], [7.0, 6.0, 1.28]];
        let of = |seed| Room { seed, ..HALL }.responses([8.0, 6.0, 1.5], &mics);
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }
}
