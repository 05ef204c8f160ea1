//! Calendar arithmetic: every step is checked, so far-off dates give nothing instead of a panic.

use chrono::{Datelike, Days, Months, NaiveDate};
use confee_domain::DateWindow;

/// The width of a named period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grain {
    Day,
    Week,
    Month,
    Quarter,
    Season,
    Half,
    Year,
}

/// Months and days to add.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Length {
    pub(super) months: u32,
    pub(super) days: u64,
    pub(super) working_days: u32,
}

impl Length {
    /// The day this long after another.
    pub(super) fn after(self, day: NaiveDate) -> Option<NaiveDate> {
        let mut end = day.checked_add_months(Months::new(self.months))?;
        end = end.checked_add_days(Days::new(self.days))?;
        for _ in 0..self.working_days {
            end = next_working_day(end)?;
        }
        Some(end)
    }
}

pub(super) fn next_working_day(day: NaiveDate) -> Option<NaiveDate> {
    let next = day.succ_opt()?;
    let weekday = next.weekday().num_days_from_monday();
    if weekday < 5 { Some(next) } else { plus_days(next, 7 - i64::from(weekday)) }
}

pub(super) fn plus_days(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    let span = Days::new(days.unsigned_abs());
    if days < 0 { day.checked_sub_days(span) } else { day.checked_add_days(span) }
}

pub(super) fn plus_months(day: NaiveDate, months: u32) -> Option<NaiveDate> {
    day.checked_add_months(Months::new(months))
}

/// Whole months from the first of `month` on; a month above 12 runs into the next year.
pub(super) fn months(year: i32, month: u32, count: u32) -> Option<DateWindow> {
    let january = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let start = plus_months(january, month.checked_sub(1)?)?;
    let end = plus_months(start, count)?.pred_opt()?;
    Some(DateWindow { start, end })
}

pub(super) fn year(year: i32) -> Option<DateWindow> {
    months(year, 1, 12)
}

/// Monday to Sunday around a day.
pub(super) fn week_of(day: NaiveDate) -> Option<DateWindow> {
    let start = plus_days(day, -i64::from(day.weekday().num_days_from_monday()))?;
    Some(DateWindow { start, end: plus_days(start, 6)? })
}

/// An ISO calendar week.
pub(super) fn iso_week(year: i32, week: u32) -> Option<DateWindow> {
    let monday = NaiveDate::from_isoywd_opt(year, week, chrono::Weekday::Mon)?;
    week_of(monday)
}

/// The first given weekday (Monday = 0) after a day.
pub(super) fn weekday_after(day: NaiveDate, weekday: u32) -> Option<NaiveDate> {
    let now = day.weekday().num_days_from_monday();
    plus_days(day, i64::from((weekday + 6 - now) % 7 + 1))
}

/// The n-th (1 to 5) or, for 0, the last weekday in a window.
pub(super) fn nth_weekday(window: DateWindow, weekday: u32, n: u32) -> Option<NaiveDate> {
    if n == 0 {
        return weekday_after(plus_days(window.end, -7)?, weekday);
    }
    let first = weekday_after(window.start.pred_opt()?, weekday)?;
    let day = plus_days(first, i64::from(n - 1) * 7)?;
    (day <= window.end).then_some(day)
}

/// The unit of the day, shifted by whole units.
pub(super) fn shifted(day: NaiveDate, grain: Grain, by: u32) -> Option<DateWindow> {
    let years = i32::try_from(by).ok()?;
    match grain {
        Grain::Day => Some(DateWindow::day(plus_days(day, i64::from(by))?)),
        Grain::Week => week_of(plus_days(day, i64::from(by) * 7)?),
        Grain::Month => months(day.year(), day.month() + by, 1),
        Grain::Quarter | Grain::Season => months(day.year(), (day.month0() / 3 + by) * 3 + 1, 3),
        Grain::Half => months(day.year(), (day.month0() / 6 + by) * 6 + 1, 6),
        Grain::Year => year(day.year().checked_add(years)?),
    }
}

/// A part of a period in thirds: 0 early, 1 middle, 2 late. A year's early and late parts are
/// its first and last quarters.
pub(super) fn third(window: DateWindow, grain: Grain, part: u32) -> Option<DateWindow> {
    let at = |from: i64, to: i64| {
        Some(DateWindow {
            start: plus_days(window.start, from)?,
            end: plus_days(window.start, to)?,
        })
    };
    let (y, m) = (window.start.year(), window.start.month());
    match grain {
        Grain::Day => Some(window),
        Grain::Week => match part {
            0 => at(0, 1),
            1 => at(2, 2),
            _ => at(3, 4),
        },
        Grain::Month => match part {
            0 => at(0, 9),
            1 => at(10, 19),
            _ => Some(DateWindow { start: plus_days(window.start, 20)?, end: window.end }),
        },
        Grain::Quarter | Grain::Season => months(y, m + part, 1),
        Grain::Half => months(y, m + part * 2, 2),
        Grain::Year => match part {
            0 => months(y, m, 3),
            1 => months(y, m + 4, 4),
            _ => months(y, m + 9, 3),
        },
    }
}

/// The first (0) or second (1) half of a period.
pub(super) fn half(window: DateWindow, grain: Grain, part: u32) -> Option<DateWindow> {
    let (y, m) = (window.start.year(), window.start.month());
    match grain {
        Grain::Year => months(y, m + part * 6, 6),
        Grain::Half => months(y, m + part * 3, 3),
        Grain::Month if part == 0 => {
            Some(DateWindow { start: window.start, end: plus_days(window.start, 14)? })
        }
        Grain::Month => Some(DateWindow { start: plus_days(window.start, 15)?, end: window.end }),
        _ => {
            let middle = plus_days(window.start, (window.end - window.start).num_days() / 2)?;
            Some(if part == 0 {
                DateWindow { start: window.start, end: middle }
            } else {
                DateWindow { start: middle.succ_opt()?, end: window.end }
            })
        }
    }
}

/// Western Easter Sunday, by the anonymous Gregorian computus (Meeus, Jones, Butcher).
pub(super) fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - b / 4 - g + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let (month, day) = ((h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}
