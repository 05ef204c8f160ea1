//! `cargo demo`: builds the command-line program and lets it show itself.

use std::ffi::OsString;
use std::process::{Command, ExitCode, ExitStatus};

use anyhow::{Context, Result};

use crate::needs::{Installer, Machine, Need};
use crate::process::run;
use crate::workspace::Workspace;

/// Runs `confee demo` with `args` and hands on its exit code.
///
/// # Errors
/// When a tool is missing or the build fails.
pub(crate) fn demo(args: &[OsString]) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    let machine = Machine::this(workspace.tools());
    Installer::new(machine, true).prepare(&[Need::CCompiler, Need::CppCompiler, Need::CMake])?;
    let build = ["build", "--locked", "--package", "confee-cli", "--bin", "confee"];
    run(workspace.cargo().args(build))?;
    let program = workspace.binary("confee");
    let status = Command::new(&program)
        .arg("demo")
        .args(args)
        .status()
        .with_context(|| format!("{} could not be started", program.display()))?;
    Ok(exit_code(status))
}

fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}
