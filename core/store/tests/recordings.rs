//! Conversations cut from a badge's audio.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use confee_domain::{AudioFacts, Recording, RecordingState, StreamId};
use confee_store::{Store, StoreError};

const STREAM: StreamId = StreamId(u64::MAX - 1);

fn recording(first_seq: u32, end_seq: u32) -> Recording {
    Recording {
        id: format!("r{first_seq}"),
        stream: STREAM,
        first_seq,
        end_seq,
        started_at_ms: None,
        duration_ms: u64::from(end_seq - first_seq) * 20,
        marked: false,
        audio: AudioFacts::default(),
        state: RecordingState::Waiting,
    }
}

#[test]
fn a_cut_is_kept_and_says_how_far_the_stream_is_cut() {
    let store = Store::in_memory().unwrap();
    assert_eq!(store.cut_until(STREAM).unwrap(), 0);
    store.save_recording(&recording(900, 1000)).unwrap();
    store.save_recording(&recording(10, 500)).unwrap();
    assert_eq!(store.cut_until(STREAM).unwrap(), 1000);
    assert_eq!(store.cut_until(StreamId(3)).unwrap(), 0);
    let waiting = store.recordings(RecordingState::Waiting).unwrap();
    assert_eq!(waiting, [recording(10, 500), recording(900, 1000)]);
    assert_eq!(store.recording("r10").unwrap(), Some(recording(10, 500)));
    assert_eq!(store.recording("r11").unwrap(), None);
}

#[test]
fn what_was_read_or_erased_is_not_cut_again() {
    let store = Store::in_memory().unwrap();
    store.save_recording(&recording(10, 500)).unwrap();
    let longer = Recording { end_seq: 600, marked: true, ..recording(10, 500) };
    store.save_recording(&longer).unwrap();
    assert_eq!(store.recording("r10").unwrap(), Some(longer.clone()));
    store.set_recording_state("r10", RecordingState::Read).unwrap();
    store.save_recording(&recording(10, 700)).unwrap();
    let read = Recording { state: RecordingState::Read, ..longer };
    assert_eq!(store.recording("r10").unwrap(), Some(read));
    store.set_recording_state("r10", RecordingState::Erased).unwrap();
    store.set_recording_state("r10", RecordingState::Waiting).unwrap();
    assert_eq!(store.recordings(RecordingState::Waiting).unwrap(), []);
    let missing = store.set_recording_state("r11", RecordingState::Read);
    assert!(matches!(missing, Err(StoreError::NotFound { .. })));
}
