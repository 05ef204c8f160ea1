use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use whisper_rs::FullParams;

use crate::Stop;

type AbortCallback = Box<dyn FnMut() -> bool>;

/// What whisper.cpp's callbacks see: the stop of the call that is running, and how often they were
/// asked.
#[derive(Debug, Default)]
pub(super) struct Watch {
    stop: Mutex<Stop>,
    passes: AtomicUsize,
    windows: AtomicUsize,
}

impl Watch {
    /// Installs the callbacks. whisper-rs never frees a callback, so this is done once for a model
    /// and not once for a call.
    pub(super) fn install(self: &Arc<Self>, params: &mut FullParams<'_, '_>) {
        let watch = Arc::clone(self);
        // The type matters: whisper-rs 0.16 reads the memory as `F` where it put a
        // `Box<dyn FnMut() -> bool>`, so `F` must be just that.
        let abort: AbortCallback = Box::new(move || watch.pass());
        params.set_abort_callback_safe::<AbortCallback, AbortCallback>(abort);
        let watch = Arc::clone(self);
        params.set_progress_callback_safe(move |_: i32| {
            watch.windows.fetch_add(1, Ordering::Relaxed);
        });
    }

    pub(super) fn begin(&self, stop: &Stop) {
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = stop.clone();
        self.passes.store(0, Ordering::Relaxed);
        self.windows.store(0, Ordering::Relaxed);
    }

    pub(super) fn release(&self) {
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = Stop::default();
    }

    fn pass(&self) -> bool {
        self.passes.fetch_add(1, Ordering::Relaxed);
        self.stop.lock().unwrap_or_else(PoisonError::into_inner).is_stopped()
    }

    #[cfg(test)]
    pub(super) fn passes(&self) -> usize {
        self.passes.load(Ordering::Relaxed)
    }

    /// Passes through the decoder that led to no token in the text, of a run that kept so many; and windows heard.
    pub(super) fn wasted(&self, kept: usize) -> (usize, usize) {
        let passes = self.passes.load(Ordering::Relaxed);
        // It reports once more at the end.
        let windows = self.windows.load(Ordering::Relaxed).saturating_sub(1);
        (passes.saturating_sub(2 * windows + kept), windows)
    }
}
