//! From a radio to conversations on disk. Two threads: the keeper holds the connection and takes
//! audio into custody; the listener reads the log behind it, decodes, measures, cuts. Nothing that
//! the listener does can make the keeper lose a frame.

mod ear;
mod fetch;
mod index;
mod inbox;
mod keeper;
mod listener;
mod monitor;
mod recogniser;
mod shared;

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use confee_badge::{KnownBadge, Link};
use confee_domain::CaptureStatus;
use confee_store::audio::{RealDisk, Spool, SpoolOptions, TalkAudio};
use tokio::sync::Notify;

pub use recogniser::{Heard, Recogniser, RecordingAudio};

use crate::clock::Clock;
use crate::desk::Desk;
use crate::error::{CompanionError, Result};
use inbox::{Ask, Inbox};
use keeper::Keeper;
use listener::Listener;
use shared::Shared;

/// Folder of the audio log below the data folder.
const SPOOL: &str = "audio/spool";

/// How conversations are cut and turned into text.
#[derive(Clone, Default)]
pub struct CaptureConfig {
    /// When a conversation begins and ends.
    pub cut: confee_audio::voice::cutter::CutPolicy,
    /// Turns recordings into text; without one they wait.
    pub recogniser: Option<Arc<dyn Recogniser>>,
}

/// Capture with one radio, until it is stopped or dropped.
pub(crate) struct Capture {
    inbox: Arc<Inbox>,
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Capture {
    /// Opens the log and starts both threads. Blocks on disk: the whole log is read.
    pub(crate) fn start(
        desk: &Arc<Desk>,
        folder: &std::path::Path,
        link: Arc<dyn Link>,
        config: &CaptureConfig,
        seed: u64,
    ) -> Result<Self> {
        let disk = Arc::new(RealDisk);
        let (spool, recovered) = Spool::open(&folder.join(SPOOL), SpoolOptions::default(), disk)?;
        let shared = Arc::new(Shared::new(Arc::clone(&desk.clock), desk.bus.clone()));
        let (inbox, asks) = Inbox::new(Arc::clone(&shared));
        let from = spool.oldest();
        let spool = Arc::new(Mutex::new(spool));
        let wake = Arc::new(inbox::Bell::default());
        link.attach(Arc::clone(&inbox) as Arc<dyn confee_badge::LinkSink>);
        let keeper = Keeper::new(
            link,
            asks,
            Arc::clone(&spool),
            Arc::clone(&shared),
            Arc::clone(&wake),
            &recovered,
            seed,
        );
        let listener = Listener::new(
            Arc::clone(desk),
            spool,
            from,
            Arc::clone(&shared),
            wake,
            config.clone(),
        );
        let threads = vec![
            spawn("confee-badge", move || keeper.run())?,
            spawn("confee-listen", move || listener.run())?,
        ];
        Ok(Self { inbox, shared, threads: Mutex::new(threads) })
    }
}
