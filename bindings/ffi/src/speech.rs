use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use confee_companion::recognition::host::{HostRecogniser, HostWord};
use confee_companion::recognition::policy::Thermal;
use confee_companion::recognition::{EngineKind, PromptBook};
use confee_companion::speech::PullOptions;
use confee_domain::{LeadCard, ModelAdvice, ModelCard, Rep};

use crate::engine::ConfeeEngine;
use crate::error::ConfeeError;

/// What turns speech into text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum SpeechEngine {
    /// whisper.cpp, where the library was built with it.
    WhisperCpp,
    /// Whisper in Rust alone.
    Candle,
    /// The recogniser of the phone's system, once one was given.
    Host,
}

/// How speech is turned into text.
#[derive(Debug, Clone, uniffi::Record)]
pub struct SpeechSettings {
    /// Name of an installed model, or a model's file; unset for the best that is installed.
    #[uniffi(default = None)]
    pub model: Option<String>,
    /// The engine that the user wants; unset for what suits the device.
    #[uniffi(default = None)]
    pub engine: Option<SpeechEngine>,
    /// ISO 639-1 code of the talks; unset lets a multilingual model find out.
    #[uniffi(default = None)]
    pub language: Option<String>,
    /// Threads, 1 to one less than there are cores; unset chooses.
    #[uniffi(default = None)]
    pub threads: Option<u32>,
    /// The wearer of the badge.
    pub rep: Rep,
    /// The event.
    #[uniffi(default = None)]
    pub event: Option<String>,
    /// What the rep sells.
    #[uniffi(default = [])]
    pub products: Vec<String>,
    /// Companies that may visit.
    #[uniffi(default = [])]
    pub accounts: Vec<String>,
    /// Whom the rep competes with.
    #[uniffi(default = [])]
    pub competitors: Vec<String>,
    /// Seconds east of UTC of the place, for the days that are spoken of.
    #[uniffi(default = 0)]
    pub utc_offset_s: i32,
}

/// What a phone's state allows; tell it when it changes.
#[derive(Debug, Clone, Copy, uniffi::Record)]
pub struct PhoneState {
    /// The battery is low, or the system saves energy.
    pub low_battery: bool,
    /// It is plugged in.
    pub charging: bool,
    /// The system says it is warm: iOS `fair`/`serious`, Android `LIGHT`/`MODERATE`.
    pub warm: bool,
    /// The system says it is hot: iOS `critical`, Android `SEVERE` and above.
    pub hot: bool,
    /// The app is not on the screen.
    pub background: bool,
}

/// A word that the phone's recogniser heard.
#[derive(Debug, Clone, uniffi::Record)]
pub struct RecognisedWord {
    /// The word with its punctuation.
    pub text: String,
    /// Start in milliseconds from the first sample.
    pub start_ms: u32,
    /// End.
    pub end_ms: u32,
    /// 0 to 1; 0.5 where the system does not say.
    pub confidence: f32,
}

/// Why the phone's recogniser has no words.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum RecogniserError {
    /// It failed; the sentence is for the log and holds no words of the talk.
    #[error("{reason}")]
    Failed {
        /// Why.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for RecogniserError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: "the recogniser ended in an error of the app".into() }
    }
}

/// The recogniser of the phone's system: Apple Speech, Android's SpeechRecognizer. Called on a
/// thread of the engine's, one utterance at a time; may block.
#[uniffi::export(foreign)]
pub trait SpeechRecogniser: Send + Sync {
    /// Hears up to 30 s of 16 kHz sound, -1 to 1. The phrases may occur in it.
    fn recognise(
        &self,
        pcm: Vec<f32>,
        language: Option<String>,
        phrases: Vec<String>,
    ) -> Result<Vec<RecognisedWord>, RecogniserError>;

    /// Give up what runs; `recognise` returns soon, with an error or what it has.
    fn cancel(&self);

    /// ISO 639-1 codes that it knows.
    fn languages(&self) -> Vec<String>;
}

#[uniffi::export]
impl ConfeeEngine {
    /// Sets how speech is turned into text, from the next recording on. Recordings that waited for
    /// a model are read now.
    pub fn configure_speech(&self, settings: SpeechSettings) -> Result<(), ConfeeError> {
        Ok(self.0.configure_speech(move |config| settings.apply(config))?)
    }

    /// Gives the phone's own recogniser, or takes it back.
    pub fn set_speech_recogniser(
        &self,
        recogniser: Option<Arc<dyn SpeechRecogniser>>,
    ) -> Result<(), ConfeeError> {
        let host = recogniser.map(|r| Arc::new(Host(r)) as Arc<dyn HostRecogniser>);
        Ok(self.0.configure_speech(move |config| config.host = host)?)
    }

    /// Tells the state of the phone: fewer threads on a low battery, no graphics processor in the
    /// background.
    pub fn set_phone_state(&self, state: PhoneState) -> Result<(), ConfeeError> {
        Ok(self.0.configure_speech(move |config| {
            config.device.low_battery = state.low_battery;
            config.device.charging = state.charging;
            config.device.thermal = match (state.hot, state.warm) {
                (true, _) => Thermal::Hot,
                (false, true) => Thermal::Warm,
                (false, false) => Thermal::Normal,
            };
            config.device.background = state.background;
        })?)
    }

    /// Lets the loaded model go until the next recording. Call it on memory warnings.
    pub fn release_speech(&self) -> Result<(), ConfeeError> {
        Ok(self.0.release_speech()?)
    }

    /// The models there are and those on this device.
    pub async fn models(&self) -> Result<Vec<ModelCard>, ConfeeError> {
        Ok(self.0.models().await?)
    }

    /// Fetches a model, checks and installs it; progress comes as `Model` events. Calling it again
    /// goes on where a broken download ended. `mirror` is asked instead of the makers' servers.
    pub async fn pull_model(
        &self,
        id: String,
        allow_metered: bool,
        mirror: Option<String>,
    ) -> Result<(), ConfeeError> {
        let options = PullOptions { allow_metered, mirror, network: None };
        Ok(self.0.pull_model(&id, options).await?)
    }

    /// Ends a download; what came of it is kept for the next one.
    pub fn cancel_pull(&self, id: String) -> Result<(), ConfeeError> {
        Ok(self.0.cancel_pull(&id)?)
    }

    /// Installs a model's file or folder that came with the app or that the user chose: ggml,
    /// CTranslate2, Hugging Face.
    pub async fn import_model(&self, source: String, id: String) -> Result<(), ConfeeError> {
        Ok(self.0.import_model(PathBuf::from(source), &id).await?)
    }

    /// Checks an installed model byte by byte.
    pub async fn verify_model(&self, id: String) -> Result<(), ConfeeError> {
        Ok(self.0.verify_model(&id).await?)
    }

    /// Deletes an installed model.
    pub async fn remove_model(&self, id: String) -> Result<(), ConfeeError> {
        Ok(self.0.remove_model(&id).await?)
    }

    /// Measures this phone for a second or two; the models that suit it, the best first.
    pub async fn recommend_models(
        &self,
        languages: Vec<String>,
    ) -> Result<Vec<ModelAdvice>, ConfeeError> {
        Ok(self.0.recommend_models(languages).await?)
    }

    /// Reads a sound file (WAV, Ogg/Opus) as a talk and drafts its lead. `captured_at` is RFC 3339.
    pub async fn add_sound_file(
        &self,
        id: String,
        path: String,
        captured_at: String,
    ) -> Result<LeadCard, ConfeeError> {
        let at: DateTime<FixedOffset> = DateTime::parse_from_rfc3339(&captured_at)
            .map_err(|e| ConfeeError::InvalidInput(format!("captured_at is not RFC 3339: {e}")))?;
        Ok(self.0.add_sound_file(&id, PathBuf::from(path), at).await?)
    }
}

impl SpeechSettings {
    fn apply(self, config: &mut confee_companion::speech::SpeechConfig) {
        config.model = self.model;
        config.engine = self.engine.map(|engine| match engine {
            SpeechEngine::WhisperCpp => EngineKind::WhisperCpp,
            SpeechEngine::Candle => EngineKind::Candle,
            SpeechEngine::Host => EngineKind::Host,
        });
        config.language = self.language;
        config.threads = self.threads.map(|n| n as usize);
        config.rep = self.rep;
        config.names = PromptBook {
            event: self.event,
            products: self.products,
            accounts: self.accounts,
            competitors: self.competitors,
            ..PromptBook::default()
        };
        if let Some(offset) = FixedOffset::east_opt(self.utc_offset_s) {
            config.utc_offset = offset;
        }
    }
}

/// A host's recogniser as the core's.
struct Host(Arc<dyn SpeechRecogniser>);

impl HostRecogniser for Host {
    fn recognise(
        &self,
        pcm: Vec<f32>,
        language: Option<String>,
        phrases: Vec<String>,
    ) -> Result<Vec<HostWord>, String> {
        let words = self.0.recognise(pcm, language, phrases).map_err(|e| e.to_string())?;
        Ok(words
            .into_iter()
            .map(|w| HostWord {
                text: w.text,
                start_ms: w.start_ms,
                end_ms: w.end_ms,
                confidence: w.confidence,
            })
            .collect())
    }

    fn cancel(&self) {
        self.0.cancel();
    }

    fn languages(&self) -> Vec<String> {
        self.0.languages()
    }
}
