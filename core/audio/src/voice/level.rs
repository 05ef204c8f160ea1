use super::sane;

/// How loud speech is to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelPolicy {
    /// Level of speech to reach, in dB of its root mean square to full scale. -23 is where EBU R
    /// 128 puts programmes; it leaves room for peaks.
    pub target_dbfs: f32,
    /// Most gain either way, dB.
    pub max_gain_db: f32,
    /// How fast the gain goes to a new speaker's level, dB a second.
    pub rate_db_s: f32,
    /// How much speech the level is taken over, seconds. Long, so that words do not pump.
    pub memory_s: f32,
    /// How long a pause keeps an amplifying gain, seconds; after it the gain goes to 0 dB, so that
    /// noise alone is not made louder.
    pub hold_s: f32,
}

impl Default for LevelPolicy {
    fn default() -> Self {
        Self { target_dbfs: -23.0, max_gain_db: 18.0, rate_db_s: 6.0, memory_s: 5.0, hold_s: 2.0 }
    }
}

/// 10 ms.
const BLOCK: usize = 160;
const HZ: f32 = 16_000.0;
/// Below this nothing is speech, whatever a detector says: -70 dBFS.
const FLOOR: f32 = 1e-7;
/// Speech that must be heard before its level counts, seconds.
const FIRST_S: f32 = 0.3;
/// How fast the gain comes back when speech goes on after a pause, dB a second.
const RETURN_DB_S: f32 = 40.0;
/// Where the limiter begins to bend, and the last it gives: -3 dBFS and almost full scale.
const KNEE: f32 = 0.708;
const CEILING: f32 = 0.99;
/// Blocks this far below the level are pauses between words (-20 dB) and count this much.
const PAUSE_RATIO: f32 = 0.01;
const PAUSE_WEIGHT: f32 = 0.1;

/// Brings speech to an even level, slowly, for playback and for meters. Peaks are bent softly and
/// never pass full scale. Without speech it makes nothing louder.
pub struct Leveler {
    policy: LevelPolicy,
    /// Mean square of speech.
    power: f32,
    speech_s: f32,
    pause_s: f32,
    /// What speech needs, slewed.
    speech_gain_db: f32,
    /// What is applied.
    gain_db: f32,
}

impl Leveler {
    /// A leveler that has heard nothing and changes nothing yet.
    #[must_use]
    pub const fn new(policy: LevelPolicy) -> Self {
        Self { policy, power: 0.0, speech_s: 0.0, pause_s: 0.0, speech_gain_db: 0.0, gain_db: 0.0 }
    }

    /// Changes a chunk of 16 kHz sound in place; `speech` says whether a detector heard speech in
    /// it. Best in chunks of at most 20 ms. Samples that are not finite become 0.
    pub fn process(&mut self, pcm: &mut [f32], speech: bool) {
        for block in pcm.chunks_mut(BLOCK) {
            block.iter_mut().for_each(|s| *s = sane(*s));
            let from = amplitude(self.gain_db);
            self.follow(block, speech);
            let step = (amplitude(self.gain_db) - from) / block.len() as f32;
            for (at, sample) in block.iter_mut().enumerate() {
                *sample = limit(*sample * step.mul_add(at as f32 + 1.0, from));
            }
        }
    }

    /// The gain now, dB.
    #[must_use]
    pub const fn gain_db(&self) -> f32 {
        self.gain_db
    }

    fn follow(&mut self, block: &[f32], speech: bool) {
        let seconds = block.len() as f32 / HZ;
        let power = block.iter().map(|s| s * s).sum::<f32>() / block.len() as f32;
        if speech && power > FLOOR {
            self.pause_s = 0.0;
            self.measure(power, seconds);
            self.gain_db = towards(self.gain_db, self.speech_gain_db, RETURN_DB_S * seconds);
            return;
        }
        self.pause_s += seconds;
        if self.pause_s > self.policy.hold_s {
            let rest = self.speech_gain_db.min(0.0);
            self.gain_db = towards(self.gain_db, rest, self.policy.rate_db_s * seconds);
        }
    }

    fn measure(&mut self, power: f32, seconds: f32) {
        let pause = self.speech_s > FIRST_S && power < self.power * PAUSE_RATIO;
        let weighed = seconds * if pause { PAUSE_WEIGHT } else { 1.0 };
        self.speech_s = (self.speech_s + weighed).min(self.policy.memory_s);
        self.power += (power - self.power) * weighed / self.speech_s;
        if self.speech_s < FIRST_S {
            return;
        }
        let level = 10.0 * self.power.max(FLOOR).log10();
        let most = self.policy.max_gain_db;
        let wanted = (self.policy.target_dbfs - level).clamp(-most, most);
        self.speech_gain_db = towards(self.speech_gain_db, wanted, self.policy.rate_db_s * seconds);
    }
}

fn amplitude(db: f32) -> f32 {
    10.0_f32.powf(db / 20.0)
}

fn towards(from: f32, to: f32, step: f32) -> f32 {
    from + (to - from).clamp(-step, step)
}

fn limit(sample: f32) -> f32 {
    let size = sample.abs();
    if size <= KNEE {
        return sample;
    }
    let room = CEILING - KNEE;
    (KNEE + room * ((size - KNEE) / room).tanh()).copysign(sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limiter_is_smooth_odd_and_below_full_scale() {
        let mut before = 0.0;
        for step in 1..2_000 {
            let sample = step as f32 / 200.0;
            let limited = limit(sample);
            assert!(limited >= before && limited - before < 0.005_1 && limited < 1.0);
            assert_eq!(limit(-sample), -limited);
            before = limited;
        }
    }
}
