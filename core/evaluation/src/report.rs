use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::confidence::Reliability;
use crate::score::{Scores, Tally};

/// Draws for the spread of a figure.
const DRAWS: usize = 400;

/// The figures of some talks, as they are kept in a history and compared with later ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Talks.
    pub talks: usize,
    /// Micro F1 over all fields.
    pub f1: f64,
    /// Its standard deviation over draws of the talks.
    pub f1_spread: f64,
    /// F1 by field.
    pub fields: BTreeMap<String, f64>,
    /// Share of empty scalar fields that was filled.
    pub invented: f64,
    /// The rep's own name or firm given as the visitor's.
    pub attribution_errors: usize,
    /// Share of values whose words stand in the talk.
    pub grounded: f64,
    /// Share of talks rightly taken for a lead or none.
    pub leads: f64,
    /// Expected calibration error.
    pub ece: f64,
    /// Share of values that can be taken while 95 % of them are right.
    pub coverage: f64,
}

impl Summary {
    /// Of talks that were scored one by one. The draws are the same at every call.
    #[must_use]
    pub fn of(talks: &[Scores]) -> Self {
        let all = sum(talks.iter());
        let reliability = Reliability::of(&all.observations);
        let scalars = all.fields.iter().filter(|(name, _)| !is_list(name));
        let scalars = scalars.fold(Tally::default(), |mut sum, (_, tally)| {
            sum += *tally;
            sum
        });
        let values = all.observations.len();
        Self {
            talks: all.talks,
            f1: all.total().f1(),
            f1_spread: spread(talks),
            fields: all.fields.iter().map(|(name, t)| ((*name).to_owned(), t.f1())).collect(),
            invented: scalars.invented_rate(),
            attribution_errors: all.attribution_errors,
            grounded: if values == 0 { 1.0 } else { all.grounded as f64 / values as f64 },
            leads: all.leads_right as f64 / all.talks.max(1) as f64,
            ece: reliability.ece,
            coverage: reliability.coverage,
        }
    }

    /// What is worse than in an earlier release by more than chance: two spreads of the F1, and
    /// any attribution error or value without words.
    #[must_use]
    pub fn worse_than(&self, earlier: &Self) -> Vec<String> {
        let mut worse = Vec::new();
        let noise = 2.0 * self.f1_spread.max(earlier.f1_spread);
        if self.f1 < earlier.f1 - noise {
            worse.push(format!("F1 {:.3}, was {:.3}", self.f1, earlier.f1));
        }
        if self.attribution_errors > earlier.attribution_errors {
            worse.push(format!("{} attribution errors", self.attribution_errors));
        }
        if self.grounded < earlier.grounded {
            worse.push(format!("{:.3} of the values have words", self.grounded));
        }
        worse
    }
}

pub(crate) fn sum<'a>(talks: impl Iterator<Item = &'a Scores>) -> Scores {
    talks.fold(Scores::default(), |mut all, talk| {
        all += talk.clone();
        all
    })
}

pub(crate) fn is_list(field: &str) -> bool {
    matches!(field, "pains" | "competitors")
}

/// Standard deviation of the F1 over draws of talks with replacement.
fn spread(talks: &[Scores]) -> f64 {
    let totals: Vec<Tally> = talks.iter().map(Scores::total).collect();
    let mut random = fastrand::Rng::with_seed(1);
    let draw = |_| {
        let mut drawn = Tally::default();
        (0..totals.len()).for_each(|_| drawn += totals[random.usize(0..totals.len())]);
        drawn.f1()
    };
    let f1s: Vec<f64> = (0..DRAWS).map(draw).collect();
    let mean = f1s.iter().sum::<f64>() / DRAWS as f64;
    (f1s.iter().map(|f1| (f1 - mean).powi(2)).sum::<f64>() / DRAWS as f64).sqrt()
}

/// The table of a view in Markdown: a row a field, F1 of each column's talks.
#[must_use]
pub fn table(columns: &[(&str, &[Scores])]) -> String {
    let sums: Vec<(&str, Scores)> =
        columns.iter().map(|(n, talks)| (*n, sum(talks.iter()))).collect();
    let mut out = String::from("| field |");
    for (name, _) in &sums {
        let _ = write!(out, " {name}: P | R | F1 | invented |");
    }
    let _ = write!(out, "\n|---|{}\n", "---|".repeat(4 * sums.len()));
    let fields: Vec<&str> =
        sums.first().map(|(_, s)| s.fields.keys().copied().collect()).unwrap_or_default();
    for field in fields {
        row(
            &mut out,
            field,
            sums.iter().map(|(_, s)| s.fields.get(field).copied().unwrap_or_default()),
        );
    }
    row(&mut out, "**all**", sums.iter().map(|(_, s)| s.total()));
    out
}

fn row(out: &mut String, name: &str, tallies: impl Iterator<Item = Tally>) {
    let _ = write!(out, "| {name} |");
    for tally in tallies {
        let (p, r, f1) = (tally.precision(), tally.recall(), tally.f1());
        let _ = write!(out, " {p:.2} | {r:.2} | **{f1:.2}** | {:.2} |", tally.invented_rate());
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talks(right: usize, wrong: usize) -> Vec<Scores> {
        let talk = |tally| Scores {
            fields: BTreeMap::from([("name", tally)]),
            talks: 1,
            ..Scores::default()
        };
        let good = talk(Tally { right: 1, ..Tally::default() });
        let bad = talk(Tally { wrong: 1, ..Tally::default() });
        [vec![good; right], vec![bad; wrong]].concat()
    }

    #[test]
    fn a_difference_within_chance_is_no_regression() {
        let (before, after) = (Summary::of(&talks(80, 20)), Summary::of(&talks(78, 22)));
        assert!((before.f1 - 0.8).abs() < 1e-9 && before.f1_spread > 0.02);
        assert_eq!(after.worse_than(&before), Vec::<String>::new());
        assert_eq!(Summary::of(&talks(50, 50)).worse_than(&before).len(), 1);
        let wrong = Summary { attribution_errors: 1, ..after };
        assert_eq!(wrong.worse_than(&before).len(), 1);
    }

    #[test]
    fn summaries_survive_json() {
        let summary = Summary::of(&talks(3, 1));
        let json = serde_json::to_string(&summary).unwrap();
        let back: Summary = serde_json::from_str(&json).unwrap();
        assert_eq!(back.talks, 4);
        assert!((back.f1 - summary.f1).abs() < 1e-12);
    }

    #[test]
    fn tables_have_a_row_a_field() {
        let some = talks(2, 1);
        let text = table(&[("rules", &some), ("both", &some)]);
        assert!(text.contains("| name | 0.67 | 0.67 | **0.67** | 0.00 |"), "{text}");
        assert_eq!(text.lines().count(), 4);
    }
}
