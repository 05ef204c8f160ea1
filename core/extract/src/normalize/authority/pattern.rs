//! A small pattern language over words: literals, `a|b` alternatives, `x?` optional words,
//! `*` for up to three and `**` for up to seven words within the sentence.

use crate::normalize::title::words::Word;

/// One step of a pattern.
#[derive(Debug, Clone)]
enum Step {
    Any(Vec<&'static str>),
    Maybe(Vec<&'static str>),
    Gap(usize),
}

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(super) struct Pattern(Vec<Step>);

impl Pattern {
    pub(super) fn new(text: &'static str) -> Self {
        Self(text.split_whitespace().map(step).collect())
    }

    /// The words a match may start with; every pattern starts with a literal.
    pub(super) fn firsts(&self) -> Vec<&'static str> {
        match self.0.first() {
            Some(Step::Any(words)) => words.clone(),
            _ => Vec::new(),
        }
    }

    /// The end of the match that starts at a word.
    pub(super) fn end(&self, words: &[Word], at: usize) -> Option<usize> {
        run(&self.0, words, at, at)
    }
}

fn step(text: &'static str) -> Step {
    match text {
        "*" => Step::Gap(3),
        "**" => Step::Gap(7),
        _ => match text.strip_suffix('?') {
            Some(maybe) => Step::Maybe(maybe.split('|').collect()),
            None => Step::Any(text.split('|').collect()),
        },
    }
}

fn run(steps: &[Step], words: &[Word], at: usize, from: usize) -> Option<usize> {
    let Some((first, rest)) = steps.split_first() else { return Some(at) };
    let here = words.get(at).filter(|w| at == from || !w.sentence);
    match first {
        Step::Any(list) => here.filter(|w| w.is(list)).and_then(|_| run(rest, words, at + 1, from)),
        Step::Maybe(list) => here
            .filter(|w| w.is(list))
            .and_then(|_| run(rest, words, at + 1, from))
            .or_else(|| run(rest, words, at, from)),
        Step::Gap(most) => (0..=*most)
            .take_while(|n| *n == 0 || words.get(at + n - 1).is_some_and(|w| !w.sentence))
            .find_map(|n| run(rest, words, at + n, from)),
    }
}
