//! The fiscal year, where the text says when it starts or ends.

use super::calendar::{Grain, months};
use super::lexicon::{Words, month};
use super::points::{Grammar, Point};
use chrono::Datelike;
use confee_domain::DateWindow;

const KINDS: &[&str] = &["fiscal", "financial", "budget", "business", "accounting", "tax"];

/// First month of the fiscal year, and the index of the word that names a month for it.
pub(super) fn statement(ws: &Words) -> Option<(u32, usize)> {
    (0..ws.list.len()).filter(|k| is_fiscal(ws, *k)).find_map(|k| told_after(ws, k))
}

fn is_fiscal(ws: &Words, k: usize) -> bool {
    ws.is(k, &["fiscal", "fy"]) || ws.is(k, KINDS) && ws.is(k + 1, &["year", "years", "ear"])
}

fn told_after(ws: &Words, k: usize) -> Option<(u32, usize)> {
    let mut ending = None;
    for back in 1..5 {
        match ws.before(k, back) {
            "end" | "close" | "closes" | "ends" | "closing" => ending = Some(true),
            "start" | "starts" | "beginning" | "begins" | "begin" => ending = Some(false),
            _ => {}
        }
    }
    let mut named = false;
    for at in k + 1..(k + 12).min(ws.list.len()) {
        match ws.at(at) {
            "starts" | "start" | "begins" | "begin" | "turns" | "resets" | "kicks" | "opens"
            | "starting" | "beginning" | "from" | "rolls" | "renews" | "commences" => {
                (ending, named) = (Some(false), true);
            }
            "ends" | "end" | "closes" | "close" | "finishes" | "over" | "wraps" | "ending"
            | "until" | "finish"
                if !(ws.at(at) == "over" && named) =>
            {
                (ending, named) = (Some(true), true);
            }
            "which" | "thats" | "is" | "in" | "its" => named = true,
            "so" | "but" | "then" => return None,
            word => {
                let doubtful = word == "may"
                    && !ws.is(at.wrapping_sub(1), &["in", "of", "is", "thats", "the"]);
                if let Some((m, _)) = month(word).filter(|_| !doubtful) {
                    let ends = ending.filter(|_| named)?;
                    return Some((if ends { m % 12 + 1 } else { m }, at));
                }
            }
        }
    }
    None
}

impl Grammar<'_> {
    /// "next fiscal year", "our financial year", "FY27": nothing without its first month.
    pub(super) fn fiscal_year(&self, i: usize) -> Option<Point> {
        let ws = self.ws;
        let at = ws
            .any(
                i,
                &[
                    "the current",
                    "the next",
                    "the new",
                    "this",
                    "next",
                    "our new",
                    "our next",
                    "our current",
                    "the coming",
                    "our",
                    "the",
                    "new",
                    "knew",
                    "coming",
                ],
            )
            .unwrap_or(i);
        if !is_fiscal(ws, at) {
            return None;
        }
        let first = self.fiscal?;
        let next = ws.any(at, &["fiscal year", "fiscal ear", "fy", "fiscal"]).unwrap_or(at + 2);
        if ws.is(
            next,
            &[
                "starts", "begins", "start", "begin", "turns", "ends", "closes", "resets", "runs",
                "kicks", "is",
            ],
        ) && !ws.ends(next)
        {
            return None;
        }
        if let Some((y, after)) = ws.year(next).or_else(|| ws.short_year(next, self.day.year())) {
            return Some(Point {
                year_said: true,
                ..Point::new(self.year_from(y)?, Grain::Year, after)
            });
        }
        let base = if self.day.month() >= first {
            self.day.year()
        } else {
            self.day.year().checked_sub(1)?
        };
        let later = (i..at).any(|k| ws.is(k, &["next", "new", "knew", "coming"]));
        let window = months(base.checked_add(i32::from(later))?, first, 12)?;
        let window = DateWindow { start: window.start.max(self.day), end: window.end };
        let point = Point::new(window, Grain::Year, next);
        Some(if later { point.firm() } else { point })
    }

    /// A quarter or a year of a fiscal year whose months nobody said.
    pub(super) fn is_unknown_fiscal(&self, from: usize, next: usize) -> bool {
        let ws = self.ws;
        let fiscal = |k: usize| ws.is(k, KINDS) || ws.is(k, &["fy"]);
        let around = (1..3).any(|k| ws.is(from.wrapping_sub(k), &["fiscal", "fy"]))
            || (next..next + 3).any(|k| fiscal(k) && !ws.ends(next))
            || (from..next).any(fiscal);
        self.fiscal.is_none() && around
    }
}
