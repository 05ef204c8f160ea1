use std::path::Path;

use super::*;

/// As in `tests/support`: the real model, or nothing where there is none.
fn engine() -> Option<WhisperCpp> {
    let Some(path) = std::env::var_os("CONFEE_WHISPER_MODEL") else {
        let required = std::env::var("CONFEE_REQUIRE_MODELS").is_ok_and(|value| value == "1");
        assert!(!required, "set CONFEE_WHISPER_MODEL to a ggml file of tiny.en");
        eprintln!("skipped: CONFEE_WHISPER_MODEL is not set");
        return None;
    };
    let file = WhisperFile::open(Path::new(&path)).unwrap();
    Some(WhisperCpp::load(&file, Options::default()).unwrap())
}

/// The callback is asked, obeyed, and does no harm otherwise: whisper-rs's own way of installing it
/// makes every run fail.
#[test]
fn a_stop_ends_the_run_at_the_next_pass() {
    let Some(mut engine) = engine() else { return };
    let stop = Stop::default();
    let ask = Ask { prompt: "a b c".into(), ..Ask::default() };
    engine.sound = (0..RATE * 2).map(|i| (i as f32 * 0.02).sin() * 0.1).collect();
    engine.run(&ask, &stop).unwrap();
    let passes = engine.settings.passes();
    assert!(passes >= 2, "{passes}");
    stop.stop();
    assert!(matches!(engine.run(&ask, &stop), Err(SpeechError::Stopped)));
    assert_eq!(engine.settings.passes(), 1);
    engine.run(&ask, &Stop::default()).unwrap();
    assert_eq!(engine.settings.passes(), passes);
}

#[test]
fn languages_are_checked_before_they_reach_whisper() {
    let shape =
        |vocab| WhisperShape::from_header([vocab, 1500, 384, 6, 4, 448, 384, 6, 4, 80, 1]).unwrap();
    let check = |vocab, language: &str| {
        let settings = Settings::new(&Options::default(), &shape(vocab), true);
        let ask = Ask { language: Some(language.into()), ..Ask::default() };
        settings.check_language(&ask).is_ok()
    };
    for language in ["de", "yue", "zh", "en"] {
        assert!(check(51_865, language), "{language}");
        assert_eq!(check(51_864, language), language == "en");
    }
    for language in ["", "xx", "german", "d\0", "EN", "de-DE", "auto", "é"] {
        assert!(!check(51_865, language), "{language}");
    }
}
