//! A picture of the word error rates: one panel a group, one line a series.

use std::fmt::Write as _;

use crate::grid::Row;

const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 230.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 30.0;
const PLOT: (f64, f64) = (350.0, 150.0);
const COLOURS: [&str; 4] = ["#1b6ca8", "#c8553d", "#3c8d40", "#8a5aa8"];

/// The picture as SVG. Panels stand two a row; each has its own scale, from 0.
#[must_use]
pub fn svg(rows: &[Row]) -> String {
    let groups: Vec<&[Row]> = rows.chunk_by(|a, b| a.cell.group == b.cell.group).collect();
    let height = HEIGHT * groups.len().div_ceil(2) as f64;
    let mut out = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {} {height}' \
         font-family='sans-serif' font-size='10'>\n<rect width='100%' height='100%' fill='white'/>\n",
        2.0 * WIDTH
    );
    for (n, group) in groups.iter().enumerate() {
        let (x, y) = ((n % 2) as f64 * WIDTH, (n / 2) as f64 * HEIGHT);
        let _ = writeln!(out, "<g transform='translate({x} {y})'>");
        panel(&mut out, group);
        out.push_str("</g>\n");
    }
    out.push_str("</svg>\n");
    out
}

fn panel(out: &mut String, group: &[Row]) {
    let most = group.iter().map(|r| r.edits.rate()).fold(0.0, f64::max);
    let top = ((10.0 * most).ceil() / 10.0).max(0.1);
    let title = group.first().map_or("", |r| r.cell.group);
    let _ = writeln!(out, "<text x='{LEFT}' y='18' font-size='13'>{title}: word errors, %</text>");
    for step in 0..=4 {
        let share = f64::from(step) / 4.0;
        let y = TOP + PLOT.1 * (1.0 - share);
        let _ = writeln!(
            out,
            "<path d='M{LEFT} {y:.1}h{}' stroke='#ddd'/><text x='{}' y='{:.1}' \
             text-anchor='end'>{:.0}</text>",
            PLOT.0,
            LEFT - 4.0,
            y + 3.0,
            100.0 * top * share
        );
    }
    for (n, series) in group.chunk_by(|a, b| a.cell.series == b.cell.series).enumerate() {
        line(out, series, n, top);
    }
}

fn line(out: &mut String, series: &[Row], n: usize, top: f64) {
    let colour = COLOURS[n % COLOURS.len()];
    let step = PLOT.0 / series.len().max(1) as f64;
    let mut points = String::new();
    for (at, row) in series.iter().enumerate() {
        let x = LEFT + step * (at as f64 + 0.5);
        let y = TOP + PLOT.1 * (1.0 - row.edits.rate() / top);
        let _ = write!(points, "{x:.1},{y:.1} ");
        let _ = writeln!(out, "<circle cx='{x:.1}' cy='{y:.1}' r='2.5' fill='{colour}'/>");
        if n == 0 {
            let label = escaped(&row.cell.at);
            let y = TOP + PLOT.1 + 14.0;
            let _ = writeln!(out, "<text x='{x:.1}' y='{y}' text-anchor='middle'>{label}</text>");
        }
    }
    let _ = writeln!(out, "<polyline points='{points}' fill='none' stroke='{colour}'/>");
    let (x, y) = (LEFT + 175.0 * (n % 2) as f64, TOP + PLOT.1 + 29.0 + 13.0 * (n / 2) as f64);
    let label = series.first().map_or(String::new(), |r| escaped(&r.cell.series));
    let _ = writeln!(out, "<text x='{x}' y='{y}' fill='{colour}'>{label}</text>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
