use confee_domain::{DateWindow, Field, Lost, NextStep};

use super::calibration::NEXT_STEP;
use super::settle::{Candidate, settle};
use crate::normalize::time::TimeKind;
use crate::tagger::{Polarity, Span, Tag};
use crate::talk::Talk;

/// A day for a next step is said at most this many turns later.
const DATED_WITHIN: usize = 4;
/// A next step is due within this many days; anything later is about the purchase.
const MAX_DAYS: i64 = 240;

/// What both agreed to, the surest and then the latest.
pub(super) fn assemble(talk: &Talk<'_>, spans: &[Span]) -> Option<Field<NextStep>> {
    let candidates = spans
        .iter()
        .filter_map(|s| match s.tag {
            Tag::NextStep(kind) => Some((s, kind)),
            _ => None,
        })
        .map(|(s, kind)| {
            let due = (s.polarity == Polarity::Stated).then(|| due(talk, s)).flatten();
            let late = s.turn * 60 / talk.turns.len().max(1);
            let dated = if due.is_some() { 60 } else { 0 };
            let score = s.score + dated + u16::try_from(late).unwrap_or(0);
            let lost = match s.polarity {
                Polarity::Stated => None,
                Polarity::Negated => Some(Lost::Negated),
                Polarity::Open => Some(Lost::LessLikely),
            };
            Candidate {
                value: NextStep { kind, due },
                turn: s.turn,
                start: s.start,
                end: s.end,
                score: score.min(930),
                lost,
            }
        })
        .collect();
    settle(talk, candidates, 600, NEXT_STEP, |a: &NextStep, b| a == b)
}

/// The day on which both settle: in the turn itself, else the last one said in the next turns.
fn due(talk: &Talk<'_>, span: &Span) -> Option<DateWindow> {
    let mut agreed = None;
    for turn in talk.turns[span.turn..].iter().take(DATED_WITHIN + 1) {
        let mut fits = talk.times(turn.index).iter().filter(|t| {
            let future =
                matches!(t.kind, TimeKind::Point | TimeKind::Deadline | TimeKind::Relative);
            let days = (t.window.end - talk.transcript.day()).num_days();
            future && !t.negated && (0..=MAX_DAYS).contains(&days)
        });
        let last = fits.next_back();
        // The day repeated, or a remark about today, changes nothing.
        agreed = match (agreed, last) {
            (Some(before), Some(t)) if within(&t.window, &before) || within(&before, &t.window) => {
                Some(before)
            }
            (Some(before), Some(t)) if t.window.end == talk.transcript.day() => Some(before),
            (_, Some(t)) => Some(t.window),
            (before, None) => before,
        };
    }
    agreed
}

fn within(a: &DateWindow, b: &DateWindow) -> bool {
    a.start >= b.start && a.end <= b.end
}
