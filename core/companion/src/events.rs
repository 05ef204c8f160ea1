use confee_domain::EngineEvent;
use tokio::sync::broadcast;
use tokio::task::AbortHandle;

/// Events kept for a slow observer; one that falls further behind gets a fresh snapshot.
const KEPT: usize = 256;

/// Tells observers what has changed.
#[derive(Clone)]
pub(crate) struct Bus(broadcast::Sender<EngineEvent>);

impl Bus {
    pub(crate) fn new() -> Self {
        Self(broadcast::channel(KEPT).0)
    }

    pub(crate) fn send(&self, event: EngineEvent) {
        // Nobody listening is no error.
        let _ = self.0.send(event);
    }

    pub(crate) fn receive(&self) -> broadcast::Receiver<EngineEvent> {
        self.0.subscribe()
    }
}

/// An observer's subscription. Dropping or cancelling it ends the calls.
#[derive(Debug)]
pub struct Subscription(AbortHandle);

impl Subscription {
    pub(crate) fn new(handle: AbortHandle) -> Self {
        Self(handle)
    }

    /// Ends the subscription; a call that is under way still returns.
    pub fn cancel(&self) {
        self.0.abort();
    }

    /// Whether no more calls will come.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.0.abort();
    }
}
