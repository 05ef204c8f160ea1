use std::collections::BTreeSet;

use super::{Doubts, Reason, plain};
use crate::HeardWord;

/// Longest phrase that is looked for again.
const LONGEST: usize = 20;
/// Text with so many words and a smaller share of different groups of three is made unsure.
const VARIED_FROM: usize = 24;
const VARIED_SHARE: f32 = 0.5;
const NUMBERS: [&str; 12] = [
    "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "double",
];

/// How often a phrase of so many words comes in a row before it is a loop. People do say a word
/// three or four times; numbers repeat digits.
fn limit(words: usize, number: bool) -> usize {
    match (number, words) {
        (true, _) => 10,
        (_, 1) => 6,
        (_, 2) => 5,
        (_, 3) => 4,
        _ => 3,
    }
}

/// Phrases in a row; the first stays.
pub(super) fn find(words: &[HeardWord], doubts: &mut Doubts) {
    let left = doubts.left();
    let plain: Vec<String> = left.iter().filter_map(|at| words.get(*at)).map(plain).collect();
    let mut at = 0;
    while at < plain.len() {
        let Some(found) = at_start(plain.get(at..).unwrap_or_default()) else {
            at += 1;
            continue;
        };
        for position in left.get(at + found.unit..at + found.length).unwrap_or_default() {
            doubts.remove(*position..position + 1, Reason::Loop);
        }
        at += found.length;
    }
    doubt_monotony(words, doubts);
}

struct Found {
    unit: usize,
    length: usize,
}

fn at_start(words: &[String]) -> Option<Found> {
    (1..=LONGEST.min(words.len() / 2)).find_map(|unit| {
        let (phrase, _) = words.split_at(unit);
        if phrase.iter().all(String::is_empty) {
            return None;
        }
        let times = words.chunks_exact(unit).take_while(|chunk| *chunk == phrase).count();
        let is_number =
            |word: &String| word.chars().all(char::is_numeric) || NUMBERS.contains(&word.as_str());
        if times < limit(unit, phrase.iter().all(is_number)) {
            return None;
        }
        let tail = words.get(unit * times..).unwrap_or_default();
        // A loop that was cut off at the end of the text ends with a part of the phrase.
        let cut_off = tail.len() < unit && tail.iter().zip(phrase).all(|(a, b)| a == b);
        Some(Found { unit, length: unit * times + if cut_off { tail.len() } else { 0 } })
    })
}

/// What goes round in circles without repeating itself to the letter.
fn doubt_monotony(words: &[HeardWord], doubts: &mut Doubts) {
    let left = doubts.left();
    if left.len() < VARIED_FROM {
        return;
    }
    let plain: Vec<String> = left.iter().filter_map(|at| words.get(*at)).map(plain).collect();
    let groups: BTreeSet<&[String]> = plain.windows(3).collect();
    if (groups.len() as f32) < VARIED_SHARE * (plain.len() - 2) as f32 {
        left.iter().for_each(|at| doubts.doubt(*at..at + 1, Reason::Loop));
    }
}
