use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy as Redirects;
use tokio::sync::watch;

use super::body::{Job, Numbered, Reporter};
use super::machine::{Machine, Origin, Policy, Step};
use super::partial::PartialState;
use super::{Attempt, NetworkState, Phase, Progress, PullError};
use crate::ggml::TensorKind;
use crate::library::Lock;
use crate::manifest::{Mirrors, Source, SourceKind};
use crate::{Installed, Library, ModelEntry, ModelError};

const CONNECT: Duration = Duration::from_secs(15);
/// Between two looks whether another download of the same model has ended.
const LOCK_PAUSE: Duration = Duration::from_millis(200);

/// Tells how the device is connected; asked before each request and at each piece that comes.
pub type NetworkCheck = Arc<dyn Fn() -> NetworkState + Send + Sync>;

/// Converts what a wheel holds: source, destination, how matrices are stored, progress.
pub type Import = Arc<
    dyn Fn(
            &Path,
            &Path,
            TensorKind,
            &mut dyn FnMut(u64, u64),
        ) -> Result<(), Box<dyn std::error::Error + Send + Sync>>
        + Send
        + Sync,
>;

/// How to load.
#[derive(Clone)]
pub struct Options {
    /// Another server in place of the sources'.
    pub mirrors: Mirrors,
    /// Whether connections that cost by the byte may be used.
    pub allow_metered: bool,
    /// How the device is connected.
    pub network: NetworkCheck,
    /// Whether to wait for another download of the same model; otherwise that is an error.
    pub wait_for_other: bool,
    /// Nothing for so long counts as a broken connection.
    pub stall: Duration,
    /// Bounds.
    pub policy: Policy,
    /// For the pauses.
    pub seed: u64,
}

impl Default for Options {
    /// Any connection that does not cost by the byte, as far as it is known; 30 s without a byte.
    fn default() -> Self {
        Self {
            mirrors: Mirrors::default(),
            allow_metered: false,
            network: Arc::new(|| NetworkState::Unmetered),
            wait_for_other: true,
            stall: Duration::from_secs(30),
            policy: Policy::default(),
            seed: 0,
        }
    }
}

/// Loads models. Clones share connections.
#[derive(Clone)]
pub struct Puller {
    client: reqwest::Client,
    import: Option<Import>,
}

impl Puller {
    /// With the system's certificates. Installs ring as the process's rustls provider unless there
    /// is one. On Android the host initialises `rustls-platform-verifier` first.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn new() -> Result<Self, PullError> {
        // An error says that a provider is there already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(Redirects::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .user_agent(concat!("confee/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .build()
            .map_err(|e| PullError::Tls(e.without_url()))?;
        Ok(Self { client, import: None })
    }

    /// With a converter; without, sources that need one are left out.
    #[must_use]
    pub fn with_import(mut self, import: Import) -> Self {
        self.import = Some(import);
        self
    }

    /// Loads a model unless it is there, verifies and installs it. Where the future is dropped or
    /// the process ends, the next call goes on with what came. Bytes are written to the disk on
    /// the caller's thread, a network piece at a time; hashing and conversion are not.
    ///
    /// # Errors
    /// See [`PullError`]; nothing is installed then, and what was installed before stays.
    pub async fn pull(
        &self,
        library: &Library,
        model: &ModelEntry,
        options: &Options,
        progress: Arc<dyn Progress>,
        cancel: &watch::Receiver<bool>,
    ) -> Result<Installed, PullError> {
        let lock = self.acquire(library, &model.id, options, cancel).await?;
        let clock = library.clone();
        let reporter = Reporter::new(model.id.clone(), progress, move || clock.now_ms());
        if let Some(installed) = present(library, &model.id).await? {
            reporter.tell(0, Phase::Done, installed.bytes, Some(installed.bytes));
            return Ok(installed);
        }
        let (origins, sources) = self.origins(model, options)?;
        let partial = library.file(&model.id, "~partial")?;
        recover(library, &model.id, &partial);
        let state = read_state(library, &model.id);
        let have = fs::metadata(&partial).map_or(0, |facts| facts.len());
        let machine = Machine::new(origins, state, have, options.policy, options.seed);
        let job = Job {
            client: &self.client,
            import: self.import.clone(),
            library,
            model,
            options,
            cancel,
            reporter: Arc::new(reporter),
            lock: Arc::new(lock),
            sources,
        };
        job.run(machine).await
    }

    async fn acquire(
        &self,
        library: &Library,
        id: &str,
        options: &Options,
        cancel: &watch::Receiver<bool>,
    ) -> Result<Lock, PullError> {
        loop {
            match library.lock(id) {
                Err(ModelError::Busy(_)) if options.wait_for_other => {}
                done => return Ok(done?),
            }
            tokio::select! {
                biased;
                () = told_to_stop(cancel) => return Err(PullError::Cancelled),
                () = tokio::time::sleep(LOCK_PAUSE) => {}
            }
        }
    }

    fn origins<'a>(
        &self,
        model: &'a ModelEntry,
        options: &Options,
    ) -> Result<(Vec<Origin>, Numbered<'a>), ModelError> {
        let usable = |source: &Source| source.kind == SourceKind::Ggml || self.import.is_some();
        let sources: Vec<_> =
            model.sources.iter().enumerate().filter(|(_, source)| usable(source)).collect();
        let origin = |source: &Source| -> Result<Origin, ModelError> {
            let expected = model.expected_at(source);
            let hashed = expected.sha256.is_some() || expected.sha1.is_some();
            Ok(Origin { url: options.mirrors.resolve(source)?, bytes: expected.bytes, hashed })
        };
        let origins =
            sources.iter().map(|(_, source)| origin(source)).collect::<Result<_, ModelError>>()?;
        Ok((origins, sources))
    }
}

/// The model where it is installed and unchanged.
async fn present(library: &Library, id: &str) -> Result<Option<Installed>, PullError> {
    let (library, id) = (library.clone(), id.to_owned());
    let found = tokio::task::spawn_blocking(move || {
        library.unchanged(&id).ok().and_then(|_| library.get(&id).ok())
    });
    Ok(found.await.map_err(|_| ModelError::Io(std::io::ErrorKind::Other))?)
}

/// A wheel whose conversion was interrupted is a whole partial again.
fn recover(library: &Library, id: &str, partial: &Path) {
    if let Ok(wheel) = library.file(id, "~wheel.whl")
        && !partial.exists()
    {
        let _ = fs::rename(wheel, partial);
    }
}

fn read_state(library: &Library, id: &str) -> Option<PartialState> {
    let path = library.file(id, "~partial.json").ok()?;
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

impl Job<'_> {
    async fn run(&self, mut machine: Machine) -> Result<Installed, PullError> {
        let mut step = machine.start();
        loop {
            step = match step {
                Step::Ask(ask) => self.ask(&mut machine, ask).await?,
                // Only an answer leads to a body, and `ask` reads it.
                Step::Body { .. } | Step::GiveUp => return Err(self.no_source(&machine)),
                Step::Verify { source } => match self.verify(source).await? {
                    Ok(installed) => return Ok(installed),
                    Err(failure) => {
                        self.discard()?;
                        machine.rejected(failure)
                    }
                },
            };
        }
    }

    fn no_source(&self, machine: &Machine) -> PullError {
        let attempt = |(at, failure): &(usize, _)| {
            let (source_index, source) = self.sources.get(*at)?;
            let url = self.options.mirrors.resolve(source).ok()?;
            let host = url.host_str()?.to_owned();
            Some(Attempt { source_index: *source_index, host, failure: *failure })
        };
        let attempts = machine.failures().iter().filter_map(attempt).collect();
        PullError::NoSource { model: self.model.id.clone(), attempts }
    }
}

/// Comes back when the flag is set; never where its sender is gone.
pub(super) async fn told_to_stop(cancel: &watch::Receiver<bool>) {
    if cancel.clone().wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
