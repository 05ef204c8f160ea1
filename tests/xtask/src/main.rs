//! Every task of the project: `cargo xtask --help` lists them.

mod bindings;
mod demo;
mod devices;
mod foreign;
mod fuzz;
mod layers;
mod needs;
mod process;
mod steps;
mod test;
mod weights;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use console::style;

use process::{run, say};
use workspace::Workspace;

/// Tasks of Confee Companion.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Show a talk on its way from audio to CRM (also: `cargo demo`)
    Demo {
        /// Passed to `confee demo`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
    /// Run every check there is
    Test(test::TestArgs),
    /// Generate Kotlin, Swift and Python
    Bindings {
        /// Replace the committed Swift
        #[arg(long)]
        write: bool,
    },
    /// Measure; results are kept in docs/performance.md
    Bench {
        /// Passed to the benchmarks, such as a name to filter by
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
    /// List what the tasks need from this machine
    Doctor,
}

fn main() -> ExitCode {
    match perform(Cli::parse().task) {
        Ok(code) => code,
        Err(error) => {
            say(format!("{} {error:#}", style("error:").for_stderr().red().bold()));
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<ExitCode> {
    match task {
        Task::Demo { args } => return demo::demo(&args),
        Task::Test(args) => test::test(&args)?,
        Task::Bindings { write: true } => bindings::write(&Workspace::load()?)?,
        Task::Bindings { write: false } => bindings::generate_all(&Workspace::load()?)?,
        Task::Bench { args } => bench(&args)?,
        Task::Doctor => needs::doctor(&Workspace::load()?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn bench(args: &[OsString]) -> Result<()> {
    run(Workspace::load()?.cargo().args(["bench", "--workspace", "--locked", "--"]).args(args))?;
    say("Keep figures worth keeping in docs/performance.md, with the machine and the date.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_demo_gets_its_arguments_unread() {
        let cli = Cli::try_parse_from(["xtask", "demo", "--", "--help", "-x"]).unwrap();
        let Task::Demo { args } = cli.task else { panic!("{cli:?}") };
        assert_eq!(args, ["--help", "-x"]);
    }
}
