use std::path::Path;
use std::sync::Arc;

use confee_domain::{AudioFrame, Codec, Mark, MarkKind, StreamId};
use confee_store::{Disk, Reader, Record, Recovered, Spool, SpoolOptions};

pub(crate) const FOLDER: &str = "audio/spool";

/// Sound of the tests.
static SOUND: [u8; 512] = {
    let mut bytes = [0; 512];
    let mut i = 0;
    while i < bytes.len() {
        bytes[i] = (i * 7 + i / 256 + 1) as u8;
        i += 1;
    }
    bytes
};

pub(crate) fn frame(stream: u64, seq: u32) -> Record<'static> {
    let start = (seq as usize * 3 + stream as usize) % 200;
    let payload = &SOUND[start..start + 20 + seq as usize % 60];
    let stream = StreamId(stream);
    let captured_ms = seq.wrapping_mul(20);
    Record::Frame(AudioFrame { stream, seq, captured_ms, codec: Codec::OPUS_MONO, payload })
}

pub(crate) fn mark(stream: u64, seq: u32, kind: MarkKind) -> Record<'static> {
    let stream = StreamId(stream);
    Record::Mark(Mark { stream, seq, captured_ms: seq.wrapping_mul(20), kind })
}

pub(crate) fn anchor(stream: u64, badge_ms: u32) -> Record<'static> {
    let unix_ms = 1_780_000_000_000 + i64::from(badge_ms);
    Record::Anchor { stream: StreamId(stream), badge_ms, unix_ms }
}

/// Segments of few records.
pub(crate) fn small() -> SpoolOptions {
    SpoolOptions { segment_bytes: 400, ..SpoolOptions::default() }
}

pub(crate) fn open(disk: &(impl Disk + Clone + 'static)) -> (Spool, Recovered) {
    try_open(disk).unwrap()
}

pub(crate) fn try_open(
    disk: &(impl Disk + Clone + 'static),
) -> confee_store::Result<(Spool, Recovered)> {
    Spool::open(Path::new(FOLDER), small(), Arc::new(disk.clone()))
}

pub(crate) fn append_all(spool: &mut Spool, records: &[Record<'_>]) {
    for record in records {
        spool.append(record).unwrap();
    }
}

/// Everything up to the end, with frames that are not the tests' own refused.
pub(crate) fn read_all(reader: &mut Reader) -> Vec<Record<'static>> {
    let mut all = Vec::new();
    while let Some(record) = reader.next().unwrap() {
        all.push(owned(&record));
    }
    all
}

/// The record from the tests' own sound; a panic where it says anything else.
pub(crate) fn owned(record: &Record<'_>) -> Record<'static> {
    let own = match record {
        Record::Frame(f) => frame(f.stream.0, f.seq),
        Record::Mark(m) => Record::Mark(*m),
        Record::Anchor { stream, badge_ms, unix_ms } => {
            Record::Anchor { stream: *stream, badge_ms: *badge_ms, unix_ms: *unix_ms }
        }
        Record::Custody { ring, advanced_to } => {
            Record::Custody { ring: *ring, advanced_to: *advanced_to }
        }
        Record::StreamInfo { stream, badge } => {
            Record::StreamInfo { stream: *stream, badge: *badge }
        }
        Record::Dropped { stream, range } => {
            Record::Dropped { stream: *stream, range: range.clone() }
        }
    };
    assert_eq!(own, *record);
    own
}
