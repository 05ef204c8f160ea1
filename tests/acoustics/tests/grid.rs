//! A run of the grid with recognisers that need no model: one that hears everything, one that
//! hears half, one that breaks.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, bail};
use confee_acoustics::grid::{Bench, Cell, ceiling, cells};
use confee_acoustics::hear::Hear;
use confee_acoustics::talk::Talk;
use confee_acoustics::{RATE, plot, report};
use confee_domain::LossMap;

struct Reader<'a> {
    text: String,
    calls: &'a AtomicUsize,
    whole: bool,
}

impl Hear for Reader<'_> {
    fn hear(&mut self, pcm: &[f32], loss: &LossMap) -> Result<String> {
        assert!(pcm.len() > RATE && loss.lost_ms(0, u64::MAX) < 1_000);
        self.calls.fetch_add(1, Ordering::Relaxed);
        let words: Vec<&str> = self.text.split_whitespace().collect();
        let count = if self.whole { words.len() } else { words.len() / 2 };
        Ok(words[..count].join(" "))
    }

    fn id(&self) -> String {
        format!("reader {}", self.whole)
    }
}

struct Broken;

impl Hear for Broken {
    fn hear(&mut self, _pcm: &[f32], _loss: &LossMap) -> Result<String> {
        bail!("no model")
    }

    fn id(&self) -> String {
        "broken".into()
    }
}

fn talk() -> Talk {
    let story = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core/cli/src/demo/story.opus");
    let mut talk = Talk::load(&story).unwrap();
    talk.pcm.truncate(2 * RATE);
    talk
}

/// Two captures, each heard whole by model 0 and half by model 1.
fn plan() -> Vec<Cell> {
    let all = cells(Some("quant"), &["whole".into(), "half".into()]);
    all.into_iter().filter(|c| c.at == "no babble" || c.at == "5 dB").collect()
}

#[test]
fn measures_once_and_reports() {
    let talks = [talk()];
    let calls = AtomicUsize::new(0);
    let make = |model: usize| -> Result<Box<dyn Hear + '_>> {
        let (text, calls) = (talks[0].text(), &calls);
        Ok(Box::new(Reader { text, calls, whole: model == 0 }))
    };
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("texts");
    let progress = |_: usize, _: usize| {};
    let bench =
        Bench { talks: &talks, hall: &talks, make: &make, cache, jobs: 2, progress: &progress };
    let plan = plan();
    let rows = bench.run(&plan).unwrap();
    assert_eq!((plan.len(), calls.load(Ordering::Relaxed)), (4, 4));
    for row in &rows {
        let rate = row.edits.rate();
        let wanted = if row.cell.model == 0 { 0.0 } else { 0.5 };
        assert!((rate - wanted).abs() < 0.05, "{}: {rate}", row.cell.series);
        assert_eq!(row.edits.substituted + row.edits.inserted, 0);
    }
    let again = bench.run(&plan).unwrap();
    assert_eq!(calls.load(Ordering::Relaxed), 4, "texts are kept");
    assert_eq!(report::csv(&rows), report::csv(&again));

    let table = report::csv(&rows);
    let columns: Vec<usize> = table.lines().map(|l| l.split(',').count()).collect();
    assert!(columns.len() == 5 && columns.iter().all(|c| *c == columns[0]), "{table}");
    let markdown = report::markdown(&rows, &ceiling(&talks).unwrap());
    assert!(markdown.contains("| whole | no babble | 0.0 | 0.0 | 0.0 | 0.0 |"), "{markdown}");
    let picture = plot::svg(&rows);
    assert_eq!(picture.matches("<polyline").count(), 2);
    assert_eq!(picture.matches("<circle").count(), 4);
    assert!(picture.ends_with("</svg>\n") && !picture.contains("NaN"));
}

#[test]
fn a_recogniser_that_breaks_ends_the_run() {
    let talks = [talk()];
    let make = |_: usize| -> Result<Box<dyn Hear>> { Ok(Box::new(Broken)) };
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().to_owned();
    let progress = |_: usize, _: usize| {};
    let bench =
        Bench { talks: &talks, hall: &talks, make: &make, cache, jobs: 2, progress: &progress };
    assert!(bench.run(&plan()).is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
