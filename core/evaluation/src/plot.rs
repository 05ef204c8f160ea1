//! The reliability diagram: what share of values is right, against how sure we were.

use std::fmt::Write as _;

use crate::confidence::Reliability;

const SIDE: f64 = 260.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 16.0;

/// The diagram as SVG. A circle's area goes by the number of values in it.
#[must_use]
pub fn diagram(reliability: &Reliability) -> String {
    let mut out = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {} {}' font-family='sans-serif' \
         font-size='10'>\n<rect width='100%' height='100%' fill='white'/>\n",
        SIDE + LEFT + 20.0,
        SIDE + TOP + 44.0
    );
    let place = |sure: f64, right: f64| (LEFT + SIDE * sure, TOP + SIDE * (1.0 - right));
    for step in 0..=4 {
        let share = f64::from(step) / 4.0;
        let (x, y) = place(share, share);
        let _ = writeln!(
            out,
            "<path d='M{LEFT} {y}h{SIDE}' stroke='#ddd'/><text x='{}' y='{}' text-anchor='end'>\
             {:.0}</text><text x='{x}' y='{}' text-anchor='middle'>{:.0}</text>",
            LEFT - 4.0,
            y + 3.0,
            100.0 * share,
            TOP + SIDE + 13.0,
            100.0 * share
        );
    }
    let ((x0, y0), (x1, y1)) = (place(0.0, 0.0), place(1.0, 1.0));
    let _ = writeln!(out, "<path d='M{x0} {y0}L{x1} {y1}' stroke='#999' stroke-dasharray='4'/>");
    let most = reliability.bins.iter().map(|(.., n)| *n).max().unwrap_or(1).max(1) as f64;
    let mut line = String::new();
    for (sure, right, count) in &reliability.bins {
        let ((x, y), radius) = (place(*sure, *right), 7.0 * (*count as f64 / most).sqrt());
        let _ = write!(line, "{x:.1},{y:.1} ");
        let _ = writeln!(out, "<circle cx='{x:.1}' cy='{y:.1}' r='{radius:.1}' fill='#1b6ca8'/>");
    }
    let _ = writeln!(out, "<polyline points='{line}' fill='none' stroke='#1b6ca8'/>");
    let _ = writeln!(
        out,
        "<text x='{LEFT}' y='{}'>confidence, % (share right, % upwards); error {:.3}</text>\n</svg>",
        TOP + SIDE + 30.0,
        reliability.ece
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Observation;

    #[test]
    fn a_circle_for_each_bin() {
        let values: Vec<Observation> = (0..40)
            .map(|i| Observation { field: "name", confidence: f64::from(i) / 40.0, right: i > 20 })
            .collect();
        let reliability = Reliability::of(&values);
        let svg = diagram(&reliability);
        assert_eq!(svg.matches("<circle").count(), reliability.bins.len());
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
    }
}
