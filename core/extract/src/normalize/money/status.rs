use super::pattern::Patterns;
use super::status_loose;
use super::status_words::{AVAILABLE, NONE, UNDECIDED};
use crate::text::{Kind, Token};
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
    /// Says only that the speaker will not name the sum.
    pub(super) reticent: bool,
    /// No word tells the state: only the topic is money.
    pub(super) guess: bool,
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

const MONEY_WORDS: [&str; 38] = [
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
    "pot",
    "kitty",
    "financing",
    "allocation",
    "envelope",
    "investments",
    "investment",
    "purse",
    "coffers",
    "opex",
    "subsidy",
    "funded",
    "unfunded",
    "earmarked",
    "financed",
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
            guess: false,
            reticent: words[0].is(&["can", "could"]),
        });
    }
    if found.is_empty() {
        found.extend(status_loose::loose(tokens));
    }
    found
}

/// "no budget line for it yet" is not decided rather than refused.
fn not_yet(tokens: &[Token], end: usize, status: BudgetStatus) -> BudgetStatus {
    let yet = tokens[end..]
        .iter()
        .take(6)
        .take_while(|t| !t.ends_sentence())
        .any(|t| t.is(&["yet", "far"]));
    if status == BudgetStatus::None && yet { BudgetStatus::Undecided } else { status }
}

const NOT_REFUSED: [&str; 14] = [
    "problem",
    "problems",
    "issue",
    "issues",
    "limit",
    "limits",
    "constraint",
    "constraints",
    "worries",
    "owner",
    "question",
    "back",
    "plate",
    "concerns",
];
const OTHER_TALK: [&str; 12] = [
    "phone", "model", "plate", "plates", "where", "who", "of", "why", "which", "when", "whether",
    "if",
];
const CONDITIONS: [&str; 9] =
    ["if", "once", "when", "unless", "until", "whether", "till", "assuming", "wish"];
const ASKING: [&str; 10] =
    ["do", "does", "did", "is", "are", "have", "has", "what", "which", "how"];

/// Questions, conditions and wordings that only look like a statement.
fn excluded(tokens: &[Token], start: usize, end: usize, status: BudgetStatus) -> bool {
    let back = |n: usize| start.checked_sub(n).map(|i| &tokens[i]);
    let before = |n: usize, words: &[&str]| back(n).is_some_and(|t| t.is(words));
    let next = |words: &[&str]| tokens.get(end).is_some_and(|t| t.is(words));
    let mark = tokens[end..].iter().take(12).find(|t| t.ends_sentence());
    let question = mark.is_some_and(|t| t.is_mark('?'));
    match status {
        BudgetStatus::None => {
            let coin = tokens[end - 1].is(&["cent", "penny", "euro", "dollar", "pound"]);
            coin && next(&["more", "over", "above", "beyond"])
                || next(&NOT_REFUSED)
                || status_loose::is_not_my_task(&tokens[start..tokens.len().min(end + 8)])
                || question && before(1, &["is", "there", "you", "really"])
        }
        BudgetStatus::Available => {
            let leads = back(2).is_none_or(|t| {
                t.kind == Kind::Mark || t.is(&["so", "and", "but", "or", "what", "how", "then"])
            });
            let asked = asks_you(&tokens[start.saturating_sub(6)..start])
                || before(1, &ASKING) && leads
                || question && before(2, &ASKING);
            let near = &tokens[start.saturating_sub(4)..start];
            let none = tokens[end..].iter().take(3).any(|t| t.is(&["nothing", "zero", "nil"]));
            asked
                || none && next(&["of", "is"])
                || before(1, &["you", "no", "not", "never", "nobody", "without", "until"])
                || near.iter().any(|t| t.is(&CONDITIONS))
        }
        BudgetStatus::Undecided => {
            let asked = before(1, &ASKING) || tokens[start].is(&["is", "are", "do", "have"]);
            tokens[start..end].iter().any(Token::ends_sentence)
                || question && asked
                || next(&OTHER_TALK)
        }
    }
}

fn asks_you(tokens: &[Token]) -> bool {
    tokens.windows(2).any(|w| {
        w[0].is(&["do", "have", "did", "is", "are", "has", "would"])
            && w[1].is(&["you", "there", "they", "your"])
            && !w[0].glued
    })
}
