//! What stands beside an amount: sentence borders, late currencies, and signs that a number is
//! no money at all.

use super::currency;
use super::range::Expression;
use crate::text::{Kind, Token};

/// For each token the bounds of its sentence.
pub(super) fn sentence_ends(tokens: &[Token]) -> Vec<usize> {
    let mut marks = vec![0];
    for (i, t) in tokens.iter().enumerate() {
        let inner = tokens.get(i + 1).is_some_and(|n| n.glued || n.kind == Kind::Mark);
        let short = i
            .checked_sub(1)
            .is_some_and(|p| tokens[p].is(&["rs", "approx", "p", "a", "ca", "max", "min"]));
        if t.ends_sentence() && !inner && !short {
            marks.push(i + 1);
        }
    }
    marks.push(tokens.len());
    marks
}

pub(super) fn sentence(marks: &[usize], at: usize) -> (usize, usize) {
    let i = marks.partition_point(|m| *m <= at);
    (marks[i.saturating_sub(1)], marks.get(i).copied().unwrap_or(at + 1))
}

/// Cues may stand in the sentence before ("Budget? Fifty k.").
pub(super) fn marks_back(marks: &[usize], floor: usize) -> usize {
    let i = marks.partition_point(|m| *m < floor);
    i.checked_sub(1).map_or(0, |p| marks[p])
}

/// "forty k a year australian", "fifty thousand a year in euros".
pub(super) fn late_currency(tokens: &[Token], e: &mut Expression, floor: usize, roof: usize) {
    let shared = e.currency.is_some_and(|c| !c.family.is_empty());
    if e.scale <= 1.0 && !e.grouped || e.currency.is_some() && !shared {
        return;
    }
    for at in e.next..roof.min(e.next + 4) {
        let led = tokens[at - 1].is(&["in", "of"]);
        if tokens[at].norm == "us" && at > e.next {
            continue;
        }
        let said = currency::nation_alone(tokens, at)
            .or_else(|| currency::at(tokens, at).filter(|c| c.1 > at && (led || at == e.next)));
        if let Some((said, next)) = said {
            let fits = e.currency.is_none_or(|c| c.family.contains(&said.iso));
            if fits {
                e.currency = Some(said);
                e.next = if at <= e.next + 1 { next } else { e.next };
            }
            return;
        }
    }
    for at in floor.max(e.start.saturating_sub(5))..e.start {
        let led = at > floor && tokens[at - 1].norm == "in";
        if let Some((said, _)) =
            currency::at(&tokens[..e.start], at).filter(|_| led && e.currency.is_none())
        {
            e.currency = Some(said);
        }
    }
}

/// "raised from fifty to seventy k" tells the new amount.
pub(super) fn moved_to(tokens: &[Token], start: usize, floor: usize) -> bool {
    const MOVES: [&str; 12] = [
        "raised",
        "increased",
        "went",
        "cut",
        "reduced",
        "lowered",
        "bumped",
        "changed",
        "grew",
        "gone",
        "upped",
        "moved",
    ];
    start > floor
        && tokens[start - 1].norm == "from"
        && (floor.max(start.saturating_sub(5))..start).any(|i| tokens[i].is(&MOVES))
}

const BEFORE_ONE: [&str; 9] =
    ["no", "some", "any", "every", "this", "that", "the", "each", "which"];
const REFERENCES: [&str; 12] = [
    "q",
    "hall",
    "booth",
    "number",
    "stand",
    "room",
    "version",
    "aisle",
    "extension",
    "series",
    "model",
    "iso",
];

/// Phone digits, clock times, ordinals, "Q3", "hall 4", "number 5".
pub(super) fn is_reference(tokens: &[Token], e: &Expression, floor: usize) -> bool {
    let prev = e.start.checked_sub(1).filter(|p| *p >= floor).map(|p| &tokens[p]);
    let next = tokens.get(e.next);
    let written = tokens[e.start].kind == Kind::Number;
    let bare = e.currency.is_none() && !e.scale_said && written && e.next == e.start + 1;
    let digits = |t: Option<&Token>| {
        t.is_some_and(|t| t.kind == Kind::Number && !t.text.contains([',', '.']))
    };
    let text = tokens[e.start].text.as_str();
    let pronoun = tokens[e.start].norm == "one"
        && e.next == e.start + 1
        && prev.is_some_and(|p| p.is(&BEFORE_ONE));
    let idiom =
        tokens[e.start].norm == "a" && e.currency.is_none() && prev.is_some_and(|p| p.norm == "in")
            || next.is_some_and(|n| n.is(&["thanks", "apologies", "reasons"]));
    // "a few hundred thousand" names no sum.
    let vague = prev.is_some_and(|p| p.is(&["few", "several", "many"]));
    if vague
        || pronoun
        || idiom
        || bare
            && (text.len() > 1 && text.starts_with('0')
                || digits(next)
                || digits(prev)
                || prev.is_some_and(|p| p.is_mark('+')))
    {
        return true;
    }
    let glued_before = written
        && tokens[e.start].glued
        && prev.is_some_and(|p| {
            p.kind == Kind::Word || p.is_mark(':') || p.is_mark('/') || p.is_mark('@')
        });
    let clock = next.is_some_and(|n| {
        n.glued && n.is_mark(':')
            || n.is(&["pm", "am", "o'clock"])
            || n.glued && n.is(&["st", "nd", "rd", "th"])
    });
    let named = prev.is_some_and(|p| p.is(&REFERENCES));
    glued_before && e.currency.is_none() || clock || named && !e.scale_said && e.currency.is_none()
}

/// A year or a day: "in 2027", "by June 5".
pub(super) fn looks_dated(tokens: &[Token], start: usize, next: usize) -> bool {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = tokens[start].text.as_str();
    let year =
        next == start + 1 && text.len() == 4 && (text.starts_with("20") || text.starts_with("19"));
    let spoken_year = tokens[start].is(&["nineteen", "twenty"])
        && start > 0
        && tokens[start - 1].is(&["in", "since", "for", "by"]);
    let near = |i: Option<&Token>| i.is_some_and(|t| MONTHS.contains(&t.norm.as_str()));
    let year_word = start.checked_sub(1).is_some_and(|p| {
        tokens[p].is(&["in", "since", "for", "by", "from", "until", "of", "year", "fy"])
    });
    year && year_word
        || spoken_year
        || near(tokens.get(next))
        || start > 0 && near(tokens.get(start - 1))
}

/// A scale without currency and cue, then a clause that a count takes: "two thousand, in
/// bakeries", "thirty thousand and growing".
pub(super) fn counted_aside(tokens: &[Token], e: &Expression, edge: usize) -> bool {
    let norm = |i: usize| tokens.get(i).map_or("", |t| t.norm.as_str());
    if e.currency.is_some() || edge > 0 && edge + 4 > e.start || norm(e.next - 1) == "k" {
        return false;
    }
    let comma = usize::from(norm(e.next) == ",");
    let growing = ["growing", "counting", "rising", "climbing", "falling", "shrinking"];
    if norm(e.next + comma) == "and" && growing.contains(&norm(e.next + comma + 1)) {
        return true;
    }
    let places = ["in", "across", "mostly", "mainly", "spread", "worldwide", "globally", "all"];
    let money = ["all in", "in total", "in all", "in one", "in this", "in the", "in our"];
    let ahead = format!("{} {}", norm(e.next + comma), norm(e.next + comma + 1));
    (comma == 1 || e.next - e.start <= 2)
        && places.contains(&norm(e.next + comma))
        && !money.contains(&ahead.as_str())
        && (!ahead.starts_with("all ") || ["all over", "all of"].contains(&ahead.as_str()))
}

/// Pounds of weight: "500 pounds heavy", "a fifty pound bag".
pub(super) fn is_mass(tokens: &[Token], e: &Expression) -> bool {
    const LOADS: [&str; 26] = [
        "heavy", "bag", "bags", "sack", "sacks", "box", "boxes", "drum", "drums", "load", "loads",
        "payload", "weight", "roll", "rolls", "pallet", "pallets", "barrel", "hammer", "dog",
        "guy", "man", "thrust", "gripper", "lift", "capacity",
    ];
    let pounds = e.next > e.start && tokens[e.next - 1].is(&["pound", "pounds"]);
    let near = |i: usize| tokens.get(i).is_some_and(|t| t.is(&LOADS));
    pounds && !e.scale_said && (near(e.next) || near(e.next + 1) && tokens[e.next].norm == "in")
}
