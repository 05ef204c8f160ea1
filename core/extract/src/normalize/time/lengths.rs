//! Lengths of time: "six to eight weeks", "half a year", "a month or two".

use super::calendar::Length;
use super::lexicon::{Unit, Words, unit};
use super::points::{Grammar, HEDGES};

/// So many of something, and the index after it.
type Count = (f64, usize);

fn homophone(word: &str) -> Option<f64> {
    Some(match word {
        "to" | "too" => 2.0,
        "for" | "fore" => 4.0,
        "won" => 1.0,
        "ate" => 8.0,
        "sex" => 6.0,
        "tree" => 3.0,
        "tin" => 10.0,
        _ => return None,
    })
}

/// The unit at `i`; "business days" and "working days" count working days.
fn unit_at(ws: &Words, i: usize) -> Option<(Unit, usize)> {
    if ws.is(i, &["working", "business", "work"]) && ws.is(i + 1, &["day", "days"]) {
        return Some((Unit::WorkingDay, i + 2));
    }
    let at =
        i + usize::from(ws.is(i, &["calendar", "full", "more", "whole", "short", "good", "solid"]));
    if ws.ends(at) || ws.list.get(at).is_some_and(|w| w.pause && w.mark != '-') {
        return None;
    }
    unit(ws.at(at)).map(|u| (u, at + 1))
}

fn length(n: f64, unit: Unit) -> Option<Length> {
    if !(0.0..=10_000.0).contains(&n) {
        return None;
    }
    // Whole months first, what is left in days of a thirty-day month.
    let months = |n: f64| Length {
        months: n.trunc() as u32,
        days: (n.fract() * 30.0).round() as u64,
        working_days: 0,
    };
    let days = |n: f64| Length { months: 0, days: n.round() as u64, working_days: 0 };
    Some(match unit {
        Unit::Day => days(n),
        Unit::WorkingDay => Length { months: 0, days: 0, working_days: n.round() as u32 },
        Unit::Week => days(n * 7.0),
        Unit::Fortnight => days(n * 14.0),
        Unit::Month => months(n),
        Unit::Quarter => months(n * 3.0),
        Unit::Year => months(n * 12.0),
    })
}

impl Grammar<'_> {
    /// How many: a number, "a couple of", "a few", "half a", "a", "one and a half".
    fn count(&self, i: usize, heard: bool) -> Option<Count> {
        let ws = self.ws;
        const WORDS: &[(&str, f64)] = &[
            ("a couple of", 2.0),
            ("a couple", 2.0),
            ("couple of", 2.0),
            ("couple", 2.0),
            ("a good few", 3.0),
            ("a few", 3.0),
            ("few", 3.0),
            ("several", 3.0),
            ("some", 3.0),
            ("half a", 0.5),
            ("half an", 0.5),
            ("a half", 0.5),
            ("half", 0.5),
            ("one and a half", 1.5),
            ("a dozen", 12.0),
            ("three quarters of a", 0.75),
            ("a quarter of a", 0.25),
        ];
        if let Some((v, n)) = WORDS.iter().find_map(|(p, v)| ws.phrase(i, p).map(|n| (*v, n))) {
            return unit_at(ws, n).is_some().then_some((v, n));
        }
        if let Some((v, n)) = ws.whole(i) {
            let half = ws.any(n, &["and a half", "and half"]);
            return Some(half.map_or((f64::from(v), n), |n| (f64::from(v) + 0.5, n)));
        }
        let word = ws.list.get(i)?;
        if word.digits && word.norm.len() <= 4 && word.norm.split('.').count() == 2 {
            return word.norm.parse().ok().map(|v| (v, i + 1));
        }
        if ws.is(i, &["a", "an", "another"]) && unit_at(ws, i + 1).is_some() {
            return Some((1.0, i + 1));
        }
        homophone(&word.norm).filter(|_| heard && unit_at(ws, i + 1).is_some()).map(|v| (v, i + 1))
    }

    /// A length or a range of lengths: shortest, longest, index after.
    pub(super) fn quantity(&self, i: usize) -> Option<(Length, Length, usize)> {
        self.quantity_heard(i, false)
    }

    /// The same; `heard` lets "to weeks" and "for months" be numbers.
    pub(super) fn quantity_heard(&self, i: usize, heard: bool) -> Option<(Length, Length, usize)> {
        let ws = self.ws;
        let at = ws.skip(i, HEDGES);
        let at = ws
            .any(
                at,
                &[
                    "between",
                    "anywhere between",
                    "a good",
                    "the",
                    "another",
                    "at most",
                    "at least",
                    "no more than",
                    "up to",
                    "a maximum of",
                    "max",
                ],
            )
            .filter(|n| {
                self.count(*n, false).is_some()
                    && !(ws.at(at) == "another" && unit_at(ws, at + 1).is_some())
            })
            .unwrap_or(at);
        let (n, next) = self.count(at, heard)?;
        if let Some((unit, after)) = unit_at(ws, next) {
            return self.after_unit(n, unit, after);
        }
        let joined = ws
            .any(next, &["or maybe", "to maybe", "or", "to", "until", "and", "through", "two"])
            .filter(|_| !ws.ends(next));
        let juxtaposed = (!ws.ends(next)).then_some(next);
        let second = joined.into_iter().chain(juxtaposed).find_map(|k| {
            let k = ws.skip(k, HEDGES);
            let (m, after) = self.count(k, heard).or_else(|| self.count(k, true))?;
            let (unit, after) = unit_at(ws, after)?;
            (m > n).then_some((m, unit, after))
        });
        let (m, unit, after) = second?;
        let after = ws.any(after, &["or so"]).unwrap_or(after);
        Some((length(n, unit)?, length(m, unit)?, after))
    }

    /// "a year and a half", "a month or two", "six months to a year".
    fn after_unit(&self, n: f64, unit: Unit, next: usize) -> Option<(Length, Length, usize)> {
        let ws = self.ws;
        let only = length(n, unit)?;
        if ws.ends(next) {
            return Some((only, only, next));
        }
        if let Some(after) = ws.any(next, &["and a half", "and half"]) {
            let half = length(n + 0.5, unit)?;
            return Some((half, half, after));
        }
        if let Some(after) = ws.any(next, &["or so", "or thereabouts", "give or take"]) {
            return Some((only, only, after));
        }
        if let Some(at) =
            ws.any(next, &["or maybe", "or", "to", "maybe"]).filter(|_| !ws.pauses(next))
        {
            let Some((m, after)) = self.count(ws.skip(at, HEDGES), false).filter(|(m, _)| *m > 0.0)
            else {
                return Some((only, only, next));
            };
            if let Some((other, end)) = unit_at(ws, after) {
                let long = length(m, other)?;
                let longer = (long.months, long.days, long.working_days)
                    > (only.months, only.days, only.working_days)
                    || long.months > 0;
                return Some(if longer { (only, long, end) } else { (only, only, next) });
            }
            let single = n == 1.0
                && m <= 4.0
                && (ws.ends(after)
                    || ws.pauses(after)
                    || !ws.is(after, &["of", "percent", "people"]));
            if single && ws.at(next) == "or" {
                return Some((only, length(m, unit)?, after));
            }
        }
        Some((only, only, next))
    }
}
