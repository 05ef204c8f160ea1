use super::{Kind, Token};

/// A number as it was said or written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// Its value.
    pub value: f64,
    /// Index of the token after it.
    pub next: usize,
    /// The scale word it ended with (1000 in "fifty thousand", "50k"), else 1.
    pub scale: f64,
    /// Whether it was written in digits.
    pub digits: bool,
}

/// Zero to nineteen.
pub(crate) const UNITS: [&str; 20] = [
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
/// Twenty to ninety.
pub(crate) const TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
/// Zeroth to nineteenth.
pub(crate) const ORDINALS: [&str; 20] = [
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

fn position(list: &[&str], word: &str) -> Option<f64> {
    list.iter().position(|w| *w == word).and_then(|i| u32::try_from(i).ok()).map(f64::from)
}

fn unit(word: &str) -> Option<f64> {
    position(&UNITS, word)
}

fn tens(word: &str) -> Option<f64> {
    let word = if word == "fourty" { "forty" } else { word };
    position(&TENS, word).map(|i| (i + 2.0) * 10.0)
}

/// The factor of a scale word. Single letters count only when they follow digits.
fn scale(token: &Token, after_digits: bool) -> Option<f64> {
    Some(match token.norm.as_str() {
        "thousand" | "thousands" | "grand" | "kay" => 1e3,
        "k" => 1e3,
        "million" | "millions" | "mio" | "mill" => 1e6,
        "mil" | "m" | "mn" if after_digits => 1e6,
        "billion" | "billions" => 1e9,
        "bn" if after_digits => 1e9,
        "lakh" | "lakhs" | "lac" => 1e5,
        "crore" | "crores" => 1e7,
        _ => return None,
    })
}

/// The number that starts at a token: digits ("50k", "1.4 million", "210,000") or words ("a
/// hundred and twenty thousand", "one point four million", "half a million", "twelve hundred").
///
/// Single letters and articles alone are no numbers. Years said in pairs are the time grammar's.
#[must_use]
pub fn number_at(tokens: &[Token], at: usize) -> Option<Number> {
    let first = tokens.get(at)?;
    if first.kind == Kind::Number {
        return Some(and_a_part(tokens, scaled_digits(tokens, at)));
    }
    fraction_of_scale(tokens, at)
        .or_else(|| leading_point(tokens, at))
        .or_else(|| words(tokens, at))
        .map(|n| and_a_part(tokens, n))
}

/// "point five million".
fn leading_point(tokens: &[Token], at: usize) -> Option<Number> {
    if tokens[at].norm != "point" {
        return None;
    }
    let mut sum = Sum { total: 0.0, group: 0.0, next: at, scale: 1.0, last: (f64::INFINITY, at) };
    decimals(tokens, &mut sum);
    (sum.scale > 1.0).then_some(Number {
        value: sum.total,
        next: sum.next,
        scale: sum.scale,
        digits: false,
    })
}

/// "one and a half million", "a million and a half": the part counts where a scale is said.
fn and_a_part(tokens: &[Token], n: Number) -> Number {
    let norm = |i: usize| tokens.get(i).map_or("", |t| t.norm.as_str());
    let part = match (norm(n.next), norm(n.next + 1), norm(n.next + 2)) {
        ("and", "a", "half") => 0.5,
        ("and", "a", "quarter") => 0.25,
        _ => return n,
    };
    let after = n.next + 3;
    if n.scale >= 1e3 {
        return Number { value: n.value + part * n.scale, next: after, ..n };
    }
    let (factor, next) = scale_words(tokens, after, false);
    if factor < 1e3 {
        return n;
    }
    Number { value: (n.value + part) * factor, next, scale: factor, ..n }
}

fn scaled_digits(tokens: &[Token], at: usize) -> Number {
    let (mut value, mut next) = (written(&tokens[at].text), at + 1);
    for group in groups(tokens, at) {
        value = value * 1000.0 + group;
        next += 1;
    }
    next = next.max(quoted_end(tokens, at));
    let hundred = tokens.get(next).is_some_and(|t| t.norm == "hundred");
    if hundred {
        value *= 100.0;
        next += 1;
    }
    let (factor, next) = scale_words(tokens, next, true);
    Number { value: value * factor, next, scale: factor, digits: true }
}

fn is_quote(t: &Token) -> bool {
    t.kind == Kind::Mark && t.glued && matches!(t.text.as_str(), "'" | "’" | "‘" | "ʼ")
}

fn is_group(t: &Token) -> bool {
    t.kind == Kind::Number && t.text.len() == 3 && t.text.bytes().all(|b| b.is_ascii_digit())
}

/// Index after the last group of "1'200'000".
fn quoted_end(tokens: &[Token], at: usize) -> usize {
    let mut next = at + 1;
    while tokens.get(next).is_some_and(is_quote)
        && tokens.get(next + 1).is_some_and(|t| t.glued && is_group(t))
    {
        next += 2;
    }
    next
}

/// Thousands groups after the first digits: "80'000", or "1 200 000" where the last group is
/// "000" (else two numbers may just stand side by side).
fn groups(tokens: &[Token], at: usize) -> Vec<f64> {
    let first = tokens[at].text.as_str();
    let plain = first.len() <= 3 && !first.starts_with('0') && !first.contains([',', '.']);
    if !plain {
        return Vec::new();
    }
    let quoted = quoted_end(tokens, at);
    let spaced = || {
        let run = tokens[at + 1..].iter().take_while(|t| !t.glued && is_group(t)).take(4);
        let run: Vec<&Token> = run.collect();
        let keep = run.iter().rposition(|t| t.text == "000").map_or(0, |i| i + 1);
        run.into_iter().take(keep).collect::<Vec<_>>()
    };
    let picked: Vec<&Token> = if quoted > at + 1 {
        tokens[at + 1..quoted].iter().filter(|t| is_group(t)).collect()
    } else {
        spaced()
    };
    picked.into_iter().map(|t| t.text.parse().unwrap_or(0.0)).collect()
}

/// Digits with `,` or `.`: groups of exactly three are thousands (in India "12,50,000"), anything
/// else is decimals.
fn written(text: &str) -> f64 {
    let parts: Vec<&str> = text.split([',', '.']).collect();
    let grouped = parts.len() > 1
        && !parts[0].starts_with('0')
        && parts[0].len() <= 3
        && parts[parts.len() - 1].len() == 3
        && (parts[1..].iter().all(|p| p.len() == 3)
            || text.contains(',') && parts[1..parts.len() - 1].iter().all(|p| p.len() == 2));
    let plain = if grouped {
        parts.concat()
    } else if parts.len() > 1 {
        format!("{}.{}", parts[..parts.len() - 1].concat(), parts[parts.len() - 1])
    } else {
        text.to_owned()
    };
    plain.parse().unwrap_or(0.0)
}

fn scale_words(tokens: &[Token], mut at: usize, digits: bool) -> (f64, usize) {
    let mut factor = 1.0;
    while let Some(f) = tokens.get(at).and_then(|t| scale(t, digits)) {
        if factor > 1.0 && (f >= factor && f < 1e6 || factor >= 1e9) {
            break;
        }
        factor *= f;
        at += 1;
    }
    (factor, at)
}

/// "half a million", "a quarter million", "quarter of a million", "three quarters of a million".
fn fraction_of_scale(tokens: &[Token], at: usize) -> Option<Number> {
    let norm = |i: usize| tokens.get(i).map_or("", |t| t.norm.as_str());
    let (part, mut i) = match (norm(at), norm(at + 1)) {
        ("half", _) => (0.5, at + 1),
        ("quarter", _) => (0.25, at + 1),
        ("a", "half") => (0.5, at + 2),
        ("a" | "one", "quarter") => (0.25, at + 2),
        ("three", "quarters") => (0.75, at + 2),
        _ => return None,
    };
    while matches!(norm(i), "of" | "a" | "-") {
        i += 1;
    }
    let factor = tokens.get(i).and_then(|t| scale(t, false)).filter(|f| *f >= 1e5)?;
    Some(Number { value: part * factor, next: i + 1, scale: factor, digits: false })
}

struct Sum {
    total: f64,
    group: f64,
    next: usize,
    scale: f64,
    /// The last scale word, and the index after it: a bigger one later begins another number.
    last: (f64, usize),
}

fn words(tokens: &[Token], at: usize) -> Option<Number> {
    let mut sum = Sum { total: 0.0, group: 0.0, next: at, scale: 1.0, last: (f64::INFINITY, at) };
    let first = tokens[at].norm.as_str();
    let article = matches!(first, "a" | "an");
    if article {
        let then = tokens.get(at + 1)?;
        if then.norm != "hundred" && scale(then, false).is_none_or(|f| f < 1e3) {
            return None;
        }
        if then.norm == "k" {
            return None;
        }
        sum.group = 1.0;
        sum.next += 1;
    } else if unit(first).is_none() && tens(first).is_none() && first != "hundred" {
        return None;
    }
    while step(tokens, &mut sum, at) {}
    (sum.next > at + usize::from(article)).then_some(Number {
        value: sum.total + sum.group,
        next: sum.next,
        scale: sum.scale,
        digits: false,
    })
}

/// Takes the next word into the sum; false where the number ends.
fn step(tokens: &[Token], sum: &mut Sum, from: usize) -> bool {
    let Some(t) = tokens.get(sum.next) else { return false };
    let joined = t.is_mark('-') && t.glued && sum.next > from;
    let and = t.norm == "and" && (sum.group >= 100.0 || (sum.group == 0.0 && sum.total > 0.0));
    if joined || and {
        let follows = tokens.get(sum.next + 1).is_some_and(|n| {
            unit(&n.norm).is_some_and(|v| v > 0.0) && fits(sum, unit(&n.norm).unwrap_or(0.0))
                || tens(&n.norm).is_some_and(|v| fits(sum, v))
                || joined && (n.norm == "hundred" || scale(n, false).is_some())
        });
        sum.next += usize::from(follows);
        return follows;
    }
    if t.norm == "point" && sum.group < 1000.0 {
        return decimals(tokens, sum);
    }
    if let Some(v) = unit(&t.norm).or_else(|| tens(&t.norm)) {
        if !fits(sum, v) {
            return false;
        }
        sum.group += v;
        sum.scale = 1.0;
    } else if t.norm == "hundred" && sum.group < 100.0 {
        sum.group = if sum.group == 0.0 { 100.0 } else { sum.group * 100.0 };
    } else if let Some(f) = scale(t, false) {
        if sum.group == 0.0 {
            return false;
        }
        if f >= sum.last.0 {
            (sum.group, sum.scale, sum.next) = (0.0, sum.last.0, sum.last.1);
            return false;
        }
        sum.total += sum.group * f;
        sum.group = 0.0;
        sum.scale = f;
        sum.last = (f, sum.next + 1);
    } else {
        return false;
    }
    sum.next += 1;
    true
}

/// Whether a unit or tens word may follow what is in the group: "twenty five" yes, "five six" no.
fn fits(sum: &Sum, v: f64) -> bool {
    let low = sum.group % 100.0;
    let fresh = sum.group == 0.0 && (sum.total == 0.0 || v < sum.scale);
    let after_hundred = low == 0.0 && sum.group >= 100.0;
    let after_tens = low >= 20.0 && low % 10.0 == 0.0 && (1.0..10.0).contains(&v);
    (fresh || after_hundred || after_tens) && sum.group.fract() == 0.0
}

/// "point four five": digits after the point, then perhaps a scale.
fn decimals(tokens: &[Token], sum: &mut Sum) -> bool {
    let (mut at, mut place, mut fraction) = (sum.next + 1, 0.1, 0.0);
    while let Some(v) = tokens.get(at).and_then(|t| unit(&t.norm)).filter(|v| *v < 10.0) {
        fraction += v * place;
        place /= 10.0;
        at += 1;
    }
    if let Some(v) = tokens.get(at).filter(|_| place > 0.05).and_then(|t| tens(&t.norm)) {
        fraction = v / 100.0;
        at += 1;
    } else if place > 0.05 {
        return false;
    }
    let (factor, next) = scale_words(tokens, at, false);
    sum.total += ((sum.group + fraction) * factor * 1e6).round() / 1e6;
    sum.group = 0.0;
    sum.scale = factor;
    sum.next = next;
    false
}

/// The ordinal that starts at a token: "third", "twenty first", "31st". Value and next index.
#[must_use]
pub fn ordinal_at(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let t = tokens.get(at)?;
    if t.kind == Kind::Number {
        let suffix = tokens.get(at + 1)?;
        let ok = suffix.glued && suffix.is(&["st", "nd", "rd", "th"]);
        return ok.then_some((t.text.parse().ok()?, at + 2));
    }
    if let Some(i) = ORDINALS.iter().position(|w| *w == t.norm) {
        return Some((u32::try_from(i).ok()?, at + 1));
    }
    match t.norm.as_str() {
        "twentieth" => return Some((20, at + 1)),
        "thirtieth" => return Some((30, at + 1)),
        _ => {}
    }
    let base = match t.norm.as_str() {
        "twenty" => 20,
        "thirty" => 30,
        _ => return None,
    };
    let mut next = at + 1;
    if tokens.get(next).is_some_and(|t| t.is_mark('-')) {
        next += 1;
    }
    let unit =
        ORDINALS[1..10].iter().position(|w| tokens.get(next).is_some_and(|t| t.norm == *w))?;
    Some((base + u32::try_from(unit).ok()? + 1, next + 1))
}

#[cfg(test)]
mod tests {
    use super::super::tokenize;
    use super::*;

    fn read(text: &str) -> Option<(f64, f64)> {
        let tokens = tokenize(text);
        number_at(&tokens, 0).filter(|n| n.next == tokens.len()).map(|n| (n.value, n.scale))
    }

    #[test]
    fn numbers() {
        let table: &[(&str, f64)] = &[
            ("50", 50.0),
            ("50k", 50e3),
            ("210,000", 210e3),
            ("12.000", 12e3),
            ("1.4 million", 1.4e6),
            ("1.5", 1.5),
            ("1 200 000", 1.2e6),
            ("12 500", f64::NAN),
            ("80'000", 80e3),
            ("1’200’000", 1.2e6),
            ("1,2 million", 1.2e6),
            ("12,50,000", 1.25e6),
            ("one and a half million", 1.5e6),
            ("2 and a half thousand", 2500.0),
            ("a million and a half", 1.5e6),
            ("two and a half", f64::NAN),
            ("one lakh fifty thousand", 150e3),
            ("100 000", 100e3),
            ("2 hundred thousand", 200e3),
            ("fifty", 50.0),
            ("forty two", 42.0),
            ("forty-two", 42.0),
            ("a hundred and twenty", 120.0),
            ("a hundred and twenty thousand", 120e3),
            ("two hundred thousand", 200e3),
            ("twelve hundred", 1200.0),
            ("one point four million", 1.4e6),
            ("point five million", 500e3),
            ("point five", f64::NAN),
            ("half a million", 500e3),
            ("a quarter million", 250e3),
            ("quarter of a million", 250e3),
            ("one hundred fifty thousand", 150e3),
            ("two million three hundred thousand", 2.3e6),
            ("three thousand five hundred", 3500.0),
            ("five lakh", 500e3),
            ("four point eight million", 4.8e6),
            ("eighty grand", 80e3),
            ("fifty k", 50e3),
            ("nineteen", 19.0),
            ("a thousand", 1000.0),
        ];
        for (text, want) in table {
            let got = read(text).map(|n| n.0);
            assert_eq!(got, Some(*want).filter(|w| !w.is_nan()), "{text}");
        }
    }

    #[test]
    fn a_number_ends_where_the_next_begins() {
        for (text, value, next) in [
            ("twenty twenty seven", 20.0, 1),
            ("five six", 5.0, 1),
            ("fifty to sixty", 50.0, 1),
            ("seventy k eighty k", 70e3, 2),
        ] {
            let n = number_at(&tokenize(text), 0).unwrap();
            assert_eq!((n.value, n.next), (value, next), "{text}");
        }
    }

    #[test]
    fn words_that_are_no_numbers() {
        for text in ["a", "an hour", "and", "k", "point", "a k", "hundredth"] {
            assert_eq!(number_at(&tokenize(text), 0), None, "{text}");
        }
    }

    #[test]
    fn ordinals() {
        for (text, want) in [
            ("first", 1),
            ("31st", 31),
            ("twenty first", 21),
            ("thirty-first", 31),
            ("twelfth", 12),
        ] {
            let tokens = tokenize(text);
            assert_eq!(ordinal_at(&tokens, 0), Some((want, tokens.len())), "{text}");
        }
        assert_eq!(ordinal_at(&tokenize("31"), 0), None);
    }
}
