//! From PCM of one or two microphones to a talk's segments: beam, voice activity, quality, who
//! speaks, words.

use confee_audio::array::Hint;
use confee_audio::quality::{Meter, MeterPolicy, Sound as Measured};
use confee_audio::speaker::{SpeakerPolicy, WhoSpeaks};
use confee_audio::voice::{VadPolicy, VoiceActivity};
use confee_domain::{Codec, LossCause, LossMap, LossSpan, Microphones, Quality, Segment};
use confee_speech::stream::{
    Session, Sound, Spoken, Transcriber, TranscriberConfig, Voice, into_segments,
};
use confee_speech::{Engine, SpeechError, Stop};

use crate::mono::Mono;

/// Samples a millisecond.
const PER_MS: u64 = Codec::RATE_HZ as u64 / 1000;

/// One talk on its way from sound to text. Memory does not grow with its length but by some
/// 100 bytes a second.
pub struct Hearing {
    mono: Mono,
    voice: VoiceActivity,
    meter: Meter,
    who: WhoSpeaks,
    words: Box<dyn Transcriber>,
    spoken: Vec<Spoken>,
    loss: LossMap,
    heard: u64,
    given: u64,
    speech: bool,
}

/// What a talk came to.
#[derive(Debug, Clone)]
pub struct HeardTalk {
    /// Who said what when, word by word; empty without speech.
    pub segments: Vec<Segment>,
    /// What was missing.
    pub loss: LossMap,
    /// How good the sound was.
    pub quality: Quality,
    /// Length in milliseconds.
    pub duration_ms: u64,
    /// Language that most of it was heard as, ISO 639-1; empty without words.
    pub language: String,
    /// Words that the recogniser invented or repeated, and that were taken out.
    pub removed: usize,
}

impl Hearing {
    /// Begins a talk of 1 or 2 channels; `pair` says how a badge's two microphones sit, where it is
    /// known.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn new(
        engine: Box<dyn Engine>,
        channels: u8,
        pair: Option<Microphones>,
        config: TranscriberConfig,
    ) -> Result<Self, SpeechError> {
        Ok(Self {
            mono: Mono::new(channels, pair),
            voice: VoiceActivity::new(VadPolicy::default()),
            meter: Meter::new(MeterPolicy::default()),
            who: WhoSpeaks::new(SpeakerPolicy::default()),
            words: Box::new(Session::start(engine, config)?),
            spoken: Vec::new(),
            loss: LossMap::default(),
            heard: 0,
            given: 0,
            speech: false,
        })
    }

    /// What stops it from any thread.
    #[must_use]
    pub fn stop(&self) -> Stop {
        self.words.stop()
    }

    /// Takes the next sound: 16 kHz, one or two channels of one length. Waits while the recogniser
    /// is behind. Of what is missing, sound of the same length stands in its place.
    ///
    /// # Errors
    /// Stopped, or the engine failed.
    pub fn push(
        &mut self,
        channels: &[Vec<f32>],
        missing: Option<LossCause>,
    ) -> Result<(), SpeechError> {
        let from_ms = self.heard / PER_MS;
        self.heard += channels.first().map_or(0, Vec::len) as u64;
        if let Some(cause) = missing {
            self.loss.push(LossSpan { start_ms: from_ms, end_ms: self.heard / PER_MS, cause });
        }
        let mut hints: Vec<Hint> = Vec::new();
        let (mono, meter) = (&mut self.mono, &mut self.meter);
        let pcm = mono.mix(channels, self.speech, |frame| {
            meter.microphone_failed(frame.health.reason().is_some());
            hints.push(frame.hint);
        });
        self.given += pcm.len() as u64;
        let frames = self.voice.push(pcm);
        self.speech = frames.last().map_or(self.speech, |frame| frame.speech);
        let lost = matches!(missing, Some(LossCause::Lost | LossCause::Damaged));
        let muted = matches!(missing, Some(LossCause::Muted));
        meter.push(pcm, Measured { speech: self.speech, lost, muted });
        self.who.push(pcm, frames, &hints);
        let voice: Vec<Voice> = frames
            .iter()
            .map(|f| Voice { start_ms: f.start_ms, speech: f.speech, probability: f.probability })
            .collect();
        let quality = meter.recent();
        self.words.push(Sound { pcm, voice: &voice, missing, quality: Some(&quality) })?;
        self.spoken.append(&mut self.words.spoken());
        Ok(())
    }

    /// Hears what is left.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn finish(mut self) -> Result<HeardTalk, SpeechError> {
        self.flush()?;
        let mut spoken = self.spoken;
        spoken.extend(self.words.finish()?);
        let who = self.who.finish();
        let segments = into_segments(&spoken, &|start, end| who.between(start, end).0);
        Ok(HeardTalk {
            segments,
            loss: self.loss,
            quality: self.meter.whole(),
            duration_ms: self.heard / PER_MS,
            language: main_language(&spoken),
            removed: spoken.iter().map(|s| s.removed).sum(),
        })
    }

    /// The beam holds back some milliseconds: silence pushes them out.
    fn flush(&mut self) -> Result<(), SpeechError> {
        let held = usize::try_from(self.heard.saturating_sub(self.given)).unwrap_or(0);
        if held == 0 {
            return Ok(());
        }
        let heard = self.heard;
        let silence = vec![0.0; held];
        self.push(&[silence.clone(), silence], None)?;
        self.heard = heard;
        Ok(())
    }
}

/// The language of most words.
fn main_language(spoken: &[Spoken]) -> String {
    let words = |code: &str| -> usize {
        spoken.iter().filter(|s| s.language == code).map(|s| s.words.len()).sum()
    };
    let most = spoken.iter().filter(|s| !s.words.is_empty()).max_by_key(|s| words(&s.language));
    most.map(|s| s.language.clone()).unwrap_or_default()
}
