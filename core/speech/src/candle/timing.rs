use super::align;
use super::decode::Transcript;
use crate::HeardWord;
use crate::vocabulary::Vocabulary;
use crate::words::{TimedToken, words};

/// Milliseconds of a position.
const POSITION_MS: u32 = 20;
/// The first token after a pause is taken to be no longer.
const LONGEST_FIRST_MS: u32 = 600;

/// A window whose words get times.
pub(super) struct Window<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) heads: usize,
    /// Frames of 10 ms to the sound's end.
    pub(super) frames: usize,
}

/// A stretch between two times that were written, in milliseconds.
#[derive(Clone, Copy)]
struct Segment {
    start: u32,
    end: u32,
}

impl Window<'_> {
    /// The words of what was written.
    pub(super) fn words(&self, transcript: &Transcript) -> Vec<HeardWord> {
        let end = self.vocabulary.special().end;
        let text: Vec<usize> = transcript
            .tokens
            .iter()
            .enumerate()
            .filter_map(|(i, token)| (token.id < end).then_some(i))
            .collect();
        let whole = self.whole_ms();
        let times = match transcript.looks.is_empty() {
            true => vec![(0, whole); text.len()],
            false => self.times(transcript, &text, whole),
        };
        let tokens = text.iter().zip(times).map(|(i, (start_ms, end_ms))| {
            let token = transcript.tokens[*i];
            let bytes = self.vocabulary.bytes(token.id).to_vec();
            TimedToken { bytes, start_ms, end_ms, probability: token.log_probability.exp() }
        });
        words(&tokens.collect::<Vec<_>>())
    }

    /// The time that the text ends with, if it ends with one.
    pub(super) fn until_ms(&self, transcript: &Transcript) -> Option<u32> {
        let special = self.vocabulary.special();
        let written = transcript.tokens.iter().rev().find(|token| token.id != special.end)?;
        let position = written.id.checked_sub(special.first_timestamp)?;
        Some((position * POSITION_MS).min(self.whole_ms()))
    }

    fn whole_ms(&self) -> u32 {
        self.frames as u32 * 10
    }

    fn times(&self, transcript: &Transcript, text: &[usize], whole: u32) -> Vec<(u32, u32)> {
        let looks = &transcript.looks;
        let positions = looks.first().map_or(0, |look| look.len() / self.heads.max(1));
        // The look with which the token after the last word was written ends that word.
        let after = text.last().map(|last| last + 1).filter(|after| *after < looks.len());
        let chosen: Vec<usize> = text.iter().copied().chain(after).collect();
        let starts = align::starts(looks, &chosen, positions, self.frames.div_ceil(2));
        let ms = |position: usize| position as u32 * POSITION_MS;
        let segments = self.segments(transcript, text, whole);
        let mut last_end = 0;
        let mut times = Vec::with_capacity(text.len());
        for ((i, segment), pair) in text.iter().zip(segments).zip(starts.windows(2)) {
            let opens = *i == 0 || transcript.tokens[i - 1].id >= self.vocabulary.special().end;
            let end = ms(pair[1]).clamp(segment.start, segment.end).max(last_end);
            let earliest = if opens { end.saturating_sub(LONGEST_FIRST_MS) } else { 0 };
            let start = ms(pair[0]).max(earliest).clamp(segment.start, segment.end);
            let start = start.clamp(last_end, end);
            times.push((start, end));
            last_end = end;
        }
        times
    }

    /// The stretch in which each text token lies.
    fn segments(&self, transcript: &Transcript, text: &[usize], whole: u32) -> Vec<Segment> {
        let first = self.vocabulary.special().first_timestamp;
        let time = |id: u32| {
            let position = id.checked_sub(first)?;
            Some((position * POSITION_MS).min(whole))
        };
        let tokens = &transcript.tokens;
        let segment = |i: &usize| {
            let start = tokens[..*i].iter().rev().find_map(|token| time(token.id));
            let end = tokens[*i..].iter().find_map(|token| time(token.id));
            let start = start.unwrap_or(0);
            Segment { start, end: end.unwrap_or(whole).max(start) }
        };
        text.iter().map(segment).collect()
    }
}
