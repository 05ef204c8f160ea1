//! A talk as the windows that the network reads, each with some of what was before. The same as
//! `models/training/windows.py`: both must change together.

use std::ops::Range;

use crate::tokens::{Token, Tokenizer};

/// The rows of a talk: for each turn the sign of who speaks, then its tokens.
pub(crate) struct Rows {
    pub(crate) ids: Vec<u32>,
    /// Where each turn begins, at the sign of who speaks.
    pub(crate) turns: Vec<usize>,
    /// Characters of each row; empty for a sign.
    pub(crate) chars: Vec<Range<usize>>,
}

/// How windows are cut.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut {
    /// Tokens of a window, at most.
    pub(crate) window: usize,
    /// Tokens of it that the window before may have had.
    pub(crate) overlap: usize,
}

impl Rows {
    pub(crate) fn new(turns: impl Iterator<Item = (u32, Vec<Token>)>) -> Self {
        let mut rows = Self { ids: Vec::new(), turns: Vec::new(), chars: Vec::new() };
        for (speaker, tokens) in turns {
            rows.turns.push(rows.ids.len());
            rows.ids.push(speaker);
            rows.chars.push(0..0);
            for token in tokens {
                rows.ids.push(token.id);
                rows.chars.push(token.chars);
            }
        }
        rows
    }

    /// Rows of each window, `room` at most; cut between turns where a turn is not too long.
    pub(crate) fn windows(&self, room: usize, overlap: usize) -> Vec<Range<usize>> {
        let mut windows = Vec::new();
        let mut start = 0;
        loop {
            let mut end = self.ids.len().min(start + room);
            if end < self.ids.len() {
                let whole = start + room / 2 + 1..=end;
                end = self.turns.iter().copied().rfind(|t| whole.contains(t)).unwrap_or(end);
            }
            windows.push(start..end);
            if end == self.ids.len() {
                return windows;
            }
            let again = (start + 1).max(end.saturating_sub(overlap))..end;
            start = self.turns.iter().copied().find(|t| again.contains(t)).unwrap_or(end);
        }
    }
}

/// The tokens of a window: who the rep is, then rows.
pub(crate) fn tokens(tokenizer: &Tokenizer, rep: &[u32], rows: &[u32]) -> Vec<u32> {
    let mut tokens = vec![tokenizer.begin];
    tokens.extend(rep);
    tokens.push(tokenizer.end);
    tokens.extend(rows);
    tokens.push(tokenizer.end);
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lengths: &[usize]) -> Rows {
        let token = |id| Token { id, chars: 0..1 };
        Rows::new(lengths.iter().map(|n| (9, (0..*n as u32).map(token).collect())))
    }

    #[test]
    fn windows_cover_everything_and_begin_with_turns() {
        let rows = rows(&[30, 50, 20, 60, 10, 40]);
        let windows = rows.windows(100, 25);
        assert_eq!(windows.first().map(|w| w.start), Some(0));
        assert_eq!(windows.last().map(|w| w.end), Some(rows.ids.len()));
        for pair in windows.windows(2) {
            assert!(pair[1].start <= pair[0].end && pair[1].start > pair[0].start);
            assert!(rows.turns.contains(&pair[1].start));
        }
        assert!(windows.iter().all(|w| w.len() <= 100));
    }

    #[test]
    fn a_turn_longer_than_a_window_is_cut() {
        let windows = rows(&[500]).windows(100, 20);
        assert_eq!(windows.len(), 6);
        assert!(windows.windows(2).all(|pair| pair[0].end == pair[1].start));
    }

    #[test]
    fn nothing_is_one_empty_window() {
        assert_eq!(rows(&[]).windows(100, 20), vec![0..0; 1]);
    }
}
