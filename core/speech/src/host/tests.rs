use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use proptest::prelude::*;

use super::*;

/// Samples, language and phrases.
type Asked = (usize, Option<String>, Vec<String>);

/// Answers as told; remembers what it was asked.
#[derive(Default)]
struct Scripted {
    answer: Mutex<Option<Result<Vec<HostWord>, String>>>,
    asked: Mutex<Vec<Asked>>,
    languages: Vec<String>,
}

impl HostRecogniser for Scripted {
    fn recognise(
        &self,
        pcm: Vec<f32>,
        language: Option<String>,
        phrases: Vec<String>,
    ) -> Result<Vec<HostWord>, String> {
        assert!(pcm.iter().all(|s| (-1.0..=1.0).contains(s)));
        self.asked.lock().unwrap().push((pcm.len(), language, phrases));
        self.answer.lock().unwrap().take().unwrap_or_else(|| Ok(Vec::new()))
    }

    fn cancel(&self) {}

    fn languages(&self) -> Vec<String> {
        self.languages.clone()
    }
}

fn word(text: &str, start_ms: u32, end_ms: u32, confidence: f32) -> HostWord {
    HostWord { text: text.into(), start_ms, end_ms, confidence }
}

fn hear(answer: Result<Vec<HostWord>, String>, ask: &Ask) -> Result<Heard, SpeechError> {
    let host = Scripted { answer: Mutex::new(Some(answer)), ..Scripted::default() };
    HostEngine::new(Arc::new(host)).hear(&vec![0.1; 2 * RATE], ask, &Stop::default())
}

#[test]
fn hostile_answers_are_put_right() {
    let answer = vec![
        word("  ", 0, 10, 0.9),
        word("Good\u{0} morning", 100, 300, 0.9),
        word("late", 5000, 9000, f32::NAN),
        word("early", 50, 20, 7.0),
        word(",", 60, 70, 0.1),
        word("", 60, 70, -1.0),
    ];
    let heard = hear(Ok(answer), &Ask::default()).unwrap();
    let texts: Vec<&str> = heard.words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(texts, ["Good", "morning", "late", "early,"]);
    assert!(heard.words.iter().all(|w| w.start_ms <= w.end_ms && w.end_ms <= 2000));
    assert!(heard.words.windows(2).all(|pair| pair[0].end_ms <= pair[1].start_ms));
    assert_eq!(heard.words[2].probability, 0.0);
    assert_eq!(heard.words[3].probability, 1.0);
    assert!(heard.mean_log_probability < 0.0 && heard.no_speech == 0.0);
}

#[test]
fn scripts_without_spaces_get_none() {
    let answer =
        vec![word("今天", 0, 100, 1.0), word("見面", 100, 200, 1.0), word("ABB", 200, 300, 1.0)];
    let heard = hear(Ok(answer), &Ask::default()).unwrap();
    let spaced: Vec<bool> = heard.words.iter().map(|word| word.spaced).collect();
    assert_eq!(spaced, [true, false, true]);
}

#[test]
fn its_own_words_do_not_get_into_the_error() {
    let error = hear(Err("could not hear Lindqvist".into()), &Ask::default()).unwrap_err();
    assert!(matches!(error, SpeechError::Engine(_)) && !error.to_string().contains("Lindqvist"));
    assert_eq!(hear(Ok(Vec::new()), &Ask::default()).unwrap().no_speech, 1.0);
}

#[test]
fn it_is_told_language_and_names_and_refuses_what_it_does_not_know() {
    let host = Arc::new(Scripted {
        languages: vec!["en-US".into(), "de_DE".into()],
        ..Scripted::default()
    });
    let mut engine = HostEngine::new(host.clone());
    assert!(!engine.facts().english_only);
    let prompt = "Names that may occur: Ferrotec, Grace Nakamura; Helix.".to_owned();
    let ask = |language: &str| Ask {
        language: Some(language.into()),
        prompt: prompt.clone(),
        without_times: false,
    };
    let pcm = [f32::NAN, 3.0, f32::INFINITY].repeat(200);
    engine.hear(&pcm, &ask("de"), &Stop::default()).unwrap();
    let expected = ["Ferrotec", "Grace Nakamura", "Helix"].map(str::to_owned).to_vec();
    assert_eq!(*host.asked.lock().unwrap(), [(600, Some("de".to_owned()), expected)]);
    let unknown = engine.hear(&pcm, &ask("fr"), &Stop::default());
    assert!(matches!(unknown, Err(SpeechError::Unfit(_))));
    let long = engine.hear(&vec![0.0; WINDOW + 1], &ask("en"), &Stop::default());
    assert!(matches!(long, Err(SpeechError::TooLong { samples }) if samples == WINDOW + 1));
    assert!(engine.hear(&[0.0; 100], &ask("en"), &Stop::default()).unwrap().words.is_empty());
    assert_eq!(host.asked.lock().unwrap().len(), 1);
}

/// Recognises until it is cancelled.
struct Endless {
    begun: Sender<()>,
    cancelled: Mutex<Receiver<()>>,
    cancel: Sender<()>,
}

impl HostRecogniser for Endless {
    fn recognise(
        &self,
        _: Vec<f32>,
        _: Option<String>,
        _: Vec<String>,
    ) -> Result<Vec<HostWord>, String> {
        self.begun.send(()).unwrap();
        self.cancelled.lock().unwrap().recv().unwrap();
        Err("cancelled".into())
    }

    fn cancel(&self) {
        self.cancel.send(()).unwrap();
    }

    fn languages(&self) -> Vec<String> {
        Vec::new()
    }
}

#[test]
fn stopping_cancels_the_host() {
    let ((begun, has_begun), (cancel, cancelled)) = (channel(), channel());
    let host = Endless { begun, cancelled: Mutex::new(cancelled), cancel };
    let mut engine = HostEngine::new(Arc::new(host));
    let stop = Stop::default();
    let other = stop.clone();
    let stopper = thread::spawn(move || {
        has_begun.recv().unwrap();
        other.stop();
    });
    let heard = engine.hear(&[0.0; RATE], &Ask::default(), &stop);
    stopper.join().unwrap();
    assert!(matches!(heard, Err(SpeechError::Stopped)));
}

proptest! {
    #[test]
    fn any_answer_gives_sound_words(
        answer in prop::collection::vec((".{0,8}", any::<u32>(), any::<u32>(), any::<f32>()), 0..30)
    ) {
        let answer = answer.into_iter().map(|(text, from, to, sure)| word(&text, from, to, sure));
        let heard = hear(Ok(answer.collect()), &Ask::default()).unwrap();
        for word in &heard.words {
            prop_assert!(!word.text.is_empty() && word.start_ms <= word.end_ms);
            prop_assert!(word.end_ms <= 2000 && (0.0..=1.0).contains(&word.probability));
        }
        prop_assert!(heard.mean_log_probability <= 0.0);
    }
}
