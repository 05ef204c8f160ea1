use confee_domain::{DateWindow, Field, Lost, NextStep};

use super::calibration::NEXT_STEP;
use super::heard::{Heard, Source};
use super::settle::{Candidate, settle};
use crate::normalize::time::{self, TimeKind};
use crate::tagger::{Polarity, Span, Tag, TimeRole};
use crate::talk::Talk;

/// A day for a next step is said at most this many turns later.
const DATED_WITHIN: usize = 4;
/// A next step is due within this many days; anything later is about the purchase.
const MAX_DAYS: i64 = 240;

/// What both agreed to, the surest and then the latest.
pub(super) fn assemble(heard: &Heard<'_>) -> Option<Field<NextStep>> {
    let talk = heard.talk;
    let spans = heard.spans(|tag| matches!(tag, Tag::NextStep(_)));
    let candidates = spans
        .iter()
        .filter_map(|(s, source)| match s.tag {
            Tag::NextStep(kind) => Some((s, *source, kind)),
            _ => None,
        })
        .map(|(s, source, kind)| {
            let agreed = s.polarity == Polarity::Stated;
            let due = agreed.then(|| match source {
                Source::Rules if heard.reading.is_none() => due(talk, s),
                _ => due_by_model(heard, s),
            });
            let due = due.flatten();
            let late = s.turn * 60 / talk.turns.len().max(1);
            let dated = if due.is_some() { 60 } else { 0 };
            let score = s.score + dated + u16::try_from(late).unwrap_or(0);
            let lost = match s.polarity {
                Polarity::Stated => None,
                Polarity::Negated => Some(Lost::Negated),
                Polarity::Besides | Polarity::Open => Some(Lost::LessLikely),
            };
            Candidate {
                value: NextStep { kind, due },
                turn: s.turn,
                start: s.start,
                end: s.end,
                score: score.min(930),
                model: None,
                lost,
            }
            .by(source, heard.reading.is_some())
        })
        .collect();
    settle(talk, candidates, &NEXT_STEP, |a: &NextStep, b| a == b)
}

/// The day that the model takes for the next step's: the last one said not far from it.
fn due_by_model(heard: &Heard<'_>, step: &Span) -> Option<DateWindow> {
    let days = heard.model().iter().filter(|s| s.tag == Tag::Time(TimeRole::Due) && s.score >= 300);
    let near = days.filter(|s| s.turn.abs_diff(step.turn) <= 2 * DATED_WITHIN);
    let mut near: Vec<&Span> = near.collect();
    near.sort_by_key(|s| (s.turn, s.start));
    near.into_iter().rev().find_map(|s| window(heard.talk, s))
}

/// The window of a time that the model has found: of the grammar's expression there, else of the
/// words alone.
pub(super) fn window(talk: &Talk<'_>, span: &Span) -> Option<DateWindow> {
    let common = |t: &&time::TimeSpan| t.end.min(span.end).saturating_sub(t.start.max(span.start));
    let there = talk.times(span.turn).iter().filter(|t| common(t) > 0);
    let ahead = there.filter(|t| t.window.end >= talk.transcript.day());
    let best = ahead.max_by_key(common).map(|t| t.window);
    let context = time::Context { day: talk.transcript.day() };
    best.or_else(|| time::normalize(&talk.said(span), &context))
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
