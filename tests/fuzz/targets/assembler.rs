#![no_main]
//! Live audio: notifications one after the other, each behind a byte with its length. The length
//! 255 stands for a pause.

use std::collections::BTreeMap;

use confee_badge::confee::{Assembler, Fragment, MAX_FRAME};
use libfuzzer_sys::fuzz_target;

const PAUSE: u8 = 255;

fuzz_target!(|bytes: &[u8]| {
    let (mut rest, mut assembler) = (bytes, Assembler::new());
    let mut payloads: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    while let Some((&length, after)) = rest.split_first() {
        rest = after;
        if length == PAUSE {
            assembler.expire();
            continue;
        }
        let (notification, after) = rest.split_at(rest.len().min(length.into()));
        rest = after;
        if let Ok(f) = Fragment::parse(notification) {
            *payloads.entry((f.session, f.seq)).or_default() += f.payload.len();
        }
        if let Ok(Some(frame)) = assembler.push(notification) {
            assert!((1..=MAX_FRAME).contains(&frame.payload.len()));
            let came = payloads.get(&(frame.session, frame.seq)).copied().unwrap_or_default();
            assert!(frame.payload.len() <= came, "more than came");
        }
    }
});
