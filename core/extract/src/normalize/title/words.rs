//! From tokens to the words the title and authority grammars read: fillers and stutters
//! dropped, spelled acronyms joined, recogniser spellings mended.

use crate::text::{Kind, Token, tokenize};

/// A word as the grammars see it; `start..end` count Unicode scalar values of the segment.
#[derive(Debug, Clone)]
pub(in crate::normalize) struct Word {
    /// Lower case, mended.
    pub(in crate::normalize) norm: String,
    /// As it stands, or mended; acronyms in capitals.
    pub(in crate::normalize) text: String,
    pub(in crate::normalize) start: usize,
    pub(in crate::normalize) end: usize,
    /// The first word of a sentence.
    pub(in crate::normalize) sentence: bool,
    /// A comma, colon, bracket or free-standing dash comes before it.
    pub(in crate::normalize) comma: bool,
    /// Its sentence ends with a question mark.
    pub(in crate::normalize) question: bool,
}

/// Whether a space-separated list has a word.
pub(in crate::normalize) fn listed(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|w| w == word)
}

impl Word {
    pub(in crate::normalize) fn is(&self, words: &[&str]) -> bool {
        words.contains(&self.norm.as_str())
    }

    /// Whether it is one of the words of a space-separated list.
    pub(in crate::normalize) fn among(&self, list: &str) -> bool {
        listed(list, &self.norm)
    }

    pub(in crate::normalize) fn breaks(&self) -> bool {
        self.sentence || self.comma
    }

    pub(in crate::normalize) fn capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

const FILLERS: &str = "uh um er erm uhm hmm hm ah mm ehm äh";
const ABBREVIATED: &str = "sr jr asst mgr dr mr mrs ms eng dir dept st st v exec supt assoc admin mktg \
    ops acct engr prof no";

/// The words of one segment, without fillers and immediate repeats.
pub(in crate::normalize) fn base(text: &str) -> Vec<Word> {
    let tokens = tokenize(text);
    let mut words: Vec<Word> = Vec::with_capacity(tokens.len());
    let (mut sentence, mut comma, mut sentence_from) = (true, false, 0);
    for (i, t) in tokens.iter().enumerate() {
        if t.kind == Kind::Mark && !t.is(&["&", "/", "%", "€", "$", "£"]) {
            if t.ends_sentence() && !dotted(&tokens, i) {
                if t.is_mark('?') {
                    words[sentence_from..].iter_mut().for_each(|w| w.question = true);
                }
                sentence = true;
                sentence_from = words.len();
            } else {
                comma |= !(t.glued && tokens.get(i + 1).is_some_and(|n| n.glued) || t.is_mark('.'));
            }
            continue;
        }
        if listed(FILLERS, &t.norm) {
            continue;
        }
        let stutter = t.kind == Kind::Word
            && !sentence
            && t.norm.len() > 1
            && t.norm != "oh"
            && words.last().is_some_and(|w| w.norm == t.norm);
        if !stutter {
            words.push(word(t, sentence, comma));
        } else if let Some(last) = words.last_mut() {
            last.end = t.end;
        }
        (sentence, comma) = (false, false);
    }
    words
}

fn word(t: &Token, sentence: bool, comma: bool) -> Word {
    let norm = if t.is_mark('&') { "and".to_owned() } else { t.norm.clone() };
    Word {
        norm,
        text: t.text.clone(),
        start: t.start,
        end: t.end,
        sentence,
        comma,
        question: false,
    }
}

/// A full stop inside or at the end of an acronym, or after a short form.
fn dotted(tokens: &[Token], at: usize) -> bool {
    let letter = |t: &Token| t.kind == Kind::Word && t.text.chars().count() == 1;
    let Some(before) = at.checked_sub(1).and_then(|i| tokens.get(i)) else { return false };
    let next = tokens.get(at + 1);
    if !tokens[at].is_mark('.') || !tokens[at].glued {
        return false;
    }
    let run = letter(before)
        && (next.is_some_and(|n| n.glued && letter(n))
            || at >= 3 && tokens[at - 2].is_mark('.') && letter(&tokens[at - 3]));
    let short = listed(ABBREVIATED, &before.norm)
        && next.is_some_and(|n| n.kind == Kind::Word && !n.is(&["i", "no", "yes", "we", "the"]))
        && !before.is(&["ops", "admin", "no", "exec"]);
    run && next.is_some_and(|n| !n.is_capitalised() || n.glued || before.glued) || short
}

/// Acronyms that are said letter by letter.
const SPELLED: &str = "ceo cfo coo cto cio ciso cmo cro cpo chro cdo cso cco cno cao clo vp svp evp \
    avp md gm pm hr it ict qa qc ehs hse qhse hseq she pr ux ui ai bi pa ea ot rd \
    erp crm sre dba cnc hvac icu";
const LETTER_NAMES: &[(&str, char)] = &[
    ("see", 'c'),
    ("sea", 'c'),
    ("cee", 'c'),
    ("tee", 't'),
    ("tea", 't'),
    ("oh", 'o'),
    ("owe", 'o'),
    ("ee", 'e'),
    ("eff", 'f'),
    ("ef", 'f'),
    ("eye", 'i'),
    ("aye", 'i'),
    ("em", 'm'),
    ("are", 'r'),
    ("vee", 'v'),
    ("we", 'v'),
    ("pee", 'p'),
    ("pea", 'p'),
    ("ess", 's'),
    ("dee", 'd'),
    ("aitch", 'h'),
    ("gee", 'g'),
    ("ay", 'a'),
    ("queue", 'q'),
    ("cue", 'q'),
];

fn letter(word: &Word) -> Option<char> {
    let mut chars = word.norm.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii_alphabetic() => Some(c),
        _ => LETTER_NAMES.iter().find(|(n, _)| *n == word.norm).map(|l| l.1),
    }
}

/// Joins "c t o", "C.T.O.", "see tee oh", "r and d" to one word each.
pub(super) fn join_acronyms(words: Vec<Word>) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let (len, name) = acronym_at(&words, at, out.last()).unwrap_or((1, String::new()));
        let mut w = words[at].clone();
        if len > 1 {
            w.end = words[at + len - 1].end;
            w.text = name.to_uppercase();
            w.norm = name;
        }
        out.push(w);
        at += len;
    }
    out
}

fn acronym_at(words: &[Word], at: usize, before: Option<&Word>) -> Option<(usize, String)> {
    let w = |i: usize| words.get(at + i).filter(|w| !w.breaks());
    if words[at].norm.len() == 1
        && w(1).is_some_and(|w| w.text == "&")
        && w(2).is_some_and(|w| w.norm.len() == 1)
    {
        return Some((3, format!("{}&{}", words[at].norm, words[at + 2].norm)));
    }
    let and = w(1).is_some_and(|w| w.is(&["and", "n", "an"]));
    if words[at].is(&["r", "are"]) && and && w(2).is_some_and(|w| w.is(&["d", "dee"])) {
        return Some((3, "r&d".into()));
    }
    let mut run = String::new();
    run.push(letter(&words[at])?);
    run.extend((1..5).map_while(|i| w(i).and_then(letter)));
    let article = before.is_some_and(|b| b.is(&["an", "the", "our"]));
    if words[at].norm == "a" && !article {
        return None;
    }
    let best = (2..=run.len()).rev().find(|n| listed(SPELLED, &run[..*n]))?;
    let plain = (0..best).all(|i| words[at + i].norm.len() == 1);
    let rare = |w: &Word| w.norm.len() == 1 || w.among("vee pee eye tee aitch em dee gee ess");
    let clock = &run[..best] == "pm"
        && before.is_some_and(|b| {
            b.norm.ends_with(|c: char| c.is_ascii_digit()) || listed(HOURS, &b.norm)
        });
    let odd = best == 2 && !plain && !(rare(&words[at]) && rare(&words[at + 1]));
    let said = words[at].is(&["she", "we"]) && !plain || clock || odd;
    (!said).then(|| (best, run[..best].to_owned()))
}

const HOURS: &str = "one two three four five six seven eight nine ten eleven twelve thirty fifteen \
    forty";

/// Mends the spellings of the table; the words it makes share the span of what was heard.
pub(super) fn mend(words: &[Word]) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let hit =
            super::lexicon::longest(words, at, 3, |key| super::lexicon::mended().get(key).copied());
        let Some((len, meant)) = hit else {
            out.push(words[at].clone());
            at += 1;
            continue;
        };
        let (start, end) = (words[at].start, words[at + len - 1].end);
        for (i, part) in meant.split(' ').enumerate() {
            let own = words.get(at + i).filter(|_| meant.split(' ').count() == len);
            out.push(Word {
                norm: part.to_owned(),
                text: part.to_owned(),
                start: own.map_or(start, |w| w.start),
                end: own.map_or(end, |w| w.end),
                sentence: words[at].sentence && i == 0,
                comma: words[at].comma && i == 0,
                question: words[at].question,
            });
        }
        at += len;
    }
    out
}
