//! Builds the core for the phones.
//!
//! The pure crates are built. The whole tree is checked, as its C parts (SQLite, ring) need the
//! phones' own C tools: where there are none they get stand-ins that make empty objects. Nothing
//! is linked.

mod tools;

use std::path::Path;
use std::process::Command;

use anyhow::{Result, anyhow};

use crate::process::{output, run};
use crate::workspace::Workspace;
pub(crate) use tools::CTools;

const TARGETS: [&str; 3] = ["aarch64-linux-android", "x86_64-linux-android", "aarch64-apple-ios"];

/// Builds for every target that can be had; returns a sentence for each that was left out.
///
/// # Errors
/// When the core does not build for one of them.
pub(crate) fn check(workspace: &Workspace, may_install: bool) -> Result<Vec<String>> {
    let mut left_out = Vec::new();
    for target in TARGETS {
        match obtain(target, may_install) {
            Ok(()) => build(workspace, target)?,
            Err(why) => left_out.push(format!("{target} was not built: {why:#}")),
        }
    }
    Ok(left_out)
}

/// Makes sure that the standard library for `target` is there.
fn obtain(target: &str, may_install: bool) -> Result<()> {
    let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(target).join("lib").is_dir() {
        return Ok(());
    }
    if !may_install {
        return Err(anyhow!("install it with `rustup target add {target}`"));
    }
    run(Command::new("rustup").args(["target", "add", target]))
}

fn build(workspace: &Workspace, target: &str) -> Result<()> {
    // No stand-ins here: this also proves that these crates are free of C.
    run(workspace.cargo().args(["build", "--locked", "--target", target]).args([
        "--package=confee-domain",
        "--package=confee-extract",
        "--package=confee-sync",
        "--package=confee-audio",
        "--package=confee-models",
        "--package=confee-speech",
        "--no-default-features",
    ]))?;
    let tools = CTools::choose(target, &workspace.target.join("stand-ins"))?;
    let mut whole = workspace.cargo();
    // whisper.cpp needs the real tools; without it candle recognises.
    whole.args(["check", "--locked", "--target", target, "--package=confee-ffi"]);
    whole.arg("--no-default-features");
    run(tools.apply(&mut whole))
}
