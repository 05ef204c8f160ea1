//! The speech weights that tests and the demo run on: fetched once, kept in the cache.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::{output, run};
use crate::workspace::Workspace;

/// What the tests run on, and the variable that tells them where it lies.
const MODELS: [(&str, &str); 2] =
    [("tiny.en-q8_0", "CONFEE_WHISPER_MODEL"), ("tiny.en", "CONFEE_WHISPER_MODEL_F16")];

/// Where the models are and what tests are told of them.
#[derive(Debug)]
pub(crate) struct Weights {
    variables: Vec<(&'static str, PathBuf)>,
}

impl Weights {
    /// Fetches what is missing; some 150 MB the first time. The program must be built.
    ///
    /// # Errors
    /// No source gives a model.
    pub(crate) fn fetch(workspace: &Workspace) -> Result<Self> {
        let folder = workspace.cache.join("models");
        let confee = || {
            let mut command = Command::new(workspace.binary("confee"));
            command.arg("models").arg("--models-dir").arg(&folder);
            command
        };
        let mut variables = vec![("CONFEE_MODELS_DIR", folder.clone())];
        for (model, variable) in MODELS {
            run(confee().args(["pull", model]))?;
            let listed = output(confee().args(["list", "--json"]))?;
            variables.push((variable, path_of(&listed, model)?));
        }
        Ok(Self { variables })
    }

    /// Tells a command, and that it must not do without.
    pub(crate) fn apply<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.envs(self.variables.iter().map(|(name, path)| (name, path)));
        command.env("CONFEE_REQUIRE_MODELS", "1")
    }
}

/// The file of an installed model in what `models list --json` prints.
fn path_of(listed: &str, model: &str) -> Result<PathBuf> {
    let list: Vec<serde_json::Value> =
        serde_json::from_str(listed).context("the list of models cannot be read")?;
    let found = list.iter().find(|m| m["id"] == model).and_then(|m| m["path"].as_str());
    found.map(PathBuf::from).with_context(|| format!("{model} was fetched but is not listed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installed_model_has_a_path() {
        let listed = r#"[{"id":"base.en","path":null},{"id":"tiny.en","path":"/m/t.bin"}]"#;
        assert_eq!(path_of(listed, "tiny.en").unwrap(), PathBuf::from("/m/t.bin"));
        assert!(path_of(listed, "base.en").is_err());
        assert!(path_of(listed, "small").is_err());
        assert!(path_of("no", "tiny.en").is_err());
    }
}
