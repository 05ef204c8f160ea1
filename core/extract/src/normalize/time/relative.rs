//! Windows counted from the day of capture, and lengths that are no window at all.

use super::calendar::{Grain, Length, plus_months, week_of};
use super::lexicon::{unit, weekday};
use super::points::{Grammar, HEDGES};
use super::{Found, TimeKind};
use confee_domain::DateWindow;

impl Grammar<'_> {
    pub(super) fn after_today(&self, lo: Length, hi: Length) -> Option<DateWindow> {
        Some(DateWindow::new(lo.after(self.day)?, hi.after(self.day)?))
    }

    pub(super) fn found(&self, i: usize, next: usize, window: DateWindow, kind: TimeKind) -> Found {
        Found {
            from: i,
            next,
            window,
            kind,
            grain: Grain::Day,
            firm: true,
            urgent: false,
            void: false,
        }
    }

    /// "in six weeks", "within ninety days", "over the next three months", "a week from Friday".
    pub(super) fn relative(&self, i: usize) -> Option<Found> {
        self.next_units(i)
            .or_else(|| self.within(i))
            .or_else(|| self.counted_from(i))
            .or_else(|| self.not_for(i))
            .or_else(|| self.in_units(i))
            .or_else(|| self.bare(i))
    }

    /// "in the next three months", "the coming weeks".
    fn next_units(&self, i: usize) -> Option<Found> {
        let ws = self.ws;
        let start = ws
            .any(
                i,
                &[
                    "sometime in",
                    "some time in",
                    "within",
                    "in",
                    "over",
                    "during",
                    "inside",
                    "for",
                    "at some point in",
                ],
            )
            .unwrap_or(i);
        let at = ws.any(
            start,
            &[
                "the next",
                "the coming",
                "the following",
                "the upcoming",
                "next",
                "coming",
                "these next",
            ],
        )?;
        let (hi, next) = match self.quantity_heard(at, true) {
            Some((_, hi, next)) => (hi, next),
            None => {
                let (_, few, next) = self.three_of(at).filter(|_| unit(ws.at(at)).is_some())?;
                (few, next)
            }
        };
        let window = DateWindow { start: self.day, end: hi.after(self.day)? };
        let kind = if ws.at(i) == "for" { TimeKind::Duration } else { TimeKind::Relative };
        Some(self.found(i, next, window, kind))
    }

    fn three_of(&self, at: usize) -> Option<(Length, Length, usize)> {
        if let Some(next) = self.ws.any(at + 1, &["or two"]) {
            let two = match self.ws.at(at) {
                "week" => Length { months: 0, days: 14, working_days: 0 },
                "month" => Length { months: 2, days: 0, working_days: 0 },
                "year" => Length { months: 24, days: 0, working_days: 0 },
                _ => return None,
            };
            return Some((two, two, next));
        }
        let one = match self.ws.at(at) {
            "days" => Length { months: 0, days: 3, working_days: 0 },
            "weeks" | "weaks" => Length { months: 0, days: 21, working_days: 0 },
            "months" | "mouths" => Length { months: 3, days: 0, working_days: 0 },
            "quarters" => Length { months: 9, days: 0, working_days: 0 },
            "years" => Length { months: 36, days: 0, working_days: 0 },
            _ => return None,
        };
        Some((one, one, at + 1))
    }

    /// From today up to a length.
    fn within(&self, i: usize) -> Option<Found> {
        let at = self.ws.any(
            i,
            &[
                "sometime within",
                "within",
                "inside of",
                "inside",
                "in under",
                "in less than",
                "in no more than",
                "in at most",
                "in max",
                "in up to",
                "not more than",
                "under",
                "less than",
            ],
        )?;
        let (_, hi, next) = self.quantity_heard(at, true)?;
        if self.ws.is(i, &["under", "less", "not", "inside"])
            && !self.alone(i, next)
            && !self.after_now(next).1
        {
            return None;
        }
        if self.work_takes(i) {
            return Some(self.found(i, next, DateWindow::day(self.day), TimeKind::Duration));
        }
        let next = self.after_now(next).0;
        Some(self.found(
            i,
            next,
            DateWindow { start: self.day, end: hi.after(self.day)? },
            TimeKind::Relative,
        ))
    }

    /// "a week from Friday", "two weeks after Easter", "three weeks before Christmas".
    fn counted_from(&self, i: usize) -> Option<Found> {
        let ws = self.ws;
        let (lo, hi, next) = self.quantity_heard(i, false)?;
        if ws.ends(next) {
            return None;
        }
        if let Some(at) = ws.any(next, &["before", "ahead of", "prior to"]) {
            let point = self.point(at)?;
            let back = |l: Length| {
                let day = point.window.start.checked_sub_months(chrono::Months::new(l.months))?;
                day.checked_sub_days(chrono::Days::new(l.days))
            };
            let window = DateWindow::new(back(hi)?, back(lo)?);
            return Some(self.found(i, point.next, window, TimeKind::Relative));
        }
        let at = ws.any(next, &["from", "after", "on", "past"])?;
        let point = self.point(at).filter(|p| {
            p.grain <= Grain::Season && !(ws.at(next) == "on" && p.grain != Grain::Day)
        })?;
        let base = if point.grain == Grain::Day { point.window.start } else { point.window.end };
        let window = DateWindow::new(lo.after(base)?, hi.after(base)?);
        Some(self.found(i, point.next, window, TimeKind::Relative))
    }

    /// "not for another six months".
    fn not_for(&self, i: usize) -> Option<Found> {
        let ws = self.ws;
        let at = ws.any(
            i,
            &[
                "not for at least another",
                "not for at least",
                "not for another",
                "not for",
                "for another",
                "for at least another",
                "for at least",
            ],
        )?;
        let signs =
            ["sign", "signing", "commit", "committing", "extending", "renewing", "extend", "renew"];
        let denied = ws.at(i) == "not" || self.denied(i) && !signs.contains(&ws.before(i, 1));
        let (lo, _, next) = self.quantity(at)?;
        let start = lo.after(self.day).filter(|_| denied)?;
        let window = DateWindow { start, end: plus_months(start, 6)? };
        Some(self.found(i, next, window, TimeKind::NotBefore))
    }

    fn in_units(&self, i: usize) -> Option<Found> {
        let ws = self.ws;
        let at = ws.any(i, &["sometime in", "in"])?;
        let at = ws.skip(at, HEDGES);
        if ws.is(at, &["the"]) {
            return None;
        }
        let (lo, hi, next) = self.quantity_heard(at, true)?;
        let (next, _) = self.after_now(next);
        if self.work_takes(i) || ws.is(next, &["of", "we've", "a"]) && !ws.ends(next) {
            return Some(self.found(i, next, DateWindow::day(self.day), TimeKind::Duration));
        }
        let mut window = self.after_today(lo, hi)?;
        let on = ws.any(next, &["on"]).unwrap_or(next);
        if let Some(number) =
            ws.list.get(on).filter(|w| !w.sentence && lo.months == 0).and_then(weekday)
        {
            window = DateWindow::day(self.weekday_in(week_of(window.start)?, number)?);
            return Some(self.found(i, on + 1, window, TimeKind::Point));
        }
        self.closed(i, next, window, lo, hi, TimeKind::Relative)
    }
}
