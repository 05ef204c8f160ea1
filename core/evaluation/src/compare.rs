//! When two values of a field are the same.

use confee_domain::{Budget, DateWindow};
use icu_normalizer::DecomposingNormalizer;

/// Days that a timeline's end may be off; its start may be off twice as many.
const NEAR_TIMELINE: i64 = 7;
/// The same for a next step.
const NEAR_DUE: i64 = 1;
const LEGAL: [&str; 21] = [
    "gmbh",
    "ag",
    "inc",
    "ltd",
    "llc",
    "plc",
    "bv",
    "nv",
    "sa",
    "sas",
    "srl",
    "spa",
    "ab",
    "as",
    "oy",
    "kg",
    "co",
    "corp",
    "corporation",
    "limited",
    "company",
];
const ARTICLES: [&str; 6] = ["the", "a", "an", "our", "of", "for"];

/// Words in small letters without accents.
fn words(text: &str) -> Vec<String> {
    let split = DecomposingNormalizer::new_nfkd().normalize(text);
    let plain: String = split.chars().filter(|c| !is_accent(*c)).collect();
    let plain = plain.to_lowercase().replace('&', " and ");
    let plain = plain.replace('ł', "l").replace('ø', "o").replace('ß', "ss").replace('đ', "d");
    let split = plain.split(|c: char| !(c.is_alphanumeric() || "@.+".contains(c)));
    split.map(|w| w.trim_matches('.').to_owned()).filter(|w| !w.is_empty()).collect()
}

/// A combining mark of European scripts.
fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn without(text: &str, left_out: &[&str]) -> Vec<String> {
    words(text).into_iter().filter(|word| !left_out.contains(&word.as_str())).collect()
}

/// Case, accents and spaces aside.
#[must_use]
pub fn same_name(a: &str, b: &str) -> bool {
    words(a).concat() == words(b).concat()
}

/// As names, without legal forms.
#[must_use]
pub fn same_company(a: &str, b: &str) -> bool {
    let short = |text| {
        let short = without(text, &LEGAL).concat();
        if short.is_empty() { words(text).concat() } else { short }
    };
    short(a) == short(b)
}

/// Four fifths of the words agree, articles aside.
#[must_use]
pub fn same_title(a: &str, b: &str) -> bool {
    overlap(&without(a, &ARTICLES), &without(b, &ARTICLES)).0 >= 0.8
}

/// Equal digits, with or without country code and leading zeros.
#[must_use]
pub fn same_phone(a: &str, b: &str) -> bool {
    let digits = |text: &str| {
        let all: String = text.chars().filter(char::is_ascii_digit).collect();
        all.trim_start_matches('0').to_owned()
    };
    let (a, b) = (digits(a), digits(b));
    a == b || a.len().min(b.len()) >= 7 && (a.ends_with(&b) || b.ends_with(&a))
}

/// Status and amounts agree, and the currency where gold has an amount and one.
#[must_use]
pub fn same_budget(found: &Budget, gold: &Budget) -> bool {
    let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => (a - b).abs() <= 0.01 * b.abs().max(1.0),
        _ => false,
    };
    let no_amount = gold.min.is_none() && gold.max.is_none();
    found.status == gold.status
        && near(found.min, gold.min)
        && near(found.max, gold.max)
        && (gold.currency.is_none() || no_amount || found.currency == gold.currency)
}

pub(crate) fn same_timeline(found: &DateWindow, gold: &DateWindow) -> bool {
    same_window(found, gold, NEAR_TIMELINE)
}

pub(crate) fn same_due(found: Option<DateWindow>, gold: Option<DateWindow>) -> bool {
    match (found, gold) {
        (None, None) => true,
        (Some(found), Some(gold)) => same_window(&found, &gold, NEAR_DUE),
        _ => false,
    }
}

/// Half of the days together are common, or both ends are near.
fn same_window(a: &DateWindow, b: &DateWindow, near: i64) -> bool {
    let common = (a.end.min(b.end) - a.start.max(b.start)).num_days() + 1;
    let whole = (a.end.max(b.end) - a.start.min(b.start)).num_days() + 1;
    let (starts, ends) = ((a.start - b.start).num_days().abs(), (a.end - b.end).num_days().abs());
    2 * common >= whole || ends <= near && starts <= 2 * near
}

/// Half of the words agree, or a not much longer phrase holds three fifths of gold's.
#[must_use]
pub fn same_pain(found: &str, gold: &str) -> bool {
    let (found, gold) = (without(found, &ARTICLES), without(gold, &ARTICLES));
    let (f1, share) = overlap(&found, &gold);
    f1 >= 0.5 || share >= 0.6 && found.len() <= 4 * gold.len()
}

/// F1 of the words, and the share of the second's that the first has.
fn overlap(a: &[String], b: &[String]) -> (f64, f64) {
    let mut left = b.to_vec();
    for word in a {
        if let Some(at) = left.iter().position(|other| other == word) {
            left.swap_remove(at);
        }
    }
    let common = (b.len() - left.len()) as f64;
    (2.0 * common / (a.len() + b.len()).max(1) as f64, common / b.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use confee_domain::BudgetStatus;

    use super::*;

    fn window(start: &str, end: &str) -> DateWindow {
        DateWindow { start: start.parse().unwrap(), end: end.parse().unwrap() }
    }

    #[test]
    fn names_and_firms() {
        assert!(
            same_name("Łukasz Żak", "lukasz zak") && same_name("Elif  Yıldırım", "Elif Yıldırım")
        );
        assert!(same_company("Acme Ltd", "ACME") && same_company("Farm & Sons", "farm and sons"));
        assert!(!same_company("Acme", "Acne") && same_company("Co", "co"));
        assert!(same_title("head of procurement", "Head procurement"));
        assert!(!same_title("head of sales", "head of procurement"));
    }

    #[test]
    fn numbers() {
        assert!(same_phone("+447700900318", "07700900318") && !same_phone("123", "23"));
        let budget = |max, currency: Option<&str>| Budget {
            status: BudgetStatus::Available,
            min: None,
            max: Some(max),
            currency: currency.map(Into::into),
            period: None,
        };
        assert!(same_budget(&budget(40_100.0, Some("EUR")), &budget(40_000.0, None)));
        assert!(!same_budget(&budget(40_000.0, None), &budget(40_000.0, Some("EUR"))));
        assert!(!same_budget(&budget(42_000.0, None), &budget(40_000.0, None)));
    }

    #[test]
    fn windows_and_phrases() {
        let gold = window("2026-11-18", "2027-04-25");
        assert!(same_timeline(&window("2026-11-18", "2027-04-30"), &gold));
        assert!(!same_timeline(&window("2026-11-18", "2026-12-01"), &gold));
        assert!(same_due(None, None) && !same_due(None, Some(gold)));
        assert!(same_pain(
            "the compressor trips every hot afternoon",
            "compressor trips every afternoon"
        ));
        assert!(!same_pain("it is fine", "compressor trips every afternoon"));
    }
}
