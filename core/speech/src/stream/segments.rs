use confee_domain::{Segment, Speaker, Word};

use super::{Spoken, SpokenWord};

/// A pause after a sentence that begins a new segment.
const PAUSE_MS: u64 = 600;

/// Words of finished utterances as segments of a transcript. `who` names the speaker of a time.
///
/// A segment ends with its utterance, where the speaker changes, and after a sentence that a pause
/// of more than 0.6 s follows. One word between two of another speaker is taken for that speaker's,
/// unless it is a sentence of its own. No word is lost or doubled, except words without text;
/// times that run backwards are moved forward to where they no longer do.
#[must_use]
pub fn into_segments(spoken: &[Spoken], who: &dyn Fn(u64, u64) -> Option<Speaker>) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut at_ms = 0;
    for utterance in spoken {
        let words: Vec<SpokenWord> =
            utterance.words.iter().filter_map(|w| forward(w, &mut at_ms)).collect();
        let speakers = speakers(&words, who);
        let mut start = 0;
        for end in 1..=words.len() {
            if end == words.len() || parted(&words, &speakers, end) {
                segments.push(segment(&words[start..end], speakers[start]));
                start = end;
            }
        }
    }
    segments
}

/// A word that does not begin before the one before it; none without text.
fn forward(word: &SpokenWord, at_ms: &mut u64) -> Option<SpokenWord> {
    let text = word.text.trim();
    if text.is_empty() {
        return None;
    }
    let start_ms = word.start_ms.max(*at_ms);
    *at_ms = start_ms;
    Some(SpokenWord { text: text.to_owned(), start_ms, end_ms: word.end_ms.max(start_ms), ..*word })
}

/// Who says each word, without words that flip.
fn speakers(
    words: &[SpokenWord],
    who: &dyn Fn(u64, u64) -> Option<Speaker>,
) -> Vec<Option<Speaker>> {
    let raw: Vec<_> = words.iter().map(|w| who(w.start_ms, w.end_ms)).collect();
    let mut speakers = raw.clone();
    for i in 1..words.len().saturating_sub(1) {
        let (before, after) = (raw[i - 1], raw[i + 1]);
        let sentence = ends_sentence(&words[i - 1]) && ends_sentence(&words[i]);
        // The word before must not itself be one that flipped.
        if before.is_some() && before == after && before == speakers[i - 1] && !sentence {
            speakers[i] = before;
        }
    }
    speakers
}

/// Whether a new segment begins with word `at`.
fn parted(words: &[SpokenWord], speakers: &[Option<Speaker>], at: usize) -> bool {
    let (last, next) = (&words[at - 1], &words[at]);
    let pause_ms = next.start_ms.saturating_sub(last.end_ms);
    speakers[at - 1] != speakers[at] || (ends_sentence(last) && pause_ms > PAUSE_MS)
}

fn ends_sentence(word: &SpokenWord) -> bool {
    let closing = |c: char| "\"'”’»)]」』".contains(c);
    word.text.trim_end_matches(closing).ends_with(['.', '?', '!', '…', '。', '？', '！'])
}

/// One segment of at least one word.
fn segment(said: &[SpokenWord], speaker: Option<Speaker>) -> Segment {
    let mut text = String::new();
    let mut length = 0_u32;
    let mut words = Vec::with_capacity(said.len());
    for word in said {
        if word.spaced && length > 0 {
            text.push(' ');
            length += 1;
        }
        let start = length;
        text.push_str(&word.text);
        length = length.saturating_add(word.text.chars().count() as u32);
        let (start_ms, end_ms) = (word.start_ms, word.end_ms);
        words.push(Word { start, end: length, start_ms, end_ms, confidence: word.confidence });
    }
    let start_ms = said.first().map_or(0, |w| w.start_ms);
    let end_ms = said.iter().map(|w| w.end_ms).max().unwrap_or(start_ms);
    Segment { start_ms, end_ms, speaker, text, words }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use confee_domain::{Confidence, Rep, Transcript};
    use proptest::prelude::*;

    use super::*;

    const REP: Option<Speaker> = Some(Speaker::Rep);
    const PROSPECT: Option<Speaker> = Some(Speaker::Prospect);

    fn word(text: &str, start_ms: u64, end_ms: u64) -> SpokenWord {
        let confidence = Confidence::permille(900);
        SpokenWord { text: text.into(), spaced: true, start_ms, end_ms, confidence }
    }

    fn utterance(words: Vec<SpokenWord>) -> Spoken {
        let (start_ms, end_ms) = (0, 0);
        Spoken { start_ms, end_ms, words, language: "en".into(), removed: 0 }
    }

    type Said = (Option<Speaker>, &'static str);

    /// One word in each 100 ms, by the speakers of a string of R, P and `-` for unknown.
    fn talk(text: &str, names: &'static str) -> Vec<(Option<Speaker>, String)> {
        let words = (0_u64..).zip(text.split(' '));
        let words = words.map(|(i, t)| word(t, i * 100, i * 100 + 90)).collect();
        let who = |start_ms: u64, _| match names.as_bytes().get(start_ms as usize / 100) {
            Some(b'R') => REP,
            Some(b'P') => PROSPECT,
            _ => None,
        };
        let segments = into_segments(&[utterance(words)], &who);
        segments.into_iter().map(|s| (s.speaker, s.text)).collect()
    }

    #[test]
    fn speakers_part_segments_but_one_word_does_not_flip() {
        let table: &[(&str, &'static str, &[Said])] = &[
            ("How many? Forty units.", "RRPP", &[(REP, "How many?"), (PROSPECT, "Forty units.")]),
            ("we need forty units now", "PPRPP", &[(PROSPECT, "we need forty units now")]),
            ("we need forty units now", "PP-PP", &[(PROSPECT, "we need forty units now")]),
            (
                "By May? Yes. Good, noted.",
                "RRPRR",
                &[(REP, "By May?"), (PROSPECT, "Yes."), (REP, "Good, noted.")],
            ),
            ("a b a b", "RPRP", &[(REP, "a b a"), (PROSPECT, "b")]),
            ("one two three", "---", &[(None, "one two three")]),
            ("one two three", "R--", &[(REP, "one"), (None, "two three")]),
        ];
        for (text, names, expected) in table {
            let found = talk(text, names);
            let found: Vec<_> = found.iter().map(|(s, t)| (*s, t.as_str())).collect();
            assert_eq!(&found, expected, "{text} {names}");
        }
    }

    #[test]
    fn sentences_with_a_pause_and_utterances_part_segments() {
        let words = vec![
            word("Yes.", 0, 300),
            word("We", 901, 1000),
            word("do.", 1000, 1200),
            word("Now", 1800, 1900),
            word("then", 3000, 3100),
        ];
        let spoken = [utterance(words), utterance(vec![word("good", 3200, 3300)])];
        let texts: Vec<_> =
            into_segments(&spoken, &|_, _| None).into_iter().map(|s| s.text).collect();
        assert_eq!(texts, ["Yes.", "We do. Now then", "good"]);
    }

    #[test]
    fn words_stand_where_they_are_in_the_text() {
        let mut words = vec![word("né", 0, 10), word("là", 10, 20), word("!", 20, 30)];
        words[2].spaced = false;
        let segment = &into_segments(&[utterance(words)], &|_, _| None)[0];
        let places: Vec<_> = segment.words.iter().map(|w| (w.start, w.end)).collect();
        assert_eq!((segment.text.as_str(), places), ("né là!", vec![(0, 2), (3, 5), (5, 6)]));
    }

    fn any_word() -> impl Strategy<Value = SpokenWord> {
        let text = prop_oneof!["[a-zé世]{1,6}[.?]?", "\\PC{0,5}", Just("  ".to_owned())];
        let time = prop_oneof![8 => 0_u64..9000, 1 => any::<u64>()];
        (text, any::<bool>(), time.clone(), time, 0_u16..1000).prop_map(
            |(text, spaced, start_ms, end_ms, permille)| {
                let confidence = Confidence::permille(permille);
                SpokenWord { text, spaced, start_ms, end_ms, confidence }
            },
        )
    }

    proptest! {
        #[test]
        fn any_words_make_a_valid_transcript_with_every_word_once(
            spoken in prop::collection::vec(prop::collection::vec(any_word(), 0..12), 0..8),
            names in prop::collection::vec(0_u8..3, 16),
        ) {
            let spoken: Vec<Spoken> = spoken.into_iter().map(utterance).collect();
            let who = |start_ms: u64, _| match names[start_ms as usize / 50 % 16] {
                0 => REP,
                1 => PROSPECT,
                _ => None,
            };
            let segments = into_segments(&spoken, &who);
            let given: Vec<(&str, Confidence)> = spoken
                .iter()
                .flat_map(|s| &s.words)
                .map(|w| (w.text.trim(), w.confidence))
                .filter(|(text, _)| !text.is_empty())
                .collect();
            let cut = |s: &Segment, w: &Word| -> String {
                s.text.chars().skip(w.start as usize).take((w.end - w.start) as usize).collect()
            };
            let found: Vec<(String, Confidence)> = segments
                .iter()
                .flat_map(|s| s.words.iter().map(move |w| (cut(s, w), w.confidence)))
                .collect();
            prop_assert_eq!(found.len(), given.len());
            for (found, given) in found.iter().zip(&given) {
                prop_assert_eq!((found.0.as_str(), found.1), *given);
            }
            let at = DateTime::parse_from_rfc3339("2026-03-18T10:12:00+01:00").unwrap();
            let transcript = Transcript::new("t".into(), at, Rep::default(), segments);
            prop_assert_eq!(transcript.is_ok(), !given.is_empty());
        }
    }
}
