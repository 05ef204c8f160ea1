use earshot::Detector;

use super::floor::FloorGain;
use super::sane;

/// Samples of one decision, 16 ms at 16 kHz: what the detector was trained on.
const FRAME: usize = 256;
const FRAME_MS: u64 = 16;

/// When speech begins and ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VadPolicy {
    /// Probability from which a frame may begin speech, 0 to 1.
    pub threshold: f32,
    /// Probability from which a frame lets speech go on, at most `threshold`; the difference keeps
    /// a voice near the threshold from flickering.
    pub release: f32,
    /// Frames of 16 ms at or above `threshold`, one after the other, that begin speech: a click is
    /// shorter.
    pub onset_frames: u32,
    /// How long speech goes on after the last frame at or above `release`: pauses within a
    /// sentence are shorter.
    pub hangover_ms: u64,
    /// What a segment takes along from before its first frame: soft consonants score low.
    pub preroll_ms: u64,
}

impl Default for VadPolicy {
    fn default() -> Self {
        Self { threshold: 0.5, release: 0.35, onset_frames: 3, hangover_ms: 400, preroll_ms: 250 }
    }
}

/// The decision on 16 ms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VadFrame {
    /// Milliseconds from the first sample to the start of this frame.
    pub start_ms: u64,
    /// Probability of speech, 0 to 1.
    pub probability: f32,
    /// Whether speech is on, hangover included. The first `onset_frames - 1` frames of speech are
    /// not yet; the segment has them.
    pub speech: bool,
}

/// A stretch of speech with its pre-roll and hangover, in milliseconds from the first sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpeechSegment {
    /// First millisecond.
    pub start_ms: u64,
    /// First millisecond after it.
    pub end_ms: u64,
}

/// Finds speech in 16 kHz sound with a small neural network (earshot) and hysteresis, at any level of sound
/// and in steady noise. Takes chunks
/// of any length; memory does not grow.
pub struct VoiceActivity {
    policy: VadPolicy,
    detector: Box<Detector>,
    floor: FloorGain,
    waiting: Vec<f32>,
    now_ms: u64,
    /// Frames in a row at or above the threshold, while there is no speech.
    onset: u32,
    speech: Option<Speech>,
    segment_end_ms: u64,
    frames: Vec<VadFrame>,
    segments: Vec<SpeechSegment>,
}

#[derive(Clone, Copy)]
struct Speech {
    start_ms: u64,
    heard_ms: u64,
}

impl VoiceActivity {
    /// A detector that has heard nothing.
    #[must_use]
    pub fn new(policy: VadPolicy) -> Self {
        Self {
            policy,
            detector: Box::default(),
            floor: FloorGain::new(),
            waiting: Vec::with_capacity(FRAME),
            now_ms: 0,
            onset: 0,
            speech: None,
            segment_end_ms: 0,
            frames: Vec::new(),
            segments: Vec::new(),
        }
    }

    /// Takes samples and gives the decisions that became ready. Samples that are not finite count
    /// as 0, those beyond full scale as full scale.
    pub fn push(&mut self, pcm: &[f32]) -> &[VadFrame] {
        self.frames.clear();
        self.segments.clear();
        let mut rest = pcm;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(FRAME - self.waiting.len()));
            self.waiting.extend(now.iter().map(|s| sane(*s)));
            rest = later;
            if self.waiting.len() == FRAME {
                self.floor.apply(&mut self.waiting);
                let probability = self.detector.predict_f32(&self.waiting).clamp(0.0, 1.0);
                self.waiting.clear();
                self.decide(probability);
            }
        }
        &self.frames
    }

    /// The segments that ended within the last [`Self::push`] or [`Self::finish`]; the next call
    /// forgets them.
    #[must_use]
    pub fn segments(&self) -> &[SpeechSegment] {
        &self.segments
    }

    /// Where the running segment began; unset without speech.
    #[must_use]
    pub fn open_since_ms(&self) -> Option<u64> {
        self.speech.map(|s| s.start_ms)
    }

    /// Ends the running segment, gives it and starts anew at 0 ms. Less than 16 ms that wait for
    /// more are dropped.
    pub fn finish(&mut self) -> &[SpeechSegment] {
        self.frames.clear();
        self.segments.clear();
        if let Some(speech) = self.speech.take() {
            self.segments.push(SpeechSegment { start_ms: speech.start_ms, end_ms: self.now_ms });
        }
        self.detector.reset();
        self.floor = FloorGain::new();
        self.waiting.clear();
        (self.now_ms, self.onset, self.segment_end_ms) = (0, 0, 0);
        &self.segments
    }

    fn decide(&mut self, probability: f32) {
        let start_ms = self.now_ms;
        self.now_ms += FRAME_MS;
        match &mut self.speech {
            Some(speech) if probability >= self.policy.release => speech.heard_ms = self.now_ms,
            Some(speech) if self.now_ms - speech.heard_ms > self.policy.hangover_ms => self.end(),
            Some(_) => {}
            None if probability >= self.policy.threshold => self.rise(),
            None => self.onset = 0,
        }
        let speech = self.speech.is_some();
        self.frames.push(VadFrame { start_ms, probability, speech });
    }

    fn rise(&mut self) {
        self.onset += 1;
        if self.onset < self.policy.onset_frames {
            return;
        }
        let first_ms = self.now_ms - u64::from(self.onset) * FRAME_MS;
        let start_ms = first_ms.saturating_sub(self.policy.preroll_ms).max(self.segment_end_ms);
        self.speech = Some(Speech { start_ms, heard_ms: self.now_ms });
        self.onset = 0;
    }

    fn end(&mut self) {
        let Some(Speech { start_ms, .. }) = self.speech.take() else { return };
        // The frame that ends speech is no part of it.
        self.segment_end_ms = self.now_ms - FRAME_MS;
        self.segments.push(SpeechSegment { start_ms, end_ms: self.segment_end_ms });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs the rules on probabilities alone.
    fn segments(policy: VadPolicy, probabilities: &[f32]) -> (Vec<bool>, Vec<(u64, u64)>) {
        let mut vad = VoiceActivity::new(policy);
        probabilities.iter().for_each(|p| vad.decide(*p));
        let speech = vad.frames.iter().map(|f| f.speech).collect();
        let mut found = vad.segments.clone();
        found.extend_from_slice(vad.finish());
        (speech, found.iter().map(|s| (s.start_ms, s.end_ms)).collect())
    }

    #[test]
    fn speech_begins_after_the_onset_and_ends_after_the_hangover() {
        let policy = VadPolicy { hangover_ms: 32, preroll_ms: 16, ..VadPolicy::default() };
        let (speech, found) =
            segments(policy, &[0.0, 0.0, 0.9, 0.9, 0.9, 0.4, 0.1, 0.1, 0.1, 0.0, 0.0]);
        let on: Vec<usize> = (0..speech.len()).filter(|i| speech[*i]).collect();
        assert_eq!((on, found), (vec![4, 5, 6, 7], vec![(16, 128)]));
    }

    #[test]
    fn clicks_are_no_speech_and_a_voice_near_the_threshold_does_not_flicker() {
        let policy = VadPolicy::default();
        assert_eq!(segments(policy, &[0.9, 0.9, 0.0, 0.9, 0.9, 0.0]).1, []);
        let near: Vec<f32> = (0..100).map(|i| if i % 2 == 0 { 0.36 } else { 0.55 }).collect();
        let voice = [vec![0.8; 3], near].concat();
        let (speech, found) = segments(policy, &voice);
        assert!(speech[2..].iter().all(|s| *s));
        assert_eq!(found, [(0, 103 * 16)]);
    }

    #[test]
    fn segments_never_overlap() {
        let policy = VadPolicy { hangover_ms: 16, preroll_ms: 500, ..VadPolicy::default() };
        let probabilities: Vec<f32> =
            (0..200).map(|i| if i % 10 < 5 { 0.9 } else { 0.0 }).collect();
        let found = segments(policy, &probabilities).1;
        assert!(found.len() > 10);
        assert!(found.windows(2).all(|w| w[0].1 <= w[1].0), "{found:?}");
    }
}
