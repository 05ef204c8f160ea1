//! The dependency rule: which crate may know which. The table is the rule's only home.

use anyhow::{Result, bail};

use crate::workspace::{Dependency, Package};

/// Our crates and those of ours that each may depend on.
const LAYERS: &[(&str, &[&str])] = &[
    ("confee-domain", &[]),
    ("confee-kernels", &[]),
    ("confee-evaluation", &["confee-domain"]),
    ("confee-extract", &["confee-domain"]),
    ("confee-tagger", &["confee-domain", "confee-extract", "confee-kernels"]),
    ("confee-store", &["confee-domain"]),
    ("confee-sync", &["confee-domain"]),
    ("confee-sandbox", &["confee-domain"]),
    ("confee-badge", &["confee-domain"]),
    ("confee-audio", &["confee-domain"]),
    ("confee-models", &["confee-domain"]),
    ("confee-speech", &["confee-domain", "confee-kernels", "confee-models"]),
    (
        "confee-companion",
        &[
            "confee-audio",
            "confee-badge",
            "confee-domain",
            "confee-extract",
            "confee-models",
            "confee-speech",
            "confee-store",
            "confee-sync",
            "confee-tagger",
        ],
    ),
    ("confee-ffi", &["confee-companion", "confee-domain"]),
    ("confee-cli", &["confee-companion", "confee-domain", "confee-evaluation", "confee-sandbox"]),
    ("uniffi-bindgen", &[]),
    ("xtask", &[]),
];

/// Crates that hold tests only and may look at everything.
const TEST_CRATES: &[&str] = &["confee-acoustics", "confee-scenarios", "confee-fake-bluez"];

/// Foreign crates that only some of ours may depend on.
const GUARDED: &[(&str, &[&str])] = &[
    ("rusqlite", &["confee-store"]),
    ("reqwest", &["confee-models", "confee-sync"]),
    ("btleplug", &["confee-badge"]),
    ("ropus", &["confee-audio"]),
    ("candle-core", &["confee-kernels", "confee-tagger"]),
    ("whisper-rs", &["confee-speech"]),
    (
        "tokio",
        &[
            "confee-badge",
            "confee-companion",
            "confee-cli",
            "confee-models",
            "confee-sandbox",
            "confee-sync",
        ],
    ),
];

/// Dependencies that must be behind a feature: crate, dependency.
const OPTIONAL: &[(&str, &str)] = &[
    ("confee-badge", "btleplug"),
    ("confee-badge", "tokio"),
    ("confee-badge", "uniffi"),
    ("confee-models", "tokio"),
    ("confee-models", "reqwest"),
    ("confee-sync", "tokio"),
    ("confee-sync", "reqwest"),
    ("confee-speech", "whisper-rs"),
    ("confee-domain", "uniffi"),
];

/// Checks every crate of the workspace against the tables.
///
/// # Errors
/// Names every crate and dependency that break the rule.
pub(crate) fn check(packages: &[Package]) -> Result<()> {
    let ours: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let broken: Vec<String> =
        packages.iter().flat_map(|package| broken_rules(package, &ours)).collect();
    if broken.is_empty() {
        return Ok(());
    }
    bail!(
        "the dependency rule is broken:\n  {}\nDrop the dependency, or change the table in \
         tests/xtask/src/layers.rs together with docs/architecture.md.",
        broken.join("\n  ")
    );
}

fn broken_rules(package: &Package, ours: &[&str]) -> Vec<String> {
    let name = package.name.as_str();
    if TEST_CRATES.contains(&name) {
        return Vec::new();
    }
    let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
        return vec![format!("{name} has no row in the table of layers: add one")];
    };
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind.as_deref() != Some("dev"))
        .filter_map(|dependency| objection(name, dependency, allowed, ours))
        .collect()
}

fn objection(
    package: &str,
    dependency: &Dependency,
    allowed: &[&str],
    ours: &[&str],
) -> Option<String> {
    let name = dependency.name.as_str();
    if ours.contains(&name) && !allowed.contains(&name) {
        let may = if allowed.is_empty() { "none".to_owned() } else { allowed.join(", ") };
        return Some(format!("{package} depends on {name}; of our crates it may know: {may}"));
    }
    if let Some((_, users)) = GUARDED.iter().find(|(guarded, _)| *guarded == name)
        && !users.contains(&package)
    {
        return Some(format!("{package} depends on {name}; only {} may", users.join(", ")));
    }
    if OPTIONAL.contains(&(package, name)) && !dependency.optional {
        return Some(format!("{package} depends on {name} always; it must be behind a feature"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[(&str, Option<&str>, bool)]) -> Package {
        let dependencies = dependencies
            .iter()
            .map(|(name, kind, optional)| Dependency {
                name: (*name).to_owned(),
                kind: kind.map(str::to_owned),
                optional: *optional,
            })
            .collect();
        Package { name: name.to_owned(), dependencies }
    }

    /// Every layer with exactly what it may know, then one crate replaced.
    fn workspace_with(changed: Package) -> Vec<Package> {
        let mut packages: Vec<_> = LAYERS
            .iter()
            .filter(|(name, _)| *name != changed.name)
            .map(|(name, allowed)| {
                let known: Vec<_> = allowed.iter().map(|other| (*other, None, false)).collect();
                package(name, &known)
            })
            .collect();
        packages.push(changed);
        packages
    }

    #[test]
    fn allowed_dependencies_pass() {
        let table = [
            package("confee-domain", &[("serde", None, false), ("uniffi", None, true)]),
            package("confee-store", &[("confee-domain", None, false), ("rusqlite", None, false)]),
            package("confee-sync", &[("reqwest", None, true), ("tokio", None, true)]),
            package("confee-sync", &[("tokio", Some("dev"), false)]),
            package("confee-models", &[("reqwest", None, true), ("tokio", None, true)]),
            package("confee-speech", &[("confee-models", None, false)]),
            package("confee-badge", &[("btleplug", None, true), ("tokio", None, true)]),
            package("confee-extract", &[("confee-store", Some("dev"), false)]),
            package("confee-audio", &[("ropus", None, false), ("opusic-sys", Some("dev"), false)]),
            package("confee-companion", &[("tokio", None, false)]),
            package("confee-scenarios", &[("rusqlite", None, false), ("confee-ffi", None, false)]),
        ];
        for case in table {
            let name = case.name.clone();
            check(&workspace_with(case)).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }

    #[test]
    fn every_breach_names_the_crate_and_the_dependency() {
        let table = [
            ("confee-domain", "confee-extract", None, false),
            ("confee-extract", "confee-store", None, false),
            ("confee-sandbox", "confee-sync", None, true),
            ("confee-store", "confee-sync", Some("build"), false),
            ("confee-ffi", "confee-store", None, false),
            ("confee-cli", "confee-sync", None, false),
            ("confee-companion", "confee-sandbox", None, false),
            ("confee-companion", "rusqlite", None, false),
            ("confee-cli", "reqwest", None, false),
            ("confee-extract", "tokio", None, true),
            ("confee-ffi", "tokio", None, false),
            ("confee-sync", "tokio", None, false),
            ("confee-models", "reqwest", None, false),
            ("confee-models", "confee-speech", None, false),
            ("confee-speech", "reqwest", None, true),
            ("confee-badge", "tokio", None, false),
            ("confee-badge", "confee-store", None, false),
            ("confee-badge", "uniffi", None, false),
            ("confee-audio", "confee-badge", None, false),
            ("confee-audio", "tokio", None, true),
            ("confee-companion", "ropus", None, false),
            ("confee-companion", "btleplug", None, true),
            ("confee-domain", "uniffi", None, false),
        ];
        for (name, dependency, kind, optional) in table {
            let changed = package(name, &[(dependency, kind, optional)]);
            let error = check(&workspace_with(changed)).unwrap_err().to_string();
            assert!(error.contains(&format!("{name} depends on {dependency}")), "{error}");
        }
    }

    #[test]
    fn a_new_crate_needs_a_row() {
        let error = check(&workspace_with(package("confee-radio", &[]))).unwrap_err().to_string();
        assert!(error.contains("confee-radio has no row"), "{error}");
    }

    #[test]
    fn all_breaches_are_listed_at_once() {
        let changed =
            package("confee-extract", &[("rusqlite", None, false), ("confee-sync", None, false)]);
        let error = check(&workspace_with(changed)).unwrap_err().to_string();
        assert!(error.contains("rusqlite") && error.contains("confee-sync"), "{error}");
    }
}
