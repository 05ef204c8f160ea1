use confee_domain::AudioFacts;

use super::{Spoken, SpokenWord, UtteranceFacts};
use crate::confidence::{WordSigns, is_unheard, word_confidence};
use crate::{Heard, HeardWord};

/// A word this close may vouch for one without sound.
const NEIGHBOUR_MS: u64 = 500;

/// What was heard, in the time of the stream, with what the sound leaves of its confidence.
pub(super) fn settle(heard: &Heard, facts: &UtteranceFacts, removed: usize) -> Spoken {
    let mut at = facts.start_ms;
    let mut words = Vec::with_capacity(heard.words.len());
    for word in heard.words.iter().filter(|w| !w.text.trim().is_empty()) {
        let placed = place(word, heard, facts, at);
        at = placed.start_ms;
        words.push(placed);
    }
    let dropped = drop_unheard(&mut words, &facts.audio);
    Spoken {
        start_ms: facts.start_ms,
        end_ms: facts.end_ms,
        words,
        language: heard.language.clone(),
        removed: removed + dropped,
    }
}

/// One word, not before `from_ms` and within its utterance.
fn place(word: &HeardWord, heard: &Heard, facts: &UtteranceFacts, from_ms: u64) -> SpokenWord {
    let time = |ms: u32| (facts.start_ms + u64::from(ms)).min(facts.end_ms);
    let start_ms = time(word.start_ms).max(from_ms);
    let end_ms = time(word.end_ms).max(start_ms);
    let signs = WordSigns {
        start_ms,
        end_ms,
        probability: word.probability,
        mean_log_probability: heard.mean_log_probability,
        temperature: heard.temperature,
        doubt_permille: 1000,
    };
    SpokenWord {
        text: word.text.trim().to_owned(),
        spaced: word.spaced,
        start_ms,
        end_ms,
        confidence: word_confidence(&signs, &facts.audio),
    }
}

/// Takes out words without any sound of their own, unless a word beside them has some: a model
/// fills a long hole with what is likely, not with what was said.
fn drop_unheard(words: &mut Vec<SpokenWord>, audio: &AudioFacts) -> usize {
    if audio.loss.spans().is_empty() {
        return 0;
    }
    let heard: Vec<bool> = words.iter().map(|w| !is_unheard(w.start_ms, w.end_ms, audio)).collect();
    let vouched = |i: usize| {
        let near = |a: usize, b: usize| match (words.get(a), words.get(b)) {
            (Some(a), Some(b)) => b.start_ms.saturating_sub(a.end_ms) <= NEIGHBOUR_MS,
            _ => false,
        };
        let before = i > 0 && heard[i - 1] && near(i - 1, i);
        before || (heard.get(i + 1) == Some(&true) && near(i, i + 1))
    };
    let keep: Vec<bool> = (0..words.len()).map(|i| heard[i] || vouched(i)).collect();
    let before = words.len();
    let mut kept = keep.iter();
    words.retain(|_| kept.next().copied().unwrap_or(true));
    before - words.len()
}

#[cfg(test)]
mod tests {
    use confee_domain::{LossCause, LossSpan};

    use super::*;

    fn heard(times: &[(u32, u32)]) -> Heard {
        let word = |(i, (start_ms, end_ms)): (usize, &(u32, u32))| HeardWord {
            text: format!(" w{i} "),
            spaced: true,
            start_ms: *start_ms,
            end_ms: *end_ms,
            probability: 0.9,
        };
        Heard { words: times.iter().enumerate().map(word).collect(), ..Heard::default() }
    }

    fn facts(loss: &[(u64, u64)]) -> UtteranceFacts {
        let span = |&(start_ms, end_ms)| LossSpan { start_ms, end_ms, cause: LossCause::Lost };
        let loss = loss.iter().map(span).collect();
        let audio = AudioFacts { loss, ..AudioFacts::default() };
        UtteranceFacts { start_ms: 10_000, end_ms: 15_000, audio, ..UtteranceFacts::default() }
    }

    #[test]
    fn hostile_times_become_times_of_the_utterance() {
        let spoken = settle(&heard(&[(300, 200), (100, 700), (4_000, u32::MAX)]), &facts(&[]), 3);
        let times: Vec<_> = spoken.words.iter().map(|w| (w.start_ms, w.end_ms)).collect();
        assert_eq!(times, [(10_300, 10_300), (10_300, 10_700), (14_000, 15_000)]);
        assert_eq!((spoken.words[0].text.as_str(), spoken.removed), ("w0", 3));
    }

    #[test]
    fn words_in_a_hole_go_unless_a_heard_word_is_beside_them() {
        let words = heard(&[(0, 400), (500, 800), (900, 1200), (1300, 1600), (1700, 2000)]);
        let spoken = settle(&words, &facts(&[(10_450, 11_650)]), 0);
        let left: Vec<_> =
            spoken.words.iter().map(|w| (w.text.as_str(), w.confidence.as_permille())).collect();
        // Beside a loss 70 % are left, in one 20 %.
        assert_eq!(left, [("w0", 630), ("w1", 180), ("w3", 180), ("w4", 630)]);
        assert_eq!(spoken.removed, 1);
    }
}
