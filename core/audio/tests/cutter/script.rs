//! What happens around a badge, second by second.

use confee_audio::voice::cutter::{Cut, CutPolicy, Cutter};
use confee_domain::{LossCause, MarkKind};

/// One thing that happens. Lengths are seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    Talk(u64),
    Quiet(u64),
    Gap(u64, LossCause),
    Press(MarkKind),
    /// A press that becomes known only so many milliseconds later.
    Late(MarkKind, u64),
    AppStart,
    AppStop,
    EndOfStream,
}

/// What the cutter says to a script, fed in frames of 20 ms.
pub(crate) fn cuts(policy: CutPolicy, script: &[Step]) -> Vec<Cut> {
    let mut cutter = Cutter::new(policy);
    let mut clock = 0;
    let mut found = Vec::new();
    for step in script {
        play(&mut cutter, &mut clock, *step, 20);
        found.extend(cuts_of(&mut cutter));
    }
    found
}

/// What waits in a cutter.
pub(crate) fn cuts_of(cutter: &mut Cutter) -> Vec<Cut> {
    std::iter::from_fn(|| cutter.next()).collect()
}

/// Does one step; `clock` is the end of the stream so far.
pub(crate) fn play(cutter: &mut Cutter, clock: &mut u64, step: Step, frame_ms: u64) {
    let mut frames = |seconds: u64, speech: bool| {
        let end = *clock + seconds * 1000;
        while *clock < end {
            cutter.speech(*clock, speech);
            *clock += frame_ms.min(end - *clock);
        }
    };
    match step {
        Step::Talk(seconds) => frames(seconds, true),
        Step::Quiet(seconds) => frames(seconds, false),
        Step::Gap(seconds, cause) => {
            cutter.gap(*clock, *clock + seconds * 1000, cause);
            *clock += seconds * 1000;
        }
        Step::Press(kind) => cutter.mark(*clock, kind),
        Step::Late(kind, ms) => cutter.mark(clock.saturating_sub(ms), kind),
        Step::AppStart => cutter.start(*clock),
        Step::AppStop => cutter.stop(*clock),
        Step::EndOfStream => cutter.end_of_stream(*clock),
    }
}
