use super::lex::{Item, Part};
use super::words::{is_article, is_common, is_cue, is_role};
use crate::normalize::spelling::repair;

/// What was said before the at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Local {
    pub(super) text: String,
    /// Its first item.
    pub(super) first: usize,
    /// Held together by a dot, dash or underscore, or spelled.
    pub(super) tied: bool,
    /// An article or the like stands before it: perhaps no mailbox at all.
    pub(super) doubtful: bool,
}

const MOST_WORDS: usize = 4;
const LONGEST: usize = 64;

struct Walk<'a> {
    items: &'a [Item],
    /// Pieces from right to left.
    pieces: Vec<String>,
    /// Next item to look at, plus one.
    left: usize,
    tied: bool,
    must: bool,
    words: usize,
    unknown: bool,
}

/// The local part that ends before the at at an item, read from right to left.
pub(super) fn local_before(items: &[Item], at: usize, cued: bool) -> Option<Local> {
    let mut walk = Walk {
        items,
        pieces: Vec::new(),
        left: skip_connectors(items, at),
        tied: false,
        must: false,
        words: 0,
        unknown: false,
    };
    let written = items[at].sure && items[at].glued && items[at].text == "@";
    if written {
        walk.glued();
    }
    let open = !written || walk.goes_on(cued);
    while open && walk.step() {}
    walk.finish()
}

fn skip_connectors(items: &[Item], at: usize) -> usize {
    let mut left = at;
    while left > 0 {
        let item = &items[left - 1];
        let word = items[at].sure
            && item.part == Part::Word
            && matches!(item.text.as_str(), "then" | "the" | "and" | "an" | "a")
            && !items[at].glued;
        let opening = item.part == Part::Stop && left == 2;
        let again = items[at].sure && item.part == Part::At && !item.sure && left + 2 >= at;
        if !(word || opening || again || item.part == Part::Comma) {
            break;
        }
        left -= 1;
    }
    left
}

fn joiner(part: Part) -> Option<char> {
    Some(match part {
        Part::Dot => '.',
        Part::Dash => '-',
        Part::Underscore => '_',
        Part::Plus => '+',
        _ => return None,
    })
}

impl Walk<'_> {
    /// Everything written without white space before the "@".
    fn glued(&mut self) {
        while let Some(item) = self.left.checked_sub(1).and_then(|i| self.items.get(i)) {
            match (joiner(item.part), item.part) {
                (Some(c), _) => self.pieces.push(c.to_string()),
                (None, Part::Word | Part::Digits | Part::Letters | Part::MaybeAt) => {
                    self.pieces.push(item.text.clone());
                }
                _ => break,
            }
            self.tied |= self.pieces.len() > 1;
            self.left -= 1;
            if !item.glued {
                break;
            }
        }
    }

    /// Whether talk before a written part belongs to it: "jane dot doe@acme.io".
    fn goes_on(&mut self, cued: bool) -> bool {
        let before = |back: usize| self.left.checked_sub(back).and_then(|i| self.items.get(i));
        let Some(item) = before(1) else { return false };
        let small = |i: &Item| i.part == Part::Word && !i.capital && !is_common(&i.text);
        let cue = before(2).is_some_and(|i| {
            matches!(i.text.as_str(), "is" | "it's" | "its" | "that's" | "to" | "at")
        });
        let dot = joiner(item.part).is_some() && item.sure;
        let initial =
            item.part == Part::Word && item.text.len() == 1 && !item.text.contains(['a', 'i']);
        let same = self.pieces.last().is_some_and(|p| *p == item.text);
        dot || initial || item.part == Part::Letters || cued && cue && small(item) && !same
    }

    fn step(&mut self) -> bool {
        let Some(at) = self.left.checked_sub(1) else { return false };
        let item = &self.items[at];
        if let Some(c) = joiner(item.part) {
            if self.pieces.is_empty() {
                return false;
            }
            self.pieces.push(c.to_string());
            (self.tied, self.must, self.left) = (true, true, at);
            return true;
        }
        match item.part {
            Part::Word | Part::MaybeAt => self.word(at),
            Part::Letters => self.letters(at),
            Part::Digits => self.digits(at),
            Part::Unknown => {
                self.unknown = true;
                self.take(at, "x".into())
            }
            Part::Comma => self.comma(at),
            Part::Stop => self.initial_stop(at),
            _ => false,
        }
    }

    fn take(&mut self, at: usize, text: String) -> bool {
        self.words += usize::from(!self.must);
        if self.words > MOST_WORDS {
            return false;
        }
        self.pieces.push(text);
        self.must = false;
        self.left = at;
        true
    }

    fn word(&mut self, at: usize) -> bool {
        let item = &self.items[at];
        let text = item.text.as_str();
        let after_joiner = at.checked_sub(2).is_some_and(|i| {
            joiner(self.items[i + 1].part).is_some() && self.items[i].part != Part::Stop
        });
        if self.must || item.sure || after_joiner && self.pieces.is_empty() {
            return self.take(at, super::fold_name(&item.said_or_text(), false));
        }
        if text == "then" && at > 0 && self.short_before(at - 1) {
            self.left = at;
            return true;
        }
        let figures = |p: &String| p.chars().all(|c| c.is_ascii_digit());
        let role = is_role(text) && self.pieces.iter().all(figures);
        let article = matches!(text, "a" | "i");
        if article {
            return self.leading(at) && self.take(at, text.to_owned());
        }
        if text.len() == 1 || role || !is_common(text) && item.part == Part::Word {
            let text = super::fold_name(&item.said_or_text(), false);
            return self.take(at, text);
        }
        false
    }

    /// "a brennan": a letter, when the address begins there.
    fn leading(&self, at: usize) -> bool {
        if self.pieces.is_empty() {
            return false;
        }
        let Some(before) = at.checked_sub(1).and_then(|i| self.items.get(i)) else { return true };
        before.part != Part::Word
            || before.text.len() == 1
            || matches!(
                before.text.as_str(),
                "is" | "it's" | "its" | "email" | "mail" | "yes" | "sure"
            )
    }

    fn short_before(&self, mut at: usize) -> bool {
        if self.items[at].part == Part::Comma && at > 0 {
            at -= 1;
        }
        let item = &self.items[at];
        item.part == Part::Letters || item.part == Part::Word && (item.text.len() == 1 || item.sure)
    }

    /// Spelled letters; the word they spell, said before them, is dropped.
    fn letters(&mut self, at: usize) -> bool {
        let letters = self.items[at].text.clone();
        self.tied = true;
        let mut i = at;
        while i > 0 && at - i < 4 && self.is_bridge(i - 1) {
            i -= 1;
        }
        let bridged = i < at;
        let word = |i: usize| self.items.get(i).filter(|t| t.part == Part::Word);
        let one = i.checked_sub(1).and_then(word);
        let two =
            i.checked_sub(2).and_then(word).zip(one).map(|(a, b)| format!("{}{}", a.text, b.text));
        let alike = one.is_some_and(|w| w.text.len() > 1 && repair(&w.text, &letters).is_some());
        if two.is_some_and(|t| t == letters) {
            self.take(i - 2, letters);
            return false;
        }
        if alike {
            self.take(i - 1, letters);
            return self.left.checked_sub(1).is_some_and(|b| joiner(self.items[b].part).is_some());
        }
        self.take(at, letters) && !bridged
    }

    fn is_bridge(&self, at: usize) -> bool {
        let item = &self.items[at];
        item.part == Part::Comma
            || item.part == Part::Stop
            || item.part == Part::Word
                && matches!(
                    item.text.as_str(),
                    "that's"
                        | "thats"
                        | "so"
                        | "spelled"
                        | "spelt"
                        | "it's"
                        | "its"
                        | "is"
                        | "that"
                )
    }

    fn digits(&mut self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|i| self.items.get(i));
        let article = before.is_some_and(|i| {
            i.part == Part::Word
                && matches!(
                    i.text.as_str(),
                    "the" | "this" | "that" | "which" | "another" | "no" | "of"
                )
        });
        !article && self.take(at, self.items[at].text.clone())
    }

    fn comma(&mut self, at: usize) -> bool {
        let spelled = at > 0 && self.short_before(at - 1);
        if self.must || spelled && !self.pieces.is_empty() {
            self.left = at;
            return true;
        }
        false
    }

    /// "J. Verhoeven": the stop after an initial is a dot.
    fn initial_stop(&mut self, at: usize) -> bool {
        let initial = at.checked_sub(1).and_then(|i| self.items.get(i));
        let single = initial.is_some_and(|i| i.part == Part::Word && i.text.len() == 1);
        if self.must || single && !self.pieces.is_empty() {
            if !self.must {
                self.pieces.push(".".into());
            }
            (self.must, self.left, self.tied) = (true, at, true);
            return true;
        }
        false
    }

    fn finish(self) -> Option<Local> {
        let text: String = self.pieces.iter().rev().map(String::as_str).collect();
        let text = text.trim_matches(['.', '-', '+']).to_owned();
        let fine = |c: char| c.is_ascii_alphanumeric() || "._-+".contains(c);
        let lettered = text.chars().any(char::is_alphabetic) || text.len() >= 3;
        let valid = text.chars().all(fine) && !text.contains("..") && text.len() <= LONGEST;
        if text.is_empty() || self.unknown || !lettered || !valid {
            return None;
        }
        let before = self.left.checked_sub(1).and_then(|i| self.items.get(i));
        let doubtful =
            before.is_some_and(|i| i.part == Part::Word && is_article(&i.text) && !is_cue(&i.text));
        Some(Local { text, first: self.left, tied: self.tied, doubtful })
    }
}

impl Item {
    fn said_or_text(&self) -> String {
        if self.sure || self.part != Part::Word { self.text.clone() } else { self.said.clone() }
    }
}
