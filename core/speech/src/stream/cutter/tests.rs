use confee_domain::{LossCause, Quality, QualityVerdict};
use proptest::prelude::*;

use super::*;
use crate::RATE;
use crate::stream::Voice;

/// Turns of `(silence, speech)` in milliseconds, decided as the voice detector would with a
/// hangover of 400 ms; within speech every third of a second has a dip of 48 ms.
struct Talk {
    turns: Vec<(u64, u64)>,
    turn: usize,
    /// Where the current turn begins.
    turn_ms: u64,
    at_ms: u64,
    hangover_ms: u64,
}

impl Talk {
    fn new(turns: &[(u64, u64)]) -> Self {
        Self { turns: turns.to_vec(), turn: 0, turn_ms: 0, at_ms: 0, hangover_ms: 0 }
    }

    /// Sound and decision of the next 16 ms.
    fn step(&mut self) -> Option<(f32, Voice)> {
        let (silence_ms, speech_ms) = *self.turns.get(self.turn)?;
        let within = self.at_ms - self.turn_ms;
        let voiced = within >= silence_ms && within % 336 < 288;
        self.hangover_ms = if voiced { 400 } else { self.hangover_ms.saturating_sub(16) };
        let speech = self.hangover_ms > 0;
        let probability = if voiced { 0.9 } else { 0.1 };
        let voice = Voice { start_ms: self.at_ms, speech, probability };
        self.at_ms += 16;
        if self.at_ms - self.turn_ms >= silence_ms + speech_ms {
            self.turn += 1;
            self.turn_ms = self.at_ms;
        }
        Some((if voiced { 0.2 } else { 0.001 }, voice))
    }
}

/// The utterances of a talk with the time at which each became ready, and the talk's length.
fn cut(turns: &[(u64, u64)]) -> (Vec<(u64, Utterance)>, u64) {
    let mut cutter = Cutter::new(UtterancePolicy::default(), 0);
    let mut talk = Talk::new(turns);
    let mut ready = Vec::new();
    while let Some((level, voice)) = talk.step() {
        cutter.push(&Sound { pcm: &[level; BLOCK], voice: &[voice], ..Sound::default() });
        ready.extend(std::iter::from_fn(|| cutter.next()).map(|u| (talk.at_ms, u)));
    }
    cutter.finish();
    ready.extend(std::iter::from_fn(|| cutter.next()).map(|u| (talk.at_ms, u)));
    (ready, talk.at_ms)
}

#[test]
fn a_day_at_the_booth_stays_in_bounded_memory() {
    let mut cutter = Cutter::new(UtterancePolicy::default(), 0);
    // Talks without a pause, an hour of silence, and everything between: 8 hours.
    let turns: Vec<(u64, u64)> = (0..4_000_u64)
        .map(|i| match i % 1_000 {
            0 => (3_600_000, 400_000),
            n => (n * 37 % 2_900, n * 791 % 6_900),
        })
        .collect();
    let mut talk = Talk::new(&turns);
    let (mut pcm, mut voice) = (Vec::new(), Vec::new());
    let (mut heard_ms, mut last_ms, mut utterances) = (0, 0, 0);
    loop {
        pcm.clear();
        voice.clear();
        for (level, decision) in std::iter::from_fn(|| talk.step()).take(60) {
            pcm.extend([level; BLOCK]);
            voice.push(decision);
        }
        if pcm.is_empty() {
            break;
        }
        cutter.push(&Sound { pcm: &pcm, voice: &voice, ..Sound::default() });
        while let Some(utterance) = cutter.next() {
            assert!(utterance.pcm.len() <= 28 * RATE);
            assert!(utterance.facts.start_ms >= last_ms);
            last_ms = utterance.facts.end_ms;
            heard_ms += utterance.facts.voice_ms;
            utterances += 1;
        }
        let (sound, blocks, voices) = cutter.held.sizes();
        assert!(sound <= 30 * RATE && blocks <= 30 * RATE / BLOCK && voices <= 64);
    }
    assert!(talk.at_ms > 8 * 3_600_000, "{}", talk.at_ms);
    assert!(utterances > 500 && heard_ms > 3 * 3_600_000, "{utterances} {heard_ms}");
}

#[test]
fn a_split_falls_into_a_dip_and_loses_nothing() {
    let (ready, _) = cut(&[(512, 90_000)]);
    assert!(ready.len() >= 4);
    for pair in ready.windows(2) {
        let (a, b) = (&pair[0].1.facts, &pair[1].1.facts);
        assert_eq!(a.end_ms, b.start_ms);
        // 336 ms from the start of speech, dips in the last 48.
        assert!((b.start_ms % 336) >= 288 || b.start_ms % 336 == 0, "{}", b.start_ms);
    }
}

#[test]
fn facts_say_where_the_voice_is_and_what_was_missing() {
    let quality = |verdict| Quality {
        verdict,
        reasons: vec![],
        speech_dbfs: None,
        noise_dbfs: -50.0,
        snr_db: None,
        speech_share: 0.0,
        clipped_share: 0.0,
        lost_share: 0.0,
        wind_share: 0.0,
    };
    let (poor, good) = (quality(QualityVerdict::Poor), quality(QualityVerdict::Good));
    let mut cutter = Cutter::new(UtterancePolicy::default(), 1_000);
    let mut push = |blocks: u64, speech: bool, missing, quality| {
        for _ in 0..blocks {
            let start_ms = 1_000 + cutter.samples() / 16;
            let voice = [Voice { start_ms, speech, probability: f32::from(u8::from(speech)) }];
            let sound = Sound { pcm: &[0.1; BLOCK], voice: &voice, missing, quality };
            cutter.push(&sound);
        }
    };
    push(20, false, None, Some(&poor));
    push(10, true, None, Some(&good));
    push(3, true, Some(LossCause::Damaged), None);
    push(10, true, None, None);
    push(30, false, None, None);
    push(10, true, None, Some(&poor));
    push(150, false, None, Some(&good));
    let facts = cutter.next().unwrap().facts;
    assert_eq!((facts.start_ms, facts.end_ms), (1_000 + 4 * 16, 1_000 + 83 * 16));
    let at = |blocks: u32| (blocks - 4) * 16;
    assert_eq!(facts.voice, [at(20)..at(43), at(73)..at(83)]);
    assert_eq!(facts.voice_ms, 30 * 16);
    assert!((facts.loudness_dbfs + 20.0).abs() < 0.01, "{}", facts.loudness_dbfs);
    let loss = facts.audio.loss.spans();
    assert_eq!((loss.len(), loss[0].start_ms, loss[0].cause), (1, 1_480, LossCause::Damaged));
    assert_eq!(facts.audio.quality.unwrap().verdict, QualityVerdict::Poor);
    assert!(cutter.next().is_none());
}

#[test]
fn a_click_is_not_heard_and_a_short_yes_is() {
    assert_eq!(cut(&[(3_200, 48), (3_200, 0)]).0.len(), 0);
    let (ready, _) = cut(&[(3_200, 160), (3_200, 0)]);
    assert_eq!(ready.len(), 1);
    // 250 ms before, in whole blocks, and the hangover behind.
    assert_eq!(ready[0].1.facts.start_ms, 3_200 - 256);
}

/// When an engine that takes this long for an utterance is done, after the end of the talk.
fn wait_ms(turns: &[(u64, u64)], cost_ms: u64) -> u64 {
    let (ready, end_ms) = cut(turns);
    let free = ready.iter().fold(0, |free: u64, (at_ms, _)| free.max(*at_ms) + cost_ms);
    free.saturating_sub(end_ms)
}

fn any_talk() -> impl Strategy<Value = Vec<(u64, u64)>> {
    let turn = prop_oneof![
        (100_u64..700, 300_u64..9_000),
        (400_u64..3_000, 100_u64..1_500),
        (0_u64..300, 2_000_u64..60_000),
    ];
    prop::collection::vec(turn, 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// An engine that takes 0.9 s for a window is done two seconds after the end.
    #[test]
    fn the_text_is_ready_soon_after_a_talk(turns in any_talk(), cost_ms in 100_u64..=900) {
        prop_assert!(wait_ms(&turns, cost_ms) <= 2_000.min(3 * cost_ms));
    }

    #[test]
    fn all_speech_is_in_exactly_one_utterance(turns in any_talk()) {
        let (ready, _) = cut(&turns);
        let mut talk = Talk::new(&turns);
        let mut utterances = ready.iter().map(|(_, u)| u.facts.start_ms..u.facts.end_ms).peekable();
        let mut missed = 0;
        while let Some((_, voice)) = talk.step() {
            while utterances.peek().is_some_and(|u| u.end <= voice.start_ms) {
                utterances.next();
            }
            let inside = utterances.peek().is_some_and(|u| u.contains(&voice.start_ms));
            missed += u64::from(voice.probability > 0.5 && !inside);
        }
        // Only what is too short to be speech.
        prop_assert!(missed <= 5 * turns.len() as u64);
        let overlap = ready.windows(2).any(|w| w[0].1.facts.end_ms > w[1].1.facts.start_ms);
        prop_assert!(!overlap);
    }
}
