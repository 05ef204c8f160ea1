//! Times of day, so that their numbers are no dates.

use super::lexicon::{month, unit, weekday};
use super::points::Grammar;
use super::{Found, TimeKind};

const CLOCK_LEADS: &[&str] = &[
    "at around",
    "at about",
    "at",
    "by",
    "after",
    "before",
    "around",
    "from",
    "until",
    "about",
    "since",
];

impl Grammar<'_> {
    /// "at three", "after five", "10:30", "half past two", "nine to five".
    pub(super) fn clock(&self, i: usize) -> Option<Found> {
        let ws = self.ws;
        if let Some(n) =
            ws.any(i, &["24 7", "twenty four seven", "nine to five", "9 to 5", "nine till five"])
        {
            let slashed = ws.list.get(i + 1).is_some_and(|w| w.mark == '/') || ws.at(i) != "24";
            return slashed.then(|| self.plain(i, n, TimeKind::ClockTime));
        }
        let lead = ws.any(i, CLOCK_LEADS);
        let at = lead.unwrap_or(i);
        if let Some(n) = ws
            .any(
                at,
                &[
                    "quarter past",
                    "quarter to",
                    "half past",
                    "a quarter past",
                    "a quarter to",
                    "ten past",
                    "ten to",
                    "five past",
                    "five to",
                    "twenty past",
                    "half",
                ],
            )
            .and_then(|n| self.hour(n))
            .filter(|_| !ws.is(at, &["five", "ten"]) || lead.is_some())
            && unit(ws.at(n)).is_none()
        {
            return Some(self.plain(i, n, TimeKind::ClockTime));
        }
        if let Some(n) = ws
            .any(at, &["noon", "midday", "midnight", "lunchtime", "lunch", "dinner", "breakfast"])
            .filter(|_| lead.is_some())
        {
            return Some(self.plain(i, n, TimeKind::ClockTime));
        }
        let hour = self.hour(at)?;
        let minutes = ws.list.get(hour).is_some_and(|w| w.mark == ':')
            || ws.list[at].norm.contains('.') && ws.list[at].tail != '.';
        let after = if minutes
            || matches!(ws.at(hour), "thirty" | "fifteen")
            || ws.phrase(hour, "forty five").is_some()
        {
            ws.whole(hour).map_or(hour, |w| w.1)
        } else {
            hour
        };
        let marked = ws.any(
            after,
            &[
                "o'clock",
                "oclock",
                "o clock",
                "am",
                "pm",
                "a m",
                "p m",
                "a.m",
                "p.m",
                "in the morning",
                "in the afternoon",
                "in the evening",
                "sharp",
                "hundred hours",
            ],
        );
        if let Some(n) = marked.filter(|_| !ws.ends(after)) {
            return Some(self.plain(i, n, TimeKind::ClockTime));
        }
        if minutes && ws.list.get(hour).is_some_and(|w| w.mark == ':') {
            return Some(self.plain(i, after, TimeKind::ClockTime));
        }
        let dated = ws.list.get(hour).is_some_and(|w| w.glued || matches!(w.mark, '/' | '-' | '%'));
        let open = ws.ends(after)
            || ws.pauses(after)
            || ws.is(
                after,
                &[
                    "on", "today", "tomorrow", "please", "pleas", "then", "and", "if", "okay",
                    "is", "works", "would", "i", "we", "when", "because", "good", "sounds", "it",
                    "so", "but", "you", "at", "thirty", "in", "next", "this",
                ],
            )
            || ws.list.get(after).and_then(weekday).is_some();
        let led = lead.is_some() && !ws.is(i, &["about", "around", "by"])
            || ws.is(i, &["around", "by"]) && open;
        (led && open && !dated && !(self.phrase && ws.at(i) == "since"))
            .then(|| self.plain(i, after, TimeKind::ClockTime))
    }

    pub(super) fn hour(&self, i: usize) -> Option<usize> {
        let ws = self.ws;
        if ws.ends(i) && i > 0 && !self.ws.list.get(i).is_some_and(|w| w.digits) {
            return None;
        }
        let (h, next) =
            ws.digits(i).map(|d| (d, i + 1)).or_else(|| ws.below_hundred(i)).or_else(|| {
                let (h, m) = ws.at(i).split_once('.')?;
                let minutes: u32 = m.parse().ok().filter(|m| *m < 60)?;
                let valid = m.len() == 2 && minutes.is_multiple_of(5);
                valid.then_some((h.parse().ok()?, i + 1))
            })?;
        (h <= 24 && unit(ws.at(next)).is_none() && month(ws.at(next)).is_none()).then_some(next)
    }
}
