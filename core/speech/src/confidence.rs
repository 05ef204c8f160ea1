use confee_domain::{AudioFacts, Confidence};

/// Whisper rejects text below this mean log probability; it keeps the least share.
const LOG_WORST: f32 = -1.0;
/// From this mean on the text as a whole casts no doubt on a word.
const LOG_GOOD: f32 = -0.3;
const LOG_LEAST_PERMILLE: f32 = 600.0;
/// What the highest temperature leaves; every one between takes its part.
const HOTTEST_PERMILLE: f32 = 600.0;
/// What is left of a word whose sound is missing as a whole.
const UNHEARD_PERMILLE: u64 = 200;

/// What speaks for and against a word, besides its sound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WordSigns {
    /// Start in the time of the sound's facts, milliseconds.
    pub start_ms: u64,
    /// End.
    pub end_ms: u64,
    /// The recogniser's probability, 0 to 1.
    pub probability: f32,
    /// Mean natural logarithm of the probabilities of the whole text around it.
    pub mean_log_probability: f32,
    /// At which temperature the text was decoded, 0 to 1.
    pub temperature: f32,
    /// What a filter's doubt leaves, in thousandths; 1000 without doubt.
    pub doubt_permille: u16,
}

/// How sure we are of a word: its probability times what four things leave of it.
///
/// | | leaves |
/// |---|---|
/// | mean log probability of the text | all from -0.3 up, 60 % at -1.0 and below, linear between |
/// | temperature | all at 0, 60 % at 1, linear between |
/// | doubt of a filter | as the filter says |
/// | sound | the least of: the quality's share, 70 % within 300 ms of a loss, and 100 % less 0.8 times the word's share without sound |
///
/// So a word without any sound of its own has at most 20 %. More loss, worse sound, a lower
/// probability or a higher temperature never raise it. Numbers that are none count as the worst.
#[must_use]
pub fn word_confidence(signs: &WordSigns, audio: &AudioFacts) -> Confidence {
    Confidence::from(f64::from(signs.probability))
        .scaled(text_permille(signs.mean_log_probability))
        .scaled(heat_permille(signs.temperature))
        .scaled(signs.doubt_permille.min(1000))
        .scaled(sound_permille(signs.start_ms, signs.end_ms, audio))
}

fn text_permille(mean_log: f32) -> u16 {
    let mean = if mean_log.is_nan() { LOG_WORST } else { mean_log.clamp(LOG_WORST, LOG_GOOD) };
    let share = (mean - LOG_WORST) / (LOG_GOOD - LOG_WORST);
    (LOG_LEAST_PERMILLE + share * (1000.0 - LOG_LEAST_PERMILLE)).round() as u16
}

fn heat_permille(temperature: f32) -> u16 {
    let heat = if temperature.is_nan() { 1.0 } else { temperature.clamp(0.0, 1.0) };
    (1000.0 - heat * (1000.0 - HOTTEST_PERMILLE)).round() as u16
}

fn sound_permille(start_ms: u64, end_ms: u64, audio: &AudioFacts) -> u16 {
    let length = end_ms.saturating_sub(start_ms).max(1);
    let unheard = missing_ms(start_ms, end_ms, audio).min(length);
    let left = 1000 - (1000 - UNHEARD_PERMILLE) * unheard / length;
    audio.trust_permille(start_ms, end_ms).min(u16::try_from(left).unwrap_or(1000))
}

/// Milliseconds of a word that have no sound, for whatever reason; a word without length has one.
fn missing_ms(start_ms: u64, end_ms: u64, audio: &AudioFacts) -> u64 {
    let end_ms = end_ms.max(start_ms.saturating_add(1));
    let spans = audio.loss.spans().iter();
    spans.map(|s| s.end_ms.min(end_ms).saturating_sub(s.start_ms.max(start_ms))).sum()
}

/// Whether a word has no sound of its own at all.
pub(crate) fn is_unheard(start_ms: u64, end_ms: u64, audio: &AudioFacts) -> bool {
    missing_ms(start_ms, end_ms, audio) >= end_ms.saturating_sub(start_ms).max(1)
}

#[cfg(test)]
mod tests {
    use confee_domain::{LossCause, LossMap, LossSpan, Quality, QualityVerdict};
    use proptest::prelude::*;

    use super::*;

    const SURE: WordSigns = WordSigns {
        start_ms: 1000,
        end_ms: 1400,
        probability: 1.0,
        mean_log_probability: -0.1,
        temperature: 0.0,
        doubt_permille: 1000,
    };

    fn quality(verdict: QualityVerdict) -> Quality {
        Quality {
            verdict,
            reasons: vec![],
            speech_dbfs: None,
            noise_dbfs: -60.0,
            snr_db: None,
            speech_share: 0.5,
            clipped_share: 0.0,
            lost_share: 0.0,
            wind_share: 0.0,
        }
    }

    fn audio(spans: &[(u64, u64, LossCause)], verdict: Option<QualityVerdict>) -> AudioFacts {
        let mut sorted = spans.to_vec();
        sorted.sort_by_key(|s| s.0);
        let span = |(start_ms, end_ms, cause)| LossSpan { start_ms, end_ms, cause };
        let loss: LossMap = sorted.into_iter().map(span).collect();
        AudioFacts { loss, quality: verdict.map(quality), microphones: None }
    }

    #[test]
    fn the_formula_as_a_table() {
        use LossCause::{Lost, Muted};
        use QualityVerdict::{Fair, Poor};
        let table = [
            (SURE, audio(&[], None), 1000),
            (WordSigns { probability: 0.43, ..SURE }, audio(&[], None), 430),
            (WordSigns { probability: f32::NAN, ..SURE }, audio(&[], None), 0),
            (WordSigns { mean_log_probability: -0.65, ..SURE }, audio(&[], None), 800),
            (WordSigns { mean_log_probability: -4.0, ..SURE }, audio(&[], None), 600),
            (WordSigns { temperature: 0.2, ..SURE }, audio(&[], None), 920),
            (WordSigns { temperature: 1.0, ..SURE }, audio(&[], None), 600),
            (WordSigns { doubt_permille: 300, ..SURE }, audio(&[], None), 300),
            (SURE, audio(&[], Some(Fair)), 900),
            (SURE, audio(&[(0, 200, Lost)], Some(Fair)), 900),
            (SURE, audio(&[(1600, 1700, Lost)], Some(Fair)), 700),
            (SURE, audio(&[(1600, 1700, Muted)], None), 1000),
            (SURE, audio(&[(1000, 1200, Lost)], None), 600),
            (SURE, audio(&[(1100, 1200, Muted)], None), 800),
            (SURE, audio(&[(900, 1500, Lost)], Some(Poor)), 200),
            (SURE, audio(&[(900, 1500, Muted)], None), 200),
            (WordSigns { end_ms: 1000, ..SURE }, audio(&[(1000, 1001, Lost)], None), 200),
        ];
        for (signs, audio, permille) in table {
            let found = word_confidence(&signs, &audio).as_permille();
            assert_eq!(found, permille, "{signs:?} {audio:?}");
        }
    }

    fn any_signs() -> impl Strategy<Value = WordSigns> {
        let number = prop_oneof![8 => -2.0_f32..2.0, 1 => any::<f32>()];
        let numbers = (number.clone(), number.clone(), number);
        (0_u64..3000, 0_u64..900, numbers, 0_u16..1200).prop_map(|(start, length, n, doubt)| {
            WordSigns {
                start_ms: start,
                end_ms: start + length,
                probability: n.0,
                mean_log_probability: n.1,
                temperature: n.2,
                doubt_permille: doubt,
            }
        })
    }

    fn any_spans() -> impl Strategy<Value = Vec<(u64, u64, LossCause)>> {
        let cause = prop_oneof![Just(LossCause::Lost), Just(LossCause::Muted)];
        let span = (0_u64..4000, 0_u64..800, cause).prop_map(|(s, l, c)| (s, s + l, c));
        prop::collection::vec(span, 0..6)
    }

    fn any_verdict() -> impl Strategy<Value = Option<QualityVerdict>> {
        use QualityVerdict::{Fair, Good, Poor};
        prop_oneof![Just(None), Just(Some(Good)), Just(Some(Fair)), Just(Some(Poor))]
    }

    proptest! {
        #[test]
        fn it_is_monotone(
            signs in any_signs(),
            spans in any_spans(),
            verdict in any_verdict(),
            more in 0.0_f32..1.0,
        ) {
            let facts = audio(&spans, verdict);
            let base = word_confidence(&signs, &facts);
            let changed = |change: &dyn Fn(&mut WordSigns)| {
                let mut signs = signs;
                change(&mut signs);
                word_confidence(&signs, &facts)
            };
            prop_assert!(changed(&|s| s.probability += more) >= base);
            prop_assert!(changed(&|s| s.mean_log_probability += more) >= base);
            prop_assert!(changed(&|s| s.temperature -= more) >= base);
            prop_assert!(changed(&|s| s.doubt_permille /= 2) <= base);
            let poor = audio(&spans, Some(QualityVerdict::Poor));
            prop_assert!(word_confidence(&signs, &poor) <= base);
            if is_unheard(signs.start_ms, signs.end_ms, &facts) {
                prop_assert!(base.as_permille() <= 200);
            }
        }

        #[test]
        fn a_loss_never_raises_it(
            signs in any_signs(),
            spans in any_spans(),
            extra in (0_u64..4000, 0_u64..800),
        ) {
            let before = word_confidence(&signs, &audio(&spans, None));
            // The new loss takes the place of what it covers: causes do not overlap.
            let (from, to) = (extra.0, extra.0 + extra.1);
            let mut after: Vec<_> = spans
                .iter()
                .flat_map(|(s, e, c)| [(*s, (*e).min(from), *c), ((*s).max(to), *e, *c)])
                .filter(|(s, e, _)| s < e)
                .collect();
            after.push((from, to, LossCause::Lost));
            prop_assert!(word_confidence(&signs, &audio(&after, None)) <= before);
        }
    }
}
