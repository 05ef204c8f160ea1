//! Cardinals, ordinals and years on the cleaned words.

use super::lexicon::Words;
use crate::text::{ORDINALS, TENS, UNITS};

/// A number word below a hundred.
pub(super) fn small(norm: &str) -> Option<u32> {
    let units = UNITS.iter().position(|w| *w == norm);
    let tens = || TENS.iter().position(|w| *w == norm).map(|i| (i + 2) * 10);
    units.or_else(tens).and_then(|v| u32::try_from(v).ok())
}

fn ordinal_word(norm: &str) -> Option<u32> {
    match norm {
        "twentieth" => Some(20),
        "thirtieth" => Some(30),
        _ => {
            ORDINALS.iter().skip(1).position(|w| *w == norm).and_then(|i| u32::try_from(i + 1).ok())
        }
    }
}

impl Words {
    fn is_money(&self, i: usize) -> bool {
        self.list.get(i).is_some_and(|w| matches!(w.mark, '$' | '€' | '£' | '+' | '#'))
    }

    /// Digits without separators.
    pub(super) fn digits(&self, i: usize) -> Option<u32> {
        let word = self.list.get(i).filter(|w| w.digits && w.norm.len() <= 4)?;
        if self.is_money(i) || matches!(word.tail, '%' | '€' | '$' | '£') {
            return None;
        }
        word.norm.parse().ok()
    }

    /// A whole number up to 999 in words or digits, and the index after it.
    pub(super) fn whole(&self, i: usize) -> Option<(u32, usize)> {
        if let Some(v) = self.digits(i) {
            return Some((v, i + 1));
        }
        let (mut value, mut next) = self.below_hundred(i)?;
        if self.at(next) == "hundred" && (1..10).contains(&value) {
            value *= 100;
            next += 1;
            let and = next + usize::from(self.at(next) == "and");
            if let Some((rest, after)) = self.below_hundred(and).filter(|(v, _)| *v > 0) {
                (value, next) = (value + rest, after);
            }
        }
        Some((value, next))
    }

    pub(super) fn below_hundred(&self, i: usize) -> Option<(u32, usize)> {
        let first = small(self.at(i))?;
        let unit = small(self.at(i + 1)).filter(|v| (1..10).contains(v) && !self.pauses(i + 1));
        match unit {
            Some(unit) if first >= 20 => Some((first + unit, i + 2)),
            _ => Some((first, i + 1)),
        }
    }

    /// "third", "twenty first", "31st" and the index after it.
    pub(super) fn ordinal(&self, i: usize) -> Option<(u32, usize)> {
        if let Some(v) = self.digits(i) {
            let suffix = self.list.get(i + 1).filter(|w| w.glued)?;
            return ["st", "nd", "rd", "th"].contains(&suffix.norm.as_str()).then_some((v, i + 2));
        }
        if let Some(v) = ordinal_word(self.at(i)) {
            return Some((v, i + 1));
        }
        let tens = small(self.at(i)).filter(|v| *v == 20 || *v == 30)?;
        let unit = ordinal_word(self.at(i + 1)).filter(|v| *v < 10)?;
        Some((tens + unit, i + 2))
    }

    /// A year said in full: "2027", "twenty twenty seven", "two thousand and twenty seven".
    pub(super) fn year(&self, i: usize) -> Option<(i32, usize)> {
        if let Some(v) = self.digits(i) {
            let glued_letters = self.list.get(i + 1).is_some_and(|w| w.glued && !w.digits);
            let split = self.digits(i + 1).filter(|r| (20..100).contains(r));
            if let (20, Some(rest)) = (v, split) {
                return Some((2000 + i32::try_from(rest).ok()?, i + 2));
            }
            let ok = (1950..2100).contains(&v) && !glued_letters;
            return ok.then_some((i32::try_from(v).ok()?, i + 1));
        }
        if let Some(at) = self.phrase(i, "two thousand") {
            let at = at + usize::from(self.at(at) == "and");
            let (rest, next) = self.below_hundred(at)?;
            return Some((2000 + i32::try_from(rest).ok()?, next));
        }
        let century = match self.at(i) {
            "nineteen" => 1900,
            "twenty" => 2000,
            _ => return None,
        };
        let (rest, next) = self.below_hundred(i + 1).filter(|(v, _)| *v >= 10)?;
        Some((century + i32::try_from(rest).ok()?, next))
    }

    /// The two last digits of a year near the given one: "27", "'27", "twenty seven".
    pub(super) fn short_year(&self, i: usize, near: i32) -> Option<(i32, usize)> {
        let (v, next) = match self.digits(i) {
            Some(v) if self.at(i).len() == 2 => (v, i + 1),
            Some(_) => return None,
            None => self.below_hundred(i)?,
        };
        let year = near - near.rem_euclid(100) + i32::try_from(v).ok()?;
        (v >= 20 && (near - 2..near + 10).contains(&year)).then_some((year, next))
    }
}
