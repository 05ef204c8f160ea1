//! Feasts and holiday seasons, as they bound a project.

use super::calendar::{Grain, easter, months, nth_weekday, plus_days};
use super::points::{Grammar, Point};
use chrono::NaiveDate;
use confee_domain::DateWindow;

#[derive(Clone, Copy)]
enum Feast {
    Christmas,
    Holidays,
    NewYear,
    NewYearsEve,
    Easter,
    Pentecost,
    Thanksgiving,
    BlackFriday,
    LabourDay,
    MemorialDay,
    FourthOfJuly,
    Ramadan,
    Eid,
    LunarNewYear,
    Diwali,
    GoldenWeek,
    SummerBreak,
    SpringBreak,
    Halloween,
    Valentines,
}

const NAMES: &[(&str, Feast)] = &[
    ("christmas holidays", Feast::Holidays),
    ("christmas break", Feast::Holidays),
    ("christmas shutdown", Feast::Holidays),
    ("christmas vacation", Feast::Holidays),
    ("winter break", Feast::Holidays),
    ("winter holidays", Feast::Holidays),
    ("holiday season", Feast::Holidays),
    ("christmas eve", Feast::Christmas),
    ("christmas day", Feast::Christmas),
    ("christmas time", Feast::Christmas),
    ("christmas", Feast::Christmas),
    ("chinese new year", Feast::LunarNewYear),
    ("lunar new year", Feast::LunarNewYear),
    ("spring festival", Feast::LunarNewYear),
    ("new year's eve", Feast::NewYearsEve),
    ("new years eve", Feast::NewYearsEve),
    ("new year's day", Feast::NewYear),
    ("new year's", Feast::NewYear),
    ("new years", Feast::NewYear),
    ("new year", Feast::NewYear),
    ("easter holidays", Feast::Easter),
    ("easter break", Feast::Easter),
    ("easter monday", Feast::Easter),
    ("easter", Feast::Easter),
    ("pentecost", Feast::Pentecost),
    ("whitsun", Feast::Pentecost),
    ("thanksgiving", Feast::Thanksgiving),
    ("black friday", Feast::BlackFriday),
    ("labor day", Feast::LabourDay),
    ("labour day", Feast::LabourDay),
    ("memorial day", Feast::MemorialDay),
    ("the fourth of july", Feast::FourthOfJuly),
    ("independence day", Feast::FourthOfJuly),
    ("ramadan", Feast::Ramadan),
    ("ramadhan", Feast::Ramadan),
    ("eid", Feast::Eid),
    ("diwali", Feast::Diwali),
    ("golden week", Feast::GoldenWeek),
    ("summer holidays", Feast::SummerBreak),
    ("summer holiday", Feast::SummerBreak),
    ("summer break", Feast::SummerBreak),
    ("summer vacation", Feast::SummerBreak),
    ("summer vacations", Feast::SummerBreak),
    ("summer recess", Feast::SummerBreak),
    ("summer shutdown", Feast::SummerBreak),
    ("spring break", Feast::SpringBreak),
    ("halloween", Feast::Halloween),
    ("valentine's day", Feast::Valentines),
    ("valentine's", Feast::Valentines),
    ("the holidays", Feast::Holidays),
    ("holidays", Feast::Holidays),
];

/// First day of the lunar year, 2024 to 2036 (month, day).
const LUNAR: [(u32, u32); 13] = [
    (2, 10),
    (1, 29),
    (2, 17),
    (2, 6),
    (1, 26),
    (2, 13),
    (2, 3),
    (1, 23),
    (2, 11),
    (1, 31),
    (2, 19),
    (2, 8),
    (1, 28),
];
/// First day of Ramadan by the tabular reckoning, 2024 to 2036; a second one in 2030 is left out.
const RAMADAN: [(u32, u32); 13] = [
    (3, 11),
    (3, 1),
    (2, 18),
    (2, 8),
    (1, 28),
    (1, 16),
    (1, 6),
    (12, 15),
    (12, 4),
    (11, 23),
    (11, 12),
    (11, 1),
    (10, 20),
];
const DIWALI: [(u32, u32); 13] = [
    (11, 1),
    (10, 20),
    (11, 8),
    (10, 29),
    (10, 17),
    (11, 5),
    (10, 26),
    (11, 14),
    (11, 2),
    (10, 22),
    (11, 10),
    (10, 30),
    (10, 18),
];

fn tabled(table: &[(u32, u32)], year: i32) -> Option<NaiveDate> {
    let (m, d) = *table.get(usize::try_from(year.checked_sub(2024)?).ok()?)?;
    NaiveDate::from_ymd_opt(year, m, d)
}

fn span(start: NaiveDate, more: i64) -> Option<DateWindow> {
    Some(DateWindow { start, end: plus_days(start, more)? })
}

fn feast(kind: Feast, year: i32) -> Option<DateWindow> {
    let date = |m, d| NaiveDate::from_ymd_opt(year, m, d);
    match kind {
        Feast::Christmas => span(date(12, 25)?, 0),
        Feast::Holidays => span(date(12, 24)?, 8),
        Feast::NewYear => span(NaiveDate::from_ymd_opt(year.checked_add(1)?, 1, 1)?, 0),
        Feast::NewYearsEve => span(date(12, 31)?, 0),
        Feast::Easter => span(easter(year)?, 0),
        Feast::Pentecost => span(plus_days(easter(year)?, 49)?, 0),
        Feast::Thanksgiving => span(nth_weekday(months(year, 11, 1)?, 3, 4)?, 0),
        Feast::BlackFriday => span(plus_days(nth_weekday(months(year, 11, 1)?, 3, 4)?, 1)?, 0),
        Feast::LabourDay => span(nth_weekday(months(year, 9, 1)?, 0, 1)?, 0),
        Feast::MemorialDay => span(nth_weekday(months(year, 5, 1)?, 0, 0)?, 0),
        Feast::FourthOfJuly => span(date(7, 4)?, 0),
        Feast::Ramadan => span(tabled(&RAMADAN, year)?, 29),
        Feast::Eid => span(plus_days(tabled(&RAMADAN, year)?, 30)?, 2),
        Feast::LunarNewYear => span(tabled(&LUNAR, year)?, 6),
        Feast::Diwali => span(tabled(&DIWALI, year)?, 0),
        Feast::GoldenWeek => span(date(4, 29)?, 6),
        Feast::SummerBreak => months(year, 7, 2),
        Feast::SpringBreak => months(year, 3, 1),
        Feast::Halloween => span(date(10, 31)?, 0),
        Feast::Valentines => span(date(2, 14)?, 0),
    }
}

/// A feast of several days bounds what comes before it by its first day.
fn feast_point(window: DateWindow, next: usize) -> Point {
    let long = window.start < window.end;
    let grain = if long { Grain::Season } else { Grain::Day };
    Point { start_of: long, ..Point::new(window, grain, next) }
}

impl Grammar<'_> {
    /// A feast or a holiday season, the next to come.
    pub(super) fn holiday(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let at = ws.any(i, &["this", "next", "last", "the"]).unwrap_or(i);
        let (next, kind) = NAMES
            .iter()
            .find_map(|(p, f)| ws.phrase(at, p).or_else(|| ws.phrase(i, p)).map(|n| (n, *f)))?;
        let rush =
            ws.is(next, &["season", "rush", "business", "sales", "shopping", "trade", "peak"]);
        if rush && ws.before(i, 1) == "for" {
            return None;
        }
        let season = matches!(kind, Feast::Holidays | Feast::SummerBreak);
        let rush = ["season", "rush", "business", "sales", "shopping", "trade", "peak"];
        let aside = ["party", "card", "cards", "tree", "market", "present"];
        if season && !(self.led(i) || self.phrase)
            || ws.is(next, &aside)
            || ws.is(next, &rush) && (1..3).any(|k| ws.before(i, k) == "for")
        {
            return None;
        }
        if let Some((y, after)) = self.year_suffix(next) {
            return Some(Point { year_said: true, ..feast_point(feast(kind, y)?, after) });
        }
        let (window, said) = self.coming(|y| feast(kind, y))?;
        let point = Point { year_said: said, ..feast_point(window, next) };
        Some(if at > i && ws.at(i) == "last" { point.past() } else { point })
    }
}
