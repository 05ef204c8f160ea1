use super::*;
use proptest::prelude::*;

const TABLE: &str = include_str!("../../../tests/data/email.tsv");

#[test]
fn phrases() {
    let mut wrong = Vec::new();
    for line in TABLE.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        let cells: Vec<&str> = line.split('\t').collect();
        let cx = Context { name: cells.get(2).copied(), company: cells.get(3).copied() };
        let got = normalize(cells[1], &cx);
        if got.as_deref().unwrap_or("-") != cells[0] {
            wrong.push(format!("{}: {got:?}, want {}", cells[1], cells[0]));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn remarks_mend_an_address() {
    let table = [
        ("b.nogueira@serazul.com.br", "Serra with double r", Some("b.nogueira@serrazul.com.br")),
        ("b@seraazul.com.br", "S, E, R, R, A, A, Z, U, L.", Some("b@serraazul.com.br")),
        ("b@serraazul.com.br", "Serra with double r, and both a's", None),
        ("abrennan@stcolmans.ie", "Two n's in the middle, no dot after the a.", None),
        (
            "a.brenan@stcolmans.ie",
            "two n's in the middle, no dot after the a",
            Some("abrennan@stcolmans.ie"),
        ),
        ("j@meerkade.nl", "Meer with a double e, kade with a k?", None),
        ("j@meercade.nl", "kade with a k", Some("j@meerkade.nl")),
        ("e@harvestlane.com", "Dot com dot n g.", Some("e@harvestlane.com.ng")),
        ("e@harvestlane.com", "sorry, dot co dot uk", Some("e@harvestlane.co.uk")),
        ("t.lindkvist@nordwind.com", "L I N D Q V I S T", Some("t.lindqvist@nordwind.com")),
        ("a.b@c.de", "no dot", Some("ab@c.de")),
        ("a@x-y.de", "without the hyphen", Some("a@xy.de")),
        ("anna@acme.io", "only one n", Some("ana@acme.io")),
        ("anna@acme.io", "see you at three with a coffee", None),
        ("anna@acme.io", "", None),
    ];
    for (address, hint, want) in table {
        assert_eq!(mend(address, hint).as_deref(), want, "{address} {hint}");
    }
}

#[test]
fn spans_and_flags() {
    let text = "é it is jane dot doe at acme dot io thanks";
    let s = &find(text, &Context::default())[0];
    let said: String = text.chars().skip(s.start).take(s.end - s.start).collect();
    assert_eq!(said, "jane dot doe at acme dot io");
    assert!(s.complete && !s.corrected);
    let two = find("a.b@acme.com no sorry c.d@acme.com", &Context::default());
    assert!(two.len() == 2 && two[1].corrected && !two[0].corrected);
    let half = find("jane dot doe at acme", &Context::default());
    assert!(half.len() == 1 && !half[0].complete);
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,80}", hint in "\\PC{0,40}") {
        let n = text.chars().count();
        for s in find(&text, &Context::default()) {
            prop_assert!(s.start < s.end && s.end <= n);
        }
        let _ = mend(&text, &hint);
    }

    #[test]
    fn written_marks_in_any_order(text in "(email )?[a-c1.@_+, -]{0,24}(com|com\\.br)?[ ,.@-]{0,2}") {
        for s in find(&text, &Context::default()) {
            let _ = mend(&s.address, &text);
        }
        let _ = mend(&text, "double a in abc, no dot after the b, abc with a c");
    }

    #[test]
    fn its_own_words_in_any_order(words in prop::collection::vec(prop::sample::select(vec![
        "at", "dot", "com", "@", ".", "-", "underscore", "jane", "a", "i", "with", "no", "double",
        "r", "two", "n's", "first", "last", "name", "my", "email", "is", "sorry", "c", "o", "uk",
        "that's", ",", "then", "sign", "the", "rate", "gmail", "one", "word", "é", "4.2", "add",
    ]), 0..40)) {
        let text = words.join(" ");
        let cx = Context { name: Some("Jane Doe"), company: None };
        for s in find(&text, &cx) {
            prop_assert_eq!(s.address.matches('@').count(), 1);
            let _ = mend(&s.address, &text);
        }
    }

    #[test]
    fn spoken_addresses_come_back(first in "[b-hj-z]{4,9}", last in "[b-hj-z]{4,9}") {
        prop_assume!(!words::is_common(&first) && !words::is_common(&last));
        prop_assume!(!words::ends_domain(&last));
        let said = format!("yes it's {first} dot {last} at {last} dot com");
        let want = format!("{first}.{last}@{last}.com");
        prop_assert_eq!(normalize(&said, &Context::default()), Some(want));
    }
}

#[test]
fn long_lines_end() {
    let units = [
        "at ",
        "a.",
        "1.",
        "first name ",
        "j dot k at l dot com no ",
        "@",
        "s p e l l e d at ",
        "a dot ",
        "with a k at x dot de ",
        "with double r ",
        "plus ",
        ", ",
        "email a.b.c.com ",
    ];
    for unit in units {
        let text = unit.repeat(30_000 / unit.len());
        let cx = Context { name: Some("Jane Doe"), company: None };
        let _ = find(&text, &cx);
    }
}
