use confee_domain::Codec;

use super::Pcm;

/// A guess is played at full level this long, so that a single lost frame has no dip.
const FULL_LEVEL_MS: f32 = 20.0;
/// After this it is silent: a repeated wave becomes a hum that a recogniser takes for a vowel.
pub(super) const CONCEAL_MS: u64 = 60;

/// Pitch periods of voices, in samples: 400 to 50 Hz.
const SHORTEST: usize = 40;
const LONGEST: usize = 320;
/// What is compared to find the period, 20 ms.
const WINDOW: usize = 320;
const HISTORY: usize = WINDOW + LONGEST;
/// Crossfade into a guess and back, 2.5 and 4 ms.
const JOIN: usize = 40;
const REJOIN: usize = 64;
/// Level of a guess that the sound before it hardly supports.
const LEAST_GAIN: f32 = 0.3;

/// Guesses lost sound by repeating the last pitch period, as Appendix I to ITU-T G.711 does. Two
/// channels share one period, so that their difference in time stays.
#[derive(Default)]
pub(super) struct Concealer {
    channels: Vec<Channel>,
    period: usize,
    /// Samples guessed so far.
    at: usize,
    /// The last guess was ours, not the codec's.
    ours: bool,
    gain: f32,
}

#[derive(Default)]
struct Channel {
    history: Vec<f32>,
    /// One period that can be repeated without a step.
    cycle: Vec<f32>,
    /// The last samples backwards, to begin without a step.
    mirror: Vec<f32>,
}

impl Concealer {
    pub(super) fn new(codec: Codec) -> Self {
        let mut new = Self::default();
        new.channels.resize_with(codec.channels.into(), Channel::default);
        new.channels.iter_mut().for_each(|c| c.history.resize(HISTORY, 0.0));
        new
    }

    /// Takes a frame that came and joins its start to our guess before it. The codec joins its own.
    pub(super) fn heard(&mut self, pcm: &mut Pcm) {
        if self.at > 0 && self.ours {
            self.rejoin(pcm);
        }
        self.at = 0;
        self.remember(pcm);
    }

    /// Takes the codec's guess of the next frame and fades it.
    pub(super) fn guessed(&mut self, pcm: &mut Pcm) {
        self.ours = false;
        self.go_on(pcm);
    }

    /// Guesses the next frame into `pcm`, which has the size of one.
    pub(super) fn guess(&mut self, pcm: &mut Pcm) {
        if self.at == 0 || !self.ours {
            self.begin();
        }
        self.ours = true;
        for (channel, out) in self.channels.iter().zip(pcm.channels_mut()) {
            let guessed = channel.from(self.at).map(|s| s * self.gain);
            out.iter_mut().zip(guessed).for_each(|(o, s)| *o = s);
        }
        self.go_on(pcm);
    }

    fn go_on(&mut self, pcm: &mut Pcm) {
        let start = self.at;
        self.at += pcm.first().len();
        pcm.fade(faded(start), faded(self.at));
        self.remember(pcm);
    }

    fn remember(&mut self, pcm: &Pcm) {
        for (channel, samples) in self.channels.iter_mut().zip(pcm.channels()) {
            channel.history.drain(..samples.len().min(HISTORY));
            channel.history.extend_from_slice(samples);
        }
    }

    fn begin(&mut self) {
        let Some(first) = self.channels.first() else { return };
        let (period, likeness) = pitch(&first.history);
        self.period = period;
        self.gain = likeness.clamp(LEAST_GAIN, 1.0);
        self.channels.iter_mut().for_each(|c| c.begin(period));
    }

    fn rejoin(&mut self, pcm: &mut Pcm) {
        let fade = faded(self.at);
        for (channel, out) in self.channels.iter().zip(pcm.channels_mut()) {
            let guessed = channel.from(self.at).map(|s| s * self.gain * fade);
            for (at, (sample, guess)) in out.iter_mut().zip(guessed).take(REJOIN).enumerate() {
                let part = (at as f32 + 0.5) / REJOIN as f32;
                *sample = guess + (*sample - guess) * part;
            }
        }
    }
}

impl Channel {
    fn begin(&mut self, period: usize) {
        let end = self.history.len();
        self.cycle.clear();
        self.cycle.extend_from_slice(&self.history[end - period..]);
        let join = (period / 4).min(JOIN);
        let before = &self.history[end - period - join..end - period];
        for (at, (sample, earlier)) in
            self.cycle[period - join..].iter_mut().zip(before).enumerate()
        {
            *sample += (earlier - *sample) * (at as f32 + 0.5) / join as f32;
        }
        self.mirror.clear();
        self.mirror.extend(self.history.iter().rev().take(JOIN));
    }

    /// The guess from sample `at` on, without end.
    fn from(&self, at: usize) -> impl Iterator<Item = f32> + '_ {
        let cycle = self.cycle.iter().cycle().skip(at % self.cycle.len().max(1));
        cycle.enumerate().map(move |(n, sample)| match self.mirror.get(at + n) {
            Some(mirror) => mirror + (sample - mirror) * ((at + n) as f32 + 0.5) / JOIN as f32,
            None => *sample,
        })
    }
}

/// Level of a guess `samples` into a loss.
fn faded(samples: usize) -> f32 {
    let ms = samples as f32 * 1_000.0 / Codec::RATE_HZ as f32;
    let fading = (ms - FULL_LEVEL_MS).max(0.0);
    (1.0 - fading / (CONCEAL_MS as f32 - FULL_LEVEL_MS)).max(0.0)
}

/// The lag in samples after which the end of `history` is most like itself, and how like: 1 is
/// the same, 0 is unlike.
fn pitch(history: &[f32]) -> (usize, f32) {
    let end = history.len();
    let recent = &history[end - WINDOW..];
    let own: f32 = recent.iter().map(|s| s * s).sum();
    let likeness = |lag: usize| {
        let earlier = &history[end - WINDOW - lag..end - lag];
        let product: f32 = recent.iter().zip(earlier).map(|(a, b)| a * b).sum();
        let energy: f32 = earlier.iter().map(|s| s * s).sum();
        product / (energy * own).sqrt().max(1e-9)
    };
    let lags = (SHORTEST..=LONGEST).map(|lag| (lag, likeness(lag)));
    lags.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((LONGEST, 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODEC: Codec = Codec::OPUS_STEREO;

    fn wave(from: usize, period: f32) -> Pcm {
        let mut pcm = Pcm::new();
        pcm.silence(CODEC);
        for (delay, channel) in pcm.channels_mut().iter_mut().enumerate() {
            for (n, sample) in channel.iter_mut().enumerate() {
                let phase = (from + n + 3 * delay) as f32 / period * std::f32::consts::TAU;
                *sample = 0.3 * phase.sin() + 0.1 * (2.0 * phase).sin();
            }
        }
        pcm
    }

    #[test]
    fn a_steady_voice_goes_on_in_both_channels() {
        let mut concealer = Concealer::new(CODEC);
        (0..4).for_each(|n| concealer.heard(&mut wave(n * 320, 100.0)));
        let mut guess = wave(0, 50.0);
        concealer.guess(&mut guess);
        let truth = wave(4 * 320, 100.0);
        for (guessed, real) in guess.channels().iter().zip(truth.channels()) {
            let wrong: f32 = guessed.iter().zip(real).map(|(a, b)| (a - b).powi(2)).sum();
            let right: f32 = real.iter().map(|s| s * s).sum();
            assert!(wrong < 0.05 * right, "{wrong} of {right}");
        }
    }

    #[test]
    fn a_guess_has_no_steps() {
        let mut concealer = Concealer::new(CODEC);
        (0..4).for_each(|n| concealer.heard(&mut wave(n * 320, 77.3)));
        let mut all = wave(3 * 320, 77.3).first().to_vec();
        let mut pcm = wave(0, 50.0);
        for _ in 0..2 {
            concealer.guess(&mut pcm);
            all.extend_from_slice(pcm.first());
        }
        pcm = wave(6 * 320, 77.3);
        concealer.heard(&mut pcm);
        all.extend_from_slice(pcm.first());
        let step = |w: &[f32]| (w[1] - w[0]).abs();
        let most = all.windows(2).map(step).fold(0.0, f32::max);
        let usual = wave(0, 77.3).first().windows(2).map(step).fold(0.0, f32::max);
        assert!(most < 2.0 * usual, "{most} and {usual}");
    }

    #[test]
    fn it_fades_to_nothing() {
        assert_eq!([0, 320, 640, 960, 8_000].map(faded), [1.0, 1.0, 0.5, 0.0, 0.0]);
    }
}
