//! The conversation cutter: what people do, and what must hold whatever they do.

mod properties;
mod script;

use confee_audio::voice::cutter::{Cut, CutMode, CutPolicy, Cutter, Why};
use confee_domain::{LossCause, MarkKind};
use script::Step::{self, *};
use script::{cuts, cuts_of};

fn begin(at_s: u64, why: Why) -> Cut {
    Cut::Begin { at_ms: at_s * 1000, why }
}

fn lead(at_s: u64) -> Cut {
    Cut::Lead { at_ms: at_s * 1000 }
}

fn end(at_s: u64, why: Why) -> Cut {
    Cut::End { at_ms: at_s * 1000, why }
}

fn dropped(at_s: u64, why: Why) -> Cut {
    Cut::Drop { at_ms: at_s * 1000, why }
}

fn check(name: &str, mode: CutMode, script: &[Step], expected: &[Cut]) {
    let policy = CutPolicy { mode, ..CutPolicy::default() };
    assert_eq!(cuts(policy, script), expected, "{name}");
}

const LEAD: Step = Press(MarkKind::Lead);
const START: Step = Press(MarkKind::Start);
const STOP: Step = Press(MarkKind::Stop);
const MUTE: Step = Press(MarkKind::Muted);
const UNMUTE: Step = Press(MarkKind::Unmuted);

#[test]
fn speech_begins_and_silence_ends() {
    use CutMode::Automatic;
    let whole = [begin(3, Why::Speech), end(27, Why::Silence)];
    check("one talk", Automatic, &[Quiet(5), Talk(20), Quiet(60)], &whole);
    check("still silent for too short", Automatic, &[Quiet(5), Talk(20), Quiet(44)], &whole[..1]);
    check("no speech", Automatic, &[Quiet(500)], &[]);
    check("too little of it", Automatic, &[Talk(2), Quiet(9), Talk(2), Quiet(60)], &[]);
    check(
        "in pieces, from the first on",
        Automatic,
        &[Quiet(10), Talk(1), Quiet(2), Talk(1), Quiet(2), Talk(4), Quiet(60)],
        &[begin(8, Why::Speech), end(22, Why::Silence)],
    );
    check(
        "hardly anything",
        Automatic,
        &[Quiet(10), Talk(4), Quiet(60)],
        &[begin(8, Why::Speech), dropped(16, Why::Silence)],
    );
    check(
        "two talks",
        Automatic,
        &[Talk(10), Quiet(44), Talk(10), Quiet(46), Talk(10), EndOfStream],
        &[
            begin(0, Why::Speech),
            end(66, Why::Silence),
            begin(108, Why::Speech),
            end(120, Why::EndOfStream),
        ],
    );
}

#[test]
fn the_button_marks_begins_and_ends() {
    use CutMode::Automatic;
    check(
        "a mark inside",
        Automatic,
        &[Quiet(10), Talk(3), LEAD, Talk(1), Quiet(60)],
        &[begin(8, Why::Speech), lead(13), end(16, Why::Silence)],
    );
    check(
        "a mark after the last word",
        Automatic,
        &[Quiet(10), Talk(8), Quiet(20), LEAD, Quiet(60)],
        &[begin(8, Why::Speech), lead(38), end(38, Why::Silence)],
    );
    check(
        "a mark outside reaches back to what was said",
        Automatic,
        &[Quiet(40), Talk(2), Quiet(10), LEAD, Quiet(60)],
        &[begin(38, Why::Lead), lead(52), end(52, Why::Silence)],
    );
    check(
        "no further than the pre-buffer",
        Automatic,
        &[Talk(2), Quiet(29), LEAD, Quiet(60)],
        &[begin(1, Why::Lead), lead(31), end(31, Why::Silence)],
    );
    check(
        "nor into the conversation before",
        Automatic,
        &[Talk(20), STOP, Quiet(1), LEAD, EndOfStream],
        &[
            begin(0, Why::Speech),
            end(20, Why::StopMark),
            begin(21, Why::Lead),
            lead(21),
            end(21, Why::EndOfStream),
        ],
    );
    check(
        "the next visitor",
        Automatic,
        &[Talk(20), START, Talk(4), Quiet(60)],
        &[
            begin(0, Why::Speech),
            end(20, Why::StartMark),
            begin(20, Why::StartMark),
            end(26, Why::Silence),
        ],
    );
}

#[test]
fn muting_and_loss() {
    use CutMode::Automatic;
    let through = [begin(0, Why::Speech), end(82, Why::Silence)];
    check(
        "short mute",
        Automatic,
        &[Talk(10), MUTE, Quiet(50), UNMUTE, Talk(20), Quiet(60)],
        &through,
    );
    check(
        "long mute",
        Automatic,
        &[Talk(10), MUTE, Quiet(61), UNMUTE, Quiet(1)],
        &[begin(0, Why::Speech), end(10, Why::Muted)],
    );
    let muted: Vec<Step> = (0..61).map(|_| Gap(1, LossCause::Muted)).collect();
    check(
        "a mute in pieces",
        Automatic,
        &[&[Talk(10)][..], &muted, &[Talk(10)]].concat(),
        &[begin(0, Why::Speech), end(10, Why::Muted), begin(69, Why::Speech)],
    );
    check(
        "a mute is no silence",
        Automatic,
        &[Talk(10), Quiet(40), Gap(50, LossCause::Muted), Quiet(4), Talk(1), Quiet(60)],
        &[begin(0, Why::Speech), end(107, Why::Silence)],
    );
    check(
        "loss is silence",
        Automatic,
        &[Talk(10), Gap(44, LossCause::Lost), Talk(10), Gap(45, LossCause::Damaged)],
        &[begin(0, Why::Speech), end(66, Why::Silence)],
    );
    check("speech while muted", Automatic, &[MUTE, Talk(30), UNMUTE, Quiet(9)], &[]);
}

#[test]
fn the_other_modes() {
    use CutMode::{ButtonOnly, Manual};
    check(
        "speech alone begins nothing",
        ButtonOnly,
        &[Talk(60), LEAD, Talk(10), Quiet(50), Talk(60)],
        &[begin(30, Why::Lead), lead(60), end(72, Why::Silence)],
    );
    check(
        "nor do marks where only the app may",
        Manual,
        &[
            Talk(9),
            LEAD,
            START,
            Talk(1),
            AppStart,
            Talk(2),
            LEAD,
            Quiet(300),
            Talk(2),
            AppStop,
            Talk(9),
        ],
        &[begin(10, Why::Manual), lead(12), end(314, Why::Manual)],
    );
    check(
        "the wearer may always stop",
        Manual,
        &[AppStart, Quiet(4), STOP, Quiet(1)],
        &[begin(0, Why::Manual), end(4, Why::StopMark)],
    );
}

#[test]
fn a_long_talk_is_cut_where_it_pauses() {
    let policy =
        CutPolicy { longest_ms: 100_000, longest_search_ms: 30_000, ..CutPolicy::default() };
    let script = [Talk(60), Quiet(6), Talk(10), Quiet(4), Talk(5), Quiet(2), Talk(40), Quiet(60)];
    assert_eq!(
        cuts(policy.clone(), &script),
        [
            begin(0, Why::Speech),
            end(78, Why::MaxLength),
            begin(78, Why::MaxLength),
            end(129, Why::Silence)
        ]
    );
    assert_eq!(
        cuts(policy, &[Talk(101)]),
        [begin(0, Why::Speech), end(100, Why::MaxLength), begin(100, Why::MaxLength)]
    );
}

#[test]
fn an_hour_without_a_pause_and_a_day_of_silence() {
    let script = [Talk(3_601), Gap(86_400, LossCause::Lost), Talk(5), EndOfStream];
    assert_eq!(
        cuts(CutPolicy::default(), &script),
        [
            begin(0, Why::Speech),
            end(3_600, Why::MaxLength),
            begin(3_600, Why::MaxLength),
            end(3_603, Why::Silence),
            begin(89_999, Why::Speech),
            end(90_006, Why::EndOfStream),
        ]
    );
}

#[test]
fn late_marks_find_their_conversation() {
    let mut cutter = Cutter::new(CutPolicy::default());
    let speech = |cutter: &mut Cutter, from: u64, to: u64| {
        (from..to).step_by(20).for_each(|at| cutter.speech(at, true));
    };
    speech(&mut cutter, 0, 20_000);
    cutter.mark(15_000, MarkKind::Start);
    cutter.mark(14_000, MarkKind::Lead);
    cutter.mark(16_000, MarkKind::Lead);
    speech(&mut cutter, 20_000, 30_000);
    cutter.stop(29_000);
    cutter.mark(28_500, MarkKind::Lead);
    assert_eq!(
        cuts_of(&mut cutter),
        [
            begin(0, Why::Speech),
            end(15, Why::StartMark),
            begin(15, Why::StartMark),
            Cut::LateLead { at_ms: 14_000 },
            lead(16),
            end(29, Why::Manual),
            Cut::LateLead { at_ms: 28_500 },
        ]
    );
}

#[test]
fn orders_about_sound_to_come_wait_for_it() {
    let mut cutter = Cutter::new(CutPolicy { mode: CutMode::Manual, ..CutPolicy::default() });
    cutter.stop(9_000);
    cutter.start(2_000);
    cutter.speech(1_000, true);
    assert_eq!(cutter.open(), None);
    cutter.speech(3_000, true);
    assert_eq!(cutter.open(), Some(2_000));
    cutter.end_of_stream(12_000);
    assert_eq!(cuts_of(&mut cutter), [begin(2, Why::Manual), end(9, Why::Manual)]);
}

#[test]
fn old_sound_is_let_go() {
    let mut cutter = Cutter::new(CutPolicy::default());
    (0..100_000).step_by(20).for_each(|at| cutter.speech(at, false));
    assert_eq!(cutter.keep_from_ms(), 99_980 - 35_000);
    (100_000..110_000).step_by(20).for_each(|at| cutter.speech(at, true));
    assert_eq!((cutter.open(), cutter.keep_from_ms()), (Some(98_000), 98_000));
    cutter.stop(109_000);
    assert_eq!((cutter.open(), cutter.keep_from_ms()), (None, 98_000), "its end was not read");
    assert_eq!(cuts_of(&mut cutter).len(), 2);
    assert_eq!(cutter.keep_from_ms(), 109_000);
}
