//! By, before, not before, after, from: how a point bounds the window.

use super::calendar::{Grain, plus_days, plus_months};
use super::points::{Grammar, HEDGES, Point};
use super::{Found, TimeKind};
use chrono::NaiveDate;
use confee_domain::DateWindow;

/// How a window lies to the point that was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    By,
    /// "before", "until": turned round by a negation.
    Until,
    NotBefore,
    After,
    From,
    Plain,
}

use Relation::{After, By, From, NotBefore, Plain, Until};

const RELATIONS: &[(&str, Relation)] = &[
    ("definitely not before", NotBefore),
    ("certainly not before", NotBefore),
    ("not before", NotBefore),
    ("not until after", After),
    ("not until", NotBefore),
    ("not any time before", NotBefore),
    ("not anytime before", NotBefore),
    ("nothing before", NotBefore),
    ("nothing until", NotBefore),
    ("not much before", NotBefore),
    ("never before", NotBefore),
    ("not prior to", NotBefore),
    ("not ahead of", NotBefore),
    ("no earlier than", NotBefore),
    ("not earlier than", NotBefore),
    ("no sooner than", NotBefore),
    ("not sooner than", NotBefore),
    ("earliest", NotBefore),
    ("at the earliest", NotBefore),
    ("at earliest", NotBefore),
    ("only after", After),
    ("only from", NotBefore),
    ("not from before", NotBefore),
    ("any time after", After),
    ("anytime after", After),
    ("sometime after", After),
    ("right after", After),
    ("straight after", After),
    ("shortly after", After),
    ("not till", NotBefore),
    ("by no later than", By),
    ("no later than", By),
    ("not later than", By),
    ("not any later than", By),
    ("latest by", By),
    ("latest", By),
    ("by the latest", By),
    ("at the latest by", By),
    ("at the latest in", By),
    ("at the latest", By),
    ("at latest", By),
    ("on or before", By),
    ("sometime before", By),
    ("some time before", By),
    ("well before", By),
    ("just before", By),
    ("right before", By),
    ("anytime before", By),
    ("any time before", By),
    ("by the time", By),
    ("prior to", By),
    ("ahead of", By),
    ("in time for", By),
    ("in time before", By),
    ("between now and", By),
    ("from now until", By),
    ("from now to", By),
    ("deadline is", By),
    ("deadline of", By),
    ("deadline", By),
    ("up until", Until),
    ("up to", Until),
    ("before", Until),
    ("until", Until),
    ("by", By),
    ("bye", By),
    ("within", By),
    ("due by", By),
    ("after", After),
    ("once we're past", After),
    ("past", After),
    ("as of", From),
    ("as from", From),
    ("from", From),
    ("starting from", From),
    ("starting", Plain),
    ("beginning in", Plain),
];
const PREPOSITIONS: &[&str] = &[
    "in the",
    "at the",
    "on the",
    "in",
    "on",
    "at",
    "sometime in",
    "some time in",
    "around",
    "during",
    "over",
    "somewhere in",
];

impl Grammar<'_> {
    /// The relation word at `i` and the index after it.
    pub(super) fn relation_word(&self, i: usize) -> Option<(Relation, usize)> {
        if self.is_misheard_by(i) {
            return Some((By, i + 1));
        }
        let (relation, next) =
            RELATIONS.iter().find_map(|(p, r)| self.ws.phrase(i, p).map(|n| (*r, n)))?;
        if relation == By && self.is_buy(i) {
            return None;
        }
        let turned = relation == Until && (self.denied(i) || self.engaged(i));
        Some((if turned { NotBefore } else { relation }, next))
    }

    /// "then we by in june": the verb, misheard.
    fn is_buy(&self, i: usize) -> bool {
        let ws = self.ws;
        let subject = matches!(ws.before(i, 1), "we" | "i" | "they" | "to" | "will");
        let calls =
            ["come", "stop", "drop", "swing", "pass", "go", "coming", "dropping", "stopping"];
        ws.at(i) == "by" && (ws.at(i + 1) == "in" && subject || calls.contains(&ws.before(i, 1)))
    }

    /// "need it buy friday": the preposition, misheard.
    fn is_misheard_by(&self, i: usize) -> bool {
        let ws = self.ws;
        let subject = matches!(
            ws.before(i, 1),
            "to" | "we" | "i" | "they" | "will" | "would" | "could" | "and" | "not" | "can"
        );
        ws.at(i) == "buy"
            && !subject
            && (ws.list.get(i + 1).and_then(super::lexicon::weekday).is_some()
                || ws.any(i + 1, &["the end of", "end of", "next week", "tomorrow"]).is_some())
    }

    /// "before then", "by then": the period named before bounds it.
    fn by_then(&self, i: usize) -> Option<Found> {
        let next = self.ws.any(i, &["before then", "before that", "by then", "by that time"])?;
        let (window, grain) = self.anchor?;
        let mut found = self.apply(By, Point::new(window, grain, next), false)?;
        found.from = i;
        if self.in_past_tense(&found) || window.end < self.day {
            found.kind = TimeKind::Past;
        }
        Some(found)
    }

    /// "We're busy until": nothing happens before.
    fn engaged(&self, i: usize) -> bool {
        let waits =
            self.ws.before(i, 1) == "wait" && !(2..4).any(|k| self.ws.before(i, k) == "can");
        if self.ws.at(i) == "until" && (waits || self.ws.before(i, 1) == "out") {
            return true;
        }
        self.ws.at(i) == "until"
            && (1..6).any(|k| {
                matches!(
                    self.ws.before(i, k),
                    "busy"
                        | "booked"
                        | "frozen"
                        | "freeze"
                        | "away"
                        | "swamped"
                        | "vacation"
                        | "holiday"
                        | "leave"
                        | "travelling"
                        | "traveling"
                        | "blocked"
                        | "waiting"
                        | "hold"
                        | "off"
                )
            })
    }

    /// A relation with its point, or a plain point with what modifies it from behind.
    pub(super) fn bounded(&self, i: usize) -> Option<Found> {
        let ws = self.ws;
        if let Some(found) = self.by_then(i) {
            return Some(found);
        }
        let (relation, at) = self.relation_word(i).unwrap_or((Plain, i));
        let at = self.point_start(at, relation != Plain);
        if relation == By
            && ws.at(i) == "within"
            && self.point(at).is_some_and(|p| p.grain == Grain::Day)
        {
            return None;
        }
        let (point, two) = self.range(at).or_else(|| {
            (relation != Plain).then(|| {
                self.inner(at).filter(|p| p.end_of || self.unit_is_enough(i)).map(|p| (p, false))
            })?
        })?;
        if relation == Plain && self.ws.at(i) == "starting" && at == i {
            return None;
        }
        let next = ws.any(point.next, &["sometime", "or so", "already"]).unwrap_or(point.next);
        let (relation, next) = self.behind(relation, next);
        let point = Some(point).filter(|_| two).and_then(|p| self.moved_to(i, p)).unwrap_or(point);
        let mut found = self.apply(relation, point, two)?;
        found.from = i;
        found.next = next.max(i + 1);
        Some(found)
    }

    /// "slipped from July to October": only where it went.
    fn moved_to(&self, i: usize, range: Point) -> Option<Point> {
        let ws = self.ws;
        let moved = ["slipped", "moved", "pushed", "postponed", "delayed", "shifted", "slips"];
        if ws.at(i) != "from" || !moved.contains(&ws.before(i, 1)) {
            return None;
        }
        let to = (i..range.next).find(|k| ws.at(*k) == "to")?;
        self.point(to + 1)
    }

    /// "by the month"? No; "before the quarter is over", "by the end of": the end is said.
    fn unit_is_enough(&self, i: usize) -> bool {
        self.ws.is(i, &["before", "within", "until", "during"])
    }

    /// The index of the point after hedges and prepositions.
    pub(super) fn point_start(&self, i: usize, related: bool) -> usize {
        let ws = self.ws;
        let mut at = i;
        for _ in 0..4 {
            let mut k = ws.skip(at, HEDGES);
            if ws.ends(k) && k > i {
                return at;
            }
            if related && ws.is(k, &["that's", "thats"]) {
                k += 1;
            }
            let prep = ws
                .any(k, PREPOSITIONS)
                .map(|n| if ws.at(n - 1) == "the" && n - k > 1 { n - 1 } else { n });
            let moved = prep.unwrap_or(k);
            if moved == at {
                break;
            }
            at = moved;
        }
        at
    }

    /// "at the latest", "at the earliest", "onwards" after the point.
    fn behind(&self, relation: Relation, next: usize) -> (Relation, usize) {
        let ws = self.ws;
        if ws.ends(next) {
            return (relation, next);
        }
        if let Some(n) = ws.any(
            next,
            &[
                "at the latest",
                "at the very latest",
                "at latest",
                "the latest",
                "latest",
                "or earlier",
                "or sooner",
                "or before",
                "at most",
                "tops",
                "is the deadline",
                "is our deadline",
                "is my deadline",
                "is the latest",
                "deadline",
                "or bust",
            ],
        ) {
            return (By, n);
        }
        if let Some(n) = ws.any(
            next,
            &[
                "at the earliest",
                "at the very earliest",
                "at earliest",
                "the earliest",
                "earliest",
                "or later",
                "or after",
                "onwards",
                "onward",
                "and onwards",
                "is the earliest",
            ],
        ) {
            return (NotBefore, n);
        }
        if relation == From
            && let Some(n) = ws.any(next, &["on"]).filter(|n| ws.ends(*n) || ws.pauses(*n))
        {
            return (From, n);
        }
        (relation, next)
    }

    /// The window of a point under a relation.
    pub(super) fn apply(&self, relation: Relation, point: Point, two: bool) -> Option<Found> {
        let w = point.window;
        let mut found = Found::of(point, w);
        if point.void || point.kind == TimeKind::Past {
            return Some(found);
        }
        let half_year = |start: NaiveDate| Some(DateWindow { start, end: plus_months(start, 6)? });
        match relation {
            By | Until => {
                found.kind = TimeKind::Deadline;
                let last = if point.start_of { w.start } else { w.end };
                found.window = DateWindow { start: self.day.min(last), end: last };
            }
            NotBefore => {
                found.kind = TimeKind::NotBefore;
                found.window = half_year(if point.end_of { w.end } else { w.start })?;
            }
            After => {
                found.kind = TimeKind::NotBefore;
                let begun = point.start_of && point.grain != Grain::Season;
                found.window = half_year(if begun { w.start } else { plus_days(w.end, 1)? })?;
            }
            From if !two && point.grain >= Grain::Month => {
                found.kind = TimeKind::NotBefore;
                found.window = half_year(if point.end_of { w.end } else { w.start })?;
            }
            From | Plain if point.end_of => {
                found.kind = TimeKind::Deadline;
                found.window = DateWindow { start: self.day.min(w.end), end: w.end };
            }
            From | Plain => {}
        }
        Some(found)
    }
}
