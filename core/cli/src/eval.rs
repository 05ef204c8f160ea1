//! `confee eval`: leads against gold leads.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use confee_companion::{Extractor, LearnedTagger, Sources};
use confee_evaluation::{Conversation, Reliability, Scores, Summary, diagram, score, table};

use crate::args::{Args, EvalArgs};
use crate::failure::Failure;
use crate::paint;

/// Talks scored one by one, by view.
type Views = BTreeMap<String, Vec<Scores>>;

/// Prints tables of a folder of conversations with gold leads, by view; compares with a history.
pub(crate) fn run(args: &Args, eval: &EvalArgs) -> Result<ExitCode, Failure> {
    let talks = read(&eval.folder)?;
    let columns = columns(&talks, eval.tagger.as_deref())?;
    let Some((_, best)) = columns.last() else { return Ok(ExitCode::SUCCESS) };
    let all: Vec<Scores> = best.values().flatten().cloned().collect();
    let summaries: BTreeMap<String, Summary> =
        best.iter().map(|(view, scores)| (view.clone(), Summary::of(scores))).collect();
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &summaries).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        print(&mut out, &columns, &summaries)?;
    }
    if let Some(file) = &eval.svg {
        let observations: Vec<_> = all.iter().flat_map(|s| s.observations.clone()).collect();
        std::fs::write(file, diagram(&Reliability::of(&observations)))?;
    }
    match &eval.history {
        Some(history) => compare(&mut out, history, &summaries, eval.record.as_deref()),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// The rules alone, and with a tagger it alone and both.
fn columns(
    talks: &[Conversation],
    tagger: Option<&Path>,
) -> Result<Vec<(&'static str, Views)>, Failure> {
    let mut extractor = extractor(tagger)?.sources(Sources::Rules);
    let mut columns = vec![("rules", scored(talks, &extractor))];
    let learned = [("model", Sources::Model), ("both", Sources::Both)];
    for (name, sources) in learned.into_iter().filter(|_| tagger.is_some()) {
        extractor = extractor.sources(sources);
        columns.push((name, scored(talks, &extractor)));
    }
    Ok(columns)
}

fn read(folder: &Path) -> Result<Vec<Conversation>, Failure> {
    let shown = folder.display();
    let entries = std::fs::read_dir(folder)
        .map_err(|e| Failure::Input(format!("{shown}: cannot be read ({e}); name a folder")))?;
    let mut files: Vec<_> = entries.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "json" || e == "jsonl"));
    files.sort();
    if files.is_empty() {
        return Err(Failure::Input(format!(
            "{shown}: no .json or .jsonl file; name a folder of conversations"
        )));
    }
    let talks: Result<Vec<Vec<Conversation>>, Failure> = files.iter().map(read_file).collect();
    Ok(talks?.into_iter().flatten().collect())
}

/// One conversation, or one a line.
fn read_file(file: &PathBuf) -> Result<Vec<Conversation>, Failure> {
    let text = std::fs::read_to_string(file)?;
    let lines: Vec<&str> = match file.extension().is_some_and(|e| e == "jsonl") {
        true => text.lines().filter(|line| !line.trim().is_empty()).collect(),
        false => vec![&text],
    };
    let parse = |line: &str| serde_json::from_str(line);
    let talks: Result<_, _> = lines.into_iter().map(parse).collect();
    talks.map_err(|e| Failure::Input(format!("{}: {e}; see docs/evaluation.md", file.display())))
}

fn extractor(model: Option<&Path>) -> Result<Extractor, Failure> {
    let other = |e: &dyn std::fmt::Display| Failure::Other(e.to_string());
    let extractor = match model {
        None => Extractor::with_rules(),
        Some(file) => {
            let tagger = LearnedTagger::load(std::fs::read(file)?, None).map_err(|e| other(&e))?;
            Extractor::with_tagger(Box::new(tagger))
        }
    };
    extractor.map_err(|e| other(&e))
}

fn scored(talks: &[Conversation], extractor: &Extractor) -> Views {
    let bar = paint::bar(talks.len(), "extracting");
    let mut views = Views::new();
    for conversation in talks {
        let lead = extractor.extract(&conversation.talk);
        let scores = score(&lead, conversation.talk.rep(), &conversation.gold);
        views.entry(conversation.variant.clone()).or_default().push(scores);
        bar.inc(1);
    }
    bar.finish_and_clear();
    views
}

fn print(
    out: &mut impl std::io::Write,
    columns: &[(&str, Views)],
    summaries: &BTreeMap<String, Summary>,
) -> Result<(), Failure> {
    for (view, s) in summaries {
        writeln!(out, "## {view}: {} talks\n", s.talks)?;
        let of_view = columns.iter().filter_map(|(name, views)| Some((*name, views.get(view)?)));
        let parts: Vec<(&str, &[Scores])> =
            of_view.map(|(name, scores)| (name, scores.as_slice())).collect();
        writeln!(out, "{}", table(&parts))?;
        writeln!(
            out,
            "F1 {:.3} ± {:.3}; invented {:.3}; lead or none right {:.3}; attribution errors {}; \
             words {:.3}; calibration error {:.3}; coverage at 95 % {:.2}\n",
            s.f1,
            s.f1_spread,
            s.invented,
            s.leads,
            s.attribution_errors,
            s.grounded,
            s.ece,
            s.coverage
        )?;
    }
    Ok(())
}

/// Against the last line of the history; a line of its own is added under a release's name.
fn compare(
    out: &mut impl std::io::Write,
    history: &Path,
    now: &BTreeMap<String, Summary>,
    record: Option<&str>,
) -> Result<ExitCode, Failure> {
    let text = std::fs::read_to_string(history).unwrap_or_default();
    let parse = |line: &str| -> Result<(String, BTreeMap<String, Summary>), Failure> {
        serde_json::from_str(line)
            .map_err(|e| Failure::Input(format!("{}: {e}", history.display())))
    };
    let last = text.lines().rfind(|line| !line.trim().is_empty()).map(parse).transpose()?;
    let mut worse = false;
    for (release, view, then) in
        last.iter().flat_map(|(release, views)| views.iter().map(move |(v, s)| (release, v, s)))
    {
        let found = now.get(view).map_or(vec!["gone".to_owned()], |s| s.worse_than(then));
        for what in found {
            worse = true;
            writeln!(out, "worse than {release}: {view}: {what}")?;
        }
    }
    if let Some(release) = record {
        let line = serde_json::to_string(&(release, now)).map_err(std::io::Error::from)?;
        std::fs::write(history, format!("{text}{line}\n"))?;
    }
    Ok(if worse { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
