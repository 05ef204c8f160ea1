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

#[test]
fn table() {
    check(include_str!("../../../tests/data/title.tsv"));
}
