//! Whisper sometimes ends its text before the sound does, with a prompt after the first sentence.
//! Where voice is left, that is heard too.

use std::ops::Range;

use crate::Heard;

/// Voice behind the end of the text that is worth another pass; breath and a word's last sound are
/// shorter.
const LEAST_VOICE_MS: u32 = 700;
/// A text that is ended again has to have moved on at least so far.
const LEAST_STEP_MS: u32 = 500;
/// Passes after the first.
pub(super) const MOST_PASSES: usize = 4;

/// From where the sound of an utterance is heard once more, if voice is left behind its text.
pub(super) fn left(heard: &Heard, from_ms: u32, voice: &[Range<u32>]) -> Option<u32> {
    let until = heard.until_ms.max(heard.words.last().map(|word| word.end_ms))?;
    let behind = |v: &Range<u32>| v.end.saturating_sub(v.start.max(until));
    let left: u32 = voice.iter().map(behind).sum();
    (left >= LEAST_VOICE_MS && until >= from_ms + LEAST_STEP_MS).then_some(until)
}

/// Adds what was heard of the sound from `from_ms` on.
pub(super) fn join(heard: &mut Heard, mut rest: Heard, from_ms: u32) {
    for word in &mut rest.words {
        word.start_ms += from_ms;
        word.end_ms += from_ms;
    }
    let weigh = |h: &Heard| h.mean_log_probability * h.tokens as f32;
    let tokens = heard.tokens + rest.tokens;
    if tokens > 0 {
        heard.mean_log_probability = (weigh(heard) + weigh(&rest)) / tokens as f32;
    }
    heard.tokens = tokens;
    heard.no_speech = heard.no_speech.min(rest.no_speech);
    heard.temperature = heard.temperature.max(rest.temperature);
    heard.until_ms = rest.until_ms.map(|at| at + from_ms);
    heard.words.append(&mut rest.words);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::HeardWord;

    fn until(until_ms: Option<u32>) -> Heard {
        Heard { until_ms, ..Heard::default() }
    }

    #[test]
    fn only_voice_behind_the_text_counts() {
        let voice = [0..4_000, 6_000..6_500, 9_000..9_300];
        assert_eq!(left(&until(Some(5_000)), 0, &voice), Some(5_000));
        assert_eq!(left(&until(Some(3_500)), 0, &voice), Some(3_500));
        assert_eq!(left(&until(Some(6_000)), 0, &voice), Some(6_000));
        assert_eq!(left(&until(Some(6_200)), 0, &voice), None);
        assert_eq!(left(&until(None), 0, &voice), None);
        assert_eq!(left(&until(Some(0)), 0, &voice), None, "no progress");
        assert_eq!(left(&until(Some(5_000)), 4_600, &voice), None, "hardly any");
    }

    #[test]
    fn a_text_without_a_time_ends_with_its_last_word() {
        let heard = |end_ms| Heard { words: vec![word("one", 0, end_ms)], ..Heard::default() };
        let voice = [0..3_000, 3_200..5_000];
        assert_eq!(left(&heard(800), 0, &voice), Some(800));
        assert_eq!(left(&heard(4_800), 0, &voice), None);
    }

    fn word(text: &str, start_ms: u32, end_ms: u32) -> HeardWord {
        HeardWord { text: text.into(), spaced: true, start_ms, end_ms, probability: 0.9 }
    }

    #[test]
    fn joined_words_are_in_the_first_ones_time() {
        let heard = |words: Vec<HeardWord>, mean, tokens| Heard {
            words,
            mean_log_probability: mean,
            tokens,
            ..Heard::default()
        };
        let mut first = heard(vec![word("one", 0, 400)], -0.2, 1);
        let rest = Heard { until_ms: Some(900), ..heard(vec![word("two", 100, 800)], -0.5, 2) };
        join(&mut first, rest, 5_000);
        assert_eq!((first.words[1].start_ms, first.words[1].end_ms), (5_100, 5_800));
        assert_eq!((first.tokens, first.until_ms), (3, Some(5_900)));
        assert!((first.mean_log_probability + 0.4).abs() < 1e-6);
    }
}
