//! The words of a segment without fillers, repeats and marks, and the tables of calendar words.

use crate::text::{Kind, tokenize};

/// One word or number, and what stood before it.
pub(super) struct Word {
    pub(super) norm: String,
    pub(super) start: usize,
    pub(super) end: usize,
    /// A sentence ended before it.
    pub(super) sentence: bool,
    /// A comma, dash, colon or the like stood before it.
    pub(super) pause: bool,
    /// The mark that touches it on the left, else a space.
    pub(super) mark: char,
    pub(super) glued: bool,
    pub(super) capital: bool,
    pub(super) digits: bool,
    /// The mark that touches it on the right, else a space.
    pub(super) tail: char,
}

/// A segment, ready for the grammar.
pub(super) struct Words {
    pub(super) list: Vec<Word>,
}

const FILLERS: &[&str] = &[
    "uh", "um", "uhm", "umm", "er", "erm", "ehm", "hm", "hmm", "mm", "mhm", "ah", "eh", "äh", "ähm",
];

impl Words {
    pub(super) fn new(text: &str) -> Self {
        let mut list: Vec<Word> = Vec::new();
        let (mut sentence, mut pause, mut mark, mut adjacent) = (true, false, ' ', true);
        for t in tokenize(text) {
            if t.kind == Kind::Mark {
                let mark_char = t.text.chars().next().unwrap_or(' ');
                let short = list.last().is_some_and(|w| is_short_form(&w.norm));
                sentence |= t.ends_sentence() && !(short && mark_char == '.');
                pause |= matches!(mark_char, ',' | ';' | ':' | '–' | '—') || !t.glued;
                if let Some(last) = list.last_mut().filter(|_| adjacent && t.glued) {
                    last.tail = mark_char;
                }
                (mark, adjacent) = (mark_char, false);
                continue;
            }
            let norm = spelling(&t.norm);
            let filler = FILLERS.contains(&norm.as_str());
            let repeat = list.last().is_some_and(|w| {
                w.norm == norm && t.kind == Kind::Word && !sentence && !may_repeat(&norm)
            });
            if filler || repeat {
                adjacent = true;
                continue;
            }
            list.push(Word {
                norm,
                start: t.start,
                end: t.end,
                sentence,
                pause: pause || sentence,
                mark: if t.glued { mark } else { ' ' },
                glued: t.glued && adjacent,
                capital: t.is_capitalised(),
                digits: t.kind == Kind::Number,
                tail: ' ',
            });
            (sentence, pause, mark, adjacent) = (false, false, ' ', true);
        }
        Self { list }
    }

    /// The word at an index, empty outside.
    pub(super) fn at(&self, i: usize) -> &str {
        self.list.get(i).map_or("", |w| w.norm.as_str())
    }

    /// The word `back` places before an index, empty outside the sentence.
    pub(super) fn before(&self, i: usize, back: usize) -> &str {
        let Some(from) = i.checked_sub(back) else { return "" };
        let open = (from + 1..=i).all(|k| self.list.get(k).is_none_or(|w| !w.sentence));
        if open { self.at(from) } else { "" }
    }

    pub(super) fn is(&self, i: usize, words: &[&str]) -> bool {
        self.list.get(i).is_some_and(|w| words.contains(&w.norm.as_str()))
    }

    /// Whether a sentence ends before the index.
    pub(super) fn ends(&self, i: usize) -> bool {
        self.list.get(i).is_none_or(|w| w.sentence)
    }

    /// Whether a sentence or a clause with a comma ends before the index.
    pub(super) fn pauses(&self, i: usize) -> bool {
        self.list.get(i).is_none_or(|w| w.pause)
    }

    /// The index after a phrase that stands at `i` within one sentence.
    pub(super) fn phrase(&self, i: usize, phrase: &str) -> Option<usize> {
        let mut at = i;
        for word in phrase.split(' ') {
            if self.at(at) != word || (at > i && self.ends(at)) {
                return None;
            }
            at += 1;
        }
        Some(at)
    }

    /// The index after the first of the phrases that stands at `i`: longer ones come first.
    pub(super) fn any(&self, i: usize, phrases: &[&str]) -> Option<usize> {
        let first = self.at(i);
        if first.is_empty() {
            return None;
        }
        phrases.iter().filter(|p| p.starts_with(first)).find_map(|p| self.phrase(i, p))
    }

    /// The index after all words of a set.
    pub(super) fn skip(&self, mut i: usize, words: &[&str]) -> usize {
        while self.is(i, words) {
            i += 1;
        }
        i
    }
}

fn may_repeat(norm: &str) -> bool {
    super::numbers::small(norm).is_some()
}

fn is_short_form(norm: &str) -> bool {
    matches!(
        norm,
        "jan"
            | "feb"
            | "mar"
            | "apr"
            | "jun"
            | "jul"
            | "aug"
            | "sep"
            | "sept"
            | "oct"
            | "nov"
            | "dec"
            | "approx"
            | "mon"
            | "tue"
            | "wed"
            | "thu"
            | "fri"
    )
}

fn spelling(norm: &str) -> String {
    let norm = match norm {
        "til" | "till" | "untill" | "'til" => "until",
        "tomorow" | "tommorow" | "tommorrow" | "tomorrow's" | "tmrw" => "tomorrow",
        "forth" => "fourth",
        "fith" => "fifth",
        "twelth" => "twelfth",
        "nineth" => "ninth",
        "fourty" => "forty",
        "beginn" | "begining" => "beginning",
        "quater" | "quartor" => "quarter",
        "christmas'" | "xmas" | "chrismas" | "x'mas" => "christmas",
        "that's" => "thats",
        "let's" => "lets",
        "it's" => "its",
        "autum" => "autumn",
        "mths" => "months",
        "wks" => "weeks",
        "yrs" => "years",
        "dont" => "don't",
        "wont" => "won't",
        "cant" | "cannot" => "can't",
        other => other,
    };
    norm.to_owned()
}

/// Calendar units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    WorkingDay,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
}

pub(super) fn unit(norm: &str) -> Option<Unit> {
    Some(match norm {
        "day" | "days" | "day's" | "days'" | "daze" => Unit::Day,
        "week" | "weeks" | "week's" | "weak" | "weaks" | "weeks'" | "wk" => Unit::Week,
        "fortnight" | "fortnights" | "fortnight's" => Unit::Fortnight,
        "month" | "months" | "month's" | "mouth" | "mouths" | "moths" => Unit::Month,
        "quarter" | "quarters" => Unit::Quarter,
        "year" | "years" | "year's" | "ear" | "ears" | "yr" => Unit::Year,
        _ => return None,
    })
}

/// A weekday, Monday = 0, by its word; short forms only where no other word looks the same.
pub(super) fn weekday(word: &Word) -> Option<u32> {
    Some(match word.norm.as_str() {
        "monday" | "munday" => 0,
        "tuesday" | "tues" | "tue" | "teusday" | "toosday" => 1,
        "wednesday" | "weds" | "wendsday" | "wensday" | "wednsday" | "wednesdey" => 2,
        "thursday" | "thurs" | "thur" | "thirsday" | "thersday" => 3,
        "friday" | "fri" | "fryday" => 4,
        "saturday" | "saterday" => 5,
        "sunday" => 6,
        "mon" if word.capital => 0,
        "wed" if word.capital => 2,
        "thu" if word.capital => 3,
        "sat" if word.capital => 5,
        "sun" if word.capital => 6,
        "sundae" => 6,
        _ => return None,
    })
}

pub(super) fn is_weekday_plural(norm: &str) -> bool {
    norm.strip_suffix('s').is_some_and(|w| {
        [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "weekend",
            "weekday",
        ]
        .contains(&w)
    })
}

/// How sure a word is a month by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MonthWord {
    Plain,
    /// Also a verb, a name or a short form: needs a cue beside it.
    Doubtful,
}

pub(super) fn month(norm: &str) -> Option<(u32, MonthWord)> {
    use MonthWord::{Doubtful, Plain};
    Some(match norm {
        "january" | "januar" | "januray" | "janury" => (1, Plain),
        "february" | "febuary" | "feburary" | "februar" | "februari" => (2, Plain),
        "march" | "mar" | "marsh" => (3, Doubtful),
        "april" => (4, Plain),
        "may" => (5, Doubtful),
        "june" => (6, Plain),
        "july" => (7, Plain),
        "august" | "agust" => (8, Plain),
        "september" | "setember" | "septembre" => (9, Plain),
        "october" | "oktober" | "ocotber" => (10, Plain),
        "november" | "novembre" | "novemeber" => (11, Plain),
        "december" | "decembre" | "dezember" => (12, Plain),
        "jan" => (1, Doubtful),
        "feb" => (2, Doubtful),
        "apr" => (4, Doubtful),
        "jun" => (6, Doubtful),
        "jul" => (7, Doubtful),
        "aug" => (8, Doubtful),
        "sep" | "sept" => (9, Doubtful),
        "oct" => (10, Doubtful),
        "nov" => (11, Doubtful),
        "dec" => (12, Doubtful),
        _ => return None,
    })
}
