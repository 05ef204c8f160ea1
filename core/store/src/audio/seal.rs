use std::ops::Range;

use confee_domain::StreamId;

use super::failed;
use super::reader::{Damage, Reader};
use super::record::Record;
use super::talk::TalkAudio;
use super::whole_file::WholeFile;
use super::wire::{self, MAX_RECORD, Position};
use crate::error::{Result, StoreError};

/// Frames and marks of one stream that belong to a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TalkPart {
    /// The stream.
    pub stream: StreamId,
    /// Which of it.
    pub within: Within,
}

/// A stretch of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Within {
    /// By frame number.
    Seqs(Range<u32>),
    /// By capture time on the badge's clock.
    CapturedMs(Range<u32>),
}

/// What went into the file of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sealed {
    /// Records.
    pub records: u64,
    /// Frames among them.
    pub frames: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// What of the log could not be read.
    pub damage: Damage,
}

impl TalkAudio {
    /// Copies a conversation out of the log into its own file, in place of one that is there: seal
    /// again when frames came late. After a crash there is the new file or what was before.
    ///
    /// Copied are, between the reader's place and `until`, the frames and marks inside the parts
    /// and the dropped ranges that meet them, in the order of the log and not of their numbers, and the clock anchors
    /// and infos of the parts' streams; without parts, everything but custody. `preface` (see
    /// [`crate::Spool::preface`]) goes before them. Release the log's part only afterwards: what is
    /// not there any more is passed over.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::BadTalkId`]; [`StoreError::BadAudio`] where the log
    /// is not durable up to `until`.
    pub fn seal(
        &self,
        id: &str,
        log: &mut Reader,
        until: Position,
        parts: &[TalkPart],
        preface: &[Record<'_>],
    ) -> Result<Sealed> {
        let path = self.path(id)?;
        if log.durable().is_some_and(|durable| durable < until) {
            return Err(StoreError::BadAudio {
                reason: "the conversation's end is not synced yet",
            });
        }
        let before = log.damage();
        let mut file = WholeFile::create(&*self.disk, &path).map_err(|e| failed(&e))?;
        wire::put_header(file.buffer(), 0, self.disk.now_ms());
        let mut sealed = Sealed::default();
        for record in preface {
            sealed.add(&mut file, record)?;
        }
        while log.position() < until {
            let Some((record, end)) = log.next_with_end()? else { break };
            if end > until {
                break;
            }
            if let Some(record) = chosen(record, parts) {
                sealed.add(&mut file, &record)?;
            }
        }
        sealed.bytes = file.length();
        sealed.damage = log.damage().since(before);
        file.finish().map_err(|e| failed(&e))?;
        Ok(sealed)
    }
}

impl Sealed {
    fn add(&mut self, file: &mut WholeFile<'_>, record: &Record<'_>) -> Result<()> {
        let offset = u32::try_from(file.length()).ok();
        let Some(offset) = offset.filter(|o| o.checked_add(MAX_RECORD as u32).is_some()) else {
            return Err(StoreError::BadAudio { reason: "the conversation is too long" });
        };
        let at = Position { segment: 0, offset };
        wire::put(file.buffer(), at, record.kind(), |out| record.put(out));
        file.spill().map_err(|e| failed(&e))?;
        self.records += 1;
        self.frames += u64::from(matches!(record, Record::Frame(_)));
        Ok(())
    }
}

/// The record as far as it belongs to the parts.
fn chosen<'a>(record: Record<'a>, parts: &[TalkPart]) -> Option<Record<'a>> {
    if parts.is_empty() {
        return Some(record).filter(|r| !matches!(r, Record::Custody { .. }));
    }
    let has = |stream, seq, ms| parts.iter().any(|p| p.stream == stream && p.within.has(seq, ms));
    match &record {
        Record::Frame(f) => has(f.stream, f.seq, f.captured_ms).then_some(record),
        Record::Mark(m) => has(m.stream, m.seq, m.captured_ms).then_some(record),
        Record::Anchor { stream, .. } | Record::StreamInfo { stream, .. } => {
            parts.iter().any(|p| p.stream == *stream).then_some(record)
        }
        Record::Dropped { stream, range } => {
            let mut inside = parts.iter().filter(|p| p.stream == *stream).map(|p| &p.within);
            inside.any(|w| w.meets(range)).then_some(record)
        }
        Record::Custody { .. } => None,
    }
}

impl Within {
    fn has(&self, seq: u32, captured_ms: u32) -> bool {
        match self {
            Self::Seqs(range) => range.contains(&seq),
            Self::CapturedMs(range) => range.contains(&captured_ms),
        }
    }

    /// Whether dropped frames may be inside; their times are not known.
    fn meets(&self, dropped: &Range<u32>) -> bool {
        match self {
            Self::Seqs(range) => dropped.start < range.end && range.start < dropped.end,
            Self::CapturedMs(_) => true,
        }
    }
}
