use confee_domain::Speaker;
use realfft::num_complex::Complex32;

use crate::array::blend::Blend;
use crate::array::gcc::Correlator;
use crate::array::geometry::{ArrayGeometry, Target};
use crate::array::health::{ChannelHealth, HealthMonitor};
use crate::array::hint::{Hint, Listener};
use crate::array::separate::Separator;
use crate::array::stft::{BINS, DELAY, HOP, Stft};

/// Differences of delay that count as the target's, against the largest there is.
const ON_TARGET: f32 = 0.16;

/// What the beam may do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BeamPolicy {
    /// Lets the wearer through untouched while the beam looks ahead: a conversation has two sides.
    /// Needs a vertical pair, which hears that it is the wearer.
    pub keep_wearer: bool,
    /// The largest share of the beam against the single microphone, 0 to 1.
    pub strength: f32,
}

impl Default for BeamPolicy {
    fn default() -> Self {
        Self { keep_wearer: true, strength: 1.0 }
    }
}

/// What was found in one hop of 16 ms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BeamFrame {
    /// First sample of the hop, counted from the first sample ever taken.
    pub start: u64,
    /// Who may be speaking, and from where.
    pub hint: Hint,
    /// State of the microphones.
    pub health: ChannelHealth,
    /// Share of the beam in the output, 0 (one microphone as it is) to 1.
    pub share: f32,
}

/// Makes one signal of two microphones: a beam towards a target where that helps, else the better
/// microphone as it is.
///
/// The output is [`Beamformer::DELAY`] samples (16 ms) behind the input and comes in hops of
/// [`Beamformer::HOP`] samples, so a sample waits 32 ms at most. After the first call with chunks
/// of a size nothing is allocated; the state takes some 200 kB.
pub struct Beamformer {
    geometry: ArrayGeometry,
    policy: BeamPolicy,
    target: Target,
    bank: Stft,
    separator: Separator,
    correlator: Correlator,
    monitor: HealthMonitor,
    listener: Listener,
    blend: Blend,
    /// Spectrum of microphone 1 at the level of microphone 0.
    matched: Vec<Complex32>,
    /// The microphone whose sound comes out: the last one that served alone.
    reference: usize,
    share: f32,
    hops: u64,
    frames: Vec<BeamFrame>,
}

impl Beamformer {
    /// Samples between two frames.
    pub const HOP: usize = HOP;
    /// Samples that the output is behind the input.
    pub const DELAY: usize = DELAY;

    /// Looks ahead, at the visitor.
    #[must_use]
    pub fn new(geometry: ArrayGeometry, policy: BeamPolicy) -> Self {
        let target = Target::Front;
        Self {
            geometry,
            policy,
            target,
            bank: Stft::new(),
            separator: Separator::new(geometry.steering(target)),
            correlator: Correlator::new(geometry),
            monitor: HealthMonitor::default(),
            listener: Listener::new(geometry),
            blend: Blend::default(),
            matched: vec![Complex32::default(); BINS],
            reference: 0,
            share: 0.0,
            hops: 0,
            frames: Vec::new(),
        }
    }

    /// Turns to another target; what was learnt of the last one is forgotten.
    pub fn steer(&mut self, target: Target) {
        if target != self.target {
            self.target = target;
            self.separator.steer(self.geometry.steering(target));
            self.blend.reset();
        }
    }

    /// Whom the beam favours.
    #[must_use]
    pub fn target(&self) -> Target {
        self.target
    }

    /// Takes samples of both microphones, any number, equally many (what one has more is ignored).
    /// Appends finished sound to `out` and yields what was found in each finished hop. `speech` says
    /// whether anybody speaks in these samples.
    pub fn process(
        &mut self,
        mut mics: [&[f32]; 2],
        speech: bool,
        out: &mut Vec<f32>,
    ) -> std::vec::Drain<'_, BeamFrame> {
        loop {
            let (taken, ready) = self.bank.take(mics);
            if ready {
                let frame = self.hop(speech);
                self.frames.push(frame);
                self.bank.synthesise(out);
            }
            if taken == 0 {
                return self.frames.drain(..);
            }
            mics = mics.map(|mic| &mic[taken..]);
        }
    }

    /// Appends what is still inside, so that every sample taken has come out, [`Self::DELAY`]
    /// samples late. Up to a hop of silence follows.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        let silence = [0.0; HOP + DELAY];
        drop(self.process([&silence, &silence], false, out));
    }

    fn hop(&mut self, speech: bool) -> BeamFrame {
        let spectra = self.bank.spectra.each_ref().map(Vec::as_slice);
        let newest = [self.bank.newest(0), self.bank.newest(1)];
        let health = self.monitor.update(spectra, newest);
        let direction = self.correlator.update(spectra[0], spectra[1]);
        let match_db = self.monitor.match_db();
        let hint = self.listener.update(spectra, direction, match_db, speech);
        let share = match health.only() {
            Some(mic) => self.pass(mic),
            None => self.beam(&hint),
        };
        let start = self.hops * HOP as u64;
        self.hops += 1;
        BeamFrame { start, hint, health, share }
    }

    /// One microphone as it is, but for the level of its make.
    fn pass(&mut self, mic: usize) -> f32 {
        let gain = if mic == 0 { 1.0 } else { self.gain() };
        for (y, x) in self.bank.out.iter_mut().zip(&self.bank.spectra[mic]) {
            *y = x * gain;
        }
        self.reference = mic;
        self.share = 0.0;
        0.0
    }

    /// Makes microphone 1 as loud as microphone 0.
    fn gain(&self) -> f32 {
        10_f32.powf(self.monitor.match_db() / 20.0)
    }

    fn beam(&mut self, hint: &Hint) -> f32 {
        let near = self.listener.near(hint.direction);
        if !near {
            self.monitor.match_levels(self.bank.spectra.each_ref().map(Vec::as_slice));
        }
        let gain = self.gain();
        let Stft { spectra, out, .. } = &mut self.bank;
        for (matched, x) in self.matched.iter_mut().zip(&spectra[1]) {
            *matched = x * gain;
        }
        let pair = [spectra[0].as_slice(), self.matched.as_slice()];
        let heard = pair[self.reference];
        let wearer = near || hint.speaker == Some(Speaker::Rep);
        let kept = self.policy.keep_wearer && self.target == Target::Front && wearer;
        if !kept {
            self.separator.learn(pair, out);
        }
        self.separator.image(pair, self.reference, out);
        let delay = self.geometry.steering(self.target).delay;
        let aside = (hint.direction.delay_samples - delay).abs() / self.geometry.max_delay();
        let off_target = aside / ON_TARGET - 1.0;
        let wanted = if kept { 0.0 } else { self.blend.update(heard, out, off_target) };
        let limit = if self.policy.strength.is_finite() { self.policy.strength } else { 0.0 };
        self.share += 0.5 * (wanted.min(limit.clamp(0.0, 1.0)) - self.share);
        for (y, x) in out.iter_mut().zip(heard) {
            *y = x + (*y - x) * self.share;
        }
        self.share
    }
}
