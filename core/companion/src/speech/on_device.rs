use std::sync::{Arc, Mutex, PoisonError};

use confee_domain::{AudioFacts, Recording, Transcript};
use confee_speech::{SpeechError, Stop};

use super::engines::SpeechEngines;
use super::hearing::{HeardTalk, Hearing};
use crate::capture::{Reading, Recogniser, RecordingAudio, started_at};

/// Reads recordings with the engine that the settings choose.
pub(crate) struct OnDevice {
    engines: Arc<SpeechEngines>,
    running: Mutex<Stop>,
}

impl OnDevice {
    pub(crate) fn new(engines: Arc<SpeechEngines>) -> Self {
        Self { engines, running: Mutex::default() }
    }

    fn hear(&self, audio: &RecordingAudio) -> Result<Option<HeardTalk>, String> {
        let Some(codec) = audio.codec() else { return Err("its audio is gone".into()) };
        let Some(engine) = self.engines.engine().map_err(|e| e.to_string())? else {
            return Ok(None);
        };
        let config = self.engines.transcriber();
        let mut hearing = Hearing::new(engine, codec.channels, audio.microphones(), config)
            .map_err(|e| e.to_string())?;
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = hearing.stop();
        let mut end: Result<(), SpeechError> = Ok(());
        let decoded = audio.decode(&mut |chunk| {
            if end.is_ok() {
                end = hearing.push(chunk.channels, chunk.missing);
            }
        });
        end.map_err(|e| e.to_string())?;
        decoded.map_err(|e| e.to_string())?;
        hearing.finish().map(Some).map_err(|e| e.to_string())
    }
}

impl Recogniser for OnDevice {
    fn transcribe(&self, recording: &Recording, audio: &RecordingAudio) -> Result<Reading, String> {
        let Some(talk) = self.hear(audio)? else { return Ok(Reading::Later) };
        if talk.segments.is_empty() {
            return Ok(Reading::Silent);
        }
        // The badge's clock is compared as soon as it is connected again.
        let Some(at) = started_at(recording, self.engines.offset()) else {
            return Ok(Reading::Later);
        };
        let facts = AudioFacts { quality: Some(talk.quality), ..recording.audio.clone() };
        Transcript::new(recording.id.clone(), at, self.engines.rep(), talk.segments)
            .map(|talk| Reading::Talk(Box::new(talk.with_audio(facts))))
            .map_err(|e| e.to_string())
    }

    fn stop(&self) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).stop();
    }
}
