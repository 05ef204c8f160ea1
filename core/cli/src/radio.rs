//! The radio of this computer, which is waited for when it ends: a process that is gone lets no
//! link go, and the system would hold the badge on.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use confee_companion::badge::{BtleError, BtleLink, BtleTimeouts, Link};
use confee_companion::badge::{LinkCommand, LinkEvent, LinkSink};

/// Longer than any system takes to end a link.
const PATIENCE: Duration = Duration::from_secs(10);

/// Starts the radio.
///
/// # Errors
/// The system refuses a thread.
pub(crate) fn start() -> Result<(Arc<dyn Link>, Ended), BtleError> {
    let radio = BtleLink::on_own_thread(BtleTimeouts::default())?;
    let (alive, gone) = channel();
    Ok((Arc::new(Radio { radio, alive }), Ended(gone)))
}

/// Tells when the radio has ended.
pub(crate) struct Ended(Receiver<()>);

impl Ended {
    /// Waits until the radio, of which nobody may hold a reference any more, has let the badge go.
    pub(crate) fn wait(self) {
        // Nothing is ever sent: the channel closes with the radio's thread.
        if self.0.recv_timeout(PATIENCE) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            tracing::warn!("the radio does not end; the system may still hold the badge");
        }
    }
}

struct Radio {
    radio: Arc<BtleLink>,
    alive: Sender<()>,
}

impl Link for Radio {
    fn attach(&self, sink: Arc<dyn LinkSink>) {
        self.radio.attach(Arc::new(Sink { sink, _alive: self.alive.clone() }));
    }

    fn submit(&self, command: LinkCommand) {
        self.radio.submit(command);
    }
}

/// Lives as long as the radio's thread.
struct Sink {
    sink: Arc<dyn LinkSink>,
    _alive: Sender<()>,
}

impl LinkSink for Sink {
    fn on_event(&self, event: LinkEvent) {
        self.sink.on_event(event);
    }
}
