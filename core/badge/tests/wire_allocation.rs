//! Live audio goes through the assembler fifty times a second, for a day: nothing is allocated.

use confee_badge::confee::{Assembler, FrameOut, fragment};
use confee_domain::Codec;

fn notifications(seq: u32, mtu: u16) -> Vec<Vec<u8>> {
    let payload: Vec<u8> = (0..160).map(|i| i ^ seq as u8).collect();
    let codec = Codec::OPUS_MONO;
    let frame = FrameOut { session: 9, seq, captured_ms: seq * 20, codec, payload: &payload };
    let mut out = Vec::new();
    let cut = |index| fragment(&frame, mtu, index, &mut out).expect("fits").then(|| out.clone());
    (0..=127).map_while(cut).collect()
}

#[test]
fn the_assembler_allocates_nothing_after_new() {
    let mut air: Vec<Vec<u8>> = (0..200).flat_map(|seq| notifications(seq, 40)).collect();
    for pair in air.chunks_exact_mut(2).step_by(3) {
        pair.reverse();
    }
    air.retain(|part| part.last() != Some(&77));
    air.push(vec![0x10, 0]);
    let mut assembler = Assembler::new();
    let mut bytes = 0;
    let counted = allocation_counter::measure(|| {
        for part in &air {
            if let Ok(Some(frame)) = assembler.push(part) {
                bytes += frame.payload.len();
            }
        }
        assembler.expire();
    });
    assert!(bytes > 100 * 160 && bytes < 200 * 160 && assembler.incomplete() > 0);
    assert_eq!(counted.count_total, 0);
    assert_eq!(counted.bytes_total, 0);
    let control = allocation_counter::measure(|| drop(Assembler::new()));
    assert!(control.count_total > 0, "allocations are counted");
}
