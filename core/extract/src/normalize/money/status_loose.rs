//! The budget's state where no wording of the list fits: words for money near words of doubt,
//! denial or presence.

use super::status::Statement;
use crate::text::Token;
use confee_domain::BudgetStatus;

const MONEY_NOUNS: [&str; 9] = [
    "budget",
    "budgets",
    "money",
    "funding",
    "funds",
    "grant",
    "financing",
    "budgeting",
    "subsidy",
];
const DOUBT: [&str; 44] = [
    "question",
    "decide",
    "decided",
    "deciding",
    "decision",
    "discuss",
    "discussing",
    "discussed",
    "waiting",
    "wait",
    "unclear",
    "open",
    "pending",
    "yet",
    "planning",
    "plan",
    "depends",
    "check",
    "ask",
    "clarify",
    "negotiate",
    "negotiating",
    "find",
    "fight",
    "fighting",
    "hope",
    "hoping",
    "maybe",
    "might",
    "perhaps",
    "apply",
    "vote",
    "votes",
    "voting",
    "applied",
    "request",
    "requested",
    "unsure",
    "review",
    "submit",
    "submitted",
    "later",
    "justify",
    "convince",
];
const DENIAL: [&str; 28] = [
    "killed",
    "froze",
    "no",
    "not",
    "nothing",
    "none",
    "zero",
    "gone",
    "cut",
    "frozen",
    "took",
    "taken",
    "lost",
    "spent",
    "exhausted",
    "empty",
    "away",
    "refused",
    "rejected",
    "denied",
    "declined",
    "cancelled",
    "canceled",
    "lack",
    "lacking",
    "short",
    "never",
    "without",
];
const PRESENCE: [&str; 24] = [
    "approved",
    "available",
    "aside",
    "ready",
    "secured",
    "through",
    "came",
    "granted",
    "have",
    "got",
    "there",
    "allocated",
    "reserved",
    "released",
    "planned",
    "confirmed",
    "earmarked",
    "enough",
    "light",
    "left",
    "budgeted",
    "sorted",
    "agreed",
    "has",
];
const QUESTION: [&str; 16] = [
    "do", "does", "did", "have", "is", "are", "what", "how", "which", "any", "could", "can",
    "would", "who", "so", "and",
];

/// The last resort: a word for money with a word of doubt, denial or presence near it.
pub(super) fn loose(tokens: &[Token]) -> Option<Statement> {
    let noun = tokens.iter().position(|t| MONEY_NOUNS.contains(&t.norm.as_str()))?;
    let (from, to) = (noun.saturating_sub(8), tokens.len().min(noun + 7));
    let window = &tokens[from..to];
    let asks = tokens.iter().any(|t| t.is_mark('?'))
        || tokens[0].is(&QUESTION)
        || window.iter().any(|t| t.is(&["you", "your"]))
        || tokens.iter().any(|t| {
            t.is(&["customer", "customers", "price", "save", "saves", "waste", "lose", "costs"])
        });
    let inverted = tokens.windows(2).any(|w| {
        w[0].is(&["is", "are", "do", "have", "has"])
            && w[1].is(&["there", "that", "it", "this", "you", "they"])
    });
    if asks || inverted {
        return None;
    }
    let near = |list: &[&str]| window.iter().position(|t| list.contains(&t.norm.as_str()));
    let (status, at) = near(&DOUBT)
        .map(|i| (BudgetStatus::Undecided, i))
        .or_else(|| near(&DENIAL).map(|i| (BudgetStatus::None, i)))
        .or_else(|| near(&PRESENCE).map(|i| (BudgetStatus::Available, i)))?;
    let at = from + at;
    Some(Statement {
        status,
        start: noun.min(at),
        end: noun.max(at) + 1,
        budget_word: true,
        firm: false,
    })
}
