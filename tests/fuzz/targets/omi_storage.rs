#![no_main]
//! The store of an Omi device, both sides: notices, commands, the status and a record.

use confee_badge::omi::{Command, Notice, RECORD_BYTES, Record, StorageStatus};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(notice) = Notice::parse(bytes) {
        let mut value = Vec::new();
        notice.encode(&mut value);
        assert_eq!(Notice::parse(&value), Ok(notice));
    }
    if let Ok(command) = Command::parse(bytes) {
        assert_eq!(Command::parse(&command.encode()), Ok(command));
    }
    if let Ok(status) = StorageStatus::parse(bytes) {
        assert_eq!(StorageStatus::parse(&status.encode()), Ok(status));
    }
    let mut whole = [0; RECORD_BYTES];
    let length = bytes.len().min(RECORD_BYTES);
    whole[..length].copy_from_slice(&bytes[..length]);
    let record = Record::parse(&whole).expect("as long as a record");
    assert!(record.frames().flatten().map(|f| f.len() + 1).sum::<usize>() <= RECORD_BYTES);
});
