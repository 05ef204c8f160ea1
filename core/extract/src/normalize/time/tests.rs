use super::*;
use proptest::prelude::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn context(day: &str) -> Context {
    Context { day: date(day) }
}

fn shown(window: Option<DateWindow>) -> String {
    match window {
        None => "none".to_owned(),
        Some(w) if w.start == w.end => w.start.to_string(),
        Some(w) => format!("{}..{}", w.start, w.end),
    }
}

fn mismatches(table: &str) -> (Vec<String>, usize) {
    let mut day = date("2026-05-12");
    let (mut wrong, mut rows) = (Vec::new(), 0);
    for line in table.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(at) = line.strip_prefix('@') {
            day = date(at.trim());
            continue;
        }
        let (text, want) = line.split_once('\t').expect(line);
        let got = shown(normalize(text, &Context { day }));
        rows += 1;
        if got != want.trim() {
            wrong.push(format!("{day} {text:?}: want {want}, got {got}"));
        }
    }
    (wrong, rows)
}

#[test]
fn phrases_and_sentences() {
    let table = include_str!("../../../tests/data/time.tsv");
    let (wrong, rows) = mismatches(table);
    assert!(wrong.is_empty(), "{} of {rows}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Measures a table outside the repository, named by the environment.
#[test]
#[ignore = "needs TIME_TABLE"]
fn measure() {
    let table = std::fs::read_to_string(std::env::var("TIME_TABLE").unwrap()).unwrap();
    let (wrong, rows) = mismatches(&table);
    println!("{} of {rows} wrong\n{}", wrong.len(), wrong.join("\n"));
}

const MIX: &[&str] = &[
    "in",
    "by",
    "before",
    "not",
    "next",
    "last",
    "this",
    "the",
    "of",
    "week",
    "month",
    "year",
    "quarter",
    "end",
    "early",
    "may",
    "march",
    "friday",
    "third",
    "twenty",
    "seven",
    "two",
    "to",
    "q",
    "3",
    "2027",
    "31",
    "february",
    "29",
    "after",
    "that",
    "from",
    "a",
    "half",
    "and",
    "or",
    "first",
    "fiscal",
    "starts",
    "9999",
    "christmas",
    ",",
    ".",
    "/",
    "-",
    "sorry",
    "no",
    "since",
    "ago",
    "for",
    "every",
    "12.5",
    "weeks",
    "h",
    "kw",
    "53",
    "monday",
    "hundred",
    "later",
];

proptest! {
    #[test]
    fn any_text_gives_ordered_spans(text in "\\PC{0,120}") {
        check_spans(&text);
    }

    #[test]
    fn any_mix_of_its_own_words_gives_ordered_spans(
        picks in proptest::collection::vec(0..MIX.len(), 0..40),
        offset in -700_000_i64..2_900_000,
    ) {
        let text: Vec<&str> = picks.iter().map(|p| MIX[*p]).collect();
        check_spans(&text.join(" "));
        if let Some(day) = calendar::plus_days(date("2026-05-12"), offset) {
            let _ = find(&text.join(" "), &Context { day });
        }
    }
}

fn check_spans(text: &str) {
    let length = text.chars().count();
    let mut last = 0;
    for span in find(text, &context("2026-05-12")) {
        assert!(span.start >= last && span.end > span.start && span.end <= length, "{text:?}");
        assert!(span.window.start <= span.window.end, "{text:?}");
        last = span.end;
    }
}

#[test]
fn the_ends_of_the_calendar_are_no_panic() {
    for day in [NaiveDate::MIN, NaiveDate::MAX] {
        for a in MIX {
            for b in MIX {
                let _ = find(&format!("{a} {b} may next year in two weeks"), &Context { day });
            }
        }
    }
}

#[test]
fn a_very_long_line_ends() {
    let text = "not before the end of next year or may 3 to ".repeat((1 << 18) / 44);
    assert!(find(&text, &context("2026-05-12")).len() > 1000);
}

#[test]
fn spans_tell_what_is_said() {
    let cx = context("2026-05-12");
    let text = "We had it since 2019. Not next week, call me Tuesday, sorry, Wednesday, asap.";
    let spans = find(text, &cx);
    let cut = |s: &TimeSpan| text[s.start..s.end].to_owned();
    let seen: Vec<_> = spans.iter().map(|s| (cut(s), s.kind)).collect();
    let want = [
        ("since 2019", TimeKind::Past),
        ("next week", TimeKind::Point),
        ("Tuesday", TimeKind::Point),
        ("Wednesday", TimeKind::Point),
        ("asap", TimeKind::Deadline),
    ];
    assert_eq!(seen, want.map(|(t, k)| (t.to_owned(), k)));
    assert!(spans[1].negated && spans[3].corrected && spans[4].urgent);
    assert!(!spans[2].negated && !spans[2].corrected);
}
