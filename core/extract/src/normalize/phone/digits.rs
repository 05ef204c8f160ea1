use crate::text::{Kind, TENS, Token, UNITS};

/// Digits that were said or written together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    pub(crate) digits: String,
    /// Index of the token after it.
    pub(crate) next: usize,
    /// Said one digit at a time.
    pub(crate) single: bool,
    /// Written in figures.
    pub(crate) written: bool,
}

const SINGLE: &[(&str, &str)] = &[
    ("zero", "0"),
    ("oh", "0"),
    ("o", "0"),
    ("nought", "0"),
    ("naught", "0"),
    ("nil", "0"),
    ("null", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("fife", "5"),
    ("niner", "9"),
    ("zwo", "2"),
];
/// Read as digits only between digits.
const HOMOPHONES: &[(&str, &str)] = &[
    ("for", "4"),
    ("fore", "4"),
    ("to", "2"),
    ("too", "2"),
    ("won", "1"),
    ("ate", "8"),
    ("tree", "3"),
    ("free", "3"),
    ("sicks", "6"),
    ("ought", "0"),
    ("aught", "0"),
    ("owe", "0"),
];
fn single(word: &str) -> Option<&'static str> {
    SINGLE.iter().find(|(w, _)| *w == word).map(|(_, d)| *d)
}

/// The digit that a sound-alike stands for: "for" is 4.
pub(super) fn homophone(word: &str) -> Option<&'static str> {
    HOMOPHONES.iter().find(|(w, _)| *w == word).map(|(_, d)| *d)
}

fn index(list: &[&str], word: &str) -> Option<usize> {
    let word = if word == "fourty" { "forty" } else { word };
    list.iter().position(|w| *w == word)
}

fn unit(t: Option<&Token>) -> Option<usize> {
    single(&t?.norm).and_then(|d| d.parse().ok()).filter(|d| *d > 0)
}

/// The digits that start at a token: a figure, a digit word, "double five", "forty nine",
/// "eight hundred", "nineteen".
pub(crate) fn group_at(tokens: &[Token], at: usize) -> Option<Group> {
    let t = tokens.get(at)?;
    if t.kind == Kind::Number {
        let digits: String = t.text.chars().filter(char::is_ascii_digit).collect();
        let single = digits.len() == 1;
        return Some(Group { digits, next: at + 1, single, written: true });
    }
    if let Some(times) = times(&t.norm) {
        return repeated(tokens, at + 1, times);
    }
    if let Some(d) = single(&t.norm) {
        let group = Group { digits: d.into(), next: at + 1, single: true, written: false };
        return Some(hundreds(tokens, at, group));
    }
    if let Some(i) = index(&UNITS[10..], &t.norm) {
        return Some(spoken((10 + i).to_string(), at + 1));
    }
    two_digits(tokens, at).map(|(value, next)| spoken(value.to_string(), next))
}

fn spoken(digits: String, next: usize) -> Group {
    Group { digits, next, single: false, written: false }
}

fn times(word: &str) -> Option<usize> {
    Some(match word {
        "double" | "twice" => 2,
        "triple" | "treble" | "tripple" => 3,
        "quadruple" => 4,
        _ => return None,
    })
}

fn repeated(tokens: &[Token], mut at: usize, times: usize) -> Option<Group> {
    if tokens.get(at).is_some_and(|t| t.is_mark('-')) {
        at += 1;
    }
    let t = tokens.get(at)?;
    let written = t.kind == Kind::Number && t.text.len() == 1;
    let digit = if written { t.text.as_str() } else { single(&t.norm)? };
    Some(Group { digits: digit.repeat(times), next: at + 1, single: true, written })
}

/// "forty nine", "forty-nine", "forty".
fn two_digits(tokens: &[Token], at: usize) -> Option<(usize, usize)> {
    let tens = (index(&TENS, &tokens.get(at)?.norm)? + 2) * 10;
    let hyphen = tokens.get(at + 1).is_some_and(|t| t.is_mark('-') && t.glued);
    let then = at + 1 + usize::from(hyphen);
    Some(match unit(tokens.get(then)) {
        Some(u) => (tens + u, then + 1),
        None => (tens, at + 1),
    })
}

/// "eight hundred", "nine hundred and five", "four hundred twenty"; "one eight hundred" stays 1800.
fn hundreds(tokens: &[Token], at: usize, group: Group) -> Group {
    let scale = tokens.get(at + 1).map_or("", |t| t.norm.as_str());
    if scale == "thousand" && group.digits != "0" {
        return spoken(group.digits + "000", at + 2);
    }
    if scale != "hundred" || group.digits == "0" {
        return group;
    }
    let and = tokens.get(at + 2).is_some_and(|t| t.norm == "and");
    let rest = at + 2 + usize::from(and);
    let toll_free = at.checked_sub(1).is_some_and(|i| tokens[i].is(&["one", "1"]));
    let low = two_digits(tokens, rest)
        .or_else(|| Some((10 + index(&UNITS[10..], &tokens.get(rest)?.norm)?, rest + 1)))
        .or_else(|| {
            let lone = group_head(tokens.get(rest + 1)).is_none();
            unit(tokens.get(rest)).filter(|_| and || lone).map(|u| (u, rest + 1))
        })
        .filter(|_| !toll_free);
    match low {
        Some((value, next)) => spoken(format!("{}{value:02}", group.digits), next),
        None => spoken(group.digits + "00", at + 2),
    }
}

fn group_head(t: Option<&Token>) -> Option<()> {
    let word = t?.norm.as_str();
    let head = t?.kind == Kind::Number
        || single(word).is_some()
        || times(word).is_some()
        || index(&TENS, word).is_some()
        || index(&UNITS[10..], word).is_some();
    head.then_some(())
}
