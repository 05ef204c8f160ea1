use super::lex::{Item, Part};
use super::tld::{follows, is_tld, misheard, provider};
use super::words::{ends_domain, is_common};
use crate::normalize::spelling::repair;

/// What was said after the at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Domain {
    pub(super) text: String,
    /// Item after it.
    pub(super) next: usize,
    /// Whether it ends in a top-level domain.
    pub(super) complete: bool,
    /// Whether something in it was guessed.
    pub(super) guessed: bool,
}

const MOST_WORDS: usize = 6;
const LONGEST: usize = 120;

#[derive(Default)]
struct Reader {
    done: String,
    label: String,
    words: usize,
    best: Option<Domain>,
    guessed: bool,
}

/// The domain that starts at an item: words up to the dot are one label.
pub(super) fn domain_at(items: &[Item], from: usize) -> Option<Domain> {
    let mut reader = Reader::default();
    let mut at = from;
    let opens = |i: &Item| {
        matches!(i.part, Part::At | Part::Comma) || i.part == Part::Word && i.text == "then"
    };
    while items.get(at).is_some_and(opens) && at < from + 3 {
        at += 1;
    }
    while let Some(next) = reader.step(items, at) {
        at = next;
        if reader.done.len() + reader.label.len() > LONGEST {
            return None;
        }
    }
    if items.get(at).is_some_and(|i| i.part == Part::At && i.sure && i.glued) {
        return None;
    }
    reader.finish(at)
}

impl Reader {
    /// Takes one item (or more); `None` where the domain ends.
    fn step(&mut self, items: &[Item], at: usize) -> Option<usize> {
        let item = items.get(at)?;
        match item.part {
            Part::Dot => self.dot(items, at),
            Part::Stop => self.stop(items, at),
            Part::Comma => {
                let dot = items.get(at + 1).is_some_and(|i| i.part == Part::Dot && i.sure);
                self.respelled(items, at).or((dot && !self.label.is_empty()).then_some(at + 1))
            }
            _ if self.best_is_closed(items, at) => None,
            Part::Word | Part::MaybeAt => self.word(items, at),
            Part::Letters => {
                self.label = match repair(&self.label, &item.text) {
                    Some(_) => item.text.clone(),
                    None => format!("{}{}", self.label, item.text),
                };
                Some(at + 1)
            }
            Part::Digits => self.digits(items, at),
            Part::Dash if !self.label.is_empty() => {
                self.label.push('-');
                Some(at + 1)
            }
            Part::Plus if item.sure => self.push("plus", at),
            _ => None,
        }
    }

    /// After a top-level domain only a dot goes on.
    fn best_is_closed(&self, _: &[Item], _: usize) -> bool {
        self.best.is_some() && self.label.is_empty()
    }

    fn push(&mut self, text: &str, at: usize) -> Option<usize> {
        self.words += 1;
        self.label.push_str(text);
        (self.words <= MOST_WORDS).then_some(at + 1)
    }

    fn word(&mut self, items: &[Item], at: usize) -> Option<usize> {
        if let Some(next) = self.respelled(items, at) {
            return Some(next);
        }
        let text = &items[at].text;
        let written = items[at].glued && at > 0 && items[at - 1].part != Part::At;
        let brand = text == "i"
            && self.label.is_empty()
            && items.get(at + 1).is_some_and(|i| i.part == Part::Word && !is_common(&i.text));
        if ends_domain(text) && !written && !brand {
            return None;
        }
        let said = if items[at].sure { text } else { &items[at].said };
        let plain: String =
            umlauts(said, items, at).chars().filter(char::is_ascii_alphanumeric).collect();
        self.push(if plain.is_empty() { text } else { &plain }, at)
    }

    fn digits(&mut self, items: &[Item], at: usize) -> Option<usize> {
        let item = &items[at];
        let spoken = item.said.chars().all(char::is_alphabetic);
        let next = items.get(at + 1).map(|i| i.part);
        let beside = next == Some(Part::Digits)
            || at > 0 && items[at - 1].part == Part::Digits
            || next == Some(Part::Dot) && !self.label.is_empty();
        let text = if spoken && !beside && item.text.len() == 1 { &item.said } else { &item.text };
        self.push(&text.clone(), at)
    }

    /// "elmridge, that's e l m r i d g e": the letters replace the word.
    fn respelled(&mut self, items: &[Item], at: usize) -> Option<usize> {
        let mut i = at;
        while items.get(i).is_some_and(|t| {
            t.part == Part::Comma
                || t.part == Part::Word
                    && matches!(
                        t.text.as_str(),
                        "that's" | "thats" | "so" | "spelled" | "is" | "spelt" | "it's" | "its"
                    )
        }) && i < at + 4
        {
            i += 1;
        }
        let letters = items.get(i).filter(|t| i > at && t.part == Part::Letters)?;
        repair(&self.label, &letters.text)?;
        self.label.clone_from(&letters.text);
        Some(i + 1)
    }

    fn dot(&mut self, items: &[Item], at: usize) -> Option<usize> {
        self.close_label()?;
        if items.get(at + 1).is_some_and(|i| i.part == Part::Dot) {
            return Some(at + 1);
        }
        match tld_at(items, at + 1) {
            Some(found) => {
                self.take(items, found);
                self.best.as_ref().map(|b| b.next)
            }
            None => Some(at + 1),
        }
    }

    fn close_label(&mut self) -> Option<()> {
        if !self.label.is_empty() {
            let label = self.label.trim_matches('-').to_owned();
            self.done = if self.done.is_empty() { label } else { format!("{}.{label}", self.done) };
            self.label.clear();
            self.words = 0;
        }
        (!self.done.is_empty()).then_some(())
    }

    fn take(&mut self, items: &[Item], found: Tld) {
        self.done = format!("{}.{}", self.done, found.text);
        self.guessed |= found.guessed;
        let mut next = found.next;
        if let Some(country) = items.get(next).filter(|i| i.part == Part::Word) {
            if follows(&found.text, &country.text) {
                self.done = format!("{}.{}", self.done, country.text);
                next += 1;
            } else if let Some(two) = tld_at(items, next).filter(|t| follows(&found.text, &t.text))
            {
                self.done = format!("{}.{}", self.done, two.text);
                next = two.next;
            }
        }
        let guessed = self.guessed;
        self.best = Some(Domain { text: self.done.clone(), next, complete: true, guessed });
    }

    /// A full stop before white space: a dot when a top-level domain follows ("acme. com"),
    /// nothing after an abbreviation ("st. colmans"), else the end.
    fn stop(&mut self, items: &[Item], at: usize) -> Option<usize> {
        let next = items.get(at + 1)?;
        let small = !next.capital;
        if self.label.is_empty() {
            return None;
        }
        if small
            && tld_at(items, at + 1).is_some_and(|t| !t.guessed && items[at + 1].text.len() > 1)
        {
            return self.dot(items, at);
        }
        let dot_follows = next.part == Part::Dot;
        let short = small && self.label.len() <= 3 && next.part == Part::Word;
        (dot_follows || short).then_some(at + 1)
    }

    fn finish(mut self, at: usize) -> Option<Domain> {
        if let Some(best) = self.best {
            return Some(best).filter(|b| !b.text.starts_with("www."));
        }
        let alone = self.done.is_empty();
        self.close_label()?;
        if let Some(name) = provider(&self.done).filter(|_| alone) {
            let text = format!("{name}.com");
            return Some(Domain { text, next: at, complete: true, guessed: true });
        }
        Some(Domain { text: self.done, next: at, complete: false, guessed: true })
    }
}

/// German domains write "ü" as "ue"; elsewhere the dots go.
fn umlauts(said: &str, items: &[Item], at: usize) -> String {
    let german = items[at..]
        .iter()
        .take(8)
        .skip_while(|i| i.part != Part::Dot)
        .nth(1)
        .is_some_and(|i| matches!(i.text.as_str(), "de" | "at" | "ch" | "d"));
    super::fold_name(said, german)
}

pub(super) struct Tld {
    pub(super) text: String,
    pub(super) next: usize,
    pub(super) guessed: bool,
}

/// The top-level domain that starts at an item: a word, spelled letters, or a misheard word.
pub(super) fn tld_at(items: &[Item], at: usize) -> Option<Tld> {
    let item = items.get(at)?;
    let whole =
        matches!(item.part, Part::Word | Part::MaybeAt | Part::At | Part::Letters | Part::Plus);
    let letter_name = item.text == "ee" && items.get(at + 1).is_some_and(|i| i.letter.is_some());
    if whole && is_tld(&item.text) && !(letter_name && spelled_tld(items, at).is_some()) {
        let (text, next) = (item.text.clone(), at + 1);
        return Some(Tld { text, next, guessed: false });
    }
    if let Some(found) = spelled_tld(items, at) {
        return Some(found);
    }
    if item.part == Part::Letters {
        let heads = ["com", "org", "net", "gov", "edu"].into_iter();
        let head = heads.chain(item.text.get(..2)).find(|h| item.text.starts_with(h) && is_tld(h));
        return head.map(|h| Tld { text: h.to_owned(), next: at + 1, guessed: true });
    }
    let text = misheard(&item.text).filter(|_| whole)?;
    Some(Tld { text: text.to_owned(), next: at + 1, guessed: true })
}

/// "c o m", "dee ee", "eye oh": the longest run of letters that is a top-level domain.
fn spelled_tld(items: &[Item], at: usize) -> Option<Tld> {
    let mut letters = String::new();
    let mut found = None;
    let mut next = at;
    while let Some(item) = items.get(next).filter(|_| next < at + 8) {
        match (&item.letter, item.part) {
            (_, Part::Letters) => letters.push_str(&item.text),
            (Some(l), _) => letters.push_str(l),
            (None, Part::Comma | Part::Dash | Part::Stop) if next > at => {
                next += 1;
                continue;
            }
            _ => break,
        }
        next += 1;
        let longest = (2..=letters.len().min(4)).rev().filter_map(|n| letters.get(..n));
        let hit = longest.into_iter().find(|l| is_tld(l)).map(str::to_owned);
        if let Some(text) = hit.filter(|t| t.len() + 1 >= letters.len()) {
            found = Some(Tld { text, next, guessed: false });
        }
        if letters.len() > 4 {
            break;
        }
    }
    found
}
