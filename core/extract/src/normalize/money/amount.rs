use super::currency::{self, Said};
use super::lexicon::{is_number_word, is_scale_word};
use crate::text::{Kind, Number, Token, number_at};

/// One number with what stands glued to it: currency and scale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amount {
    pub(super) value: f64,
    /// Factor of the scale words it ended with; 1 where none was said.
    pub(super) scale: f64,
    /// The number before its scale: 60 in "60k", 300 in "three hundred thousand".
    pub(super) mantissa: f64,
    /// Written with thousands groups ("60,000").
    pub(super) grouped: bool,
    pub(super) currency: Option<Said>,
    pub(super) start: usize,
    pub(super) next: usize,
}

/// Numbers from here on are no amounts.
const LARGEST: f64 = 1e13;

fn norm(tokens: &[Token], i: usize) -> &str {
    tokens.get(i).map_or("", |t| t.norm.as_str())
}

/// The amount that starts at a token, with the currency before or after it.
pub(super) fn amount_at(tokens: &[Token], at: usize) -> Option<Amount> {
    let before = currency::before_number(tokens, at);
    let first = before.map_or(at, |b| b.1);
    let n = figure(tokens, first).filter(|n| n.value < LARGEST)?;
    let spoken = !n.digits && n.scale == 1.0 && n.value >= 1000.0;
    let grouped =
        (first..n.next).any(|i| is_grouped(&tokens[i]) || spoken && is_scale_word(&tokens[i].norm));
    let mut a = Amount {
        value: n.value,
        scale: n.scale,
        mantissa: n.value / n.scale,
        grouped: grouped || (n.next > first + 1 && n.digits && n.scale == 1.0 && n.value >= 1000.0),
        currency: before.map(|b| b.0),
        start: at,
        next: n.next,
    };
    written_scale(tokens, &mut a);
    if a.currency.is_none() {
        trailing_currency(tokens, &mut a);
    } else if let Some((said, next)) = currency::at(tokens, a.next)
        && (a.currency.is_some_and(|c| c.family.contains(&said.iso)) || said.family.is_empty())
    {
        a.currency = Some(said);
        a.next = next;
    }
    cents(tokens, &mut a);
    Some(a)
}

/// "three euros fifty".
fn cents(tokens: &[Token], a: &mut Amount) {
    let after_word = a.next > 0 && tokens[a.next - 1].kind == Kind::Word;
    if a.currency.is_none() || a.scale > 1.0 || a.value >= 1000.0 || !after_word {
        return;
    }
    let tail = number_at(tokens, a.next).filter(|t| !t.digits && t.scale == 1.0);
    if let Some(tail) = tail.filter(|t| (10.0..100.0).contains(&t.value))
        && currency::at(tokens, tail.next).is_none()
        && a.value.fract() == 0.0
    {
        a.value += tail.value / 100.0;
        a.next = tail.next;
    }
}

fn is_grouped(token: &Token) -> bool {
    token.kind == Kind::Number
        && token.text.rsplit([',', '.']).next().is_some_and(|p| p.len() == 3)
        && token.text.contains([',', '.'])
        || token.kind == Kind::Number && token.text.len() >= 5 && token.text.ends_with("00")
}

/// "50 TEUR", "50 T€", "50 k€" and "12k5".
fn written_scale(tokens: &[Token], a: &mut Amount) {
    let joined = match norm(tokens, a.next) {
        "teur" | "keur" => Some((1e3, "eur")),
        "kusd" => Some((1e3, "usd")),
        "kgbp" => Some((1e3, "gbp")),
        "kchf" | "tchf" => Some((1e3, "chf")),
        "meur" => Some((1e6, "eur")),
        "musd" => Some((1e6, "usd")),
        "t" if norm(tokens, a.next + 1) == "€" => Some((1e3, "")),
        _ => None,
    };
    if let Some((factor, code)) = joined.filter(|_| a.scale == 1.0) {
        a.value *= factor;
        a.scale = factor;
        a.next += 1;
        if !code.is_empty() {
            let iso = Token { norm: code.to_owned(), ..tokens[a.next - 1].clone() };
            a.currency = currency::at(&[iso], 0).map(|c| c.0);
        }
    }
    let k = a.next.checked_sub(1).and_then(|i| tokens.get(i));
    let tail =
        tokens.get(a.next).filter(|t| t.kind == Kind::Number && t.glued && t.text.len() == 1);
    if let (Some(k), Some(tail)) = (k, tail)
        && k.norm == "k"
        && a.scale == 1000.0
    {
        a.value += tail.text.parse::<f64>().unwrap_or(0.0) * 100.0;
        a.next += 1;
    }
}

fn trailing_currency(tokens: &[Token], a: &mut Amount) {
    let of = usize::from(matches!(norm(tokens, a.next), "of" | "in" | "worth"));
    let hit = currency::at(tokens, a.next + of);
    let usable = hit.filter(|(said, next)| {
        // "5000 pounds of steel" and a sign that belongs to the next number.
        let sign_of_next = tokens[a.next + of].kind == Kind::Mark
            && !tokens[a.next + of].glued
            && tokens.get(*next).is_some_and(|t| t.kind == Kind::Number && t.glued);
        !(sign_of_next || said.iso == "GBP" && norm(tokens, *next) == "of")
    });
    if let Some((said, next)) = usable {
        a.currency = Some(said);
        a.next = next;
    } else if a.scale > 1.0
        && let Some((said, next)) = currency::nation_alone(tokens, a.next)
    {
        a.currency = Some(said);
        a.next = next;
    }
}

/// The bare number: what everybody reads, and what only money does ("one twenty k").
fn figure(tokens: &[Token], at: usize) -> Option<Number> {
    let first = tokens.get(at)?;
    if first.norm == "couple" || first.norm == "a" && norm(tokens, at + 1) == "couple" {
        return couple(tokens, at);
    }
    if let Some(n) = composed(tokens, at) {
        return Some(n);
    }
    let mut n = number_at(tokens, at)?;
    cut_after_million(tokens, at, &mut n);
    if n.scale == 1e6 && !n.digits {
        after_million(tokens, &mut n);
    }
    Some(n)
}

fn couple(tokens: &[Token], at: usize) -> Option<Number> {
    let mut i = at + 1 + usize::from(norm(tokens, at) == "a");
    i += usize::from(norm(tokens, i) == "of");
    let hundred = norm(tokens, i) == "hundred";
    i += usize::from(hundred);
    let factor = match norm(tokens, i) {
        "thousand" | "grand" | "k" => 1e3,
        "million" => 1e6,
        "lakh" | "lakhs" => 1e5,
        "crore" | "crores" => 1e7,
        _ => return None,
    };
    let value = if hundred { 200.0 } else { 2.0 } * factor;
    Some(Number { value, next: i + 1, scale: factor, digits: false })
}

fn small_unit(norm: &str) -> Option<f64> {
    const UNITS: [&str; 9] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    (1u32..).zip(UNITS).find(|(_, w)| *w == norm).map(|(i, _)| f64::from(i))
}

/// "one twenty k" is 120,000 and "two fifty" 250, but "five ten k" is a range.
fn composed(tokens: &[Token], at: usize) -> Option<Number> {
    let hundreds = small_unit(norm(tokens, at))?;
    let rest = number_at(tokens, at + 1).filter(|_| tokens[at + 1].kind == Kind::Word)?;
    let low = rest.value / rest.scale;
    let teen = (10.0..20.0).contains(&low);
    let tens = (20.0..100.0).contains(&low) && low.fract() == 0.0;
    let plain_teen = teen && rest.scale > 1.0 && low / hundreds > 2.5;
    if !(tens || plain_teen) || norm(tokens, at + 1) == "hundred" {
        return None;
    }
    Some(Number { value: hundreds * 100.0 * rest.scale + rest.value, ..rest })
}

/// Leaves the tail of "a million five" to what money makes of it.
fn cut_after_million(tokens: &[Token], at: usize, n: &mut Number) {
    let scales: Vec<usize> = (at..n.next).filter(|i| is_scale_word(norm(tokens, *i))).collect();
    let [only] = scales[..] else { return };
    let tail = n.value % 1e6;
    let idiom = n.next == only + 2 || n.next == only + 3;
    if n.scale == 1.0 && !n.digits && idiom && norm(tokens, only) == "million" && tail < 1e3 {
        *n = Number { value: n.value - tail, next: only + 1, scale: 1e6, digits: false };
    }
}

/// "a million two" is 1.2 million, "one million two fifty" 1.25 million.
fn after_million(tokens: &[Token], n: &mut Number) {
    let tail = composed(tokens, n.next).or_else(|| number_at(tokens, n.next));
    let Some(tail) = tail.filter(|t| !t.digits && t.scale == 1.0) else { return };
    let ends = !is_scale_word(norm(tokens, tail.next)) && !is_number_word(norm(tokens, tail.next));
    let is_last = tokens.get(tail.next).is_none_or(|t| {
        t.kind == Kind::Mark
            || super::lexicon::is_function_word(&t.norm)
            || currency::at(tokens, tail.next).is_some()
    });
    let factor = if tail.value < 10.0 { 1e5 } else { 1e3 };
    if ends && is_last && tail.value >= 1.0 && tail.value < 1000.0 && tail.value * factor < 1e6 {
        n.value += tail.value * factor;
        n.next = tail.next;
    }
}
