//! Which model a device can run: from a measurement of seconds and tables of the models' costs.
//! Pure.

use crate::ggml::TensorKind;
use crate::manifest::{Languages, Manifest, ModelEntry, Size};

/// Seconds of sound that the encoder works on, however short the utterance.
const WINDOW: f64 = 30.0;
/// Tokens that 30 s of brisk speech become.
const TOKENS: f64 = 100.0;
/// Tokens that [`SelfBenchmark::decode_seconds`] is of.
const MEASURED_TOKENS: f64 = 32.0;
/// A model may take this part of the device's memory; phones end apps that take much more.
const MEMORY_PART: u64 = 4;

/// The device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// Its memory.
    pub memory_bytes: u64,
    /// Its cores.
    pub cores: usize,
    /// Whether it saves power now.
    pub low_power: bool,
}

/// What runs the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// whisper.cpp.
    WhisperCpp,
    /// Whisper in candle.
    Candle,
}

/// What a network of the shape of `tiny.en` takes on this device, warmed up; its weights do not
/// matter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SelfBenchmark {
    /// Which engine ran.
    pub engine: Engine,
    /// How the matrices were stored: f16 or q8_0.
    pub kind: TensorKind,
    /// Seconds for 30 s of sound in the encoder.
    pub encoder_seconds: f64,
    /// Seconds for 32 tokens in the decoder.
    pub decode_seconds: f64,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// ISO 639 codes of the languages that will be spoken; English alone allows English-only
    /// models.
    pub languages: Vec<String>,
    /// Most seconds of work for a second of speech.
    pub max_rtf: f64,
    /// Mean length of what is heard at a time, in seconds; at most 30 count. Shorter pieces cost
    /// more, as the encoder always takes 30 s.
    pub utterance_seconds: f64,
}

/// How a model would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Recommendation {
    /// Its name.
    pub id: String,
    /// Seconds of work for a second of speech.
    pub predicted_rtf: f64,
    /// Memory it takes while it runs.
    pub memory_bytes: u64,
    /// Whether it is fast and small enough.
    pub fits: bool,
    /// Why it fits or does not, as a sentence.
    pub reason: String,
}

/// Models that know the languages: first those that fit, the most accurate ahead; then the others,
/// the fastest ahead. Kinds that the engine cannot run well are left out, and nothing is there
/// where the measurement is none.
#[must_use]
pub fn recommend(
    manifest: &Manifest,
    device: &Device,
    measured: &SelfBenchmark,
    need: &Need,
) -> Vec<Recommendation> {
    let mut found: Vec<(&ModelEntry, Recommendation)> = manifest
        .models
        .iter()
        .filter(|model| manifest.knows(model, &need.languages))
        .filter_map(|model| Some((model, judge(model, device, measured, need)?)))
        .collect();
    found.sort_by(|(a, x), (b, y)| {
        let fitting = y.fits.cmp(&x.fits);
        let speed = x.predicted_rtf.total_cmp(&y.predicted_rtf);
        if x.fits { fitting.then_with(|| rank(b).cmp(&rank(a))) } else { fitting.then(speed) }
            .then_with(|| a.id.cmp(&b.id))
    });
    found.into_iter().map(|(_, recommendation)| recommendation).collect()
}

/// Larger is better. q8_0 makes no more errors than f16 in less memory; q5_1 makes more.
fn rank(model: &ModelEntry) -> (Size, bool, u8) {
    let kind = match model.kind {
        TensorKind::Q8_0 => 2,
        TensorKind::F16 => 1,
        _ => 0,
    };
    (model.size, model.languages == Languages::English, kind)
}

fn judge(
    model: &ModelEntry,
    device: &Device,
    measured: &SelfBenchmark,
    need: &Need,
) -> Option<Recommendation> {
    let positive = |seconds: f64| seconds.is_finite() && seconds > 0.0;
    if !positive(measured.encoder_seconds) || !positive(measured.decode_seconds) {
        return None;
    }
    let base = cost(measured.engine, Size::Tiny, measured.kind)?;
    let own = cost(measured.engine, model.size, model.kind)?;
    let encoder = measured.encoder_seconds * own.encoder / base.encoder;
    let decoder = measured.decode_seconds * own.decoder / base.decoder;
    let spoken = need.utterance_seconds.clamp(1.0, WINDOW);
    let predicted_rtf = encoder / spoken + decoder * TOKENS / MEASURED_TOKENS / WINDOW;
    // A phone that saves power slows down, and a single core is shared with the app.
    let strained = device.low_power || device.cores < 2;
    let allowed = if strained { need.max_rtf / 2.0 } else { need.max_rtf };
    let memory_bytes = u64::from(own.memory_mb) << 20;
    let may_take = device.memory_bytes / MEMORY_PART;
    let (fast, small) = (predicted_rtf <= allowed, memory_bytes <= may_take);
    let reason = match (fast, small) {
        (true, true) => format!("needs {predicted_rtf:.2} s for a second of speech"),
        (false, true) => format!(
            "too slow: needs {predicted_rtf:.2} s for a second of speech, {allowed:.2} are allowed"
        ),
        (_, false) => format!(
            "too large: takes {} MB of memory, {} MB can be spared",
            own.memory_mb,
            may_take >> 20
        ),
    };
    let id = model.id.clone();
    Some(Recommendation { id, predicted_rtf, memory_bytes, fits: fast && small, reason })
}

/// Seconds and memory as measured on one machine; only their ratios count.
struct Cost {
    encoder: f64,
    decoder: f64,
    memory_mb: u32,
}

/// x86_64, two threads, English-only shapes: encoder for 30 s, decoder for 32 tokens, resident MB.
/// whisper.cpp with llamafile kernels; its q5_1 decoder was not measured and counts as q8_0.
/// candle turns f16 into f32, and has no fast kernel for q5_1; its memory is the peak.
fn cost(engine: Engine, size: Size, kind: TensorKind) -> Option<Cost> {
    use TensorKind::{F16, Q5_1, Q8_0};
    let (encoder, decoder, memory_mb) = match (engine, size, kind) {
        (Engine::WhisperCpp, Size::Tiny, F16) => (0.63, 0.135, 213),
        (Engine::WhisperCpp, Size::Tiny, Q8_0) => (0.64, 0.067, 181),
        (Engine::WhisperCpp, Size::Tiny, Q5_1) => (0.92, 0.067, 170),
        (Engine::WhisperCpp, Size::Base, F16) => (1.34, 0.255, 326),
        (Engine::WhisperCpp, Size::Base, Q8_0) => (1.38, 0.144, 263),
        (Engine::WhisperCpp, Size::Base, Q5_1) => (2.06, 0.144, 242),
        (Engine::WhisperCpp, Size::Small, F16) => (4.47, 0.696, 764),
        (Engine::WhisperCpp, Size::Small, Q8_0) => (4.62, 0.517, 551),
        (Engine::WhisperCpp, Size::Small, Q5_1) => (7.59, 0.517, 480),
        (Engine::Candle, Size::Tiny, F16) => (0.655, 0.430, 329),
        (Engine::Candle, Size::Tiny, Q8_0) => (1.07, 0.110, 151),
        (Engine::Candle, Size::Base, F16) => (1.30, 0.693, 476),
        (Engine::Candle, Size::Base, Q8_0) => (1.25, 0.251, 261),
        (Engine::Candle, Size::Small, F16) => (4.24, 1.94, 1765),
        (Engine::Candle, Size::Small, Q8_0) => (3.79, 0.702, 730),
        _ => return None,
    };
    Some(Cost { encoder, decoder, memory_mb })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    fn ask(memory: u64, scale: f64, languages: &[&str], max_rtf: f64) -> Vec<Recommendation> {
        let device = Device { memory_bytes: memory, cores: 8, low_power: false };
        with(device, Engine::WhisperCpp, scale, languages, max_rtf)
    }

    fn with(
        device: Device,
        engine: Engine,
        scale: f64,
        languages: &[&str],
        max_rtf: f64,
    ) -> Vec<Recommendation> {
        let tiny = cost(engine, Size::Tiny, TensorKind::Q8_0).unwrap();
        let measured = SelfBenchmark {
            engine,
            kind: TensorKind::Q8_0,
            encoder_seconds: tiny.encoder * scale,
            decode_seconds: tiny.decoder * scale,
        };
        let languages = languages.iter().map(|l| (*l).to_owned()).collect();
        let need = Need { languages, max_rtf, utterance_seconds: 10.0 };
        recommend(&Manifest::built_in().unwrap(), &device, &measured, &need)
    }

    /// Memory, slowness against the measured machine, languages, limit, what comes first.
    #[test]
    fn the_best_that_fits_comes_first() {
        type Row<'a> = (u64, f64, &'a [&'a str], f64, Option<&'a str>);
        let table: &[Row<'_>] = &[
            (8 * GIB, 1.0, &["en"], 1.0, Some("small.en-q8_0")),
            (8 * GIB, 1.0, &["en"], 0.3, Some("base.en-q8_0")),
            (8 * GIB, 1.0, &["en"], 0.1, Some("tiny.en-q8_0")),
            (8 * GIB, 1.0, &["en"], 0.05, None),
            (8 * GIB, 0.5, &["en"], 0.3, Some("small.en-q8_0")),
            (8 * GIB, 4.0, &["en"], 1.0, Some("base.en-q8_0")),
            (8 * GIB, 1.0, &["de", "en"], 1.0, Some("small-q8_0")),
            (8 * GIB, 1.0, &["en", "xx"], 1.0, None),
            (2 * GIB, 1.0, &["en"], 1.0, Some("small.en-q5_1")),
            (GIB + GIB / 4, 1.0, &["en"], 1.0, Some("base.en-q8_0")),
            (GIB, 1.0, &["en"], 1.0, Some("base.en-q5_1")),
            (GIB / 2, 1.0, &["en"], 1.0, None),
        ];
        for (memory, scale, languages, max_rtf, expected) in table {
            let found = ask(*memory, *scale, languages, *max_rtf);
            let first = found.first().filter(|f| f.fits).map(|f| f.id.as_str());
            assert_eq!(first, *expected, "{memory} {scale} {languages:?} {max_rtf}: {found:?}");
        }
    }

    #[test]
    fn order_reasons_and_predictions() {
        let found = ask(8 * GIB, 1.0, &["en"], 0.3);
        assert_eq!(found.len(), 18);
        let fitting = found.iter().filter(|f| f.fits).count();
        assert!(found[..fitting].iter().all(|f| f.fits && f.predicted_rtf <= 0.3));
        let rest = &found[fitting..];
        assert!(rest.windows(2).all(|pair| pair[0].predicted_rtf <= pair[1].predicted_rtf));
        assert!(rest.iter().all(|f| f.reason.starts_with("too slow")), "{rest:?}");
        let tiny = found.iter().find(|f| f.id == "tiny.en-q8_0").unwrap();
        let expected = 0.64 / 10.0 + 0.067 * 100.0 / 32.0 / 30.0;
        assert!((tiny.predicted_rtf - expected).abs() < 1e-9);
        let large = ask(GIB, 1.0, &["en"], 1.0);
        let small = large.iter().find(|f| f.id == "small.en").unwrap();
        assert_eq!(small.reason, "too large: takes 764 MB of memory, 256 MB can be spared");
    }

    #[test]
    fn saving_power_and_a_single_core_halve_the_limit() {
        let calm = Device { memory_bytes: 8 * GIB, cores: 8, low_power: false };
        for device in [Device { low_power: true, ..calm }, Device { cores: 1, ..calm }] {
            let strained = with(device, Engine::WhisperCpp, 1.0, &["en"], 0.6);
            let halved = with(calm, Engine::WhisperCpp, 1.0, &["en"], 0.3);
            assert_eq!(strained, halved);
        }
    }

    #[test]
    fn candle_is_not_given_what_it_runs_badly() {
        let device = Device { memory_bytes: 8 * GIB, cores: 8, low_power: false };
        let found = with(device, Engine::Candle, 1.0, &["en"], 1.0);
        assert!(!found.is_empty() && found.iter().all(|f| !f.id.contains("q5_1")));
        assert_eq!(found[0].id, "small.en-q8_0");
    }

    #[test]
    fn a_measurement_that_is_none_recommends_nothing() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(ask(8 * GIB, bad, &["en"], 1.0).is_empty());
        }
    }
}
