//! Weekdays and weeks.

use super::calendar::{
    Grain, iso_week, months, nth_weekday, plus_days, shifted, week_of, weekday_after,
};
use super::lexicon::{Unit, unit, weekday};
use super::points::{Grammar, Point};
use chrono::{Datelike, NaiveDate};
use confee_domain::DateWindow;

impl Grammar<'_> {
    /// "Friday", "this Friday", "next Tuesday", "Tuesday the 31st", "Tuesday of next week".
    pub(super) fn weekday(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let at = ws.any(i, &["first thing on", "first thing"]).unwrap_or(i);
        if let Some(point) = self.nth(at) {
            return Some(point);
        }
        const LEADS: &[&str] = &[
            "this coming",
            "the coming",
            "the next",
            "the following",
            "this",
            "coming",
            "next",
            "following",
            "last",
            "past",
            "the",
            "dis",
            "nest",
        ];
        let named = ws.any(at, LEADS).unwrap_or(at);
        let lead = if named > at { ws.at(named - 1) } else { "" };
        let number = ws.list.get(named).and_then(weekday)?;
        if ws.at(named) == "sundae"
            && lead.is_empty()
            && !self.led(named)
            && ws.before(named, 1) != "on"
        {
            return None;
        }
        if ws.at(named + 1) == "com" || matches!(ws.before(named, 1), "use" | "using" | "called") {
            return None;
        }
        let next = self.day_time(named + 1);
        if lead == "last" || lead == "past" {
            let day = plus_days(weekday_after(plus_days(self.day, -8)?, number)?, 0)?;
            return Some(Point::day(day, next).past());
        }
        if let Some(point) = self.weekday_with(number, next) {
            return Some(point);
        }
        if lead == "next"
            && let Some(end) = ws.any(next, &["but one"])
        {
            let day = self.weekday_in(shifted(self.day, Grain::Week, 2)?, number)?;
            return Some(Point::day(day, end).firm());
        }
        let day = match lead {
            "next" | "nest" => self.weekday_in(shifted(self.day, Grain::Week, 1)?, number)?,
            "following" => match self.anchor {
                Some((window, _)) => weekday_after(window.end, number)?,
                None => self.weekday_in(shifted(self.day, Grain::Week, 1)?, number)?,
            },
            "this" | "dis" => weekday_after(plus_days(self.day, -1)?, number)?,
            _ => weekday_after(self.day, number)?,
        };
        let point = Point::day(day, next);
        Some(if lead.is_empty() || lead == "the" { point } else { point.firm() })
    }

    /// Words after a weekday that say which one.
    fn weekday_with(&self, number: u32, next: usize) -> Option<Point> {
        let ws = self.ws;
        if ws.ends(next) {
            return None;
        }
        if let Some(date) = self.dated(next).filter(|d| d.grain == Grain::Day) {
            return Some(date);
        }
        if let Some((n, end)) = ws.ordinal(self.the(next)).filter(|(n, e)| {
            (1..=31).contains(n) && !ws.is(*e, &["of", "one", "thing", "week", "quarter"])
        }) {
            return self.weekday_on(number, n).map(|d| Point::day(d, end).firm());
        }
        if let Some(end) = ws
            .any(next, &["after that one", "after that", "after this", "after"])
            .filter(|e| ws.at(e - 1) != "after" || ws.ends(*e) || ws.pauses(*e))
            && let Some((window, _)) = self.anchor
        {
            return Some(Point::day(weekday_after(window.end, number)?, end).firm());
        }
        if let Some(at) = ws.any(next, &["right after", "after"])
            && let Some(feast) = self.holiday(at).or_else(|| self.unit_named(at))
        {
            return Some(Point::day(weekday_after(feast.window.end, number)?, feast.next).firm());
        }
        if let Some(end) = ws.any(next, &["after next"]) {
            let day = self.weekday_in(shifted(self.day, Grain::Week, 2)?, number)?;
            return Some(Point::day(day, end).firm());
        }
        let of = ws.any(next, &["of the", "in the", "of", "in", "the"]).unwrap_or(next);
        if let Some(week) = self
            .week(of)
            .or_else(|| self.unit_named(of))
            .or_else(|| self.week(next))
            .filter(|w| w.grain == Grain::Week)
        {
            let day = self.weekday_in(week.window, number)?;
            let point = Point::day(day, week.next).firm();
            return Some(if day < self.day { point.past() } else { point });
        }
        let coming = weekday_after(self.day, number)?;
        if ws.is(next, &["week", "weak"]) && !ws.ends(next) {
            return Some(Point::day(plus_days(coming, 7)?, next + 1).firm());
        }
        if ws.at(next) == "fortnight" {
            return Some(Point::day(plus_days(coming, 14)?, next + 1).firm());
        }
        let (length, _, end) = self.quantity(ws.any(next, &["in"])?)?;
        let whole_weeks = length.months == 0 && length.days >= 7;
        whole_weeks.then(|| {
            plus_days(coming, i64::try_from(length.days).ok()?).map(|d| Point::day(d, end).firm())
        })?
    }

    /// The next time this weekday falls on this day of a month.
    fn weekday_on(&self, number: u32, day: u32) -> Option<NaiveDate> {
        let base = self
            .anchor
            .filter(|a| a.1 == Grain::Month)
            .map_or(self.day, |a| a.0.start.max(self.day));
        let dates: Vec<NaiveDate> = (0..3)
            .filter_map(|k| months(base.year(), base.month() + k, 1)?.start.with_day(day))
            .filter(|d| *d > self.day)
            .collect();
        let exact = dates.iter().find(|d| d.weekday().num_days_from_monday() == number);
        exact.or(dates.first()).copied()
    }

    pub(super) fn weekday_in(&self, week: DateWindow, number: u32) -> Option<NaiveDate> {
        plus_days(week.start, i64::from(number))
    }

    /// "the first Monday in May", "the last Friday of the month".
    fn nth(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let at = self.the(i);
        let (n, next) = self.nth_word(at)?;
        let number = ws.list.get(next).and_then(weekday)?;
        let inner = self.inner(ws.any(next + 1, &["of", "in"])?)?;
        let day = nth_weekday(inner.window, number, n)?;
        let point = Point::day(day, inner.next);
        Some(if day < self.day && inner.kind == super::TimeKind::Past {
            point.past()
        } else {
            point
        })
    }

    fn nth_word(&self, i: usize) -> Option<(u32, usize)> {
        if self.ws.is(i, &["last", "final"]) {
            return Some((0, i + 1));
        }
        self.ws.ordinal(i).filter(|(n, _)| *n <= 5)
    }

    /// Weeks by number, by a day in them, and after another one.
    pub(super) fn week(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let at = self.the(i);
        if let Some(next) = ws.any(
            at,
            &[
                "week after next",
                "weak after next",
                "week following next week",
                "week after the next",
            ],
        ) {
            return Some(Point::new(shifted(self.day, Grain::Week, 2)?, Grain::Week, next).firm());
        }
        self.numbered_week(at)
            .or_else(|| self.week_around(at))
            .or_else(|| self.week_in_month(at))
            .or_else(|| self.week_after(at))
            .or_else(|| self.next_week_day(at))
    }

    fn numbered_week(&self, at: usize) -> Option<Point> {
        let ws = self.ws;
        let next = ws.any(
            at,
            &[
                "calendar week number",
                "calendar week",
                "week number",
                "week",
                "weak",
                "kalenderwoche",
                "kw",
                "cw",
                "wk",
                "k w",
                "c w",
            ],
        )?;
        let (n, end) = ws.digits(next).map(|d| (d, next + 1)).or_else(|| ws.below_hundred(next))?;
        if !(1..=53).contains(&n) || unit(ws.at(end)).is_some() || ws.ends(next) {
            return None;
        }
        let inside = ws.any(end, &["of", "in"]).and_then(|k| self.dated(k));
        if let Some(month) = inside.filter(|p| p.grain == Grain::Month && n <= 5) {
            let start = plus_days(month.window.start, i64::from(n - 1) * 7)?;
            let window = DateWindow { start, end: plus_days(start, 6)?.min(month.window.end) };
            return Some(Point { window, grain: Grain::Week, ..month });
        }
        if let Some((y, end)) = self.year_suffix(end) {
            let mut point = Point::new(iso_week(y, n)?, Grain::Week, end);
            point.year_said = true;
            return Some(point);
        }
        let year = self.day.iso_week().year();
        let window = iso_week(year, n)
            .filter(|w| w.end >= self.day)
            .or_else(|| iso_week(year.checked_add(1)?, n))?;
        Some(Point::new(window, Grain::Week, end).firm())
    }

    /// "the week of March 9th", "the week starting the ninth".
    fn week_around(&self, at: usize) -> Option<Point> {
        let ws = self.ws;
        let next = ws.any(
            at,
            &[
                "week commencing",
                "week beginning",
                "week starting on",
                "week starting",
                "week of",
                "weak of",
                "week from",
                "week around",
            ],
        )?;
        let next = next + usize::from(ws.at(next) == "on");
        let inner = self
            .numeric(next)
            .or_else(|| self.dated(next))
            .or_else(|| self.weekday(next))
            .or_else(|| self.holiday(next))
            .or_else(|| self.day_number(next))
            .filter(|p| p.grain <= Grain::Week)?;
        let window = week_of(inner.window.start)?;
        let mut point = Point { window, grain: Grain::Week, ..inner };
        point.firm = true;
        Some(point)
    }

    /// "the ninth" where only a day can follow.
    fn day_number(&self, i: usize) -> Option<Point> {
        let (n, next) = self.ws.ordinal(self.the(i)).filter(|(n, _)| (1..=31).contains(n))?;
        let anchored =
            self.anchor.filter(|a| a.1 <= Grain::Month).and_then(|a| self.inside(a.0, n));
        let free = || {
            (0..3)
                .filter_map(|k| months(self.day.year(), self.day.month() + k, 1)?.start.with_day(n))
                .find(|d| *d > self.day)
        };
        anchored.filter(|d| *d >= self.day).or_else(free).map(|d| Point::day(d, next))
    }

    /// "the first week of May" is its first seven days, "the last week" its last seven.
    fn week_in_month(&self, at: usize) -> Option<Point> {
        let ws = self.ws;
        let (n, next) = self.nth_word(at)?;
        let next = next + usize::from(ws.is(next, &["full", "working"]));
        if unit(ws.at(next)) != Some(Unit::Week) {
            return None;
        }
        let inner =
            self.inner(ws.any(next + 1, &["of", "in"])?).filter(|p| p.grain >= Grain::Month)?;
        let window = if n == 0 {
            DateWindow { start: plus_days(inner.window.end, -6)?, end: inner.window.end }
        } else {
            let start = plus_days(inner.window.start, i64::from(n - 1) * 7)?;
            DateWindow { start, end: plus_days(start, 6)?.min(inner.window.end) }
        };
        (window.start <= window.end).then_some(Point { window, grain: Grain::Week, ..inner })
    }

    /// "the week after", "the following week", "the week after that", "the week after Easter".
    fn week_after(&self, at: usize) -> Option<Point> {
        let ws = self.ws;
        let anchor = self.anchor.map(|a| a.0);
        if let Some(next) = ws.any(
            at,
            &[
                "week after that",
                "week after this",
                "following week",
                "week afterwards",
                "weak after that",
                "one after that",
            ],
        ) {
            let base = anchor.unwrap_or(week_of(self.day)?);
            return Some(
                Point::new(week_of(plus_days(week_of(base.end)?.end, 1)?)?, Grain::Week, next)
                    .firm(),
            );
        }
        let next = ws.any(at, &["week after", "weak after", "week before"])?;
        let inner = Some(next)
            .filter(|n| !ws.ends(*n))
            .and_then(|n| self.holiday(n).or_else(|| self.dated(n)).or_else(|| self.unit_named(n)));
        let back = ws.at(next - 1) == "before";
        let (base, next) = match inner {
            Some(p) => (p.window, p.next),
            None if back => return None,
            None => (anchor.or_else(|| week_of(self.day))?, next),
        };
        let day =
            if back { plus_days(base.start, -7)? } else { plus_days(week_of(base.end)?.end, 1)? };
        Some(Point::new(week_of(day)?, Grain::Week, next).firm())
    }

    /// "next week Tuesday", "next week on Tuesday".
    fn next_week_day(&self, at: usize) -> Option<Point> {
        let ws = self.ws;
        let next = ws.any(at, &["next week", "next weak"])?;
        let day_at = ws.any(next, &["on", "like", "maybe"]).unwrap_or(next);
        let number = ws.list.get(day_at).filter(|w| !w.sentence && !w.pause).and_then(weekday)?;
        let end = self.day_time(day_at + 1);
        self.weekday_in(shifted(self.day, Grain::Week, 1)?, number)
            .map(|d| Point::day(d, end).firm())
    }

    /// The index after "morning", "in the afternoon" and the like.
    pub(super) fn day_time(&self, i: usize) -> usize {
        if self.ws.ends(i) {
            return i;
        }
        self.ws
            .any(
                i,
                &[
                    "in the morning",
                    "in the afternoon",
                    "in the evening",
                    "early morning",
                    "morning",
                    "afternoon",
                    "evening",
                    "night",
                    "noon",
                    "lunchtime",
                    "first thing",
                ],
            )
            .unwrap_or(i)
    }
}
