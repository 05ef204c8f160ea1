//! Months and dates, in words and in digits.

use super::calendar::{Grain, months, shifted};
use super::lexicon::{MonthWord, Unit, month, unit};
use super::points::{Grammar, Point};
use chrono::{Datelike, NaiveDate};
use confee_domain::DateWindow;

impl Grammar<'_> {
    /// ISO dates, day.month.year and month/day. A slash date that could be read both ways is
    /// month/day, as recognisers of English write it; dots are day.month.
    pub(super) fn numeric(&self, i: usize) -> Option<Point> {
        let word = self.ws.list.get(i).filter(|w| w.digits)?;
        if word.norm.contains('.') {
            return self.dotted(i);
        }
        let second = self.ws.list.get(i + 1).filter(|w| w.digits)?;
        let third = self.ws.list.get(i + 2).filter(|w| w.digits);
        let number = |k: usize| self.ws.digits(k);
        let is_part = |k: usize, mark: char| self.ws.list.get(k).is_some_and(|w| w.mark == mark);
        if second.mark == '-' && is_part(i + 2, '-') && word.norm.len() == 4 {
            let year = i32::try_from(number(i)?).ok()?;
            return Some(self.full(year, number(i + 1)?, number(i + 2)?, i + 3));
        }
        if second.mark != '/' || number(i)? == 24 && number(i + 1)? == 7 {
            return None;
        }
        let (a, b) = (number(i)?, number(i + 1)?);
        let (m, d) = if a <= 12 { (a, b) } else { (b, a) };
        if let Some(y) = third.filter(|t| t.mark == '/').and_then(|_| number(i + 2)) {
            let year = i32::try_from(if y < 100 { 2000 + y } else { y }).ok()?;
            return Some(self.full(year, m, d, i + 3));
        }
        let led = matches!(self.ws.before(i, 1), "on" | "by" | "before" | "until" | "from" | "of");
        (led && (1..=12).contains(&m)).then(|| self.month_day(m, d, i + 2))
    }

    fn dotted(&self, i: usize) -> Option<Point> {
        let word = self.ws.list.get(i)?;
        let parts: Vec<u32> = word.norm.split('.').map_while(|p| p.parse().ok()).collect();
        if let [d, m, y] = parts[..] {
            let year = i32::try_from(if y < 100 { 2000 + y } else { y }).ok()?;
            return (m <= 12 && d <= 31).then(|| self.full(year, m, d, i + 1));
        }
        let [d, m] = parts[..] else { return None };
        let led = matches!(self.ws.before(i, 1), "on" | "by" | "before" | "until" | "the");
        let closed = word.tail == '.';
        let year = self.ws.year(i + 1).filter(|_| closed);
        if !led || !closed || !(1..=12).contains(&m) || !(1..=31).contains(&d) {
            return None;
        }
        match year {
            Some((y, next)) => Some(self.full(y, m, d, next)),
            None => Some(self.month_day(m, d, i + 1)),
        }
    }

    /// A date with its year.
    pub(super) fn full(&self, year: i32, month: u32, day: u32, next: usize) -> Point {
        match NaiveDate::from_ymd_opt(year, month, day) {
            Some(date) => {
                let mut point = Point::day(date, next);
                point.year_said = true;
                if date < self.day { point.past() } else { point }
            }
            None => self.void(next),
        }
    }

    fn void(&self, next: usize) -> Point {
        let mut point = Point::day(self.day, next);
        point.void = true;
        point
    }

    /// A date without a year: the next one to come, today included.
    pub(super) fn month_day(&self, month: u32, day: u32, next: usize) -> Point {
        if let Some((y, after)) = self.year_suffix(next).or_else(|| self.trailing_short_year(next))
        {
            return self.full(y, month, day, after);
        }
        if let Some(y) = self.year {
            return self.full(y, month, day, next);
        }
        let year = self.day.year();
        let date = (year..year.saturating_add(9))
            .filter_map(|y| NaiveDate::from_ymd_opt(y, month, day))
            .find(|d| *d >= self.day);
        let known = date.filter(|d| d.year() <= year.saturating_add(1) || (month, day) == (2, 29));
        known.map_or_else(|| self.void(next), |d| Point::day(d, next))
    }

    /// "May third, 27".
    fn trailing_short_year(&self, i: usize) -> Option<(i32, usize)> {
        let word = self.ws.list.get(i).filter(|w| w.digits && !w.sentence)?;
        let open = !self.ws.ends(i + 1) && !self.ws.pauses(i + 1);
        (word.norm.len() == 2 && !open).then(|| self.ws.short_year(i, self.day.year()))?
    }

    pub(super) fn dated(&self, i: usize) -> Option<Point> {
        self.day_first(i).or_else(|| self.month_first(i))
    }

    /// "the 3rd of May", "3 May 2027", "the first of the month".
    fn day_first(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let at = self.the(i);
        let ordinal = ws.ordinal(at);
        let cardinal = || ws.below_hundred(at).or_else(|| ws.digits(at).map(|d| (d, at + 1)));
        let (day, next) = ordinal.or_else(cardinal).filter(|(d, _)| (1..=31).contains(d))?;
        let of = next + usize::from(ordinal.is_some() && ws.at(next) == "of");
        if let Some((m, sure)) = month(ws.at(of)).filter(|_| !ws.ends(of)) {
            let verb = sure == MonthWord::Doubtful
                && ordinal.is_none()
                && !ws.list[of].capital
                && ws.at(of) == "may";
            if verb && ws.digits(at).is_none() && !self.phrase {
                return None;
            }
            return Some(self.month_day(m, day, of + 1));
        }
        ordinal?;
        if ws.at(next) != "of" {
            return None;
        }
        let new_year = ["of the year", "of next year", "of the new year"];
        if let Some(end) = ws.any(next, &new_year).filter(|_| day == 1) {
            return Some(self.month_day(1, 1, end));
        }
        let by =
            ws.any(of, &["next month", "the next month", "the following month"]).map(|n| (1, n));
        let (by, end) = by.or_else(|| ws.any(of, &["this month", "the month"]).map(|n| (0, n)))?;
        let mut window = shifted(self.day, Grain::Month, by)?;
        if by == 0 && window.start.with_day(day)? < self.day {
            window = shifted(self.day, Grain::Month, 1)?;
        }
        Some(window.start.with_day(day).map_or_else(|| self.void(end), |d| Point::day(d, end)))
    }

    /// "May", "next March", "May third", "May 3, 2027", "March of next year".
    fn month_first(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let lead = ["this coming", "this", "next", "coming", "last", "past"];
        let at = ws.any(i, &lead).unwrap_or(i);
        let (m, sure) = month(ws.at(at))?;
        let next = at + 1;
        if self.is_name(at) {
            return None;
        }
        let dated = self.day_after_month(at, next);
        if sure == MonthWord::Doubtful && dated.is_none() && !self.is_month(at) {
            return None;
        }
        if let Some((day, next)) = dated {
            let point = self.month_day(m, day, next);
            return Some(if ws.at(i) == "last" { point.past() } else { point });
        }
        let of_year = |y: i32| months(y, m, 1);
        let bare_year = || {
            ws.short_year(next, self.day.year())
                .filter(|(_, n)| ws.before(i, 1) == "in" && (ws.ends(*n) || ws.pauses(*n)))
        };
        if let Some((y, after)) = self.year_suffix(next).or_else(bare_year) {
            let mut point = Point::new(of_year(y)?, Grain::Month, after);
            point.year_said = true;
            return Some(if point.window.end < self.day { point.past() } else { point });
        }
        let (mut window, said) = self.coming(of_year)?;
        let lead_word = if at > i { ws.at(i) } else { "" };
        if lead_word == "next" && window.start <= self.day {
            window = of_year(self.day.year().checked_add(1)?)?;
        }
        let mut point = Point::new(window, Grain::Month, next);
        point.year_said = said;
        point.firm = matches!(lead_word, "next" | "this" | "coming");
        Some(if matches!(lead_word, "last" | "past") { point.past() } else { point })
    }

    /// "June from accounting", "August Meier", "March Madness".
    fn is_name(&self, at: usize) -> bool {
        let ws = self.ws;
        let Some(after) = ws.list.get(at + 1).filter(|w| !w.pause && !self.led(at)) else {
            return ws.is(at + 1, &["madness"]);
        };
        let surname = after.capital
            && !after.digits
            && ws.list[at].capital
            && ws.list[at].sentence
            && after.norm.len() > 2
            && super::lexicon::weekday(after).is_none()
            && month(&after.norm).is_none();
        let person = ws.is(at, &["april", "june", "august", "may"]) && after.norm == "from";
        surname || person || after.norm == "madness"
    }

    fn day_after_month(&self, month_at: usize, i: usize) -> Option<(u32, usize)> {
        let ws = self.ws;
        if ws.ends(i) {
            return None;
        }
        let at = i + usize::from(ws.at(i) == "the");
        if let Some(found) = ws.ordinal(at).filter(|(d, _)| (1..=31).contains(d)) {
            let name =
                matches!(found.0, 1..=3) && ws.is(found.1, &["quarter", "week", "half", "time"]);
            return (!name).then_some(found);
        }
        if at > i || ws.pauses(i) || ws.year(i).is_some() {
            return None;
        }
        let (d, next) = ws.below_hundred(i).or_else(|| ws.digits(i).map(|d| (d, i + 1)))?;
        let year = ws.before(month_at, 1) == "in" && ws.short_year(i, self.day.year()).is_some();
        let noun = unit(ws.at(next)).is_some_and(|u| u != Unit::Day || !ws.ends(next));
        let counted = ws.before(month_at, 1) == "in" && !ws.ends(next) && !ws.pauses(next);
        ((1..=31).contains(&d) && !year && !noun && !counted && ws.at(month_at) != "mar")
            .then_some((d, next))
    }

    /// Whether a word that is also a verb or a name is the month here.
    fn is_month(&self, at: usize) -> bool {
        const VERBS: &[&str] = &[
            "be", "have", "take", "need", "want", "not", "well", "help", "come", "go", "happen",
            "change", "also", "ask", "get", "require", "sound", "seem", "still", "even", "just",
            "i", "you", "it", "as", "never", "add", "use", "give", "say", "see", "look", "buy",
        ];
        let ws = self.ws;
        let after = ws.at(at + 1);
        let verb_follows = VERBS.contains(&after) && !ws.ends(at + 1) && !ws.pauses(at + 1);
        let strong = matches!(
            ws.before(at, 1),
            "in" | "by"
                | "of"
                | "until"
                | "before"
                | "since"
                | "early"
                | "late"
                | "mid"
                | "next"
                | "last"
                | "after"
                | "to"
                | "through"
                | "from"
                | "than"
                | "between"
                | "around"
                | "during"
        );
        if ws.list.get(at).is_some_and(|w| w.pause)
            && ws
                .any(
                    at + 1,
                    &[
                        "at the",
                        "latest",
                        "earliest",
                        "onwards",
                        "is fine",
                        "is good",
                        "works",
                        "is better",
                        "if possible",
                        "probably",
                        "sounds",
                    ],
                )
                .is_some()
        {
            return true;
        }
        let year = ws.year(at + 1).is_some() || self.year_suffix(at + 1).is_some();
        let asked = ws.before(at, 1) == "to" && !self.after_month(at.wrapping_sub(2));
        if ws.at(at) == "may" {
            let listed = (matches!(ws.before(at, 1), "or" | "and")
                && (self.after_month(at.wrapping_sub(2)) || self.months_follow(at)))
                || self.after_month(at.wrapping_sub(1));
            let weak = self.led(at)
                || listed
                || ws.is(
                    at.wrapping_sub(1),
                    &[
                        "make", "it", "say", "wait", "sorry", "maybe", "mean", "for", "like",
                        "actually", "rather",
                    ],
                ) && ws.ends(at + 1);
            let cased = ws.list.get(at).is_some_and(|w| w.capital && !w.sentence);
            let alone = ws.list.get(at).is_some_and(|w| w.sentence || w.pause)
                && (ws.ends(at + 1) || ws.pauses(at + 1));
            return year
                || strong && !(asked && verb_follows)
                || (weak || cased || alone) && !verb_follows
                || self.phrase && ws.list.len() <= 2
                || self.months_follow(at);
        }
        let listed = matches!(
            ws.before(at, 1),
            "or" | "and"
                | "say"
                | "for"
                | "it"
                | "wait"
                | "sorry"
                | "maybe"
                | "mean"
                | "actually"
                | "rather"
                | "like"
        ) && !ws.is(at + 1, &["in", "through", "on", "into", "to", "over"]);
        let cased = ws.list.get(at).is_some_and(|w| w.capital && !w.sentence);
        let alone = ws.list.get(at).is_some_and(|w| w.sentence || w.pause)
            && (ws.ends(at + 1) || ws.pauses(at + 1));
        if ws.at(at) == "marsh" {
            return strong && !asked;
        }
        year || (strong && !asked)
            || self.led(at)
            || listed
            || cased
            || alone
            || self.months_follow(at)
            || self.phrase && ws.list.len() <= 2
    }

    fn after_month(&self, i: usize) -> bool {
        self.ws.list.get(i).is_some_and(|w| month(&w.norm).is_some())
    }

    /// "may to july", "march or april": another month closes the range.
    fn months_follow(&self, at: usize) -> bool {
        self.ws.is(at + 1, &["to", "or", "until", "through", "and"])
            && self.ws.at(at) != self.ws.at(at + 2)
            && self.ws.list.get(at + 2).is_some_and(|w| {
                month(&w.norm)
                    .is_some_and(|m| m.1 == MonthWord::Plain || self.ws.at(at + 1) != "and")
            })
    }

    /// Days of a month said after it: "the ninth" once March was named.
    pub(super) fn inside(&self, window: DateWindow, day: u32) -> Option<NaiveDate> {
        window.start.with_day(day)
    }
}
