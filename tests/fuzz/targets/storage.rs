#![no_main]
//! Storage packets, and their bytes as records: nothing is longer than what it came from.

use confee_badge::confee::{MAX_FRAME, MAX_SEQ, StoragePacket, StoredRecord, records};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(packet) = StoragePacket::parse(bytes) {
        assert_eq!(StoragePacket::parse(&packet.encode()), Ok(packet));
    }
    let (mut again, mut exact) = (Vec::new(), true);
    for record in records(bytes) {
        let Ok(record) = record else { return };
        match record {
            StoredRecord::Frame { seq, payload, .. } => {
                assert!(seq <= MAX_SEQ && (1..=MAX_FRAME).contains(&payload.len()));
            }
            StoredRecord::Unknown { .. } | StoredRecord::Damaged { .. } => exact = false,
            StoredRecord::Mark { .. } | StoredRecord::Clock { .. } => {}
        }
        record.encode_into(&mut again);
    }
    if exact {
        let found: Vec<_> = records(bytes).collect();
        assert_eq!(records(&again).collect::<Vec<_>>(), found);
    }
});
