//! Named periods: the entry to all point grammars, and what they share.

use super::TimeKind;
use super::calendar::{Grain, months, plus_days};
use super::lexicon::Words;
use chrono::{Datelike, NaiveDate};
use confee_domain::DateWindow;

/// Reads points of one segment.
#[derive(Clone, Copy)]
pub(super) struct Grammar<'a> {
    pub(super) ws: &'a Words,
    pub(super) day: NaiveDate,
    /// The period named before in the segment.
    pub(super) anchor: Option<(DateWindow, Grain)>,
    /// Index after the last future time.
    pub(super) seen: usize,
    /// First month of the fiscal year, where the text says it.
    pub(super) fiscal: Option<u32>,
    /// A year that the words around force on a month, a quarter or a season.
    pub(super) year: Option<i32>,
    /// Whether the whole text is one short phrase, so that bare forms count.
    pub(super) phrase: bool,
}

/// A named period and where its words end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) window: DateWindow,
    pub(super) grain: Grain,
    pub(super) next: usize,
    pub(super) kind: TimeKind,
    /// Its year was said, so nothing around may move it.
    pub(super) year_said: bool,
    /// It can only lie ahead ("next", "tomorrow").
    pub(super) firm: bool,
    /// It is "the end of" its window.
    pub(super) end_of: bool,
    /// It is "the start of" its window.
    pub(super) start_of: bool,
    /// The words name no real date (February 30).
    pub(super) void: bool,
}

impl Point {
    pub(super) fn new(window: DateWindow, grain: Grain, next: usize) -> Self {
        Self {
            window,
            grain,
            next,
            kind: TimeKind::Point,
            year_said: false,
            firm: false,
            end_of: false,
            start_of: false,
            void: false,
        }
    }

    pub(super) fn day(day: NaiveDate, next: usize) -> Self {
        Self::new(DateWindow::day(day), Grain::Day, next)
    }

    pub(super) fn firm(mut self) -> Self {
        self.firm = true;
        self
    }

    pub(super) fn past(mut self) -> Self {
        self.kind = TimeKind::Past;
        self
    }
}

/// What may stand between a relation and its point, and says nothing.
pub(super) const HEDGES: &[&str] = &[
    "about",
    "around",
    "roughly",
    "like",
    "maybe",
    "approximately",
    "approx",
    "say",
    "probably",
    "perhaps",
    "some",
    "circa",
    "ideally",
    "hopefully",
    "sometime",
    "somewhere",
    "definitely",
    "possibly",
    "latest",
    "likely",
    "preferably",
    "still",
    "already",
    "exactly",
    "only",
];

impl<'a> Grammar<'a> {
    pub(super) fn in_year(mut self, year: i32) -> Self {
        self.year = Some(year);
        self
    }

    pub(super) fn the(&self, i: usize) -> usize {
        i + usize::from(self.ws.is(i, &["the", "our", "de"]))
    }

    /// The period named at `i`, if one is.
    pub(super) fn point(&self, i: usize) -> Option<Point> {
        if i >= self.ws.list.len() {
            return None;
        }
        self.fiscal_year(i)
            .or_else(|| self.part(i))
            .or_else(|| self.numeric(i))
            .or_else(|| self.dated(i))
            .or_else(|| self.weekday(i))
            .or_else(|| self.quarter(i))
            .or_else(|| self.week(i))
            .or_else(|| self.near(i))
            .or_else(|| self.unit_named(i))
            .or_else(|| self.season(i))
            .or_else(|| self.holiday(i))
            .or_else(|| self.plain_year(i))
            .or_else(|| self.month_day_alone(i))
    }

    /// "2027", "next year", "of twenty seven" after a month, a quarter or a season.
    pub(super) fn year_suffix(&self, i: usize) -> Option<(i32, usize)> {
        let ws = self.ws;
        if ws.ends(i) && i > 0 {
            return None;
        }
        let at = ws.any(i, &["of the", "in the", "of", "in"]).unwrap_or(i);
        let at =
            ws.any(at, &["calendar year", "year"]).filter(|n| ws.year(*n).is_some()).unwrap_or(at);
        if let Some((y, next)) = ws.year(at) {
            return Some((y, next));
        }
        let named = [
            ("next year", 1),
            ("next ear", 1),
            ("this year", 0),
            ("coming year", 1),
            ("following year", 1),
            ("last year", -1),
            ("the year after next", 2),
            ("year after next", 2),
            ("new year", 1),
        ];
        for (words, by) in named {
            if let Some(next) = ws.phrase(at, words) {
                return Some((self.day.year() + by, next));
            }
        }
        if let Some(next) = ws.phrase(i, "of the year").or_else(|| ws.phrase(i, "in the year")) {
            return Some((self.day.year(), next));
        }
        let quoted = ws.list.get(at).is_some_and(|w| matches!(w.mark, '\'' | '’'));
        let (y, next) = ws.short_year(at, self.day.year())?;
        let spoken_of = ws.at(i) == "of";
        (quoted || spoken_of).then_some((y, next))
    }

    /// The next time a yearly period comes: this year's unless it is over.
    pub(super) fn coming(
        &self,
        of_year: impl Fn(i32) -> Option<DateWindow>,
    ) -> Option<(DateWindow, bool)> {
        if let Some(y) = self.year {
            return Some((of_year(y)?, true));
        }
        let this = of_year(self.day.year())?;
        if this.end >= self.day {
            Some((this, false))
        } else {
            Some((of_year(self.day.year() + 1)?, false))
        }
    }

    /// Whether words that put a period in time stand before `i`.
    pub(super) fn led(&self, i: usize) -> bool {
        const LEADS: &[&str] = &[
            "in",
            "be",
            "by",
            "before",
            "until",
            "of",
            "since",
            "early",
            "late",
            "mid",
            "next",
            "this",
            "last",
            "from",
            "around",
            "towards",
            "toward",
            "after",
            "during",
            "throughout",
            "through",
            "between",
            "either",
            "starting",
            "beginning",
            "over",
            "bye",
            "following",
            "coming",
            "earliest",
            "latest",
            "than",
            "past",
            "ending",
            "till",
            "every",
            "each",
        ];
        const SOFT: &[&str] = &[
            "the", "say", "maybe", "about", "like", "our", "probably", "perhaps", "their",
            "sometime", "later",
        ];
        let mut back = 1;
        while SOFT.contains(&self.ws.before(i, back)) && back < 4 {
            back += 1;
        }
        LEADS.contains(&self.ws.before(i, back))
    }

    /// "in 2027", "by twenty twenty eight".
    fn plain_year(&self, i: usize) -> Option<Point> {
        let at = self.ws.any(i, &["the year", "calendar year", "calendar", "year"]).unwrap_or(i);
        let (y, next) = self.ws.year(at)?;
        let alone = self.phrase && (i == 0 || self.ws.is(i - 1, HEDGES));
        let fiscal = self.ws.is(i.wrapping_sub(1), &["fiscal", "financial", "budget"]);
        if fiscal
            || !(alone
                || at > i
                || self.led(i)
                || self.ws.before(i, 1) == "for"
                || self.ws.before(i, 1) == "to"
                    && matches!(
                        self.ws.before(i, 2),
                        "back"
                            | "pushed"
                            | "moved"
                            | "postponed"
                            | "delayed"
                            | "slipped"
                            | "out"
                            | "it"
                    ))
        {
            return None;
        }
        let noun = self.ws.is(
            next,
            &[
                "people",
                "units",
                "euros",
                "dollars",
                "pounds",
                "employees",
                "users",
                "percent",
                "seats",
                "series",
                "pieces",
                "square",
                "customers",
                "machines",
                "k",
                "kilos",
                "hours",
                "model",
                "version",
                "meters",
                "metres",
                "stores",
                "locations",
                "orders",
            ],
        );
        if noun || self.ws.at(i) == "zero" {
            return None;
        }
        let mut point = Point::new(self.whole_year(y)?, Grain::Year, next);
        point.year_said = true;
        if y < self.day.year() {
            point.kind = TimeKind::Past;
        }
        Some(point)
    }

    /// A year; of the current one only what is left.
    pub(super) fn whole_year(&self, y: i32) -> Option<DateWindow> {
        let mut window = super::calendar::year(y)?;
        if y == self.day.year() {
            window.start = self.day;
        }
        Some(window)
    }

    /// "the seventeenth": of the month named before, else the next one to come.
    fn month_day_alone(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let at = self.the(i);
        let (n, next) = ws.ordinal(at)?;
        let digits = ws.digits(at).is_some();
        if !(1..=31).contains(&n) || (at == i && !digits) {
            return None;
        }
        let led = matches!(
            ws.before(i, 1),
            "on" | "by"
                | "before"
                | "until"
                | "from"
                | "after"
                | "than"
                | "of"
                | "or"
                | "say"
                | "to"
                | "till"
                | "around"
        ) || ws.before(i, 1) == "and" && self.anchor.is_some();
        let open = ws.ends(next)
            || ws.pauses(next)
            || ws.is(
                next,
                &[
                    "is",
                    "works",
                    "would",
                    "then",
                    "at",
                    "in",
                    "and",
                    "or",
                    "if",
                    "please",
                    "no",
                    "not",
                    "though",
                    "too",
                    "sorry",
                    "maybe",
                    "i",
                    "we",
                    "okay",
                    "ok",
                    "would",
                    "could",
                    "should",
                    "will",
                    "suits",
                    "for",
                    "fits",
                    "latest",
                    "yes",
                    "good",
                    "great",
                    "perfect",
                    "so",
                    "because",
                    "to",
                    "morning",
                    "afternoon",
                    "with",
                    "it",
                    "instead",
                    "around",
                    "after",
                    "when",
                    "since",
                    "from",
                    "does",
                    "doesn't",
                ],
            );
        let strict = n < 4 && !digits && !led && self.anchor.is_none();
        if !open
            || strict
            || !(led
                || self.phrase
                || n > 3
                    && (ws.is(next, &["is", "works", "would", "suits"]) || self.anchor.is_some()))
        {
            return None;
        }
        let month = self.anchor.filter(|a| a.1 <= Grain::Month).map(|a| a.0.start);
        if let Some(date) = month.and_then(|m| m.with_day(n)).filter(|d| *d >= self.day) {
            return Some(Point::day(date, next).firm());
        }
        self.next_month_day(n).map(|d| Point::day(d, next).firm())
    }

    fn next_month_day(&self, n: u32) -> Option<NaiveDate> {
        (0..3).find_map(|k| {
            let month = months(self.day.year(), self.day.month() + k, 1)?;
            let date = plus_days(month.start, i64::from(n) - 1)?;
            (date > self.day && date <= month.end).then_some(date)
        })
    }
}
