//! Times that are no future window: past, recurring, clock times; and urgency.

use super::calendar::{Grain, plus_days};
use super::lexicon::{is_weekday_plural, month, unit, weekday};
use super::numbers::small;
use super::points::Grammar;
use super::{Found, TimeKind};
use confee_domain::DateWindow;

const URGENT: &[&str] = &[
    "as soon as humanly possible",
    "as soon as possible",
    "as soon as you can",
    "as soon as we can",
    "as soon as i can",
    "as fast as possible",
    "as fast as you can",
    "as fast as we can",
    "as quickly as possible",
    "as quickly as you can",
    "as quickly as we can",
    "as early as possible",
    "soon as possible",
    "soonest possible",
    "the sooner the better",
    "sooner the better",
    "sooner rather than later",
    "a s a p",
    "a sap",
    "asap",
    "right away",
    "straight away",
    "straightaway",
    "rightaway",
    "immediately",
    "urgently",
    "without delay",
    "like yesterday",
    "ideally yesterday",
    "preferably yesterday",
    "by yesterday",
    "better yesterday",
    "rather yesterday",
    "yesterday if possible",
    "it yesterday",
    "for yesterday",
    "was yesterday",
];

impl Grammar<'_> {
    pub(super) fn plain(&self, i: usize, next: usize, kind: TimeKind) -> Found {
        Found {
            from: i,
            next,
            window: DateWindow::day(self.day),
            kind,
            grain: Grain::Day,
            firm: true,
            urgent: false,
            void: false,
        }
    }

    pub(super) fn urgent(&self, i: usize) -> Option<Found> {
        let ws = self.ws;
        let stated = || {
            ws.any(i, &["urgent"]).filter(|n| {
                !(ws.before(i, 1) == "it" && ws.before(i, 2) == "is")
                    && (self.phrase && ws.list.len() < 4
                        || (ws.ends(*n) || ws.pauses(*n) || ws.is(*n, &["for", "because", "we"]))
                            && (1..4).any(|k| {
                                matches!(
                                    ws.before(i, k),
                                    "is" | "its"
                                        | "pretty"
                                        | "very"
                                        | "really"
                                        | "it"
                                        | "quite"
                                        | "that's"
                                        | "thats"
                                )
                            }))
            })
        };
        let now = || {
            ws.any(i, &["right now", "now"]).filter(|n| {
                (ws.ends(*n) || ws.pauses(*n))
                    && (ws.before(i, 1) == "it" || self.phrase && ws.list.len() < 3)
            })
        };
        let next = ws.any(i, URGENT).or_else(stated).or_else(now)?;
        let wish = matches!(ws.at(next - 1), "yesterday") && ws.is(i, &["it", "was", "for"]);
        if wish
            && !(1..5)
                .any(|k| matches!(ws.before(i, k), "need" | "needed" | "want" | "wanted" | "have"))
            || ws.is(next, &["after", "when", "before"]) && !ws.ends(next)
        {
            return None;
        }
        let end = plus_days(self.day, 14)?;
        let mut found = self.plain(i, next, TimeKind::Deadline);
        found.window = DateWindow { start: self.day, end };
        found.urgent = true;
        found.firm = !ws.is(i, &["immediately", "right", "straight"]);
        Some(found)
    }

    pub(super) fn recurring(&self, i: usize) -> Option<Found> {
        let ws = self.ws;
        let is_period = |k: usize| {
            unit(ws.at(k)).is_some()
                || ws.list.get(k).and_then(weekday).is_some()
                || month(ws.at(k)).is_some()
                || ws.is(
                    k,
                    &[
                        "weekend",
                        "summer",
                        "winter",
                        "spring",
                        "autumn",
                        "fall",
                        "morning",
                        "evening",
                        "night",
                        "hour",
                        "minute",
                        "time",
                        "easter",
                        "christmas",
                        "year's",
                    ],
                )
        };
        if ws.is(i, &["every", "each", "per"]) {
            let at = ws
                .any(
                    i + 1,
                    &["single", "other", "second", "third", "fiscal", "calendar", "working"],
                )
                .unwrap_or(i + 1);
            let (_, at) = ws.whole(at).unwrap_or((1, at));
            let mut end = at + 1;
            while let Some(k) = ws
                .any(end, &["and every", "and", "or"])
                .filter(|k| ws.list.get(*k).and_then(weekday).is_some() && !ws.ends(*k))
            {
                end = k + 1;
            }
            return is_period(at).then(|| self.plain(i, end, TimeKind::Recurring));
        }
        let starts = |k: usize| ws.list.get(k).filter(|w| !w.sentence || k == i).and_then(weekday);
        if starts(i) == Some(0)
            && let Some(k) = ws.any(i + 1, &["to", "through", "until"])
            && starts(k).is_some_and(|d| d >= 3)
            && !ws.is(k + 1, &["next", "of", "this"])
        {
            return Some(self.plain(i, k + 1, TimeKind::Recurring));
        }
        if is_weekday_plural(ws.at(i)) {
            return Some(self.plain(i, i + 1, TimeKind::Recurring));
        }
        if ws.is(i, &["a", "an", "the"])
            && i > 0
            && is_period(i + 1)
            && !ws.ends(i)
            && !ws.pauses(i)
        {
            let prior = ws.at(i - 1);
            let rate = small(prior).is_some()
                || ws.digits(i - 1).is_some()
                || matches!(
                    prior,
                    "times"
                        | "once"
                        | "twice"
                        | "hundred"
                        | "thousand"
                        | "million"
                        | "k"
                        | "grand"
                        | "euros"
                        | "dollars"
                        | "pounds"
                        | "francs"
                        | "bucks"
                        | "hours"
                        | "days"
                        | "percent"
                        | "orders"
                        | "nights"
                        | "people"
                        | "units"
                )
                || ws.list[i - 1].digits
                || ws.is(i - 1, &["weeks"]) && ws.at(i) == "a";
            return rate.then(|| self.plain(i, i + 2, TimeKind::Recurring));
        }
        let whole = ws.any(
            i,
            &[
                "all year round",
                "all year",
                "the whole year",
                "all week",
                "all month",
                "all summer",
                "the whole week",
                "the whole month",
                "all day",
                "day to day",
                "year on year",
                "year over year",
                "month over month",
                "week by week",
                "day by day",
                "these days",
                "one day",
                "some day",
                "from day one",
                "day one",
                "day two",
                "back in the day",
                "at the end of the day",
                "end of the day we",
                "of the month club",
            ],
        );
        whole.map(|n| self.plain(i, n, TimeKind::Recurring))
    }

    pub(super) fn past(&self, i: usize) -> Option<Found> {
        let ws = self.ws;
        let lead = ws.any(
            i,
            &[
                "in",
                "over",
                "for",
                "during",
                "within",
                "since",
                "back in",
                "earlier",
                "so far",
                "until",
                "way back in",
                "ever since",
            ],
        );
        let at = lead.unwrap_or(i);
        let returns = [
            "circle", "come", "be", "get", "call", "check", "go", "report", "i'm", "you", "coming",
            "am",
        ];
        if ws.at(i) == "back" && returns.contains(&ws.before(i, 1)) {
            return None;
        }
        if ws.is(i, &["since", "back", "earlier", "way", "ever"])
            || ws.phrase(i, "so far").is_some()
        {
            let at = if ws.at(at) == "in" { at + 1 } else { at };
            let found = self
                .range(at)
                .map(|p| p.0.next)
                .or_else(|| self.quantity(at).map(|q| q.2))
                .or_else(|| ws.year(at).map(|y| y.1))
                .or_else(|| self.inner(at).map(|p| p.next));
            return found.map(|n| self.plain(i, n, TimeKind::Past));
        }
        if let Some((_, _, next)) = self
            .quantity(at)
            .filter(|q| ws.is(q.2, &["ago", "back", "earlier", "prior"]) && !ws.ends(q.2))
        {
            return Some(self.plain(i, next + 1, TimeKind::Past));
        }
        if ws.at(i) == "yesterday" {
            return Some(self.plain(i, i + 1, TimeKind::Past));
        }
        let last = ws.any(
            at,
            &[
                "the last",
                "the past",
                "the previous",
                "these last",
                "last",
                "past",
                "previous",
                "this past",
            ],
        )?;
        if self.point(at).is_some_and(|p| p.kind != TimeKind::Past) {
            return None;
        }
        let end = self
            .quantity(last)
            .map(|q| q.2)
            .or_else(|| {
                (unit(ws.at(last)).is_some() || ws.is(last, &["night", "time", "weekend"]))
                    .then_some(last + 1)
            })
            .or_else(|| self.point(at).map(|p| p.next))?;
        Some(self.plain(i, end, TimeKind::Past))
    }
}
