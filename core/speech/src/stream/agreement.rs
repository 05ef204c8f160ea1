use super::Preview;

/// Longest sound that a preview hears.
pub(super) const PREVIEW_MOST_MS: u64 = 15_000;
/// What it goes on with when nothing tells a better place.
const PREVIEW_REST_MS: u64 = 8_000;
/// A word that begins this long before the end of the confirmed ones is not among them.
const OVERLAP_MS: u64 = 150;

/// A word of a preview in the time of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glimpse {
    pub(super) text: String,
    pub(super) spaced: bool,
    pub(super) start_ms: u64,
    pub(super) end_ms: u64,
}

impl Glimpse {
    fn same(&self, other: &Self) -> bool {
        let plain = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        plain(&self.text) == plain(&other.text)
    }

    fn ends_sentence(&self) -> bool {
        self.text.ends_with(['.', '?', '!', '。', '？', '！'])
    }
}

/// Local agreement: words that two runs over the growing sound hear alike are confirmed and never
/// change again.
#[derive(Debug)]
pub(super) struct Agreement {
    from_ms: u64,
    confirmed: Vec<Glimpse>,
    /// Confirmed words that are no longer in the sound heard.
    gone: usize,
    tentative: Vec<Glimpse>,
}

impl Agreement {
    pub(super) fn new(from_ms: u64) -> Self {
        Self { from_ms, confirmed: Vec::new(), gone: 0, tentative: Vec::new() }
    }

    /// Where the next run's sound is to begin.
    pub(super) fn begin_ms(&self) -> u64 {
        self.from_ms
    }

    /// Takes a run's words over the sound up to `end_ms`.
    pub(super) fn hear(&mut self, words: Vec<Glimpse>, end_ms: u64) -> Preview {
        let new = self.after_confirmed(words);
        let same = new.iter().zip(&self.tentative).take_while(|(a, b)| a.same(b)).count();
        let mut new = new.into_iter();
        self.confirmed.extend(new.by_ref().take(same));
        self.tentative = new.collect();
        if end_ms.saturating_sub(self.from_ms) > PREVIEW_MOST_MS - 2_000 {
            self.move_on(end_ms);
        }
        Preview { confirmed: join(&self.confirmed), tentative: join(&self.tentative) }
    }

    /// A run's words without those that are confirmed: by their number where they are the same,
    /// else by time.
    fn after_confirmed(&self, mut words: Vec<Glimpse>) -> Vec<Glimpse> {
        let known = self.confirmed.get(self.gone..).unwrap_or_default();
        let same = known.len() <= words.len() && known.iter().zip(&words).all(|(a, b)| a.same(b));
        let end_ms = self.confirmed.last().map_or(0, |w| w.end_ms.saturating_sub(OVERLAP_MS));
        let skip = if same { known.len() } else { words.partition_point(|w| w.start_ms < end_ms) };
        words.split_off(skip.min(words.len()))
    }

    /// Moves the beginning of the sound behind a confirmed sentence, else behind the last
    /// confirmed word but one.
    fn move_on(&mut self, end_ms: u64) {
        let known = self.confirmed.get(self.gone..).unwrap_or_default();
        let sentence = known.iter().rposition(Glimpse::ends_sentence);
        if let Some(place) = sentence.or(known.len().checked_sub(2)) {
            let at = self.gone + place;
            let next = self.confirmed.get(at + 1).or(self.tentative.first());
            let end = self.confirmed[at].end_ms;
            let start = next.map_or(end, |w| w.start_ms.max(end));
            self.from_ms = self.from_ms.max(end + (start - end) / 2);
            self.gone = at + 1;
        }
        if end_ms.saturating_sub(self.from_ms) > PREVIEW_MOST_MS - 2_000 {
            self.from_ms = end_ms - PREVIEW_REST_MS;
            self.gone = self.confirmed.len();
            self.tentative.retain(|w| w.start_ms >= end_ms - PREVIEW_REST_MS);
        }
    }
}

fn join(words: &[Glimpse]) -> String {
    let mut text = String::new();
    for word in words {
        if word.spaced && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(text: &str, from_ms: u64) -> Vec<Glimpse> {
        let word = |(i, text): (u64, &str)| Glimpse {
            text: text.into(),
            spaced: true,
            start_ms: from_ms + i * 300,
            end_ms: from_ms + i * 300 + 250,
        };
        (0_u64..).zip(text.split_whitespace()).map(word).collect()
    }

    #[test]
    fn what_two_runs_hear_alike_is_confirmed_and_stays() {
        let mut agreement = Agreement::new(0);
        let steps = [
            ("We need", "", "We need"),
            ("We need for tea", "We need", "for tea"),
            ("we need forty units,", "We need", "forty units,"),
            ("We knead forty units by", "We need forty units", "by"),
            ("Oui knead forty units by May.", "We need forty units by", "May."),
        ];
        for (run, confirmed, tentative) in steps {
            let preview = agreement.hear(said(run, 0), 2_000);
            assert_eq!(
                (preview.confirmed.as_str(), preview.tentative.as_str()),
                (confirmed, tentative)
            );
        }
    }

    proptest! {
        #[test]
        fn confirmed_text_only_grows_and_the_sound_stays_bounded(
            runs in prop::collection::vec(prop::collection::vec("[ab]{1,2}\\.?", 0..60), 1..40)
        ) {
            let mut agreement = Agreement::new(500);
            let mut before = String::new();
            for (second, run) in (2_u64..).zip(runs) {
                let end_ms = 500 + second * 1_000;
                let from = agreement.begin_ms();
                prop_assert!(end_ms - from <= PREVIEW_MOST_MS);
                let mut words = said(&run.join(" "), from);
                words.retain(|w| w.end_ms <= end_ms);
                let preview = agreement.hear(words, end_ms);
                prop_assert!(preview.confirmed.starts_with(&before));
                prop_assert!(agreement.begin_ms() >= from && agreement.begin_ms() <= end_ms);
                before = preview.confirmed;
            }
        }
    }
}
