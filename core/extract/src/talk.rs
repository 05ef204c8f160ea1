//! A transcript prepared for reading: tokens, sentences, and who speaks.

use std::ops::Range;
use std::sync::OnceLock;

use confee_domain::{Quote, Transcript};
use rustc_hash::FxHashMap;

use crate::normalize::spelling::{self, Spelled};
use crate::normalize::time::{self, TimeSpan};
use crate::normalize::title::{self, TitleSpan};
use crate::roles;
use crate::tagger::Span;
use crate::text::{Kind, Token, tokenize};

/// Who says a turn, as far as we can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The wearer of the badge.
    Rep,
    /// The visitor, or one of the visitors.
    Prospect,
}

/// One segment of the transcript.
#[derive(Debug)]
pub struct Turn {
    /// Index of the segment.
    pub index: usize,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// Who speaks.
    pub role: Role,
    /// Whether the speaker was given; else it was guessed from the words.
    pub labelled: bool,
    words: Vec<usize>,
    /// Where each word stands in `words`: most phrases that are looked for are not there.
    places: FxHashMap<String, Vec<usize>>,
    sentences: Vec<Range<usize>>,
    titles: OnceLock<Vec<TitleSpan>>,
    times: OnceLock<Vec<TimeSpan>>,
    spelled: OnceLock<Vec<Spelled>>,
}

/// A transcript prepared for reading.
#[derive(Debug)]
pub struct Talk<'a> {
    /// What it was made from.
    pub transcript: &'a Transcript,
    /// One per segment.
    pub turns: Vec<Turn>,
    /// Whether the text has capitals that can be relied on.
    pub cased: bool,
}

impl<'a> Talk<'a> {
    /// Prepares a transcript.
    #[must_use]
    pub fn new(transcript: &'a Transcript) -> Self {
        let mut turns: Vec<Turn> = Vec::with_capacity(transcript.segments().len());
        for (index, segment) in transcript.segments().iter().enumerate() {
            turns.push(Turn::new(index, tokenize(&segment.text)));
        }
        roles::assign(transcript, &mut turns);
        let capitals = turns
            .iter()
            .flat_map(|t| &t.tokens)
            .filter(|t| t.is_capitalised() && t.norm != "i")
            .count();
        Self { transcript, cased: capitals >= turns.len().div_ceil(4), turns }
    }

    /// Takes over who speaks, in thousandths for "a visitor", where the recogniser did not say.
    pub(crate) fn hear(&mut self, visitor: &[u16]) {
        for (turn, visitor) in self.turns.iter_mut().zip(visitor).filter(|(t, _)| !t.labelled) {
            turn.role = if *visitor >= 500 { Role::Prospect } else { Role::Rep };
        }
    }

    /// Cites characters of a turn.
    #[must_use]
    pub fn quote(&self, turn: usize, start: usize, end: usize) -> Option<Quote> {
        self.transcript.quote(turn, start, end).ok()
    }

    /// The text of a turn.
    #[must_use]
    pub fn text(&self, turn: usize) -> &str {
        &self.transcript.segments()[turn].text
    }

    /// The words of a span.
    #[must_use]
    pub fn said(&self, span: &Span) -> String {
        self.text(span.turn).chars().skip(span.start).take(span.end - span.start).collect()
    }

    /// The job titles in a turn.
    #[must_use]
    pub fn titles(&self, turn: usize) -> &[TitleSpan] {
        self.turns[turn].titles.get_or_init(|| title::find(self.text(turn)))
    }

    /// The time expressions in a turn.
    #[must_use]
    pub fn times(&self, turn: usize) -> &[TimeSpan] {
        let context = time::Context { day: self.transcript.day() };
        self.turns[turn].times.get_or_init(|| time::find(self.text(turn), &context))
    }

    /// The runs of spelled letters in a turn.
    #[must_use]
    pub fn spelled(&self, turn: usize) -> &[Spelled] {
        self.turns[turn].spelled.get_or_init(|| spelling::find(self.text(turn)))
    }

    /// The turns of one side, in order.
    pub fn by(&self, role: Role) -> impl Iterator<Item = &Turn> {
        self.turns.iter().filter(move |t| t.role == role)
    }

    /// The nearest turn of the other side before this one, at most two turns back.
    #[must_use]
    pub fn question_before(&self, turn: usize) -> Option<&Turn> {
        let role = self.turns[turn].role;
        (turn.saturating_sub(2)..turn).rev().map(|i| &self.turns[i]).find(|t| t.role != role)
    }
}

impl Turn {
    fn new(index: usize, tokens: Vec<Token>) -> Self {
        let words: Vec<usize> =
            (0..tokens.len()).filter(|i| tokens[*i].kind != Kind::Mark).collect();
        let mut places: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (place, word) in words.iter().enumerate() {
            places.entry(tokens[*word].norm.clone()).or_default().push(place);
        }
        let mut turn = Self {
            index,
            tokens,
            role: Role::Prospect,
            labelled: false,
            words,
            places,
            sentences: Vec::new(),
            titles: OnceLock::new(),
            times: OnceLock::new(),
            spelled: OnceLock::new(),
        };
        turn.sentences = turn.split(|t, next| t.ends_sentence() && !next.is_some_and(|n| n.glued));
        turn
    }

    /// Where a phrase of lower-case words stands, punctuation between them ignored; the range is
    /// of token indices.
    #[must_use]
    pub fn find(&self, phrase: &str) -> Option<Range<usize>> {
        self.find_from(phrase, 0)
    }

    /// Like [`Turn::find`], from a token index on.
    #[must_use]
    pub fn find_from(&self, phrase: &str, from: usize) -> Option<Range<usize>> {
        let first = phrase.split(' ').next()?;
        self.places.get(first)?.iter().find_map(|place| {
            let start = self.words[*place];
            if start < from {
                return None;
            }
            let mut last = start;
            for (i, wanted) in phrase.split(' ').enumerate() {
                last = *self.words.get(place + i)?;
                if self.tokens[last].norm != wanted {
                    return None;
                }
            }
            Some(start..last + 1)
        })
    }

    /// Whether any of the phrases stands in the turn.
    #[must_use]
    pub fn says(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|p| self.find(p).is_some())
    }

    /// The first of the phrases that stands in the turn, by position.
    #[must_use]
    pub fn first_of(&self, phrases: &[&str]) -> Option<Range<usize>> {
        phrases.iter().filter_map(|p| self.find(p)).min_by_key(|r| (r.start, usize::MAX - r.end))
    }

    /// Every place where one of the phrases stands, in order, longest first at the same place.
    #[must_use]
    pub fn all_of(&self, phrases: &[&str]) -> Vec<Range<usize>> {
        let mut hits = Vec::new();
        for phrase in phrases {
            let mut from = 0;
            while let Some(hit) = self.find_from(phrase, from) {
                from = hit.start + 1;
                hits.push(hit);
            }
        }
        hits.sort_by_key(|r| (r.start, usize::MAX - r.end));
        hits.dedup_by_key(|r| r.start);
        hits
    }

    /// Token ranges of the sentences, end marks excluded.
    #[must_use]
    pub fn sentences(&self) -> &[Range<usize>] {
        &self.sentences
    }

    /// Token ranges of the clauses: split at end marks, commas, colons, dashes and conjunctions.
    #[must_use]
    pub fn clauses(&self) -> Vec<Range<usize>> {
        let conjunctions = ["and", "but", "so", "because", "um", "uh", "which", "though"];
        self.split(|t, next| {
            let mark = t.kind == Kind::Mark && !next.is_some_and(|n| n.glued);
            mark && t.is(&[".", "?", "!", "…", ",", ";", ":", "-", "–", "—"]) || t.is(&conjunctions)
        })
    }

    fn split(&self, ends: impl Fn(&Token, Option<&Token>) -> bool) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut start = 0;
        for (i, token) in self.tokens.iter().enumerate() {
            if ends(token, self.tokens.get(i + 1)) {
                if i > start {
                    parts.push(start..i);
                }
                start = i + 1;
            }
        }
        if start < self.tokens.len() {
            parts.push(start..self.tokens.len());
        }
        parts
    }

    /// The sentence around a token.
    #[must_use]
    pub fn sentence_of(&self, token: usize) -> Range<usize> {
        let all = 0..self.tokens.len();
        self.sentences.iter().find(|s| s.contains(&token)).cloned().unwrap_or(all)
    }

    /// Character range of a token range.
    #[must_use]
    pub fn chars(&self, tokens: &Range<usize>) -> Range<usize> {
        self.tokens[tokens.start].start..self.tokens[tokens.end - 1].end
    }

    /// Index of the first token that starts at or after a character.
    #[must_use]
    pub fn token_at(&self, char_start: usize) -> usize {
        self.tokens.partition_point(|t| t.start < char_start)
    }

    /// Whether it asks something.
    #[must_use]
    pub fn is_question(&self) -> bool {
        const OPENERS: [&str; 26] = [
            "do", "does", "did", "are", "is", "can", "could", "would", "will", "shall", "may",
            "have", "has", "what", "who", "when", "where", "which", "how", "why", "what's",
            "who's", "and", "so", "any", "how's",
        ];
        self.tokens.iter().any(|t| t.is_mark('?'))
            || self.words.first().is_some_and(|i| self.tokens[*i].is(&OPENERS[..22]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use confee_domain::{Rep, Segment};

    fn transcript(text: &str) -> Transcript {
        let at = chrono::DateTime::parse_from_rfc3339("2026-03-18T10:12:00+01:00").unwrap();
        let s = Segment { start_ms: 0, end_ms: 9, speaker: None, text: text.into(), words: vec![] };
        Transcript::new("t".into(), at, Rep::default(), vec![s]).unwrap()
    }

    #[test]
    fn phrases_are_found_across_commas() {
        let t = transcript("No, wait. I need it now");
        let talk = Talk::new(&t);
        assert_eq!(talk.turns[0].find("no wait"), Some(0..3));
        assert!(talk.turns[0].find("wait now").is_none());
        assert!(talk.turns[0].says(&["zzz", "need it"]));
    }

    #[test]
    fn sentences_keep_decimals_together() {
        let t = transcript("It costs 1.5 million. Really? Yes");
        let talk = Talk::new(&t);
        assert_eq!(talk.turns[0].sentences().len(), 3);
    }
}
