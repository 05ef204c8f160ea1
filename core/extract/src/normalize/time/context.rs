//! What the words around a time say of it: past, denied, corrected, the end of a contract.

use super::cues::{
    ABOUT, AHEAD, ASIDE, BAD, CONTRACT_ENDS, CONTRACT_NOUNS, CORRECTIONS, DENIALS, OPEN_DENIALS,
    PAST_VERBS,
};
use super::lexicon::Words;
use super::points::Grammar;
use super::{Found, TimeKind};
use confee_domain::DateWindow;

impl Grammar<'_> {
    /// Whether the words before `i` deny what follows.
    pub(super) fn denied(&self, i: usize) -> bool {
        let ws = self.ws;
        if ws.is(i, &["maybe", "probably", "perhaps", "possibly"]) {
            return false;
        }
        for back in 1..8 {
            let Some(at) = i.checked_sub(back) else { return false };
            let after_pause = ws.list.get(at + 1).is_none_or(|w| w.pause);
            if after_pause && back > 0 && ws.at(at + 1) != "before" {
                return false;
            }
            let linked = ws.is(self.seen, &["or", "nor", "and"]);
            if at < self.seen && self.seen <= i && !linked {
                return false;
            }
            let word = ws.at(at);
            if matches!(
                word,
                "but" | "so" | "then" | "maybe" | "because" | "probably" | "rather" | "instead"
            ) {
                return false;
            }
            let denies = DENIALS.contains(&word)
                || word.ends_with("n't")
                || matches!(word, "can't" | "won't" | "don't");
            if denies {
                let open = (1..4).any(|k| at + k < i && OPEN_DENIALS.contains(&ws.at(at + k)));
                let question = matches!(ws.before(at, 1), "why");
                return !open && !question && !matches!(ws.at(at + 1), "later") && !self.is_tag(at);
            }
            if word == "no"
                && matches!(
                    ws.at(at + 1),
                    "budget"
                        | "money"
                        | "decision"
                        | "purchase"
                        | "way"
                        | "chance"
                        | "time"
                        | "project"
                        | "funds"
                        | "spend"
                        | "more"
                        | "plans"
                        | "need"
                        | "investment"
                        | "purchases"
                        | "orders"
                        | "capacity"
                        | "slot"
                        | "decisions"
                        | "new"
                        | "rush"
                        | "changes"
                        | "budgets"
                        | "one"
                )
            {
                return true;
            }
        }
        false
    }

    /// "isn't it", "don't we".
    fn is_tag(&self, at: usize) -> bool {
        self.ws.is(at, &["isn't", "don't", "doesn't", "won't", "can't"])
            && self.ws.is(at + 1, &["it", "we", "they", "you"])
            && self.ws.is(at + 2, &["in", "by", "next"])
    }

    /// Whether the point is ruled out by what follows it.
    fn ruled_out(&self, next: usize) -> bool {
        if self.ws.ends(next) {
            return false;
        }
        let at =
            self.ws.any(next, &["though", "unfortunately", "honestly", "already"]).unwrap_or(next);
        self.ws.any(at, BAD).is_some()
    }

    pub(super) fn is_negated(&self, found: &Found) -> bool {
        if matches!(found.kind, TimeKind::NotBefore) {
            return false;
        }
        let done = found.kind == TimeKind::Deadline && runs_out(self.ws, found.next);
        let bounded = found.kind == TimeKind::Deadline
            && self.ws.is(
                found.from,
                &["by", "no", "not", "latest", "until", "before", "deadline", "at"],
            );
        !bounded && self.denied(found.from) || !done && self.ruled_out(found.next)
    }

    /// Whether the verb nearest to the time is in the past tense.
    pub(super) fn in_past_tense(&self, found: &Found) -> bool {
        let ws = self.ws;
        for back in 1..9 {
            let word = ws.before(found.from, back);
            if word.is_empty() {
                break;
            }
            let at = found.from - back;
            if let Some(past) = self.tense(at) {
                return past;
            }
            if ws.list[at].pause && back > 1 {
                break;
            }
        }
        let mut at = found.next;
        while at < found.next + 8 && at < ws.list.len() && !ws.ends(at) {
            if ws.pauses(at) && at > found.next {
                break;
            }
            if let Some(past) = self.tense(at) {
                return past;
            }
            at += 1;
        }
        false
    }

    fn tense(&self, at: usize) -> Option<bool> {
        let ws = self.ws;
        let word = ws.at(at);
        if matches!(word, "was" | "were")
            && (at + 1..at + 5).any(|k| {
                ws.is(k, &["plan", "target", "idea", "date", "goal", "deadline", "original"])
            })
            || word == "had" && ws.is(at + 1, &["better", "in"])
        {
            return Some(false);
        }
        if AHEAD.contains(&word) || word.ends_with("'ll") {
            return Some(
                word == "to" && matches!(ws.before(at, 1), "went" | "been")
                    || matches!(word, "have" | "has") && self.perfect(at),
            );
        }
        let wished = word.ends_with("ed")
            || matches!(word, "sent" | "paid" | "built" | "made" | "sold" | "done");
        let wish = [
            "want", "wants", "need", "needs", "get", "have", "be", "would", "like", "must",
            "should", "will", "wanted", "getting", "to",
        ];
        if wished && (1..5).any(|k| wish.contains(&ws.before(at, k))) {
            return Some(false);
        }
        PAST_VERBS.contains(&word).then_some(true)
    }

    fn perfect(&self, at: usize) -> bool {
        self.ws.is(at + 1, &["been", "had", "used"])
    }

    /// Whether a word between the last time and this one takes the last one back.
    pub(super) fn corrects(&self, from: usize, to: usize) -> bool {
        let ws = self.ws;
        to >= from
            && to - from <= 11
            && (from..=to).any(|k| {
                let cue = ws.any(k, CORRECTIONS).is_some_and(|n| {
                    n <= to + 2
                        && (k < to || ws.is(k, &["more", "make", "realistically", "actually"]))
                });
                cue && !(ws.at(k) == "no"
                    && ws.is(
                        k + 1,
                        &["later", "earlier", "problem", "sooner", "rush", "budget", "worries"],
                    ))
                    && !(ws.at(k) == "better" && k + 1 == to && ws.is(k + 1, &["by"]))
            })
    }

    /// "Our contract runs out in May": a switch by then.
    pub(super) fn contract_end(&self, found: &mut Found) {
        let ws = self.ws;
        if !matches!(found.kind, TimeKind::Point) || found.window.end < self.day {
            return;
        }
        let before = |words: &[&str], reach: usize| {
            (1..reach).any(|k| words.contains(&ws.before(found.from, k)))
        };
        let conditioned = (1..11).any(|k| {
            matches!(
                ws.before(found.from, k),
                "when" | "once" | "after" | "start" | "starts" | "begins"
            )
        });
        if before(CONTRACT_NOUNS, 10) && (before(CONTRACT_ENDS, 6)) && !conditioned {
            found.kind = TimeKind::Deadline;
            found.window = DateWindow { start: self.day, end: found.window.end };
        }
    }

    /// How likely a time is the one a sentence is about.
    pub(super) fn weight(&self, found: &Found) -> i32 {
        let ws = self.ws;
        let mut weight = i32::from(found.kind == TimeKind::Deadline) - i32::from(found.urgent) * 2;
        let mut near = |at: Option<usize>| -> bool {
            let Some(at) = at else { return false };
            weight +=
                2 * i32::from(ABOUT.contains(&ws.at(at))) - i32::from(ASIDE.contains(&ws.at(at)));
            !ws.pauses(at)
        };
        let mut k = 1;
        while k < 9 && !ws.pauses(found.from + 1 - k) && near(found.from.checked_sub(k)) {
            k += 1;
        }
        let mut k = found.next;
        while k < found.next + 5 && !ws.pauses(k) {
            near(Some(k));
            k += 1;
        }
        weight
    }
}

/// Whether the words before a point hand it to a relation said earlier: "before we close in March".
pub(super) fn hands_over(ws: &Words, from: usize, point: usize) -> bool {
    if point <= from || point - from > 10 || (from + 1..=point).any(|k| ws.ends(k)) {
        return false;
    }
    let said = ws.is(point, &["in", "on", "at", "around", "end", "the"])
        || ws.is(point - 1, &["in", "on", "thats", "is", "be", "in", "around", "so"]);
    let told = (from..point).any(|k| ws.is(k, &["thats", "which", "is", "meaning"]));
    let paused = (from + 1..=point).any(|k| ws.pauses(k));
    said && (!paused || told)
}

/// "before the year is out".
fn runs_out(ws: &Words, next: usize) -> bool {
    ws.any(next, &["is out", "is over", "is done"]).is_some()
}
