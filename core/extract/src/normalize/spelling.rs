//! Names spelled letter by letter, and what a recogniser makes of the letters.

mod letters;
mod repair;
#[cfg(test)]
mod tests;

pub(crate) use letters::{Letter, is_filler, letter_at};
pub use repair::repair;
pub(crate) use repair::{closest_part, fold};

use crate::text::{Token, tokenize};
use letters::Weight;

/// A run of spelled letters.
#[derive(Debug, Clone, PartialEq)]
pub struct Spelled {
    /// First character, in Unicode scalar values.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// The letters in lower case, digits kept.
    pub letters: String,
}

/// Every run of three or more spelled letters: "S, C, O", "k-u-l-k", "m as in mary", "double l",
/// alphabet words, and letter names as a recogniser writes them ("em", "are") among letters.
#[must_use]
pub fn find(text: &str) -> Vec<Spelled> {
    runs(&tokenize(text))
        .into_iter()
        .map(|run| Spelled { start: run.start, end: run.end, letters: run.letters })
        .collect()
}

/// A run of letters with its place in the token list.
pub(crate) struct Run {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) first: usize,
    pub(crate) next: usize,
    pub(crate) letters: String,
}

struct Piece {
    letter: Letter,
    at: usize,
}

pub(crate) fn runs(tokens: &[Token]) -> Vec<Run> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let pieces = collect(tokens, at);
        let Some(last) = pieces.last() else {
            at += 1;
            continue;
        };
        at = last.letter.next;
        found.extend(accept(tokens, &pieces));
    }
    found
}

fn collect(tokens: &[Token], from: usize) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = from;
    while let Some(letter) = letter_at(tokens, at) {
        if pieces.is_empty() && letter.weight == Weight::Digit || named_letter(tokens, at) {
            break;
        }
        let next = letter.next;
        pieces.push(Piece { letter, at });
        at = separators(tokens, next);
    }
    pieces
}

/// The next letter's place, past marks and fillers between letters; where none follows, no matter.
fn separators(tokens: &[Token], mut at: usize) -> usize {
    let from = at;
    while let Some(t) = tokens.get(at).filter(|_| at < from + 4) {
        let mark = t.is(&["-", ",", ".", "…", "–", "—"]);
        let connector = t.is(&["and", "then"]) && single(tokens, from.wrapping_sub(1));
        if !(mark || is_filler(t) || connector && next_is_single(tokens, at + 1)) {
            break;
        }
        at += 1;
    }
    at
}

fn single(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| {
        t.norm.chars().count() == 1 && t.norm.chars().all(|c| c.is_alphabetic() && c != 'i')
    })
}

fn next_is_single(tokens: &[Token], at: usize) -> bool {
    let at = at + usize::from(tokens.get(at).is_some_and(|t| t.is(&["then"])));
    single(tokens, at) && tokens.get(at).is_some_and(|t| !t.is(&["a"]))
}

/// "with a k", "not a c": a letter that is talked about, not part of a run.
fn named_letter(tokens: &[Token], at: usize) -> bool {
    let word = |back: usize, words: &[&str]| {
        at.checked_sub(back).and_then(|i| tokens.get(i)).is_some_and(|t| t.is(words))
    };
    let lead = ["with", "not", "without", "only", "of"];
    let article = tokens.get(at).is_some_and(|t| t.is(&["a", "an"]));
    article && word(1, &lead) || word(1, &["a", "an"]) && word(2, &lead)
}

fn accept(tokens: &[Token], pieces: &[Piece]) -> Option<Run> {
    let (from, to) = trimmed(tokens, pieces);
    let kept = pieces.get(from..to)?;
    let (first, last) = (kept.first()?, kept.last()?);
    let count = |w: Weight| kept.iter().filter(|p| p.letter.weight == w).count();
    let letters: String = kept.iter().map(|p| p.letter.text.as_str()).collect();
    let hard = count(Weight::Hard) + count(Weight::Alphabet);
    let soft = count(Weight::Soft);
    let enough = letters.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    let sure = hard >= 2 && soft <= hard && (count(Weight::Hard) > 0 || hard >= 3);
    let short_talk = kept.len() < 2;
    (enough && sure && !short_talk).then(|| Run {
        start: tokens[first.at].start,
        end: tokens[last.letter.next - 1].end,
        first: first.at,
        next: last.letter.next,
        letters,
    })
}

const ACRONYMS: &[&str] = &[
    "ceo", "cto", "cfo", "cio", "coo", "cmo", "cro", "ciso", "evp", "svp", "avp", "crm", "erp",
    "wms", "tms", "mes", "plc", "api", "sap", "ibm", "poc", "rfp", "rfq", "rfi", "nda", "sla",
    "kpi", "pdf", "usb", "gps", "hr", "it", "pr",
];
const AFTER_I: &[&str] = &[
    "think", "am", "would", "will", "can", "have", "do", "don't", "said", "mean", "guess", "was",
    "know", "got", "just", "need", "want", "believe", "hope", "could", "should", "had", "say",
];
const AFTER_A: &[&str] = &[
    "at",
    "dot",
    "dash",
    "underscore",
    "and",
    "with",
    "then",
    "yes",
    "so",
    "that's",
    "for",
    "ok",
    "okay",
    "right",
    "that",
    "is",
    "it's",
    "capital",
    "my",
    "like",
    "thanks",
    "but",
    "point",
];

/// Drops articles, pronouns and everyday words at the ends of a run.
fn trimmed(tokens: &[Token], pieces: &[Piece]) -> (usize, usize) {
    let (mut from, mut to) = (0, pieces.len());
    while from < to && leading_word(tokens, pieces, from, to) {
        from += 1;
    }
    while from < to && trailing_word(tokens, &pieces[from..to]) {
        to -= 1;
    }
    (from, to)
}

fn leading_word(tokens: &[Token], pieces: &[Piece], from: usize, to: usize) -> bool {
    let piece = &pieces[from];
    match piece.letter.weight {
        Weight::Soft => true,
        Weight::Article => {
            let rest: String =
                pieces[from + 1..to].iter().map(|p| p.letter.text.as_str()).collect();
            let before = piece.at.checked_sub(1).and_then(|i| tokens.get(i));
            ACRONYMS.contains(&rest.as_str())
                || before.is_some_and(|t| {
                    t.is(&["i'm", "am", "as", "have", "need", "got", "for", "not", "need", "want"])
                })
        }
        _ => false,
    }
}

fn trailing_word(tokens: &[Token], pieces: &[Piece]) -> bool {
    let Some(piece) = pieces.last() else { return false };
    let after = tokens.get(piece.letter.next);
    let ends = after.is_none_or(|t| !t.norm.chars().all(char::is_alphanumeric));
    match piece.letter.weight {
        Weight::Soft => {
            let before = pieces.len().checked_sub(2).map(|i| pieces[i].letter.weight);
            let lone = before.is_none_or(|w| w != Weight::Soft);
            !(lone && (ends || after.is_some_and(|t| t.is(&["at", "dot"]))))
        }
        Weight::Article if piece.letter.text == "i" => after.is_some_and(|t| t.is(AFTER_I)),
        Weight::Article => !ends && !after.is_some_and(|t| t.is(AFTER_A)),
        _ => false,
    }
}
