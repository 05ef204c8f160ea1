//! The checks, in the order they run.

use anyhow::{Result, bail};

use crate::needs::{Machine, Need};
use crate::process::run;
use crate::weights::Weights;
use crate::workspace::Workspace;
use crate::{bindings, devices, foreign, fuzz, layers};

/// What a step may use.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) workspace: Workspace,
    /// Whether missing tools may be installed.
    pub(crate) may_install: bool,
}

/// What a step left out, one sentence each; empty when everything was checked.
pub(crate) type LeftOut = Vec<String>;

/// One check.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) needs: &'static [Need],
    pub(crate) run: fn(&Session) -> Result<LeftOut>,
}

/// Code and tests that only these features switch on must not depend on who else asks for them.
const FEATURES: &str = "--features=confee-badge/simulated,confee-badge/btleplug";

/// Every check, cheap ones first where the order is free.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        about: "Rust sources are formatted",
        needs: &[Need::Rustfmt],
        run: |session| cargo(session, &["fmt", "--all", "--check"]),
    },
    Step {
        name: "clippy",
        about: "no lint complains",
        needs: &[Need::Clippy, Need::CCompiler, Need::CppCompiler, Need::CMake],
        run: |session| {
            let lint = ["clippy", "--workspace", "--all-targets", "--locked", FEATURES, "--"];
            cargo(session, &[&lint[..], &["-D", "warnings"]].concat())
        },
    },
    Step {
        name: "rust",
        about: "Rust tests",
        needs: &[Need::CCompiler, Need::CppCompiler, Need::CMake, Need::DbusDaemon],
        run: rust,
    },
    Step {
        name: "fuzz",
        about: "what badges send and model files hold is fuzzed for some seconds",
        needs: &[Need::CCompiler, Need::CppCompiler, Need::Rustfmt, Need::Clippy],
        run: |session| fuzz::fuzz(&session.workspace).map(|()| LeftOut::new()),
    },
    Step { name: "doc", about: "documentation builds without warnings", needs: &[], run: doc },
    Step {
        name: "layers",
        about: "crates know only the crates they may know",
        needs: &[],
        run: |session| layers::check(&session.workspace.packages).map(|()| LeftOut::new()),
    },
    Step {
        name: "deny",
        about: "licences and origins of all dependencies are allowed",
        needs: &[Need::CargoDeny],
        run: deny,
    },
    Step {
        name: "bindings",
        about: "Kotlin, Swift and Python generate; the committed Swift is current",
        needs: &[Need::CCompiler, Need::CppCompiler, Need::CMake],
        run: |session| bindings::check(&session.workspace).map(|()| LeftOut::new()),
    },
    Step {
        name: "python",
        about: "the engine works from Python",
        needs: &[Need::CCompiler, Need::CppCompiler, Need::CMake, Need::Python],
        run: |session| foreign::python(&session.workspace).map(|()| LeftOut::new()),
    },
    Step {
        name: "kotlin",
        about: "the engine works from Kotlin on the JVM",
        needs: &[Need::CCompiler, Need::CppCompiler, Need::CMake, Need::Jdk, Need::Maven],
        run: |session| foreign::kotlin(&session.workspace).map(|()| LeftOut::new()),
    },
    Step {
        name: "devices",
        about: "the core compiles for Android and iOS",
        needs: &[],
        run: |session| devices::check(&session.workspace, session.may_install),
    },
];

fn cargo(session: &Session, args: &[&str]) -> Result<LeftOut> {
    run(session.workspace.cargo().args(args)).map(|()| LeftOut::new())
}

fn rust(session: &Session) -> Result<LeftOut> {
    // Tests of one package run the program of another, which `cargo test` does not build.
    session.workspace.build()?;
    let mut cargo = session.workspace.cargo();
    cargo.args(["test", "--workspace", "--locked", FEATURES]);
    cargo.env("CONFEE_BIN", session.workspace.binary("confee"));
    run(Weights::fetch(&session.workspace)?.apply(&mut cargo)).map(|()| LeftOut::new())
}

fn doc(session: &Session) -> Result<LeftOut> {
    let mut cargo = session.workspace.cargo();
    cargo.args(["doc", "--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "-D warnings");
    run(&mut cargo).map(|()| LeftOut::new())
}

fn deny(session: &Session) -> Result<LeftOut> {
    let machine = Machine::this(session.workspace.tools());
    let tool = machine.cargo_deny().map_err(anyhow::Error::msg)?;
    let mut deny = std::process::Command::new(tool);
    deny.current_dir(&session.workspace.root).args(["--locked", "check"]);
    run(deny.args(["bans", "licenses", "sources"])).map(|()| LeftOut::new())
}

/// The steps named in `only` (all where it is empty) without those named in `skip`, in order.
///
/// # Errors
/// When a name is not that of a step, or nothing is left to run.
pub(crate) fn select(only: &[String], skip: &[String]) -> Result<Vec<&'static Step>> {
    if let Some(odd) =
        only.iter().chain(skip).find(|name| STEPS.iter().all(|step| step.name != name.as_str()))
    {
        let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        bail!("there is no step `{odd}`; choose from: {}", names.join(", "));
    }
    let named = |names: &[String], step: &Step| names.iter().any(|name| name == step.name);
    let chosen: Vec<_> = STEPS
        .iter()
        .filter(|step| only.is_empty() || named(only, step))
        .filter(|step| !named(skip, step))
        .collect();
    if chosen.is_empty() {
        bail!("`--only` and `--skip` leave no step to run");
    }
    Ok(chosen)
}

/// What `steps` need, each need once, in the order of the steps.
pub(crate) fn needs_of(steps: &[&Step]) -> Vec<Need> {
    let mut needs = Vec::new();
    for &need in steps.iter().flat_map(|step| step.needs) {
        if !needs.contains(&need) {
            needs.push(need);
        }
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: &[&str], skip: &[&str]) -> Result<Vec<&'static str>> {
        let owned = |list: &[&str]| list.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let steps = select(&owned(only), &owned(skip))?;
        Ok(steps.iter().map(|step| step.name).collect())
    }

    #[test]
    fn without_a_choice_every_step_runs_in_order() {
        let want = [
            "fmt", "clippy", "rust", "fuzz", "doc", "layers", "deny", "bindings", "python",
            "kotlin", "devices",
        ];
        assert_eq!(names(&[], &[]).unwrap(), want);
    }

    #[test]
    fn choices_keep_the_order_of_the_table() {
        assert_eq!(names(&["kotlin", "fmt"], &[]).unwrap(), ["fmt", "kotlin"]);
        assert_eq!(names(&["kotlin", "fmt"], &["fmt"]).unwrap(), ["kotlin"]);
        assert!(!names(&[], &["deny"]).unwrap().contains(&"deny"));
    }

    #[test]
    fn unknown_names_are_refused_with_the_known_ones() {
        for (only, skip) in [(&["rusty"][..], &[][..]), (&[], &["rusty"])] {
            let error = names(only, skip).unwrap_err().to_string();
            assert!(error.contains("`rusty`") && error.contains("devices"), "{error}");
        }
    }

    #[test]
    fn leaving_nothing_to_run_is_an_error() {
        assert!(names(&["fmt"], &["fmt"]).is_err());
    }

    #[test]
    fn needs_are_listed_once() {
        let steps = select(&["python".to_owned(), "kotlin".to_owned()], &[]).unwrap();
        let want =
            [Need::CCompiler, Need::CppCompiler, Need::CMake, Need::Python, Need::Jdk, Need::Maven];
        assert_eq!(needs_of(&steps), want);
    }
}
