//! Which tokens may follow. The rules are OpenAI's (`whisper/decoding.py`) as whisper.cpp applies
//! them (`whisper_process_logits`).

use confee_kernels::simd;

use crate::vocabulary::{Special, Vocabulary};

/// Tokens that describe sounds instead of speech, each also with a space before it.
const NO_SPEECH: &str = "\" # ( ) * + / : ; < = > @ [ \\ ] ^ _ ` { | } ~ 「 」 『 』 << >> <<< >>> -- \
    --- -( -[ (' (\" (( )) ((( ))) [[ ]] {{ }} ♪♪ ♪♪♪ ♩ ♪ ♫ ♬ ♭ ♮ ♯";
/// The first time is at most 1 s.
const LATEST_START: u32 = 50;

/// What must not follow, whatever was written.
pub(super) struct Rules {
    special: Special,
    never: Vec<u32>,
    space: Option<u32>,
}

/// What matters of the text so far.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    /// Its tokens.
    pub(super) tokens: &'a [u32],
    /// The last time in it, in 20 ms.
    pub(super) time: Option<u32>,
}

impl Rules {
    pub(super) fn new(vocabulary: &Vocabulary) -> Self {
        let special = vocabulary.special();
        let symbols = NO_SPEECH.split(' ').flat_map(|s| [s.to_owned(), format!(" {s}")]);
        let symbols = symbols.chain([" -".to_owned(), " '".to_owned()]);
        let mut never: Vec<u32> = symbols.filter_map(|s| vocabulary.id(s.as_bytes())).collect();
        let languages = special.start + 1..special.start + 1 + special.languages;
        never.extend(languages);
        never.extend([special.start, special.translate, special.transcribe, special.solm]);
        never.extend([special.previous, special.no_speech, special.no_timestamps]);
        Self { special, never, space: vocabulary.id(b" ") }
    }

    /// Takes out of the logits what must not follow; gives the logarithm of the sum of the
    /// exponentials, to which probabilities refer.
    pub(super) fn apply(&self, logits: &mut [f32], written: Written) -> f32 {
        for id in &self.never {
            exclude(logits, *id..id + 1);
        }
        if written.tokens.is_empty() {
            let first = self.special.first_timestamp;
            exclude(logits, self.special.end..self.special.end + 1);
            exclude(logits, self.space.map_or(0..0, |id| id..id + 1));
            exclude(logits, first + LATEST_START + 1..u32::MAX);
        }
        self.pair_times(logits, written);
        let total = simd::log_sum_exp(logits);
        self.prefer_time(logits);
        total
    }

    /// Times come in pairs, except before the end, and never go back.
    fn pair_times(&self, logits: &mut [f32], written: Written) {
        let first = self.special.first_timestamp;
        let is_time = |id: &u32| *id >= first;
        let mut last = written.tokens.iter().rev();
        if last.next().is_some_and(is_time) {
            match last.next().is_none_or(is_time) {
                true => exclude(logits, first..u32::MAX),
                false => exclude(logits, 0..self.special.end),
            }
        }
        if let Some(time) = written.time {
            exclude(logits, first..first + time);
        }
    }

    /// When some time is likelier than each word, it is a time.
    fn prefer_time(&self, logits: &mut [f32]) {
        let Some((words, times)) =
            logits.split_at_mut_checked(self.special.first_timestamp as usize)
        else {
            return;
        };
        let word = words.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        if simd::log_sum_exp(times) > word {
            words.fill(f32::NEG_INFINITY);
        }
    }
}

fn exclude(logits: &mut [f32], ids: std::ops::Range<u32>) {
    let to = logits.len().min(ids.end as usize);
    if let Some(logits) = logits.get_mut(ids.start as usize..to) {
        logits.fill(f32::NEG_INFINITY);
    }
}

/// The likeliest token.
pub(super) fn best(logits: &[f32]) -> u32 {
    let best = logits.iter().zip(0..).max_by(|(a, i), (b, j)| a.total_cmp(b).then(j.cmp(i)));
    best.map_or(0, |(_, id)| id)
}

/// A token drawn by its probability.
pub(super) fn draw(logits: &[f32], random: &mut fastrand::Rng) -> u32 {
    let total = simd::log_sum_exp(logits);
    let mut left = random.f32();
    for (logit, id) in logits.iter().zip(0..) {
        left -= (logit - total).exp();
        if left <= 0.0 {
            return id;
        }
    }
    best(logits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOCAB: usize = 51_864;

    fn rules() -> Rules {
        Rules { special: Special::new(VOCAB), never: vec![7], space: Some(220) }
    }

    fn after(tokens: &[u32], time: Option<u32>, set: &[(u32, f32)]) -> Vec<f32> {
        let mut logits = vec![0.0; VOCAB];
        for (id, logit) in set {
            logits[*id as usize] = *logit;
        }
        rules().apply(&mut logits, Written { tokens, time });
        logits
    }

    fn allowed(logits: &[f32], id: u32) -> bool {
        logits[id as usize].is_finite()
    }

    #[test]
    fn at_the_start_neither_end_nor_space_nor_a_late_time() {
        let logits = after(&[], None, &[(100, 20.0)]);
        for id in [7, 220, 50_256, 50_363 + 51] {
            assert!(!allowed(&logits, id), "{id}");
        }
        assert!(allowed(&logits, 50_363 + 50) && allowed(&logits, 100));
    }

    #[test]
    fn times_come_in_pairs_and_do_not_go_back() {
        let time = 50_363 + 10;
        let strong = [(100, 30.0), (50_256, 30.0)];
        let opened = after(&[time], Some(10), &strong);
        assert!(allowed(&opened, 100) && !allowed(&opened, time));
        let closed = after(&[100, time], Some(10), &strong);
        assert!(!allowed(&closed, 100) && allowed(&closed, time) && allowed(&closed, 50_256));
        let text = after(&[time, 100], Some(10), &strong);
        assert!(allowed(&text, time) && !allowed(&text, time - 1));
    }

    #[test]
    fn many_small_times_outweigh_a_word() {
        assert!(!allowed(&after(&[100], None, &[(100, 5.0)]), 100));
        assert!(allowed(&after(&[100], None, &[(100, 9.0)]), 100));
    }

    #[test]
    fn best_is_the_first_of_equals_and_draw_follows_probability() {
        assert_eq!(best(&[0.0, 3.0, 3.0]), 1);
        assert_eq!(best(&[]), 0);
        let mut random = fastrand::Rng::with_seed(1);
        let ones = (0..1000).filter(|_| draw(&[0.0, 1.0], &mut random) == 1).count();
        assert!((680..780).contains(&ones), "{ones}");
        assert_eq!(draw(&[f32::NEG_INFINITY, 0.0], &mut random), 1);
    }
}
