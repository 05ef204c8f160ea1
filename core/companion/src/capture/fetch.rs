use std::sync::{Arc, Mutex, PoisonError};

use confee_domain::{AudioFrame, StreamId};
use confee_store::{Position, Reader, Record, Result, Spool};

/// Records that are read past before the log is opened anew at the right place.
const NEAR: usize = 512;

/// Reads single frames back from the log; frames that follow each other cost one pass.
pub(super) struct Fetch {
    spool: Arc<Mutex<Spool>>,
    reader: Option<Reader>,
}

impl Fetch {
    pub(super) fn new(spool: Arc<Mutex<Spool>>) -> Self {
        Self { spool, reader: None }
    }

    /// Hands the frame at a place to `take`; false where it cannot be read any more.
    pub(super) fn frame(
        &mut self,
        at: Position,
        stream: StreamId,
        seq: u32,
        mut take: impl FnMut(&AudioFrame<'_>),
    ) -> Result<bool> {
        let ahead = self.reader.as_ref().is_some_and(|r| r.position() <= at);
        if ahead && self.search(stream, seq, &mut take)? {
            return Ok(true);
        }
        let spool = self.spool.lock().unwrap_or_else(PoisonError::into_inner);
        self.reader = Some(spool.reader(at));
        drop(spool);
        self.search(stream, seq, &mut take)
    }

    fn search(
        &mut self,
        stream: StreamId,
        seq: u32,
        take: &mut impl FnMut(&AudioFrame<'_>),
    ) -> Result<bool> {
        let Some(reader) = &mut self.reader else { return Ok(false) };
        for _ in 0..NEAR {
            match reader.next()? {
                Some(Record::Frame(f)) if f.stream == stream && f.seq == seq => {
                    take(&f);
                    return Ok(true);
                }
                Some(_) => {}
                None => break,
            }
        }
        Ok(false)
    }
}
