use super::pattern::Patterns;
use super::status_words::{AVAILABLE, NONE, UNDECIDED};
use crate::text::Token;
use confee_domain::BudgetStatus;
use std::sync::OnceLock;

/// A status, and whether the words tell it without budget talk around them.
pub(super) type Tag = (BudgetStatus, bool);

fn patterns() -> &'static Patterns<Tag> {
    static CELL: OnceLock<Patterns<Tag>> = OnceLock::new();
    CELL.get_or_init(|| {
        Patterns::new(&[
            ((BudgetStatus::Undecided, true), UNDECIDED),
            ((BudgetStatus::None, true), NONE),
            ((BudgetStatus::Available, true), AVAILABLE),
        ])
    })
}

/// A status that was said without an amount.
#[derive(Debug, Clone, Copy)]
pub(super) struct Statement {
    pub(super) status: BudgetStatus,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Budget wording is part of it or stands in the same segment.
    pub(super) budget_word: bool,
    /// It is about approval or a decision, and so holds for an amount said before.
    pub(super) firm: bool,
}

const FIRM: [&str; 16] = [
    "approved",
    "approve",
    "decided",
    "fixed",
    "confirmed",
    "released",
    "signed",
    "approval",
    "final",
    "agreed",
    "fighting",
    "pending",
    "frozen",
    "gone",
    "spent",
    "waiting",
];

const MONEY_WORDS: [&str; 23] = [
    "budget",
    "budgets",
    "money",
    "funds",
    "funding",
    "cash",
    "budgeted",
    "spend",
    "number",
    "figure",
    "amount",
    "spending",
    "afford",
    "capex",
    "price",
    "cent",
    "penny",
    "sum",
    "capital",
    "budgeting",
    "unbudgeted",
    "numbers",
    "grant",
];

/// All statements about the budget's state in a segment, in order.
pub(super) fn statements(tokens: &[Token]) -> Vec<Statement> {
    let segment = tokens.iter().any(|t| MONEY_WORDS.contains(&t.norm.as_str()));
    let mut found = Vec::new();
    for hit in patterns().all(tokens, 0, tokens.len()) {
        let words = &tokens[hit.start..hit.end];
        let own = words.iter().any(|t| MONEY_WORDS.contains(&t.norm.as_str()));
        if excluded(tokens, hit.start, hit.end, hit.tag.0) {
            continue;
        }
        found.push(Statement {
            status: not_yet(tokens, hit.end, hit.tag.0),
            start: hit.start,
            end: hit.end,
            budget_word: own || segment,
            firm: words.iter().any(|t| FIRM.contains(&t.norm.as_str())),
        });
    }
    if found.is_empty() {
        found.extend(loose(tokens));
    }
    found
}

/// "no budget line for it yet" is not decided rather than refused.
fn not_yet(tokens: &[Token], end: usize, status: BudgetStatus) -> BudgetStatus {
    let yet =
        tokens[end..].iter().take(6).take_while(|t| !t.ends_sentence()).any(|t| t.norm == "yet");
    if status == BudgetStatus::None && yet { BudgetStatus::Undecided } else { status }
}

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
const DOUBT: [&str; 43] = [
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
const DENIAL: [&str; 26] = [
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
fn loose(tokens: &[Token]) -> Option<Statement> {
    let noun = tokens.iter().position(|t| MONEY_NOUNS.contains(&t.norm.as_str()))?;
    let (from, to) = (noun.saturating_sub(8), tokens.len().min(noun + 7));
    let window = &tokens[from..to];
    let asks = tokens.iter().any(|t| t.is_mark('?'))
        || tokens[0].is(&QUESTION)
        || window.iter().any(|t| t.is(&["you", "your"]))
        || tokens.iter().any(|t| {
            t.is(&["customer", "customers", "price", "save", "saves", "waste", "lose", "costs"])
        });
    if asks {
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

fn excluded(tokens: &[Token], start: usize, end: usize, status: BudgetStatus) -> bool {
    let prev = start.checked_sub(1).map_or("", |i| tokens[i].norm.as_str());
    let before = start.checked_sub(2).map_or("", |i| tokens[i].norm.as_str());
    let next = tokens.get(end).map_or("", |t| t.norm.as_str());
    let asks = |w: &str| {
        matches!(
            w,
            "do" | "does" | "did" | "is" | "are" | "have" | "has" | "what" | "which" | "how"
        )
    };
    let question =
        tokens[end..].iter().take(12).find(|t| t.ends_sentence()).is_some_and(|t| t.is_mark('?'));
    match status {
        BudgetStatus::None => {
            matches!(
                next,
                "problem"
                    | "problems"
                    | "issue"
                    | "issues"
                    | "limit"
                    | "limits"
                    | "constraint"
                    | "constraints"
                    | "worries"
                    | "owner"
                    | "question"
                    | "back"
                    | "plate"
                    | "concerns"
            ) || question && matches!(prev, "is" | "there" | "you" | "really")
        }
        BudgetStatus::Available => {
            let asked_of = tokens[start.saturating_sub(6)..start].windows(2).any(|w| {
                w[0].is(&["do", "have", "did", "is", "are", "has", "would"])
                    && w[1].is(&["you", "there", "they", "your"])
                    && !w[0].glued
            });
            let you = asked_of || prev == "you" || tokens[start].is(&["you"]);
            let conditional = tokens[start.saturating_sub(4)..start].iter().any(|t| {
                t.is(&[
                    "if", "once", "when", "unless", "until", "whether", "till", "assuming", "wish",
                ])
            });
            let asked = asks(prev) || question && (asks(before) || asks(prev));
            let denied =
                matches!(prev, "no" | "not" | "never" | "nobody" | "without") || prev == "until";
            you || conditional || asked || denied
        }
        BudgetStatus::Undecided => {
            tokens[start..end].iter().any(Token::ends_sentence)
                || question && (asks(prev) || tokens[start].is(&["is", "are", "do", "have"]))
                || matches!(
                    next,
                    "phone"
                        | "model"
                        | "plate"
                        | "plates"
                        | "where"
                        | "who"
                        | "of"
                        | "why"
                        | "which"
                        | "when"
                        | "whether"
                        | "if"
                )
        }
    }
}
