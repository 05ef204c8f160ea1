//! Units named by "this" and "next", and the days around today.

use super::calendar::{Grain, months, next_working_day, plus_days, shifted};
use super::lexicon::{Unit, unit};
use super::points::{Grammar, Point};
use chrono::Datelike;
use confee_domain::DateWindow;

impl Grammar<'_> {
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
        ) || ws.before(i, 1) == "and" && ws.before(i, 2) == "christmas";
        if matches!(lead, "new" | "knew") && (!matches!(word, "year" | "ear") || bound)
            || word.is_empty()
            || ws.ends(noun)
        {
            return None;
        }
        let possessive = word.ends_with("'s") && by != 1;
        unit(word).filter(|u| {
            !possessive && *u != Unit::Day && (word.ends_with("'s") || !word.ends_with('s'))
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

    pub(super) fn unit_at(&self, word: &str, by: u32, next: usize) -> Option<Point> {
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
    pub(super) fn year_then_part(&self, point: Point) -> Option<Point> {
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

    pub(super) fn weekend(&self, by: u32, next: usize) -> Option<Point> {
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
    pub(super) fn today_is_due(&self, i: usize, next: usize) -> bool {
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
}
