use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use whisper_rs::FullParams;

use crate::Stop;

type AbortCallback = Box<dyn FnMut() -> bool>;

/// What whisper.cpp's callback sees: the stop of the call that is running, and how often it was
/// asked.
#[derive(Debug, Default)]
pub(super) struct Watch {
    stop: Mutex<Stop>,
    passes: AtomicUsize,
}

impl Watch {
    /// Installs the callback. whisper-rs never frees a callback, so this is done once for a model
    /// and not once for a call.
    pub(super) fn install(self: &Arc<Self>, params: &mut FullParams<'_, '_>) {
        let watch = Arc::clone(self);
        // The type matters: whisper-rs 0.16 reads the memory as `F` where it put a
        // `Box<dyn FnMut() -> bool>`, so `F` must be just that.
        let abort: AbortCallback = Box::new(move || watch.pass());
        params.set_abort_callback_safe::<AbortCallback, AbortCallback>(abort);
    }

    pub(super) fn begin(&self, stop: &Stop) {
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = stop.clone();
        self.passes.store(0, Ordering::Relaxed);
    }

    pub(super) fn release(&self) {
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = Stop::default();
    }

    fn pass(&self) -> bool {
        self.passes.fetch_add(1, Ordering::Relaxed);
        self.stop.lock().unwrap_or_else(PoisonError::into_inner).is_stopped()
    }

    /// Passes through encoder and decoder.
    pub(super) fn passes(&self) -> usize {
        self.passes.load(Ordering::Relaxed)
    }
}
