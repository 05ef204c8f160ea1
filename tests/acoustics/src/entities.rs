//! Whether the words that make a lead are still there: names, companies, amounts, addresses.

use std::ops::AddAssign;

use confee_extract::normalize::{email, money, phone};
use serde_json::Value;

use crate::words::normal;

/// Kinds of words that are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The visitor.
    Name,
    /// Employer and rivals.
    Company,
    /// Bounds of the budget.
    Amount,
    /// E-mail address.
    Email,
    /// Telephone number.
    Phone,
}

impl Kind {
    /// All, in the order of [`Survival`].
    pub const ALL: [Self; 5] = [Self::Name, Self::Company, Self::Amount, Self::Email, Self::Phone];

    /// Heading.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "names",
            Self::Company => "companies",
            Self::Amount => "amounts",
            Self::Email => "e-mails",
            Self::Phone => "phones",
        }
    }
}

/// Found and all, per kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Survival(pub [(usize, usize); 5]);

impl Survival {
    /// Found and all over every kind.
    #[must_use]
    pub fn total(&self) -> (usize, usize) {
        self.0.iter().fold((0, 0), |sum, n| (sum.0 + n.0, sum.1 + n.1))
    }
}

impl AddAssign for Survival {
    fn add_assign(&mut self, other: Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            sum.0 += more.0;
            sum.1 += more.1;
        }
    }
}

/// A text, read once for all questions.
struct Facts {
    words: Vec<String>,
    amounts: Vec<f64>,
    emails: Vec<String>,
    phones: Vec<String>,
}

/// Counts which values of the gold lead can be found in a recogniser's text. Values that cannot be
/// found in the reference text either are left out. Names must be there to the letter, but for
/// case, accents and spaces; amounts, addresses and numbers in any form the grammars read.
#[must_use]
pub fn survival(gold: &Value, reference: &str, hypothesis: &str) -> Survival {
    let (reference, hypothesis) = (Facts::read(reference), Facts::read(hypothesis));
    let mut survival = Survival::default();
    for (count, kind) in survival.0.iter_mut().zip(Kind::ALL) {
        for value in values(gold, kind).iter().filter(|v| reference.has(kind, v)) {
            count.0 += usize::from(hypothesis.has(kind, value));
            count.1 += 1;
        }
    }
    survival
}

/// The values of a kind in a gold lead, as text.
fn values(gold: &Value, kind: Kind) -> Vec<String> {
    let contact = |key: &str| gold["contact"][key].as_str().map(str::to_owned).into_iter();
    let mut values: Vec<String> = match kind {
        Kind::Name => contact("name").collect(),
        Kind::Email => contact("email").collect(),
        Kind::Phone => contact("phone").collect(),
        Kind::Company => {
            let rivals = gold["competitors"].as_array().into_iter().flatten();
            contact("company")
                .chain(rivals.filter_map(|c| Some(c["name"].as_str()?.into())))
                .collect()
        }
        Kind::Amount => {
            let bounds = ["min", "max"].into_iter().filter_map(|b| gold["budget"][b].as_f64());
            bounds.map(|amount| amount.to_string()).collect()
        }
    };
    values.dedup();
    values
}

impl Facts {
    fn read(text: &str) -> Self {
        let money = money::find(text, &money::Context::default());
        let bounds = money.iter().flat_map(|m| [m.budget.min, m.budget.max]);
        let emails = email::find(text, &email::Context::default());
        Self {
            words: normal(text).into_iter().map(|w| w.text).collect(),
            amounts: bounds.flatten().collect(),
            emails: emails.into_iter().map(|e| e.address).collect(),
            phones: phone::find(text).iter().map(|p| tail(&p.number)).collect(),
        }
    }

    fn has(&self, kind: Kind, value: &str) -> bool {
        match kind {
            Kind::Name | Kind::Company => self.says(value),
            Kind::Email => self.emails.iter().any(|e| e.eq_ignore_ascii_case(value)),
            Kind::Phone => self.phones.iter().any(|p| *p == tail(value)),
            Kind::Amount => {
                let near = |wanted: f64| self.amounts.iter().any(|a| (a - wanted).abs() < 0.5);
                value.parse().is_ok_and(near) || self.says(value)
            }
        }
    }

    /// Whether words in a row make up the value, however it is cut into words.
    fn says(&self, value: &str) -> bool {
        let wanted: String = normal(value).into_iter().map(|w| w.text).collect();
        !wanted.is_empty()
            && (0..self.words.len()).any(|from| {
                let mut left = wanted.as_str();
                for word in self.words.iter().skip(from) {
                    match left.strip_prefix(word.as_str()) {
                        Some(rest) => left = rest,
                        None => return false,
                    }
                    if left.is_empty() {
                        return true;
                    }
                }
                false
            })
    }
}

/// What must agree of a telephone number: its digits without the country code or leading zero.
fn tail(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    digits.iter().skip(digits.len().saturating_sub(8)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_survive_where_the_text_has_them() {
        let gold = json!({
            "contact": {"name": "Owen Hartnell", "company": "Fenland Berry Farms",
                "email": "o.hartnell@fenlandberry.co.uk", "phone": "+447700900318"},
            "budget": {"min": null, "max": 150_000},
            "competitors": [{"name": "Frigotec"}, {"name": "Polarline"}],
        });
        let said = "Owen Hartnell of Fenland Berry Farms. Frigotec, and Polarline. We have a hundred \
            and fifty thousand pounds. o dot hartnell at fenlandberry dot co dot uk. My mobile is \
            plus four four, seven seven double oh, nine double oh, three one eight.";
        let heard = [
            (said, [(1, 1), (3, 3), (1, 1), (1, 1), (1, 1)]),
            (
                "owen hartnell of Fenlandberry Farms. Frigo Tech and Polar Line. We have £150,000. \
                 o.hartnell@fenlandberry.co.uk. My mobile is +44 7700 900318.",
                [(1, 1), (2, 3), (1, 1), (1, 1), (1, 1)],
            ),
            (
                "Owen Hartnol. We have 115,000 pounds. My mobile is +44 7700 900380.",
                [(0, 1), (0, 3), (0, 1), (0, 1), (0, 1)],
            ),
            ("", [(0, 1), (0, 3), (0, 1), (0, 1), (0, 1)]),
        ];
        for (text, counts) in heard {
            assert_eq!(survival(&gold, said, text), Survival(counts), "{text}");
        }
    }

    #[test]
    fn what_was_never_said_does_not_count() {
        let gold = json!({"contact": {"name": "Ann Lee", "email": null}, "budget": null});
        let none = survival(&gold, "Good morning.", "Ann Lee");
        assert_eq!(none.total(), (0, 0));
        assert_eq!(survival(&Value::Null, "a", "b").total(), (0, 0));
        // A name within another word is not the name.
        let counted = survival(&gold, "I am Ann Lee", "Annleeway");
        assert_eq!(counted.0[0], (0, 1));
    }
}
