//! What cargo knows about this checkout, and where things go.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process::output;

/// The part of `cargo metadata` that the tasks use.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

/// A crate of the workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) dependencies: Vec<Dependency>,
}

/// A dependency as a manifest declares it.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `None` for an ordinary dependency, else `"dev"` or `"build"`.
    pub(crate) kind: Option<String>,
    pub(crate) optional: bool,
}

/// The checkout and its directories.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Cargo's target directory, wherever the environment or a config file put it.
    pub(crate) target: PathBuf,
    /// Downloads and tools that outlive a target directory.
    pub(crate) cache: PathBuf,
    pub(crate) packages: Vec<Package>,
}

impl Workspace {
    /// Asks cargo about the workspace that contains the current directory.
    ///
    /// # Errors
    /// When `cargo metadata` fails or no cache directory can be named.
    pub(crate) fn load() -> Result<Self> {
        let text = output(cargo().args(["metadata", "--format-version=1", "--no-deps"]))?;
        let metadata: Metadata = serde_json::from_str(&text)
            .context("`cargo metadata` printed something else than expected")?;
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
            cache: cache_dir(|name| env::var_os(name))?,
            packages: metadata.packages,
        })
    }

    /// Cargo, started at the root of the checkout.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = cargo();
        command.current_dir(&self.root);
        command
    }

    /// A program that a dev-profile build of the workspace makes.
    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        self.dev_dir().join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// Where the dev profile puts programs and libraries.
    pub(crate) fn dev_dir(&self) -> PathBuf {
        self.target.join("debug")
    }

    /// Where installed tools live, laid out as `cargo install --root` does.
    pub(crate) fn tools(&self) -> PathBuf {
        self.cache.join("tools")
    }

    /// Builds every library and program in the dev profile.
    ///
    /// `--tests` is there for its features: without it cargo would leave out those of the
    /// dev-dependencies and compile much of the tree a second time after `cargo test`.
    ///
    /// # Errors
    /// When the build fails.
    pub(crate) fn build(&self) -> Result<()> {
        crate::process::run(self.cargo().args([
            "build",
            "--workspace",
            "--lib",
            "--bins",
            "--tests",
            "--locked",
        ]))
    }
}

fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

fn cache_dir(var: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf> {
    let dir = |name: &str| var(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    dir("CONFEE_CACHE")
        .or_else(|| Some(dir("XDG_CACHE_HOME")?.join("confee")))
        .or_else(|| Some(dir("HOME")?.join(Path::new(".cache/confee"))))
        .context("no cache directory: set CONFEE_CACHE to a directory that may be written to")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cache_directory_follows_the_first_variable_that_is_set() {
        type Case<'a> = (&'a [(&'a str, &'a str)], Option<&'a str>);
        let table: [Case; 5] = [
            (&[("CONFEE_CACHE", "/a"), ("XDG_CACHE_HOME", "/x"), ("HOME", "/h")], Some("/a")),
            (&[("XDG_CACHE_HOME", "/x"), ("HOME", "/h")], Some("/x/confee")),
            (&[("HOME", "/h")], Some("/h/.cache/confee")),
            (&[("CONFEE_CACHE", ""), ("HOME", "/h")], Some("/h/.cache/confee")),
            (&[], None),
        ];
        for (vars, want) in table {
            let look = |name: &str| {
                vars.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
            };
            assert_eq!(cache_dir(look).ok(), want.map(PathBuf::from), "{vars:?}");
        }
    }

    #[test]
    fn this_checkout_is_understood() {
        let workspace = Workspace::load().unwrap();
        assert!(workspace.root.join("tests/xtask/Cargo.toml").exists());
        assert!(workspace.packages.iter().any(|package| package.name == "xtask"));
    }
}
