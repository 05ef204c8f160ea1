use super::*;
use proptest::prelude::*;

fn show(b: Option<&Budget>) -> String {
    let Some(b) = b else { return "-".to_owned() };
    let status = match b.status {
        BudgetStatus::Available => "A",
        BudgetStatus::None => "N",
        BudgetStatus::Undecided => "U",
    };
    let n = |v: Option<f64>| v.map_or("*".to_owned(), |v| v.to_string());
    let amount = match (b.min, b.max) {
        (None, None) => String::new(),
        (a, c) if a == c => format!(" {}", n(a)),
        (a, c) => format!(" {}..{}", n(a), n(c)),
    };
    let period = match b.period {
        None => "",
        Some(confee_domain::Period::Month) => " month",
        Some(confee_domain::Period::Year) => " year",
        Some(confee_domain::Period::OneOff) => " once",
    };
    let currency = b.currency.as_ref().map_or(String::new(), |c| format!(" {c}"));
    format!("{status}{amount}{currency}{period}")
}

/// Lines of `phrase TAB value`, the value as `A 50000..60000 EUR month`, `N`, `U` or `-`.
#[test]
fn phrases_of_the_table() {
    let path = std::env::var("MONEY_TABLE").unwrap_or_else(|_| {
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/money.tsv").to_owned()
    });
    let table = std::fs::read_to_string(path).unwrap();
    let mut wrong = Vec::new();
    let mut all = 0;
    for line in table.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let (phrase, want) = line.split_once('\t').unwrap_or((line, "?"));
        let got = show(normalize(phrase, &Context::default()).as_ref());
        all += 1;
        if got != want.trim() {
            let spans: Vec<String> = find(phrase, &Context::default())
                .iter()
                .map(|m| format!("{:?} {}", m.about, show(Some(&m.budget))))
                .collect();
            wrong.push(format!("{phrase}\n   want {want}\n   got  {got}   {spans:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {all} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
