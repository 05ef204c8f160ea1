use std::fmt::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry};

/// Takes log lines, for os_log or logcat. Called on any thread; must return at once. Lines hold
/// ids and counts, never a lead's content or a token.
#[uniffi::export(foreign)]
pub trait LogSink: Send + Sync {
    /// One line. `level` is `error`, `warn`, `info`, `debug` or `trace`.
    fn log(&self, level: String, target: String, line: String);
}

/// Sends the engine's log lines to a sink. `filter` is a level, or levels per target as in
/// `info,confee_sync=debug`. Returns false where logging was set up before; nothing changes then.
#[uniffi::export]
pub fn init_logging(filter: String, sink: Arc<dyn LogSink>) -> bool {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    Registry::default().with(filter).with(SinkLayer(sink)).try_init().is_ok()
}

struct SinkLayer(Arc<dyn LogSink>);

impl<S: tracing::Subscriber> Layer<S> for SinkLayer {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        let meta = event.metadata();
        let level = meta.level().to_string().to_lowercase();
        // What a sink throws arrives as a panic; a lost line must not end the work it tells of.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            self.0.log(level, meta.target().to_owned(), line.0);
        }));
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
        // Writing to a string does not fail.
        let _ = match field.name() {
            "message" => write!(self.0, "{value:?}"),
            name => write!(self.0, "{name}={value:?}"),
        };
    }
}
