use super::{Doubts, Reason};
use crate::HeardWord;

/// Longest description in words.
const LONGEST: usize = 6;
const BRACKETS: [(char, char); 5] =
    [('[', ']'), ('(', ')'), ('*', '*'), ('（', '）'), ('【', '】')];
const NOTES: [char; 4] = ['♪', '♫', '♬', '♩'];

/// What round brackets hold when they describe a sound.
const SOUNDS: &[&str] = &[
    "music",
    "applau",
    "laugh",
    "cough",
    "sigh",
    "silence",
    "inaudible",
    "indistinct",
    "speak",
    "sing",
    "phone",
    "crowd",
    "chatter",
    "noise",
    "static",
    "beep",
    "click",
    "throat",
    "footsteps",
    "door",
    "cheer",
    "gasp",
    "sniff",
    "whistl",
    "bell",
    "engine",
    "wind",
    "foreign",
    "upbeat",
    "buzz",
    "hum",
    "bang",
    "clap",
    "groan",
    "blank",
    "audio",
    "crying",
    "scream",
];

/// Bracketed descriptions and musical notes. Brackets around numbers are somebody's number.
pub(super) fn find(words: &[HeardWord], doubts: &mut Doubts) {
    let mut at = 0;
    while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
        let length = described(rest);
        doubts.remove(at..at + length, Reason::Description);
        at += length.max(1);
    }
}

/// How many words from the first on describe a sound.
fn described(words: &[HeardWord]) -> usize {
    let Some(first) = words.first().map(|word| word.text.trim_start_matches(['-', '"', '“']))
    else {
        return 0;
    };
    if first.starts_with(NOTES) {
        return 1 + sung(words.get(1..).unwrap_or_default());
    }
    let pair = BRACKETS.iter().find(|(open, _)| first.starts_with(*open));
    let Some((open, close)) = pair else { return 0 };
    let closes = |word: &HeardWord| {
        let text = word.text.strip_prefix(*open).unwrap_or(&word.text);
        text.trim_end_matches(['.', ',', '!', '?', '"', '”']).ends_with(*close)
    };
    let length = words.iter().take(LONGEST).position(closes).map_or(0, |at| at + 1);
    let inside = words.get(..length).unwrap_or_default();
    let is_number = inside.iter().any(|word| word.text.contains(|c: char| c.is_numeric()));
    let is_sound = |word: &HeardWord| SOUNDS.iter().any(|sound| super::plain(word).contains(sound));
    if is_number || matches!(open, '(' | '（') && !inside.iter().any(is_sound) {
        0
    } else {
        length
    }
}

/// Words up to the note that ends a song; none if no note does.
fn sung(words: &[HeardWord]) -> usize {
    words.iter().position(|word| word.text.ends_with(NOTES)).map_or(0, |at| at + 1)
}
