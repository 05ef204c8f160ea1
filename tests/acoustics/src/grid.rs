//! The grid of measurements: which captures are compared, and what each leaves of the talks.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, anyhow};
use confee_evaluation::Scores;
use confee_extract::Extractor;
use sha2::{Digest, Sha256};

use crate::booth::{self, Mics};
use crate::capture::{Capture, capture};
use crate::entities::{Survival, survival};
use crate::fields::{attribute, score};
use crate::hear::Hear;
use crate::talk::Talk;
use crate::words::{Edits, edits};

mod plan;

pub use plan::{GROUPS, cells};

/// Goes up when the mixer changes, so that old results are not taken for new ones.
const MIXER: u32 = 1;

/// One measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What is varied.
    pub group: &'static str,
    /// One line of the group's plot.
    pub series: String,
    /// Place on the line.
    pub at: String,
    /// The capture.
    pub capture: Capture,
    /// Which of the models, from 0.
    pub model: usize,
}

/// A measured cell: sums over all talks.
#[derive(Debug, Clone)]
pub struct Row {
    /// What was measured.
    pub cell: Cell,
    /// Word errors.
    pub edits: Edits,
    /// Entities that are still there.
    pub survival: Survival,
    /// Fields of the extracted leads.
    pub scores: Scores,
}

/// Makes the recogniser of a model, by its number; each thread makes its own.
pub type MakeHear<'a> = dyn Fn(usize) -> Result<Box<dyn Hear + 'a>> + Sync + 'a;

/// What a run works on.
pub struct Bench<'a> {
    /// The talks that are measured.
    pub talks: &'a [Talk],
    /// All talks: those that are not being measured are the babble.
    pub hall: &'a [Talk],
    /// Recognisers.
    pub make: &'a MakeHear<'a>,
    /// Where texts are kept from run to run.
    pub cache: PathBuf,
    /// Threads that work at once.
    pub jobs: usize,
    /// Hears how many texts are done, of how many.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
}

impl Bench<'_> {
    /// Measures every cell. Texts that are kept from an earlier run are not made again.
    ///
    /// # Errors
    /// A recogniser fails, or the cache cannot be written.
    pub fn run(&self, cells: &[Cell]) -> Result<Vec<Row>> {
        std::fs::create_dir_all(&self.cache)
            .with_context(|| format!("cannot make {}", self.cache.display()))?;
        let models = cells.iter().map(|c| c.model).max().map_or(0, |m| m + 1);
        let salts: Vec<String> = (0..models).map(|m| self.salt(m)).collect::<Result<_>>()?;
        self.transcribe(cells, &salts)?;
        let extractor = Extractor::with_rules()?;
        let row = |cell: &Cell| {
            let text = |talk: &Talk| {
                Ok(std::fs::read_to_string(self.file(&salts[cell.model], cell, talk))?)
            };
            rate(cell.clone(), self.talks, &extractor, text)
        };
        cells.iter().map(row).collect()
    }

    /// Fills the cache. Talk by talk, so that half a run already compares like with like.
    fn transcribe(&self, cells: &[Cell], salts: &[String]) -> Result<()> {
        let mut known = HashSet::new();
        let pairs = self.talks.iter().flat_map(|talk| cells.iter().map(move |cell| (talk, cell)));
        let jobs: Vec<(&Talk, &Cell, PathBuf)> = pairs
            .map(|(talk, cell)| (talk, cell, self.file(&salts[cell.model], cell, talk)))
            .filter(|(_, _, file)| !file.exists() && known.insert(file.clone()))
            .collect();
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let failure = Mutex::new(None);
        std::thread::scope(|scope| {
            for _ in 0..self.jobs.max(1) {
                scope.spawn(|| {
                    while let Some((talk, cell, file)) =
                        jobs.get(next.fetch_add(1, Ordering::Relaxed))
                    {
                        if let Err(error) = self.job(talk, cell, file) {
                            next.store(jobs.len(), Ordering::Relaxed);
                            failure.lock().map(|mut f| *f = Some(error)).ok();
                            return;
                        }
                        (self.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, jobs.len());
                    }
                });
            }
        });
        let failure =
            failure.into_inner().map_err(|_| anyhow!("a thread of the grid broke off"))?;
        failure.map_or(Ok(()), Err)
    }

    fn job(&self, talk: &Talk, cell: &Cell, file: &Path) -> Result<()> {
        let voices = match cell.capture.scene.snr_db {
            Some(_) => booth::voices(self.hall, &talk.id),
            None => Vec::new(),
        };
        let (pcm, loss) = capture(talk, &voices, &cell.capture)?;
        let mut hear = (self.make)(cell.model)?;
        hear.names(&self.names());
        let text = hear.hear(&pcm, &loss)?;
        // Renamed when it is whole, so that a run that is broken off leaves no half text.
        let half = file.with_extension("part");
        std::fs::write(&half, text)?;
        Ok(std::fs::rename(half, file)?)
    }

    /// A list of accounts and rivals as an app would have it: those of all talks.
    fn names(&self) -> Vec<String> {
        self.hall.iter().flat_map(Talk::firms).collect()
    }

    /// What all texts of a model hang on: mixer, recogniser and the sound of all talks.
    fn salt(&self, model: usize) -> Result<String> {
        let mut hash = Sha256::new();
        hash.update(MIXER.to_le_bytes());
        hash.update((self.make)(model)?.id());
        for talk in self.hall {
            hash.update(talk.pcm.iter().flat_map(|s| s.to_le_bytes()).collect::<Vec<u8>>());
        }
        Ok(hex(&hash.finalize()))
    }

    fn file(&self, salt: &str, cell: &Cell, talk: &Talk) -> PathBuf {
        let settings = serde_json::to_string(&cell.capture).unwrap_or_default();
        let key = Sha256::digest(format!("{salt}\n{settings}\n{}", talk.id));
        self.cache.join(format!("{}.txt", hex(&key)))
    }
}

/// Scores what was heard of each talk.
///
/// # Errors
/// A text cannot be had.
pub fn rate(
    cell: Cell,
    talks: &[Talk],
    extractor: &Extractor,
    heard: impl Fn(&Talk) -> Result<String>,
) -> Result<Row> {
    let (mut sum, mut left) = (Edits::default(), Survival::default());
    let mut scores = Scores::default();
    for talk in talks {
        let heard = heard(talk)?;
        let text = talk.text();
        sum += edits(&text, &heard);
        left += survival(&talk.gold, &text, &heard);
        scores += score(extractor, attribute(&talk.transcript, &heard).as_ref(), &talk.gold);
    }
    Ok(Row { cell, edits: sum, survival: left, scores })
}

/// What the texts themselves score: the best that any capture can reach.
///
/// # Errors
/// The extractor's rules cannot be read.
pub fn ceiling(talks: &[Talk]) -> Result<Scores> {
    let extractor = Extractor::with_rules()?;
    let mut scores = Scores::default();
    for talk in talks {
        scores += score(&extractor, Some(&talk.transcript), &talk.gold);
    }
    Ok(scores)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(16).map(|b| format!("{b:02x}")).collect()
}

/// How a pair of microphones is called.
fn mics_label(mics: Mics, beam: bool) -> &'static str {
    match (mics, beam) {
        (Mics::One, _) => "one microphone",
        (Mics::Vertical, true) => "vertical pair, beam",
        (Mics::Horizontal, true) => "pair side by side, beam",
        (_, false) => "pair, first microphone only",
    }
}
