//! Kotlin, Swift and Python sources for the library, made from the library itself.

use std::collections::BTreeMap;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{run, say};
use crate::workspace::Workspace;

/// Where the committed Swift lives. Apps get Swift by this folder, Kotlin and Python by a build.
const SWIFT: &str = "ios/Sources/ConfeeFFI";

/// A language to generate for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Language {
    Kotlin,
    Swift,
    Python,
}

impl Language {
    fn name(self) -> &'static str {
        match self {
            Self::Kotlin => "kotlin",
            Self::Swift => "swift",
            Self::Python => "python",
        }
    }
}

/// Files by their path below some folder.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The host's library as the dev profile builds it.
pub(crate) fn library(workspace: &Workspace) -> PathBuf {
    workspace.dev_dir().join(format!("{DLL_PREFIX}confee_ffi{DLL_SUFFIX}"))
}

/// Generates the sources for `language` from the library, which must have been built, and
/// returns their folder. What an earlier run left there is removed.
///
/// # Errors
/// When the generator fails or the folder cannot be written.
pub(crate) fn generate(workspace: &Workspace, language: Language) -> Result<PathBuf> {
    let folder = workspace.target.join("bindings").join(language.name());
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("{} could not be removed", folder.display()))?;
    }
    let mut generator = Command::new(workspace.binary("uniffi-bindgen"));
    generator.arg("generate").arg(library(workspace));
    generator.args(["--language", language.name(), "--no-format"]);
    generator.arg("--config").arg(workspace.root.join("bindings/uniffi-bindgen/bindings.toml"));
    run(generator.arg("--out-dir").arg(&folder).current_dir(&workspace.root))?;
    Ok(folder)
}

/// Builds and generates for every language.
///
/// # Errors
/// When the build or a generator fails.
pub(crate) fn generate_all(workspace: &Workspace) -> Result<()> {
    workspace.build()?;
    for language in [Language::Kotlin, Language::Swift, Language::Python] {
        let folder = generate(workspace, language)?;
        say(format!("{} is in {}", language.name(), folder.display()));
    }
    Ok(())
}

/// Generates for every language and compares Swift with what is committed.
///
/// # Errors
/// Names every Swift file that is not current, and how to refresh it.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    generate_all(workspace)?;
    let generated = arrange(read(&swift_folder(workspace))?);
    let stale = differences(&generated, &read(&workspace.root.join(SWIFT))?);
    if stale.is_empty() {
        return Ok(());
    }
    bail!(
        "the committed Swift is not that of the library:\n  {}\nRefresh it with `cargo xtask \
         bindings --write` and commit {SWIFT}.",
        stale.join("\n  ")
    );
}

/// Generates for every language and replaces the committed Swift.
///
/// # Errors
/// When the build or a generator fails or the folder cannot be written.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    generate_all(workspace)?;
    let folder = workspace.root.join(SWIFT);
    for name in read(&folder)?.keys() {
        fs::remove_file(folder.join(name))?;
    }
    for (name, text) in arrange(read(&swift_folder(workspace))?) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        fs::write(&path, text)
            .with_context(|| format!("{} could not be written", path.display()))?;
    }
    say(format!("{SWIFT} is current"));
    Ok(())
}

fn swift_folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("bindings").join(Language::Swift.name())
}

/// Lays files out as Swift packages want them: sources at the top, headers and one module map
/// for all of them in `include`.
fn arrange(generated: Files) -> Files {
    let mut files = Files::new();
    for (name, text) in generated {
        match name.extension().and_then(|extension| extension.to_str()) {
            Some("modulemap") => {
                let map = files.entry(PathBuf::from("include/module.modulemap")).or_default();
                map.extend(text.trim_ascii());
                map.push(b'\n');
            }
            Some("h") => drop(files.insert(Path::new("include").join(name), text)),
            _ => drop(files.insert(name, text)),
        }
    }
    files
}

fn differences(generated: &Files, committed: &Files) -> Vec<String> {
    let changed = generated.iter().filter_map(|(name, text)| match committed.get(name) {
        Some(old) if old == text => None,
        Some(_) => Some(format!("{} has changed", name.display())),
        None => Some(format!("{} is missing", name.display())),
    });
    let gone = committed.keys().filter(|name| !generated.contains_key(*name));
    changed.chain(gone.map(|name| format!("{} is no longer made", name.display()))).collect()
}

/// Every file below `folder`; none where there is no such folder.
fn read(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(current) = folders.pop().filter(|current| current.is_dir()) {
        for entry in fs::read_dir(&current)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(folder)?.to_path_buf(), fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter().map(|(name, text)| (name.into(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn swift_is_laid_out_for_a_package() {
        let generated = files(&[
            ("ConfeeCore.swift", "core"),
            ("ConfeeCoreFFI.h", "core header"),
            ("ConfeeCoreFFI.modulemap", "module A {\n}"),
            ("ConfeeDomainFFI.modulemap", "module B {\n}\n"),
        ]);
        let want = files(&[
            ("ConfeeCore.swift", "core"),
            ("include/ConfeeCoreFFI.h", "core header"),
            ("include/module.modulemap", "module A {\n}\nmodule B {\n}\n"),
        ]);
        assert_eq!(arrange(generated), want);
    }

    #[test]
    fn equal_files_do_not_differ() {
        let same = files(&[("a.swift", "x"), ("include/a.h", "y")]);
        assert!(differences(&same, &same).is_empty());
    }

    #[test]
    fn every_kind_of_drift_is_named() {
        let generated = files(&[("changed.swift", "new"), ("added.swift", "x")]);
        let committed = files(&[("changed.swift", "old"), ("gone.swift", "x")]);
        let text = differences(&generated, &committed).join("; ");
        let want =
            "added.swift is missing; changed.swift has changed; gone.swift is no longer made";
        assert_eq!(text, want);
    }

    #[test]
    fn reading_goes_down_into_folders() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("include")).unwrap();
        fs::write(dir.path().join("a.swift"), "x").unwrap();
        fs::write(dir.path().join("include/a.h"), "y").unwrap();
        assert_eq!(read(dir.path()).unwrap(), files(&[("a.swift", "x"), ("include/a.h", "y")]));
        assert!(read(&dir.path().join("nowhere")).unwrap().is_empty());
    }
}
