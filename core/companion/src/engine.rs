use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use confee_domain::{
    ConsentEvent, ConsentMethod, EngineEvent, FieldKey, FieldValue, LeadCard, LeadQuery,
    LeadSummary, ReviewAction, ScoreRules, Stage, Transcript,
};
use confee_extract::Extractor;
use confee_store::{Options, RealDisk, Store, TalkAudio};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::broadcast::error::RecvError;

use crate::capture::{Capture, CaptureConfig, Recogniser};
use crate::config::Config;
use crate::desk::Desk;
use crate::error::{CompanionError, Result};
use crate::events::{Bus, Subscription};
use crate::speech::{OnDevice, SpeechEngines};
use crate::syncer::Syncer;

/// Cards that a new observer gets at once.
const SNAPSHOT: u32 = 50;

/// The engine. Cheap to share behind an `Arc`; one per data folder.
pub struct Companion {
    handle: Handle,
    /// Unset after a shutdown: nothing may hold the database open then.
    open: Mutex<Option<Open>>,
}

struct Open {
    parts: Parts,
    setup: CaptureSetup,
    capture: Option<Capture>,
    runtime: Runtime,
}

/// What capture is started with.
pub(crate) struct CaptureSetup {
    pub(crate) data_dir: PathBuf,
    pub(crate) capture: CaptureConfig,
    pub(crate) seed: u64,
}

/// What calls work with.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) desk: Arc<Desk>,
    pub(crate) syncer: Arc<Syncer>,
    pub(crate) speech: Arc<SpeechEngines>,
}

impl Companion {
    /// Opens the data folder, drafts what a crash left undrafted, and starts the sync loop. Nothing
    /// is sent before a connection is made and the network is said to be there. Blocks on disk.
    ///
    /// # Errors
    /// The folder is in use, from a newer app, damaged, read-only or full.
    pub fn open(config: Config) -> Result<Self> {
        let store = Arc::new(Store::open(&config.data_dir, Options::default())?);
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("confee")
            .enable_all()
            .build()
            .map_err(|e| {
                CompanionError::Storage(format!("no threads can be started ({})", e.kind()))
            })?;
        let bus = Bus::new();
        let desk = Arc::new(Desk {
            store: Arc::clone(&store),
            extractor: Extractor::with_rules()?.default_currency(config.default_currency.clone()),
            rules: ScoreRules::shipped()?,
            clock: Arc::clone(&config.clock),
            bus: bus.clone(),
            currency: config.default_currency.clone(),
            deciding: Mutex::new(()),
            probe: Arc::clone(&config.probe),
            talks: TalkAudio::new(&config.data_dir.join("audio/talks"), Arc::new(RealDisk))?,
        });
        desk.erase_due()?;
        let drafted = desk.draft_pending()?;
        let handle = runtime.handle().clone();
        let syncer = Syncer::start(&handle, store, bus, &config)?;
        tracing::info!(drafted, "engine open");
        let Config { data_dir, mut capture, mut speech, seed, .. } = config;
        speech.models_dir.get_or_insert_with(|| data_dir.join("models"));
        let speech = Arc::new(SpeechEngines::new(speech));
        let on_device = || Arc::new(OnDevice::new(Arc::clone(&speech))) as Arc<dyn Recogniser>;
        capture.recogniser.get_or_insert_with(on_device);
        let setup = CaptureSetup { data_dir, capture, seed };
        let open = Open { parts: Parts { desk, syncer, speech }, setup, capture: None, runtime };
        Ok(Self { handle, open: Mutex::new(Some(open)) })
    }

    /// Stores a talk and drafts its lead. Adding the same talk again changes nothing.
    ///
    /// # Errors
    /// Another talk has the id, or the storage fails.
    pub async fn add_conversation(&self, talk: Transcript) -> Result<LeadCard> {
        self.on_desk(move |desk| desk.add(&talk)).await
    }

    /// Leads, newest first.
    ///
    /// # Errors
    /// The storage fails.
    pub async fn leads(&self, query: LeadQuery) -> Result<Vec<LeadSummary>> {
        self.on_desk(move |desk| desk.list(query)).await
    }

    /// One lead as a card.
    ///
    /// # Errors
    /// No such lead, or it was erased.
    pub async fn lead(&self, id: &str) -> Result<LeadCard> {
        let id = id.to_owned();
        self.on_desk(move |desk| desk.card(&id)).await
    }

    /// One lead as JSON in the shape that webhooks carry.
    ///
    /// # Errors
    /// No such lead, or it was erased.
    pub async fn lead_json(&self, id: &str) -> Result<String> {
        let id = id.to_owned();
        self.on_desk(move |desk| desk.lead_json(&id)).await
    }

    /// The talk a lead came from.
    ///
    /// # Errors
    /// No such lead, or it was erased.
    pub async fn transcript(&self, id: &str) -> Result<Transcript> {
        let id = id.to_owned();
        self.on_desk(move |desk| Ok(desk.store.transcript(&id)?)).await
    }

    /// Applies a review action and returns the card as it stands then. An approved lead is in the
    /// outbox when this returns, and stays there through any crash until the CRM has it.
    ///
    /// # Errors
    /// The action does not fit the lead's stage or the field's type; the lead is unchanged then.
    pub async fn review(&self, id: &str, action: ReviewAction) -> Result<LeadCard> {
        let id = id.to_owned();
        let Parts { desk, syncer, .. } = self.parts()?;
        let connectors = syncer.connectors();
        let work = move || desk.review(&id, &action, &connectors);
        let card = self.block(work).await?;
        if card.stage == Stage::Approved {
            syncer.wake();
        }
        Ok(card)
    }

    /// The value that typed text means for a field: "50-60k", "by the end of May", "next Tuesday",
    /// read by the same grammars as what was said. Hand it to [`ReviewAction::Edit`].
    ///
    /// # Errors
    /// No such lead, or the text says nothing of the kind; the sentence has an example.
    pub async fn parse_value(&self, id: &str, key: FieldKey, text: &str) -> Result<FieldValue> {
        let (id, text) = (id.to_owned(), text.to_owned());
        self.on_desk(move |desk| desk.parse(&id, key, &text)).await
    }

    /// Records that consent was asked for, given, refused or withdrawn. A refusal or withdrawal
    /// erases transcript and fields.
    ///
    /// # Errors
    /// No such lead, or the event does not fit.
    pub async fn consent(
        &self,
        id: &str,
        event: ConsentEvent,
        method: ConsentMethod,
    ) -> Result<()> {
        let owned = id.to_owned();
        self.on_desk(move |desk| desk.consent(&owned, event, method)).await?;
        self.erase_from_log(id).await
    }

    /// Erases everything said and read in a lead; a tombstone without content stays.
    ///
    /// # Errors
    /// No such lead.
    pub async fn erase(&self, id: &str) -> Result<()> {
        let owned = id.to_owned();
        self.on_desk(move |desk| desk.erase(&owned)).await?;
        self.erase_from_log(id).await
    }

    /// Calls `observer` with every open lead (at most 50) and the sync status, then with every
    /// change, in order and one at a time, on the engine's threads. An observer that falls far
    /// behind gets the open leads anew.
    pub fn observe(&self, observer: impl Fn(EngineEvent) + Send + Sync + 'static) -> Subscription {
        let Ok(Parts { desk, syncer, .. }) = self.parts() else {
            return Subscription::new(self.handle.spawn(async {}).abort_handle());
        };
        let mut events = desk.bus.receive();
        let observer = Arc::new(observer);
        let task = self.handle.spawn(async move {
            deliver_snapshot(&desk, &syncer, &observer).await;
            loop {
                match events.recv().await {
                    Ok(event) => deliver(&observer, event).await,
                    Err(RecvError::Lagged(_)) => deliver_snapshot(&desk, &syncer, &observer).await,
                    Err(RecvError::Closed) => break,
                }
            }
        });
        Subscription::new(task.abort_handle())
    }

    /// Ends the sync loop and the requests under way, and closes the database: the folder can be
    /// opened again when this returns. Blocks; calls made later fail with
    /// [`CompanionError::Closed`]. May be called twice.
    pub fn shutdown(&self) {
        let Some(Open { parts, runtime, capture, .. }) = self.take() else { return };
        drop(capture);
        parts.syncer.stop();
        runtime.shutdown_timeout(Duration::from_secs(5));
        tracing::info!("engine closed");
    }

    /// Runs blocking work on the engine's threads.
    pub(crate) async fn on_desk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Desk) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let desk = self.parts()?.desk;
        self.block(move || work(&desk)).await
    }

    /// Runs a task on the engine's runtime.
    pub(crate) async fn task<T: Send + 'static>(
        &self,
        task: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        self.handle.spawn(task).await.unwrap_or(Err(CompanionError::Closed))
    }

    pub(crate) async fn block<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.handle.spawn_blocking(work).await.unwrap_or(Err(CompanionError::Closed))
    }

    pub(crate) fn parts(&self) -> Result<Parts> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().map(|o| o.parts.clone()).ok_or(CompanionError::Closed)
    }

    pub(crate) fn with_capture<T>(
        &self,
        call: impl FnOnce(&mut Option<Capture>, &Parts, &CaptureSetup) -> Result<T>,
    ) -> Result<T> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let open = open.as_mut().ok_or(CompanionError::Closed)?;
        call(&mut open.capture, &open.parts, &open.setup)
    }

    fn take(&self) -> Option<Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Companion {
    /// A runtime must not be dropped on an async thread; it is let go in the background.
    fn drop(&mut self) {
        if let Some(Open { parts, runtime, .. }) = self.take() {
            parts.syncer.stop();
            runtime.shutdown_background();
        }
    }
}

type Observer = Arc<dyn Fn(EngineEvent) + Send + Sync>;

/// A host's callback may block: it gets a thread where that harms nobody.
async fn deliver<F: Fn(EngineEvent) + Send + Sync + 'static>(
    observer: &Arc<F>,
    event: EngineEvent,
) {
    let observer: Observer = Arc::clone(observer) as Observer;
    if tokio::task::spawn_blocking(move || observer(event)).await.is_err() {
        tracing::warn!("an observer failed; it goes on with the next event");
    }
}

async fn deliver_snapshot<F: Fn(EngineEvent) + Send + Sync + 'static>(
    desk: &Arc<Desk>,
    syncer: &Arc<Syncer>,
    observer: &Arc<F>,
) {
    let query = LeadQuery {
        stages: vec![Stage::Drafted, Stage::InReview],
        limit: SNAPSHOT,
        ..LeadQuery::default()
    };
    let worker = Arc::clone(desk);
    let cards = tokio::task::spawn_blocking(move || {
        let rows = worker.list(query).unwrap_or_default();
        rows.iter().filter_map(|row| worker.card(&row.id).ok()).collect::<Vec<_>>()
    });
    for card in cards.await.unwrap_or_default().into_iter().rev() {
        deliver(observer, EngineEvent::Lead { card }).await;
    }
    deliver(observer, EngineEvent::Sync { status: syncer.status() }).await;
}
