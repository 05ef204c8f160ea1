use crate::omi::{Notice, RECORD_BYTES, Record, StorageStatusCode};

/// Records of one read at most: about 7 s of audio.
pub(super) const MOST_RECORDS: u32 = 64;

/// One read of the ring, from the command to its end.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) start: u64,
    pub(super) count: u32,
    begun: bool,
    whole: bool,
    body: Vec<u8>,
}

/// What a notification did to a read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    More,
    /// Whole.
    Done {
        /// The position after its last record.
        next: u64,
        /// A checksum says so.
        proven: bool,
    },
    /// Something is missing or too much.
    Damaged,
    /// The badge broke it off.
    Ended(StorageStatusCode),
    /// Not of this read.
    Stray,
}

impl Read {
    pub(super) fn new(start: u64, count: u32) -> Self {
        Self { start, count, begun: false, whole: true, body: Vec::new() }
    }

    /// Takes a notification. Holds at most the bytes that were asked for.
    pub(super) fn push(&mut self, notice: &Notice<'_>) -> Step {
        match *notice {
            Notice::ReadBegin { start, count } => {
                let again = self.begun && !self.body.is_empty();
                self.begun = true;
                self.whole &= start == self.start && count <= self.count && !again;
                Step::More
            }
            Notice::Data(_) | Notice::Done { .. } if !self.begun => {
                // Of an older read, or the beginning was lost: the end tells.
                if matches!(notice, Notice::Done { next, .. } if self.ends_at(*next)) {
                    return Step::Damaged;
                }
                Step::Stray
            }
            Notice::Data(bytes) => {
                self.append(bytes);
                Step::More
            }
            Notice::Done { status: StorageStatusCode::Ok, next, crc } => self.end(next, crc),
            Notice::Done { status, .. } => Step::Ended(status),
            _ => Step::Stray,
        }
    }

    #[cfg(test)]
    pub(super) fn footprint(&self) -> usize {
        self.body.capacity()
    }

    fn append(&mut self, bytes: &[u8]) {
        if self.body.len() + bytes.len() > self.count as usize * RECORD_BYTES {
            self.whole = false;
            return;
        }
        self.body.extend_from_slice(bytes);
    }

    fn ends_at(&self, next: u64) -> bool {
        next.checked_sub(self.start).is_some_and(|n| (1..=u64::from(self.count)).contains(&n))
    }

    fn end(&self, next: u64, crc: Option<u32>) -> Step {
        let Some(records) = next.checked_sub(self.start) else { return Step::Damaged };
        let fits = self.body.len() as u64 == records.saturating_mul(RECORD_BYTES as u64);
        let sound = crc.is_none_or(|crc| crc == crc32fast::hash(&self.body));
        match self.whole && fits && sound {
            true if records == 0 => Step::Ended(StorageStatusCode::OutOfRange),
            true => Step::Done { next, proven: crc.is_some() },
            false => Step::Damaged,
        }
    }

    pub(super) fn records(&self) -> impl Iterator<Item = (u64, &[u8])> {
        (self.start..).zip(self.body.chunks_exact(RECORD_BYTES))
    }

    /// Whether every record is in order inside: a transfer that lost a piece is not.
    pub(super) fn is_sound(&self) -> bool {
        self.records().all(|(_, bytes)| {
            Record::parse(bytes).is_ok_and(|r| r.frames().all(|frame| frame.is_ok()))
        })
    }

    /// What was read, to tell whether it was the same twice.
    pub(super) fn print(&self) -> (u64, u32) {
        (self.start, crc32fast::hash(&self.body))
    }
}
