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
pub(super) fn fill(items: &mut Vec<Item>, cx: &Context) {
    let mut at = 0;
    while at < items.len() {
        let Some((len, slot)) = phrase(items, at) else {
            at += 1;
            continue;
        };
        let mut from = at;
        let and = |i: usize| ["and", "then"].iter().any(|w| is_word(items, i, w));
        if at > 1 && and(at - 1) && items[at - 2].sure && items[at - 2].part == Part::Word {
            items.remove(at - 1);
            at -= 1;
            from = at;
        } else if at > 0 && is_word(items, at - 1, "my") {
            from -= 1;
        }
        let (start, end) = (items[from].start, items[at + len - 1].end);
        let value = value(slot, cx);
        let part = if value.is_some() { Part::Word } else { Part::Unknown };
        let text = value.unwrap_or_default();
        let filled = Item { part, text, start, end, sure: true, ..items[from].clone() };
        items.splice(from..at + len, [filled]);
        at = from + 1;
    }
}

fn is_word(items: &[Item], at: usize, word: &str) -> bool {
    items.get(at).is_some_and(|i| i.part == Part::Word && i.text == word)
}

fn phrase(items: &[Item], at: usize) -> Option<(usize, Slot)> {
    let (words, slot) = PHRASES
        .iter()
        .find(|(words, _)| words.iter().enumerate().all(|(i, w)| is_word(items, at + i, w)))?;
    let next = at + words.len();
    let joins = |i: Option<&Item>| {
        i.is_some_and(|i| matches!(i.part, Part::Dot | Part::Dash | Part::Underscore))
    };
    let before = at.checked_sub(1).and_then(|i| items.get(i));
    let at_next = items.get(next).is_some_and(|i| i.part == Part::At);
    let company = *slot == Slot::Company;
    let filled = |i: Option<&Item>| i.is_some_and(|i| i.sure && i.part == Part::Word);
    let and = at > 1 && (is_word(items, at - 1, "and") || is_word(items, at - 1, "then"));
    let filled_before = filled(before) || and && filled(items.get(at - 2));
    let name_next = PHRASES.iter().any(|(w, s)| {
        *s == Slot::Last && w.iter().enumerate().all(|(i, w)| is_word(items, next + i, w))
    });
    let fits = if company {
        joins(items.get(next)) && before.is_some_and(|i| i.part == Part::At)
    } else {
        joins(items.get(next)) || joins(before) || at_next || filled_before || name_next
    };
    fits.then_some((words.len(), *slot))
}

fn value(slot: Slot, cx: &Context) -> Option<String> {
    let plain = |s: &str| fold(s).chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>();
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
