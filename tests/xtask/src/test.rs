//! `cargo xtask test`: runs the steps, tells which one runs, how long it took and what it left out.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;
use console::style;

use crate::needs::{Installer, Machine};
use crate::process::say;
use crate::steps::{LeftOut, STEPS, Session, Step, needs_of, select};
use crate::workspace::Workspace;

/// Choices of `cargo xtask test`.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Run this step only; may be given more than once
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// Leave this step out; may be given more than once
    #[arg(long, value_name = "STEP")]
    skip: Vec<String>,
    /// Show the steps instead of running them
    #[arg(long)]
    list: bool,
    /// Never install anything: say what is missing instead
    #[arg(long)]
    no_install: bool,
}

/// Runs the chosen steps in order and stops at the first that fails.
///
/// # Errors
/// When a step fails or a tool is missing.
pub(crate) fn test(args: &TestArgs) -> Result<()> {
    if args.list {
        for step in STEPS {
            say(format!("{:9} {}", step.name, step.about));
        }
        return Ok(());
    }
    let steps = select(&args.only, &args.skip)?;
    let session = Session { workspace: Workspace::load()?, may_install: !args.no_install };
    let machine = Machine::this(session.workspace.tools());
    let installer = Installer::new(machine, session.may_install);
    installer.prepare(&needs_of(&steps))?;

    let begin = Instant::now();
    let mut left_out = LeftOut::new();
    for (index, step) in steps.iter().enumerate() {
        let number = format!("[{}/{}]", index + 1, steps.len());
        left_out.extend(run_step(step, &number, &session, &installer)?);
    }
    say(closing(steps.len(), begin.elapsed(), &left_out));
    Ok(())
}

fn run_step(
    step: &Step,
    number: &str,
    session: &Session,
    installer: &Installer,
) -> Result<LeftOut> {
    say(format!("\n{} {}", style(number).for_stderr().bold(), heading(step)));
    let begin = Instant::now();
    let result = installer.finish(step.needs).and_then(|()| (step.run)(session));
    let took = duration(begin.elapsed());
    match &result {
        Ok(_) => say(format!("{number} {} {} in {took}", step.name, style("passed").green())),
        Err(_) => say(format!("{number} {} {} after {took}", step.name, style("FAILED").red())),
    }
    result.with_context(|| {
        let name = step.name;
        format!("step `{name}` failed; run just it again with `cargo xtask test --only {name}`")
    })
}

fn heading(step: &Step) -> String {
    format!("{}: {}", style(step.name).for_stderr().bold(), step.about)
}

fn closing(steps: usize, took: Duration, left_out: &[String]) -> String {
    let took = duration(took);
    let passed =
        if steps == 1 { "the step passed".into() } else { format!("all {steps} steps passed") };
    let mut text = format!("\n{passed} in {took}");
    for sentence in left_out {
        text.push_str("\n  left out: ");
        text.push_str(sentence);
    }
    text
}

fn duration(took: Duration) -> String {
    let seconds = took.as_secs();
    match seconds {
        0..60 => format!("{:.1} s", took.as_secs_f64()),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        let table =
            [(0, "0.0 s"), (900, "0.9 s"), (61_000, "1 min 01 s"), (3_600_000, "60 min 00 s")];
        for (millis, want) in table {
            assert_eq!(duration(Duration::from_millis(millis)), want);
        }
    }

    #[test]
    fn what_was_left_out_is_said_at_the_end() {
        let text = closing(2, Duration::from_secs(5), &["iOS was not built".to_owned()]);
        assert!(
            text.contains("all 2 steps passed") && text.ends_with("left out: iOS was not built")
        );
    }

    #[test]
    fn a_failure_says_how_to_run_the_step_again() {
        let step = Step { name: "fmt", about: "", needs: &[], run: |_| anyhow::bail!("why") };
        let session = Session { workspace: Workspace::load().unwrap(), may_install: false };
        let machine = Machine::this(session.workspace.tools());
        let error =
            run_step(&step, "[1/1]", &session, &Installer::new(machine, false)).unwrap_err();
        let text = format!("{error:#}");
        assert!(text.contains("--only fmt") && text.contains("why"), "{text}");
    }
}
