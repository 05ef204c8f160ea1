//! Money: from spoken or written amounts to the prospect's budget.

mod amount;
mod bounds;
mod context;
mod correction;
mod cues;
mod currency;
mod guards;
mod lexicon;
mod pattern;
mod prepare;
mod range;
mod scan;
mod status;
mod status_loose;
mod status_words;
#[cfg(test)]
mod tests;

use confee_domain::{Budget, BudgetStatus};

/// What is known around the words.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// ISO 4217 code of the event or device, used where no currency is said; without it such
    /// amounts have no currency. It also settles shared words: "dollars" at an Australian event.
    pub default_currency: Option<&'a str>,
}

/// An amount, or a statement about the budget, in one segment.
#[derive(Debug, Clone, PartialEq)]
pub struct MoneySpan {
    /// First character, in Unicode scalar values.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// The value; `min` and `max` unset for a statement without an amount.
    pub budget: Budget,
    /// What the money is, as far as the words near it tell.
    pub about: About,
    /// Replaced an amount said earlier in the same segment.
    pub corrected: bool,
    /// A currency was said with it or taken over from the amount it corrects.
    pub has_currency: bool,
    /// A scale word was said for it ("k", "thousand", "six figures").
    pub scale_said: bool,
}

/// What an amount stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Money the speaker could spend: a plausible budget.
    Spend,
    /// Cost of a problem, losses, what is paid today.
    Cost,
    /// Revenue, turnover, orders, money raised.
    Revenue,
    /// A seller's price, a quote, another customer's deal.
    Price,
    /// Money for one of many (seat, head, kilo) without the total.
    PerUnit,
    /// Looked like money and is none: a count, a measure, a signing limit.
    Other,
}

/// Words of a phrase that may be a statement about the budget without naming money.
const SHORT: usize = 12;
/// Words that show that such a statement is about something else.
const ELSEWHERE: [&str; 14] = [
    "works", "date", "size", "time", "colour", "color", "model", "food", "vendor", "supplier",
    "visit", "demo", "film", "weather",
];

/// Every amount in one segment, in order, with statements that have no amount ("no budget").
#[must_use]
pub fn find(text: &str, cx: &Context<'_>) -> Vec<MoneySpan> {
    scan::spans(text, cx).into_iter().filter(|c| !c.guess).map(|c| c.span).collect()
}

/// The prospect's budget that one phrase or sentence states.
#[must_use]
pub fn normalize(text: &str, cx: &Context<'_>) -> Option<Budget> {
    let mut found = scan::spans(text, cx);
    if found.iter().any(scan::Candidate::has_amount) {
        found.retain(|c| !c.guess);
    }
    let amount = found
        .iter()
        .filter(|c| c.has_amount() && c.span.about == About::Spend && !c.replaced)
        .max_by_key(|c| (c.span.corrected, c.budget_word, c.at));
    let other = |c: &scan::Candidate| c.has_amount() && c.span.about != About::Spend;
    let short = !found.iter().any(other)
        && text.split_whitespace().nth(SHORT).is_none()
        && !text.split(|c: char| !c.is_alphabetic()).any(|w| ELSEWHERE.contains(&w));
    let states = |c: &&scan::Candidate| {
        !c.has_amount() && (c.budget_word || short && c.tail <= 6 || amount.is_some() && c.firm)
    };
    let there = found
        .iter()
        .find(|o| o.budget_word && o.span.budget.status == BudgetStatus::Available)
        .map(|o| o.at);
    let held = |c: &scan::Candidate| c.reticent && there.is_some_and(|at| at < c.at);
    let said = found
        .iter()
        .filter(|c| c.span.budget.status != BudgetStatus::Available && !held(c))
        .rfind(states);
    match (amount, said) {
        (Some(a), Some(s))
            if s.at > a.at && (s.firm || s.span.budget.status == BudgetStatus::None) =>
        {
            let mut budget = if s.span.budget.status == BudgetStatus::None {
                s.span.budget.clone()
            } else {
                a.span.budget.clone()
            };
            budget.status = s.span.budget.status;
            Some(budget)
        }
        (Some(a), _) => Some(a.span.budget.clone()),
        (None, Some(s)) => Some(s.span.budget.clone()),
        (None, None) => {
            let available = found.iter().filter(|c| !held(c)).rfind(states)?;
            Some(available.span.budget.clone())
        }
    }
}
