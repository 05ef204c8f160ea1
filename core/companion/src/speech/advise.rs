//! Which model suits this device: a measurement of a second or two on a model of chance.

use confee_domain::ModelAdvice;
use confee_models::ggml::{TensorKind, WhisperFile, WhisperShape, random_model};
use confee_models::recommend::{
    Device, Engine as Measuring, Need, Recommendation, SelfBenchmark, recommend,
};
use confee_models::{Manifest, ModelError};
use confee_speech::{EngineKind, Measured};
use sysinfo::{MemoryRefreshKind, RefreshKind, System};

use super::engines::SpeechEngines;
use crate::error::{CompanionError, Result};

/// A talk must be read this much faster than it was spoken, so that text is there when it ends.
const MAX_RTF: f64 = 0.33;
/// Mean length of an utterance.
const UTTERANCE_S: f64 = 20.0;
/// Header of tiny.en with q8_0 matrices.
const TINY_EN: [i32; 11] = [51864, 1500, 384, 6, 4, 448, 384, 6, 4, 80, 2007];

impl SpeechEngines {
    /// Measures this device and says which models suit it for talks in these languages, the best
    /// first.
    ///
    /// # Errors
    /// There is no room for the model of chance (44 MB), or the engine failed.
    pub fn recommend(&self, languages: &[String]) -> Result<Vec<ModelAdvice>> {
        let folder = self.shelf().scratch()?;
        let path = folder.path().join("chance.bin");
        let shape = WhisperShape::from_header(TINY_EN).map_err(ModelError::from)?;
        random_model(&shape, 1, &path).map_err(|e| CompanionError::Model(e.to_string()))?;
        let file = WhisperFile::open(&path).map_err(ModelError::from)?;
        let (kind, threads) = self.whisper()?;
        let (engine, measured) = measure(kind, &file, threads)?;
        let benchmark = SelfBenchmark {
            engine,
            kind: TensorKind::Q8_0,
            encoder_seconds: measured.encoder.as_secs_f64(),
            decode_seconds: measured.decoder.as_secs_f64(),
        };
        let need = Need {
            languages: languages.to_vec(),
            max_rtf: MAX_RTF,
            utterance_seconds: UTTERANCE_S,
        };
        let found = recommend(&Manifest::built_in()?, &self.device(), &benchmark, &need);
        Ok(found.into_iter().map(advice).collect())
    }

    fn device(&self) -> Device {
        let state = self.state();
        Device {
            memory_bytes: memory_bytes(),
            cores: state.cores,
            low_power: state.low_battery && !state.charging,
        }
    }
}

fn measure(kind: EngineKind, file: &WhisperFile, threads: usize) -> Result<(Measuring, Measured)> {
    #[cfg(feature = "whisper-cpp")]
    if kind == EngineKind::WhisperCpp {
        use confee_speech::whisper_cpp::{Options, WhisperCpp};
        let mut engine = WhisperCpp::load(file, Options { threads, ..Options::default() })?;
        return Ok((Measuring::WhisperCpp, engine.measure()?));
    }
    tracing::debug!(?kind, threads, "measured in candle");
    let options = confee_speech::candle::Options { threads, ..Default::default() };
    let mut engine = confee_speech::candle::CandleWhisper::load(file, options)?;
    Ok((Measuring::Candle, engine.measure()?))
}

fn advice(found: Recommendation) -> ModelAdvice {
    ModelAdvice {
        id: found.id,
        real_time_factor: found.predicted_rtf as f32,
        memory_bytes: found.memory_bytes,
        fits: found.fits,
        reason: found.reason,
    }
}

fn memory_bytes() -> u64 {
    let memory = MemoryRefreshKind::nothing().with_ram();
    let system = System::new_with_specifics(RefreshKind::nothing().with_memory(memory));
    system.map_or(0, |system| system.total_memory())
}
