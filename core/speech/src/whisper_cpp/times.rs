use crate::words::TimedToken;
use crate::{HeardWord, RATE};

/// A token of text as whisper.cpp gives it. Times in its unit, 10 ms; negative where it has none.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    pub(super) probability: f32,
    pub(super) log_probability: f32,
    /// When the decoder had said it: its end.
    pub(super) aligned: i64,
    pub(super) estimated: (i64, i64),
    /// The decoder's own mark of when speech goes on, if it stands right before.
    pub(super) opened: Option<i64>,
}

/// Puts the tokens on the sound's time.
pub(super) fn timed(pieces: &[Piece], aligned: bool, length_ms: u32) -> Vec<TimedToken> {
    let mut last = 0;
    let mut tokens = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let (start, end) = if aligned {
            // An alignment gives the pause before a word to one of its neighbours.
            let start = last.max(piece.opened.unwrap_or(last));
            (start, if piece.aligned < 0 { start } else { piece.aligned })
        } else {
            piece.estimated
        };
        let start_ms = millis(start, length_ms);
        let end_ms = millis(end, length_ms).max(start_ms);
        last = if aligned { last.max(end) } else { last };
        let (bytes, probability) = (piece.bytes.clone(), piece.probability);
        tokens.push(TimedToken { bytes, start_ms, end_ms, probability });
    }
    tokens
}

pub(super) fn millis(hundredths: i64, most: u32) -> u32 {
    u32::try_from(hundredths.max(0).saturating_mul(10)).unwrap_or(u32::MAX).min(most)
}

/// Samples of a frame of [`trim_silence`]: 10 ms.
const FRAME: usize = RATE / 100;
/// How far below the loudest a frame of speech lies at most, as a ratio of power: 35 dB.
const RANGE: f32 = 3.2e-4;
/// How far above the quietest tenth it lies at least: 6 dB.
const ABOVE: f32 = 4.0;
/// A word is not cut shorter than this, in frames.
const SHORTEST: usize = 6;

/// Takes from words the silence at their edges, because an alignment gives a pause to one of its
/// neighbours.
pub(super) fn trim_silence(words: &mut [HeardWord], sound: &[f32]) {
    let power = |frame: &[f32]| frame.iter().map(|s| s * s).sum::<f32>() / frame.len() as f32;
    let frames: Vec<f32> = sound.chunks(FRAME).map(power).collect();
    let mut sorted = frames.clone();
    sorted.sort_unstable_by(f32::total_cmp);
    let loudest = sorted.last().copied().unwrap_or_default();
    let quiet = sorted.get(sorted.len() / 10).copied().unwrap_or_default();
    let threshold = (loudest * RANGE).max(quiet * ABOVE).min(loudest * 0.1);
    for word in words {
        let (start, end) =
            (word.start_ms as usize / 10, (word.end_ms as usize / 10).min(frames.len()));
        let Some(span) = frames.get(start..end) else { continue };
        let Some(first) = span.iter().position(|p| *p > threshold) else { continue };
        let last = span.iter().rposition(|p| *p > threshold).map_or(end, |at| start + at + 1);
        let start = (start + first).min(end.saturating_sub(SHORTEST)).max(start);
        let last = last.max(start + SHORTEST).min(end);
        word.start_ms = u32::try_from(start * 10).unwrap_or(word.start_ms).max(word.start_ms);
        word.end_ms = u32::try_from(last * 10)
            .unwrap_or(word.end_ms)
            .clamp(word.start_ms, word.end_ms.max(word.start_ms));
    }
}
