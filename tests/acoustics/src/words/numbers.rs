use super::normal::Word;

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const ORDINALS: [&str; 20] = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];
const TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINAL_ENDS: [&str; 4] = ["st", "nd", "rd", "th"];
const POWERS: [(&str, u128); 4] =
    [("thousand", 1_000), ("k", 1_000), ("million", 1_000_000), ("billion", 1_000_000_000)];
/// More than anybody says; above it digits are taken as they stand.
const MOST: u128 = 1_000_000_000_000_000;

/// What a word is in a number.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// 0 to 19.
    Unit(u128),
    /// 20 to 90.
    Ten(u128),
    Hundred,
    Power(u128),
    None,
}

/// A number that is being said.
#[derive(Default)]
struct Open {
    /// What thousands and millions have closed.
    whole: u128,
    /// Below the next scale word.
    rest: u128,
    /// The smallest scale word so far; 0 before any.
    scale: u128,
    /// The place that is free for the next word: below 100, below 10, or none.
    free: u128,
    /// Digits as they were written, as long as no scale word follows.
    written: Option<String>,
    begun: bool,
    source: usize,
}

/// Replaces the numbers among `words` by one word a digit.
pub(super) fn digits(words: Vec<Word>) -> Vec<Word> {
    let mut out = Vec::with_capacity(words.len());
    let mut open = Open::default();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let next = words.get(at + 1).map_or("", |w| w.text.as_str());
        let text = word.text.as_str();
        let zero = repeated_zero(text, next, &out, &open);
        if let Some((zeros, used)) = zero {
            open.close(&mut out);
            out.extend((0..zeros).map(|_| Word { text: "0".into(), source: word.source }));
            at += used;
            continue;
        }
        if text.bytes().all(|b| b.is_ascii_digit()) {
            open.close(&mut out);
            open.write(text, word.source);
            at += 1 + usize::from(ORDINAL_ENDS.contains(&next));
            continue;
        }
        let article = text == "a" && next == "hundred";
        if article {
            open.close(&mut out);
        }
        let joint = article || text == "and" && open.takes_and() && small(next);
        if !joint && !open.take(part(text), word.source) {
            open.close(&mut out);
            if !open.take(part(text), word.source) {
                out.push(word.clone());
            }
        }
        at += 1;
    }
    open.close(&mut out);
    out
}

/// "double oh", "triple zero" and an "oh" beside a digit: how many zeros, of how many words.
fn repeated_zero(text: &str, next: &str, out: &[Word], open: &Open) -> Option<(usize, usize)> {
    let times = match text {
        "double" => 2,
        "triple" => 3,
        _ => 1,
    };
    if times > 1 {
        return matches!(next, "oh" | "o" | "zero").then_some((times, 2));
    }
    let after = out.last().is_some_and(|w| w.text.bytes().all(|b| b.is_ascii_digit()));
    let beside = open.begun || after || matches!(part(next), Part::Unit(_));
    (matches!(text, "oh" | "o") && beside).then_some((1, 1))
}

fn small(word: &str) -> bool {
    matches!(part(word), Part::Unit(_) | Part::Ten(_))
}

fn part(word: &str) -> Part {
    let place = |list: &[&str]| list.iter().position(|w| *w == word).map(|n| n as u128);
    if let Some(n) = place(&UNITS).or_else(|| place(&ORDINALS)) {
        return Part::Unit(n);
    }
    let stem = word.strip_suffix("ieth").map(|s| format!("{s}y"));
    let tens = TENS.iter().position(|w| *w == stem.as_deref().unwrap_or(word));
    if let Some(n) = tens {
        return Part::Ten(10 * (n as u128 + 2));
    }
    if word == "hundred" {
        return Part::Hundred;
    }
    POWERS.iter().find(|(name, _)| *name == word).map_or(Part::None, |(_, p)| Part::Power(*p))
}

impl Open {
    fn takes_and(&self) -> bool {
        self.begun && self.free >= 100
    }

    /// Begins with digits as written.
    fn write(&mut self, digits: &str, source: usize) {
        *self = Self { written: Some(digits.to_owned()), begun: true, source, ..Self::default() };
        self.rest = digits.parse().unwrap_or(MOST).min(MOST);
    }

    /// Whether the word goes on with this number, or begins one.
    fn take(&mut self, part: Part, source: usize) -> bool {
        let fresh = !self.begun;
        let fits = match part {
            Part::Unit(n) => fresh || self.free >= 100 || self.free == 10 && (1..10).contains(&n),
            Part::Ten(_) => fresh || self.free >= 100,
            Part::Hundred => fresh || (1..100).contains(&self.rest) && self.scale != 100,
            // "k" alone is a letter.
            Part::Power(p) => {
                !fresh && self.rest > 0 && (self.scale == 0 || self.scale == 100 || p < self.scale)
            }
            Part::None => false,
        };
        if !fits {
            return false;
        }
        if fresh {
            *self = Self { begun: true, source, ..Self::default() };
        }
        self.put(part);
        true
    }

    fn put(&mut self, part: Part) {
        match part {
            Part::Unit(n) => {
                self.rest += n;
                self.free = 0;
            }
            Part::Ten(n) => {
                self.rest += n;
                self.free = 10;
            }
            Part::Hundred => {
                self.rest = self.rest.max(1) * 100;
                (self.scale, self.free) = (100, 100);
            }
            Part::Power(p) => {
                self.whole += (self.rest * p).min(MOST);
                (self.rest, self.scale, self.free) = (0, p, 1_000);
            }
            Part::None => {}
        }
        if matches!(part, Part::Hundred | Part::Power(_)) {
            self.written = None;
        }
    }

    fn close(&mut self, out: &mut Vec<Word>) {
        if std::mem::take(&mut self.begun) {
            let said = self.written.take();
            let said = said.unwrap_or_else(|| (self.whole + self.rest).to_string());
            let word = |c: char| Word { text: c.to_string(), source: self.source };
            out.extend(said.chars().map(word));
        }
    }
}
