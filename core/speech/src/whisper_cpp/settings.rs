use std::collections::BTreeMap;
use std::sync::Arc;

use confee_models::ggml::WhisperShape;
use whisper_rs::{FullParams, SamplingStrategy};

use super::watch::Watch;
use super::{EncoderWindow, Options};
use crate::{Ask, RATE, SpeechError, Stop};

/// Most tokens of a prompt: half of what the decoder holds.
const MAX_TOKENS: i32 = 224;
/// Samples of one position of the encoder.
const POSITION: usize = RATE / 50;
/// Positions that a fitted window has at least, and beyond the sound. Below, Whisper repeats
/// itself.
const LEAST_POSITIONS: usize = 768;
const MARGIN: usize = 64;

/// The settings of a run, made once for a model and language, because whisper-rs never frees the
/// strings and callbacks it is given.
pub(super) struct Settings {
    watch: Arc<Watch>,
    base: FullParams<'static, 'static>,
    languages: BTreeMap<&'static str, FullParams<'static, 'static>>,
    english_only: bool,
    window: EncoderWindow,
    positions: usize,
    pub(super) aligned: bool,
}

impl Settings {
    pub(super) fn new(options: &Options, shape: &WhisperShape, aligned: bool) -> Self {
        let watch = Arc::new(Watch::default());
        let mut base = FullParams::new(strategy(options.beam));
        watch.install(&mut base);
        base.set_n_threads(threads(options.threads));
        base.set_no_context(true);
        base.set_n_max_text_ctx(MAX_TOKENS);
        // No limit of ours: a text that is cut by one counts as whole, loops and all.
        base.set_max_tokens(0);
        // One window, one text: whisper.cpp would encode 30 s again for the silence after the last
        // time.
        base.set_single_segment(true);
        base.set_no_timestamps(false);
        base.set_suppress_blank(true);
        base.set_suppress_nst(true);
        base.set_temperature(0.0);
        base.set_temperature_inc(0.2);
        base.set_entropy_thold(2.4);
        base.set_logprob_thold(-1.0);
        base.set_no_speech_thold(0.6);
        base.set_token_timestamps(!aligned);
        base.set_print_special(false);
        base.set_print_progress(false);
        base.set_print_realtime(false);
        base.set_print_timestamps(false);
        let english_only = shape.english_only();
        if !english_only {
            base.set_language(None);
        }
        let (languages, window, positions) = (BTreeMap::new(), options.window, shape.audio_ctx);
        Self { watch, base, languages, english_only, window, positions, aligned }
    }

    /// # Errors
    /// A language that Whisper, or an English-only model, does not know.
    pub(super) fn check_language(&self, ask: &Ask) -> Result<(), SpeechError> {
        let Some(language) = ask.language.as_deref() else { return Ok(()) };
        if self.english_only && language != "en" {
            return Err(SpeechError::Unfit("knows English only"));
        }
        known(language).map(|_| ()).ok_or(SpeechError::Unfit("does not know this language"))
    }

    /// For sound of so many samples.
    pub(super) fn params<'t>(
        &mut self,
        ask: &Ask,
        prompt: &'t [i32],
        samples: usize,
        stop: &Stop,
    ) -> Result<FullParams<'static, 't>, SpeechError> {
        self.check_language(ask)?;
        self.watch.begin(stop);
        let language = ask.language.as_deref().filter(|_| !self.english_only);
        let mut params: FullParams<'static, 't> = match language.and_then(known) {
            None => self.base.clone(),
            Some(language) => self.in_language(language),
        };
        if self.window == EncoderWindow::Fitted {
            params.set_audio_ctx(i32::try_from(self.fitted(samples)).unwrap_or_default());
        }
        if !prompt.is_empty() {
            params.set_tokens(prompt);
        }
        Ok(params)
    }

    fn in_language(&mut self, language: &'static str) -> FullParams<'static, 'static> {
        let base = &self.base;
        let set = || {
            let mut params = base.clone();
            params.set_language(Some(language));
            params
        };
        self.languages.entry(language).or_insert_with(set).clone()
    }

    fn fitted(&self, samples: usize) -> usize {
        (samples.div_ceil(POSITION) + MARGIN).max(LEAST_POSITIONS).min(self.positions)
    }

    /// Forgets the stop of the run.
    pub(super) fn release(&self) {
        self.watch.release();
    }

    /// Passes through encoder and decoder in the last run.
    #[cfg(test)]
    pub(super) fn passes(&self) -> usize {
        self.watch.passes()
    }

    /// At which temperature the run ended, as far as it can be told: whisper-rs does not say, but a
    /// try that was rejected has cost passes through the decoder that no token came of. 0.2 stands
    /// for any above 0.
    pub(super) fn temperature(&self, kept: usize) -> f32 {
        // One pass is the encoder's, one the prompt's.
        if self.watch.passes() > 2 + kept + TAIL { 0.2 } else { 0.0 }
    }
}

/// Tokens that a text may lose at its end without having been tried again.
const TAIL: usize = 4;

fn strategy(beam: u8) -> SamplingStrategy {
    match i32::from(beam.clamp(1, 8)) {
        1 => SamplingStrategy::Greedy { best_of: 1 },
        beam_size => SamplingStrategy::BeamSearch { beam_size, patience: -1.0 },
    }
}

fn threads(wanted: usize) -> i32 {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    i32::try_from(wanted.clamp(1, cores.saturating_sub(1).max(1))).unwrap_or(1)
}

/// The code as whisper.cpp has it, if it is one.
fn known(language: &str) -> Option<&'static str> {
    let is_code =
        (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase());
    let id = is_code.then(|| whisper_rs::get_lang_id(language)).flatten()?;
    whisper_rs::get_lang_str(id)
}
