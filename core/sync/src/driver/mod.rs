//! Sends requests with reqwest, and runs the outbox. The only part of the crate that knows sockets
//! and tokio.

mod drain;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::redirect::Policy;

use crate::request::{Method, Request, Response, TransportError};
pub use drain::Report;

/// Longer answers are cut off.
const BODY_MAX: usize = 1 << 20;
const CONNECT: Duration = Duration::from_secs(10);
const READ: Duration = Duration::from_secs(30);
const IDLE: Duration = Duration::from_secs(30);

/// Tells the time in Unix milliseconds.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Why no requests can be sent at all.
#[derive(Debug, thiserror::Error)]
#[error("the secure connection cannot be set up on this device: {0}")]
pub struct DriverError(#[source] reqwest::Error);

/// Sends requests. Clones share connections.
#[derive(Clone)]
pub struct HttpDriver {
    client: reqwest::Client,
    clock: Clock,
    parallel: usize,
}

impl HttpDriver {
    /// A driver with the system's clock, its certificates, and four requests at a time.
    ///
    /// Installs ring as the process's rustls provider unless there is one. On Android the host
    /// initialises `rustls-platform-verifier` first.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn new() -> Result<Self, DriverError> {
        // An error says that a provider is there already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .user_agent(concat!("confee/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .read_timeout(READ)
            .pool_idle_timeout(IDLE)
            .build()
            .map_err(|e| DriverError(e.without_url()))?;
        Ok(Self { client, clock: Arc::new(system_ms), parallel: 4 })
    }

    /// With another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// With so many requests at a time, at least one.
    #[must_use]
    pub fn with_parallel(mut self, parallel: usize) -> Self {
        self.parallel = parallel.max(1);
        self
    }

    /// Sends one request. Redirects are not followed; of the answer at most 1 MiB is read.
    ///
    /// # Errors
    /// No answer; tells whether bytes may have left.
    pub async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let mut call = self
            .client
            .request(method(request.method), &request.url)
            .timeout(Duration::from_millis(request.timeout_ms.max(1)));
        for (name, value) in &request.headers {
            call = call.header(name, value);
        }
        if !request.body.is_empty() {
            call = call.body(request.body);
        }
        read(call.send().await.map_err(|e| blame(&e))?).await
    }

    fn now_ms(&self) -> i64 {
        (self.clock)()
    }
}

async fn read(mut answer: reqwest::Response) -> Result<Response, TransportError> {
    let headers = answer
        .headers()
        .iter()
        .filter_map(|(n, v)| Some((n.as_str().to_owned(), v.to_str().ok()?.to_owned())))
        .collect();
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| TransportError::MaybeSent)? {
        let room = BODY_MAX.saturating_sub(body.len());
        body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if body.len() >= BODY_MAX {
            break;
        }
    }
    Ok(Response { status, headers, body })
}

/// Names, routes and TLS fail before the request is written; all else may have come through.
fn blame(error: &reqwest::Error) -> TransportError {
    if error.is_connect() || error.is_builder() {
        TransportError::NotSent
    } else {
        TransportError::MaybeSent
    }
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
    }
}

fn system_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
