//! Tables of results.

use std::fmt::Write as _;

use confee_evaluation::Scores;

use crate::entities::Kind;
use crate::grid::Row;

/// Comma separated values with a heading; counts, not shares, so that tables can be added.
#[must_use]
pub fn csv(rows: &[Row]) -> String {
    let mut out = String::from("group,series,at,words,substituted,deleted,inserted");
    for kind in Kind::ALL {
        let _ = write!(out, ",{0}_found,{0}_said", kind.label());
    }
    out.push_str(",fields_correct,fields_wrong,fields_missed,fields_invented\n");
    for row in rows {
        let (cell, e) = (&row.cell, &row.edits);
        let series = cell.series.replace(',', ";");
        let _ = write!(out, "{},{series},{}", cell.group, cell.at);
        let _ = write!(out, ",{},{},{},{}", e.words, e.substituted, e.deleted, e.inserted);
        for (found, said) in row.survival.0 {
            let _ = write!(out, ",{found},{said}");
        }
        let f = row.scores.total();
        let _ = writeln!(out, ",{},{},{},{}", f.right, f.wrong, f.missed, f.invented);
    }
    out
}

/// One Markdown table a group; `ceiling` is what the talks' own texts score.
#[must_use]
pub fn markdown(rows: &[Row], ceiling: &Scores) -> String {
    let mut out = format!(
        "Fields F1 of the talks' own texts, which no capture can beat: {:.2}.\n",
        ceiling.total().f1()
    );
    for group in rows.chunk_by(|a, b| a.cell.group == b.cell.group) {
        let _ = writeln!(out, "\n### {}\n", group.first().map_or("", |r| r.cell.group));
        out.push_str("| | | WER % | sub | del | ins");
        Kind::ALL.iter().for_each(|k| {
            let _ = write!(out, " | {}", k.label());
        });
        out.push_str(" | fields F1 |\n");
        out.push_str(&"|---".repeat(7 + Kind::ALL.len()));
        out.push_str("|\n");
        group.iter().for_each(|row| line(&mut out, row));
    }
    out
}

fn line(out: &mut String, row: &Row) {
    let e = &row.edits;
    let percent = |n: usize| 100.0 * n as f64 / e.words.max(1) as f64;
    let _ = write!(
        out,
        "| {} | {} | {:.1} | {:.1} | {:.1} | {:.1}",
        row.cell.series,
        row.cell.at,
        100.0 * e.rate(),
        percent(e.substituted),
        percent(e.deleted),
        percent(e.inserted)
    );
    for (found, said) in row.survival.0 {
        let _ = write!(out, " | {found}/{said}");
    }
    let _ = writeln!(out, " | {:.2} |", row.scores.total().f1());
}
