use super::About;
use super::cues::*;
use super::lexicon::{is_function_word, is_unit_noun};
use super::pattern::Patterns;
use super::range::Expression;
use crate::text::{Kind, Token};
use std::sync::OnceLock;

/// A cue: what it tells, how many tokens nearer it counts, whether it makes a bare number money.
pub(super) type Cue = (About, i32, bool);

fn cues() -> &'static Patterns<Cue> {
    static CELL: OnceLock<Patterns<Cue>> = OnceLock::new();
    CELL.get_or_init(|| {
        Patterns::new(&[
            ((About::Spend, 7, true), ACCEPT),
            ((About::Price, 7, true), REJECT),
            ((About::Price, 6, false), SELLING),
            ((About::Spend, 5, true), STRONG_SPEND),
            ((About::Spend, 0, false), WEAK_SPEND),
            ((About::Cost, 2, false), COST),
            ((About::Cost, 6, false), PAYING),
            ((About::Revenue, 3, false), REVENUE),
            ((About::Price, 3, false), PRICE),
            ((About::Price, 4, false), OTHERS),
            ((About::Other, 6, false), LIMIT),
            ((About::Other, 1, false), COUNTED),
        ])
    })
}

/// What the words around an expression say of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) about: About,
    /// Budget wording stands near, so a bare number is money too.
    pub(super) budget_word: bool,
    /// How near and clear the deciding cue is; higher is clearer.
    pub(super) weight: i32,
}

/// Reads the cues of the sentence `floor..roof` around an expression; `edges` are the ends of
/// the amounts before and after it.
pub(super) fn read(
    tokens: &[Token],
    e: &Expression,
    floor: usize,
    roof: usize,
    edges: (usize, usize),
) -> Reading {
    let from = floor.max(e.start.saturating_sub(14));
    let to = roof.min(e.next + 12);
    if tokens.get(e.next).is_some_and(|t| {
        t.is(&["company", "business", "firm", "group", "operation", "enterprise", "corporation"])
    }) {
        return Reading { about: About::Revenue, budget_word: false, weight: 10 };
    }
    let goods =
        ["machine", "system", "deal", "contract", "order", "robot", "problem", "mistake", "loss"];
    if e.currency.is_some() && tokens.get(e.next).is_some_and(|t| t.is(&goods)) {
        return Reading { about: About::Price, budget_word: false, weight: 10 };
    }
    let mut best = Reading { about: About::Spend, budget_word: false, weight: -10 };
    for hit in cues().overlapping(tokens, from, to) {
        if hit.start < e.next && hit.end > e.start && !(hit.start < e.start || hit.end > e.next) {
            continue;
        }
        let (about, strength, strong) = hit.tag;
        let mass =
            e.currency.is_some_and(|c| c.iso != "GBP" || e.scale_said && c.family.is_empty());
        let counted = hit.tag == (About::Other, 1, false) && (mass || hit.start >= e.next);
        if counted || misplaced(hit.tag, hit.start >= e.next) {
            continue;
        }
        let distance = if hit.end <= e.start {
            gap(tokens, hit.end, e.start) + if hit.end <= edges.0 { 6 } else { 0 }
        } else {
            gap(tokens, e.next.min(hit.start), hit.start) + if hit.start >= edges.1 { 7 } else { 1 }
        };
        let weight = strength - distance;
        best.budget_word |= strong && about == About::Spend && weight >= reach(e, strength);
        if weight > best.weight {
            (best.about, best.weight) = (about, weight);
        }
    }
    best
}

/// How near a budget word must be to make a bare number money: small ones are often counts.
fn reach(e: &Expression, strength: i32) -> i32 {
    let small = !e.grouped && e.max < Some(100.0);
    match (small, strength) {
        (true, 7) => i32::MAX,
        (true, _) => 1,
        _ => -5,
    }
}

/// Words that only tell on one side: "165 is fine", "I have 50".
fn misplaced((about, strength, _): Cue, right: bool) -> bool {
    match (about, strength) {
        (About::Spend | About::Price, 7) => !right,
        (About::Spend, 0) => right,
        (About::Revenue, _) => false,
        _ => false,
    }
}

/// Tokens between, with clause borders weighing more.
fn gap(tokens: &[Token], from: usize, to: usize) -> i32 {
    (from..to)
        .map(|i| match tokens[i].norm.as_str() {
            "but" | "because" | "so" | "while" | "whereas" | "which" | ";" | "." | "?" | "!" => 4,
            "and" | "," => 2,
            "a" | "the" | "of" | "about" | "around" | "is" | "to" => 0,
            _ => 1,
        })
        .sum()
}

/// Whether the number counts or measures a thing: "fifty thousand square feet", "42 trucks".
pub(super) fn counts_things(tokens: &[Token], next: usize) -> bool {
    for i in next..next + 3 {
        let Some(t) = tokens.get(i) else { return false };
        let norm = t.norm.as_str();
        if t.is_mark('%') || t.is_mark('°') {
            return i == next;
        }
        if is_unit_noun(norm) {
            return !(i > next
                && tokens[next].is(&["for", "a", "per", "each", "every", "in", "within"]));
        }
        if t.kind != Kind::Word || is_function_word(norm) {
            return false;
        }
        let plural = norm.len() >= 5 && norm.ends_with('s') && !norm.ends_with("ss");
        if plural {
            return true;
        }
    }
    false
}

const UNITS: [&str; 55] = [
    "square",
    "cubic",
    "running",
    "seat",
    "seats",
    "head",
    "user",
    "users",
    "employee",
    "person",
    "kilo",
    "kg",
    "licence",
    "license",
    "unit",
    "piece",
    "site",
    "location",
    "store",
    "vehicle",
    "truck",
    "bed",
    "room",
    "hour",
    "day",
    "metre",
    "meter",
    "ton",
    "tonne",
    "litre",
    "liter",
    "device",
    "machine",
    "shop",
    "agent",
    "item",
    "box",
    "pallet",
    "order",
    "transaction",
    "call",
    "student",
    "pupil",
    "patient",
    "driver",
    "night",
    "module",
    "copy",
    "sample",
    "test",
    "member",
    "participant",
    "apiece",
    "car",
    "sensor",
];

/// Whether the money is for one of many: "per seat", "a kilo", "20 seats at 40 euros".
pub(super) fn per_unit(tokens: &[Token], e: &Expression, floor: usize, roof: usize) -> bool {
    let after = (e.next..roof.min(e.next + 6)).any(|i| {
        let any = tokens[i].norm == "per"
            && tokens.get(i + 1).is_some_and(|t| {
                t.kind == Kind::Word
                    && !t.is(&["month", "year", "annum", "quarter", "week", "mo", "yr", "cent"])
                    && !t.is(&["fiscal", "financial", "calendar", "project", "single"])
            });
        let one_of = any
            || tokens[i].is(&["per", "a", "each", "every", "/", "by", "an"])
                && tokens.get(i + 1).is_some_and(|t| UNITS.contains(&t.norm.as_str()));
        let each = tokens[i].is(&["each", "apiece"])
            && tokens.get(i + 1).is_none_or(|t| !t.is(&["year", "month", "quarter", "week"]));
        let article = tokens[i].is(&["a", "an", "by"]) && i > e.next + 2;
        (one_of && !article) || each && i <= e.next + 2
    });
    let before = (floor.max(e.start.saturating_sub(4))..e.start).any(|i| {
        tokens[i].is(&["at", "times", "for", "x"])
            && i > floor
            && is_unit_noun(&tokens[i - 1].norm)
            && i.checked_sub(2).is_some_and(|j| {
                tokens[j].kind == Kind::Number || super::lexicon::is_number_word(&tokens[j].norm)
            })
            && tokens[i].is(&["at", "times", "x"])
    });
    let led = (floor.max(e.start.saturating_sub(4))..e.start).any(|i| {
        tokens[i].is(&["per", "each"])
            && tokens.get(i + 1).is_some_and(|t| UNITS.contains(&t.norm.as_str()))
    });
    after || before || led
}
