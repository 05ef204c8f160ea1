//! Quarters and seasons.

use super::calendar::{Grain, months};
use super::numbers;
use super::points::{Grammar, Point};
use chrono::Datelike;
use confee_domain::DateWindow;

impl Grammar<'_> {
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
    pub(super) fn quarter_pair(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let (n, next) = ws.ordinal(self.the(i)).filter(|(n, _)| (1..=4).contains(n))?;
        let at = ws.any(next, &["or the", "and the", "to the", "or", "and", "to"])?;
        let later = self.quarter_name(at).filter(|(m, e)| *m > n && ws.at(*e - 1) == "quarter")?;
        let last = self.quarter(at)?;
        let start = last.window.start.checked_sub_months(chrono::Months::new((later.0 - n) * 3))?;
        Some(Point { window: DateWindow { start, end: last.window.end }, ..last })
    }

    pub(super) fn quarter_name(&self, i: usize) -> Option<(u32, usize)> {
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
