//! What to do next in a download: the driver tells what happened and gets the next [`Step`].

use url::Url;

use super::partial::{PartialState, Validator};
use super::range::ContentRange;
use super::retry::{backoff_ms, retry_after_ms};

/// Bounds of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Tries of a source in a row that bring nothing new.
    pub tries: u32,
    /// New bytes that a try must bring to count as progress.
    pub progress_bytes: u64,
    /// Requests to one source in all, redirects aside.
    pub requests: u32,
    /// Redirects from one request.
    pub redirects: u32,
    /// First pause after a failure, in milliseconds.
    pub first_pause_ms: u64,
    /// Longest pause; a server that asks for more is left for the next source.
    pub last_pause_ms: u64,
    /// Whether a redirect may lead from `http` to `http`: for a server of the own machine. From
    /// `https` it never may.
    pub allow_http: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            tries: 5,
            progress_bytes: 64 << 10,
            requests: 200,
            redirects: 5,
            first_pause_ms: 1_000,
            last_pause_ms: 60_000,
            allow_http: false,
        }
    }
}

/// A source as the machine sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Where it lies.
    pub url: Url,
    /// Its length, where known.
    pub bytes: Option<u64>,
    /// Whether its hash is known, so that mixed-up parts are noticed.
    pub hashed: bool,
}

/// The head of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// Its status.
    pub status: u16,
    /// `Content-Length`.
    pub length: Option<u64>,
    /// `Content-Range`.
    pub content_range: Option<String>,
    /// `Content-Encoding`.
    pub encoding: Option<String>,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// `Location`.
    pub location: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// `Date`.
    pub date: Option<String>,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Which source, from 0.
    pub source: usize,
    /// The address; after a redirect not the source's own.
    pub url: Url,
    /// Ask for the bytes from here on; 0 asks for all.
    pub from: u64,
    /// Value of `If-Range`.
    pub if_range: Option<String>,
    /// Wait so long before, in milliseconds.
    pub pause_ms: u64,
}

/// What the driver does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send a request and tell its answer by [`Machine::answered`] or [`Machine::broke`].
    Ask(Ask),
    /// Append the answer's body to the partial, which is emptied first where `from` is 0. Tell
    /// [`Machine::received`] before each piece is written, in the end [`Machine::ended`] or
    /// [`Machine::broke`].
    Body {
        /// Where in the file it goes: 0 or the length of the partial.
        from: u64,
        /// Length of the whole file, where known.
        total: Option<u64>,
        /// What to keep beside the partial.
        state: PartialState,
    },
    /// All is there: verify it. Tell [`Machine::rejected`] where it does not hold.
    Verify {
        /// Which source it came from.
        source: usize,
    },
    /// No source is left.
    GiveUp,
}

/// Why a try or a source failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No connection, no TLS, no such host.
    #[error("no connection")]
    Connect,
    /// The connection ended early.
    #[error("the connection broke")]
    Cut,
    /// Nothing came for too long.
    #[error("the server stopped sending")]
    Stalled,
    /// A status that means no.
    #[error("the server answered {0}")]
    Status(u16),
    /// It asks for a pause that is too long.
    #[error("the server asks to come back much later")]
    Later,
    /// An answer that does not go with the request.
    #[error("the server answered something else than was asked")]
    Answer,
    /// Too many redirects, or to an address that is not allowed.
    #[error("the server sends elsewhere in a way that is not allowed")]
    Redirect,
    /// The file there has another length.
    #[error("the file there has another length")]
    Length,
    /// What came has another hash.
    #[error("what came is not the expected file")]
    Hash,
    /// What came is unsound or cannot be converted.
    #[error("what came is no sound model")]
    Unsound,
}

/// The state of a download.
#[derive(Debug)]
pub struct Machine {
    origins: Vec<Origin>,
    policy: Policy,
    rng: fastrand::Rng,
    source: usize,
    /// The sources after it.
    rest: std::vec::IntoIter<usize>,
    failures: Vec<(usize, Failure)>,
    /// Of the current source: tries without progress, requests, whether the hash failed once.
    tries: u32,
    requests: u32,
    rejected: bool,
    /// Of the current request.
    url: Option<Url>,
    redirects: u32,
    asked_from: u64,
    new_bytes: u64,
    /// Of the partial.
    have: u64,
    total: Option<u64>,
    state: Option<PartialState>,
    resumed: bool,
}

impl Machine {
    /// A download from these sources, of which `have` bytes are there already if `partial` says
    /// from where. The seed is for the pauses.
    #[must_use]
    pub fn new(
        origins: Vec<Origin>,
        partial: Option<PartialState>,
        have: u64,
        policy: Policy,
        seed: u64,
    ) -> Self {
        let from = |state: &PartialState| origins.iter().position(|o| o.url.as_str() == state.url);
        let known = partial.as_ref().filter(|_| have > 0).and_then(from);
        let source = known.unwrap_or(0);
        let rest: Vec<usize> = (0..origins.len()).filter(|other| *other != source).collect();
        Self {
            have: if known.is_some() { have } else { 0 },
            state: partial.filter(|_| known.is_some()),
            source,
            rest: rest.into_iter(),
            resumed: known.is_some(),
            origins,
            policy,
            rng: fastrand::Rng::with_seed(seed),
            failures: Vec::new(),
            tries: 0,
            requests: 0,
            rejected: false,
            url: None,
            redirects: 0,
            asked_from: 0,
            new_bytes: 0,
            total: None,
        }
    }

    /// What went wrong so far: source and reason, in order.
    #[must_use]
    pub fn failures(&self) -> &[(usize, Failure)] {
        &self.failures
    }

    /// The first step.
    pub fn start(&mut self) -> Step {
        self.begin(0)
    }

    /// The head of the answer to the last [`Step::Ask`] is there.
    pub fn answered(&mut self, head: &Head, now_ms: i64) -> Step {
        match head.status {
            200 => self.whole(head),
            206 => self.part(head),
            301 | 302 | 303 | 307 | 308 => self.redirected(head),
            416 => self.beyond(head),
            408 | 429 | 500..=599 => self.later(head, now_ms),
            status => self.next_source(Failure::Status(status)),
        }
    }

    /// So many bytes of the body came. Not to be written where this returns a step.
    pub fn received(&mut self, count: u64) -> Option<Step> {
        let have = self.have.saturating_add(count);
        if self.total.is_some_and(|total| have > total) {
            return Some(self.next_source(Failure::Length));
        }
        self.have = have;
        self.new_bytes = self.new_bytes.saturating_add(count);
        if self.new_bytes >= self.policy.progress_bytes {
            self.tries = 0;
        }
        None
    }

    /// The body ended as the server meant it to.
    pub fn ended(&mut self) -> Step {
        match self.total {
            Some(total) if self.have < total => self.broke(Failure::Cut),
            _ if self.have == 0 => self.next_source(Failure::Length),
            _ => Step::Verify { source: self.source },
        }
    }

    /// The request or its answer's body failed.
    pub fn broke(&mut self, failure: Failure) -> Step {
        self.again(failure, None)
    }

    /// Verification failed; the driver has deleted the partial. Bytes of several answers may be
    /// mixed up: such a source gets one more try from the start.
    pub fn rejected(&mut self, failure: Failure) -> Step {
        let again = failure == Failure::Hash && self.resumed && !self.rejected;
        self.forget();
        if again {
            self.rejected = true;
            self.failures.push((self.source, failure));
            return self.begin(0);
        }
        self.next_source(failure)
    }

    fn begin(&mut self, pause_ms: u64) -> Step {
        let Some(origin) = self.origins.get(self.source) else { return Step::GiveUp };
        let (url, bytes, hashed) = (origin.url.clone(), origin.bytes, origin.hashed);
        if bytes.is_some_and(|bytes| self.have > bytes) {
            self.forget();
        }
        if self.have > 0 && bytes == Some(self.have) {
            return Step::Verify { source: self.source };
        }
        let validator = self.state.as_ref().and_then(|state| state.validator.as_ref());
        let if_range = validator.map(|v| v.value().to_owned());
        if if_range.is_none() && !hashed {
            // Nothing could tell that the rest is of the same file.
            self.forget();
        }
        self.requests += 1;
        self.redirects = 0;
        self.new_bytes = 0;
        self.asked_from = self.have;
        self.url = Some(url.clone());
        let if_range = if_range.filter(|_| self.have > 0);
        Step::Ask(Ask { source: self.source, url, from: self.have, if_range, pause_ms })
    }

    fn forget(&mut self) {
        self.have = 0;
        self.state = None;
        self.resumed = false;
        self.total = None;
    }

    fn whole(&mut self, head: &Head) -> Step {
        self.forget();
        self.body(0, head.length, head)
    }

    fn part(&mut self, head: &Head) -> Step {
        let range = head.content_range.as_deref().and_then(ContentRange::parse);
        let Some(ContentRange { part: Some((first, last)), total }) = range else {
            return self.restart(Failure::Answer);
        };
        // Less than all of the rest is allowed, and is then asked for again.
        let length = last - first + 1;
        let fits = first == self.asked_from && head.length.is_none_or(|n| n == length);
        if self.asked_from == 0 || !fits {
            return self.restart(Failure::Answer);
        }
        let known = self.state.as_ref().and_then(|state| state.validator.clone());
        let now = Validator::from_headers(head.etag.as_deref(), head.last_modified.as_deref());
        if let (Some(Validator::Etag(known)), Some(Validator::Etag(now))) = (&known, &now)
            && known != now
        {
            return self.restart(Failure::Answer);
        }
        self.resumed = true;
        self.body(self.asked_from, total, head)
    }

    fn body(&mut self, from: u64, total: Option<u64>, head: &Head) -> Step {
        let Some(origin) = self.origins.get(self.source) else { return Step::GiveUp };
        if head.encoding.as_deref().is_some_and(|e| !e.trim().eq_ignore_ascii_case("identity")) {
            return self.next_source(Failure::Answer);
        }
        if let (Some(expected), Some(total)) = (origin.bytes, total)
            && expected != total
        {
            return self.next_source(Failure::Length);
        }
        self.total = origin.bytes.or(total);
        let now = Validator::from_headers(head.etag.as_deref(), head.last_modified.as_deref());
        let known = self.state.take().and_then(|state| state.validator).filter(|_| from > 0);
        let state = PartialState { url: origin.url.as_str().to_owned(), validator: known.or(now) };
        self.state = Some(state.clone());
        Step::Body { from, total: self.total, state }
    }

    fn redirected(&mut self, head: &Head) -> Step {
        self.redirects += 1;
        let to = match (&self.url, head.location.as_deref()) {
            (Some(from), Some(location)) => from.join(location).ok().filter(|to| {
                let secure = to.scheme() == "https";
                let plain =
                    to.scheme() == "http" && from.scheme() == "http" && self.policy.allow_http;
                (secure || plain) && to.has_host() && to.username().is_empty()
            }),
            _ => None,
        };
        let Some(url) = to.filter(|_| self.redirects <= self.policy.redirects) else {
            return self.next_source(Failure::Redirect);
        };
        self.url = Some(url.clone());
        let validator = self.state.as_ref().and_then(|state| state.validator.as_ref());
        let if_range = validator.filter(|_| self.have > 0).map(|v| v.value().to_owned());
        Step::Ask(Ask { source: self.source, url, from: self.asked_from, if_range, pause_ms: 0 })
    }

    fn beyond(&mut self, head: &Head) -> Step {
        let range = head.content_range.as_deref().and_then(ContentRange::parse);
        let total = range.and_then(|range| range.total);
        let expected = self.origins.get(self.source).and_then(|origin| origin.bytes);
        if self.have > 0 && total == Some(self.have) && expected.is_none_or(|e| e == self.have) {
            return Step::Verify { source: self.source };
        }
        self.restart(Failure::Answer)
    }

    fn later(&mut self, head: &Head, now_ms: i64) -> Step {
        let asked = head.retry_after.as_deref();
        let pause = asked.and_then(|value| retry_after_ms(value, head.date.as_deref(), now_ms));
        if pause.is_some_and(|pause| pause > self.policy.last_pause_ms) {
            return self.next_source(Failure::Later);
        }
        self.again(Failure::Status(head.status), pause)
    }

    /// The same source from the start.
    fn restart(&mut self, failure: Failure) -> Step {
        self.forget();
        self.again(failure, None)
    }

    fn again(&mut self, failure: Failure, pause: Option<u64>) -> Step {
        self.tries += 1;
        if self.tries >= self.policy.tries || self.requests >= self.policy.requests {
            return self.next_source(failure);
        }
        self.failures.push((self.source, failure));
        let Policy { first_pause_ms, last_pause_ms, .. } = self.policy;
        let own = backoff_ms(self.tries, first_pause_ms, last_pause_ms, &mut self.rng);
        self.resumed |= self.have > 0;
        self.begin(pause.unwrap_or(0).max(own))
    }

    fn next_source(&mut self, failure: Failure) -> Step {
        self.failures.push((self.source, failure));
        self.source = self.rest.next().unwrap_or(usize::MAX);
        self.forget();
        (self.tries, self.requests, self.rejected) = (0, 0, false);
        self.begin(0)
    }
}

#[cfg(test)]
mod tests;
