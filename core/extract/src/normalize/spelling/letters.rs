use crate::text::{Kind, Token};

/// How surely a token is a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// A single letter, or one with its example word.
    Hard,
    /// A word of a spelling alphabet.
    Alphabet,
    /// An everyday word that sounds like a letter.
    Soft,
    /// "a" and "i".
    Article,
    /// A digit.
    Digit,
}

/// One spelled letter (or a doubled one).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Letter {
    pub(crate) text: String,
    pub(crate) next: usize,
    pub(crate) weight: Weight,
}

/// Letter names that are no everyday words.
const NAMES: &[(&str, &str)] = &[
    ("kay", "k"),
    ("jay", "j"),
    ("el", "l"),
    ("ell", "l"),
    ("em", "m"),
    ("en", "n"),
    ("ess", "s"),
    ("es", "s"),
    ("ar", "r"),
    ("arr", "r"),
    ("ex", "x"),
    ("zed", "z"),
    ("zee", "z"),
    ("aitch", "h"),
    ("haitch", "h"),
    ("dee", "d"),
    ("eff", "f"),
    ("ef", "f"),
    ("gee", "g"),
    ("tee", "t"),
    ("vee", "v"),
    ("wy", "y"),
    ("wye", "y"),
    ("cue", "q"),
    ("doubleyou", "w"),
    ("ay", "a"),
    ("ee", "e"),
    ("pee", "p"),
    ("cee", "c"),
];
/// Everyday words that a recogniser writes for a letter.
const HOMOPHONES: &[(&str, &str)] = &[
    ("are", "r"),
    ("see", "c"),
    ("sea", "c"),
    ("why", "y"),
    ("you", "u"),
    ("yew", "u"),
    ("oh", "o"),
    ("tea", "t"),
    ("pea", "p"),
    ("queue", "q"),
    ("bee", "b"),
    ("be", "b"),
    ("eye", "i"),
    ("owe", "o"),
    ("age", "h"),
    ("hey", "a"),
    ("end", "n"),
    ("and", "n"),
    ("yes", "s"),
    ("if", "f"),
];
/// The NATO alphabet with its usual spellings.
const ALPHABET: &[&str] = &[
    "alpha", "alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india",
    "juliet", "juliett", "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo",
    "sierra", "tango", "uniform", "victor", "whiskey", "whisky", "xray", "yankee", "zulu",
];
const DIGITS: &[&str] =
    &["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/// Whether a token is a sound of hesitation.
pub(crate) fn is_filler(t: &Token) -> bool {
    t.is(&["uh", "um", "er", "erm", "uhm", "ehm", "hm", "hmm", "mm", "ähm", "eh"])
}

fn lookup(table: &[(&'static str, &'static str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(w, _)| *w == word).map(|(_, l)| *l)
}

/// The spelled letter that starts at a token, whatever its neighbours are.
pub(crate) fn letter_at(tokens: &[Token], at: usize) -> Option<Letter> {
    let t = tokens.get(at)?;
    if let Some(times) = multiple(&t.norm) {
        return repeated(tokens, at, times);
    }
    let cased = t.is(&["capital", "uppercase", "lowercase", "letter", "capitals", "small", "big"]);
    if cased {
        let inner = plain(tokens, at + 1).filter(|l| l.weight != Weight::Digit)?;
        let sure = inner.weight == Weight::Hard || inner.weight == Weight::Article;
        return sure.then(|| Letter { weight: Weight::Hard, ..with_example(tokens, inner) });
    }
    plain(tokens, at).map(|l| with_example(tokens, l))
}

fn multiple(word: &str) -> Option<usize> {
    match word {
        "double" | "doppel" => Some(2),
        "triple" | "treble" => Some(3),
        _ => None,
    }
}

fn repeated(tokens: &[Token], at: usize, times: usize) -> Option<Letter> {
    let mut then = at + 1;
    if tokens.get(then).is_some_and(|t| t.is_mark('-')) {
        then += 1;
    }
    let inner = plain(tokens, then)?;
    if times == 2 && inner.text == "u" {
        return Some(Letter { text: "w".into(), ..inner })
            .map(|l| Letter { weight: Weight::Hard, ..l });
    }
    if inner.weight == Weight::Digit || inner.weight == Weight::Alphabet {
        return None;
    }
    let weight = if inner.weight == Weight::Soft { Weight::Soft } else { Weight::Hard };
    Some(Letter { text: inner.text.repeat(times), weight, next: inner.next })
}

fn plain(tokens: &[Token], at: usize) -> Option<Letter> {
    let t = tokens.get(at)?;
    let letter = |text: &str, weight| Letter { text: text.to_owned(), next: at + 1, weight };
    if t.kind == Kind::Number {
        return (t.text.len() == 1).then(|| letter(&t.text, Weight::Digit));
    }
    if t.kind == Kind::Mark {
        return None;
    }
    let mut chars = t.norm.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        let weight = if matches!(c, 'a' | 'i') && !t.is_capitalised() || c == 'i' {
            Weight::Article
        } else {
            Weight::Hard
        };
        return Some(letter(&t.norm, weight));
    }
    if t.norm == "x" && tokens.get(at + 2).is_some_and(|t| t.norm == "ray") {
        return Some(Letter { text: "x".into(), next: at + 3, weight: Weight::Alphabet });
    }
    if let Some(l) = lookup(NAMES, &t.norm) {
        return Some(letter(l, Weight::Hard));
    }
    if let Some(l) = lookup(HOMOPHONES, &t.norm).filter(|_| !t.is(&["and", "yes", "if", "end"])) {
        return Some(letter(l, Weight::Soft));
    }
    if ALPHABET.contains(&t.norm.as_str()) {
        return Some(letter(&t.norm[..1], Weight::Alphabet));
    }
    let digit = DIGITS.iter().position(|d| *d == t.norm)?;
    Some(letter(&digit.to_string(), Weight::Digit))
}

/// "m as in mary", "b for bravo", "t like tango": the example word goes with the letter.
fn with_example(tokens: &[Token], letter: Letter) -> Letter {
    let mut at = letter.next;
    if tokens.get(at).is_some_and(|t| t.is_mark(',')) {
        at += 1;
    }
    let norm = |i: usize| tokens.get(i).map_or("", |t| t.norm.as_str());
    let word = match (norm(at), norm(at + 1)) {
        ("as" | "like" | "is", "in" | "for") => at + 2,
        ("for" | "like" | "wie", _) => at + 1,
        _ => return letter,
    };
    let Some(example) = tokens.get(word).filter(|t| t.kind == Kind::Word) else { return letter };
    let initial = example.norm.chars().next().map(String::from).unwrap_or_default();
    let same = super::fold(&initial) == letter.text;
    let loose = norm(at) == "as" && letter.weight == Weight::Hard;
    let long = example.norm.chars().count() > 2;
    if !long || !(same || loose) || letter.weight == Weight::Digit {
        return letter;
    }
    Letter { text: letter.text, next: word + 1, weight: Weight::Hard }
}
