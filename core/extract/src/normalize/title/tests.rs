use super::*;

/// The rows of the shared table: phrase, title, seniority, function; "-" where there is none.
fn check(table: &str) {
    let mut wrong = Vec::new();
    let mut all = 0;
    for line in table.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')) {
        all += 1;
        let cols: Vec<&str> = line.split('\t').collect();
        assert!(cols.len() == 2 || cols.len() == 4, "columns: {line}");
        let got = normalize(cols[0]).map_or_else(
            || "-".to_owned(),
            |t| {
                let rank = serde_json::to_string(&t.seniority).unwrap();
                format!(
                    "{}|{}|{}",
                    t.title.as_deref().unwrap_or("-"),
                    rank.trim_matches('"'),
                    t.function.as_deref().unwrap_or("-")
                )
            },
        );
        let want = cols[1..].join("|");
        if got != want {
            wrong.push(format!("{}\n    want {want}\n    got  {got}", cols[0]));
        }
    }
    assert!(wrong.is_empty(), "{} of {all} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Reads further rows from the file that `TITLE_ROWS` names.
#[test]
#[ignore = "reads a table of your own: set TITLE_ROWS and run with --ignored"]
fn own_table() {
    let path = std::env::var("TITLE_ROWS").expect("set TITLE_ROWS to a table's path");
    check(&std::fs::read_to_string(path).expect("the table must be readable"));
}

#[test]
fn table() {
    check(include_str!("../../../tests/data/title.tsv"));
}

#[test]
fn spans_say_whose_title_it_is() {
    use TitleOwner::{Former, Other, Speaker, Unclear};
    type Want<'a> = (&'a str, TitleOwner, bool, &'a str);
    let rows: &[(&str, &[Want])] = &[
        ("I'm the head of it at Acme", &[("head of it", Speaker, true, "head of IT")]),
        ("my boss is the c f o", &[("c f o", Other, false, "CFO")]),
        ("he used to be a plant manager", &[("plant manager", Former, false, "plant manager")]),
        (
            "Joost Verhoeven, operations director at Meerkade",
            &[("operations director", Unclear, false, "operations director")],
        ),
        (
            "I'm the assistant to the CEO",
            &[
                ("assistant to the CEO", Speaker, true, "assistant to the CEO"),
                ("CEO", Other, false, "CEO"),
            ],
        ),
        ("I run procurement", &[("I run procurement", Speaker, true, "")]),
    ];
    for (text, want) in rows {
        let got = find(text);
        assert_eq!(got.len(), want.len(), "{text}: {got:?}");
        for (g, (words, owner, cued, said)) in got.iter().zip(*want) {
            let span: String = text.chars().skip(g.start).take(g.end - g.start).collect();
            assert_eq!(
                (span.as_str(), g.owner, g.cued, g.said.as_str()),
                (*words, *owner, *cued, *said),
                "{text}"
            );
        }
    }
}

mod properties {
    use super::super::*;
    use proptest::prelude::*;

    const WORDS: &str = "i'm i the a of and head manager it c t o vp director lead chief officer to assistant my our , . ? \
        sales not was used be as 's no sorry in for at owner plus run own company / & r d engineers one see oh";

    fn mixed() -> impl Strategy<Value = String> {
        let words: Vec<&'static str> = WORDS.split_whitespace().collect();
        prop::collection::vec(prop::sample::select(words), 0..25).prop_map(|w| w.join(" "))
    }

    fn sound(text: &str) {
        let length = text.chars().count();
        for s in find(text) {
            assert!(s.start < s.end && s.end <= length, "{text}: {s:?}");
            assert!(s.title.title.as_deref() != Some(""), "{text}: {s:?}");
        }
        let _ = normalize(text);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,120}") {
            sound(&text);
        }

        #[test]
        fn any_mix_of_title_words_is_read_without_panic(text in mixed()) {
            sound(&text);
        }
    }

    #[test]
    fn a_long_line_is_read() {
        for part in
            ["head of it ", "c t o ", "and ", "manager of roads and it is ", "i'm the the ", "zzz "]
        {
            sound(&part.repeat(150_000 / part.len()));
        }
    }
}
