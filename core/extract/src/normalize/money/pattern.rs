use std::collections::HashMap;

use crate::text::Token;

/// One element of a word pattern.
enum Part {
    Word(Vec<&'static str>),
    Maybe(Vec<&'static str>),
    Gap,
}

/// Word patterns with a tag each, found by their first word.
///
/// A pattern is words parted by blanks: `a|b` is either word, `?a|b` either or none, `*` up to
/// three words of one sentence.
pub(super) struct Patterns<T> {
    list: Vec<(Vec<Part>, T)>,
    by_first: HashMap<&'static str, Vec<usize>>,
}

/// A pattern found at tokens `start..end`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit<T> {
    pub(super) tag: T,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<T: Copy> Patterns<T> {
    pub(super) fn new(groups: &[(T, &[&'static str])]) -> Self {
        let mut all = Self { list: Vec::new(), by_first: HashMap::new() };
        for (tag, lines) in groups {
            for line in *lines {
                let parts: Vec<Part> = line.split(' ').map(part).collect();
                if let Some(Part::Word(firsts)) = parts.first() {
                    for first in firsts {
                        all.by_first.entry(*first).or_default().push(all.list.len());
                    }
                    all.list.push((parts, *tag));
                }
            }
        }
        all
    }

    /// The longest pattern that starts at a token; the first listed among equals.
    pub(super) fn at(&self, tokens: &[Token], start: usize) -> Option<Hit<T>> {
        let mut best: Option<Hit<T>> = None;
        for i in self.by_first.get(tokens.get(start)?.norm.as_str())? {
            let (parts, tag) = &self.list[*i];
            if let Some(end) = match_parts(parts, tokens, start)
                && best.as_ref().is_none_or(|b| b.end < end)
            {
                best = Some(Hit { tag: *tag, start, end });
            }
        }
        best
    }

    /// All hits in a stretch of tokens, longest first at each place, without overlap.
    pub(super) fn all(&self, tokens: &[Token], from: usize, to: usize) -> Vec<Hit<T>> {
        let (mut hits, mut at) = (Vec::new(), from);
        let seen = &tokens[..to.min(tokens.len())];
        while at < seen.len() {
            if let Some(hit) = self.at(seen, at) {
                at = hit.end.max(at + 1);
                hits.push(hit);
            } else {
                at += 1;
            }
        }
        hits
    }

    /// The longest hit at every token of a stretch.
    pub(super) fn overlapping(&self, tokens: &[Token], from: usize, to: usize) -> Vec<Hit<T>> {
        let seen = &tokens[..to.min(tokens.len())];
        (from..seen.len()).filter_map(|at| self.at(seen, at)).collect()
    }
}

fn part(word: &'static str) -> Part {
    if word == "*" {
        return Part::Gap;
    }
    match word.strip_prefix('?') {
        Some(rest) => Part::Maybe(rest.split('|').collect()),
        None => Part::Word(word.split('|').collect()),
    }
}

fn match_parts(parts: &[Part], tokens: &[Token], at: usize) -> Option<usize> {
    let Some((first, rest)) = parts.split_first() else { return Some(at) };
    match first {
        Part::Word(words) => {
            let hit = tokens.get(at).is_some_and(|t| words.contains(&t.norm.as_str()));
            if hit { match_parts(rest, tokens, at + 1) } else { None }
        }
        Part::Maybe(words) => {
            let hit = tokens.get(at).is_some_and(|t| words.contains(&t.norm.as_str()));
            let taken = if hit { match_parts(rest, tokens, at + 1) } else { None };
            taken.or_else(|| match_parts(rest, tokens, at))
        }
        Part::Gap => (0..=3).find_map(|n| {
            let skipped = tokens.get(at..at + n)?;
            if skipped.iter().any(Token::ends_sentence) {
                return None;
            }
            match_parts(rest, tokens, at + n)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tokenize;

    #[test]
    fn words_options_and_gaps() {
        let patterns = Patterns::new(&[(1, &["no ?real|more money|budget", "put * aside"])]);
        for (text, end) in [
            ("no money", Some(2)),
            ("no real budget here", Some(3)),
            ("no cat", None),
            ("put some money aside", Some(4)),
            ("put. It aside", None),
            ("put one two three four aside", None),
        ] {
            let hit = patterns.at(&tokenize(text), 0);
            assert_eq!(hit.map(|h| h.end), end, "{text}");
        }
    }
}
