//! Runs every fuzz target for a few seconds from the committed corpus.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use anyhow::{Context, Result, bail};

use crate::process::{output, run, say};
use crate::workspace::Workspace;

/// Names how long each target runs.
const SECONDS: &str = "CONFEE_FUZZ_SECONDS";
const USUAL_SECONDS: u32 = 5;

/// What libFuzzer writes before the path of the input that failed.
const WRITTEN: &str = "Test unit written to ";

/// The fuzz project, which is a workspace of its own.
struct Project {
    root: PathBuf,
    target: PathBuf,
}

/// Lints, builds and runs the targets.
///
/// # Errors
/// When a build fails, a target has no corpus, or a target fails: names the input that did it.
pub(crate) fn fuzz(workspace: &Workspace) -> Result<()> {
    let seconds = seconds(env::var(SECONDS).ok().as_deref())?;
    let project =
        Project { root: workspace.root.join("tests/fuzz"), target: workspace.target.join("fuzz") };
    run(project.cargo("fmt").arg("--check"))?;
    let profile = ["--profile", "fuzz", "--bins", "--locked"];
    run(project.cargo("clippy").args(profile).args(["--", "-D", "warnings"]))?;
    run(project.cargo("build").args(profile))?;
    for target in targets(&project.root)? {
        project.fuzz(&target, seconds)?;
    }
    Ok(())
}

impl Project {
    fn cargo(&self, task: &str) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // Its flags are in a config file, and the variables would replace them.
        cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        cargo.arg(task).current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        cargo
    }

    fn fuzz(&self, name: &str, seconds: u32) -> Result<()> {
        let found = self.target.join("found");
        let work = self.target.join("corpus").join(name);
        // New inputs go to the first folder; each run begins from the committed ones alone.
        if work.exists() {
            fs::remove_dir_all(&work)?;
        }
        for folder in [&found, &work] {
            fs::create_dir_all(folder)
                .with_context(|| format!("{} could not be written", folder.display()))?;
        }
        say(format!("fuzzing {name} for {seconds} s"));
        let mut fuzzer = self.cargo("run");
        fuzzer.args(["--quiet", "--profile", "fuzz", "--locked", "--bin", name, "--"]);
        fuzzer.arg(format!("-max_total_time={seconds}"));
        fuzzer.args(["-timeout=5", "-rss_limit_mb=1024", "-verbosity=0"]);
        fuzzer.arg(format!("-artifact_prefix={}/{name}-", found.display()));
        fuzzer.arg(&work).arg(self.root.join("corpus").join(name));
        output(&mut fuzzer).map(drop).map_err(|error| {
            let advice = advice(name, reproducer(&error.to_string()));
            error.context(advice)
        })
    }
}

/// The targets by name, in order; each has a corpus.
fn targets(project: &Path) -> Result<Vec<String>> {
    let folder = project.join("targets");
    let entries =
        fs::read_dir(&folder).with_context(|| format!("{} is not there", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let Some(name) = path.file_stem().and_then(|name| name.to_str()) else { continue };
        let corpus = project.join("corpus").join(name);
        if !corpus.is_dir() {
            bail!(
                "fuzz target `{name}` has no corpus: put a valid input into {}",
                corpus.display()
            );
        }
        names.push(name.to_owned());
    }
    names.sort();
    Ok(names)
}

fn seconds(set: Option<&str>) -> Result<u32> {
    let Some(text) = set.filter(|text| !text.is_empty()) else { return Ok(USUAL_SECONDS) };
    match u32::from_str(text) {
        // Zero would mean for ever to libFuzzer.
        Ok(seconds) if seconds > 0 => Ok(seconds),
        _ => bail!("{SECONDS} is `{text}`: set it to the seconds per target, 1 or more"),
    }
}

/// The file that holds the failing input, from what libFuzzer printed.
fn reproducer(printed: &str) -> Option<&str> {
    printed.lines().find_map(|line| Some(line.split_once(WRITTEN)?.1.trim()))
}

fn advice(name: &str, reproducer: Option<&str>) -> String {
    let Some(file) = reproducer else {
        return format!("fuzz target `{name}` failed and left no input");
    };
    format!(
        "fuzz target `{name}` failed; the input is {file}. See it again in tests/fuzz with `cargo \
         run --profile fuzz --bin {name} -- {file}`, and put it into corpus/{name} with the fix"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_a_number_of_seconds_above_zero() {
        assert_eq!(seconds(None).unwrap(), USUAL_SECONDS);
        assert_eq!(seconds(Some("")).unwrap(), USUAL_SECONDS);
        assert_eq!(seconds(Some("60")).unwrap(), 60);
        for odd in ["0", "-1", "1.5", "long"] {
            assert!(seconds(Some(odd)).unwrap_err().to_string().contains(SECONDS), "{odd}");
        }
    }

    #[test]
    fn the_failing_input_is_named() {
        let printed = "==7== ERROR: libFuzzer: deadly signal\n\
                       artifact_prefix='/t/control-'; Test unit written to /t/control-crash-0a1b\n\
                       Base64: AA==\n";
        let file = reproducer(printed);
        assert_eq!(file, Some("/t/control-crash-0a1b"));
        assert!(advice("control", file).contains("--bin control -- /t/control-crash-0a1b"));
        assert_eq!(reproducer("error: could not compile"), None);
    }

    #[test]
    fn a_target_without_a_corpus_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["targets", "corpus/frame"] {
            fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        fs::write(dir.path().join("targets/frame.rs"), "").unwrap();
        assert_eq!(targets(dir.path()).unwrap(), ["frame"]);
        fs::write(dir.path().join("targets/event.rs"), "").unwrap();
        let why = targets(dir.path()).unwrap_err().to_string();
        assert!(why.contains("`event` has no corpus"), "{why}");
    }

    #[test]
    fn the_targets_of_this_checkout_are_found() {
        let root = Workspace::load().unwrap().root;
        assert!(targets(&root.join("tests/fuzz")).unwrap().contains(&"message".to_owned()));
    }
}
