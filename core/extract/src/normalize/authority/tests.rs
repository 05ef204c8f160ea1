use super::*;

/// Rows: question (may be empty), text, authority or "-".
fn check(table: &str) {
    let mut wrong = Vec::new();
    let mut all = 0;
    for line in table.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')) {
        all += 1;
        let cols: Vec<&str> = line.split('\t').collect();
        assert!(cols.len() == 3, "columns: {line}");
        let got = if cols[0].is_empty() {
            normalize(cols[1])
        } else {
            from_answer(cols[0], cols[1]).map(|s| s.authority)
        };
        let got = got.map_or_else(|| "-".to_owned(), |a| serde_json::to_string(&a).unwrap());
        if got.trim_matches('"') != cols[2] {
            wrong.push(format!("{} | {}\n    want {}\n    got  {got}", cols[0], cols[1], cols[2]));
        }
    }
    assert!(wrong.is_empty(), "{} of {all} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Reads further rows from the file that `AUTHORITY_ROWS` names.
#[test]
#[ignore = "reads a table of your own: set AUTHORITY_ROWS and run with --ignored"]
fn own_table() {
    let path = std::env::var("AUTHORITY_ROWS").expect("set AUTHORITY_ROWS to a table's path");
    check(&std::fs::read_to_string(path).expect("the table must be readable"));
}

#[test]
fn table() {
    check(include_str!("../../../tests/data/authority.tsv"));
}

#[test]
fn limits_are_conditions() {
    for (text, want) in [
        ("Anything below two hundred thousand a year I sign myself.", true),
        ("under one million i sine it's me", true),
        ("up to 50k it's my call", true),
        ("I sign and that's it", false),
    ] {
        let got = resolve(&find(text)).unwrap();
        assert_eq!((got.authority, got.conditional), (Authority::DecisionMaker, want), "{text}");
    }
}

#[test]
fn another_who_decides_weighs_less_than_the_speakers_own_words() {
    let spans = find("my boss decides but i recommend");
    assert_eq!(resolve(&spans).unwrap().authority, Authority::Influencer);
    assert!(resolve(&find("my boss decides")).unwrap().weight <= 500);
}

mod properties {
    use super::super::*;
    use proptest::prelude::*;

    const WORDS: &str = "i i'm the we my boss board sign decide decides recommend not no don't both and me vote call \
        it's it up to under fifty k one of us , . ? yes alone who ask signatures purchasing say final is have";

    fn mixed() -> impl Strategy<Value = String> {
        let words: Vec<&'static str> = WORDS.split_whitespace().collect();
        prop::collection::vec(prop::sample::select(words), 0..25).prop_map(|w| w.join(" "))
    }

    fn sound(question: &str, answer: &str) {
        let length = answer.chars().count();
        for s in find(answer).into_iter().chain(from_answer(question, answer)) {
            assert!(s.start < s.end && s.end <= length && s.weight <= 1000, "{answer}: {s:?}");
        }
        let _ = normalize(answer);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(question in "\\PC{0,60}", answer in "\\PC{0,60}") {
            sound(&question, &answer);
        }

        #[test]
        fn any_mix_of_words_is_read_without_panic(question in mixed(), answer in mixed()) {
            sound(&question, &answer);
        }
    }

    #[test]
    fn a_long_line_is_read() {
        for part in ["i decide and ", "we both ", "to ", "my boss ", "not "] {
            sound("", &part.repeat(150_000 / part.len()));
        }
    }
}
