//! The audio log: one badge's frames in, the same frames out, on the disk of the machine.
//!
//! `cargo bench -p confee-store --bench audio`; the day's memory and time are printed by divan's
//! allocation counts.

#![allow(clippy::unwrap_used, missing_docs, reason = "a bench has nobody to report to")]

use std::path::Path;
use std::sync::{Arc, OnceLock};

use confee_domain::{AudioFrame, Codec, StreamId};
use confee_store::{Position, RealDisk, Record, Spool, SpoolOptions};
use divan::counter::{BytesCount, ItemsCount};
use divan::{AllocProfiler, Bencher};
use tempfile::TempDir;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

/// One second of audio; how often the phone syncs.
const SECOND: u32 = 50;
const RUN: u32 = 100_000;
/// Eight hours.
const DAY: u32 = 8 * 3600 * SECOND;
/// A frame of Opus at 24 kbit/s.
static SOUND: [u8; 60] = [0x5A; 60];

fn main() {
    divan::main();
}

fn frame(seq: u32) -> Record<'static> {
    let (stream, captured_ms) = (StreamId(1), seq.wrapping_mul(20));
    Record::Frame(AudioFrame { stream, seq, captured_ms, codec: Codec::OPUS_MONO, payload: &SOUND })
}

fn open(folder: &Path) -> Spool {
    Spool::open(folder, SpoolOptions::default(), Arc::new(RealDisk)).unwrap().0
}

fn append(spool: &mut Spool, frames: std::ops::Range<u32>, sync_every: u32) {
    for seq in frames {
        spool.append(&frame(seq)).unwrap();
        if seq % sync_every == sync_every - 1 {
            spool.sync().unwrap();
        }
    }
    spool.sync().unwrap();
}

fn day() -> &'static Path {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        append(&mut open(dir.path()), 0..DAY, DAY);
        dir
    });
    folder.path()
}

fn read(spool: &Spool) -> u32 {
    let mut reader = spool.reader(Position::START);
    let mut count = 0;
    while let Some(record) = reader.next().unwrap() {
        divan::black_box(&record);
        count += 1;
    }
    count
}

/// Appending alone: one sync for each segment, when it is full.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn append_100k_frames(bencher: Bencher<'_, '_>) {
    bencher
        .counter(ItemsCount::new(RUN))
        .counter(BytesCount::new(u64::from(RUN) * SOUND.len() as u64))
        .with_inputs(|| tempfile::tempdir().unwrap())
        .bench_local_refs(|dir| append(&mut open(dir.path()), 0..RUN, RUN));
}

/// Ten minutes of one badge with a sync each second.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn append_10_minutes_synced_each_second(bencher: Bencher<'_, '_>) {
    bencher
        .counter(ItemsCount::new(600 * SECOND))
        .with_inputs(|| tempfile::tempdir().unwrap())
        .bench_local_refs(|dir| append(&mut open(dir.path()), 0..600 * SECOND, SECOND));
}

/// One second into a log that is warm: what a record allocates.
#[divan::bench(sample_count = 100, sample_size = 1)]
fn append_one_second_warm(bencher: Bencher<'_, '_>) {
    let dir = tempfile::tempdir().unwrap();
    let mut spool = open(dir.path());
    let mut next = 0;
    bencher.counter(ItemsCount::new(SECOND)).bench_local(|| {
        append(&mut spool, next..next + SECOND, SECOND);
        next += SECOND;
    });
}

/// What eight hours take in memory.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn append_a_day(bencher: Bencher<'_, '_>) {
    bencher
        .counter(ItemsCount::new(DAY))
        .with_inputs(|| tempfile::tempdir().unwrap())
        .bench_local_refs(|dir| append(&mut open(dir.path()), 0..DAY, DAY));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn read_a_day(bencher: Bencher<'_, '_>) {
    let spool = open(day());
    bencher.counter(ItemsCount::new(DAY)).bench_local(|| assert_eq!(read(&spool), DAY));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn open_a_day(bencher: Bencher<'_, '_>) {
    let folder = day();
    bencher.counter(ItemsCount::new(DAY)).bench_local(|| open(folder));
}
