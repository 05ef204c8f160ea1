//! Which engine, with which model: chosen when a recording is to be read, kept until another is
//! wanted.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use chrono::{FixedOffset, Offset as _, Utc};
use confee_domain::Rep;
use confee_models::ggml::WhisperFile;
use confee_speech::candle::CandleWhisper;
use confee_speech::host::{HostEngine, HostRecogniser};
use confee_speech::policy::{Available, Choice, DeviceState, Processor, Thermal, choose};
use confee_speech::stream::{TranscriberConfig, UtteranceFacts};
use confee_speech::{
    Ask, Engine, EngineFacts, EngineKind, Heard, PromptBook, SpeechError, Stop, filter,
};

use super::locked;
use super::shelf::Shelf;
use crate::error::{CompanionError, Result};

/// How speech is turned into text.
#[derive(Clone)]
pub struct SpeechConfig {
    /// Folder of the models; unset for `models` in the data folder.
    pub models_dir: Option<PathBuf>,
    /// Name of an installed model, or a model's file; unset for the best that is installed.
    pub model: Option<String>,
    /// The engine that the user wants; unset for what suits the device.
    pub engine: Option<EngineKind>,
    /// ISO 639-1 code of the talks; unset lets a multilingual model find out.
    pub language: Option<String>,
    /// Threads; unset for one less than there are cores, at most four.
    pub threads: Option<usize>,
    /// Names that may occur.
    pub names: PromptBook,
    /// The wearer of the badge.
    pub rep: Rep,
    /// The place's offset from UTC, for the days that are spoken of.
    pub utc_offset: FixedOffset,
    /// State of the device.
    pub device: DeviceState,
    /// The recogniser of the phone's system.
    pub host: Option<Arc<dyn HostRecogniser>>,
}

impl Default for SpeechConfig {
    fn default() -> Self {
        Self {
            models_dir: None,
            model: None,
            engine: None,
            language: None,
            threads: None,
            names: PromptBook::default(),
            rep: Rep::default(),
            utc_offset: Utc.fix(),
            device: this_machine(),
            host: None,
        }
    }
}

/// The settings of speech and the engine they lead to. One for all recordings.
pub struct SpeechEngines {
    shelf: Arc<Shelf>,
    config: Mutex<SpeechConfig>,
    loaded: Mutex<Option<Loaded>>,
}

/// An engine with what it was loaded for.
struct Loaded {
    wanted: Wanted,
    engine: Arc<Mutex<Box<dyn Engine>>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Wanted {
    choice: Choice,
    model: Option<String>,
}

impl SpeechEngines {
    /// Loads nothing yet. `models_dir` must be set in the configuration.
    #[must_use]
    pub fn new(config: SpeechConfig) -> Self {
        let folder = config.models_dir.clone().unwrap_or_else(|| PathBuf::from("models"));
        Self {
            shelf: Arc::new(Shelf::new(folder)),
            config: Mutex::new(config),
            loaded: Mutex::default(),
        }
    }

    /// Changes the settings; the next recording is read with them.
    pub fn configure(&self, change: impl FnOnce(&mut SpeechConfig)) {
        change(&mut locked(&self.config));
    }

    /// Lets the model go, such as when the system wants memory back. The next recording loads it
    /// again.
    pub fn release(&self) {
        *locked(&self.loaded) = None;
    }

    /// The models.
    #[must_use]
    pub fn shelf(&self) -> &Arc<Shelf> {
        &self.shelf
    }

    /// The engine to read with, loaded; none while there is no model for it.
    ///
    /// # Errors
    /// The model's file is refused.
    pub fn engine(&self) -> Result<Option<Box<dyn Engine>>> {
        let config = locked(&self.config).clone();
        let Some(wanted) = self.wanted(&config)? else { return Ok(None) };
        let mut loaded = locked(&self.loaded);
        if loaded.as_ref().is_none_or(|l| l.wanted != wanted) {
            // The old one's memory is free before the new one takes its own.
            *loaded = None;
            let engine = Arc::new(Mutex::new(self.load(&config, &wanted)?));
            tracing::info!(engine = ?wanted.choice.kind, threads = wanted.choice.threads, "recogniser loaded");
            *loaded = Some(Loaded { wanted, engine });
        }
        Ok(loaded.as_ref().map(|l| Box::new(Shared(Arc::clone(&l.engine))) as Box<dyn Engine>))
    }

    /// The engine and the model in words, such as `whisper.cpp, tiny.en-q8_0`.
    #[must_use]
    pub fn describe(&self) -> String {
        let loaded = locked(&self.loaded);
        let Some(Loaded { wanted, .. }) = &*loaded else { return String::new() };
        let model = wanted.model.as_deref().map(|m| format!(", {m}")).unwrap_or_default();
        format!("{}{model}", engine_name(wanted.choice.kind))
    }

    /// How talks are transcribed by these settings.
    #[must_use]
    pub fn transcriber(&self) -> TranscriberConfig {
        let config = locked(&self.config);
        let mut names = config.names.clone();
        names.rep = names.rep.or_else(|| config.rep.name.clone());
        names.company = names.company.or_else(|| config.rep.company.clone());
        TranscriberConfig {
            language: config.language.clone(),
            prompt: names,
            check: Some(Box::new(honest)),
            ..TranscriberConfig::default()
        }
    }

    pub(crate) fn rep(&self) -> Rep {
        locked(&self.config).rep.clone()
    }

    pub(crate) fn offset(&self) -> FixedOffset {
        locked(&self.config).utc_offset
    }

    pub(crate) fn state(&self) -> DeviceState {
        locked(&self.config).device
    }

    /// The engine and threads that Whisper runs with here.
    pub(crate) fn whisper(&self) -> Result<(EngineKind, usize)> {
        let config = locked(&self.config).clone();
        let mut engines = vec![EngineKind::Candle];
        if cfg!(feature = "whisper-cpp") {
            engines.push(EngineKind::WhisperCpp);
        }
        let available = Available { engines, ..Available::default() };
        let choice = choose(config.engine, &config.device, &available, None)
            .ok_or_else(|| CompanionError::Speech("no engine runs on this device".into()))?;
        Ok((choice.kind, config.threads.map_or(choice.threads, |n| n.max(1))))
    }

    /// The model that recordings are read with.
    pub(crate) fn active_model(&self) -> Option<String> {
        let config = locked(&self.config);
        config.model.clone().or_else(|| self.shelf.best(config.language.as_deref()))
    }

    fn wanted(&self, config: &SpeechConfig) -> Result<Option<Wanted>> {
        let model = config.model.clone().or_else(|| self.shelf.best(config.language.as_deref()));
        let available = self.available(config, model.as_deref())?;
        let language = config.language.as_deref();
        let Some(mut choice) = choose(config.engine, &config.device, &available, language) else {
            return Ok(None);
        };
        if let Some(threads) = config.threads {
            choice.threads = threads.max(1);
        }
        let model = model.filter(|_| choice.kind != EngineKind::Host);
        Ok(Some(Wanted { choice, model }))
    }

    fn available(&self, config: &SpeechConfig, model: Option<&str>) -> Result<Available> {
        let mut available = Available::default();
        if let Some(model) = model {
            available.english_only = self.shelf.open(model)?.shape().english_only();
            if cfg!(feature = "whisper-cpp") {
                available.engines.push(EngineKind::WhisperCpp);
            }
            available.engines.push(EngineKind::Candle);
        }
        if let Some(host) = &config.host {
            available.engines.push(EngineKind::Host);
            available.host_languages = host.languages();
        }
        Ok(available)
    }

    fn load(&self, config: &SpeechConfig, wanted: &Wanted) -> Result<Box<dyn Engine>> {
        let threads = wanted.choice.threads;
        let file = |model: &Option<String>| -> Result<WhisperFile> {
            let missing =
                || CompanionError::Model("no speech model is installed; fetch one".into());
            self.shelf.open(model.as_deref().ok_or_else(missing)?)
        };
        Ok(match wanted.choice.kind {
            EngineKind::Host => match &config.host {
                Some(host) => Box::new(HostEngine::new(Arc::clone(host))),
                None => return Err(CompanionError::Speech("the phone gave no recogniser".into())),
            },
            #[cfg(feature = "whisper-cpp")]
            EngineKind::WhisperCpp => {
                use confee_speech::whisper_cpp::{Options, WhisperCpp};
                let gpu = wanted.choice.gpu;
                let options = Options { threads, gpu, ..Options::default() };
                Box::new(WhisperCpp::load(&file(&wanted.model)?, options)?)
            }
            _ => {
                let options = confee_speech::candle::Options { threads, ..Default::default() };
                Box::new(CandleWhisper::load(&file(&wanted.model)?, options)?)
            }
        })
    }
}

fn engine_name(kind: EngineKind) -> &'static str {
    match kind {
        EngineKind::WhisperCpp => "whisper.cpp",
        EngineKind::Candle => "candle",
        EngineKind::Host => "the system's recogniser",
    }
}

/// The machine as it is, nothing known against it.
fn this_machine() -> DeviceState {
    #[cfg(target_arch = "aarch64")]
    let processor = Processor::Arm { dotprod: std::arch::is_aarch64_feature_detected!("dotprod") };
    #[cfg(not(target_arch = "aarch64"))]
    let processor = Processor::Other;
    DeviceState {
        processor,
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        low_battery: false,
        charging: true,
        thermal: Thermal::Normal,
        background: false,
        ios: cfg!(target_os = "ios"),
    }
}

/// Takes out what Whisper invents.
fn honest(heard: &mut Heard, sound: &UtteranceFacts) -> usize {
    let facts = filter::Facts {
        length_ms: u32::try_from(sound.end_ms - sound.start_ms).unwrap_or(u32::MAX),
        speech: Some(sound.voice.clone()),
        loudness_dbfs: Some(sound.loudness_dbfs),
    };
    let removed = filter::check(heard, &facts).into_iter().filter(|f| f.removed);
    removed.map(|f| f.words.len()).sum()
}

/// An engine that several talks use in turn.
struct Shared(Arc<Mutex<Box<dyn Engine>>>);

impl Engine for Shared {
    fn facts(&self) -> EngineFacts {
        locked(&self.0).facts()
    }

    fn hear(&mut self, pcm: &[f32], ask: &Ask, stop: &Stop) -> Result<Heard, SpeechError> {
        locked(&self.0).hear(pcm, ask, stop)
    }
}
