//! Tests of the bindings in the languages they are for.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::bindings::{self, Language};
use crate::process::run;
use crate::weights::Weights;
use crate::workspace::Workspace;

/// Runs the Python tests against the generated module and the library.
///
/// # Errors
/// When the bindings cannot be generated or a test fails.
pub(crate) fn python(workspace: &Workspace) -> Result<()> {
    workspace.build()?;
    let module = bindings::generate(workspace, Language::Python)?;
    // The module looks for the library beside itself.
    let library = bindings::library(workspace);
    let name = library.file_name().context("the library has no name")?;
    let beside = module.join(name);
    fs::copy(&library, &beside)
        .with_context(|| format!("{} could not be written", beside.display()))?;
    let mut python = Command::new("python3");
    // -B: the checkout stays free of compiled modules.
    python.args(["-B", "-m", "unittest", "discover", "--verbose", "-s", "tests/python"]);
    python.env("PYTHONPATH", &module).env("CONFEE_BIN", workspace.binary("confee"));
    run(Weights::fetch(workspace)?.apply(&mut python).current_dir(&workspace.root))
}

/// Compiles the generated Kotlin and runs the JUnit tests on the JVM.
///
/// # Errors
/// When the bindings cannot be generated or compiled, or a test fails.
pub(crate) fn kotlin(workspace: &Workspace) -> Result<()> {
    workspace.build()?;
    let sources = bindings::generate(workspace, Language::Kotlin)?;
    let build = workspace.target.join("kotlin");
    // Maven would go on running the compiled form of tests that are gone.
    for stale in ["classes", "test-classes"].map(|name| build.join(name)) {
        if stale.exists() {
            fs::remove_dir_all(&stale)
                .with_context(|| format!("{} could not be removed", stale.display()))?;
        }
    }
    let property = |name: &str, path: &Path| format!("-D{name}={}", path.display());
    let mut maven = Command::new("mvn");
    maven.args(["--batch-mode", "--no-transfer-progress", "--file", "tests/kotlin/pom.xml"]);
    maven.args([
        property("gen.dir", &sources),
        property("native.dir", &workspace.dev_dir()),
        property("confee.bin", &workspace.binary("confee")),
        property("story.json", &workspace.root.join("core/cli/src/demo/story.json")),
        property("build.dir", &build),
    ]);
    run(maven.arg("test").current_dir(&workspace.root))
}
