use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::cutter::Utterance;
use super::{Preview, Spoken};
use crate::{SpeechError, Stop};

/// Utterances that wait for the engine.
const WAITING_MOST: usize = 2;
/// A stop has no bell: who waits for a place looks for it this often.
const LOOK: Duration = Duration::from_millis(20);

/// Sound of the running utterance.
pub(super) struct Peek {
    /// Start of the utterance; tells one from another.
    pub(super) utterance_ms: u64,
    pub(super) from_ms: u64,
    pub(super) pcm: Vec<f32>,
}

pub(super) enum Job {
    Hear(Utterance),
    Peek(Peek, Stop),
}

/// What the caller's thread and the engine's have in common.
pub(super) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    stop: Stop,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Utterance>,
    peek: Option<Peek>,
    /// Stops the preview that is being heard.
    peeking: Option<Stop>,
    peek_from: Option<(u64, u64)>,
    shown: Option<Preview>,
    done: Vec<Spoken>,
    /// No more sound comes.
    closed: bool,
    /// The engine's thread has ended.
    ended: bool,
    failed: Option<SpeechError>,
}

impl Shared {
    pub(super) fn new() -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), stop: Stop::default() }
    }

    pub(super) fn stop(&self) -> &Stop {
        &self.stop
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands an utterance to the engine; waits while there is no place.
    pub(super) fn send(&self, utterance: Utterance) -> Result<(), SpeechError> {
        let mut state = self.lock();
        while state.waiting.len() >= WAITING_MOST && !state.ended && !self.stop.is_stopped() {
            let waited = self.changed.wait_timeout(state, LOOK);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.check(&self.stop)?;
        state.waiting.push_back(utterance);
        state.peek = None;
        if let Some(peeking) = &state.peeking {
            peeking.stop();
        }
        self.changed.notify_all();
        Ok(())
    }

    /// Whether the engine's thread still works.
    pub(super) fn check(&self) -> Result<(), SpeechError> {
        self.lock().check(&self.stop)
    }

    /// Whether the engine's thread, which has ended, did all its work.
    pub(super) fn check_end(&self) -> Result<(), SpeechError> {
        let mut state = self.lock();
        state.ended = false;
        state.check(&self.stop)
    }

    /// Offers sound for a preview in the place of what was not taken yet.
    pub(super) fn offer(&self, peek: Peek) {
        self.lock().peek = Some(peek);
        self.changed.notify_all();
    }

    /// Where the next preview of an utterance is to begin, if it had one.
    pub(super) fn peek_from(&self, utterance_ms: u64) -> u64 {
        let known = self.lock().peek_from.filter(|(utterance, _)| *utterance == utterance_ms);
        known.map_or(utterance_ms, |(_, from)| from)
    }

    /// The next work of the engine's thread; none when it is to end.
    pub(super) fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if self.stop.is_stopped() || state.failed.is_some() {
                return None;
            }
            if let Some(utterance) = state.waiting.pop_front() {
                self.changed.notify_all();
                return Some(Job::Hear(utterance));
            }
            if state.closed {
                return None;
            }
            if let Some(peek) = state.peek.take() {
                let stop = self.stop.child();
                state.peeking = Some(stop.clone());
                return Some(Job::Peek(peek, stop));
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A preview was heard; it counts unless its utterance has ended meanwhile.
    pub(super) fn show(&self, peek_from: (u64, u64), preview: Preview, stop: &Stop) {
        let mut state = self.lock();
        if !stop.is_stopped() {
            state.peek_from = Some(peek_from);
            state.shown = Some(preview);
        }
        state.peeking = None;
    }

    /// A preview came to nothing.
    pub(super) fn unshown(&self) {
        self.lock().peeking = None;
    }

    /// An utterance is finished. Its preview is over.
    pub(super) fn deliver(&self, spoken: Option<Spoken>, previews: bool) {
        let mut state = self.lock();
        state.done.extend(spoken);
        if previews {
            state.shown = Some(Preview::default());
        }
    }

    pub(super) fn fail(&self, error: SpeechError) {
        self.lock().failed = Some(error);
    }

    pub(super) fn take_done(&self) -> Vec<Spoken> {
        std::mem::take(&mut self.lock().done)
    }

    pub(super) fn take_shown(&self) -> Option<Preview> {
        self.lock().shown.take()
    }

    /// No more sound comes; the engine's thread ends after what waits.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// The engine's thread has ended, however.
    pub(super) fn end(&self) {
        self.lock().ended = true;
        self.changed.notify_all();
    }
}

impl State {
    fn check(&mut self, stop: &Stop) -> Result<(), SpeechError> {
        if stop.is_stopped() {
            return Err(SpeechError::Stopped);
        }
        match self.failed.take() {
            Some(error) => {
                self.failed = Some(SpeechError::Engine("it failed before".into()));
                Err(error)
            }
            None if self.ended => Err(SpeechError::Engine("its thread ended".into())),
            None => Ok(()),
        }
    }
}
