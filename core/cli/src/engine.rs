//! Opening the engine for a command.

use std::path::PathBuf;
use std::sync::Arc;

use confee_companion::{Companion, Config, SyncPolicy};
use tokio::runtime::Runtime;

use crate::args::Args;
use crate::failure::Failure;

/// An engine and a runtime to wait on it.
pub(crate) struct Engine {
    pub(crate) companion: Arc<Companion>,
    pub(crate) runtime: Runtime,
}

impl Engine {
    pub(crate) fn open(args: &Args) -> Result<Self, Failure> {
        Self::open_at(Self::folder(args)?, None)
    }

    /// The folder of the database that the arguments name.
    pub(crate) fn folder(args: &Args) -> Result<PathBuf, Failure> {
        let from_env =
            |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
        args.data_dir
            .clone()
            .or_else(|| from_env("XDG_DATA_HOME").map(|d| d.join("confee")))
            .or_else(|| from_env("HOME").map(|h| h.join(".local/share/confee")))
            .ok_or_else(|| {
                Failure::Input("no home folder is set; name a folder with --data-dir".into())
            })
    }

    pub(crate) fn open_at(folder: PathBuf, currency: Option<String>) -> Result<Self, Failure> {
        Self::open_with(Config { default_currency: currency, ..Config::new(folder) })
    }

    pub(crate) fn open_with(config: Config) -> Result<Self, Failure> {
        // A computer's network is nobody's mobile plan.
        let policy = SyncPolicy { allow_metered: true };
        let config = Config { policy, ..config };
        let companion = Arc::new(Companion::open(config)?);
        Ok(Self { companion, runtime: Runtime::new()? })
    }

    /// Waits for an engine call.
    pub(crate) fn wait<T>(&self, call: impl Future<Output = T>) -> T {
        self.runtime.block_on(call)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.companion.shutdown();
    }
}
