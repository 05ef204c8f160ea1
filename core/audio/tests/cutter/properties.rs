//! What holds for every stream.

use confee_audio::voice::cutter::{Cut, CutMode, CutPolicy, Cutter};
use confee_domain::{LossCause, MarkKind};
use proptest::prelude::*;

use crate::script::{Step, cuts_of, play};

/// Times small enough that everything happens often.
fn policy(mode: CutMode) -> CutPolicy {
    CutPolicy {
        mode,
        reach_back_ms: 8_000,
        silence_ms: 9_000,
        mute_ms: 12_000,
        longest_ms: 60_000,
        longest_search_ms: 20_000,
        ..CutPolicy::default()
    }
}

fn modes() -> impl Strategy<Value = CutMode> {
    prop_oneof![Just(CutMode::Automatic), Just(CutMode::ButtonOnly), Just(CutMode::Manual)]
}

fn kinds() -> impl Strategy<Value = MarkKind> {
    use MarkKind::*;
    prop_oneof![4 => Just(Lead), 2 => Just(Start), 1 => Just(Stop), 1 => Just(Muted), 2 => Just(Unmuted)]
}

fn causes() -> impl Strategy<Value = LossCause> {
    use LossCause::*;
    prop_oneof![Just(Lost), Just(Muted), Just(Damaged)]
}

fn steps(late_ms: u64) -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (1_u64..12).prop_map(Step::Talk),
        4 => (1_u64..14).prop_map(Step::Quiet),
        1 => (1_u64..20, causes()).prop_map(|(s, c)| Step::Gap(s, c)),
        3 => kinds().prop_map(Step::Press),
        3 => (kinds(), 0..=late_ms).prop_map(|(k, ms)| Step::Late(k, ms)),
        1 => Just(Step::AppStart),
        1 => Just(Step::AppStop),
        1 => Just(Step::EndOfStream),
    ];
    prop::collection::vec(step, 1..60)
}

/// All cuts of a stream that ends, and what the cutter asked to keep while it went.
fn whole(mode: CutMode, steps: &[Step], frame_ms: u64) -> (Vec<Cut>, Vec<u64>) {
    let (mut cutter, mut clock) = (Cutter::new(policy(mode)), 0);
    let (mut cuts, mut kept) = (Vec::new(), Vec::new());
    for step in steps.iter().chain(&[Step::EndOfStream]) {
        play(&mut cutter, &mut clock, *step, frame_ms);
        for cut in cuts_of(&mut cutter) {
            if let Cut::Begin { at_ms, .. } = cut {
                assert!(kept.last().is_none_or(|k| *k <= at_ms), "{cut:?} needs deleted sound");
            }
            cuts.push(cut);
        }
        kept.push(cutter.keep_from_ms());
    }
    assert_eq!(cutter.open(), None);
    (cuts, kept)
}

proptest! {
    #[test]
    fn conversations_alternate_and_times_go_on(mode in modes(), steps in steps(20_000)) {
        let (cuts, kept) = whole(mode, &steps, 100);
        let (mut open, mut last, mut ended) = (None, 0, None);
        for cut in &cuts {
            match *cut {
                Cut::Begin { at_ms, .. } => {
                    prop_assert!(open.is_none() && at_ms >= last, "{cuts:?}");
                    (open, last) = (Some(at_ms), at_ms);
                }
                Cut::Lead { at_ms } => {
                    prop_assert!(open.is_some() && at_ms >= last, "{cuts:?}");
                    last = at_ms;
                }
                Cut::End { at_ms, .. } | Cut::Drop { at_ms, .. } => {
                    prop_assert!(open.is_some() && at_ms >= last, "{cuts:?}");
                    ended = Some((open.unwrap_or(0), at_ms, matches!(cut, Cut::End { .. })));
                    (open, last) = (None, at_ms);
                }
                Cut::LateLead { at_ms } => {
                    let Some((begin, end, true)) = ended else { panic!("{cuts:?}") };
                    prop_assert!((begin..=end).contains(&at_ms) || at_ms <= begin, "{cuts:?}");
                }
            }
        }
        prop_assert!(open.is_none());
        prop_assert!(kept.windows(2).all(|w| w[0] <= w[1]), "{kept:?}");
    }

    #[test]
    fn every_lead_is_told_once_and_none_is_dropped(steps in steps(3_000)) {
        let (cuts, _) = whole(CutMode::Automatic, &steps, 100);
        let is_lead = |s: &&Step| matches!(s, Step::Press(MarkKind::Lead) | Step::Late(MarkKind::Lead, _));
        let told = cuts.iter().filter(|c| matches!(c, Cut::Lead { .. } | Cut::LateLead { .. }));
        prop_assert_eq!(told.count(), steps.iter().filter(is_lead).count());
        let mut marked = false;
        for cut in &cuts {
            match cut {
                Cut::Begin { .. } => marked = false,
                Cut::Lead { .. } => marked = true,
                Cut::Drop { .. } => prop_assert!(!marked, "{cuts:?}"),
                _ => {}
            }
        }
    }

    #[test]
    fn the_length_of_frames_changes_nothing(mode in modes(), steps in steps(0)) {
        prop_assert_eq!(whole(mode, &steps, 100).0, whole(mode, &steps, 50).0);
    }

    #[test]
    fn marks_may_come_before_their_sound(mode in modes(), steps in steps(0)) {
        // A mark and what it is about, then the other way round: the mark waits.
        let (mut cutter, mut clock) = (Cutter::new(policy(mode)), 0);
        let mut at = 0;
        for step in &steps {
            match step {
                Step::Talk(s) | Step::Quiet(s) | Step::Gap(s, _) => at += s * 1000,
                Step::Press(kind) | Step::Late(kind, _) => cutter.mark(at, *kind),
                Step::AppStart => cutter.start(at),
                Step::AppStop => cutter.stop(at),
                Step::EndOfStream => {}
            }
        }
        let sound = |s: &&Step| matches!(s, Step::Talk(_) | Step::Quiet(_) | Step::Gap(..));
        steps.iter().filter(sound).for_each(|s| play(&mut cutter, &mut clock, *s, 100));
        cutter.end_of_stream(clock);
        let without_end: Vec<Step> =
            steps.iter().copied().filter(|s| *s != Step::EndOfStream).collect();
        prop_assert_eq!(cuts_of(&mut cutter), whole(mode, &without_end, 100).0);
    }

    #[test]
    fn no_input_breaks_it(inputs in prop::collection::vec((0_u8..8, any::<u64>(), any::<u64>()), 0..60)) {
        let mut cutter = Cutter::new(CutPolicy::default());
        for (what, a, b) in inputs {
            let a = if what < 4 { a % 200_000 } else { a };
            match what % 4 {
                0 => cutter.speech(a, b % 2 == 0),
                1 => cutter.mark(a, if b % 2 == 0 { MarkKind::Lead } else { MarkKind::Muted }),
                2 => cutter.gap(a, b % 400_000, LossCause::Lost),
                _ if b % 2 == 0 => cutter.start(a),
                _ => cutter.stop(a),
            }
        }
    }
}
