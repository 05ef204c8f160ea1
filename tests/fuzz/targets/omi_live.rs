#![no_main]
//! Live audio of an Omi device: an MTU, then notifications, each behind a byte with its length.
//! The length 255 stands for a pause.

use confee_badge::omi::{LiveAssembler, LivePacket, MAX_FRAME};
use libfuzzer_sys::fuzz_target;

const PAUSE: u8 = 255;

fuzz_target!(|bytes: &[u8]| {
    let Some((&[low, high], mut rest)) = bytes.split_first_chunk() else { return };
    let (mtu, mut assembler) = (u16::from_le_bytes([low, high]), LiveAssembler::new());
    let (mut came, mut given) = (0, 0);
    while let Some((&length, after)) = rest.split_first() {
        rest = after;
        if length == PAUSE {
            assembler.flush(&mut |_, frame| given += frame.map_or(0, |f| f.payload.len()));
            continue;
        }
        let (notification, after) = rest.split_at(rest.len().min(length.into()));
        rest = after;
        let Ok(packet) = LivePacket::parse(notification) else { continue };
        came += packet.payload.len();
        assembler.push(&packet, mtu, u64::from(mtu), &mut |_, frame| {
            let length = frame.map_or(0, |f| f.payload.len());
            assert!(length <= MAX_FRAME);
            given += length;
        });
        assert!(given <= came, "more than came");
    }
});
