use confee_domain::{Budget, BudgetStatus, Field, Lost};

use super::calibration::BUDGET;
use super::heard::Heard;
use super::settle::{Candidate, settle};
use crate::normalize::money::{self, About, MoneySpan};
use crate::tagger::{MoneyRole, Span, Tag};
use crate::talk::{Role, Talk, Turn};

const ASKS_MONEY: &[&str] = &[
    "budget",
    "money",
    "spend",
    "figure in mind",
    "number in mind",
    "set aside",
    "price range",
    "afford",
    "too expensive",
    "how much can",
    "how much do you",
    "how much would you",
    "invest",
    "funding",
    "approved",
    "ballpark",
    "financ",
    "to spend",
    "what were you thinking",
    "cost you",
];

const SPENDS: &[&str] = &[
    "budget",
    "spend",
    "put aside",
    "set aside",
    "in the plan",
    "we have",
    "i have",
    "we've got",
    "i've got",
    "approved",
    "afford",
    "up to",
    "the ceiling",
    "maximum",
    "max",
    "at most",
    "no more than",
    "not more",
    "available",
    "earmarked",
    "allocated",
    "the bank has given",
    "i can get",
    "for it",
    "for this",
    "to work with",
    "we could do",
    "capital plan",
    "grant",
    "between",
];

/// What the visitor says to a price to make it their budget.
const ACCEPTS: &[&str] = &[
    "is fine",
    "that's fine",
    "that works",
    "we can spend",
    "we can do that",
    "i can do that",
    "within budget",
    "within our budget",
    "in the budget",
    "in our budget",
    "that fits",
    "we can afford",
    "fits the budget",
    "that's okay for us",
    "has given us",
    "inside our budget",
];

/// Words that make a remark one about money.
const MONEY_WORDS: &[&str] = &[
    "budget",
    "budgets",
    "funding",
    "funds",
    "funded",
    "the money",
    "no money",
    "capex",
    "grant",
    "sanctioned",
    "put a number",
    "no number",
    "set aside",
    "put aside",
    "in the plan",
    "a cent",
    "a penny",
    "allocated",
    "allocation",
    "approved",
];

/// From this score on a statement counts, in thousandths.
const STANDS: u16 = BUDGET.least;

/// The visitor's budget.
pub(super) fn assemble(heard: &Heard<'_>, currency: Option<&str>) -> Option<Field<Budget>> {
    let mut candidates = by_rules(heard.talk, currency);
    if heard.reading.is_some() {
        for candidate in &mut candidates {
            (candidate.model, candidate.lost) = judged(heard, candidate);
        }
        candidates.extend(by_model(heard, &candidates));
    }
    settle(heard.talk, candidates, &BUDGET, |a, b| a == b)
}

/// What the model says of an amount or a statement that the rules have found.
fn judged(heard: &Heard<'_>, candidate: &Candidate<Budget>) -> (Option<u16>, Option<Lost>) {
    let asked = |tag| match tag {
        Tag::Money(_) => has_amount(&candidate.value),
        Tag::Funds(_) => !has_amount(&candidate.value),
        _ => false,
    };
    let said = heard.model_on(candidate.turn, candidate.start, candidate.end, asked);
    match said.map(|s| (s.tag, s.score)) {
        Some((Tag::Money(MoneyRole::Budget), score)) => (Some(score), None),
        Some((Tag::Money(MoneyRole::Old), _)) => (Some(0), Some(Lost::Superseded)),
        Some((Tag::Money(MoneyRole::Price), _)) => (Some(0), Some(Lost::Reps)),
        Some((Tag::Funds(status), score)) if status == candidate.value.status => {
            (Some(score), None)
        }
        Some(_) => (Some(0), Some(Lost::LessLikely)),
        None => (Some(0), candidate.lost),
    }
}

/// The state of the money in words that the rules do not know, where no amount stands.
fn by_model(heard: &Heard<'_>, known: &[Candidate<Budget>]) -> Vec<Candidate<Budget>> {
    let amount = known.iter().any(|c| {
        has_amount(&c.value) && c.lost.is_none() && c.model.is_some_and(|model| model >= 500)
    });
    let words = heard.model().iter().filter_map(|s| match s.tag {
        Tag::Funds(status) => Some((s, status)),
        _ => None,
    });
    let candidate = |(s, status): (&Span, BudgetStatus)| {
        let value = Budget { status, min: None, max: None, currency: None, period: None };
        let (turn, start, end) = (s.turn, s.start, s.end);
        let lost = amount.then_some(Lost::LessLikely);
        Candidate { value, turn, start, end, score: 0, model: Some(s.score), lost }
    };
    words.map(candidate).collect()
}

fn by_rules(talk: &Talk<'_>, currency: Option<&str>) -> Vec<Candidate<Budget>> {
    let context = money::Context { default_currency: currency };
    let mut candidates: Vec<Candidate<Budget>> = Vec::new();
    for turn in &talk.turns {
        for span in money::find(talk.text(turn.index), &context) {
            push(talk, turn, span, &mut candidates);
        }
    }
    inherit_currency(&mut candidates);
    candidates
}

fn push(talk: &Talk<'_>, turn: &Turn, span: MoneySpan, candidates: &mut Vec<Candidate<Budget>>) {
    let (score, mut lost) = judge(talk, turn, &span);
    let value = lifted(&span, candidates);
    if lost.is_none() && score >= STANDS {
        // "Up to thirty thousand, not a cent more": a remark beside an amount is no answer.
        let beside = |c: &Candidate<Budget>| {
            c.turn == turn.index && c.lost.is_none() && has_amount(&c.value)
        };
        if !has_amount(&value) && candidates.iter().any(beside) {
            lost = Some(Lost::LessLikely);
        } else {
            supersede(&value, candidates);
        }
    }
    candidates.push(Candidate {
        value,
        turn: turn.index,
        start: span.start,
        end: span.end,
        score,
        model: None,
        lost,
    });
}

fn has_amount(budget: &Budget) -> bool {
    budget.min.is_some() || budget.max.is_some()
}

/// "165 is fine" after a price of 165,000, "now it's thirty five" after thirty thousand: a bare
/// number takes the thousands, currency and period of the last amount of the same size.
fn lifted(span: &MoneySpan, candidates: &[Candidate<Budget>]) -> Budget {
    let bare = !span.scale_said && !span.has_currency;
    let size = |b: &Budget| b.max.or(b.min);
    let Some(said) = size(&span.budget).filter(|v| bare && *v < 1000.0) else {
        return span.budget.clone();
    };
    let like = candidates.iter().rev().filter_map(|c| size(&c.value).map(|v| (v, &c.value)));
    let near = like.filter(|(v, _)| *v >= 1000.0).find_map(|(v, b)| {
        let factor = if v >= 500_000.0 && said < 10.0 { 1e6 } else { 1e3 };
        (0.4..=2.5).contains(&(said * factor / v)).then_some((factor, b))
    });
    let Some((factor, model)) = near else { return span.budget.clone() };
    Budget {
        min: span.budget.min.map(|v| v * factor),
        max: span.budget.max.map(|v| v * factor),
        currency: model.currency.clone().or_else(|| span.budget.currency.clone()),
        period: span.budget.period.or(model.period),
        ..span.budget.clone()
    }
}

/// A later amount takes the place of earlier ones; "there is money" does not take the place of an
/// amount.
fn supersede(value: &Budget, candidates: &mut [Candidate<Budget>]) {
    let vague = !has_amount(value) && value.status != BudgetStatus::None;
    for c in candidates.iter_mut().filter(|c| c.lost.is_none()) {
        if !(vague && has_amount(&c.value)) && c.value != *value {
            c.lost = Some(Lost::Superseded);
        }
    }
}

fn judge(talk: &Talk<'_>, turn: &Turn, span: &MoneySpan) -> (u16, Option<Lost>) {
    match span.about {
        About::Cost | About::Revenue | About::Other | About::PerUnit => {
            return (200, Some(Lost::LessLikely));
        }
        About::Price if turn.role == Role::Prospect && !accepted_here(turn) => {
            return (200, Some(Lost::ThirdParty));
        }
        About::Spend | About::Price => {}
    }
    let amount = span.budget.min.is_some() || span.budget.max.is_some();
    let asked = talk.question_before(turn.index).is_some_and(|q| q.says(ASKS_MONEY));
    if turn.role == Role::Rep {
        return judge_reps(talk, turn, amount);
    }
    let sentence = turn.sentence_of(turn.token_at(span.start));
    let spends = SPENDS
        .iter()
        .any(|p| turn.find_from(p, sentence.start).is_some_and(|r| r.end <= sentence.end));
    let solid = u16::from(span.has_currency || span.scale_said) * 80;
    let mut score = 360 + solid + u16::from(asked) * 260 + u16::from(spends) * 200;
    if !amount {
        let said = turn.says(MONEY_WORDS);
        score = 320 + u16::from(asked) * 260 + u16::from(said) * 220;
    }
    if span.corrected || accepted_here(turn) {
        score += 60;
    }
    (score.min(940), None)
}

/// The rep's number is a price, unless the visitor takes it as the budget.
fn judge_reps(talk: &Talk<'_>, turn: &Turn, amount: bool) -> (u16, Option<Lost>) {
    let answer = talk.turns.get(turn.index + 1).filter(|t| t.role == Role::Prospect);
    let taken = amount && answer.is_some_and(accepted_here);
    if taken { (620, None) } else { (150, Some(Lost::Reps)) }
}

fn accepted_here(turn: &Turn) -> bool {
    turn.says(ACCEPTS)
}

/// "Fifty to sixty thousand" said after "in euros" elsewhere: the talk's only currency counts.
fn inherit_currency(candidates: &mut [Candidate<Budget>]) {
    let mut named: Vec<String> =
        candidates.iter().filter_map(|c| c.value.currency.clone()).collect();
    named.sort_unstable();
    named.dedup();
    let [only] = named.as_slice() else { return };
    for c in candidates.iter_mut() {
        let amount = c.value.min.is_some() || c.value.max.is_some();
        if amount && c.value.currency.is_none() {
            c.value.currency = Some(only.clone());
        }
    }
}
