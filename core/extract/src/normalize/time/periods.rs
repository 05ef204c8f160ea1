//! Quarters, halves, parts of periods, units named by "this" and "next", seasons.

use super::calendar::{Grain, half, months, next_working_day, plus_days, shifted, third, week_of};
use super::lexicon::{Unit, month, unit};
use super::points::{Grammar, HEDGES, Point};
use super::{TimeKind, numbers};
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

    fn end_of(&self, inner: Point) -> Point {
        let kind = if inner.kind == TimeKind::Past { TimeKind::Past } else { TimeKind::Deadline };
        Point { kind, end_of: true, ..inner }
    }

    /// A current year's window starts today; its parts are those of the whole year.
    fn full_year_of(&self, inner: Point) -> DateWindow {
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
    fn not_over(&self, mut point: Point) -> Point {
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
    fn fused_end(&self, i: usize) -> Option<Point> {
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

    fn half_of(&self, i: usize, next: usize, part: u32) -> Option<Point> {
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

    /// What is left of the unit (`by` = 0) or a later whole one.
    pub(super) fn current(&self, grain: Grain, by: u32) -> Option<DateWindow> {
        let mut window = shifted(self.day, grain, by)?;
        window.start = window.start.max(self.day);
        Some(window)
    }

    /// "this month", "next quarter", "the year after next", "the coming weekend".
    pub(super) fn unit_named(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let at = self.the(i);
        let at = ws
            .any(
                at,
                &[
                    "rest of the",
                    "rest of",
                    "remainder of the",
                    "remainder of",
                    "course of the",
                    "course of",
                ],
            )
            .filter(|n| unit(ws.at(*n)).is_some() || ws.at(*n) == "this")
            .map_or(at, |n| if ws.at(n) == "this" { n } else { n - 1 });
        let rest = at > self.the(i) && ws.at(at) != "this";
        if let Some(next) =
            ws.any(at, &["year after next", "month after next", "quarter after next"])
        {
            return self.unit_at(ws.at(at), 2, next);
        }
        let lead = ws.at(at);
        let by = match lead {
            "this" | "current" | "dis" => 0,
            "next" | "coming" | "following" | "upcoming" | "nest" | "knew" | "new" => 1,
            "last" | "past" | "previous" => 9,
            _ if rest => 0,
            _ => return None,
        };
        let at = if rest && ws.at(at) == "of" { at } else { at };
        let mut noun = at + 1;
        noun = ws
            .any(noun, &["coming", "calendar", "business", "current", "full", "whole"])
            .unwrap_or(noun);
        if ws.is(noun, &["weekend", "week-end"]) {
            return self.weekend(by, noun + 1);
        }
        let word = ws.at(noun);
        let bound = matches!(
            ws.before(i, 1),
            "before" | "after" | "by" | "until" | "around" | "past" | "chinese" | "lunar"
        );
        if matches!(lead, "new" | "knew") && (!matches!(word, "year" | "ear") || bound)
            || word.is_empty()
            || ws.ends(noun)
        {
            return None;
        }
        let possessive = word.ends_with("'s") && by != 1;
        unit(word).filter(|u| {
            !possessive && *u != Unit::Day && !(word.ends_with('s') && !word.ends_with("'s"))
        })?;
        if by == 9 {
            return Some(Point::new(self.current(Grain::Year, 0)?, Grain::Year, noun + 1).past());
        }
        if matches!(lead, "new" | "knew") {
            let next_year = self.day.year().checked_add(1)?;
            return Some(Point::new(months(next_year, 1, 3)?, Grain::Quarter, noun + 1).firm());
        }
        if lead == "following"
            && let Some((anchor, grain)) = self.anchor
        {
            let g = self.unit_at(word, 1, noun + 1)?.grain;
            let window = shifted(if grain <= g { anchor.end } else { anchor.start }, g, 1)?;
            return Some(Point::new(window, g, noun + 1).firm());
        }
        let point = self.unit_at(word, by, noun + 1)?;
        self.year_then_part(point).or(Some(point))
    }

    fn unit_at(&self, word: &str, by: u32, next: usize) -> Option<Point> {
        let grain = match unit(word)? {
            Unit::Week => Grain::Week,
            Unit::Month => Grain::Month,
            Unit::Quarter => Grain::Quarter,
            Unit::Year => Grain::Year,
            _ => return None,
        };
        let mut point = Point::new(self.current(grain, by)?, grain, next).firm();
        point.year_said = grain == Grain::Year;
        Some(point)
    }

    /// "next year in March", "next year Q1", "this year in the autumn".
    fn year_then_part(&self, point: Point) -> Option<Point> {
        let ws = self.ws;
        if point.grain != Grain::Year || ws.ends(point.next) || self.year.is_some() {
            return None;
        }
        let at = ws
            .any(
                point.next,
                &[
                    "probably in",
                    "maybe in",
                    "probably",
                    "maybe",
                    "sometime in",
                    "in",
                    "around",
                    "during",
                    "by",
                    "like",
                    "at",
                ],
            )
            .unwrap_or(point.next);
        let linked = at > point.next || !ws.pauses(at);
        let inside = self.in_year(point.window.end.year());
        let inner = Some(at).filter(|_| linked).and_then(|at| {
            inside
                .part(at)
                .or_else(|| inside.dated(at))
                .or_else(|| inside.quarter(at))
                .or_else(|| inside.season(at))
                .or_else(|| inside.holiday(at))
        });
        inner
            .filter(|p| {
                p.window.end.year() <= point.window.end.year() + 1 && p.window.end >= self.day
            })
            .map(Point::firm)
    }

    fn weekend(&self, by: u32, next: usize) -> Option<Point> {
        let week = shifted(self.day, Grain::Week, if by == 9 { 0 } else { by })?;
        let window = DateWindow { start: plus_days(week.start, 5)?, end: week.end };
        let point = Point::new(window, Grain::Week, next).firm();
        Some(if by == 9 { point.past() } else { point })
    }

    /// "today", "tomorrow morning", "the day after tomorrow", "the weekend".
    pub(super) fn near(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let at = self.the(i);
        if let Some(next) = ws.any(at, &["day after tomorrow", "day after to morrow", "overmorrow"])
        {
            return Some(Point::day(plus_days(self.day, 2)?, self.day_time(next)).firm());
        }
        if let Some(next) =
            ws.any(at, &["next working day", "next business day", "following working day"])
        {
            return Some(Point::day(next_working_day(self.day)?, next).firm());
        }
        if let Some(next) =
            ws.any(at, &["day after", "day after that", "following day", "next day"])
            && let Some((window, Grain::Day)) = self.anchor
        {
            return (ws.ends(next) || ws.pauses(next))
                .then(|| plus_days(window.start, 1).map(|d| Point::day(d, next).firm()))?;
        }
        if let Some(next) = ws.any(i, &["the weekend"]).filter(|_| self.led(i) || self.phrase) {
            return self.weekend(0, next);
        }
        let next = ws.any(i, &["first thing tomorrow", "tomorrow", "to morrow"]);
        if let Some(next) = next {
            return Some(Point::day(plus_days(self.day, 1)?, self.day_time(next)).firm());
        }
        if let Some(next) = ws.any(i, &["this afternoon", "this evening", "tonight", "later today"])
        {
            return Some(Point::day(self.day, next).firm());
        }
        let next = ws.any(i, &["today"])?;
        self.today_is_due(i, next).then(|| Point::day(self.day, self.day_time(next)).firm())
    }

    /// "today" mostly means "at present"; it is a time only beside something to do.
    fn today_is_due(&self, i: usize, next: usize) -> bool {
        const DO: &[&str] = &[
            "send", "call", "sign", "order", "email", "mail", "meet", "deliver", "ship", "book",
            "close", "ring", "start", "begin", "sit", "write", "order", "decide", "forward",
            "commit", "finish", "later", "still",
        ];
        let ws = self.ws;
        let asked = (1..8).any(|k| DO.contains(&ws.before(i, k)));
        let led = matches!(ws.before(i, 1), "by" | "until" | "before" | "of" | "from");
        let told =
            (1..4).any(|k| matches!(ws.before(i, k), "what" | "how" | "we" | "you") && !asked);
        led || self.phrase && ws.list.len() <= 3
            || (asked
                && !told
                && (ws.ends(next) || ws.pauses(next) || !ws.is(next, &["we", "i", "is"])))
    }

    /// "Q3", "the third quarter of next year", "cue too", "the last quarter of the year".
    pub(super) fn quarter(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        if let Some(pair) = self.quarter_pair(i) {
            return Some(pair);
        }
        let (n, next) = self.quarter_name(i)?;
        let short = || {
            ws.short_year(next, self.day.year()).filter(|(_, n)| {
                ws.list[next].mark != ' ' && ws.list[next].mark != '-'
                    || ws.ends(*n)
                    || ws.pauses(*n)
                    || ws.digits(next).is_none()
            })
        };
        let fy = ws
            .any(next, &["of f y", "f y", "fy", "of fy"])
            .and_then(|n| ws.year(n).or_else(|| ws.short_year(n, self.day.year())));
        let first = self.fiscal.unwrap_or(1);
        let of_year = |y: i32| {
            let base = if first > 1 { y.checked_sub(1)? } else { y };
            months(base, first + (n - 1) * 3, 3)
        };
        if let Some((y, after)) = fy.or_else(|| self.year_suffix(next)).or_else(short) {
            let window = if fy.is_some() && first == 1 { None } else { of_year(y) };
            let mut point = Point::new(window?, Grain::Quarter, after);
            point.year_said = true;
            return Some(if point.window.end < self.day { point.past() } else { point });
        }
        let (mut window, said) = self.coming(of_year)?;
        if first > 1 && window.end < self.day {
            window = of_year(self.day.year().checked_add(2)?)?;
        }
        Some(Point { year_said: said, ..Point::new(window, Grain::Quarter, next) })
    }

    /// "the second or third quarter".
    fn quarter_pair(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let (n, next) = ws.ordinal(self.the(i)).filter(|(n, _)| (1..=4).contains(n))?;
        let at = ws.any(next, &["or the", "and the", "to the", "or", "and", "to"])?;
        let later = self.quarter_name(at).filter(|(m, e)| *m > n && ws.at(*e - 1) == "quarter")?;
        let last = self.quarter(at)?;
        let start = last.window.start.checked_sub_months(chrono::Months::new((later.0 - n) * 3))?;
        Some(Point { window: DateWindow { start, end: last.window.end }, ..last })
    }

    fn quarter_name(&self, i: usize) -> Option<(u32, usize)> {
        let ws = self.ws;
        let at = self.the(i);
        if let Some(next) = ws.any(at, &["last quarter of", "final quarter of", "final quarter"]) {
            return Some((4, if ws.at(next - 1) == "of" { next - 1 } else { next }));
        }
        if ws.is(at, &["q", "cue", "queue", "kew", "quarter", "que"]) {
            let word = ws.at(at + 1);
            let sure = ws.is(at, &["q", "cue"]) || self.led(i);
            let said = matches!(word, "too" | "to" | "for" | "won" | "fore" | "tree")
                && ws.at(at) != "quarter"
                && sure;
            let n = match word {
                "one" | "1" | "won" => 1,
                "two" | "2" | "too" | "to" => 2,
                "three" | "3" | "tree" => 3,
                "four" | "4" | "for" | "fore" => 4,
                _ => return None,
            };
            let plain = numbers::small(word).is_some() || ws.digits(at + 1).is_some();
            let glued_apart =
                ws.at(at) == "quarter" && ws.is(at + 2, &["hours", "million", "o'clock"]);
            return ((plain || said && !(word == "to" && ws.is(at + 2, &["q", "cue", "queue"])))
                && !glued_apart
                && !ws.ends(at + 1))
            .then_some((n, at + 2));
        }
        let (n, next) = ws.ordinal(at).filter(|(n, _)| (1..=4).contains(n))?;
        (ws.at(next) == "quarter").then_some((n, next + 1))
    }

    /// "in spring", "next summer", "the autumn of 2027": meteorological seasons.
    pub(super) fn season(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let at = ws
            .any(i, &["this coming", "the coming", "this", "next", "coming", "last", "past", "the"])
            .unwrap_or(i);
        let first = match ws.at(at) {
            "spring" | "springtime" => 3,
            "summer" | "summertime" => 6,
            "autumn" | "fall" => 9,
            "winter" | "wintertime" => 12,
            _ => return None,
        };
        let holiday = ws.is(
            at + 1,
            &[
                "break",
                "holiday",
                "holidays",
                "vacation",
                "vacations",
                "recess",
                "shutdown",
                "closure",
            ],
        );
        let noun = ws.is(
            at + 1,
            &[
                "range",
                "collection",
                "tires",
                "tyres",
                "season's",
                "menu",
                "party",
                "jacket",
                "cleaning",
                "sale",
                "school",
                "job",
                "intern",
                "off",
                "apart",
                "behind",
                "through",
                "back",
                "down",
                "asleep",
                "short",
            ],
        ) && !ws.ends(at + 1);
        let lead = if at > i { ws.at(i) } else { "" };
        let led = matches!(lead, "this" | "next" | "coming" | "last" | "past")
            || self.led(i)
            || self.phrase;
        if holiday || noun || !led || ws.before(i, 1) == "to" && lead.is_empty() {
            return None;
        }
        let next = at + 1 + usize::from(ws.at(at + 1) == "season");
        let of_year = |y: i32| months(y, first, 3);
        if let Some((y, after)) = self.year_suffix(next) {
            return Some(Point {
                year_said: true,
                ..Point::new(of_year(y)?, Grain::Season, after)
            });
        }
        let (mut window, said) = self.coming(of_year)?;
        let before = of_year(self.day.year().checked_sub(1)?)?;
        if first == 12 && before.end >= self.day && self.year.is_none() {
            window = before;
        }
        if lead == "next" && window.start <= self.day {
            window = of_year(window.start.year().checked_add(1)?)?;
        }
        let mut point = Point { year_said: said, ..Point::new(window, Grain::Season, next) };
        point.firm = matches!(lead, "this" | "next" | "coming");
        Some(if matches!(lead, "last" | "past") { point.past() } else { point })
    }
}
