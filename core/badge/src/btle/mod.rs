//! A radio over the `btleplug` crate: Linux and macOS development machines, tests, and a fallback
//! on phones. In the apps the phone's own Bluetooth code stands behind [`Link`](crate::Link)
//! instead, because only that is restored after iOS ended the app, may run as an Android
//! foreground service, and can pair.
//!
//! What the crate and the systems do unlike the contract of `Link`, and what is done about it:
//!
//! - *Notifications* come, except on Linux, through a channel of 16 slots that drops without a
//!   word. One task per peripheral does nothing but copy into the sink; it begins before the
//!   first subscription and lasts over reconnects. That a drop happened cannot be seen here: the
//!   sequence numbers of the badge protocol show it. [`BtleLink::on_own_thread`] keeps other work
//!   of the process away from that task.
//! - The *notification stream never ends* with the link. The link's end is taken from the
//!   adapter's events, verified, and checked every few seconds, since a flood of advertisements
//!   can push that event out of its channel, too.
//! - *Reads show up as notifications* on Linux. Only subscribed characteristics pass, and the
//!   echo of a read does not; what cannot be told apart is said at `Filter` in `inbox.rs`.
//! - *One unknown flag* of one characteristic hides all services on Linux (bluez-async): reported
//!   as [`LinkFault::Missing`](crate::LinkFault::Missing).
//! - *Connecting* waits up to 30 seconds on Linux and for ever on Apple's systems: the time is
//!   ours ([`BtleTimeouts`]).
//! - *Scanning* would switch the adapter on, on Linux: it is not begun while the adapter is off.
//!   It ends before a connection is opened.
//! - *Known badges* are connected without a scan: BlueZ and CoreBluetooth remember them, Android
//!   takes the address. Where BlueZ forgot (30 seconds after a scan, for a badge that is not
//!   paired) a scan looks for that one badge.
//! - *Pairing* cannot be asked for. The system pairs by itself when an encrypted value is read or
//!   subscribed to, on Linux only with an agent (`bluetoothctl`, the desktop's settings).
//! - *Why a link ended* is not told: it is reported as a timeout, or as off.
//!
//! On Android the app's Java code must, before [`BtleLink::start`], call a JNI function of the
//! library that calls `btleplug::platform::init(&mut env)` from a thread whose context class loader
//! is the app's, and the app must be built with btleplug's Java sources of exactly this version
//! and R8 rules that keep `com.nonpolynomial.btleplug.android.impl` and `io.github.gedgygedgy.rust`.
//! Without that, connecting panics inside btleplug.

mod central;
mod fault;
mod inbox;
mod operation;
mod peripherals;
mod worker;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio::sync::{mpsc, oneshot};

use crate::link::{Link, LinkCommand, LinkSink};
use worker::{Input, Worker};

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How long the radio may take. The defaults are bounds for a hanging system; the core has its
/// own, shorter patience.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BtleTimeouts {
    /// Opening a link; 25 s.
    pub connect: Duration,
    /// Finding the services; 15 s.
    pub discover: Duration,
    /// A read, a write or a subscription; 35 s, since a person may have to confirm pairing.
    pub gatt: Duration,
    /// From one look whether the link still stands to the next; 5 s.
    pub check: Duration,
}

impl Default for BtleTimeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(25), discover: seconds(15), gatt: seconds(35), check: seconds(5) }
    }
}

/// Why the radio cannot be used at all. A missing adapter is no error: it may come, and is
/// reported as [`AdapterState`](crate::AdapterState).
#[derive(Debug, thiserror::Error)]
pub enum BtleError {
    /// No thread or runtime for it.
    #[error("the Bluetooth thread cannot be started, close other programs: {0}")]
    Thread(#[from] std::io::Error),
}

/// A radio over btleplug. Dropping it lets the link go.
pub struct BtleLink {
    input: mpsc::UnboundedSender<Input>,
    idle: Mutex<Option<Idle>>,
}

/// What waits for the sink.
struct Idle {
    runs_on: RunsOn,
    input: mpsc::UnboundedReceiver<Input>,
    timeouts: BtleTimeouts,
}

enum RunsOn {
    Shared(Handle),
    Own(oneshot::Sender<Work>),
}

impl BtleLink {
    /// A radio whose tasks run on an existing runtime. It needs timers and IO, and workers that
    /// are never blocked for longer than 0.3 seconds: otherwise audio is lost on Apple's systems.
    ///
    /// # Errors
    /// None at present.
    pub fn start(handle: Handle) -> Result<Arc<Self>, BtleError> {
        Self::start_with(handle, BtleTimeouts::default())
    }

    /// As [`BtleLink::start`], with other patience.
    ///
    /// # Errors
    /// None at present.
    pub fn start_with(handle: Handle, timeouts: BtleTimeouts) -> Result<Arc<Self>, BtleError> {
        Ok(Self::new(RunsOn::Shared(handle), timeouts))
    }

    /// A radio with a thread and a runtime of its own; better than a shared one, see
    /// [`BtleLink::start`].
    ///
    /// # Errors
    /// When the system refuses a thread.
    pub fn on_own_thread(timeouts: BtleTimeouts) -> Result<Arc<Self>, BtleError> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (work, given) = oneshot::channel::<Work>();
        std::thread::Builder::new().name("confee-radio".to_owned()).spawn(move || {
            runtime.block_on(async {
                if let Ok(work) = given.await {
                    work.await;
                }
            });
        })?;
        Ok(Self::new(RunsOn::Own(work), timeouts))
    }

    fn new(runs_on: RunsOn, timeouts: BtleTimeouts) -> Arc<Self> {
        let (sender, input) = mpsc::unbounded_channel();
        let idle = Mutex::new(Some(Idle { runs_on, input, timeouts }));
        Arc::new(Self { input: sender, idle })
    }
}

impl Link for BtleLink {
    fn attach(&self, sink: Arc<dyn LinkSink>) {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Idle { runs_on, input, timeouts }) = idle else {
            tracing::warn!("the radio has a sink already; the second one is ignored");
            return;
        };
        let work = Worker::new(sink, self.input.downgrade(), timeouts).run(input);
        match runs_on {
            RunsOn::Shared(handle) => drop(handle.spawn(work)),
            RunsOn::Own(thread) => drop(thread.send(Box::pin(work))),
        }
    }

    fn submit(&self, command: LinkCommand) {
        // A worker that is gone was ended with its runtime: nobody waits for an answer.
        let _ = self.input.send(Input::Command(command));
    }
}
