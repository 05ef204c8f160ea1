use super::Context;
use super::words::{is_cue, is_filler};
use crate::normalize::{phone, spelling};
use crate::text::{Kind, Token, tokenize};

/// What a piece of talk is to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Word,
    /// Spelled letters.
    Letters,
    Digits,
    Dot,
    Dash,
    Underscore,
    Plus,
    /// `@`, "at", "at sign"; `sure` where it can be nothing else.
    At,
    /// "add", "hat": perhaps a misheard "at".
    MaybeAt,
    Comma,
    /// A full stop before white space.
    Stop,
    Break,
    /// "first name" with no name known.
    Unknown,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    pub(super) part: Part,
    /// Folded text.
    pub(super) text: String,
    /// Digits as the words that were said.
    pub(super) said: String,
    /// The letter it would be among letters.
    pub(super) letter: Option<String>,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) glued: bool,
    pub(super) sure: bool,
    pub(super) capital: bool,
}

/// The items of a segment, and the asides ("with a k") said inside.
pub(super) struct Talk {
    pub(super) items: Vec<Item>,
    pub(super) asides: Vec<(usize, String)>,
    pub(super) cued: bool,
}

const ASIDES: &[&[&str]] = &[
    &["all", "in", "one", "word"],
    &["all", "as", "one", "word"],
    &["all", "one", "word"],
    &["written", "as", "one", "word"],
    &["as", "one", "word"],
    &["in", "one", "word"],
    &["one", "word"],
    &["single", "word"],
    &["all", "together"],
    &["all", "in", "lower", "case"],
    &["all", "in", "lowercase"],
    &["all", "lower", "case"],
    &["all", "lowercase"],
    &["all", "small", "letters"],
    &["in", "lower", "case"],
    &["lower", "case"],
    &["lowercase"],
    &["no", "dots"],
    &["no", "dot"],
    &["without", "a", "dot"],
    &["without", "dots"],
    &["without", "dot"],
    &["no", "spaces"],
    &["no", "space"],
    &["no", "capitals"],
    &["no", "hyphen"],
    &["no", "dash"],
    &["no", "underscore"],
];

pub(super) fn read(text: &str, cx: &Context) -> Talk {
    let tokens = tokenize(text);
    let mut talk = Talk {
        items: Vec::with_capacity(tokens.len()),
        asides: Vec::new(),
        cued: tokens.iter().any(|t| is_cue(&t.norm)),
    };
    let runs = spelling::runs(&tokens);
    let mut runs = runs.iter().filter(|r| !written_run(&tokens, r.first, r.next)).peekable();
    let mut at = 0;
    while at < tokens.len() {
        while runs.peek().is_some_and(|r| r.first < at) {
            runs.next();
        }
        if let Some(run) = runs.peek().filter(|r| r.first == at) {
            let item = item(&tokens, Part::Letters, run.letters.clone(), at, run.next);
            talk.items.push(item);
            at = run.next;
        } else if let Some((next, hint)) = aside(&tokens, at) {
            talk.asides.push((tokens[at].start, hint));
            at = next;
        } else {
            at = one(&tokens, at, &mut talk.items);
        }
    }
    talk.items = super::names::fill(&talk.items, cx);
    talk
}

/// Letters with dots or dashes inside a written address are no spelling.
fn written_run(tokens: &[Token], first: usize, next: usize) -> bool {
    let dotted = (first + 1..next.saturating_sub(1))
        .any(|i| tokens[i].is_mark('.') && tokens[i].glued && tokens[i + 1].glued);
    let at = |i: usize| tokens.get(i).is_some_and(|t| t.is_mark('@'));
    let touches =
        at(next) && tokens[next].glued && tokens[first..next].iter().any(|t| t.is_mark('-'));
    dotted || touches
}

fn item(tokens: &[Token], part: Part, text: String, at: usize, next: usize) -> Item {
    let t = &tokens[at];
    let letter = spelling::letter_at(tokens, at)
        .filter(|l| l.next == next && l.text.chars().all(char::is_alphabetic))
        .map(|l| l.text);
    Item {
        part,
        said: t.norm.clone(),
        text,
        letter,
        start: t.start,
        end: tokens[next.max(at + 1) - 1].end,
        glued: t.glued,
        sure: false,
        capital: t.is_capitalised(),
    }
}

fn aside(tokens: &[Token], at: usize) -> Option<(usize, String)> {
    let norm = |i: usize| tokens.get(i).map_or("", |t| t.norm.as_str());
    if let Some(p) = ASIDES.iter().find(|p| p.iter().enumerate().all(|(i, w)| norm(at + i) == *w)) {
        return Some((at + p.len(), p.join(" ")));
    }
    let one_letter =
        norm(at + 2).chars().count() == 1 && norm(at + 2).chars().all(char::is_alphabetic);
    if norm(at) == "with" && matches!(norm(at + 1), "a" | "an" | "double") && one_letter {
        let before = at.checked_sub(1).map_or("", norm);
        let hint = format!("{before} with {} {}", norm(at + 1), norm(at + 2));
        return Some((at + 3, hint));
    }
    None
}

fn one(tokens: &[Token], at: usize, items: &mut Vec<Item>) -> usize {
    let t = &tokens[at];
    let norm = |i: usize| tokens.get(i).map_or("", |t| t.norm.as_str());
    if is_filler(&t.norm) {
        return at + 1;
    }
    if t.kind == Kind::Mark {
        items.extend(mark(tokens, at));
        return at + 1;
    }
    if t.kind == Kind::Number {
        figures(tokens, at, items);
        return at + 1;
    }
    let (part, next, sure) = match (t.norm.as_str(), norm(at + 1)) {
        ("at", "the") if norm(at + 2) == "rate" => {
            (Part::At, at + 3 + usize::from(norm(at + 3) == "of"), true)
        }
        ("at", "sign" | "symbol" | "mark") => (Part::At, at + 2, true),
        ("at", "-") if norm(at + 2) == "sign" => (Part::At, at + 3, true),
        ("at", _) => (Part::At, at + 1, false),
        ("arroba" | "chiocciola" | "klammeraffe" | "arobase", _) => (Part::At, at + 1, true),
        ("add" | "ad" | "att" | "adt" | "hat" | "et" | "aht", _) => (Part::MaybeAt, at + 1, false),
        (
            "dot" | "dott" | "dought" | "dots" | "doth" | "punkt" | "punto" | "ponto" | "point",
            _,
        ) => (Part::Dot, at + 1, true),
        ("period", _) => (Part::Dot, at + 1, true),
        ("full", "stop") => (Part::Dot, at + 2, true),
        ("dash" | "hyphen" | "minus" | "bindestrich", _) => (Part::Dash, at + 1, true),
        ("underscore" | "underline" | "underscored", _) => (Part::Underscore, at + 1, true),
        ("under", "score" | "line") => (Part::Underscore, at + 2, true),
        ("plus", _) => (Part::Plus, at + 1, true),
        _ => return word(tokens, at, items),
    };
    items.push(Item { sure, ..item(tokens, part, t.norm.clone(), at, next) });
    next
}

fn word(tokens: &[Token], at: usize, items: &mut Vec<Item>) -> usize {
    let t = &tokens[at];
    if let Some(rest) = t.norm.strip_prefix("dot").filter(|r| super::tld::is_tld(r)) {
        items.push(Item { sure: true, ..item(tokens, Part::Dot, ".".into(), at, at + 1) });
        items.push(item(tokens, Part::Word, rest.to_owned(), at, at + 1));
        return at + 1;
    }
    if let Some(letter) = multiple(tokens, at) {
        items.push(item(tokens, Part::Letters, letter.text, at, letter.next));
        return letter.next;
    }
    let sounds_like_zero = t.norm == "o" || t.norm == "oh";
    let group = phone::group_at(tokens, at).filter(|_| !sounds_like_zero);
    if let Some(group) = group {
        items.push(item(tokens, Part::Digits, group.digits, at, group.next));
        return group.next;
    }
    items.push(item(tokens, Part::Word, spelling::fold(&t.norm), at, at + 1));
    at + 1
}

/// "double r", "m as in mary", "capital k".
fn multiple(tokens: &[Token], at: usize) -> Option<spelling::Letter> {
    let letter = spelling::letter_at(tokens, at)?;
    (letter.next > at + 1 && letter.text.chars().all(char::is_alphabetic)).then_some(letter)
}

fn figures(tokens: &[Token], at: usize, items: &mut Vec<Item>) {
    let t = &tokens[at];
    let piece = |part, text: &str, glued| Item {
        part,
        text: text.to_owned(),
        said: text.to_owned(),
        letter: None,
        start: t.start,
        end: t.end,
        glued,
        sure: false,
        capital: false,
    };
    for (i, digits) in t.text.split(['.', ',']).enumerate() {
        if i > 0 {
            items.push(piece(Part::Dot, ".", true));
        }
        items.push(piece(Part::Digits, digits, t.glued || i > 0));
    }
}

fn mark(tokens: &[Token], at: usize) -> Option<Item> {
    let t = &tokens[at];
    let next_glued = tokens.get(at + 1).is_some_and(|n| n.glued);
    let part = match t.text.chars().next()? {
        '@' => Part::At,
        '.' if next_glued && t.glued => Part::Dot,
        '.' if tokens.get(at + 1).is_some_and(|n| n.is_mark('.') && n.glued) => return None,
        '.' => Part::Stop,
        ',' => Part::Comma,
        '-' | '‑' if t.glued && next_glued => Part::Dash,
        '-' | '–' | '—' => Part::Comma,
        '_' => Part::Underscore,
        '+' => Part::Plus,
        '"' | '“' | '”' | '\'' | '‘' | '’' | '…' | '*' => return None,
        _ => Part::Break,
    };
    Some(Item { sure: part == Part::At, ..item(tokens, part, t.text.clone(), at, at + 1) })
}
