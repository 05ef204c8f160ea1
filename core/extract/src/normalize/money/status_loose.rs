//! The budget's state where no wording of the list fits: words for money near words of doubt,
//! denial or presence.

use super::lexicon::listed;
use super::status::Statement;
use crate::text::{Kind, Token};
use confee_domain::BudgetStatus;

const MONEY_NOUNS: &str = " budget budgets money funding funds grant financing budgeting subsidy pot kitty capex \
    opex allocation cash envelope purse coffers appropriation spending monies finances ";
/// The state is still to come.
const DOUBT: &str = " question decide decided decides deciding decision discuss discussing discussed waiting \
    wait awaiting unclear open pending yet planning plan depends depending check ask asked \
    clarify negotiate negotiating find fight fighting hope hoping maybe might perhaps apply \
    applying vote votes voting applied request requested unsure review reviewed submit \
    submitted later justify convince determine determined known knows finalise finalize \
    finalised finalized draft drafting drafted drawn pitch pitching case first uncertain tbd \
    tbc floating limbo air provisional tentative outstanding if whether unless anyone's \
    guess haggling arguing debating debate talks talking negotiations discussions process meets meeting beg begging \
    pipeline needs need require requires wondering estimate estimating calculating working tell \
    complicated tricky difficult complex murky blurry vague foggy hazy iffy shaky sort raise revised ";
/// Gone, refused or never there.
const DENIAL: &str = " killed froze no not nothing none zero gone cut frozen took taken lost spent exhausted \
    empty away refused rejected denied declined cancelled canceled lack lacking short never \
    without dried pulled blocked scrapped axed withdrawn diverted committed nil dry depleted \
    stripped slashed suspended stopped nobody neither bare hardly barely evaporated eaten \
    swallowed overspent ";
const PRESENCE: &str = " approved available aside ready secured through came granted have got there allocated \
    reserved released planned confirmed earmarked enough light left budgeted sorted agreed \
    has stands exists fine ok okay place signed cleared okayed ringfenced covered plenty \
    waiting healthy sufficient guaranteed won landed arrived accessible flowing parked \
    assigned committed locked yes ";
/// Words whose denial leaves the matter open: "not approved" is no refusal.
const DECISIONS: &str = " approved secured through granted allocated released confirmed sorted agreed signed \
    cleared okayed fixed settled set defined final official certain sure guaranteed \
    specified ";
const NEGATIONS: &str = " no not never nothing nobody none neither ";
/// What a denial does not refuse: "not gone", "not a problem".
const NOT_DENIED: &str = " gone cut frozen spent empty exhausted problem issue obstacle lost short lacking concern \
    bottleneck hurdle worry constraint barrier stumbling limit dry blocked scarce tight \
    problems object constraints issues limits worries concerns obstacles \
    restriction restrictions ";
const QUESTION: [&str; 16] = [
    "do", "does", "did", "have", "is", "are", "what", "how", "which", "any", "could", "can",
    "would", "who", "so", "and",
];

/// The last resort: a word for money with a word of doubt, denial or presence near it.
pub(super) fn loose(tokens: &[Token]) -> Option<Statement> {
    let noun = tokens.iter().position(|t| listed(MONEY_NOUNS, &t.norm))?;
    let (from, to) = (noun.saturating_sub(8), tokens.len().min(noun + 7));
    let window = &tokens[from..to];
    let to_you = (from..to).any(|i| {
        tokens[i].norm == "your" && i < noun && i + 3 > noun
            || tokens[i].norm == "you"
                && tokens.get(i + 1).is_some_and(|t| t.is(&["have", "got", "need", "can", "get"]))
    });
    let elsewhere = [
        "customer",
        "customers",
        "price",
        "percent",
        "%",
        "save",
        "saves",
        "waste",
        "lose",
        "costs",
        "wash",
        "flow",
        "laundering",
        "register",
        "machines",
        "plants",
    ];
    let asks = tokens.iter().any(|t| t.is_mark('?') || t.is(&elsewhere))
        || tokens[0].is(&QUESTION)
        || to_you;
    let inverted = tokens.windows(2).enumerate().any(|(i, w)| {
        w[0].is(&["is", "are", "do", "have", "has"])
            && w[1].is(&["there", "that", "it", "this", "you", "they"])
            && (i == 0 || tokens[i - 1].is(&["so", "and", "but", "or", ",", ".", "then"]))
    });
    let cheap = [
        "airline",
        "version",
        "hotel",
        "option",
        "range",
        "edition",
        "brand",
        "alternative",
        "friendly",
        "conscious",
        "supermarket",
        "phone",
        "maker",
    ];
    if tokens.get(noun + 1).is_some_and(|t| t.is(&cheap)) {
        return None;
    }
    if asks || inverted || is_not_my_task(tokens) {
        return None;
    }
    let told = state(window).map(|(status, i)| (status, from + i));
    let guess = told.is_none();
    if guess && !is_topic(tokens, noun) {
        return None;
    }
    let (status, at) = told.unwrap_or((BudgetStatus::Undecided, noun));
    Some(Statement {
        guess,
        status,
        start: noun.min(at),
        end: noun.max(at) + 1,
        budget_word: true,
        firm: false,
        reticent: false,
    })
}

/// Whether a short line has the money as its topic, though no word tells its state.
fn is_topic(tokens: &[Token], noun: usize) -> bool {
    let led = noun == 0
        || tokens[noun - 1].is(&["the", "our", "my", "a", "about", "for", "any", "of", "this"]);
    let ends = tokens
        .get(noun + 1)
        .is_none_or(|t| t.kind == Kind::Mark || super::lexicon::is_function_word(&t.norm));
    led && ends && tokens.len() <= 16
}

/// Talk of who looks after the money, or of how budgets are made: no state.
pub(super) fn is_not_my_task(tokens: &[Token]) -> bool {
    let near = |i: usize, words: &[&str]| tokens[i..].iter().take(5).any(|t| t.is(words));
    (0..tokens.len()).any(|i| {
        tokens[i].is(&["not", "never", "nothing"])
            && near(
                i,
                &[
                    "department",
                    "job",
                    "task",
                    "business",
                    "area",
                    "responsibility",
                    "side",
                    "desk",
                ],
            )
            || tokens[i].norm == "budget"
                && i > 0
                && tokens[i - 1].is(&["not", "we", "never"])
                && near(i, &["per", "by"])
    })
}

/// The state the words of a window tell, and where: doubt beats denial, denial beats presence.
fn state(window: &[Token]) -> Option<(BudgetStatus, usize)> {
    let near = |list: &str| window.iter().position(|t| listed(list, &t.norm));
    let denied = |list: &str| {
        (0..window.len()).find(|i| {
            listed(list, &window[*i].norm)
                && window[i.saturating_sub(4)..*i].iter().any(|t| listed(NEGATIONS, &t.norm))
        })
    };
    let open = near(DOUBT).or_else(|| denied(DECISIONS)).map(|i| (BudgetStatus::Undecided, i));
    let kept = || denied(NOT_DENIED).map(|i| (BudgetStatus::Available, i));
    let gone = || near(DENIAL).map(|i| (BudgetStatus::None, i));
    let there = || near(PRESENCE).map(|i| (BudgetStatus::Available, i));
    open.or_else(kept).or_else(gone).or_else(there)
}
