#![allow(clippy::single_range_in_vec_init)]

use proptest::prelude::*;

use super::*;

/// Words of 250 ms from `at`, equally sure.
fn said(text: &str, at: u32, probability: f32) -> Vec<HeardWord> {
    let word = |(text, nth): (&str, u32)| HeardWord {
        text: text.to_owned(),
        spaced: true,
        start_ms: at + nth * 250,
        end_ms: at + nth * 250 + 240,
        probability,
    };
    text.split_whitespace().zip(0..).map(word).collect()
}

fn heard(words: Vec<HeardWord>) -> Heard {
    let tokens = words.len();
    Heard { words, no_speech: 0.1, mean_log_probability: -0.2, tokens, ..Heard::default() }
}

fn spoken(length_ms: u32) -> Facts {
    Facts { length_ms, speech: Some(vec![0..length_ms]), loudness_dbfs: Some(-25.0) }
}

fn silent(length_ms: u32) -> Facts {
    Facts { length_ms, speech: Some(Vec::new()), loudness_dbfs: Some(-55.0) }
}

fn text(heard: &Heard) -> String {
    let words: Vec<&str> = heard.words.iter().map(|word| word.text.as_str()).collect();
    words.join(" ")
}

/// What is left of sure words with speech everywhere.
fn left(input: &str) -> String {
    let mut heard = heard(said(input, 0, 0.9));
    let length_ms = heard.words.last().map_or(1000, |word| word.end_ms);
    check(&mut heard, &spoken(length_ms));
    text(&heard)
}

#[test]
fn what_people_say_stays() {
    let sentences = [
        "Yes.",
        "Thank you.",
        "No, no, no.",
        "No no no no no, that is another one.",
        "You.",
        "Okay. Thanks. Bye bye.",
        "Thanks for watching.",
        "My number is 0 0 0 0 0 0 0 7",
        "zero zero zero zero zero zero one",
        "We make (or rather made) pumps, sold (rarely) in France.",
        "call (555) 123",
        "It's very, very, very good.",
        "ha ha ha ha ha",
        "We need forty units by March, and forty units by May.",
        "Do you have a subscription? Subscribe to our newsletter at the desk.",
    ];
    for sentence in sentences {
        assert_eq!(left(sentence), sentence);
    }
}

#[test]
fn descriptions_go() {
    let table = [
        ("[Music]", ""),
        ("Hello [BLANK_AUDIO] there", "Hello there"),
        ("(soft music playing) So", "So"),
        ("*laughs* fine.", "fine."),
        ("♪ la la la ♪ hello", "hello"),
        ("Well (laughs) yes", "Well yes"),
        ("♪", ""),
        ("[Applause].", ""),
        ("(unclosed bracket stays", "(unclosed bracket stays"),
        (
            "(a very long remark that somebody really made here) yes",
            "(a very long remark that somebody really made here) yes",
        ),
    ];
    for (input, expected) in table {
        assert_eq!(left(input), expected, "{input}");
    }
}

/// Words squeezed into so many milliseconds each.
fn squeezed(text: &str, at: u32, each: u32) -> Vec<HeardWord> {
    let mut words = said(text, at, 0.9);
    for (word, nth) in words.iter_mut().zip(0..) {
        (word.start_ms, word.end_ms) = (at + nth * each, at + (nth + 1) * each);
    }
    words
}

#[test]
fn what_is_written_twice_but_said_once_stays_once() {
    let phrase = "Polar line was at our farm last week.";
    let joined = |parts: [Vec<HeardWord>; 3]| heard(parts.concat());
    let end = said("So.", 4200, 0.9);
    let mut second_in_no_time =
        joined([said(phrase, 0, 0.9), squeezed(phrase, 2000, 10), end.clone()]);
    let findings = check(&mut second_in_no_time, &spoken(5000));
    assert_eq!(findings, [Finding { reason: Reason::Loop, words: 8..16, removed: true }]);
    let mut first_in_no_time =
        joined([squeezed(phrase, 0, 10), said(phrase, 80, 0.9), end.clone()]);
    let findings = check(&mut first_in_no_time, &spoken(5000));
    assert_eq!(findings, [Finding { reason: Reason::Loop, words: 0..8, removed: true }]);
    let mut said_twice = joined([said(phrase, 0, 0.9), said(phrase, 2000, 0.9), end.clone()]);
    assert_eq!(check(&mut said_twice, &spoken(5000)), []);
    let short = "No, not us.";
    let mut too_short = joined([said(short, 0, 0.9), squeezed(short, 1000, 10), end]);
    assert_eq!(check(&mut too_short, &spoken(5000)), []);
}

#[test]
fn loops_keep_their_first_round() {
    let table = [
        ("the the the the the the the the", "the"),
        ("I think I think I think I think I think so", "I think so"),
        ("We make pumps. We make pumps. We make pumps. We make pumps. We", "We make pumps."),
        (
            "so how can I help you? How can I help you? How can I help you? Well",
            "so how can I help you? Well",
        ),
        ("1 1 1 1 1 1 1 1 1 1 1 1", "1"),
        ("a b a b a b", "a b a b a b"),
    ];
    for (input, expected) in table {
        assert_eq!(left(input), expected, "{input}");
    }
}

#[test]
fn text_that_goes_in_circles_is_made_unsure() {
    let round = "we can see that we can do that and we can see it so ";
    let mut heard = heard(said(&(round.repeat(2) + "then " + round), 0, 0.9));
    let before = heard.words.len();
    let findings = check(&mut heard, &spoken(20_000));
    assert_eq!(heard.words.len(), before);
    assert!(heard.words.iter().all(|word| word.probability <= 0.3), "{findings:?}");
    assert_eq!(findings, [Finding { reason: Reason::Loop, words: 0..before, removed: false }]);
}

#[test]
fn in_silence_nothing_stays() {
    for phrase in ["Thank you.", "We ship on Monday.", "you", "Thanks for watching!"] {
        let mut quiet = Heard { no_speech: 0.0, ..heard(said(phrase, 0, 0.9)) };
        let count = quiet.words.len();
        let findings = check(&mut quiet, &silent(5000));
        let expected = Finding { reason: Reason::Silence, words: 0..count, removed: true };
        assert_eq!((text(&quiet), findings), (String::new(), vec![expected]));
    }
    let mut inaudible = heard(said("We ship on Monday.", 0, 0.9));
    check(&mut inaudible, &Facts::of(&[0.0; 16_000], None));
    assert!(inaudible.words.is_empty());
}

#[test]
fn words_far_from_speech_go_and_those_beside_it_stay() {
    let facts = Facts { speech: Some(vec![1000..2000]), ..spoken(10_000) };
    let mut words = said("We ship Monday", 1000, 0.9);
    words.extend(said("nearly", 2900, 0.9));
    words.extend(said("unsure", 3150, 0.4));
    words.extend(said("invented here", 6000, 0.95));
    let mut heard = heard(words);
    let findings = check(&mut heard, &facts);
    assert_eq!(text(&heard), "We ship Monday nearly");
    assert_eq!(heard.words[3].probability, 0.3);
    assert!(findings.contains(&Finding { reason: Reason::Silence, words: 4..7, removed: true }));
}

#[test]
fn a_stock_phrase_stays_only_where_speech_bears_it_out() {
    let table = [
        ("Thank you.", 0.1, 0.9, Some(0..400), true),
        ("Thank you.", 0.1, 0.9, Some(5000..6000), false),
        ("Thank you.", 0.9, 0.9, Some(0..400), false),
        ("Thank you.", 0.1, 0.1, Some(0..400), false),
        ("Thank you.", 0.1, 0.9, None, true),
        ("Thank you.", 0.6, 0.9, None, false),
        ("Subtitles by the Amara.org community", 0.1, 0.7, Some(0..3000), false),
        ("Don't forget to subscribe!", 0.3, 0.9, Some(0..3000), false),
        ("Don't forget to subscribe!", 0.1, 0.9, Some(0..3000), true),
        ("Don't forget to subscribe!", 0.1, 0.9, None, false),
    ];
    for (phrase, no_speech, probability, speech, stays) in table {
        let mut heard = Heard { no_speech, ..heard(said(phrase, 0, probability)) };
        let speech: Option<Vec<Range<u32>>> = speech.map(|span| vec![span]);
        check(&mut heard, &Facts { speech, ..spoken(8000) });
        assert_eq!(!heard.words.is_empty(), stays, "{phrase} {no_speech} {probability}");
    }
}

#[test]
fn a_stock_sentence_goes_and_its_neighbours_stay() {
    let mut words = said("We ship on Monday.", 0, 0.9);
    words.extend(said("Thank you.", 9000, 0.9));
    let mut heard = heard(words);
    let facts = Facts { speech: Some(vec![0..1000, 8750..8850]), ..spoken(12_000) };
    let findings = check(&mut heard, &facts);
    assert_eq!(text(&heard), "We ship on Monday.");
    assert_eq!(findings, [Finding { reason: Reason::StockPhrase, words: 4..6, removed: true }]);
}

#[test]
fn faster_than_anybody_speaks_is_doubted() {
    let quick = |every: u32| {
        let mut words = said(&(0..30).map(|n| format!("w{n} ")).collect::<String>(), 0, 0.9);
        for (word, at) in words.iter_mut().zip(0..) {
            (word.start_ms, word.end_ms) = (at * every, at * every + every);
        }
        let mut heard = heard(words);
        check(&mut heard, &spoken(6000));
        heard.words.iter().filter(|word| word.probability <= 0.3).count()
    };
    assert_eq!((quick(200), quick(130), quick(80)), (0, 0, 30));
    let mut short = heard(said("eight words in half a second of sound", 0, 0.9));
    short.words.iter_mut().for_each(|word| (word.start_ms, word.end_ms) = (0, 400));
    let findings = check(&mut short, &spoken(400));
    assert_eq!(findings, [Finding { reason: Reason::TooFast, words: 0..8, removed: false }]);
}

#[test]
fn level_and_length_come_from_the_sound() {
    let facts = Facts::of(&[0.1; 32_000], None);
    assert_eq!(facts.length_ms, 2000);
    assert!((facts.loudness_dbfs.unwrap() + 20.0).abs() < 0.01);
    assert_eq!(Facts::of(&[], None).loudness_dbfs, Some(-120.0));
    assert!(Facts::of(&[f32::NAN; 9], None).loudness_dbfs.unwrap() <= -100.0);
}

fn any_word() -> impl Strategy<Value = HeardWord> {
    let texts = vec![
        "the",
        "you",
        "Thank",
        "you.",
        "[Music]",
        "(",
        "♪",
        "no",
        "1",
        "*",
        "!",
        "subscribe.",
        "天",
        "Subtitles",
        "by",
        "é",
        "",
    ];
    let text = prop_oneof![prop::sample::select(texts).prop_map(str::to_owned), ".{0,5}",];
    let times = (any::<u16>(), any::<u16>());
    (text, any::<bool>(), times, 0.0_f32..=1.0).prop_map(|(text, spaced, times, probability)| {
        let (start, end) = (u32::from(times.0), u32::from(times.1));
        HeardWord { text, spaced, start_ms: start, end_ms: start.max(end), probability }
    })
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let span = (any::<u32>(), any::<u32>()).prop_map(|(a, b)| a.min(b)..a.max(b));
    let speech = prop::option::of(prop::collection::vec(span, 0..4));
    (any::<u16>(), speech, prop::option::of(-120.0_f32..0.0)).prop_map(|(length, speech, level)| {
        Facts { length_ms: length.into(), speech, loudness_dbfs: level }
    })
}

proptest! {
    #[test]
    fn it_only_takes_away_and_says_what(
        words in prop::collection::vec(any_word(), 0..60),
        facts in any_facts(),
        no_speech in 0.0_f32..=1.0,
        mean in -4.0_f32..0.0,
    ) {
        let before = words.clone();
        let mut heard = Heard { no_speech, mean_log_probability: mean, ..heard(words) };
        let findings = check(&mut heard, &facts);
        let gone = |at: &usize| findings.iter().any(|f| f.removed && f.words.contains(at));
        let kept: Vec<usize> = (0..before.len()).filter(|at| !gone(at)).collect();
        prop_assert_eq!(kept.len(), heard.words.len());
        for (at, word) in kept.into_iter().zip(&heard.words) {
            prop_assert_eq!(&before[at].text, &word.text);
            prop_assert!(word.probability <= before[at].probability);
        }
        prop_assert!(findings.windows(2).all(|pair| pair[0].words.end <= pair[1].words.start));
    }

    #[test]
    fn what_was_checked_stays_as_it_is(words in prop::collection::vec(any_word(), 0..40)) {
        let mut heard = heard(words);
        for _ in 0..8 {
            check(&mut heard, &spoken(60_000));
        }
        let once = heard.clone();
        check(&mut heard, &spoken(60_000));
        prop_assert_eq!(once.words, heard.words);
    }
}
