//! Talks through a session with scripted engines: every word once, at its time, in bounded memory.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "stream/script.rs"]
mod script;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use confee_domain::LossCause;
use confee_speech::stream::{
    Preview, Session, Sound, Spoken, Transcriber, TranscriberConfig, UtterancePolicy,
};
use confee_speech::{PromptBook, SpeechError};
use proptest::prelude::*;

use script::{Gate, Log, Reader, Said, Script};

/// Pause before, words, milliseconds of a word.
type Phrase = (u64, u64, u64);

fn session(reader: Reader, config: TranscriberConfig) -> Box<Session> {
    Box::new(Session::start(Box::new(reader), config).unwrap())
}

/// Hears a script as a whole.
fn hear(script: &Script, chunk_ms: u64, config: TranscriberConfig) -> (Vec<Spoken>, Arc<Log>) {
    let log = Arc::new(Log::default());
    let origin_ms = config.start_ms;
    let mut session = session(Reader { log: Arc::clone(&log), ..Reader::default() }, config);
    let mut spoken = Vec::new();
    let take = |s: &mut Session, _| spoken.extend(s.spoken());
    script.feed(session.as_mut(), chunk_ms, origin_ms, take).unwrap();
    spoken.extend(session.finish().unwrap());
    (spoken, log)
}

fn words(spoken: &[Spoken]) -> Vec<(String, u64, u64)> {
    let words = spoken.iter().flat_map(|s| &s.words);
    words.map(|w| (w.text.clone(), w.start_ms, w.end_ms)).collect()
}

fn expected(script: &Script, origin_ms: u64) -> Vec<(String, u64, u64)> {
    let name =
        |(i, w): (usize, &Said)| (Script::name(i), origin_ms + w.start_ms, origin_ms + w.end_ms);
    script.words.iter().enumerate().map(name).collect()
}

fn lengths(spoken: &[Spoken]) -> Vec<u64> {
    spoken.iter().map(|s| s.end_ms - s.start_ms).collect()
}

#[test]
fn words_come_at_the_time_of_the_stream() {
    let script = Script::of(&[(1_234, 5, 310), (4_000, 3, 275)]);
    for chunk_ms in [1, 7, 20, 100, 3_000, 60_000] {
        let config = TranscriberConfig { start_ms: 77_013, ..TranscriberConfig::default() };
        let (spoken, _) = hear(&script, chunk_ms, config);
        assert_eq!(words(&spoken), expected(&script, 77_013), "{chunk_ms}");
        // Pre-roll before, hangover after, on a grid of 16 ms.
        assert_eq!(spoken[0].start_ms, 77_013 + 976);
        assert_eq!(spoken[0].end_ms, 77_013 + 1_234 + 5 * 350 - 40 + 400);
    }
}

#[test]
fn short_phrases_share_an_utterance_and_long_pauses_part_them() {
    // Pauses as heard; the hangover takes 400 ms of each.
    let table: &[(&[Phrase], usize)] = &[
        (&[(500, 1, 300), (1_500, 1, 300), (1_500, 1, 300)], 1),
        (&[(500, 1, 300), (2_500, 1, 300)], 2),
        (&[(500, 20, 300), (900, 20, 300)], 1),
        (&[(500, 20, 300), (1_300, 20, 300)], 2),
        (&[(500, 55, 300), (700, 20, 300)], 2),
        (&[(500, 20, 300); 12], 4),
        (&[], 0),
        (&[(9_000, 0, 0)], 0),
    ];
    for (phrases, utterances) in table {
        let script = Script::of(phrases);
        let (spoken, log) = hear(&script, 50, TranscriberConfig::default());
        assert_eq!(words(&spoken), expected(&script, 0));
        assert_eq!(spoken.len(), *utterances, "{phrases:?} {:?}", lengths(&spoken));
        assert_eq!(log.calls.load(Ordering::SeqCst), *utterances);
    }
}

#[test]
fn speech_without_a_pause_is_split_between_words() {
    let script = Script::of(&[(500, 600, 450)]);
    let (spoken, _) = hear(&script, 100, TranscriberConfig::default());
    assert_eq!(words(&spoken), expected(&script, 0));
    let lengths = lengths(&spoken);
    let (_, whole) = lengths.split_last().unwrap();
    assert!(whole.iter().all(|ms| (24_000..=28_000).contains(ms)), "{lengths:?}");
}

#[test]
fn a_muted_minute_parts_utterances_and_a_lost_frame_does_not() {
    let mut script = Script::of(&[(500, 10, 300), (0, 10, 300)]);
    script.missing = vec![(2_000, 2_040, LossCause::Lost)];
    let (spoken, _) = hear(&script, 20, TranscriberConfig::default());
    assert_eq!(spoken.len(), 1);
    assert!(spoken[0].words[4].confidence.as_permille() < 1000);

    let mut script = Script::of(&[(500, 10, 300), (60_000, 10, 300)]);
    script.missing = vec![(4_000, 63_000, LossCause::Muted)];
    let (spoken, log) = hear(&script, 20, TranscriberConfig::default());
    assert_eq!(words(&spoken), expected(&script, 0));
    assert_eq!(spoken.len(), 2);
    assert!(spoken[0].end_ms <= 4_400 && spoken[1].start_ms >= 63_000, "{spoken:?}");
    assert!(log.silent_ms.load(Ordering::SeqCst) < 1_000);
}

#[test]
fn sound_without_decisions_is_heard_as_speech() {
    let mut session = session(Reader::default(), TranscriberConfig::default());
    let pcm = vec![0.25; 90 * 16_000];
    session.push(Sound { pcm: &pcm, ..Sound::default() }).unwrap();
    let spoken = session.finish().unwrap();
    assert_eq!(spoken.last().unwrap().end_ms, 90_000);
    assert!(spoken.windows(2).all(|w| w[0].end_ms == w[1].start_ms));
}

#[test]
fn a_full_queue_makes_the_caller_wait_and_a_stop_frees_it() {
    let gate = Arc::new(Gate::default());
    let log = Arc::new(Log::default());
    let reader = Reader { gate: Some(gate), log: Arc::clone(&log), ..Reader::default() };
    let mut session = session(reader, TranscriberConfig::default());
    let stop = session.stop();
    let reached = Arc::new(AtomicU64::new(0));
    let told = Arc::clone(&reached);
    let feeder = std::thread::spawn(move || {
        let script = Script::of(&[(3_000, 10, 300); 40]);
        script.feed(session.as_mut(), 100, 0, |_, ms| told.store(ms, Ordering::SeqCst))
    });
    // One is heard, two wait, one has no place: the fourth ends 2 s after its last word.
    while reached.load(Ordering::SeqCst) < 27_000 {
        std::thread::yield_now();
    }
    std::thread::sleep(std::time::Duration::from_millis(50));
    stop.stop();
    assert!(matches!(feeder.join().unwrap(), Err(SpeechError::Stopped)));
    let reached = reached.load(Ordering::SeqCst);
    assert!((27_000..28_000).contains(&reached), "{reached}");
    assert_eq!(log.calls.load(Ordering::SeqCst), 1);
}

#[test]
fn one_failure_is_tried_again_and_two_end_the_talk() {
    let script = Script::of(&[(3_000, 10, 300); 3]);
    let run = |failing: &[usize]| {
        let reader = Reader { failing: failing.to_vec(), ..Reader::default() };
        let mut session = session(reader, TranscriberConfig::default());
        let fed = script.feed(session.as_mut(), 100, 0, |_, _| {});
        fed.and_then(|()| session.finish())
    };
    assert_eq!(words(&run(&[1]).unwrap()), expected(&script, 0));
    assert!(matches!(run(&[1, 2]), Err(SpeechError::Engine(why)) if why == "as told"));
}

#[test]
fn a_panic_of_the_engine_is_an_error() {
    let script = Script::of(&[(500, 10, 300)]);
    let mut session =
        session(Reader { panics: true, ..Reader::default() }, TranscriberConfig::default());
    script.feed(session.as_mut(), 100, 0, |_, _| {}).unwrap();
    assert!(matches!(session.finish(), Err(SpeechError::Engine(_))));
}

#[test]
fn the_engine_comes_back_for_the_next_talk() {
    let script = Script::of(&[(500, 10, 300)]);
    let mut session = session(Reader::default(), TranscriberConfig::default());
    script.feed(session.as_mut(), 100, 0, |_, _| {}).unwrap();
    let ended = session.end();
    assert_eq!(ended.spoken.unwrap().len(), 1);
    let mut next = Session::start(ended.engine.unwrap(), TranscriberConfig::default()).unwrap();
    script.feed(&mut next, 100, 0, |_, _| {}).unwrap();
    assert_eq!(next.end().spoken.unwrap().len(), 1);
}

#[test]
fn names_reach_the_engine_and_a_check_may_take_words() {
    let log = Arc::new(Log::default());
    let config = TranscriberConfig {
        language: Some("en".into()),
        prompt: PromptBook { company: Some("Confee".into()), ..PromptBook::default() },
        check: Some(Box::new(|heard, facts| {
            assert_eq!(facts.voice.len(), 1);
            heard.words.truncate(3);
            7
        })),
        ..TranscriberConfig::default()
    };
    let mut session = session(Reader { log: Arc::clone(&log), ..Reader::default() }, config);
    Script::of(&[(500, 10, 300)]).feed(session.as_mut(), 100, 0, |_, _| {}).unwrap();
    let spoken = session.finish().unwrap();
    assert_eq!((spoken[0].words.len(), spoken[0].removed), (3, 7));
    let asks = log.asks.lock().unwrap();
    assert_eq!(
        (asks[0].prompt.as_str(), asks[0].language.as_deref()),
        ("Glossary: Confee.", Some("en"))
    );
}

#[test]
fn a_preview_confirms_while_speech_goes_on_and_ends_with_its_utterance() {
    let script = Script::of(&[(500, 70, 300)]);
    let config = TranscriberConfig { preview: true, ..TranscriberConfig::default() };
    let log = Arc::new(Log::default());
    let mut session = session(Reader { log: Arc::clone(&log), ..Reader::default() }, config);
    let mut shown: Vec<Preview> = Vec::new();
    script
        .feed(session.as_mut(), 100, 0, |s, ms| {
            // As slow as the engine needs, so that every preview is heard.
            while ms % 1_000 == 0 && ms > 2_000 && shown.len() as u64 + 2 < ms / 1_000 {
                shown.extend(s.preview());
                std::thread::yield_now();
            }
        })
        .unwrap();
    assert!(shown.len() > 15, "{}", shown.len());
    assert!(shown.windows(2).all(|w| w[1].confirmed.starts_with(&w[0].confirmed)));
    let last = shown.last().unwrap();
    let heard: Vec<&str> = last.confirmed.split(' ').collect();
    assert!(heard.len() > 40);
    assert!(heard.iter().enumerate().all(|(i, w)| *w == Script::name(i)), "{}", last.confirmed);
    let spoken = session.finish().unwrap();
    assert_eq!(words(&spoken), expected(&script, 0), "previews are never stored");
    let lengths = log.lengths.lock().unwrap();
    assert!(lengths[..lengths.len() - 1].iter().all(|ms| *ms <= 15_000), "{lengths:?}");
}

#[test]
fn a_preview_makes_way_for_text_that_counts() {
    let gate = Arc::new(Gate::default());
    let log = Arc::new(Log::default());
    let reader =
        Reader { gate: Some(Arc::clone(&gate)), log: Arc::clone(&log), ..Reader::default() };
    let config = TranscriberConfig { preview: true, ..TranscriberConfig::default() };
    let mut session = session(reader, config);
    let script = Script::of(&[(500, 10, 300), (3_000, 0, 0)]);
    script
        .feed(session.as_mut(), 100, 0, |_, ms| {
            while ms >= 2_500 && log.calls.load(Ordering::SeqCst) == 0 {
                std::thread::yield_now();
            }
        })
        .unwrap();
    // The utterance has ended: the preview that was being heard was stopped for it.
    while log.calls.load(Ordering::SeqCst) < 2 {
        std::thread::yield_now();
    }
    assert_eq!(log.stopped.load(Ordering::SeqCst), 1);
    gate.open();
    assert_eq!(words(&session.finish().unwrap()), expected(&script, 0));
}

#[test]
fn an_hour_comes_through_word_by_word() {
    let phrases: Vec<(u64, u64, u64)> = (0..420_u64)
        .map(|i| (100 + i * 389 % 4_000, 1 + i * 53 % 40, 120 + i * 97 % 400))
        .collect();
    let script = Script::of(&phrases);
    assert!(script.length_ms > 3_600_000, "{}", script.length_ms);
    let (spoken, _) = hear(&script, 500, TranscriberConfig::default());
    assert_eq!(words(&spoken), expected(&script, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_word_comes_once_at_its_time(
        phrases in prop::collection::vec((200_u64..4_000, 1_u64..70, 150_u64..600), 1..14),
        chunk_ms in 1_u64..1_500,
    ) {
        let script = Script::of(&phrases);
        let (spoken, log) = hear(&script, chunk_ms, TranscriberConfig::default());
        prop_assert_eq!(words(&spoken), expected(&script, 0));
        prop_assert!(spoken.windows(2).all(|w| w[0].end_ms <= w[1].start_ms));
        prop_assert!(log.lengths.lock().unwrap().iter().all(|ms| *ms <= 28_000));
    }

    #[test]
    fn any_sound_and_any_decisions_do_no_harm(
        pushes in prop::collection::vec(
            (0_usize..40_000, prop::collection::vec((0_u64..20_000, any::<bool>(), any::<f32>()), 0..9), 0_u8..4),
            0..30,
        ),
        level in prop_oneof![Just(f32::NAN), Just(f32::INFINITY), -2.0_f32..2.0],
        longest_ms in 0_u64..40_000,
    ) {
        let cut = UtterancePolicy { longest_ms, ..UtterancePolicy::default() };
        let config = TranscriberConfig { cut, preview: true, ..TranscriberConfig::default() };
        let mut session = session(Reader::default(), config);
        for (samples, decisions, missing) in pushes {
            let pcm = vec![level; samples];
            let voice: Vec<_> = decisions
                .into_iter()
                .map(|(start_ms, speech, probability)| confee_speech::stream::Voice { start_ms, speech, probability })
                .collect();
            let missing = [None, None, Some(LossCause::Lost), Some(LossCause::Muted)][missing as usize];
            session.push(Sound { pcm: &pcm, voice: &voice, missing, quality: None }).unwrap();
        }
        let spoken = session.finish().unwrap();
        prop_assert!(spoken.windows(2).all(|w| w[0].start_ms <= w[1].start_ms));
    }
}
