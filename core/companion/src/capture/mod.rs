//! From a radio to conversations on disk. The keeper's thread holds the connection and takes
//! audio into custody; the listener's reads the log behind it, decodes, measures, cuts; a third has
//! recordings read. Nothing that happens behind the log can make the keeper lose a frame.

mod ear;
mod fetch;
mod inbox;
mod index;
mod keeper;
mod listener;
mod monitor;
mod recogniser;
mod shared;
mod sound;

use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use confee_audio::voice::cutter::CutPolicy;
use confee_badge::{KnownBadge, Link, LinkSink, ReconnectPolicy};
use confee_domain::{CaptureStatus, MarkKind, RecordingState, StreamId};
use confee_store::{RealDisk, Spool, SpoolOptions};

pub use recogniser::{Reading, Recogniser, RecordingAudio, started_at};

use crate::desk::Desk;
use crate::error::{CompanionError, Result};
use inbox::{Ask, Bell, Inbox};
use keeper::Keeper;
use listener::Listener;
use recogniser::Readers;
use shared::Shared;

/// How conversations are cut and turned into text.
#[derive(Clone, Default)]
pub struct CaptureConfig {
    /// When a conversation begins and ends.
    pub cut: CutPolicy,
    /// When a lost badge is tried again.
    pub reconnect: ReconnectPolicy,
    /// Turns recordings into text; unset for the engine and the model of the speech settings.
    pub recogniser: Option<Arc<dyn Recogniser>>,
}

/// Capture with one radio, until it is dropped.
pub(crate) struct Capture {
    inbox: Arc<Inbox>,
    shared: Arc<Shared>,
    bell: Arc<Bell>,
    desk: Arc<Desk>,
    readers: Mutex<Option<Readers>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Capture {
    /// Opens the audio log below `folder` and starts the threads. Blocks on disk: the whole log is
    /// read.
    pub(crate) fn start(
        desk: &Arc<Desk>,
        folder: &Path,
        link: Arc<dyn Link>,
        config: &CaptureConfig,
        seed: u64,
    ) -> Result<Self> {
        let options = SpoolOptions::default();
        let (mut spool, recovered) = Spool::open(folder, options, Arc::new(RealDisk))?;
        for erased in desk.store.recordings(RecordingState::Erased)? {
            spool.erase(erased.stream, &(erased.first_seq..erased.end_seq))?;
        }
        let spool = Arc::new(Mutex::new(spool));
        let shared = Arc::new(Shared::new(Arc::clone(&desk.clock), desk.bus.clone()));
        let bell = Arc::new(Bell::default());
        let (inbox, asks) = Inbox::new();
        let (readers, reading) = Readers::start(desk, config.recogniser.clone())?;
        let listener = Listener::new(
            Arc::clone(desk),
            Arc::clone(&spool),
            Arc::clone(&shared),
            Arc::clone(&bell),
            config.clone(),
            readers.clone(),
        );
        link.attach(Arc::clone(&inbox) as Arc<dyn LinkSink>);
        let keeper = Keeper::new(
            link,
            (Arc::clone(&inbox), asks),
            spool,
            Arc::clone(&shared),
            Arc::clone(&bell),
            &recovered,
            (config.reconnect, seed),
        );
        let mut threads = vec![
            spawn("confee-badge", move || keeper.run())?,
            spawn("confee-listen", move || listener.run())?,
        ];
        threads.extend(reading);
        let (desk, readers) = (Arc::clone(desk), Mutex::new(Some(readers)));
        Ok(Self { inbox, shared, bell, desk, readers, threads: Mutex::new(threads) })
    }

    /// Has the recordings read that wait, such as for a model that is there now.
    pub(crate) fn read_waiting(&self) {
        let readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(readers) = &*readers {
            readers.resume(&self.desk);
        }
    }

    pub(crate) fn status(&self) -> CaptureStatus {
        self.shared.status()
    }

    pub(crate) fn scan(&self) -> Result<()> {
        self.ask(Ask::Scan)
    }

    pub(crate) fn connect(&self, badge: KnownBadge) -> Result<()> {
        self.ask(Ask::Connect(badge))
    }

    pub(crate) fn disconnect(&self) -> Result<()> {
        self.ask(Ask::Disconnect)
    }

    pub(crate) fn mute(&self, on: bool) -> Result<()> {
        self.ask(Ask::Mute(on))
    }

    pub(crate) fn allow_drain(&self, on: bool) -> Result<()> {
        self.ask(Ask::Drain(on))
    }

    pub(crate) fn foreground(&self, on: bool) -> Result<()> {
        self.ask(Ask::Foreground(on))
    }

    /// Marks the newest frame.
    pub(crate) fn mark(&self, kind: MarkKind) -> Result<()> {
        self.ask(Ask::Mark(kind))
    }

    /// Overwrites what the log still holds of a conversation.
    pub(crate) fn erase(&self, stream: StreamId, seqs: Range<u32>) -> Result<()> {
        self.ask(Ask::Erase(stream, seqs))
    }

    fn ask(&self, ask: Ask) -> Result<()> {
        if self.inbox.ask(ask) { Ok(()) } else { Err(CompanionError::Closed) }
    }
}

impl Drop for Capture {
    /// What has come is on the disk when this returns.
    fn drop(&mut self) {
        self.shared.stop();
        let _ = self.inbox.ask(Ask::Stop);
        self.bell.ring();
        if let Some(readers) = self.readers.lock().unwrap_or_else(PoisonError::into_inner).take() {
            readers.stop();
        }
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        for thread in threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of capture failed");
            }
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    let started = Builder::new().name(name.to_owned()).spawn(work);
    started.map_err(|e| CompanionError::Storage(format!("no thread can be started ({})", e.kind())))
}
