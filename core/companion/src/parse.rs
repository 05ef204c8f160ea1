//! What a person types into a field, read by the same grammars as what was said.

use chrono::NaiveDate;
use confee_domain::{
    Budget, BudgetStatus, Competitor, DateWindow, FieldKey, FieldValue, NextStep, Relation,
    StepKind,
};
use confee_extract::normalize::{authority, money, time};

use crate::error::{CompanionError, Result};

/// The value that typed text means for a field. `day` is the day of the talk.
pub(crate) fn parse(
    key: FieldKey,
    text: &str,
    day: NaiveDate,
    currency: Option<&str>,
) -> Result<FieldValue> {
    let text = text.trim();
    let value = match key {
        FieldKey::Budget => budget(text, currency).map(FieldValue::Budget),
        FieldKey::Timeline => window(text, day).map(FieldValue::Window),
        FieldKey::Authority => authority_of(text).map(FieldValue::Authority),
        FieldKey::NextStep => step(text, day).map(FieldValue::NextStep),
        FieldKey::Competitor(_) => Some(FieldValue::Competitor(competitor(text))),
        _ => Some(FieldValue::Text(text.to_owned())),
    };
    value
        .filter(|_| !text.is_empty())
        .ok_or_else(|| CompanionError::InvalidInput(format!("{}: {}", key.label(), example(key))))
}

fn example(key: FieldKey) -> &'static str {
    match key {
        FieldKey::Budget => "type an amount such as 50-60k EUR, up to 40k, or none",
        FieldKey::Timeline => {
            "type a time such as Q3, by the end of May, or 2026-05-01 – 2026-05-31"
        }
        FieldKey::Authority => "type decides, decides with others, recommends, or no say",
        FieldKey::NextStep => "type a step such as demo, next Tuesday",
        _ => "type a value",
    }
}

/// An amount, or the words the card shows for a budget without one.
fn budget(text: &str, currency: Option<&str>) -> Option<Budget> {
    let context = money::Context { default_currency: currency };
    let status = match text.to_lowercase().as_str() {
        "none" | "no budget" => Some(BudgetStatus::None),
        "not decided" | "undecided" => Some(BudgetStatus::Undecided),
        "available" => Some(BudgetStatus::Available),
        _ => None,
    };
    if let Some(status) = status {
        return Some(Budget { status, min: None, max: None, currency: None, period: None });
    }
    let amount = money::normalize(&format!("our budget is {text}"), &context);
    amount
        .filter(|b| b.min.is_some() || b.max.is_some())
        .or_else(|| money::normalize(text, &context))
}

/// "2026-05-01 – 2026-05-31" as the card shows it, or words.
fn window(text: &str, day: NaiveDate) -> Option<DateWindow> {
    let written = |t: &str| t.trim().parse::<NaiveDate>().ok();
    if let Some((a, b)) = text.split_once(['–', '—'])
        && let (Some(a), Some(b)) = (written(a), written(b))
    {
        return Some(DateWindow::new(a, b));
    }
    written(text).map(DateWindow::day).or_else(|| time::normalize(text, &time::Context { day }))
}

fn authority_of(text: &str) -> Option<confee_domain::Authority> {
    use confee_domain::Authority as A;
    match text.to_lowercase().as_str() {
        "decides" | "decision maker" => Some(A::DecisionMaker),
        "decides with others" | "shared" => Some(A::Shared),
        "recommends" | "influencer" => Some(A::Influencer),
        "no say" | "none" => Some(A::None),
        other => authority::normalize(other),
    }
}

/// "Acme", or "Acme (in use)" as the card shows it.
fn competitor(text: &str) -> Competitor {
    let (name, relation) = match text.strip_suffix(')').and_then(|t| t.rsplit_once(" (")) {
        Some((name, "in use")) => (name, Relation::Current),
        Some((name, "used before")) => (name, Relation::Past),
        Some((name, "being looked at")) => (name, Relation::Evaluating),
        _ => (text, Relation::Evaluating),
    };
    Competitor { name: name.to_owned(), relation }
}

fn step(text: &str, day: NaiveDate) -> Option<NextStep> {
    const WORDS: [(&str, StepKind); 12] = [
        ("demo", StepKind::Demo),
        ("call", StepKind::Call),
        ("meet", StepKind::Meeting),
        ("proposal", StepKind::Proposal),
        ("quote", StepKind::Proposal),
        ("offer", StepKind::Proposal),
        ("trial", StepKind::Trial),
        ("pilot", StepKind::Trial),
        ("sample", StepKind::Sample),
        ("intro", StepKind::Intro),
        ("visit", StepKind::Visit),
        ("mail", StepKind::Email),
    ];
    let low = text.to_lowercase();
    let kind = WORDS.iter().find(|(w, _)| low.contains(w)).map(|(_, k)| *k)?;
    let when = text.split_once(',').map_or(text, |(_, when)| when.trim());
    Some(NextStep { kind, due: window(when, day) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(key: FieldKey, text: &str) -> Result<FieldValue> {
        let day = NaiveDate::from_ymd_opt(2026, 11, 18).unwrap();
        parse(key, text, day, Some("EUR"))
    }

    #[test]
    fn what_the_card_shows_can_be_typed_back() {
        for (key, text) in [
            (FieldKey::Timeline, "2026-12-01 – 2026-12-31"),
            (FieldKey::Timeline, "2026-12-01"),
            (FieldKey::Authority, "decides with others"),
            (FieldKey::Competitor(0), "Polarline (used before)"),
            (FieldKey::NextStep, "Demo, 2026-12-01"),
            (FieldKey::NextStep, "Send e-mail"),
            (FieldKey::Budget, "50,000 – 60,000 EUR"),
            (FieldKey::Budget, "up to 40,000 EUR"),
            (FieldKey::Budget, "12,000 EUR a month"),
            (FieldKey::Budget, "none"),
            (FieldKey::Budget, "not decided"),
            (FieldKey::Name, "Ada Byron"),
        ] {
            assert_eq!(read(key, text).unwrap().display(), text, "{key:?}");
        }
    }

    #[test]
    fn nonsense_gets_an_example() {
        for key in [FieldKey::Budget, FieldKey::Timeline, FieldKey::Authority, FieldKey::NextStep] {
            let error = read(key, "xyzzy").unwrap_err().to_string();
            assert!(error.contains("type "), "{error}");
        }
    }
}
