//! A recogniser's tokens, joined to words.

use crate::HeardWord;

/// A piece of text with the time at which it was said; a piece need not be whole UTF-8.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TimedToken {
    /// As the vocabulary has it, with its leading space.
    pub(crate) bytes: Vec<u8>,
    /// Start in milliseconds from the first sample.
    pub(crate) start_ms: u32,
    /// Its end.
    pub(crate) end_ms: u32,
    /// 0 to 1.
    pub(crate) probability: f32,
}

/// Joins tokens to words: at spaces, and token by token in scripts that have none. Punctuation goes
/// with its word. Starts never fall, a word ends before the next begins.
pub(crate) fn words(tokens: &[TimedToken]) -> Vec<HeardWord> {
    let letters = letters(tokens);
    let groups = attach_punctuation(split(&letters));
    let mut words: Vec<HeardWord> = groups.iter().map(|group| word(group, tokens)).collect();
    order_times(&mut words);
    words
}

/// A character and the tokens of its first and last byte.
#[derive(Debug, Clone, Copy)]
struct Letter {
    char: char,
    first: usize,
    last: usize,
}

#[derive(Debug)]
struct Group {
    letters: Vec<Letter>,
    spaced: bool,
}

impl Group {
    fn is_punctuation(&self) -> bool {
        self.letters.iter().all(|letter| is_punctuation(letter.char))
    }

    fn opens(&self) -> bool {
        self.letters.iter().all(|letter| is_opening(letter.char))
    }
}

fn letters(tokens: &[TimedToken]) -> Vec<Letter> {
    let bytes: Vec<u8> = tokens.iter().flat_map(|token| token.bytes.iter().copied()).collect();
    let owners: Vec<usize> = tokens
        .iter()
        .enumerate()
        .flat_map(|(i, token)| token.bytes.iter().map(move |_| i))
        .collect();
    let owner = |at: usize| owners.get(at).copied().unwrap_or_default();
    let mut letters = Vec::new();
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            let next = at + char.len_utf8();
            letters.push(Letter { char, first: owner(at), last: owner(next - 1) });
            at = next;
        }
        let invalid = chunk.invalid().len();
        if invalid > 0 {
            let char = char::REPLACEMENT_CHARACTER;
            letters.push(Letter { char, first: owner(at), last: owner(at + invalid - 1) });
            at += invalid;
        }
    }
    letters
}

fn split(letters: &[Letter]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut spaced = false;
    let mut open = false;
    for letter in letters {
        if letter.char.is_whitespace() {
            (spaced, open) = (true, false);
            continue;
        }
        if letter.char.is_control() {
            continue;
        }
        match groups.last_mut().filter(|group| open && !breaks(&group.letters, *letter)) {
            Some(group) => group.letters.push(*letter),
            None => groups.push(Group { letters: vec![*letter], spaced }),
        }
        (spaced, open) = (false, true);
    }
    groups
}

/// Whether a word begins at `next` though no space stands there.
fn breaks(group: &[Letter], next: Letter) -> bool {
    let Some(last) = group.last() else { return false };
    if is_punctuation(next.char) && !is_opening(next.char) || is_mark(next.char) {
        return false;
    }
    let base = group.iter().rev().find(|letter| !is_punctuation(letter.char));
    let unspaced_before = base.is_some_and(|letter| is_unspaced(letter.char));
    if is_opening(next.char) {
        return unspaced_before;
    }
    if is_punctuation(last.char) && is_opening(last.char) {
        return false;
    }
    let unspaced_here = is_unspaced(next.char);
    base.is_some() && (unspaced_before || unspaced_here) && next.first != last.last
}

/// A group that is nothing but punctuation goes to the word before, or to the next one if it opens
/// or none is before.
fn attach_punctuation(groups: Vec<Group>) -> Vec<Group> {
    let mut joined: Vec<Group> = Vec::with_capacity(groups.len());
    let mut waiting: Option<Group> = None;
    for mut group in groups {
        if let Some(mut before) = waiting.take() {
            before.letters.append(&mut group.letters);
            group = before;
        }
        if !group.is_punctuation() {
            joined.push(group);
            continue;
        }
        match joined.last_mut().filter(|_| !group.opens()) {
            Some(last) => last.letters.append(&mut group.letters),
            None => waiting = Some(group),
        }
    }
    match (joined.last_mut(), waiting) {
        (Some(last), Some(mut rest)) => last.letters.append(&mut rest.letters),
        (None, Some(rest)) => joined.push(rest),
        (_, None) => {}
    }
    joined
}

fn word(group: &Group, tokens: &[TimedToken]) -> HeardWord {
    let said: Vec<Letter> =
        group.letters.iter().copied().filter(|letter| !is_punctuation(letter.char)).collect();
    let counted = if said.is_empty() { &group.letters } else { &said };
    let used = || {
        let range = counted.iter().flat_map(|letter| [letter.first, letter.last]);
        range.filter_map(|token| tokens.get(token))
    };
    let probability = used()
        .map(|token| token.probability)
        .fold(1.0, |least: f32, p| if p.is_nan() { 0.0 } else { least.min(p) });
    let start_ms = used().map(|token| token.start_ms).min().unwrap_or_default();
    let end_ms = used().map(|token| token.end_ms).max().unwrap_or_default();
    HeardWord {
        text: group.letters.iter().map(|letter| letter.char).collect(),
        spaced: group.spaced,
        start_ms,
        end_ms: end_ms.max(start_ms),
        probability: probability.clamp(0.0, 1.0),
    }
}

/// Makes starts not fall and ends not reach into the next word.
pub(crate) fn order_times(words: &mut [HeardWord]) {
    let mut least = 0;
    for word in words.iter_mut() {
        word.start_ms = word.start_ms.max(least);
        word.end_ms = word.end_ms.max(word.start_ms);
        least = word.start_ms;
    }
    let mut next = u32::MAX;
    for word in words.iter_mut().rev() {
        word.end_ms = word.end_ms.min(next);
        next = word.start_ms;
    }
}

/// Marks that say nothing by themselves; not signs that are read aloud.
pub(crate) fn is_punctuation(char: char) -> bool {
    let spoken = "&%$€£¥+@#=<>°№§©®™♪♫♬\u{FFFD}";
    !char.is_alphanumeric()
        && !is_mark(char)
        && !spoken.contains(char)
        && !matches!(char, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}')
}

fn is_opening(char: char) -> bool {
    "([{¿¡“‘„«「『（［｛《〈【〔".contains(char)
}

/// Written without spaces between words: Thai, Lao, Burmese, Khmer, Chinese, Japanese.
pub(crate) fn is_unspaced(char: char) -> bool {
    matches!(u32::from(char),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3005..=0x3007 | 0x3040..=0x30FF
        | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFF66..=0xFF9F
        | 0x20000..=0x3FFFF)
}

/// Signs that hang on the letter before them.
fn is_mark(char: char) -> bool {
    matches!(u32::from(char),
        0x0300..=0x036F | 0x0E31 | 0x0E33..=0x0E3A | 0x0E45..=0x0E4E | 0x0EB1 | 0x0EB3..=0x0EBC
        | 0x0EC8..=0x0ECE | 0x102B..=0x103E | 0x17B4..=0x17D3 | 0x200C..=0x200D | 0x3099..=0x309C
        | 0x30FC | 0xFE00..=0xFE0F | 0xFF9E..=0xFF9F | 0x1F3FB..=0x1F3FF)
}

#[cfg(test)]
mod tests;
