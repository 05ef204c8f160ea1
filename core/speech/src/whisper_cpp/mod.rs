//! Whisper by whisper.cpp, through whisper-rs 0.16 (whisper.cpp 1.8.3).

mod measure;
mod preset;
mod settings;
mod times;
mod watch;

use confee_models::ggml::{WhisperFile, WhisperShape};
use whisper_rs::{
    WhisperContext, WhisperContextParameters, WhisperError, WhisperSegment, WhisperState,
    WhisperToken,
};

use crate::words::words;
use crate::{Ask, Engine, EngineFacts, EngineKind, Heard, RATE, SpeechError, Stop, WINDOW};
use settings::Settings;
use times::Piece;

/// Less than 10 ms is not heard.
const SHORTEST: usize = RATE / 100;
/// whisper.cpp wants more than 100 ms, its front end mirrors 200 samples: everything shorter than a
/// second is filled up with silence.
const LEAST: usize = RATE;

/// How whisper.cpp is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Threads; at least 1, kept below the number of cores, because its threads spin while they
    /// wait and stall for seconds when a core is taken away.
    pub threads: usize,
    /// Whether the graphics processor may be used, if built with the feature `metal`. Holds until
    /// the engine is dropped: iOS ends an app that computes on it in the background, so an engine
    /// for the background is loaded without.
    pub gpu: bool,
    /// Hypotheses followed at a time, 1 to 8; 1 is greedy.
    pub beam: u8,
    /// How words get their times.
    pub times: WordTimes,
    /// How much the encoder sees.
    pub window: EncoderWindow,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threads: 1,
            gpu: false,
            beam: 1,
            times: WordTimes::Aligned,
            window: EncoderWindow::Fitted,
        }
    }
}

/// How words get their times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordTimes {
    /// From where the decoder looked, for models of known shape; others are estimated.
    Aligned,
    /// From the tokens' own time marks; takes less memory (flash attention), is less exact.
    Estimated,
}

/// How much the encoder sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncoderWindow {
    /// 30 s, as it was trained.
    Full,
    /// As much as there is sound, at least 15.36 s. Whisper was not trained so; on our spoken talks
    /// it makes no difference to the text and takes a quarter less time.
    Fitted,
}

/// Whisper by whisper.cpp. Freed when dropped.
pub struct WhisperCpp {
    context: WhisperContext,
    settings: Settings,
    options: Options,
    shape: WhisperShape,
    sound: Vec<f32>,
}

impl std::fmt::Debug for WhisperCpp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WhisperCpp").field("options", &self.options).finish_non_exhaustive()
    }
}

impl WhisperCpp {
    /// Loads a model whose file was checked.
    ///
    /// # Errors
    /// whisper.cpp refuses the file, or has not enough memory.
    pub fn load(file: &WhisperFile, options: Options) -> Result<Self, SpeechError> {
        // Without a logging feature of whisper-rs this drops what whisper.cpp would print.
        whisper_rs::install_logging_hooks();
        let shape = *file.shape();
        let preset = preset::of(&shape).filter(|_| options.times == WordTimes::Aligned);
        let aligned = preset.is_some();
        let mut parameters = WhisperContextParameters::new();
        parameters.use_gpu(options.gpu).flash_attn(options.gpu && !aligned);
        if let Some(preset) = preset {
            parameters.dtw_parameters(preset);
        }
        let context = WhisperContext::new_with_params(file.path(), parameters)
            .map_err(|error| failed(&error))?;
        let settings = Settings::new(&options, &shape, aligned);
        let sound = Vec::with_capacity(LEAST);
        Ok(Self { context, settings, options, shape, sound })
    }

    /// With what it was loaded.
    #[must_use]
    pub fn options(&self) -> Options {
        self.options
    }

    /// In a state of its own: trying again at a higher temperature draws random numbers that the
    /// state keeps count of, and the same sound is to give the same text.
    fn run(&mut self, ask: &Ask, stop: &Stop) -> Result<WhisperState, SpeechError> {
        let prompt = self.prompt(&ask.prompt)?;
        let mut state = self.context.create_state().map_err(|error| failed(&error))?;
        let params = self.settings.params(ask, &prompt, self.sound.len(), stop)?;
        let done = state.full(params, &self.sound);
        self.settings.release();
        if stop.is_stopped() {
            return Err(SpeechError::Stopped);
        }
        done.map_err(|error| failed(&error))?;
        Ok(state)
    }

    fn prompt(&self, text: &str) -> Result<Vec<i32>, SpeechError> {
        let text: String = text.chars().filter(|c| *c != '\0').collect();
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        // A token is at least a byte.
        let text = format!(" {}", text.trim());
        self.context.tokenize(&text, text.len() + 1).map_err(|error| failed(&error))
    }

    fn heard(&self, state: &WhisperState, length_ms: u32, ask: &Ask) -> Heard {
        let language = self.language(ask, Some(state.full_lang_id_from_state()));
        // One, by the settings, and none in silence.
        let Some(segment) = state.get_segment(0) else { return silence(language) };
        let (pieces, until) = self.pieces(&segment);
        let no_speech = segment.no_speech_probability().clamp(0.0, 1.0);
        let kept = usize::try_from(segment.n_tokens()).unwrap_or_default();
        let temperature = self.settings.temperature(kept);
        if pieces.is_empty() {
            return Heard { no_speech, ..silence(language) };
        }
        let tokens = times::timed(&pieces, self.settings.aligned, length_ms);
        let mean = pieces.iter().map(|piece| piece.log_probability).sum::<f32>();
        let mut words = words(&tokens);
        if ask.without_times {
            words.iter_mut().for_each(|word| (word.start_ms, word.end_ms) = (0, length_ms));
        } else {
            times::trim_silence(&mut words, &self.sound);
        }
        Heard {
            words,
            no_speech,
            mean_log_probability: mean / pieces.len() as f32,
            tokens: pieces.len(),
            temperature,
            language,
            until_ms: until.map(|at| times::millis(at, length_ms)),
        }
    }

    /// The tokens of text, and the time that the text ends with, if it ends with one.
    fn pieces(&self, segment: &WhisperSegment<'_>) -> (Vec<Piece>, Option<i64>) {
        let (end, first_time) = (self.context.token_eot(), self.context.token_beg());
        let mut pieces = Vec::new();
        let mut time = None;
        for token in (0..segment.n_tokens()).filter_map(|i| segment.get_token(i)) {
            let id = token.token_id();
            if id >= first_time {
                time = Some(i64::from(id - first_time) * 2);
            } else if id < end {
                pieces.push(piece(&token, time.take()));
            }
        }
        (pieces, time)
    }

    fn language(&self, ask: &Ask, heard: Option<i32>) -> String {
        if self.shape.english_only() {
            return "en".into();
        }
        let detected = || heard.and_then(whisper_rs::get_lang_str).map(str::to_owned);
        ask.language.clone().or_else(detected).unwrap_or_default()
    }
}

impl Engine for WhisperCpp {
    fn facts(&self) -> EngineFacts {
        EngineFacts { kind: EngineKind::WhisperCpp, english_only: self.shape.english_only() }
    }

    fn hear(&mut self, pcm: &[f32], ask: &Ask, stop: &Stop) -> Result<Heard, SpeechError> {
        if pcm.len() > WINDOW {
            return Err(SpeechError::TooLong { samples: pcm.len() });
        }
        self.settings.check_language(ask)?;
        if stop.is_stopped() {
            return Err(SpeechError::Stopped);
        }
        if pcm.len() < SHORTEST {
            return Ok(silence(self.language(ask, None)));
        }
        self.sound.clear();
        self.sound.extend(pcm.iter().map(|s| if s.is_finite() { s.clamp(-1.0, 1.0) } else { 0.0 }));
        self.sound.resize(self.sound.len().max(LEAST), 0.0);
        let state = self.run(ask, stop)?;
        let length_ms = u32::try_from(pcm.len() * 1000 / RATE).unwrap_or(u32::MAX);
        Ok(self.heard(&state, length_ms, ask))
    }
}

fn silence(language: String) -> Heard {
    Heard { no_speech: 1.0, language, ..Heard::default() }
}

fn piece(token: &WhisperToken<'_, '_>, opened: Option<i64>) -> Piece {
    let data = token.token_data();
    Piece {
        bytes: token.to_bytes().unwrap_or_default().to_vec(),
        probability: data.p,
        log_probability: if data.plog.is_finite() { data.plog.min(0.0) } else { -10.0 },
        aligned: data.t_dtw,
        estimated: (data.t0, data.t1),
        opened,
    }
}

/// The number only: whisper-rs's sentences may quote.
fn failed(error: &WhisperError) -> SpeechError {
    SpeechError::Engine(match error {
        WhisperError::GenericError(code) => format!("whisper.cpp, code {code}"),
        WhisperError::InitError => "whisper.cpp could not load the model".into(),
        WhisperError::FailedToCreateState => "whisper.cpp has not enough memory".into(),
        _ => "whisper.cpp".into(),
    })
}

#[cfg(test)]
mod tests;
