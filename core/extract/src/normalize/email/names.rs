use super::Context;
use super::lex::{Item, Part};
use crate::normalize::spelling::fold;

/// What a phrase such as "first name" stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    First,
    Last,
    FirstInitial,
    LastInitial,
    Full,
    Company,
}

const PHRASES: &[(&[&str], Slot)] = &[
    (&["first", "letter", "of", "my", "first", "name"], Slot::FirstInitial),
    (&["first", "letter", "of", "my", "last", "name"], Slot::LastInitial),
    (&["first", "letter", "of", "the", "first", "name"], Slot::FirstInitial),
    (&["first", "name", "initial"], Slot::FirstInitial),
    (&["first", "initial"], Slot::FirstInitial),
    (&["my", "initial"], Slot::FirstInitial),
    (&["last", "initial"], Slot::LastInitial),
    (&["first", "name"], Slot::First),
    (&["given", "name"], Slot::First),
    (&["firstname"], Slot::First),
    (&["last", "name"], Slot::Last),
    (&["family", "name"], Slot::Last),
    (&["second", "name"], Slot::Last),
    (&["lastname"], Slot::Last),
    (&["surname"], Slot::Last),
    (&["full", "name"], Slot::Full),
    (&["same", "name"], Slot::Full),
    (&["my", "name"], Slot::Full),
    (&["our", "company", "name"], Slot::Company),
    (&["the", "company", "name"], Slot::Company),
    (&["company", "name"], Slot::Company),
    (&["our", "company"], Slot::Company),
    (&["the", "company"], Slot::Company),
    (&["first"], Slot::First),
    (&["last"], Slot::Last),
];

/// Puts the contact's name where talk only names its parts: "first dot last at acme dot com".
pub(super) fn fill(items: &[Item], cx: &Context) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::with_capacity(items.len());
    let mut at = 0;
    while at < items.len() {
        let Some((len, slot)) = phrase(items, at, &out) else {
            out.push(items[at].clone());
            at += 1;
            continue;
        };
        let last = out.len().wrapping_sub(1);
        let own = is_word(&out, last, "my");
        let mut start = items[at].start;
        if own {
            start = out[last].start;
        }
        if own || is_and(&out, last) && filled(out.get(last.wrapping_sub(1))) {
            out.pop();
        }
        let value = value(slot, cx);
        let part = if value.is_some() { Part::Word } else { Part::Unknown };
        let end = items[at + len - 1].end;
        let text = value.unwrap_or_default();
        out.push(Item { part, text, start, end, sure: true, ..items[at].clone() });
        at += len;
    }
    out
}

fn is_and(items: &[Item], at: usize) -> bool {
    is_word(items, at, "and") || is_word(items, at, "then")
}

fn filled(item: Option<&Item>) -> bool {
    item.is_some_and(|i| i.sure && matches!(i.part, Part::Word | Part::Unknown))
}

fn is_word(items: &[Item], at: usize, word: &str) -> bool {
    items.get(at).is_some_and(|i| i.part == Part::Word && i.text == word)
}

fn phrase(items: &[Item], at: usize, out: &[Item]) -> Option<(usize, Slot)> {
    let (words, slot) = PHRASES
        .iter()
        .find(|(words, _)| words.iter().enumerate().all(|(i, w)| is_word(items, at + i, w)))?;
    let next = at + words.len();
    let joins = |i: Option<&Item>| {
        i.is_some_and(|i| matches!(i.part, Part::Dot | Part::Dash | Part::Underscore))
    };
    let before = out.last();
    let at_next = items.get(next).is_some_and(|i| i.part == Part::At);
    let company = *slot == Slot::Company;
    let last = out.len().wrapping_sub(1);
    let skips = |i: usize| is_and(out, i) || is_word(out, i, "my");
    let filled_before = filled(before) || skips(last) && filled(out.get(last.wrapping_sub(1)));
    let then = next + usize::from(is_and(items, next));
    let name_next = PHRASES.iter().any(|(w, s)| {
        *s == Slot::Last && w.iter().enumerate().all(|(i, w)| is_word(items, then + i, w))
    });
    let fits = if company {
        joins(items.get(next)) && before.is_some_and(|i| i.part == Part::At)
    } else {
        joins(items.get(next)) || joins(before) || at_next || filled_before || name_next
    };
    fits.then_some((words.len(), *slot))
}

fn value(slot: Slot, cx: &Context) -> Option<String> {
    let plain = |s: &str| fold(s).chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    if slot == Slot::Company {
        return cx.company.map(plain).filter(|s| !s.is_empty());
    }
    let words: Vec<String> =
        cx.name?.split_whitespace().map(plain).filter(|w| !w.is_empty()).collect();
    let (first, last) = (words.first()?, words.last()?);
    let initial = |w: &str| w.chars().take(1).collect::<String>();
    Some(match slot {
        Slot::First => first.clone(),
        Slot::Last if words.len() > 1 => last.clone(),
        Slot::FirstInitial => initial(first),
        Slot::LastInitial if words.len() > 1 => initial(last),
        Slot::Full => words.concat(),
        _ => return None,
    })
}
