//! `confee`: the whole core from a terminal.

mod args;
mod badge;
mod demo;
mod engine;
mod eval;
mod extract;
mod facts;
mod failure;
mod input;
mod leads;
mod models;
mod normalize;
mod paint;
mod radio;
mod review;
mod sandbox;
mod sync;
mod transcribe;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use args::{Args, Command, SandboxCommand};
use failure::Failure;

fn main() -> ExitCode {
    let args = Args::parse();
    start_log(args.log);
    match run(&args) {
        Ok(code) => code,
        Err(failure) => {
            failure.print();
            failure.code()
        }
    }
}

fn run(args: &Args) -> Result<ExitCode, Failure> {
    match &args.command {
        Command::Badge(badge) => badge::run(args, badge),
        Command::Demo(demo) => demo::run(args, demo),
        Command::Transcribe(transcribe) => transcribe::run(args, transcribe),
        Command::Models(models) => models::run(args, models),
        Command::Eval(eval) => eval::run(args, eval),
        Command::Extract(extract) => extract::run(args, extract),
        Command::Normalize(normalize) => normalize::run(normalize),
        Command::Add(add) => leads::add(args, add),
        Command::Leads(list) => leads::list(args, list),
        Command::Show { id } => leads::show(args, id),
        Command::Review => leads::review(args),
        Command::Sync(sync) => sync::run(args, sync),
        Command::Sandbox { command: SandboxCommand::Serve(serve) } => sandbox::serve(args, serve),
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut Args::command(), "confee", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Log lines go to the standard error; they hold ids and counts, never what was said.
fn start_log(level: args::Level) {
    if let Some(level) = level.filter() {
        tracing_subscriber::fmt()
            .with_max_level(level)
            .with_writer(std::io::stderr)
            .with_target(true)
            .init();
    }
}
