//! Two points that make one window: "March to May", "Q2 or Q3", "Tuesday or Wednesday".

use super::TimeKind;
use super::calendar::{Grain, plus_days, third, week_of};
use super::lexicon::weekday;
use super::points::{Grammar, HEDGES, Point};
use chrono::Datelike;
use confee_domain::DateWindow;

impl Grammar<'_> {
    /// One point, or two joined by "to", "or", "and"; true for two.
    pub(super) fn range(&self, i: usize) -> Option<(Point, bool)> {
        let ws = self.ws;
        let between = ws.any(
            i,
            &["anywhere between", "somewhere between", "sometime between", "between", "either"],
        );
        let at = between.unwrap_or(i);
        let at = if between.is_some() {
            ws.any(at, &["in", "on", "the end of"]).filter(|n| ws.at(n - 1) != "of").unwrap_or(at)
        } else {
            at
        };
        let first = self.point(at)?;
        let joined = self.second(first, at, between.is_some());
        match joined {
            Some((from, to)) if from.kind != TimeKind::Past && !from.void && !to.void => {
                Some((self.joined(from, to), true))
            }
            _ => Some((first, false)),
        }
    }

    /// The second point, with both in step about the year.
    fn second(&self, first: Point, at: usize, between: bool) -> Option<(Point, Point)> {
        let ws = self.ws;
        let next = first.next;
        if ws.ends(next) {
            return None;
        }
        let joins = [
            "or maybe",
            "or rather",
            "or possibly",
            "or perhaps",
            "or",
            "to",
            "through to",
            "through",
            "thru",
            "until",
            "and",
            "or in",
            "maybe",
        ];
        let word = ws.at(next);
        let joined = ws
            .any(next, &joins)
            .filter(|_| between || word != "and" || first.grain <= Grain::Quarter)
            .filter(|n| ws.at(n - 1) != "rather");
        let mark = ws.list.get(next).map_or(' ', |w| w.mark);
        let touching = matches!(mark, '-' | '/' | '–') || joined.is_none();
        if joined.is_none() && !touching {
            return None;
        }
        let k = joined.unwrap_or(next);
        let k = ws
            .any(ws.skip(k, HEDGES), &["on the", "in the", "on", "in", "else", "even", "at"])
            .filter(|n| ws.at(n - 1) != "the")
            .unwrap_or(ws.skip(k, HEDGES));
        let inside = Self { anchor: Some((first.window, first.grain)), ..*self };
        let second = inside.point(k).or_else(|| inside.bare_day(k, first, joined.is_some()))?;
        if joined.is_none() && (self.denied(at) || !self.follows(first, second, mark)) {
            return None;
        }
        self.in_step(first, at, second, k)
    }

    /// "May 3 to 5".
    fn bare_day(&self, i: usize, first: Point, joined: bool) -> Option<Point> {
        let (n, next) = self
            .ws
            .ordinal(i)
            .or_else(|| self.ws.below_hundred(i))
            .or_else(|| self.ws.digits(i).map(|d| (d, i + 1)))?;
        let open = self.ws.ends(next) || self.ws.pauses(next);
        let day = self.inside(first.window, n)?;
        (joined
            && open
            && first.grain == Grain::Day
            && day > first.window.start
            && self.ws.list.get(i.wrapping_sub(2)).and_then(weekday).is_none())
        .then(|| Point::day(day, next))
    }

    /// Neighbours without a joining word: "May, June", "Q2 Q3".
    fn follows(&self, first: Point, second: Point, mark: char) -> bool {
        let same = first.grain == second.grain
            && (first.end_of || first.kind == second.kind)
            && first.grain >= Grain::Month
            && (first.grain <= Grain::Quarter
                || first.window.start.year() != second.window.start.year());
        let next_one = plus_days(first.window.end, 1) == Some(second.window.start);
        same && (next_one || matches!(mark, '-' | '/' | '–'))
    }

    fn in_step(
        &self,
        mut first: Point,
        at: usize,
        mut second: Point,
        k: usize,
    ) -> Option<(Point, Point)> {
        if first.grain == Grain::Day
            && second.grain == Grain::Day
            && second.firm
            && !first.firm
            && let Some(number) = self.ws.list.get(at).and_then(weekday)
        {
            first.window = DateWindow::day(self.weekday_in(week_of(second.window.start)?, number)?);
        }
        if first.grain == Grain::Day
            && first.firm
            && second.grain == Grain::Day
            && !second.firm
            && second.window.end < first.window.start
            && let Some(number) = self.ws.list.get(k).and_then(weekday)
        {
            let day = self.weekday_in(week_of(first.window.start)?, number)?;
            second.window = DateWindow::day(day);
        }
        if let Some((n, _)) = self.ws.ordinal(self.the(at)).filter(|o| o.1 == first.next)
            && second.grain == Grain::Day
            && let Some(day) = self.inside(second.window, n).filter(|d| *d < second.window.start)
        {
            first.window = DateWindow::day(day);
        }
        if second.year_said && !first.year_said && !first.firm {
            let year = second.window.end.year();
            first = self.in_year(year).point(at).unwrap_or(first);
            if first.window.start > second.window.start {
                first = self.in_year(year.checked_sub(1)?).point(at).unwrap_or(first);
            }
        }
        if !second.year_said && (second.window.start < first.window.start || first.year_said) {
            let year = first.window.start.year();
            second = self.in_year(year).point(k).unwrap_or(second);
            if second.window.start < first.window.start && self.ws.at(k.saturating_sub(1)) != "or" {
                second = self.in_year(year.checked_add(1)?).point(k).unwrap_or(second);
            }
        }
        Some((first, second))
    }

    fn joined(&self, from: Point, to: Point) -> Point {
        let late = |p: Point| third(p.window, p.grain, 2).unwrap_or(p.window);
        let a = if from.end_of { late(from) } else { from.window };
        let window =
            DateWindow { start: a.start.min(to.window.start), end: a.end.max(to.window.end) };
        let both_ends = from.end_of && to.end_of;
        Point {
            window,
            kind: TimeKind::Point,
            end_of: both_ends,
            start_of: false,
            firm: from.firm || to.firm,
            grain: from.grain.max(to.grain),
            ..to
        }
    }
}
