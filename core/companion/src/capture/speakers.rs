//! Who speaks, as far as two microphones can tell: fills in what a recogniser left open.

use confee_audio::voice::{VadPolicy, VoiceActivity};
use confee_domain::{Segment, Speaker, Transcript, TranscriptError};

use super::recogniser::RecordingAudio;
use super::sound::Mono;

/// A hop of the beam, in milliseconds.
const HOP_MS: u64 = 16;
/// Share of the named time that one speaker must have in a turn.
const CLEAR: f32 = 0.7;
/// A turn needs this much named time.
const LEAST_MS: u64 = 300;

/// Who was heard in each hop of a recording.
#[derive(Debug, Default)]
pub(super) struct Speakers(Vec<Option<Speaker>>);

impl Speakers {
    /// Hears a recording of two microphones; says nothing of one.
    pub(super) fn of(audio: &RecordingAudio) -> Self {
        let Some(codec) = audio.codec().filter(|codec| codec.channels == 2) else {
            return Self::default();
        };
        let mut mono = Mono::new(codec, audio.microphones());
        let mut voice = VoiceActivity::new(VadPolicy::default());
        let (mut heard, mut speech) = (Vec::new(), false);
        let decoded = audio.decode(&mut |chunk| {
            let pcm = mono.mix(chunk.channels, speech, |frame| heard.push(frame.hint.speaker));
            speech = voice.push(pcm).last().map_or(speech, |frame| frame.speech);
        });
        match decoded {
            Ok(()) => Self(heard),
            Err(error) => {
                tracing::warn!(%error, "who speaks cannot be heard");
                Self::default()
            }
        }
    }

    /// The speaker of a stretch; unset where it is not clear.
    fn between(&self, start_ms: u64, end_ms: u64) -> Option<Speaker> {
        let hop = |ms: u64| usize::try_from(ms / HOP_MS).unwrap_or(usize::MAX).min(self.0.len());
        let hops = self.0.get(hop(start_ms)..hop(end_ms)).unwrap_or_default();
        let count = |who| hops.iter().filter(|h| **h == Some(who)).count();
        let (rep, prospect) = (count(Speaker::Rep), count(Speaker::Prospect));
        let (most, speaker) =
            if rep > prospect { (rep, Speaker::Rep) } else { (prospect, Speaker::Prospect) };
        let named = rep + prospect;
        let clear = most as f32 >= CLEAR * named as f32 && named as u64 * HOP_MS >= LEAST_MS;
        clear.then_some(speaker)
    }

    /// The talk with a speaker for every turn that had none and is clear.
    pub(super) fn fill(&self, talk: &Transcript) -> Result<Transcript, TranscriptError> {
        let segments = talk.segments().iter().map(|s| Segment {
            speaker: s.speaker.or_else(|| self.between(s.start_ms, s.end_ms)),
            ..s.clone()
        });
        let (id, at, rep) = (talk.id().to_owned(), talk.captured_at(), talk.rep().clone());
        let filled = Transcript::new(id, at, rep, segments.collect())?;
        Ok(match talk.audio() {
            Some(audio) => filled.with_audio(audio.clone()),
            None => filled,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_stretch_has_a_speaker() {
        let (rep, prospect) = (Some(Speaker::Rep), Some(Speaker::Prospect));
        let hops = [vec![rep; 40], vec![prospect; 30], vec![None; 30], [rep, prospect].repeat(20)];
        let speakers = Speakers(hops.concat());
        assert_eq!(speakers.between(0, 640), rep);
        assert_eq!(speakers.between(640, 1120), prospect);
        assert_eq!(speakers.between(600, 1700), prospect, "mostly");
        assert_eq!(speakers.between(1120, 1600), None, "nobody named");
        assert_eq!(speakers.between(1600, 2240), None, "both");
        assert_eq!(speakers.between(0, 200), None, "too short");
        assert_eq!(speakers.between(9000, 9500), None, "past the end");
    }
}
