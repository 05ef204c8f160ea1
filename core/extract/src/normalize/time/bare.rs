//! Lengths alone, and what bounds them from behind.

use super::calendar::{Length, plus_months};
use super::points::{Grammar, HEDGES};
use super::{Found, TimeKind};
use confee_domain::DateWindow;

impl Grammar<'_> {
    /// A length with "at the latest" or "at the earliest" behind it.
    pub(super) fn closed(
        &self,
        i: usize,
        next: usize,
        window: DateWindow,
        lo: Length,
        hi: Length,
        kind: TimeKind,
    ) -> Option<Found> {
        let ws = self.ws;
        if ws.ends(next) {
            return Some(self.found(i, next, window, kind));
        }
        if let Some(n) = ws.any(
            next,
            &[
                "at the very latest",
                "at the latest",
                "at latest",
                "latest",
                "tops",
                "max",
                "maximum",
                "at most",
                "or less",
                "or sooner",
            ],
        ) {
            let window = DateWindow { start: self.day, end: hi.after(self.day)? };
            return Some(self.found(i, n, window, TimeKind::Deadline));
        }
        if let Some(n) = ws.any(
            next,
            &[
                "at the very earliest",
                "at the earliest",
                "at earliest",
                "earliest",
                "minimum",
                "at least",
                "or more",
                "or later",
            ],
        ) {
            let start = lo.after(self.day)?;
            return Some(self.found(
                i,
                n,
                DateWindow { start, end: plus_months(start, 6)? },
                TimeKind::NotBefore,
            ));
        }
        Some(self.found(i, next, window, kind))
    }

    /// The index after "from now" and the like, and whether it was there.
    pub(super) fn after_now(&self, i: usize) -> (usize, bool) {
        if self.ws.ends(i) {
            return (i, false);
        }
        let next = self.ws.any(
            i,
            &[
                "from now on",
                "from now",
                "from today",
                "as of today",
                "as of now",
                "down the line",
                "down the road",
                "out from here",
                "out",
                "away",
                "hence",
                "time",
                "s time",
                "or so",
                "from here",
            ],
        );
        next.map_or((i, false), |n| if self.ws.at(n - 1) == "on" { (i, false) } else { (n, true) })
    }

    /// How long work takes, not when it is due.
    pub(super) fn work_takes(&self, i: usize) -> bool {
        (1..9).any(|k| {
            matches!(
                self.ws.before(i, k),
                "take"
                    | "takes"
                    | "took"
                    | "taking"
                    | "rebuild"
                    | "payable"
                    | "payment"
                    | "pay"
                    | "delivered"
                    | "ship"
                    | "usually"
                    | "typically"
                    | "done"
                    | "turnaround"
                    | "paid"
                    | "recover"
                    | "itself"
                    | "lasts"
                    | "deliver"
                    | "customers"
                    | "respond"
                    | "repaid"
            )
        })
    }

    /// A length alone: a window as the answer to "when", else how long something lasts.
    pub(super) fn bare(&self, i: usize) -> Option<Found> {
        let ws = self.ws;
        let at = ws
            .any(
                i,
                &["give us", "give me", "need another", "needs another", "for", "takes", "take"],
            )
            .unwrap_or(i);
        let (lo, hi, next) = self.quantity(at)?;
        let (after, now) = self.after_now(next);
        let lasts = matches!(ws.at(i), "for" | "takes" | "take") || self.work_takes(i);
        let asked = matches!(ws.at(i), "give" | "need" | "needs");
        let noun = !ws.ends(next)
            && !ws.pauses(next)
            && !now
            && !ws.is(
                next,
                &[
                    "at", "tops", "max", "maximum", "latest", "earliest", "or", "please", "i",
                    "we", "to",
                ],
            );
        let window = self.after_today(lo, hi)?;
        let counts = now && !matches!(ws.at(next), "or")
            || asked
            || self.alone(i, after)
            || self.phrase && self.alone(i, after);
        let long = hi.months > 60 && !now;
        if long || lasts || noun && !now || !counts {
            return Some(self.found(i, next, DateWindow::day(self.day), TimeKind::Duration));
        }
        self.closed(i, after, window, lo, hi, TimeKind::Relative)
    }

    /// Whether the sentence says little more than these words.
    pub(super) fn alone(&self, i: usize, next: usize) -> bool {
        const EMPTY: &[&str] = &[
            "i'd",
            "i",
            "would",
            "think",
            "guess",
            "yeah",
            "yes",
            "well",
            "so",
            "oh",
            "okay",
            "ok",
            "its",
            "we're",
            "looking",
            "at",
            "thinking",
            "you",
            "know",
            "mean",
            "then",
            "now",
            "just",
            "or",
            "more",
            "less",
            "time",
            "no",
            "sorry",
            "wait",
            "lets",
            "make",
            "it",
            "that",
            "thats",
            "tops",
            "max",
            "latest",
            "the",
            "earliest",
            "realistically",
            "actually",
            "rather",
            "roughly",
            "give",
            "take",
            "in",
            "hm",
            "for",
            "us",
            "timeline",
            "is",
            "please",
            "our",
            "say",
            "from",
        ];
        let ws = self.ws;
        let empty = |k: usize| ws.is(k, EMPTY) || ws.is(k, HEDGES);
        let mut k = i;
        while k > 0 && !ws.ends(k) {
            k -= 1;
            if !empty(k) || i - k > 8 {
                return false;
            }
        }
        let mut k = next;
        while k < ws.list.len() && !ws.ends(k) {
            if !empty(k) || k - next > 6 {
                return false;
            }
            k += 1;
        }
        true
    }
}
