//! Getting what is missing: by itself where that is safe, else as a sentence for the person.

use std::cell::Cell;
use std::process::Command;

use anyhow::{Result, anyhow, bail};

use super::{CARGO_DENY, Machine, Need};
use crate::process::{output, run, say};
use crate::workspace::Workspace;

/// How a need is met.
enum Remedy {
    /// Debian packages; of several sets the first one that the distribution has.
    Packages(&'static [&'static str]),
    /// A component of the Rust toolchain.
    Component(&'static str),
    /// cargo-deny from its sources, which takes minutes.
    CargoDeny,
}

fn remedy(need: Need) -> Remedy {
    match need {
        Need::CCompiler => Remedy::Packages(&["gcc libc6-dev"]),
        Need::CppCompiler => Remedy::Packages(&["g++"]),
        Need::CMake => Remedy::Packages(&["cmake make"]),
        Need::DbusDaemon => Remedy::Packages(&["dbus"]),
        Need::Jdk => Remedy::Packages(&[
            "openjdk-17-jdk-headless",
            "openjdk-21-jdk-headless",
            "openjdk-25-jdk-headless",
        ]),
        Need::Maven => Remedy::Packages(&["maven"]),
        Need::Python => Remedy::Packages(&["python3"]),
        Need::Rustfmt => Remedy::Component("rustfmt"),
        Need::Clippy => Remedy::Component("clippy"),
        Need::CargoDeny => Remedy::CargoDeny,
    }
}

/// Installs what is missing, or says how to.
#[derive(Debug)]
pub(crate) struct Installer {
    machine: Machine,
    allowed: bool,
    lists_updated: Cell<bool>,
}

impl Installer {
    /// `allowed` is false where a person forbade installing.
    pub(crate) fn new(machine: Machine, allowed: bool) -> Self {
        Self { machine, allowed, lists_updated: Cell::new(false) }
    }

    /// Meets every quick need of `needs` and makes sure that the slow ones can be met later, so
    /// that nobody learns of a missing tool after minutes of work.
    ///
    /// # Errors
    /// Lists every need that only a person can meet, with the command to do so.
    pub(crate) fn prepare(&self, needs: &[Need]) -> Result<()> {
        let mut left: Vec<String> = Vec::new();
        for &need in needs {
            let Err(why) = self.machine.find(need) else { continue };
            if !self.can_install(need) {
                left.push(self.advice(need, &why));
            } else if let Remedy::CargoDeny = remedy(need) {
                say(format!("{why}: it will be built before its step, which takes some minutes"));
            } else if let Err(error) = self.install(need, &why) {
                left.push(format!("{}: {error}", need.title()));
            }
        }
        if left.is_empty() {
            return Ok(());
        }
        bail!("some tools are missing:\n  {}", left.join("\n  "))
    }

    /// Meets what `prepare` left for later.
    ///
    /// # Errors
    /// When a need is still not met.
    pub(crate) fn finish(&self, needs: &[Need]) -> Result<()> {
        for &need in needs {
            if let Err(why) = self.machine.find(need) {
                self.install(need, &why)?;
            }
        }
        Ok(())
    }

    fn can_install(&self, need: Need) -> bool {
        self.allowed
            && match remedy(need) {
                Remedy::Packages(_) => self.machine.on_path("apt-get").is_some() && is_root(),
                Remedy::Component(_) => self.machine.on_path("rustup").is_some(),
                Remedy::CargoDeny => true,
            }
    }

    fn install(&self, need: Need, why: &str) -> Result<()> {
        say(format!("installing {}: {why}", need.title()));
        match remedy(need) {
            Remedy::Packages(choices) => self.install_packages(choices)?,
            Remedy::Component(name) => {
                run(Command::new("rustup").args(["component", "add", name]))?;
            }
            Remedy::CargoDeny => self.build_cargo_deny()?,
        }
        self.machine.find(need).map(drop).map_err(|why| {
            anyhow!("it was installed, yet {why}; look at PATH and JAVA_HOME, then try again")
        })
    }

    fn install_packages(&self, choices: &[&str]) -> Result<()> {
        if !self.lists_updated.replace(true) {
            run(apt_get().args(["update", "-q"]))?;
        }
        let known = |set: &&&str| {
            set.split(' ').all(|name| {
                output(Command::new("apt-cache").args(["show", "--no-all-versions", name])).is_ok()
            })
        };
        let Some(set) = choices.iter().find(known) else {
            bail!("this distribution has no package {}", choices.join(" or "));
        };
        let install = ["install", "-y", "-q", "--no-install-recommends"];
        run(apt_get().args(install).args(set.split(' ')))
    }

    fn build_cargo_deny(&self) -> Result<()> {
        let version = CARGO_DENY.to_string();
        let install = ["install", "cargo-deny", "--locked", "--version", &version, "--root"];
        // Cargo then builds in a temporary directory instead of filling ours.
        let mut cargo = Command::new("cargo");
        run(cargo.args(install).arg(&self.machine.tools).env_remove("CARGO_TARGET_DIR"))
    }

    fn advice(&self, need: Need, why: &str) -> String {
        let command = match remedy(need) {
            Remedy::Packages(choices) if cfg!(target_os = "macos") => match need {
                Need::CCompiler | Need::CppCompiler => "xcode-select --install".to_owned(),
                Need::Jdk => "brew install openjdk@17".to_owned(),
                _ => format!("brew install {}", choices[0]),
            },
            Remedy::Packages(choices) => {
                format!("sudo apt-get install -y --no-install-recommends {}", choices[0])
            }
            Remedy::Component(name) => format!("rustup component add {name}"),
            Remedy::CargoDeny => {
                format!("cargo install cargo-deny --locked --version {CARGO_DENY}")
            }
        };
        format!("{}: {why}; install it with `{command}`", need.title())
    }
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Prints every need and whether it is met.
///
/// # Errors
/// When one is not met.
pub(crate) fn doctor(workspace: &Workspace) -> Result<()> {
    let installer = Installer::new(Machine::this(workspace.tools()), false);
    let mut missing = 0;
    for need in Need::ALL {
        match installer.machine.find(need) {
            Ok(found) => say(format!("  ok       {}: {found}", need.title())),
            Err(why) => {
                missing += 1;
                say(format!("  missing  {}", installer.advice(need, &why)));
            }
        }
    }
    if missing > 0 {
        bail!("{missing} of {} needs are not met", Need::ALL.len());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(allowed: bool) -> Installer {
        let machine = Machine {
            path: "/nowhere".into(),
            java_home: None,
            c_compiler: None,
            cpp_compiler: None,
            tools: "/nowhere/tools".into(),
        };
        Installer::new(machine, allowed)
    }

    #[test]
    fn forbidden_installing_lists_every_missing_tool_with_a_command() {
        let error = bare(false).prepare(&[Need::Jdk, Need::CargoDeny, Need::Rustfmt]).unwrap_err();
        let text = error.to_string();
        for part in ["jdk", "cargo install cargo-deny", "rustup component add rustfmt"] {
            assert!(text.contains(part), "{part} not in: {text}");
        }
    }

    #[test]
    fn without_a_package_manager_a_person_is_asked() {
        assert!(bare(true).prepare(&[Need::Maven]).is_err());
        assert!(bare(true).prepare(&[]).is_ok());
    }

    #[test]
    fn what_takes_minutes_waits_for_its_step() {
        assert!(bare(true).prepare(&[Need::CargoDeny]).is_ok());
    }
}
