//! How good the sound is, and why it is not better. No models: levels, their distributions, bands.

mod frame;
mod histogram;
mod judge;
mod policy;
mod spectrum;
mod tally;
mod wada;
mod warner;

use std::collections::VecDeque;

use confee_domain::{Quality, QualityReason, QualityVerdict};

pub use frame::Sound;
pub use policy::{Limits, MeterPolicy};
pub use tally::Measures;

use frame::{FRAME, FRAME_MS, Frame, Framer};
use judge::{Findings, REASONS, judge, quality};
use tally::Tally;
use warner::Warner;

/// Frames that [`Meter::recent`] looks back on: 5 s.
const RECENT: usize = 250;
/// Frames that a warning about speech looks back on: 3 s.
const SPEAKING: usize = 150;
/// Frames that a warning about shares of time looks back on: 1 s.
const SECOND: usize = 50;
/// Frames between two looks at what to warn of: 100 ms.
const TICK: u32 = 5;

/// Measures a stream of sound as the recogniser gets it (not denoised, not levelled).
///
/// Memory is constant (under 64 kB) however long the stream; pushing allocates nothing.
pub struct Meter {
    policy: MeterPolicy,
    framer: Framer,
    recent: VecDeque<Frame>,
    whole: Tally,
    warner: Warner,
    microphone_failed: bool,
    ticks: u32,
    speechless_ms: u32,
}

impl Meter {
    /// A meter that has heard nothing.
    #[must_use]
    pub fn new(policy: MeterPolicy) -> Self {
        Self {
            framer: Framer::new(&policy),
            policy,
            recent: VecDeque::with_capacity(RECENT),
            whole: Tally::default(),
            warner: Warner::default(),
            microphone_failed: false,
            ticks: 0,
            speechless_ms: 0,
        }
    }

    /// Takes 16 kHz PCM, any number of samples, all of the same `sound`. Samples that are not
    /// finite count as lost, those beyond -1.0..=1.0 as at the limit.
    pub fn push(&mut self, pcm: &[f32], sound: Sound) {
        for &sample in pcm {
            if let Some(frame) = self.framer.push(sample, sound, &self.policy) {
                self.take(frame);
            }
        }
    }

    /// Tells whether one of two microphones gives nothing useful, until told otherwise.
    pub fn microphone_failed(&mut self, failed: bool) {
        self.microphone_failed = failed;
    }

    /// The sound of the last 5 s. Without speech in them its reason is
    /// [`QualityReason::NoSpeech`], which says nothing bad about a pause; what the wearer should
    /// be told is [`Meter::warning`].
    #[must_use]
    pub fn recent(&self) -> Quality {
        self.quality(&self.recent_measures())
    }

    /// The sound since the beginning or the last [`Meter::reset`].
    #[must_use]
    pub fn whole(&self) -> Quality {
        self.quality(&self.whole_measures())
    }

    /// The figures behind [`Meter::recent`].
    #[must_use]
    pub fn recent_measures(&self) -> Measures {
        self.last(RECENT)
    }

    /// The figures behind [`Meter::whole`].
    #[must_use]
    pub fn whole_measures(&self) -> Measures {
        self.whole.measures()
    }

    /// What to warn the wearer of now. It appears after 3 s of trouble, goes after 5 s of good
    /// sound and is never replaced before it could be read; while muted there is none.
    pub fn warning(&mut self) -> Option<QualityReason> {
        self.warner.shown()
    }

    /// Begins a new whole, as for the next conversation. The last seconds, the warning and the
    /// state of the microphones stay.
    pub fn reset(&mut self) {
        self.whole = Tally::default();
    }

    fn quality(&self, measures: &Measures) -> Quality {
        quality(measures, &judge(measures, self.microphone_failed, &self.policy))
    }

    fn take(&mut self, frame: Frame) {
        self.whole.add(&frame);
        if self.recent.len() >= RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(frame);
        self.note_speech(&frame);
        self.ticks += 1;
        if self.ticks >= TICK {
            self.ticks = 0;
            self.look();
        }
    }

    fn note_speech(&mut self, frame: &Frame) {
        let muted = usize::from(frame.muted) * 2 > FRAME;
        if muted || frame.speech > 0 {
            self.speechless_ms = 0;
        } else if frame.lost == 0 {
            self.speechless_ms = self.speechless_ms.saturating_add(FRAME_MS);
        }
        if muted {
            self.warner = Warner::default();
        }
    }

    fn look(&mut self) {
        let findings = self.findings();
        self.warner.step(&findings, TICK * FRAME_MS, &self.policy);
    }

    /// What holds now: shares of the last second, what needs speech of the last three.
    fn findings(&self) -> Findings {
        let second = judge(&self.last(SECOND), self.microphone_failed, &self.policy);
        let mut findings = judge(&self.last(SPEAKING), self.microphone_failed, &self.policy);
        let both = findings.iter_mut().zip(second).zip(REASONS);
        for ((finding, latest), reason) in both {
            match reason {
                QualityReason::LostFrames
                | QualityReason::Clipping
                | QualityReason::WindOrHandling => *finding = latest,
                QualityReason::NoSpeech => *finding = Some(self.silence()),
                // One left microphone is enough to go on, but the wearer can clean the other.
                QualityReason::MicrophoneFailed if self.microphone_failed => {
                    *finding = Some(QualityVerdict::Poor);
                }
                _ => {}
            }
        }
        findings
    }

    fn silence(&self) -> QualityVerdict {
        // The watch adds its own delay.
        let least = self.policy.no_speech_ms.saturating_sub(self.policy.warn_after_ms);
        if self.speechless_ms >= least { QualityVerdict::Poor } else { QualityVerdict::Good }
    }

    fn last(&self, frames: usize) -> Measures {
        let mut tally = Tally::default();
        let first = self.recent.len().saturating_sub(frames);
        self.recent.iter().skip(first).for_each(|f| tally.add(f));
        tally.measures()
    }
}
