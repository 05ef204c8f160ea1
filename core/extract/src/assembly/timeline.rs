use std::ops::Range;

use confee_domain::{DateWindow, Field, Lost};

use super::calibration::TIMELINE;
use super::heard::Heard;
use super::next_step::window;
use super::settle::{Candidate, settle};
use crate::normalize::time::{TimeKind, TimeSpan};
use crate::rules::is_scheduling;
use crate::tagger::{Span, Tag, TimeRole};
use crate::talk::{Role, Talk, Turn};

const ASKS_WHEN: &[&str] = &[
    "when would",
    "when do",
    "when does",
    "when will",
    "when should",
    "when must",
    "when are you",
    "how soon",
    "how quickly",
    "by when",
    "how urgent",
    "is it urgent",
    "urgent",
    "a date",
    "timeline",
    "time frame",
    "timeframe",
    "what's your timing",
    "deadline",
    "realistic",
    "why the hurry",
    "go live",
    "holding it up",
    "when did you want",
    "since when",
    "for how long",
    "start date",
    "when it comes up",
    "how fast",
    "and when",
    "when's",
    "when is",
    "for this year",
    "this year",
    "next year",
    "is there a date",
    "how long until",
    "what's the plan",
    "a plan when",
    "which quarter",
    "the timing",
    "the frame",
    "time for it",
    "and the time",
];

const BUYS: &[&str] = &[
    "live",
    "running",
    "up and running",
    "in place",
    "installed",
    "ready",
    "decide",
    "decision",
    "start",
    "switch",
    "replace",
    "change",
    "roll out",
    "rollout",
    "buy",
    "order",
    "purchase",
    "sign",
    "contract",
    "renewal",
    "renew",
    "expires",
    "runs out",
    "is up",
    "kick off",
    "implement",
    "move",
    "award",
    "need it",
    "need them",
    "needs to be",
    "has to be",
    "must be",
    "have to be",
    "want it",
    "want to be",
    "deadline",
    "new wing",
    "opens",
    "opening",
    "season",
    "before",
    "begin",
    "project",
    "go live",
    "fiscal",
    "financial year",
    "budget year",
    "plan is",
    "in production",
    "delivered",
    "delivery",
    "not before",
    "as soon as possible",
    "asap",
    "frozen",
    "the first step",
    "go out in",
    "whatever comes next",
    "lease",
    "extending",
    "goes live",
    "want the",
    "want it",
    "the tender",
    "would change it",
    "want to do it",
    "the first of",
    "kicks off",
    "festivals",
];

const NOT_BUYING: &[&str] = &[
    "came on",
    "was at",
    "did a",
    "told us",
    "last year",
    "had",
    "since",
    "ago",
    "founded",
    "webinar",
    "every",
    "started in nineteen",
    "retire",
    "birthday",
    "born",
];

/// From this score on a time counts, in thousandths.
const STANDS: u16 = TIMELINE.least;

/// When the visitor means to decide, buy or go live.
pub(super) fn assemble(heard: &Heard<'_>) -> Option<Field<DateWindow>> {
    let mut candidates = by_rules(heard.talk);
    if heard.reading.is_some() {
        for candidate in &mut candidates {
            (candidate.model, candidate.lost) = judged(heard, candidate);
        }
        candidates.extend(by_model(heard));
    }
    settle(heard.talk, candidates, &TIMELINE, |a, b| a == b)
}

/// What the model says of a time that the rules have found.
fn judged(heard: &Heard<'_>, candidate: &Candidate<DateWindow>) -> (Option<u16>, Option<Lost>) {
    let time = |tag| matches!(tag, Tag::Time(_));
    let said = heard.model_on(candidate.turn, candidate.start, candidate.end, time);
    let negated = candidate.lost.filter(|lost| *lost == Lost::Negated);
    match said.map(|s| (s.tag, s.score)) {
        Some((Tag::Time(TimeRole::Purchase), score)) => (Some(score), negated),
        Some((Tag::Time(TimeRole::Old), _)) => (Some(0), Some(Lost::Superseded)),
        Some((_, score)) => (Some(1000 - score.min(1000)), Some(Lost::LessLikely)),
        None => (Some(0), negated),
    }
}

/// Times that the model takes for the purchase's, the last of them the surest.
fn by_model(heard: &Heard<'_>) -> Vec<Candidate<DateWindow>> {
    let times = heard.model().iter().filter(|s| s.tag == Tag::Time(TimeRole::Purchase));
    let candidate = |s: &Span| {
        let value = window(heard.talk, s)?;
        let late = u16::try_from(s.turn * 30 / heard.talk.turns.len().max(1)).unwrap_or(0);
        let (turn, start, end) = (s.turn, s.start, s.end);
        let model = Some((s.score + late).min(1000));
        Some(Candidate { value, turn, start, end, score: 0, model, lost: None })
    };
    times.filter_map(candidate).collect()
}

fn by_rules(talk: &Talk<'_>) -> Vec<Candidate<DateWindow>> {
    let mut candidates: Vec<Candidate<DateWindow>> = Vec::new();
    for turn in talk.by(Role::Prospect) {
        for span in talk.times(turn.index) {
            let Some(score) = judge(talk, turn, span) else { continue };
            // "In June, because in May we move": the first answer of a turn stands unless corrected.
            let answered = candidates.iter().any(|c| {
                c.turn == turn.index && c.lost.is_none() && c.score >= STANDS && !span.corrected
            });
            let lost = match (span.negated, answered) {
                (true, _) => Some(Lost::Negated),
                (false, true) => Some(Lost::LessLikely),
                (false, false) => None,
            };
            if score >= STANDS && lost.is_none() {
                let older = candidates.iter_mut().filter(|c| c.lost.is_none());
                for c in older.filter(|c| span.corrected || c.score <= score) {
                    c.lost = Some(Lost::Superseded);
                }
            }
            candidates.push(Candidate {
                value: span.window,
                turn: turn.index,
                start: span.start,
                end: span.end,
                score,
                model: None,
                lost,
            });
        }
    }
    candidates
}

fn judge(talk: &Talk<'_>, turn: &Turn, span: &TimeSpan) -> Option<u16> {
    let kind: i32 = match span.kind {
        TimeKind::Past | TimeKind::Duration | TimeKind::Recurring | TimeKind::ClockTime => {
            return None;
        }
        TimeKind::Deadline | TimeKind::NotBefore => 140,
        TimeKind::Relative => 60,
        TimeKind::Point => 0,
    };
    let sentence = turn.sentence_of(turn.token_at(span.start).min(turn.tokens.len() - 1));
    let near = nearby(turn, span, &sentence);
    let within = |phrases: &[&str]| {
        phrases.iter().any(|p| turn.find_from(p, near.start).is_some_and(|r| r.end <= near.end))
    };
    let asked =
        talk.question_before(turn.index).is_some_and(|q| q.says(ASKS_WHEN) && !is_scheduling(q));
    let days = (span.window.end - talk.transcript.day()).num_days();
    let soon = days <= 9 && !span.urgent;
    let scheduling = is_scheduling(turn)
        || talk.question_before(turn.index).is_some_and(|q| is_scheduling(q) && !q.says(ASKS_WHEN));
    let mut score = 380 + kind;
    score += if asked { 280 } else { 0 };
    score += if within(BUYS) { 200 } else { 0 };
    score += if span.urgent { 180 } else { 0 };
    score -= if scheduling { 160 } else { 0 };
    score -= if soon { 260 } else { 0 };
    score -= if within(NOT_BUYING) { 180 } else { 0 };
    u16::try_from(score.clamp(0, 940)).ok()
}

/// The words that tell what a time is for: its sentence, or fifteen tokens around it in text
/// without punctuation.
fn nearby(turn: &Turn, span: &TimeSpan, sentence: &Range<usize>) -> Range<usize> {
    let at = turn.token_at(span.start);
    let end = turn.token_at(span.end);
    sentence.start.max(at.saturating_sub(15))..sentence.end.min(end + 15)
}
