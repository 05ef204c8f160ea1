//! Time expressions in talk, as inclusive windows of days.
//!
//! [`find`] reports every expression of a segment with its kind; [`normalize`] gives the one
//! window a phrase or a sentence states. Decisions where talk is ambiguous:
//!
//! - by, before, until, end of X: from the day of capture to the end of X (of a holiday season:
//!   to its first day); weeks end on Sunday. After X: the six months from the day after X.
//! - this week, month, quarter, year: what is left of it; a month or quarter by name is whole.
//! - Early, mid and late are thirds of a month or a quarter; of a year the first quarter, May to
//!   August, the last quarter. The first week of a month is its first seven days.
//! - A slash date is month/day unless only day/month is possible; a dotted one is day.month.
//! - Seasons are meteorological. The end of a running contract is a deadline.

mod bare;
mod calendar;
mod clock;
mod context;
mod cues;
mod dates;
mod fiscal;
mod holidays;
mod lengths;
mod lexicon;
mod numbers;
mod other;
mod parts;
mod periods;
mod points;
mod quarters;
mod ranges;
mod relations;
mod relative;
#[cfg(test)]
mod tests;
mod weeks;

use calendar::Grain;
use chrono::NaiveDate;
use confee_domain::DateWindow;
use lexicon::Words;
use points::{Grammar, Point};
use relations::Relation;

/// What a window is relative to.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// Local day of capture.
    pub day: NaiveDate,
}

/// What a time expression says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeKind {
    /// A named day, week, month, quarter or other period.
    Point,
    /// By, before, the end of, until.
    Deadline,
    /// Not before, after, from a month on.
    NotBefore,
    /// Counted from the day of capture: "in two to three months".
    Relative,
    /// Over: "last year", "two years ago", "since 2019".
    Past,
    /// How long, not when: "takes four weeks".
    Duration,
    /// "every Monday", "twice a year".
    Recurring,
    /// "at three", "after five"; the window is the day of capture and says nothing.
    ClockTime,
}

impl TimeKind {
    /// Whether the expression states a future window.
    #[must_use]
    pub fn is_future(self) -> bool {
        matches!(self, Self::Point | Self::Deadline | Self::NotBefore | Self::Relative)
    }
}

/// A time expression in a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeSpan {
    /// First character, in Unicode scalar values.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// The days meant, both inclusive; a best guess for kinds that are no future.
    pub window: DateWindow,
    /// What the expression says.
    pub kind: TimeKind,
    /// Said to be needed at once.
    pub urgent: bool,
    /// Takes the place of an earlier time in the same segment.
    pub corrected: bool,
    /// Ruled out: "not next week", "Friday doesn't work".
    pub negated: bool,
}

/// An expression by its words.
#[derive(Debug, Clone, Copy)]
struct Found {
    from: usize,
    next: usize,
    window: DateWindow,
    kind: TimeKind,
    grain: Grain,
    firm: bool,
    urgent: bool,
    void: bool,
}

impl Found {
    fn of(point: Point, window: DateWindow) -> Self {
        let Point { next, kind, grain, firm, void, .. } = point;
        Self { from: next, next, window, kind, grain, firm, urgent: false, void }
    }
}

/// A span with how likely it is what the sentence is about.
struct Weighed {
    span: TimeSpan,
    weight: i32,
}

/// All time expressions of one segment, in order.
#[must_use]
pub fn find(text: &str, cx: &Context) -> Vec<TimeSpan> {
    read(text, cx).into_iter().map(|w| w.span).collect()
}

/// The future window that a phrase or a sentence states: the last corrected one, else the one
/// nearest to what is decided, bought or done. `None` where it states none.
#[must_use]
pub fn normalize(text: &str, cx: &Context) -> Option<DateWindow> {
    let spans = read(text, cx);
    let future = || spans.iter().filter(|w| w.span.kind.is_future() && !w.span.negated);
    let corrected = future().rfind(|w| w.span.corrected);
    let best = || future().rev().max_by_key(|w| w.weight);
    corrected.or_else(best).map(|w| w.span.window)
}

fn read(text: &str, cx: &Context) -> Vec<Weighed> {
    let words = Words::new(text);
    let stated = fiscal::statement(&words);
    let mut grammar = Grammar {
        ws: &words,
        day: cx.day,
        anchor: None,
        seen: 0,
        fiscal: stated.map(|s| s.0),
        year: None,
        phrase: words.list.len() <= 5,
    };
    let mut spans: Vec<Weighed> = Vec::new();
    let mut pending: Option<(Relation, usize)> = None;
    let mut last_future: Option<usize> = None;
    let mut i = 0;
    while i < words.list.len() {
        let Some(mut found) = grammar.expression(i) else {
            if let Some(relation) = grammar.relation_word(i) {
                pending = Some((relation.0, i));
            }
            i += 1;
            continue;
        };
        let statement = stated.is_some_and(|s| (found.from..found.next).contains(&s.1));
        let at = found.from;
        let handed = pending.take_if(|p| context::hands_over(&words, p.1, at));
        if statement && handed.is_none() && !grammar.is_fiscal_point(at, found.next) {
            found.kind = TimeKind::Recurring;
        }
        grammar.place(&mut found, handed.map(|p| p.0));
        let future = found.kind.is_future();
        let unknown = future
            && found.grain >= Grain::Quarter
            && grammar.is_unknown_fiscal(found.from, found.next);
        if !(found.void || unknown) {
            let corrected = future && last_future.is_some_and(|k| grammar.corrects(k, found.from));
            let negated = future && grammar.is_negated(&found);
            spans.push(grammar.weighed(&found, corrected, negated));
            if statement {
                grammar.anchor = Some((found.window, found.grain));
            }
            if future {
                last_future = Some(found.next);
                grammar.seen = found.next;
                grammar.anchor = Some((found.window, found.grain));
            }
        }
        i = found.next.max(i + 1);
    }
    spans
}

impl Grammar<'_> {
    /// The expression that starts at a word.
    fn expression(&self, i: usize) -> Option<Found> {
        self.urgent(i)
            .or_else(|| self.recurring(i))
            .or_else(|| self.clock(i))
            .or_else(|| self.past(i))
            .or_else(|| self.relative(i).filter(|f| f.kind != TimeKind::Duration))
            .or_else(|| self.bounded(i))
            .or_else(|| self.relative(i))
    }

    fn is_fiscal_point(&self, from: usize, next: usize) -> bool {
        (from..next).any(|k| self.fiscal_year(k).is_some())
    }

    /// Puts an expression in the light of the words around it.
    fn place(&self, found: &mut Found, pending: Option<Relation>) {
        if found.kind == TimeKind::Point
            && let Some(relation) = pending
        {
            let point = Point::new(found.window, found.grain, found.next);
            if let Some(bounded) = self.apply(relation, point, false) {
                (found.window, found.kind) = (bounded.window, bounded.kind);
                return;
            }
        }
        let related = self.relation_word(found.from).is_some();
        if found.kind.is_future() && !found.firm && !related && self.in_past_tense(found) {
            found.kind = TimeKind::Past;
        }
        self.contract_end(found);
    }

    fn weighed(&self, found: &Found, corrected: bool, negated: bool) -> Weighed {
        let words = &self.ws.list;
        let Found { window, kind, urgent, .. } = *found;
        let start = words.get(found.from).map_or(0, |w| w.start);
        let end = words.get(found.next.saturating_sub(1)).map_or(start, |w| w.end);
        let span = TimeSpan { start, end, window, kind, urgent, corrected, negated };
        Weighed { span, weight: self.weight(found) }
    }
}
