//! Parts of periods: early, middle, late, halves and ends.

use super::TimeKind;
use super::calendar::{Grain, half, months, shifted, third, week_of};
use super::lexicon::{Unit, month, unit};
use super::points::{Grammar, HEDGES, Point};
use chrono::Datelike;
use confee_domain::DateWindow;

const EARLY: &[&str] = &[
    "early in",
    "early on in",
    "early",
    "the beginning of",
    "beginning of",
    "the very beginning of",
    "the start of",
    "start of",
    "first part of",
    "the first part of",
    "the early part of",
    "early part of",
];
const MIDDLE: &[&str] = &[
    "mid to late",
    "the middle of",
    "middle of",
    "middle off",
    "mid of",
    "mid",
    "halfway through",
    "midway through",
];
const LATE: &[&str] = &[
    "late in",
    "late",
    "the last part of",
    "last part of",
    "the latter part of",
    "latter part of",
    "the back end of",
];
const END: &[&str] = &[
    "the very end of",
    "very end of",
    "the end of",
    "end of",
    "the tail end of",
    "tail end of",
    "the close of",
    "close of",
    "the last day of",
    "last day of",
    "and of",
    "the and of",
    "the end off",
    "end off",
    "the end",
    "end",
];
const HALVES: &[(&str, u32)] = &[
    ("the first half of", 0),
    ("first half of", 0),
    ("the first half off", 0),
    ("first half in", 0),
    ("the front half of", 0),
    ("the second half of", 1),
    ("second half of", 1),
    ("second half in", 1),
    ("the second half in", 1),
    ("the back half of", 1),
    ("back half of", 1),
    ("the latter half of", 1),
    ("latter half of", 1),
    ("the first half", 0),
    ("first half", 0),
    ("the second half", 1),
    ("second half", 1),
    ("the back half", 1),
    ("back half", 1),
    ("h 1", 0),
    ("h 2", 1),
    ("h one", 0),
    ("h two", 1),
    ("h too", 1),
    ("half one of", 0),
    ("half two of", 1),
];

impl Grammar<'_> {
    /// Early, middle, late, first or second half, end of a period.
    pub(super) fn part(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        if let Some(point) = self.fused_end(i) {
            return Some(point);
        }
        if let Some((next, part)) = HALVES.iter().find_map(|(p, k)| Some((ws.phrase(i, p)?, *k))) {
            return self.half_of(i, next, part);
        }
        let thirds = [(EARLY, 0), (MIDDLE, 1), (LATE, 2)];
        for (phrases, part) in thirds {
            let Some(next) = ws.any(i, phrases) else { continue };
            let last_word = ws.at(next - 1);
            let inner = self.inner(ws.any(next, &["in", "to late"]).unwrap_or(next))?;
            if inner.grain == Grain::Day || inner.end_of {
                return None;
            }
            let mut point =
                Point { window: third(self.full_year_of(inner), inner.grain, part)?, ..inner };
            point.start_of = part == 0 && last_word == "of";
            return Some(self.not_over(point));
        }
        let next = ws.any(i, END)?;
        let bare = ws.at(next - 1) == "end";
        let inner = self.inner(next).filter(|p| !p.end_of && (!bare || p.grain != Grain::Day))?;
        Some(self.end_of(inner))
    }

    pub(super) fn end_of(&self, inner: Point) -> Point {
        let kind = if inner.kind == TimeKind::Past { TimeKind::Past } else { TimeKind::Deadline };
        Point { kind, end_of: true, ..inner }
    }

    /// A current year's window starts today; its parts are those of the whole year.
    pub(super) fn full_year_of(&self, inner: Point) -> DateWindow {
        let w = inner.window;
        match inner.grain {
            Grain::Year => w
                .end
                .succ_opt()
                .and_then(|d| d.checked_sub_months(chrono::Months::new(12)))
                .map_or(w, |start| DateWindow { start, end: w.end }),
            Grain::Month => months(w.end.year(), w.end.month(), 1).unwrap_or(w),
            Grain::Quarter => {
                months(w.end.year(), w.end.month() - w.end.month0() % 3, 3).unwrap_or(w)
            }
            Grain::Week => week_of(w.end).unwrap_or(w),
            _ => w,
        }
    }

    /// A part that is already over belongs to next year, unless its year was said.
    pub(super) fn not_over(&self, mut point: Point) -> Point {
        if point.window.end < self.day
            && !point.year_said
            && !point.firm
            && point.kind != TimeKind::Past
        {
            let moved = |d: chrono::NaiveDate| super::calendar::plus_months(d, 12);
            if let (Some(start), Some(end)) = (moved(point.window.start), moved(point.window.end)) {
                point.window = DateWindow { start, end };
            }
        }
        point
    }

    /// "EOY", "year end", "month-end", "close of business".
    pub(super) fn fused_end(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let at = self.the(i);
        const ENDS: &[(&str, Grain)] = &[
            ("eoy", Grain::Year),
            ("e o y", Grain::Year),
            ("year end", Grain::Year),
            ("ear end", Grain::Year),
            ("yearend", Grain::Year),
            ("year's end", Grain::Year),
            ("years end", Grain::Year),
            ("end year", Grain::Year),
            ("turn of the year", Grain::Year),
            ("calendar year end", Grain::Year),
            ("close of the year", Grain::Year),
            ("close of year", Grain::Year),
            ("eoq", Grain::Quarter),
            ("quarter end", Grain::Quarter),
            ("quarter's end", Grain::Quarter),
            ("eom", Grain::Month),
            ("month end", Grain::Month),
            ("month's end", Grain::Month),
            ("eow", Grain::Week),
            ("week's end", Grain::Week),
            ("eod", Grain::Day),
            ("cob", Grain::Day),
            ("e o d", Grain::Day),
            ("end of business day", Grain::Day),
            ("end of the business day", Grain::Day),
            ("end of business", Grain::Day),
            ("end of play", Grain::Day),
            ("close of play", Grain::Day),
            ("close of business", Grain::Day),
            ("end of the day", Grain::Day),
            ("end of day", Grain::Day),
        ];
        let (next, grain) = ENDS.iter().find_map(|(p, g)| Some((ws.phrase(at, p)?, *g)))?;
        if grain == Grain::Day {
            let named = self
                .weekday(ws.any(next, &["on"]).unwrap_or(next))
                .or_else(|| self.near(next))
                .filter(|p| p.grain == Grain::Day);
            if let Some(point) = named {
                return Some(self.end_of(point));
            }
            let idiom =
                ws.at(at) == "end" && ws.at(next - 1) == "day" && matches!(ws.before(i, 1), "at");
            if idiom {
                return None;
            }
        }
        if grain == Grain::Year
            && let Some((y, after)) = self.year_suffix(next)
        {
            let mut point = Point::new(self.whole_year(y)?, grain, after);
            point.year_said = true;
            return Some(self.end_of(point));
        }
        Some(self.end_of(Point::new(self.current(grain, 0)?, grain, next).firm()))
    }

    pub(super) fn half_of(&self, i: usize, next: usize, part: u32) -> Option<Point> {
        let ws = self.ws;
        let of = matches!(ws.at(next - 1), "of" | "off" | "in");
        if of {
            let inner = self.inner(next).filter(|p| p.grain > Grain::Day && !p.end_of)?;
            let window = half(self.full_year_of(inner), inner.grain, part)?;
            let grain = if inner.grain == Grain::Year { Grain::Half } else { inner.grain };
            return Some(self.not_over(Point { window, grain, ..inner }));
        }
        let short = ws.at(i) == "h";
        let of_year = |y: i32| half(self.year_from(y)?, Grain::Year, part);
        if let Some((y, after)) = self
            .year_suffix(next)
            .or_else(|| ws.short_year(next, self.day.year()).filter(|_| short))
        {
            let mut point = Point::new(of_year(y)?, Grain::Half, after);
            point.year_said = true;
            return Some(point);
        }
        if !(short || self.phrase || self.led(i)) || (ws.at(next) == "of" && !ws.ends(next)) {
            return None;
        }
        let (window, said) = self.coming(of_year)?;
        Some(Point { year_said: said, ..Point::new(window, Grain::Half, next) })
    }

    /// The year, fiscal where its start is known, that begins in a calendar year.
    pub(super) fn year_from(&self, y: i32) -> Option<DateWindow> {
        let first = self.fiscal.unwrap_or(1);
        months(if first > 1 { y.checked_sub(1)? } else { y }, first, 12)
    }

    /// What may follow "end of", "early", "half of": a point, or "the month", "year".
    pub(super) fn inner(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let at = ws.skip(i, HEDGES);
        if ws.at(i.wrapping_sub(1)) == "of"
            && let Some((y, next)) = ws.short_year(at, self.day.year())
            && ws.year(at).is_none()
            && (ws.ends(next) || ws.pauses(next) || unit(ws.at(next)).is_none())
            && month(ws.at(next)).is_none()
        {
            return Some(Point {
                year_said: true,
                ..Point::new(self.whole_year(y)?, Grain::Year, next)
            });
        }
        if let Some(point) =
            self.point(at).filter(|p| !(p.grain == Grain::Year && ws.is(p.next, &["hundred"])))
        {
            return Some(point);
        }
        let at = ws
            .any(
                at,
                &["the current", "the calendar", "the same", "the", "that", "calendar", "current"],
            )
            .unwrap_or(at);
        let grain = match unit(ws.at(at))? {
            Unit::Week => Grain::Week,
            Unit::Month => Grain::Month,
            Unit::Quarter => Grain::Quarter,
            Unit::Year => Grain::Year,
            _ => return None,
        };
        if let Some((anchor, _)) =
            self.anchor.filter(|a| ws.is(at.wrapping_sub(1), &["that", "same"]) && a.1 <= grain)
        {
            let window = shifted(anchor.start, grain, 0)?;
            return Some(Point::new(window, grain, at + 1).firm());
        }
        let window = shifted(self.day, grain, 0)?;
        Some(Point::new(window, grain, at + 1))
    }
}
