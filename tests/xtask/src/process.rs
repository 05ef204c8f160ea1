//! Child processes: shown before they run, silent input, failures as sentences.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use console::{Term, style};

/// Writes one line for the person who watches.
pub(crate) fn say(line: impl AsRef<str>) {
    // Nothing sensible is left to do when the terminal is gone.
    let _ = Term::stderr().write_line(line.as_ref());
}

/// Runs `command` with its output passed through and nothing to read from.
///
/// # Errors
/// When it cannot be started or ends with a failure.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    say(format!("{} {shown}", style("$").for_stderr().dim()));
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("`{shown}` could not be started"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status}); its own messages are above");
    }
    Ok(())
}

/// Runs `command` and returns its standard output.
///
/// # Errors
/// When it cannot be started or ends with a failure.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{shown}` could not be started"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("`{shown}` failed ({}):\n{}", output.status, complaint.trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn shown(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command_and_its_exit_code() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err().to_string();
        assert!(error.contains("sh -c exit 3") && error.contains('3'), "{error}");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = output(&mut Command::new("/nowhere/confee-no-such-tool")).unwrap_err();
        assert!(error.to_string().contains("confee-no-such-tool"), "{error}");
    }

    #[test]
    fn what_a_failed_command_complained_about_is_kept() {
        let error = output(Command::new("sh").args(["-c", "echo no disk >&2; false"])).unwrap_err();
        assert!(error.to_string().contains("no disk"), "{error}");
    }
}
