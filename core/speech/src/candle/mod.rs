//! Whisper in Rust alone, from the same files as whisper.cpp. The encoder multiplies in `f32`
//! through candle, the decoder in 8 bits from its own caches.

mod align;
mod decode;
mod decoder;
mod encoder;
mod measure;
mod quantized;
mod rules;
mod timing;
mod weights;

use confee_models::ggml::WhisperFile;
use rayon::ThreadPool;

use self::decode::{LEAST_FRAMES, Transcript, Writer};
use self::decoder::{Decoder, Sound, Text};
use self::encoder::Encoder;
use self::rules::Rules;
use crate::mel::{Mel, MelFrontEnd};
use crate::vocabulary::Vocabulary;
use crate::{Ask, Engine, EngineFacts, EngineKind, Heard, SpeechError, Stop, WINDOW};

/// Width of a head in every Whisper.
const HEAD: usize = 64;
/// What attention's products are multiplied with: one over the root of [`HEAD`].
const SCALE: f32 = 0.125;
/// Positions of 20 ms in a full window.
const POSITIONS: usize = 1500;
/// Least positions that are encoded.
const LEAST_POSITIONS: usize = 512;
/// Positions of silence after the sound in a shortened window.
const MARGIN: usize = 128;
/// Tokens of a prompt with the one that opens it.
const MOST_PROMPT: usize = 224;

/// How [`CandleWhisper`] works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Threads that it computes with, at least 1. Fewer than the cores, or it waits for others.
    pub threads: usize,
    /// Whether each window is encoded as 30 s, as Whisper was trained, instead of as much as there
    /// is sound and some more.
    pub full_window: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { threads: 1, full_window: false }
    }
}

/// Whisper in candle.
pub struct CandleWhisper {
    pool: ThreadPool,
    options: Options,
    english_only: bool,
    vocabulary: Vocabulary,
    model: Model,
    text: Text,
}

struct Model {
    front_end: MelFrontEnd,
    encoder: Encoder,
    decoder: Decoder,
    rules: Rules,
}

impl CandleWhisper {
    /// Reads a model's tensors.
    ///
    /// # Errors
    /// A tensor is missing, of another size or holds what is no number; no threads can be had.
    pub fn load(file: &WhisperFile, options: Options) -> Result<Self, SpeechError> {
        let threads = options.threads.max(1);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.thread_name(|i| format!("candle-{i}")).build().map_err(failed)?;
        let vocabulary = Vocabulary::new(file);
        let model = pool.install(|| -> Result<Model, SpeechError> {
            Ok(Model {
                front_end: MelFrontEnd::new(file.mel()),
                encoder: Encoder::load(file)?,
                decoder: Decoder::load(file)?,
                rules: Rules::new(&vocabulary),
            })
        })?;
        let text = model.decoder.text();
        let english_only = file.shape().english_only();
        Ok(Self { pool, options, english_only, vocabulary, model, text })
    }

    /// The logits that follow tokens after sound, as a full window: for comparing engines.
    ///
    /// # Errors
    /// As [`Engine::hear`]; no tokens or more than the model takes.
    pub fn logits(&mut self, pcm: &[f32], tokens: &[u32]) -> Result<Vec<f32>, SpeechError> {
        let stop = Stop::default();
        if tokens.is_empty() {
            return Err(SpeechError::Engine("no tokens".into()));
        }
        let (model, text) = (&self.model, &mut self.text);
        self.pool.install(|| {
            let mel = model.front_end.spectrogram(&clean(pcm)?)?;
            let encoded = model.encoder.encode(&mel, POSITIONS, &stop)?;
            let sound = model.decoder.sound(&encoded, &stop)?;
            text.clear();
            let [logits, _] = model.decoder.write(&sound, text, tokens, None, &stop)?;
            Ok(logits)
        })
    }
}

impl Engine for CandleWhisper {
    fn facts(&self) -> EngineFacts {
        EngineFacts { kind: EngineKind::Candle, english_only: self.english_only }
    }

    fn hear(&mut self, pcm: &[f32], ask: &Ask, stop: &Stop) -> Result<Heard, SpeechError> {
        let pcm = clean(pcm)?;
        let (model, vocabulary, text) = (&self.model, &self.vocabulary, &mut self.text);
        let mut hearing = Hearing {
            model,
            vocabulary,
            text,
            ask,
            stop,
            full_window: self.options.full_window,
            english_only: self.english_only,
            heard: Heard::default(),
        };
        self.pool.install(|| hearing.run(&pcm))?;
        Ok(hearing.heard)
    }
}

/// One call of [`Engine::hear`].
struct Hearing<'a> {
    model: &'a Model,
    vocabulary: &'a Vocabulary,
    text: &'a mut Text,
    ask: &'a Ask,
    stop: &'a Stop,
    full_window: bool,
    english_only: bool,
    heard: Heard,
}

impl Hearing<'_> {
    fn run(&mut self, pcm: &[f32]) -> Result<(), SpeechError> {
        check(self.stop)?;
        let mel = self.model.front_end.spectrogram(pcm)?;
        let mut task = self.task()?;
        if mel.length <= LEAST_FRAMES {
            return Ok(());
        }
        let sound = self.listen(&mel)?;
        if task.is_empty() {
            task = self.detect(&sound)?;
        }
        self.write(&sound, mel.length, &task)
    }

    /// The tokens that say what to do; none if the language is still to be found out.
    fn task(&mut self) -> Result<Vec<u32>, SpeechError> {
        let special = self.vocabulary.special();
        let language = self.ask.language.as_deref();
        if self.english_only {
            if language.is_some_and(|language| language != "en") {
                return Err(SpeechError::Unfit("knows English only"));
            }
            self.heard.language = "en".into();
            return Ok(vec![special.start]);
        }
        let Some(language) = language else {
            return Ok(Vec::new());
        };
        let unknown = SpeechError::Unfit("does not know this language");
        let token = self.vocabulary.language(language).ok_or(unknown)?;
        self.heard.language = language.to_owned();
        Ok(vec![special.start, token, special.transcribe])
    }

    /// The task in the language that is likeliest.
    fn detect(&mut self, sound: &Sound) -> Result<Vec<u32>, SpeechError> {
        let special = self.vocabulary.special();
        self.text.clear();
        let decoder = &self.model.decoder;
        let [logits, _] = decoder.write(sound, self.text, &[special.start], None, self.stop)?;
        let first = special.start as usize + 1;
        let languages = logits.get(first..first + special.languages as usize);
        let token = special.start + 1 + rules::best(languages.unwrap_or_default());
        self.heard.language = self.vocabulary.language_of(token).unwrap_or("en").to_owned();
        Ok(vec![special.start, token, special.transcribe])
    }

    fn listen(&self, mel: &Mel) -> Result<Sound, SpeechError> {
        let needed = mel.length.div_ceil(2) + MARGIN;
        let positions = if self.full_window { POSITIONS } else { needed.max(LEAST_POSITIONS) };
        let encoder = &self.model.encoder;
        let encoded = encoder.encode(mel, positions.min(POSITIONS), self.stop)?;
        self.model.decoder.sound(&encoded, self.stop)
    }

    /// Writes down what was said in so many frames.
    fn write(&mut self, sound: &Sound, frames: usize, task: &[u32]) -> Result<(), SpeechError> {
        let writer = Writer {
            decoder: &self.model.decoder,
            rules: &self.model.rules,
            special: self.vocabulary.special(),
            sound,
            stop: self.stop,
            looks: !self.ask.without_times,
            frames,
        };
        let prompt = self.vocabulary.encode(&self.ask.prompt);
        let prompt = &prompt[prompt.len().saturating_sub(MOST_PROMPT - 1)..];
        let transcript = writer.write(self.text, prompt, task)?;
        self.heard.no_speech = transcript.no_speech;
        self.heard.temperature = transcript.temperature;
        if !transcript.is_silence() {
            self.keep(&transcript, frames);
        }
        Ok(())
    }

    fn keep(&mut self, transcript: &Transcript, frames: usize) {
        let timed = timing::Window {
            vocabulary: self.vocabulary,
            heads: self.model.decoder.alignment_heads(),
            frames,
        };
        self.heard.words = timed.words(transcript);
        self.heard.until_ms = timed.until_ms(transcript);
        self.heard.tokens = transcript.tokens.len();
        if self.heard.tokens > 0 {
            self.heard.mean_log_probability = transcript.mean_log_probability;
        }
    }
}

/// Sound without what is not finite or beyond full scale.
fn clean(pcm: &[f32]) -> Result<Vec<f32>, SpeechError> {
    if pcm.len() > WINDOW {
        return Err(SpeechError::TooLong { samples: pcm.len() });
    }
    let clean = |s: &f32| if s.is_nan() { 0.0 } else { s.clamp(-1.0, 1.0) };
    Ok(pcm.iter().map(clean).collect())
}

fn check(stop: &Stop) -> Result<(), SpeechError> {
    if stop.is_stopped() { Err(SpeechError::Stopped) } else { Ok(()) }
}

fn failed(error: impl std::error::Error) -> SpeechError {
    SpeechError::Engine(error.to_string())
}
