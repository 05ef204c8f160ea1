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
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/money.tsv");
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

/// Words of the grammar, to mix at random.
const WORDS: [&str; 60] = [
    "fifty", "to", "sixty", "k", "between", "and", "two", "hundred", "thousand", "million", "a",
    "half", "quarter", "of", "point", "five", "50", "1,200", "80'000", "€", "$", "euros",
    "canadian", "dollars", "up", "no", "more", "than", "at", "least", "max", "plus", "-", ",", ".",
    "?", "per", "month", "year", "budget", "not", "wait", "sorry", "six", "figures", "low", "we",
    "have", "spent", "is", "for", "the", "machine", "one", "off", "won", "ate", "your", "rows",
    "crore",
];

fn sane(text: &str) -> Result<(), TestCaseError> {
    let length = text.chars().count();
    for default_currency in [None, Some("AUD")] {
        let spans = find(text, &Context { default_currency });
        for s in &spans {
            prop_assert!(s.start < s.end && s.end <= length, "{s:?} in {text:?}");
            if let (Some(a), Some(b)) = (s.budget.min, s.budget.max) {
                prop_assert!(a <= b && a.is_finite() && b.is_finite(), "{s:?} in {text:?}");
            }
        }
        prop_assert!(spans.windows(2).all(|w| w[0].start <= w[1].start), "{text:?}");
        let _ = normalize(text, &Context { default_currency });
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,60}") {
        sane(&text)?;
    }

    #[test]
    fn any_mix_of_its_words_is_read(
        words in prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..14),
        joint in prop::sample::select(vec![" ", ""]),
    ) {
        sane(&words.join(" "))?;
        sane(&words.join(joint))?;
    }

    #[test]
    fn a_range_keeps_its_scale(low in 1u32..99, step in 1u32..50) {
        let text = format!("we have {low} to {} thousand euros", low + step);
        let b = normalize(&text, &Context::default()).unwrap();
        let want = (f64::from(low) * 1e3, f64::from(low + step) * 1e3);
        prop_assume!(low + step < 100);
        prop_assert_eq!((b.min, b.max), (Some(want.0), Some(want.1)));
    }
}

#[test]
fn what_the_money_is() {
    use About::{Cost, Other, PerUnit, Price, Revenue, Spend};
    let table: &[(&str, &[About])] = &[
        ("we lose 20k a month on scrap", &[Cost]),
        ("our turnover is twenty million euros", &[Revenue]),
        ("list price is 48,000 dollars a year", &[Price]),
        ("twelve euros per user per month", &[PerUnit]),
        (
            "twenty seats at 50 dollars a month so a thousand dollars a month total",
            &[PerUnit, Spend],
        ),
        ("anything below two hundred thousand I sign myself", &[Other]),
        ("fifty thousand square feet", &[Other]),
        ("we have forty two trucks", &[]),
        ("the downtime costs us 40k a year but we have 100k to spend", &[Cost, Spend]),
        ("call me on 416 555 0136", &[]),
        ("Two thousand, in industrial bakeries", &[Other]),
        ("thirty-one thousand and growing", &[Other]),
        ("a crate of 500 pounds heavy", &[Other]),
        ("at least twenty thousand, no more than thirty five thousand", &[Spend]),
        ("Hundred thousand, in total", &[Spend]),
        ("there's no budget for this", &[Spend]),
    ];
    for (text, want) in table {
        let got: Vec<About> = find(text, &Context::default()).iter().map(|m| m.about).collect();
        assert_eq!(&got, want, "{text}");
    }
}

#[test]
fn spans_flags_and_currencies() {
    let text = "First they said 30k, sorry, €40k a year.";
    let found = find(text, &Context { default_currency: Some("chf") });
    let cut = |m: &MoneySpan| text.chars().skip(m.start).take(m.end - m.start).collect::<String>();
    assert_eq!(found.iter().map(cut).collect::<Vec<_>>(), ["30k", "€40k a year"]);
    assert_eq!(found.iter().map(|m| m.corrected).collect::<Vec<_>>(), [false, true]);
    assert_eq!(found.iter().map(|m| m.has_currency).collect::<Vec<_>>(), [false, true]);
    assert!(found.iter().all(|m| m.scale_said));
    for (text, default, want) in [
        ("fifty k", Some("EUR"), Some("EUR")),
        ("fifty k", None, None),
        ("fifty thousand dollars", Some("AUD"), Some("AUD")),
        ("fifty thousand dollars", Some("EUR"), Some("USD")),
        ("fifty thousand us dollars", Some("AUD"), Some("USD")),
        ("two million kroner", Some("DKK"), Some("DKK")),
    ] {
        let b = normalize(text, &Context { default_currency: default }).unwrap();
        assert_eq!(b.currency.as_deref(), want, "{text}");
    }
}
