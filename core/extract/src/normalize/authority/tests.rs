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

#[test]
fn table() {
    check(include_str!("../../../tests/data/authority.tsv"));
}
