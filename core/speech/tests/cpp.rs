//! whisper.cpp on real weights.
#![cfg(feature = "whisper-cpp")]
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stderr)]

mod support;

use confee_models::ggml::WhisperFile;
use confee_speech::whisper_cpp::{EncoderWindow, Options, WhisperCpp, WordTimes};
use confee_speech::{Ask, Engine, Heard, RATE, SpeechError, Stop, WINDOW};
use support::{clip, model};

fn load(file: &WhisperFile, options: Options) -> WhisperCpp {
    WhisperCpp::load(file, options).unwrap()
}

fn hear(engine: &mut WhisperCpp, pcm: &[f32]) -> Heard {
    engine.hear(pcm, &Ask::default(), &Stop::default()).unwrap()
}

/// Small letters, no marks.
fn text(heard: &Heard) -> String {
    let words = heard.words.iter().map(|word| word.text.to_lowercase());
    let plain = |word: String| word.chars().filter(|c| c.is_alphanumeric()).collect();
    words.map(plain).collect::<Vec<String>>().join(" ")
}

fn assert_sound(heard: &Heard, length_ms: u32) {
    for word in &heard.words {
        assert!(word.start_ms <= word.end_ms && word.end_ms <= length_ms, "{word:?}");
        assert!((0.0..=1.0).contains(&word.probability), "{word:?}");
    }
    assert!(heard.words.windows(2).all(|pair| pair[0].end_ms <= pair[1].start_ms));
    assert!((0.0..=1.0).contains(&heard.no_speech) && heard.mean_log_probability <= 0.0);
}

#[test]
fn it_hears_what_is_said_and_when() {
    let Some(file) = model() else { return };
    let pcm = clip("forty_units");
    for times in [WordTimes::Aligned, WordTimes::Estimated] {
        let mut engine = load(&file, Options { times, ..Options::default() });
        let heard = hear(&mut engine, &pcm);
        assert!(["40 units by march", "forty units by march"].contains(&text(&heard).as_str()));
        assert_sound(&heard, (pcm.len() * 1000 / RATE) as u32);
        assert!(heard.tokens >= 4 && heard.no_speech < 0.3 && heard.language == "en");
        if times == WordTimes::Aligned {
            // The clip begins with 0.3 s of silence.
            let starts: Vec<u32> = heard.words.iter().map(|word| word.start_ms).collect();
            assert!((250..600).contains(&starts[0]), "{starts:?}");
            assert!(starts.windows(2).all(|pair| pair[0] < pair[1]), "{starts:?}");
        }
    }
}

#[test]
fn the_same_sound_gives_the_same_and_any_sound_is_taken() {
    let Some(file) = model() else { return };
    let mut engine = load(&file, Options { window: EncoderWindow::Fitted, ..Options::default() });
    let pcm = clip("no_no_no");
    let first = hear(&mut engine, &pcm);
    let mut spoilt = pcm.clone();
    for (at, wrong) in [(10, f32::NAN), (20, f32::INFINITY), (30, 7.0), (40, -1e30)] {
        spoilt[at] = wrong;
    }
    let other = hear(&mut engine, &spoilt);
    assert_eq!(text(&other), text(&first));
    assert_sound(&other, 3000);
    // What was heard in between leaves no trace.
    assert_eq!(hear(&mut engine, &pcm), first);
    for length in [0, 1, 159] {
        assert!(hear(&mut engine, &pcm[..length]).words.is_empty(), "{length}");
    }
    // Whisper may invent a word here; the filters see to that.
    assert_sound(&hear(&mut engine, &pcm[..160]), 10);
    let long = engine.hear(&vec![0.0; WINDOW + 1], &Ask::default(), &Stop::default());
    assert!(matches!(long, Err(SpeechError::TooLong { samples }) if samples == WINDOW + 1));
}

#[test]
fn prompts_of_any_kind_are_taken() {
    let Some(file) = model() else { return };
    let mut engine = load(&file, Options { window: EncoderWindow::Fitted, ..Options::default() });
    let pcm = clip("forty_units");
    for prompt in
        ["Units, March.\0", "<|endoftext|> \u{1F600} 天", &"Ferrotec, Lindqvist, ".repeat(300)]
    {
        let ask = Ask { prompt: prompt.into(), ..Ask::default() };
        assert_sound(&engine.hear(&pcm, &ask, &Stop::default()).unwrap(), 3000);
    }
    let ask = Ask { without_times: true, ..Ask::default() };
    let heard = engine.hear(&pcm, &ask, &Stop::default()).unwrap();
    let length = (pcm.len() * 1000 / RATE) as u32;
    assert!(heard.words.iter().all(|word| (word.start_ms, word.end_ms) == (0, length)));
    let german = Ask { language: Some("de".into()), ..Ask::default() };
    let refused = engine.hear(&pcm, &german, &Stop::default());
    assert_eq!(refused.is_err(), engine.facts().english_only);
}

#[test]
fn it_can_be_stopped_while_it_hears_and_goes_on_afterwards() {
    let Some(file) = model() else { return };
    let mut engine = load(&file, Options::default());
    let pcm: Vec<f32> = clip("forty_units").into_iter().cycle().take(WINDOW).collect();
    let stop = Stop::default();
    let other = stop.clone();
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(30));
        other.stop();
    });
    let stopped = engine.hear(&pcm, &Ask::default(), &stop);
    stopper.join().unwrap();
    assert!(matches!(stopped, Err(SpeechError::Stopped)));
    assert_eq!(text(&hear(&mut engine, &clip("yes"))), "yes");
}

#[cfg(target_os = "linux")]
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Slow: 50 loads.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes minutes; its memory figures want a process of their own"]
fn memory_is_given_back() {
    let Some(file) = model() else { return };
    let round = |hears: bool| {
        let mut engine =
            load(&file, Options { window: EncoderWindow::Fitted, ..Options::default() });
        if hears {
            hear(&mut engine, &clip("yes"));
        }
    };
    (0..5).for_each(|_| round(true));
    let before = resident_kib();
    (0..50).for_each(|nth| round(nth % 10 == 0));
    let after = resident_kib();
    eprintln!("resident before {before} KiB, after {after} KiB");
    assert!(after < before + 8 * 1024, "{before} KiB grew to {after} KiB");
}

/// Slow: 200 calls on one engine.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes minutes; its memory figures want a process of their own"]
fn calls_leave_nothing_behind() {
    let Some(file) = model() else { return };
    let mut engine = load(&file, Options { window: EncoderWindow::Fitted, ..Options::default() });
    let ask = Ask { prompt: "Ferrotec, Lindqvist, ".repeat(20), ..Ask::default() };
    let mut call = || engine.hear(&clip("yes"), &ask, &Stop::default()).unwrap();
    (0..10).for_each(|_| drop(call()));
    let before = resident_kib();
    (0..100).for_each(|_| drop(call()));
    let after = resident_kib();
    eprintln!("resident before {before} KiB, after {after} KiB");
    assert!(after < before + 1024, "{before} KiB grew to {after} KiB");
}
