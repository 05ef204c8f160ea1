use super::*;
use proptest::prelude::*;

const TABLE: &str = include_str!("../../../tests/data/phone.tsv");

#[test]
fn phrases() {
    let mut wrong = Vec::new();
    for line in TABLE.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        let (want, text) = line.split_once('\t').unwrap();
        let got = normalize(text);
        if got.as_deref().unwrap_or("-") != want {
            wrong.push(format!("{text}: {got:?}, want {want}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn extensions_stand_apart() {
    for (text, number, ext) in [
        ("call 020 7946 0018 extension for one-two", "02079460018", Some("412")),
        ("phone 020 7946 0018 ext. 12", "02079460018", Some("12")),
        ("phone 416 555 0136 x412", "4165550136", Some("412")),
        ("phone 416 555 0136", "4165550136", None),
        ("four one six five five five oh one three six extension twelve", "4165550136", Some("12")),
    ] {
        let span = &find(text)[0];
        assert_eq!((span.number.as_str(), span.extension.as_deref()), (number, ext), "{text}");
    }
}

#[test]
fn spans_and_flags() {
    let text = "é my mobile is zero five zero five five five zero one two nine thanks";
    let span = &find(text)[0];
    assert!(span.cued && !span.corrected && span.score > 800);
    let said: String = text.chars().skip(span.start).take(span.end - span.start).collect();
    assert_eq!(said, "zero five zero five five five zero one two nine");
    assert!(find("my cell 0171 555 12 34, no sorry, 0172 555 12 34").last().unwrap().corrected);
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,80}") {
        let n = text.chars().count();
        for s in find(&text) {
            prop_assert!(s.start < s.end && s.end <= n);
        }
    }

    #[test]
    fn its_own_words_in_any_order(words in prop::collection::vec(prop::sample::select(vec![
        "plus", "+", "zero", "oh", "double", "five", "forty", "nineteen", "hundred", "thousand",
        "and", "no", "sorry", "for", "to", "555", "12", "-", "(", ")", "0", "extension", "ext.",
        "country", "code", "phone", "uh", "then", ",", ".", "€", "1,200", "192.168.1.10",
    ]), 0..40)) {
        let text = words.join(" ");
        for s in find(&text) {
            let digits = s.number.trim_start_matches('+');
            prop_assert!((6..=15).contains(&digits.len()));
            prop_assert!(digits.bytes().all(|b| b.is_ascii_digit()));
        }
    }
}

#[test]
fn long_lines_end() {
    for unit in ["5", "5 ", "no 5 ", "1,", "five to ", "plus ", "( 0 ) ", "phone 555 0136 no "] {
        let _ = find(&unit.repeat(30_000 / unit.len()));
    }
}
