//! A phone in the booth: an engine that holds the badge, and how it dies.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use confee_companion::badge::simulated::{Peripheral, Radio};
use confee_companion::badge::{KnownBadge, Link, LinkCommand, LinkEvent, LinkSink};
use confee_companion::{CaptureConfig, Companion, Config, Recogniser};
use confee_domain::{Recording, RecordingState, RecordingSummary};
use confee_store::{RealDisk, Record, TalkAudio};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::booth::{Booth, PERIPHERAL};
use crate::rig;

/// A test gives up when what it waits for does not come for so long.
const PATIENCE: Duration = Duration::from_secs(120);

/// A radio that a dead app no longer reaches.
struct Gate {
    radio: Arc<Radio>,
    shut: AtomicBool,
    sink: Mutex<Option<Arc<dyn LinkSink>>>,
}

impl Gate {
    fn is_shut(&self) -> bool {
        self.shut.load(Ordering::SeqCst)
    }
}

struct Ear(Arc<Gate>);

impl LinkSink for Ear {
    fn on_event(&self, event: LinkEvent) {
        let sink = self.0.sink.lock().unwrap().clone().filter(|_| !self.0.is_shut());
        if let Some(sink) = sink {
            sink.on_event(event);
        }
    }
}

/// A link through a gate.
struct Gated(Arc<Gate>);

impl Link for Gated {
    fn attach(&self, sink: Arc<dyn LinkSink>) {
        *self.0.sink.lock().unwrap() = Some(sink);
        self.0.radio.attach(Arc::new(Ear(Arc::clone(&self.0))));
    }

    fn submit(&self, command: LinkCommand) {
        if !self.0.is_shut() {
            self.0.radio.submit(command);
        }
    }
}

/// One frame of a recording's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its number.
    pub seq: u32,
    /// Capture time, on the badge's clock.
    pub captured_ms: u32,
    /// The packet.
    pub payload: Vec<u8>,
}

/// An engine that holds the badge of a booth.
pub struct Phone {
    /// The engine.
    pub engine: Companion,
    /// Its folder.
    pub folder: TempDir,
    runtime: Runtime,
    gate: Arc<Gate>,
}

impl Phone {
    /// A new phone.
    #[must_use]
    pub fn new<P: Peripheral>(booth: &Booth<P>, scribe: Option<Arc<dyn Recogniser>>) -> Self {
        Self::start(tempfile::tempdir().unwrap(), booth, scribe)
    }

    /// The app is started over a folder and holds the badge.
    #[must_use]
    pub fn start<P: Peripheral>(
        folder: TempDir,
        booth: &Booth<P>,
        recogniser: Option<Arc<dyn Recogniser>>,
    ) -> Self {
        let capture = CaptureConfig { recogniser, ..CaptureConfig::default() };
        let clock = booth.clock.clone();
        let config = Config { clock, capture, seed: 7, ..Config::new(folder.path()) };
        let engine = Companion::open(config).unwrap();
        let gate = Gate {
            radio: Arc::clone(&booth.radio),
            shut: AtomicBool::new(false),
            sink: Mutex::new(None),
        };
        let phone = Self { engine, folder, runtime: rig::runtime(), gate: Arc::new(gate) };
        phone.attach();
        phone
    }

    /// Attaches the radio, anew where it was, and holds the badge.
    pub fn attach(&self) {
        self.engine.attach_radio(Arc::new(Gated(Arc::clone(&self.gate)))).unwrap();
        let badge = KnownBadge { peripheral: PERIPHERAL.into(), badge_id: None };
        self.engine.connect_badge(badge).unwrap();
    }

    /// All recordings whatever became of them.
    #[must_use]
    pub fn summaries(&self) -> Vec<RecordingSummary> {
        let states = [RecordingState::Waiting, RecordingState::Read, RecordingState::Erased];
        let of = |state| self.runtime.block_on(self.engine.recordings(state)).unwrap();
        let mut all: Vec<_> = states.into_iter().flat_map(of).collect();
        all.sort_by_key(|r| r.started_at_ms);
        all
    }

    /// Waits for so many recordings in a state, or fails.
    #[must_use]
    pub fn recordings(&self, count: usize, state: RecordingState) -> Vec<Recording> {
        let since = Instant::now();
        loop {
            let found = self.runtime.block_on(self.engine.recordings(state)).unwrap();
            if found.len() >= count {
                return found.iter().map(|r| self.recording(&r.id)).collect();
            }
            let status = self.engine.capture_status();
            assert!(since.elapsed() < PATIENCE, "{} of {count}; {status:?}", found.len());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// One recording.
    #[must_use]
    pub fn recording(&self, id: &str) -> Recording {
        self.wait(self.engine.recording(id)).unwrap().0
    }

    /// Waits on the engine.
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// The app dies now, and nothing that happens after reaches badge or disk. Returns the folder
    /// as it is found.
    #[must_use]
    pub fn die<P: Peripheral>(self, booth: &Booth<P>) -> TempDir {
        let left = tempfile::tempdir().unwrap();
        let still = booth.still();
        self.gate.shut.store(true, Ordering::SeqCst);
        copy(self.folder.path(), left.path());
        drop(still);
        self.engine.shutdown();
        left
    }

    /// Ends capture and engine properly and returns the folder.
    #[must_use]
    pub fn close(self) -> TempDir {
        self.engine.detach_radio().unwrap();
        self.engine.shutdown();
        self.folder
    }
}

/// Files may go while they are copied, as they may go before a crash.
fn copy(from: &Path, to: &Path) {
    let mut entries: Vec<_> = std::fs::read_dir(from).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        let to = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            std::fs::create_dir(&to).unwrap();
            copy(&entry, &to);
        } else if !to.to_string_lossy().ends_with("-shm") {
            let _ = std::fs::copy(&entry, &to);
        }
    }
}

/// The frames in the file of a recording, as they lie there.
#[must_use]
pub fn kept(folder: &Path, id: &str) -> Vec<Kept> {
    let talks = TalkAudio::new(&folder.join("audio/talks"), Arc::new(RealDisk)).unwrap();
    let mut file = talks.open(id).unwrap();
    let mut frames = Vec::new();
    while let Some(record) = file.next().unwrap() {
        if let Record::Frame(f) = record {
            let (seq, captured_ms, payload) = (f.seq, f.captured_ms, f.payload.to_vec());
            frames.push(Kept { seq, captured_ms, payload });
        }
    }
    frames
}
