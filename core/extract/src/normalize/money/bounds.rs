use super::correction::takes_back;
use super::lexicon::ONE_OFF_GOODS;
use super::pattern::Patterns;
use super::range::Expression;
use crate::text::Token;
use confee_domain::Period;
use std::sync::OnceLock;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Bound {
    Up,
    Down,
    Exact,
}

const BEFORE_MAX: &[&str] = &[
    "up to ?a ?maximum ?max ?of",
    "no|not more|higher|greater than",
    "no|not over|above|beyond|exceeding|exceed",
    "max|maximum ?is ?of ?about|around",
    "maximal|maximally|at ?a ?the max|maximum|most ?of",
    "less|lower|fewer|smaller than",
    "under|below|within|beneath",
    "max|maximum .",
    "capped ?us|me|it ?at",
    "cap|ceiling|limit|sealing ?of|is|at ?at ?about|around",
    "tops|maxes ?out at",
    "as|so much|high|far as",
    "at the|a very ?most",
    "not|never go|going ?be over|above|beyond|past",
    "can|could not|never go|do|spend over|above|beyond|past|more ?than",
    "upper limit|bound|end ?is|of ?at",
    "anything up to",
    "south of",
    "nothing over|above|beyond|past",
    "limit|ceiling|sealing|cap|maximum|max|most * is|at ?about|around",
    "not|never exceed|exceeding",
    "maximum|max ?spend|budget|amount|investment ?would|will|is ?be ?of ?about|around",
    "limit|ceiling|cap|maximum|max would|will|could|should be ?at ?about|around",
];
const BEFORE_MIN: &[&str] = &[
    "at least",
    "at the ?very least",
    "minimum|min ?is ?of ?about",
    "a minimum ?of",
    "north|upwards|upward of",
    "over|above",
    "more|higher|greater than",
    "no|not less|lower than",
    "no|not under|below",
    "in ?the excess of",
    "beyond|exceeding",
    "from|starting ?at",
    "well over|above",
    "minimum|min ?spend|budget|amount|investment ?would|will|is ?be ?of ?about|around",
];
const AFTER_MAX: &[&str] = &[
    "max|maximum|tops|maximal|maximally",
    "at the|a ?very|absolute most|max|maximum",
    "at most",
    "for us|me|that|this|it|now max|maximum|tops",
    "is ?about|really|kind ?of|sort the|our|my|a|their ?absolute|hard|upper|very ceiling|max|maximum|limit|cap|sealing|top|most ?we|i",
    "is as far|high as",
    "or less|below|under",
    "not|no|never ?a ?cent|penny|euro|dollar|bit|single ?penny|cent more",
    "and|but not|no ?a ?penny|cent|single|euro|dollar more",
    "ceiling|cap|limit|sealing",
    "tops out",
    "as|for a|the|our ?hard|absolute ceiling|maximum|max|limit|cap",
    "not|nothing above|over|beyond",
    "or so max|tops|maximum",
];
const AFTER_MIN: &[&str] = &[
    "plus",
    "+",
    "or|and more|up|upwards|above|over|higher|better",
    "min|minimum",
    "at ?the ?very least|minimum",
    "as a minimum",
];

fn before() -> &'static Patterns<Bound> {
    static CELL: OnceLock<Patterns<Bound>> = OnceLock::new();
    CELL.get_or_init(|| Patterns::new(&[(Bound::Up, BEFORE_MAX), (Bound::Down, BEFORE_MIN)]))
}

fn after() -> &'static Patterns<Bound> {
    static CELL: OnceLock<Patterns<Bound>> = OnceLock::new();
    CELL.get_or_init(|| Patterns::new(&[(Bound::Up, AFTER_MAX), (Bound::Down, AFTER_MIN)]))
}

const SOFT: [&str; 16] = [
    "about",
    "around",
    "roughly",
    "maybe",
    "say",
    "like",
    "approximately",
    "the",
    "a",
    "of",
    "that",
    "probably",
    "let",
    "us",
    "just",
    "is",
];

/// Narrows the expression to an open bound where words beside it say so, and takes these words
/// into its tokens.
pub(super) fn apply(tokens: &[Token], e: &mut Expression, floor: usize) {
    let range = e.min != e.max;
    let mut edge = e.start;
    while edge > floor && e.start - edge < 2 && SOFT.contains(&tokens[edge - 1].norm.as_str()) {
        edge -= 1;
    }
    let mut bound = None;
    'outer: for end in [e.start, edge] {
        for start in (floor.max(end.saturating_sub(7))..end).rev() {
            if let Some(hit) = before().at(&tokens[..e.start], start)
                && hit.end == end
            {
                bound = Some((hit.tag, start));
            }
        }
        if bound.is_some() {
            break 'outer;
        }
    }
    if let Some((tag, start)) = bound {
        let starts_from = tokens[start].is(&["from", "starting"]);
        let minus = tag == Bound::Down && negated(tokens, start, floor);
        set(
            e,
            if starts_from && range {
                Bound::Exact
            } else if minus {
                Bound::Up
            } else {
                tag
            },
            range,
        );
        e.start = start;
        return;
    }
    apply_after(tokens, e);
}

/// Reads a bound that follows the expression, as in "fifty k a year max".
pub(super) fn apply_after(tokens: &[Token], e: &mut Expression) {
    let range = e.min != e.max;
    if e.min.is_none() || e.max.is_none() {
        return;
    }
    let mut from = e.next;
    while tokens
        .get(from)
        .is_some_and(|t| t.is(&[",", ".", "or", "so", "that", "it", "which", "and"]))
        && from < e.next + 3
    {
        from += 1;
    }
    for from in [e.next, from] {
        if let Some(hit) = after().at(tokens, from) {
            let minus = tokens.get(hit.end).is_some_and(|t| t.is(&["or", "minus", "/"]));
            let more = minus && tokens[from].norm == "plus"
                || tokens[from].is(&["plus", "+"])
                    && tokens.get(hit.end).is_some_and(|t| {
                        !super::lexicon::is_function_word(&t.norm)
                            && !t.ends_sentence()
                            && !t.is_mark(',')
                    });
            if !more {
                set(e, hit.tag, range);
                e.next = hit.end;
                return;
            }
        }
    }
}

fn negated(tokens: &[Token], start: usize, floor: usize) -> bool {
    (floor.max(start.saturating_sub(5))..start)
        .any(|i| tokens[i].is(&["not", "never", "nothing", "cannot"]))
        && tokens[start].is(&["over", "above", "beyond", "more", "exceeding"])
}

fn set(e: &mut Expression, bound: Bound, range: bool) {
    match bound {
        Bound::Up if !range => e.min = None,
        Bound::Down if !range => e.max = None,
        _ => {}
    }
}

const MONTH: &[&str] = &[
    "a|per|each|every|the|/|by|pro|in ?single|one month|mo|mth|months",
    "monthly|pcm",
    "on a monthly",
    "month by month",
];
const YEAR: &[&str] = &[
    "a|per|each|every|/|by|pro|one|in ?single year|annum|yr|anum|years",
    "yearly|annually|annual",
    "p . a",
    "pa|p.a",
    "per fiscal|financial|calendar year",
    "on a yearly|annual",
    "year on|over|by year",
];
const ONCE: &[&str] = &[
    "one off|of|time|shot|purchase|payment",
    "once|oneoff|upfront|capex|onetime",
    "up front",
    "once and for",
    "single payment|purchase|investment",
    "lump sum",
    "capital plan|budget|expenditure|investment|spend|money|funds",
    "won|1 purchase|off|time",
    "initial|capital ?up ?front investment",
    "not ?a recurring|subscription",
    "no subscription",
];

fn periods() -> &'static Patterns<Period> {
    static CELL: OnceLock<Patterns<Period>> = OnceLock::new();
    CELL.get_or_init(|| {
        Patterns::new(&[(Period::Month, MONTH), (Period::Year, YEAR), (Period::OneOff, ONCE)])
    })
}

/// What one payment covers, from the words near the amount. Extends `e` over a period that
/// follows at once.
pub(super) fn period(
    tokens: &[Token],
    e: &mut Expression,
    floor: usize,
    roof: usize,
) -> Option<Period> {
    let near = roof.min(e.next + 7);
    for at in e.next..near {
        let Some(hit) = periods().at(&tokens[..roof], at) else { continue };
        if stray(tokens, hit.start, hit.end) {
            continue;
        }
        if at <= e.next + 1 {
            e.next = hit.end;
        }
        let other = (hit.end..roof.min(hit.end + 6))
            .filter_map(|i| periods().at(&tokens[..roof], i))
            .find(|h| takes_back(tokens, hit.end, h.start));
        return Some(other.unwrap_or(hit).tag);
    }
    let from = floor.max(e.start.saturating_sub(9));
    let left = periods().all(tokens, from, e.start);
    if let Some(hit) = left.iter().rev().find(|h| !stray(tokens, h.start, h.end)) {
        return Some(hit.tag);
    }
    let right = periods().all(tokens, e.next, roof.min(e.next + 16));
    if let Some(hit) = right.iter().find(|h| h.tag == Period::OneOff) {
        return Some(hit.tag);
    }
    goods(tokens, e, floor, roof).then_some(Period::OneOff)
}

/// "one year contract", "in a month we know" and "a year ago" name times, not payments.
fn stray(tokens: &[Token], start: usize, end: usize) -> bool {
    let after = tokens.get(end).is_some_and(|t| {
        t.is(&[
            "contract", "ago", "later", "from", "license", "plan", "old", "time", "olds", "term",
            "before",
        ])
    });
    let within = start
        .checked_sub(1)
        .is_some_and(|i| tokens[i].is(&["in", "within", "for", "after", "half", "once"]));
    let once_then = tokens[start].norm == "once"
        && tokens.get(end).is_some_and(|t| t.is(&["the", "we", "it", "they", "i", "a"]));
    let in_a = tokens[start].norm == "in";
    let bare_annual = tokens[start].is(&["annual"])
        && tokens.get(end).is_some_and(|t| t.is(&["report", "turnover", "revenue", "leave"]));
    let off = tokens[start].norm == "the"
        || tokens[start].norm == "one" && tokens[start + 1].norm == "month";
    after || within || once_then || in_a || bare_annual || off
}

/// "for the machine", "for a new line", "for the project".
fn goods(tokens: &[Token], e: &Expression, floor: usize, roof: usize) -> bool {
    if e.next < roof && tokens[e.next].is(&["project", "investment", "renovation"]) {
        return true;
    }
    let after = e.next..roof.min(e.next + 12);
    let before = floor.max(e.start.saturating_sub(12))..e.start;
    after.chain(before).any(|i| {
        tokens[i].is(&["for", "whole", "entire", "complete"])
            && (i + 1..roof.min(i + 5))
                .take_while(|j| !tokens[*j].is(&["per", "each", "and", "at", ","]))
                .any(|j| ONE_OFF_GOODS.contains(&tokens[j].norm.as_str()))
    })
}
