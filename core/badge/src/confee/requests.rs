use std::collections::VecDeque;

use super::{Request, Status};
use crate::session::Priority;

/// How long an answer may take, in milliseconds; the protocol says 2 seconds.
const PATIENCE_MS: u64 = 2_500;
/// Times a request is sent before the badge counts as silent.
const TRIES: u8 = 3;

/// Requests of the control characteristic: one open at a time, each with an id of its own.
#[derive(Debug, Default)]
pub(super) struct Requests {
    waiting: VecDeque<Request>,
    open: Option<Open>,
    last_id: u8,
}

#[derive(Debug)]
struct Open {
    id: u8,
    request: Request,
    since_ms: u64,
    tries: u8,
}

/// A request with its answer.
pub(super) struct Answered<'a> {
    pub(super) asked: &'a Request,
    pub(super) id: u8,
    pub(super) status: Status,
    pub(super) data: &'a [u8],
}

/// What is to be written now.
pub(super) enum Turn {
    Nothing,
    Write(Priority, Vec<u8>),
    /// The badge does not answer.
    Silent,
}

impl Requests {
    pub(super) fn push(&mut self, request: Request) {
        self.waiting.push_back(request);
    }

    /// Mute and stop go before what waits.
    pub(super) fn push_urgent(&mut self, request: Request) {
        self.waiting.push_front(request);
    }

    /// Whether anything is open or waits.
    pub(super) fn is_busy(&self) -> bool {
        self.open.is_some() || !self.waiting.is_empty()
    }

    /// The next request, or the open one again when its answer is late.
    pub(super) fn turn(&mut self, now_ms: u64) -> Turn {
        if let Some(open) = &mut self.open {
            if now_ms.saturating_sub(open.since_ms) < PATIENCE_MS {
                return Turn::Nothing;
            }
            if open.tries == TRIES {
                return Turn::Silent;
            }
            open.tries += 1;
            open.since_ms = now_ms;
            return Turn::Write(priority(&open.request), open.request.encode(open.id));
        }
        let Some(request) = self.waiting.pop_front() else { return Turn::Nothing };
        self.last_id = self.last_id.wrapping_add(1);
        let turn = Turn::Write(priority(&request), request.encode(self.last_id));
        self.open = Some(Open { id: self.last_id, request, since_ms: now_ms, tries: 1 });
        turn
    }

    /// The request that an answer belongs to with the time it was sent; none where the answer is
    /// late, double or to nothing.
    pub(super) fn answered(&mut self, op: u8, id: u8) -> Option<(Request, u64)> {
        let open = self.open.take_if(|open| open.id == id && open.request.op() == op)?;
        Some((open.request, open.since_ms))
    }
}

/// Stop and mute before all, acknowledgements before more of what has to be acknowledged.
fn priority(request: &Request) -> Priority {
    match request {
        Request::Mute { .. } | Request::RingStop => Priority::Urgent,
        Request::RingAdvance { .. } | Request::RingRelease { .. } => Priority::Ack,
        Request::RingRead { .. } => Priority::Bulk,
        _ => Priority::Control,
    }
}
